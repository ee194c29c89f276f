"""Lines that change hands: a check that is split in two, an item that is transferred to another check."""

import datetime as dt

from adapters.pos.tray.simulator import money
from adapters.pos.tray.simulator.desk import Desk
from adapters.pos.tray.simulator.rows import Check, Item, Payment
from adapters.pos.tray.simulator.shelf import Book, line_cents

_PREFIX = "Transferred - "


def hand_over(desk: Desk, book: Book, date: dt.date, *, split: bool) -> str | None:
    """Move a line with its modifiers, its taxes and the money for it; the identity holds on both checks afterwards.

    Args:
        desk: where the change is made.
        book: the venue's file.
        date: the business date.
        split: to a new check of the same table; else to another check, with the prefix of a transfer.

    Returns:
        the id of the check that received the line; None where no check can give one away.
    """
    day = book.day(date)
    sources = [check for check in map(day.check, desk.check_ids()) if _movable(check)]
    if not sources:
        return None
    source = desk.rng.choice(sources)
    targets = [] if split else [check for check in sources if check.id != source.id]
    if not split and not targets:
        return None
    target = _second_half(source) if split else desk.rng.choice(targets)
    lines = _group(source)
    tax = sum(money.cents(entry.amount) for line in lines for entry in line.taxes)
    inside = sum(money.cents(entry.amount) for line in lines for entry in line.taxes if entry.inclusive)
    due = sum(line_cents(line.quantity, line.price) for line in lines) + tax - inside
    source.items = [item for item in source.items if item not in lines]
    _add(source, -tax, -due)
    names = {line.id: f"{target.id}-h{len(target.items) + index}" for index, line in enumerate(lines, start=1)}
    for line in lines:
        line.parent_id = names.get(line.parent_id or "")
        line.id = names[line.id]
        line.name = line.name if split or line.parent_id else f"{_PREFIX}{line.name}"
        target.items.append(line)
    _add(target, tax, due)
    desk.keep(source)
    desk.keep(target)
    return target.id


def _movable(check: Check) -> bool:
    """Say whether a check without discounts and voids has a line to give away, and one payment that covers it."""
    plain = not check.discounts and all(item.void is None for item in check.items) and len(check.payments) == 1
    roots = [item for item in check.items if item.parent_id is None]
    return (
        plain
        and len(roots) > 1
        and all(line_cents(item.quantity, item.price) > 0 for item in roots)
        and bool(check.items[-1].taxes)
    )


def _group(check: Check) -> list[Item]:
    root = [item for item in check.items if item.parent_id is None][-1]
    return [item for item in check.items if root.id in (item.id, item.parent_id)]


def _second_half(source: Check) -> Check:
    return Check(
        id=f"{source.id}-S",
        number=f"{source.number}-2",
        opened_at=source.opened_at,
        opened_at_local=source.opened_at_local,
        zone=source.zone,
        business_date=source.business_date,
        closed_at=source.closed_at,
        closed_at_local=source.closed_at_local,
        service_type=source.service_type,
        revenue_center=source.revenue_center,
        server=source.server,
        guests=0,
        payments=[Payment(id=f"{source.id}-S-p1", tender=source.payments[0].tender, amount="0.00")],
    )


def _add(check: Check, tax: int, due: int) -> None:
    check.tax_total = money.text(money.cents(check.tax_total) + tax)
    payment = check.payments[0]
    payment.amount = money.text(money.cents(payment.amount) + due)
