"""Commands that list what was entered, and where the sources say otherwise since then."""

from typing import Annotated, Any

import typer

from api import days, overlays
from api.cli.options import AsJson, Client, Date, Location, among_of, opened_for
from api.cli.saying import show, show_json
from domain.business_date import business_date
from domain.identifiers import plain
from projections import queries
from projections.asking import MOST_ROWS
from projections.rows import ConflictRow, OverlayRow


def entered(location: Location, date: Date, client: Client = None, as_json: AsJson = False) -> None:
    """List what was entered on a day and stands: edits of punches, deposits, comments, tags."""
    found: list[OverlayRow] = []
    with opened_for(client, reads_views=True) as opened:
        day = days.day_id(opened.settings.client, location, date)
        days.feeding(opened.engine, day)
        while True:
            after = (found[-1].kind, found[-1].key) if found else ("", "")
            page = queries.overlays(opened.engine, day.client, day.location, day.date, after=after)
            found += page
            if len(page) < MOST_ROWS:
                break
    rows = [overlays.plain_overlay(row) for row in found]
    if as_json:
        show_json({"location": location, "date": date, "data": rows})
        return
    for row in rows:
        show(f"{row['record']}  {_fields(row['ours'], 'struck out')}  ({row['actor']}: {row['reason']})")
    if not rows:
        show(f"Nothing is entered on {location} {date}.")


def conflicts(
    location: Annotated[str | None, typer.Option(metavar="ID", help="Only this location.")] = None,
    date: Annotated[str | None, typer.Option(metavar="DATE", help="Only this business date.")] = None,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """List open conflicts: what was changed here and then at the source, both sides of each."""
    where = None if location is None else plain(location, "location")
    when = None if date is None else business_date(date)
    found: list[ConflictRow] = []
    with opened_for(client, reads_views=True) as opened:
        while True:
            last = found[-1] if found else None
            after = None if last is None else (last.business_date.isoformat(), last.location, last.kind, last.key)
            page = queries.conflicts(
                opened.engine,
                opened.settings.client,
                location=where,
                date=when,
                after=after,
                limit=MOST_ROWS,
                among=among_of(opened),
            )
            found += page
            if len(page) < MOST_ROWS:
                break
    rows = [overlays.plain_conflict(row) for row in found]
    if as_json:
        show_json({"data": rows})
        return
    for row in rows:
        show(f"{row['location']} {row['date']}  {row['record']}")
        show(f"  ours:    {_fields(row['ours'], 'struck out')}")
        show(f"  theirs:  {_fields(row['theirs'], 'gone')}")
    if not rows:
        show("There are no open conflicts.")


def _fields(record: dict[str, Any] | None, nothing: str) -> str:
    """A record on one line: what is worth comparing, field by field."""
    if record is None:
        return nothing
    left_out = {"id", "business_date", "employee", "job"}
    told = [f"{name} {_value(value)}" for name, value in record.items() if name not in left_out]
    text = ", ".join(told) or "a record"
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return f"({_fields(value, 'none')})"
    if isinstance(value, list):
        return f"{len(value)}"
    return str(value)
