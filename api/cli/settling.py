"""Commands that say where a day stands: complete, approve, reopen."""

from typing import Annotated, Any

import typer

from api import days
from api.cli.options import AsJson, Client, Date, Location, intent_of, opened_for
from api.cli.saying import show, show_json
from domain.commands.settle_day import Settled, State
from domain.identifiers import DayId
from projections.catching_up import catch_up

Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, which is kept with the decision.")]


def complete(location: Location, date: Date, why: Why, client: Client = None, as_json: AsJson = False) -> None:
    """Call a day complete, and say why."""
    _settle(location, date, "completed", why, client, as_json=as_json)


def approve(location: Location, date: Date, why: Why, client: Client = None, as_json: AsJson = False) -> None:
    """Approve a completed day as it stands: from then on no poll changes it until it is reopened."""
    _settle(location, date, "approved", why, client, as_json=as_json)


def reopen(location: Location, date: Date, why: Why, client: Client = None, as_json: AsJson = False) -> None:
    """Take a day's completion or approval back, and say why."""
    _settle(location, date, "in progress", why, client, as_json=as_json)


def _settle(location: str, date: str, state: State, why: str, client: str | None, *, as_json: bool) -> None:
    reason = days.checked_reason(why)
    with opened_for(client) as opened:
        day = days.day_id(opened.settings.client, location, date)
        settled = days.settle(opened, day, state, intent_of(opened, reason))
        catch_up(opened.engine, opened.journal)
    if as_json:
        show_json(plain_settled(day, settled))
    elif settled.receipt is None:
        show(f"{day.location} {day.date}: {settled.day.state} already; nothing is recorded.")
    else:
        show(f"{day.location} {day.date}: {settled.day.state} at generation {settled.day.generation}.")


def plain_settled(day: DayId, settled: Settled) -> dict[str, Any]:
    """What came of it, for other programs."""
    receipt = settled.receipt
    return {
        "location": day.location,
        "date": day.date.isoformat(),
        "state": settled.day.state,
        "generation": settled.day.generation,
        "version": settled.day.version,
        "changed": receipt is not None,
        "position": None if receipt is None else receipt.position,
        "recorded_at": None if receipt is None else receipt.recorded_at.isoformat().replace("+00:00", "Z"),
    }
