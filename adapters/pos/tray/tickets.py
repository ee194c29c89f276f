"""Checks become tickets: lines, taxes and payments in our convention, voids paired, late ones left to their own day."""

import functools
from collections.abc import Iterable, Iterator

import msgspec

from adapters.pos.tray import wire
from adapters.pos.tray.conventions import Convention
from adapters.pos.tray.words import date, instant, listed_alone_from, maybe_cents, maybe_instant, milli, text
from domain.business_date import Window
from domain.money import cents, line
from domain.records import Discount, Item, NonSale, Payment, Surcharge, Tax, Ticket, VoidEntry, VoidMark

Voided = frozenset[tuple[str, str | None]]
"""Check and line of every void that the source posted on the check's own date; None stands for the whole check."""


def tickets_of(
    pages: Iterable[list[wire.Check]], window: Window, convention: Convention, voided: Voided
) -> Iterator[Ticket]:
    """Tickets one by one; only the page at hand is in memory."""
    read = _Reader(window, convention, voided).ticket
    for checks in pages:
        for check in checks:
            yield read(check)


class _Reader:
    """Reads checks of one day under one convention."""

    def __init__(self, window: Window, convention: Convention, voided: Voided) -> None:
        self._window = window
        self._voided = voided
        self._whole_lines = convention == "prices_are_for_the_line"
        self._nested = convention == "parents_include_modifiers"
        self._with_tips = convention == "payments_include_tips"

    def ticket(self, check: wire.Check) -> Ticket:
        late = {row.id for row in check.items if row.void is not None and self._is_late(check, row.id, row.void)}
        center = check.revenue_center or ""
        items = tuple([self._item(item, late, center) for item in check.items])
        if self._nested:
            items = _without_modifiers(items)
        voided = [item for item in items if item.void is not None or item.id in late]
        mpf_tax = check.mpf_tax
        return Ticket(
            check.id,
            check.number,
            date(check.business_date),
            instant(check.opened_at),
            maybe_instant(check.closed_at),
            check.service_type or "",
            center,
            check.server or "",
            check.guests,
            items,
            tuple([_discount(row) for row in check.discounts]) if check.discounts else (),
            tuple([self._payment(row) for row in check.payments if row.void is None]),
            _pairs(voided, check, late) if voided else (),
            stated_tax_cents=cents(check.tax_total),
            facilitator_tax_cents=cents(mpf_tax) if isinstance(mpf_tax, str) else 0,
            surcharges=tuple([_surcharge(row) for row in check.surcharges]) if check.surcharges else (),
            non_sales=tuple([_non_sale(row) for row in check.non_sales]) if check.non_sales else (),
        )

    def _is_late(self, check: wire.Check, row: str, void: wire.ItemVoid) -> bool:
        """The void counts on a later date: not listed on the check's own, which may have been over."""
        if (check.id, row) in self._voided or (check.id, None) in self._voided:
            return False
        return instant(void.at) >= listed_alone_from(date(check.business_date), self._window.zone)

    def _item(self, row: wire.Item, late: set[str], center: str) -> Item:
        price = cents(row.price)
        quantity = 1000 if row.quantity == 1 else milli(row.quantity)
        if self._whole_lines:
            amount = price if quantity >= 0 else -price
            price = _each(price, quantity)
        else:
            amount = price if quantity == 1000 else line(price, quantity)
        void = None
        if row.void is not None and row.id not in late:
            void = VoidMark(text(row.void.reason), instant(row.void.at), text(row.void.by))
        taxes: tuple[Tax, ...] = ()
        if row.taxes and void is None:  # a voided line owes no tax, whatever it carries
            if len(row.taxes) == 1:
                tax = row.taxes[0]
                taxes, inside = _only_tax(tax.name, tax.amount, tax.inclusive)
            else:
                taxes = tuple([_tax(tax.name, tax.amount, tax.inclusive) for tax in row.taxes])
                inside = sum([tax.amount_cents for tax in taxes if tax.inclusive])
            amount -= inside
        item = Item(row.id, row.name, row.category or "", amount, price, quantity, row.parent_id or "", taxes, void)
        if row.revenue_center and row.revenue_center != center:
            return msgspec.structs.replace(item, revenue_center=row.revenue_center)
        return item

    def _payment(self, row: wire.Payment) -> Payment:
        tip, gratuity = cents(row.tip), maybe_cents(row.gratuity)
        amount = cents(row.amount)
        return Payment(row.id, row.tender, amount - tip - gratuity if self._with_tips else amount, tip, gratuity)


# Frozen, and a day has few different ones: three quarters of a day's taxes need not be made again.
@functools.lru_cache(maxsize=32_768)
def _tax(name: str, amount: str, inclusive: bool) -> Tax:
    return Tax(name, cents(amount), inclusive)


@functools.lru_cache(maxsize=32_768)
def _only_tax(name: str, amount: str, inclusive: bool) -> tuple[tuple[Tax, ...], int]:
    """A line's only tax, as most lines have it, and what of it is inside the price."""
    tax = Tax(name, cents(amount), inclusive)
    return (tax,), tax.amount_cents if inclusive else 0


def _discount(row: wire.Discount) -> Discount:
    kind = row.type if isinstance(row.type, str) else "discount"
    return Discount(row.id, row.name, cents(row.amount), kind, text(row.custom_name), text(row.item_id))


def _surcharge(row: wire.Surcharge) -> Surcharge:
    return Surcharge(row.id, row.name, cents(row.amount))


def _non_sale(row: wire.NonSale) -> NonSale:
    return NonSale(row.id, row.name, cents(row.amount), milli(row.quantity))


def _without_modifiers(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Parents less what their modifiers state, so that each amount stands on one line only."""
    inside: dict[tuple[str, bool], int] = {}
    for item in items:
        if item.parent:
            key = (item.parent, item.void is None)
            inside[key] = inside.get(key, 0) + item.amount_cents
    return tuple([_less(item, inside.get((item.id, item.void is None), 0)) for item in items])


def _less(item: Item, inside: int) -> Item:
    if not inside:
        return item
    return msgspec.structs.replace(
        item,
        amount_cents=item.amount_cents - inside,
        price_cents=item.price_cents - _each(inside, item.quantity_milli),
    )


def _each(total: int, quantity_milli: int) -> int:
    """The price of one where a total is stated, rounded half-up; a line of no pieces keeps the total."""
    pieces = abs(quantity_milli)
    return (2000 * abs(total) + pieces) // (2 * pieces) if pieces else abs(total)


def _pairs(voided: list[Item], check: wire.Check, late: set[str]) -> tuple[VoidEntry, ...]:
    """An entry for every voided line, matched where a ``Void`` payment names the line, or else has its amount."""
    names = {item.id for item in check.items}
    named: dict[str, int] = {}
    loose: list[int] = []
    for row in check.payments:
        if row.void is not None:
            if row.void.item_id in names:
                named[row.void.item_id] = named.get(row.void.item_id, 0) + cents(row.amount)
            else:
                loose.append(cents(row.amount))
    entries = []
    for item in voided:
        # What the source states counts: a pair whose halves differ must not look balanced.
        amount = named.get(item.id)
        if amount is None and item.amount_cents in loose:
            loose.remove(item.amount_cents)
            amount = item.amount_cents
        matched = amount is not None
        entries.append(VoidEntry(item.id, item.amount_cents if amount is None else amount, matched, item.id in late))
    return tuple(entries)
