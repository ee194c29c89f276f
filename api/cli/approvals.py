"""Commands about approved days: what came to light afterwards, and what was approved."""

from typing import Annotated, Any, Final

import typer

from api import days
from api.approvals import DOES_NOT_MATCH, plain_after_approval, plain_closing, plain_late_row
from api.cli.options import AsJson, Client, Date, Location, among_of, opened_for
from api.cli.reading_report import effect_lines
from api.cli.report import report
from api.cli.saying import remark, show, show_json
from api.texts import counted
from domain.commands.loading import NothingRecorded
from domain.identifiers import plain
from domain.ledger import plain_entries
from domain.summary import plain_summary
from projections import queries
from projections.after_approval import after_approval, closing_of
from projections.asking import MOST_ROWS

_MOST_SHOWN: Final = 50


def late_changes(
    location: Annotated[str | None, typer.Argument(metavar="[LOCATION]", help="Only this location.")] = None,
    date: Annotated[
        str | None, typer.Argument(metavar="[DATE]", help="Only this business date, with what all of it would do.")
    ] = None,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """List what came to light after approvals: approved days take it when they are reopened."""
    if location is not None and date is not None:
        _of_day(location, date, client, as_json=as_json)
        return
    where = None if location is None else plain(location, "location")
    with opened_for(client, reads_views=True) as opened:
        found = queries.late_changes(
            opened.engine, opened.settings.client, location=where, limit=MOST_ROWS, among=among_of(opened)
        )
    lines = [plain_late_row(row) for row in found]
    if as_json:
        show_json({"data": lines, "truncated": len(lines) == MOST_ROWS})
        return
    if not lines:
        show("Nothing came to light after an approval.")
    for line in lines:
        show(f"{line['location']} {line['date']}  {_line(line)}")
    if len(lines) == MOST_ROWS:
        show(f"The first {MOST_ROWS} are shown: name a location, or a day.")


def _of_day(location: str, date: str, client: str | None, *, as_json: bool) -> None:
    with opened_for(client) as opened:
        day = days.day_id(opened.settings.client, location, date)
        found = after_approval(opened.journal, day)
    if not found.day.version:
        raise NothingRecorded(f"Nothing is recorded of the business day {day.date} of {day.location}.")
    told = plain_after_approval(day, found, found.changes)
    if as_json:
        show_json(told)
        return
    if not found.day.waiting:
        show(f"{day.location} {day.date} is {found.day.state}: nothing waits on it.")
        return
    count = counted(found.day.late_changes, "change")
    show(f"{day.location} {day.date} is approved (closing {found.day.closings}); {count} came to light afterwards.")
    for line in told["data"][:_MOST_SHOWN]:
        show(f"  {_line(line)}")
    if len(told["data"]) > _MOST_SHOWN:
        show(f"  ... and {len(told['data']) - _MOST_SHOWN} more: --json tells them all.")
    if told["unlisted"]:
        show(f"  ... and {told['unlisted']} that old facts only count: a repoll lists them.")
    show("Reopened now, the day would differ by:")
    for line in effect_lines(told["effect"]):
        show(line)


def _line(line: dict[str, Any]) -> str:
    amount = "" if line["amount"] is None else f", {line['amount_of'].replace('_', ' ')} by {line['amount']}"
    read = f" of {line['read_date']}" if line["read_date"] else ""
    told = f"{line['origin']}{read}, {line['connection']}, capture {line['capture'][:16]}"
    return f"{line['record']} {line['operation']}{amount} ({told}, {line['recorded_at']:%Y-%m-%d %H:%M:%S}Z)"


def closing(
    location: Location,
    date: Date,
    number: Annotated[
        int | None, typer.Argument(metavar="[NUMBER]", min=1, help="Which closing.  [default: the newest]")
    ] = None,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Print the Daily Sales Summary as it was approved, verified against the digest that the approval keeps."""
    with opened_for(client) as opened:
        day = days.day_id(opened.settings.client, location, date)
        known = days.closings(opened, day) if number is None else number
        found = closing_of(opened.journal, day, known)
        posted = days.entries(opened, day, found.summary, until=found.approval.position)
    if as_json:
        message = {} if found.matches else {"message": DOES_NOT_MATCH}
        show_json({**plain_closing(day, found), **message})
    else:
        words = f"closing {found.number}, approved {found.approval.recorded_at:%Y-%m-%d %H:%M:%S} UTC by "
        words += f"{found.approval.provenance.actor}, digest {found.digest[:16]}"
        summary, entries = plain_summary(found.summary), plain_entries(posted)
        show(report(summary, entries, location=day.location, date=date, closing=words))
    if not found.matches:
        remark(f"daybook: {DOES_NOT_MATCH}")
        raise typer.Exit(1)
