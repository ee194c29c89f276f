"""Commands that look back: generations, compare, explain, trace."""

import re
from typing import Annotated, Any, Final, Literal

import typer

from api import days
from api.cli.options import AsJson, AsOf, Client, Date, Location, among_of, opened_for
from api.cli.reading_report import comparison_lines, effect_lines, explanation_lines, generation_line, record_lines
from api.cli.saying import show, show_json
from api.composition import OpenHouse
from api.plain import plain_record
from api.plain_reading import (
    plain_effect,
    plain_explanation,
    plain_figures,
    plain_generation,
    plain_side,
    plain_trace,
)
from domain.business_day import BusinessDay
from domain.commands.loading import load_day
from domain.differences import operations
from domain.explaining import Explanation, explain_figure, explain_line
from domain.identifiers import DayId
from domain.summary import summarize
from projections import generations as told
from projections.asking import MOST_ROWS
from projections.drilling import drill
from projections.tracing import Trace
from projections.tracing import trace as read_trace

_GENERATION: Final = re.compile(r"[0-9]{1,9}")
_MOST_SHARES: Final = 50

Moment = Annotated[
    str,
    typer.Argument(
        metavar="MOMENT", help="A generation (2), a position of the log (@57), an instant with its offset, or now."
    ),
]


def generations(
    location: Location,
    date: Date,
    number: Annotated[int | None, typer.Argument(metavar="N", min=1, help="One of them: what it changed.")] = None,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """List the generations of a day: who changed it, when and why; of one what it changed and what that means."""
    with opened_for(client) as opened:
        day = days.day_id(opened.settings.client, location, date)
        days.check_recorded(opened.journal, day)
        if number is not None:
            _show_generation(opened, day, number, as_json=as_json)
            return
        found = [plain_generation(one) for one in _all_generations(opened, day)]
    if as_json:
        show_json({"location": day.location, "date": day.date.isoformat(), "data": found})
        return
    for one in found:
        show(generation_line(one))
    if not found:
        show(f"{day.location} {day.date}: no generation yet; every attempt failed.")


def _all_generations(opened: OpenHouse, day: DayId) -> list[told.Generation]:
    found: list[told.Generation] = []
    while True:
        after = found[-1].counts.generation if found else 0
        page = told.generations(opened.journal, day, after=after, limit=MOST_ROWS)
        found += page
        if len(page) < MOST_ROWS:
            return found


def _show_generation(opened: OpenHouse, day: DayId, number: int, *, as_json: bool) -> None:
    whole = told.generation(opened.journal, day, number)
    _, effect = told.effect_of(opened.journal, day, whole)
    content: dict[str, Any] = {
        "location": day.location,
        "date": day.date.isoformat(),
        "generation": plain_generation(whole.generation),
        "effect": plain_effect(effect),
        "data": [plain_record(change) for change in whole.changes],
    }
    if as_json:
        show_json(content)
        return
    show(
        "\n".join(
            [generation_line(content["generation"]), *record_lines(content["data"]), *effect_lines(content["effect"])]
        )
    )


def compare(
    location: Location, date: Date, left: Moment, right: Moment, client: Client = None, as_json: AsJson = False
) -> None:
    """Compare two moments of a day: records, figures and journal lines that differ."""
    with opened_for(client) as opened:
        day = days.day_id(opened.settings.client, location, date)
        days.check_recorded(opened.journal, day)
        sides = [_side(opened, day, text) for text in (left, right)]
    found = told.compare(*sides)
    content: dict[str, Any] = {
        "location": day.location,
        "date": day.date.isoformat(),
        "left": plain_side(sides[0]),
        "right": plain_side(sides[1]),
        "changes": operations(found.changes),
        "effect": plain_effect(found.effect),
        "data": [plain_record(change) for change in found.changes],
    }
    if as_json:
        show_json(content)
    else:
        show("\n".join(comparison_lines(content)))


def _side(opened: OpenHouse, day: DayId, text: str) -> told.Side:
    if _GENERATION.fullmatch(text):
        return told.at_generation(opened.journal, day, int(text))
    if text == "now":
        return told.at_position(opened.journal, day, opened.journal.head())
    return told.at_position(opened.journal, day, days.moment(opened.journal, text))


def explain(
    location: Location,
    date: Date,
    figure: Annotated[
        str | None,
        typer.Argument(
            metavar="FIGURE",
            help="Such as net_sales, by_category/Food, payments.tips/Visa or labor/Server.  [default: list them all]",
        ),
    ] = None,
    entry: Annotated[
        Literal["sales", "labor", "statistical"] | None,
        typer.Option("--entry", help="FIGURE is the key of a line of this journal entry, such as sales/Food/Dine In."),
    ] = None,
    as_of: AsOf = None,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Say what a figure or a journal line is made of: records with their shares, and which answer says so."""

    def made(known: BusinessDay) -> Explanation:
        days.check_read(day, known, as_of)
        return explain_line(known, entry, figure or "") if entry else explain_figure(known, figure or "")

    with opened_for(client) as opened:
        day = days.day_id(opened.settings.client, location, date)
        until = None if as_of is None else days.moment(opened.journal, as_of)
        which = {"location": day.location, "date": day.date.isoformat(), "as_of": until}
        if figure is None:
            _list_figures(load_day(opened.journal, day, until=until), day, which, as_json=as_json)
            return
        found = drill(opened.journal, day, made, until=until, limit=None if as_json else _MOST_SHARES)
    content = {**which, "figure": found.explanation.name, **plain_explanation(found.explanation, found.page)}
    if as_json:
        show_json({**content, "entry": entry})
    else:
        show("\n".join(explanation_lines(content)))


def _list_figures(known: BusinessDay, day: DayId, which: dict[str, Any], *, as_json: bool) -> None:
    days.check_read(day, known)
    found = plain_figures(summarize(known))
    if as_json:
        show_json({**which, "data": found})
        return
    for one in found:
        show(f"{one['figure']}  {'unknown' if one['value'] is None else one['value']}")


def trace(
    id_: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="Of a ticket, punch, employee, deposit or other record, a receipt number, a digest, a command, a "
            "connection, a location, or a position of the log.",
        ),
    ],
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Find every stream that an id touched, whatever the id is there, also where the record is gone since."""
    with opened_for(client, reads_views=True) as opened:
        found = _whole_trace(opened, id_)
    if as_json:
        show_json({"id": id_, "data": [plain_trace(one) for one in found]})
        return
    for one in found:
        leads = f", {one.record}" if one.record else ""
        facts = f"fact {one.first}" if one.facts == 1 else f"{one.facts} facts, {one.first} to {one.last}"
        show(f"{one.meaning}  {one.stream}{leads}  ({facts})")


def _whole_trace(opened: OpenHouse, id_: str) -> list[Trace]:
    found: list[Trace] = []
    among = among_of(opened)
    while True:
        after = found[-1].place if found else None
        page = read_trace(
            opened.engine, opened.journal, opened.settings.client, id_, after=after, limit=MOST_ROWS, among=among
        )
        found += page
        if len(page) < MOST_ROWS:
            return found
