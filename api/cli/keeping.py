"""Commands that keep days: delete, confirm-closed, and due, which shows what is to be polled."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Annotated, Final

import typer

from api import days
from api.cli.options import AsJson, Client, Date, Location, among_of, intent_of, opened_for
from api.cli.saying import show, show_json
from api.cli.settling import plain_settled
from api.lives import plain_renewals
from api.plain import plain_due
from api.work.asking import found
from api.work.pulling import plain_pulls
from domain.commands.settle_day import Settled
from domain.due import Due
from domain.identifiers import plain
from projections.catching_up import catch_up

Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, which is kept with it.")]

MOST_SHOWN: Final = 200
"""Days that ``due`` prints; all of them are counted, and ``--json`` has them all."""


def delete(location: Location, date: Date, why: Why, client: Client = None, as_json: AsJson = False) -> None:
    """Delete a day's summary: it keeps its history, is missing, and is polled again by the worker."""
    _keep(location, date, why, client, days.delete, "deleted; it is missing until it is polled again", as_json=as_json)


def confirm_closed(location: Location, date: Date, why: Why, client: Client = None, as_json: AsJson = False) -> None:
    """Confirm that the place was closed on a day without sales, so that it is not polled again for that."""
    _keep(location, date, why, client, days.confirm, "confirmed as closed", as_json=as_json)


def _keep(
    location: str, date: str, why: str, client: str | None, keep: Callable[..., Settled], done: str, *, as_json: bool
) -> None:
    reason = days.checked_reason(why)
    with opened_for(client, reads_views=True) as opened:
        day = days.day_id(opened.settings.client, location, date)
        kept = keep(opened, day, intent_of(opened, reason))
        catch_up(opened.engine, opened.journal)
    if as_json:
        show_json({**plain_settled(day, kept), "deleted": kept.day.deleted, "closed": kept.day.closed})
    elif kept.receipt is None:
        show(f"{day.location} {day.date}: so already; nothing is recorded.")
    else:
        show(f"{day.location} {day.date}: {done}.")


def due(
    location: Annotated[str | None, typer.Option("--location", metavar="ID", help="Only this location.")] = None,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Show what has to be polled now, what waits and until when, and why. Polls nothing: `daybook worker` does."""
    with opened_for(client, reads_views=True) as opened:
        where = None if location is None else plain(location, "location")
        now = opened.house.clock.now()
        among = among_of(opened)
        listed = list(found(opened, opened.settings.client, location=where, among=among))
        ending = plain_renewals(opened, opened.settings.client, now, among)
        waiting = plain_pulls(opened, opened.settings.client, now) if among is None else []
    if as_json:
        data = [plain_due(one, now) for one in listed]
        show_json({"now": now, "data": data, "renewals": ending, "pulls": waiting})
        return
    ready = sum(one.is_due(now) for one in listed)
    show(f"{ready} due now, {len(listed) - ready} waiting.")
    for line in _lines(listed, now):
        show(line)
    for one in ending:
        show(f"{'renew':<17}  {one['connection']}  {one['reason']}")
    for one in waiting:
        when = "now" if one["due"] else f"{one['not_before']:%Y-%m-%d %H:%M}Z"
        show(f"{when:<17}  {one['connection']}  pull: {one['reason']}")


def _lines(listed: list[Due], now: dt.datetime) -> Iterable[str]:
    for one in sorted(listed, key=lambda one: (not one.is_due(now), one.urgency))[:MOST_SHOWN]:
        when = "now"
        if not one.is_due(now):
            when = f"{one.not_before:%Y-%m-%d %H:%M}Z" if one.not_before else "no poll"
        reason = "".join(letter if letter.isprintable() else "?" for letter in one.reason)
        to_do = f" To do: {one.to_do}." if one.to_do else ""
        yield f"{when:<17}  {one.location} {one.date}  {reason} (since {one.since:%Y-%m-%d %H:%M}Z).{to_do}"
    if len(listed) > MOST_SHOWN:
        yield f"... and {len(listed) - MOST_SHOWN} more: --json has them all."
