"""Cash beside the sales: paid ins, paid outs, cash drops and what was brought to the bank."""

import datetime as dt
import random
from collections.abc import Iterable

from msgspec import UNSET

from adapters.pos.tray.simulator import money
from adapters.pos.tray.simulator.rows import Check, Deposit, PaidInOut
from adapters.pos.tray.simulator.ticket import Shop
from adapters.pos.tray.simulator.wall import utc_text

LATEST_DEPOSIT_DAYS = 3  # no generated deposit is entered later than on the third day after its own
_IN = (("Change fund", True), ("Vendor refund", True), ("Coupon booklet (card)", False))
_OUT = (("Ice", True), ("Window cleaning", True), ("Petty cash", True), ("Flowers (company card)", False))


def cash_of(checks: Iterable[Check]) -> int:
    """Sum the cash of tickets in cents, tips and gratuities included."""
    return sum(
        money.cents(payment.amount) + money.cents(payment.tip) + money.cents(payment.gratuity or "0")
        for check in checks
        for payment in check.payments
        if payment.void is None and payment.tender == "Cash"
    )


def draw_paid_in_out(shop: Shop, date: dt.date) -> list[PaidInOut]:
    """Draw the paid ins and paid outs of a business date."""
    rng = random.Random(f"{shop.settings.seed}:{shop.venue.id}:{date}:paid")
    drawn: list[tuple[str, str, bool, int, bool]] = []
    for kind, names in (("in", _IN), ("out", _OUT)):
        for _ in range(rng.choice((0, 1, 1, 2))):
            name, affects_cash = rng.choice(names)
            drawn.append((kind, name, affects_cash, rng.randint(500, 6_000), False))
    if rng.random() < 0.6:
        drawn.append(("out", "Charge tips", True, rng.randint(2_000, 15_000), True))
    opening = shop.wall.instant(date, 480)
    entries = []
    for index, (kind, name, affects_cash, cents, tips) in enumerate(drawn, start=1):
        at = opening + 60 * rng.randint(0, 780)
        entries.append(
            PaidInOut(
                id=f"{shop.venue.id}-{date:%y%m%d}-X{index:02d}",
                type=kind,
                name=name,
                amount=money.text(cents),
                affects_cash=affects_cash,
                at=utc_text(at),
                at_local=shop.wall.local_text(at),
                business_date=date.isoformat(),
                zone=shop.wall.zone,
                by=rng.choice(shop.managers),
                notes=rng.choice((None, "receipt in the drawer")),
                purpose="tips" if tips else UNSET,
            )
        )
    return entries


def draw_deposits(shop: Shop, date: dt.date, expected: int) -> list[Deposit]:
    """Draw the deposits of ``expected`` cents: a drop in the afternoon, the rest some mornings later."""
    rng = random.Random(f"{shop.settings.seed}:{shop.venue.id}:{date}:deposits")
    total = max(0, expected + rng.choice((0, 0, 0, -25, 150, -640, 1)))
    drop = total // 3 if rng.random() < 0.4 else 0
    late = rng.choice((1, 1, 1, 1, 2, LATEST_DEPOSIT_DAYS))
    forgotten = rng.random() < 0.05
    planned = [(date, 930, drop)] if drop else []
    if not forgotten and total > drop:
        planned.append((date + dt.timedelta(days=late), 570, total - drop))
    deposits = []
    for index, (day, minute, cents) in enumerate(planned, start=1):
        created = shop.wall.instant(day, minute) + 60 * rng.randint(0, 50)
        closed = None if rng.random() < 0.2 else created + 1_800
        deposits.append(
            Deposit(
                id=f"{shop.venue.id}-{date:%y%m%d}-B{index:02d}",
                number=f"{date:%m%d}{index:02d}",
                amount=money.text(cents),
                business_date=date.isoformat(),
                created_at=utc_text(created),
                created_at_local=shop.wall.local_text(created),
                zone=shop.wall.zone,
                closed_at=None if closed is None else utc_text(closed),
                closed_at_local=None if closed is None else shop.wall.local_text(closed),
                by=rng.choice(shop.managers),
            )
        )
    return deposits
