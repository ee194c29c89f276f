"""What stands on some checks beside sales, tax and tip: other centers, surcharges, gift cards, automatic gratuities."""

import random

from adapters.pos.tray.simulator import money
from adapters.pos.tray.simulator.rows import Check, NonSale, Payment, Surcharge
from adapters.pos.tray.simulator.ticket import Shop

_CENTERS = ("Dining", "Bar", "Patio")
_SURCHARGES = ("Service Fee", "Delivery Fee", "Kitchen Appreciation")
_NON_SALES = (("Gift Card", 2_500), ("Gift Card", 5_000), ("Event Deposit", 10_000), ("Donation", 100))
_CARDS = frozenset({"Visa", "Mastercard", "Amex"})


def with_extras(shop: Shop, check: Check) -> Check:
    """Put what the settings want on a check; what it costs more is paid more, so that the money identity holds.

    Chance is drawn from the check's own id: with everything switched off a day is the same as it always was.
    """
    settings = shop.settings
    wanted = (settings.item_center_share, settings.surcharge_share, settings.non_sale_share, settings.gratuity_share)
    if not any(wanted):
        return check
    rng = random.Random(f"{settings.seed}:{check.id}:extras")
    if rng.random() < settings.item_center_share:
        _move_a_line(rng, check)
    paid = [payment for payment in check.payments if payment.void is None and money.cents(payment.amount) > 0]
    if not paid:
        return check
    if rng.random() < settings.surcharge_share:
        amount = rng.randint(50, 600)
        check.surcharges = [Surcharge(f"{check.id}-s1", rng.choice(_SURCHARGES), money.text(amount))]
        _pay(paid[0], amount)
    if rng.random() < settings.non_sale_share:
        (name, each), count = rng.choice(_NON_SALES), rng.choice((1, 1, 2))
        check.non_sales = [NonSale(f"{check.id}-n1", name, count, money.text(count * each))]
        _pay(paid[0], count * each)
    if paid[0].tender in _CARDS and rng.random() < settings.gratuity_share:
        paid[0].gratuity = money.text(money.share(money.cents(paid[0].amount), 18, 100))
    return check


def _move_a_line(rng: random.Random, check: Check) -> None:
    """A line and its modifiers were sold in another center than the check's."""
    root = rng.choice([item for item in check.items if item.parent_id is None])
    center = rng.choice([name for name in _CENTERS if name != check.revenue_center])
    for item in check.items:
        if root.id in (item.id, item.parent_id):
            item.revenue_center = center


def _pay(payment: Payment, more: int) -> None:
    payment.amount = money.text(money.cents(payment.amount) + more)
