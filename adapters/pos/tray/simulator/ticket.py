"""One ticket: what the guests ordered, what was taken off or voided, its taxes, and how it was paid."""

import random
from typing import NamedTuple

from msgspec import UNSET

from adapters.pos.tray.simulator import money
from adapters.pos.tray.simulator.menu import VOID_REASONS, Menu, Product, TaxRule
from adapters.pos.tray.simulator.people import Crew
from adapters.pos.tray.simulator.rows import Check, Discount, Item, ItemVoid, PairedVoid, Payment
from adapters.pos.tray.simulator.settings import TrayPosSettings, Venue
from adapters.pos.tray.simulator.wall import Wall, utc_text

_CARDS = ("Visa", "Visa", "Visa", "Mastercard", "Mastercard", "Amex")
_OPEN_REASONS = ("Manager - spill", "Birthday", "Long wait")
_PARTY_WITH_GRATUITY = 6
_WHOLE_VOID, _REFUND, _ITEM_VOID = 0.006, 0.016, 0.056  # upper ends of their parts of [0, 1)
_DISCOUNTED = 0.10


class Shop(NamedTuple):
    """What stays the same from day to day at a venue."""

    settings: TrayPosSettings
    venue: Venue
    wall: Wall
    menu: Menu
    crew: Crew
    servers: list[str]
    managers: list[str]


class Seat(NamedTuple):
    """The circumstances of a ticket, before anything is ordered."""

    check_id: str
    number: str
    opened: int
    closed: int
    business_date: str
    daypart: str
    service_type: str
    revenue_center: str
    server: str | None
    guests: int
    marketplace: bool = False
    shared: Product | None = None


class _Line:
    """A line while its ticket is being drawn: cents beside the row."""

    __slots__ = ("cents", "item", "off", "product", "quantity")

    def __init__(self, product: Product, quantity: int, item: Item) -> None:
        self.product = product
        self.quantity = quantity
        self.cents = money.line(quantity, product.price) if quantity != money.WHOLE else product.price
        self.item = item
        self.off = 0


class Waiter:
    """Draws tickets one after the other from one source of chance."""

    def __init__(self, rng: random.Random, shop: Shop) -> None:
        self._rng = rng
        self._shop = shop
        self._owed_differences = 0

    def check(self, seat: Seat) -> Check:
        """Draw the ticket of a seat; the contract's money identity holds on it."""
        rng = self._rng
        self._owed_differences += rng.random() < self._shop.settings.tax_difference_share
        lines = self._order(seat)
        fate = rng.random()
        if fate < _WHOLE_VOID:
            self._void(seat, lines)
        elif fate < _REFUND:
            lines = self._refund(lines)
        elif fate < _ITEM_VOID:
            chosen = lines[0].item.id
            self._void(seat, [line for line in lines if chosen in (line.item.id, line.item.parent_id)])
        live = [line for line in lines if line.item.void is None]
        discounts: list[Discount] = []
        if live and live[0].cents > 0 and rng.random() < _DISCOUNTED:
            discounts = self._discounts(seat, live)
        due = sum(line.cents - line.off for line in live)
        tax, exclusive, mpf = self._tax(live, marketplace=seat.marketplace)
        wall = self._shop.wall
        return Check(
            id=seat.check_id,
            number=seat.number,
            opened_at=utc_text(seat.opened),
            opened_at_local=wall.local_text(seat.opened),
            closed_at=utc_text(seat.closed),
            closed_at_local=wall.local_text(seat.closed),
            zone=wall.zone,
            business_date=seat.business_date,
            service_type=seat.service_type,
            revenue_center=seat.revenue_center,
            server=seat.server,
            guests=seat.guests,
            items=[line.item for line in lines],
            discounts=discounts,
            payments=self._payments(seat, lines, due + exclusive),
            tax_total=money.text(tax),
            mpf_tax=money.text(mpf) if seat.marketplace else UNSET,
        )

    def _order(self, seat: Seat) -> list[_Line]:
        rng, pool = self._rng, self._shop.menu.pools[seat.daypart]
        wanted = self._shop.settings.items or min(9, max(1, int(rng.gauss(seat.guests * 1.4, 1.2))))
        lines: list[_Line] = []
        if seat.shared is not None:
            self._add(lines, seat, seat.shared, money.WHOLE // 2, None)
        while len(lines) < wanted:
            product = pool[int(rng.random() * len(pool))]
            chance = rng.random()
            quantity = money.WHOLE if chance < 0.9 else 2 * money.WHOLE if chance < 0.98 else 3 * money.WHOLE
            self._add(lines, seat, product, quantity, None)
            if product.modifiers and chance < 0.45:
                parent = lines[-1].item.id
                for _ in range(min(1 + (chance < 0.1), wanted - len(lines))):
                    modifier = product.modifiers[int(rng.random() * len(product.modifiers))]
                    self._add(lines, seat, modifier, quantity, parent)
        if rng.random() < 0.01:
            lines[0].item.name = f"Transferred - {lines[0].item.name}"
        return lines

    def _add(self, lines: list[_Line], seat: Seat, product: Product, quantity: int, parent: str | None) -> None:
        # The contract allows integers beside strings: tickets with an even guest count use them for whole quantities.
        whole = quantity % money.WHOLE == 0 and seat.guests % 2 == 0
        item = Item(
            id=f"{seat.check_id}-i{len(lines) + 1}",
            name=product.name,
            price=product.price_text,
            quantity=quantity // money.WHOLE if whole else money.quantity_text(quantity),
            parent_id=parent,
            category=product.category,
        )
        lines.append(_Line(product, quantity, item))

    def _void(self, seat: Seat, lines: list[_Line]) -> None:
        rng = self._rng
        at = seat.opened + int(rng.random() * (seat.closed - seat.opened))
        reason, by = rng.choice(VOID_REASONS), rng.choice(self._shop.managers)
        for line in lines:
            line.item.void = ItemVoid(reason=reason, at=utc_text(at), at_local=self._shop.wall.local_text(at), by=by)

    def _refund(self, lines: list[_Line]) -> list[_Line]:
        kept = lines if self._shop.settings.items else lines[:1]
        for line in kept:
            line.quantity, line.cents = -line.quantity, -line.cents
            line.item.quantity = money.quantity_text(line.quantity)
        return kept

    def _discounts(self, seat: Seat, live: list[_Line]) -> list[Discount]:
        """Take something off: one line, a share of the whole ticket, an amount that a manager typed, or everything."""
        chance, total = self._rng.random(), sum(line.cents for line in live)
        discount = Discount(id=f"{seat.check_id}-d1", name="", amount="")
        if chance < 0.3:
            comped = chance < 0.15
            live[0].off = live[0].cents if comped else money.share(live[0].cents, 1, 2)
            discount.name, discount.item_id = (
                ("Comp Item", live[0].item.id) if comped else ("Employee Meal", live[0].item.id)
            )
            discount.type = "comp" if comped else "discount"
            discount.amount = money.text(live[0].off)
            return [discount]
        if chance < 0.65:
            off, discount.name, discount.type = money.share(total, 10, 100), "Happy Hour 10%", "promo"
        elif chance < 0.93:
            # Its type stays away: the contract says that a reader then takes it for a plain discount.
            off, discount.name, discount.custom_name = min(total, 500), "Open Discount", self._rng.choice(_OPEN_REASONS)
        else:
            off, discount.name, discount.type = total, "Manager Comp", "comp"
        discount.amount = money.text(off)
        self._spread(live, off, total)
        return [discount] if off else []

    @staticmethod
    def _spread(live: list[_Line], off: int, total: int) -> None:
        left = off
        for line in live:
            line.off = off * line.cents // total if total else 0
            left -= line.off
        for line in live:
            taken = min(left, line.cents - line.off)
            line.off += taken
            left -= taken

    def _tax(self, live: list[_Line], *, marketplace: bool) -> tuple[int, int, int]:
        """Put its taxes on each line; answer the check's tax, its part outside prices, and a marketplace's tax."""
        exclusive = inclusive = 0
        for line in live:
            taxes = line.product.taxes(line.cents - line.off)
            exclusive += taxes.exclusive
            inclusive += taxes.inclusive
            if not marketplace:
                line.item.taxes = taxes.taxes
        if marketplace:
            return 0, 0, exclusive
        if self._owed_differences > 0:
            whole = self._whole_check_tax(live)
            if whole != exclusive:
                self._owed_differences -= 1
                exclusive = whole
        return exclusive + inclusive, exclusive, 0

    @staticmethod
    def _whole_check_tax(live: list[_Line]) -> int:
        bases: dict[TaxRule, int] = {}
        for line in live:
            for rule in line.product.rules:
                if not rule.inclusive:
                    bases[rule] = bases.get(rule, 0) + line.cents - line.off
        return sum(money.share(base, rule.rate, money.RATE_UNIT) for rule, base in bases.items())

    def _payments(self, seat: Seat, lines: list[_Line], due: int) -> list[Payment]:
        payments = [
            Payment(id=f"{seat.check_id}-p{number}", tender=tender, amount=money.text(amount), tip=money.text(tip))
            for number, (tender, amount, tip) in enumerate(self._tenders(seat, due), start=1)
        ]
        for line in lines:
            if line.item.void is None or self._unpaired():
                continue
            pair = PairedVoid(item_id=line.item.id)
            number = len(payments) + 1
            payments.append(
                Payment(id=f"{seat.check_id}-p{number}", tender="Void", amount=money.text(line.cents), void=pair)
            )
        return payments

    def _unpaired(self) -> bool:
        share = self._shop.settings.unmatched_void_share
        return share > 0 and self._rng.random() < share

    def _tenders(self, seat: Seat, due: int) -> list[tuple[str, int, int]]:
        """Share what is due among tenders: name, amount and tip of each."""
        rng = self._rng
        if due == 0:
            return []
        if seat.marketplace:
            return [("DoorDash", due, 0)]
        chance = rng.random()
        if due < 0 or chance < 0.88:
            return [self._tender(seat, due)]
        if chance < 0.91:
            gift = min(due, 2500)
            return [("Gift Card", gift, 0), *([self._tender(seat, due - gift)] if due > gift else [])]
        parts = 2 if chance < 0.98 else 3
        each = due // parts
        shares = [each] * (parts - 1) + [due - each * (parts - 1)]
        return [self._tender(seat, part) for part in shares if part]

    def _tender(self, seat: Seat, amount: int) -> tuple[str, int, int]:
        rng = self._rng
        chance = rng.random()
        if chance < 0.26:
            return ("Cash", amount, 0)
        if chance < 0.28:
            return ("House Account", amount, 0)
        card = _CARDS[int(rng.random() * len(_CARDS))]
        if amount <= 0:
            return (card, amount, 0)
        percent = 18 if seat.guests >= _PARTY_WITH_GRATUITY else int(rng.random() * 26)
        return (card, amount, money.share(amount, percent, 100))
