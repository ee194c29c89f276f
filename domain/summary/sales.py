"""Counting up the tickets of a day: what was sold where and when, taxes, discounts, and what the identity leaves."""

import datetime as dt
from collections.abc import Iterable
from typing import Final

from domain.business_date import zone
from domain.money import shown
from domain.polling.identity import UNEXPLAINED_RESIDUAL
from domain.summary.counting import UNNAMED, Named
from domain.summary.daypart import daypart_of
from domain.summary.issues import Issues
from domain.summary.lines import CategoryLine, CategoryServiceLine, DiscountLine, RefundLine, SalesLine
from domain.summary.sold import GivenBack, GivenDiscount, NamedAmount, Residual, SoldItem, SoldTicket
from domain.summary.tenders import Tenders

TicketSums = tuple[int, int, int, int, int]
"""Of one ticket in cents: gross, discounts, tax, tips with gratuities, adjustments; refunds are taken off."""

FACILITATOR_TAX: Final = "Marketplace facilitator tax"
"""The name that a marketplace's tax goes by; sources state the amount alone."""

VOID_PAIR_DIFFERENCE: Final = "void_pair_difference"
"""The cause where the two halves of a void differ: neither is a sale or a payment, so their difference is shown."""

UNBALANCED_TICKET: Final = "unbalanced_ticket"
"""The cause where a ticket as recorded does not balance, its adjustments counted."""

_MINUTE: Final = len("2026-11-21T22:10")

When = tuple[str, int]
"""The label and number of a local hour."""

Place = tuple[str, str, str, int]
"""Service type, revenue center, and the hour's label and number."""


class Sales:
    """Sums of the tickets of one day, kept as plain numbers.

    Attributes:
        tenders: what they were paid with.
        open_tickets: never closed.
        refunds: what refunds took from the gross sales, in cents.
    """

    def __init__(self, zone_name: str, issues: Issues) -> None:
        self._zone = zone(zone_name)
        self._issues = issues
        self._hours: dict[str, When] = {}  # by the minute, UTC
        self._places: dict[Place, list[int]] = {}  # gross, discounts, tickets, guests
        # Categories by service type, so that an item is looked up by one name only: quantity, gross.
        self._cross: dict[str, dict[str, list[int]]] = {}
        self._discounts: dict[tuple[str, str], list[int]] = {}
        self._listed_refunds: dict[tuple[str, bool], list[int]] = {}  # count, amount, tax
        self.tenders = Tenders()
        self.taxes = Named()
        self.facilitator_taxes = Named()
        self.surcharges = Named()
        self.non_sales = Named()
        self.voids = Named()
        self.adjustments = Named()
        self.open_tickets = 0
        self.refunds = 0

    def ticket(self, key: str, ticket: SoldTicket) -> TicketSums:
        """Count one ticket; answers its own sums."""
        instant = ticket.closed_at
        if not instant:
            instant = ticket.opened_at
            self.open_tickets += 1
            self._issues.add("open_ticket", f"Ticket {ticket.number} was never closed.", f"ticket/{key}")
        # A minute is enough to tell the hour, and a day has few: the cache makes a day cost as many look-ups.
        when = self._hours.get(instant[:_MINUTE] if instant[-1] == "Z" else instant) or self._hour(instant)
        gross = self._items(ticket, when)
        discounts = self._discounted(ticket.discounts) if ticket.discounts else 0
        paid, tips = self.tenders.taken(ticket.payments)
        tax = self._taxed(ticket.taxes)
        adjustments = self._adjusted(key, ticket) if ticket.adjustments else 0
        left = paid + discounts - gross - tax - adjustments
        if ticket.surcharges or ticket.non_sales or ticket.facilitator_tax_counts:
            left -= self._beside(ticket)
        if left:
            adjustments += self._left(key, ticket, left)
        sums = self._place(ticket.service_type, ticket.revenue_center, when)
        sums[0] += gross
        sums[1] += discounts
        sums[2] += 1
        sums[3] += ticket.guests
        for refund in ticket.refunds:
            gross_back, tax_back = self._refunded(refund, ticket, when)
            gross -= gross_back
            tax -= tax_back
        return gross, discounts, tax, tips, adjustments

    def _items(self, ticket: SoldTicket, when: When) -> int:
        gross = 0
        strays = []
        categories = self._cross.get(ticket.service_type)
        if categories is None:
            categories = self._cross[ticket.service_type] = {}
        for item in ticket.items:
            cents = item.amount_cents
            if item.void is not None:
                self.voids.add(item.void.reason, cents)
                continue
            gross += cents
            if cents < 0:  # a refund, whether its quantity or its price is negative
                self.refunds -= cents
            if item.revenue_center:
                strays.append(item)
            try:
                sums = categories[item.category]
            except KeyError:
                sums = categories[item.category] = [0, 0]
            sums[0] += item.quantity_milli
            sums[1] += cents
        if strays:
            self._move(ticket, strays, when)
        return gross

    def _move(self, ticket: SoldTicket, strays: Iterable[SoldItem], when: When) -> None:
        """Lines that were sold in another center than the ticket's count there, with the discounts given on them."""
        home = self._place(ticket.service_type, ticket.revenue_center, when)
        centers = {item.id: item.revenue_center for item in strays}
        moves = [(item.revenue_center, 0, item.amount_cents) for item in strays]
        moves += [(centers[off.item], 1, off.amount_cents) for off in ticket.discounts if off.item in centers]
        for center, which, cents in moves:
            home[which] -= cents
            self._place(ticket.service_type, center, when)[which] += cents

    def _discounted(self, discounts: Iterable[GivenDiscount]) -> int:
        whole = 0
        for discount in discounts:
            whole += discount.amount_cents
            sums = self._discounts.setdefault((discount.name or UNNAMED, discount.kind), [0, 0])
            sums[0] += 1
            sums[1] += discount.amount_cents
        return whole

    def _taxed(self, lines: Iterable[NamedAmount]) -> int:
        whole = 0
        taxes = self.taxes
        for tax in lines:
            cents = tax.amount_cents
            whole += cents
            try:
                sums = taxes[tax.name]
            except KeyError:
                sums = taxes.begin(tax.name)
            sums[0] += 1
            sums[1] += cents
        return whole

    def _beside(self, ticket: SoldTicket) -> int:
        """What is charged beside sales and tax. A marketplace's tax stands on both sides, so that it leaves nothing."""
        if ticket.facilitator_tax_counts:
            self.facilitator_taxes.add(FACILITATOR_TAX, ticket.facilitator_tax_cents)
        whole = 0
        for surcharge in ticket.surcharges:
            self.surcharges.add(surcharge.name, surcharge.amount_cents)
            whole += surcharge.amount_cents
        for sale in ticket.non_sales:
            self.non_sales.add(sale.name, sale.amount_cents)
            whole += sale.amount_cents
        return whole

    def _adjusted(self, key: str, ticket: SoldTicket) -> int:
        whole = 0
        for line in ticket.adjustments:
            whole += line.amount_cents
            self.adjustments.add(line.cause, line.amount_cents)
            if line.cause == UNEXPLAINED_RESIDUAL:
                # Where a file has sales and no payments, no ticket of a large day balances.
                message = "" if self._issues.full else _unexplained(ticket.number, line)
                self._issues.add("unexplained_residual", message, f"ticket/{key}")
        return whole

    def _left(self, key: str, ticket: SoldTicket, left: int) -> int:
        """What lies between the two sides of the ticket once its voids are out: shown, never lost in sales."""
        voided = sum([item.amount_cents for item in ticket.items if item.void is not None])
        paired = sum([void.amount_cents for void in ticket.voids if not void.late])
        if left == voided - paired:
            self.adjustments.add(VOID_PAIR_DIFFERENCE, left)
        else:
            self.adjustments.add(UNBALANCED_TICKET, left)
            message = f"Ticket {ticket.number} is recorded with sides that differ by {shown(left)}."
            self._issues.add(UNBALANCED_TICKET, message, f"ticket/{key}")
        return left

    def _refunded(self, refund: GivenBack, ticket: SoldTicket, when: When) -> tuple[int, int]:
        """Count a refund that is listed beside the lines; answers what it takes from gross sales and from tax."""
        sums = self._listed_refunds.setdefault((refund.name or UNNAMED, refund.in_details), [0, 0, 0])
        sums[0] += 1
        sums[1] += refund.amount_cents
        sums[2] += refund.tax_cents
        if refund.in_details:
            return 0, 0
        gross, tax = refund.amount_cents - refund.tax_cents, refund.tax_cents
        self.refunds += gross
        service_type = refund.service_type or ticket.service_type
        self._place(service_type, refund.revenue_center or ticket.revenue_center, when)[0] -= gross
        category = self._cross.setdefault(service_type, {}).setdefault(refund.category, [0, 0])
        category[0] -= refund.quantity_milli
        category[1] -= gross
        if tax:
            self.taxes.begin(refund.tax_name)[1] -= tax
        self.tenders.given_back(refund.tender, refund.drawer, refund.amount_cents)
        return gross, tax

    def _place(self, service_type: str, center: str, when: When) -> list[int]:
        place = (service_type, center, *when)
        return self._places.get(place) or self._places.setdefault(place, [0, 0, 0, 0])

    def _hour(self, instant: str) -> When:
        """The label and number of the local hour; of an hour that exists twice the second says so."""
        local = dt.datetime.fromisoformat(instant).astimezone(self._zone)
        known = (f"{local.hour:02d}:00{' (second)' if local.fold else ''}", local.hour)
        self._hours[instant[:_MINUTE] if instant[-1] == "Z" else instant] = known
        return known

    def note_unplaced(self) -> None:
        """Note sales that the source put nowhere."""
        unmapped = [sums for categories in self._cross.values() for name, sums in categories.items() if not name]
        if any(quantity or cents for quantity, cents in unmapped):
            total = shown(sum(cents for _, cents in unmapped))
            self._issues.add("unmapped_category", f"Items of {total} have no category.")
        nowhere = sum(sums[0] - sums[1] for (_, center, *_), sums in self._places.items() if not center)
        if nowhere and any(center for _, center, *_ in self._places):
            message = f"Sales of {shown(nowhere)} have no revenue center, and others have."
            self._issues.add("unassigned_revenue", message)

    def total(self, which: int) -> int:
        """Gross sales, discounts, tickets or guests of the day, by their place: 0 to 3."""
        return sum(sums[which] for sums in self._places.values())

    @property
    def by_category(self) -> tuple[CategoryLine, ...]:
        """Gross sales by category."""
        totals: dict[str, list[int]] = {}
        for line in self.by_category_and_service_type:
            sums = totals.setdefault(line.category, [0, 0])
            sums[0] += line.quantity_milli
            sums[1] += line.gross_cents
        return tuple([CategoryLine(name, *sums) for name, sums in sorted(totals.items())])

    @property
    def by_category_and_service_type(self) -> tuple[CategoryServiceLine, ...]:
        """Gross sales by category and service type."""
        totals: dict[tuple[str, str], list[int]] = {}
        for service_type, categories in self._cross.items():
            for category, (quantity, cents) in categories.items():
                if quantity or cents or category:
                    sums = totals.setdefault((category or UNNAMED, service_type or UNNAMED), [0, 0])
                    sums[0] += quantity
                    sums[1] += cents
        return tuple([CategoryServiceLine(*key, *sums) for key, sums in sorted(totals.items())])

    @property
    def discount_lines(self) -> tuple[DiscountLine, ...]:
        """Discounts, comps and promos by name."""
        return tuple([DiscountLine(*key, *sums) for key, sums in sorted(self._discounts.items())])

    @property
    def refund_lines(self) -> tuple[RefundLine, ...]:
        """Refunds that the source lists beside the lines, by name."""
        return tuple([RefundLine(*key, *sums) for key, sums in sorted(self._listed_refunds.items())])

    def lines(self, which: int) -> tuple[SalesLine, ...]:
        """Sales by one part of their place: 0 to 3; the hour as a number becomes its daypart."""
        totals: dict[str, list[int]] = {}
        for key, sums in self._places.items():
            part = key[which]
            name = daypart_of(part) if isinstance(part, int) else part or UNNAMED
            line = totals.setdefault(name, [0, 0, 0, 0])
            for index, number in enumerate(sums):
                line[index] += number
        return tuple(
            [
                SalesLine(name, tickets, guests, gross, discounts, gross - discounts)
                for name, (gross, discounts, tickets, guests) in sorted(totals.items())
            ]
        )


def _unexplained(number: str, line: Residual) -> str:
    return (
        f"Ticket {number} does not balance: sold {shown(line.credits_cents)}, settled {shown(line.debits_cents)}, "
        f"{shown(line.amount_cents)} unexplained."
    )
