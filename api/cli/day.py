"""Commands on one business day: poll, repoll, dss, entries, history."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final

import typer

from api import days
from api.cli.entries_report import entries_lines
from api.cli.options import AsJson, AsOf, Client, Date, Location, intent_of, opened_for
from api.cli.report import report
from api.cli.saying import remark, show, show_json
from api.cli.tables import heading
from api.composition import OpenHouse
from api.plain import plain_beside, plain_step
from api.texts import counted
from domain.commands.loading import NothingRecorded
from domain.commands.recording import Outcome
from domain.identifiers import DayId
from domain.ledger import JournalEntries, plain_entries
from domain.summary import DailySalesSummary, plain_summary
from projections.asking import MOST_ROWS
from projections.catching_up import catch_up
from projections.history import Happening
from projections.history import history as read_history
from projections.queries import find_location
from projections.timetravel import day_as_of

_MOST_SHOWN: Final = 50

Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, which is kept with the poll.")]


def poll(location: Location, date: Date, client: Client = None, why: Why = "", as_json: AsJson = False) -> None:
    """Poll a business day: fetch it whole from its source and record what differs."""
    _poll(location, date, client, days.checked_reason(why) if why else "", as_json=as_json)


def repoll(
    location: Location,
    date: Date,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, which is kept with the poll.")],
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Poll a business day again, and say why."""
    _poll(location, date, client, days.checked_reason(why), as_json=as_json)


def _poll(location: str, date: str, client: str | None, why: str, *, as_json: bool) -> None:
    with opened_for(client, reads_views=True) as opened:
        day = days.day_id(opened.settings.client, location, date)
        outcome = days.poll(opened, day, intent_of(opened, why))
        catch_up(opened.engine, opened.journal)
    if as_json:
        show_json(plain_outcome(day, outcome))
    if outcome.failure is not None:
        if not as_json:
            remark(f"daybook: {outcome.failure.message} The attempt is recorded ({outcome.failure.failure}).")
        raise typer.Exit(1)
    if not as_json:
        show(outcome_sentence(day, outcome))


def outcome_sentence(day: DayId, outcome: Outcome) -> str:
    """What came of a poll."""
    where, beside = f"{day.location} {day.date}", "".join(f" {sentence}" for sentence in beside_sentences(outcome))
    if outcome.outcome == "polled":
        return (
            f"{where}: generation {outcome.generation}, {counted(outcome.added, 'record')} added, "
            f"{outcome.changed} changed, {outcome.removed} removed.{beside}"
        )
    if outcome.outcome == "staged":
        return f"{where}: {staged_sentence(outcome)}{beside}"
    if outcome.outcome == "unchanged":
        return f"{where}: nothing differs from generation {outcome.generation}.{beside}"
    failure = outcome.failure
    return f"{where}: failed ({failure.failure if failure else '?'})."


def staged_sentence(outcome: Outcome) -> str:
    """What an approved day does not take."""
    count = outcome.added + outcome.changed + outcome.removed
    if not count:
        return "the day is approved, and no record differs from that."
    return (
        f"the day is approved, and {counted(count, 'record')} would differ: they wait as generation "
        f"{outcome.generation} until it is reopened."
    )


def beside_sentences(outcome: Outcome) -> Iterator[str]:
    """What a poll or an import said about other business days, and about days that are approved."""
    changed = [f"{date} ({counted(count, 'record')})" for date, count in sorted(outcome.compensated.items())]
    if changed:
        more = f" and {len(changed) - _MOST_SHOWN} more" if len(changed) > _MOST_SHOWN else ""
        yield f"It changed other business days: {', '.join(changed[:_MOST_SHOWN])}{more}."
    if outcome.observed:
        yield (
            f"{counted(outcome.observed, 'change')} of other days came after their approval: kept, and not counted "
            "until these are reopened."
        )
    if outcome.conflicts:
        yield (
            f"{counted(outcome.conflicts, 'change')} to what was entered here: `daybook conflicts` lists what nobody "
            "has decided on."
        )


def plain_outcome(day: DayId, outcome: Outcome) -> dict[str, Any]:
    """What came of a poll, for other programs."""
    failure = outcome.failure
    return {
        "location": day.location,
        "date": day.date.isoformat(),
        "outcome": outcome.outcome,
        "generation": outcome.generation,
        "added": outcome.added,
        "changed": outcome.changed,
        "removed": outcome.removed,
        "position": outcome.receipt.position,
        "recorded_at": outcome.receipt.recorded_at.isoformat().replace("+00:00", "Z"),
        "failure": None
        if failure is None
        else {
            "failure": failure.failure,
            "message": failure.message,
            "resource": failure.resource,
            "retryable": failure.retryable,
            "retry_at": failure.retry_at.isoformat().replace("+00:00", "Z") if failure.retry_at else None,
        },
        **plain_beside(outcome),
    }


def dss(location: Location, date: Date, as_of: AsOf = None, client: Client = None, as_json: AsJson = False) -> None:
    """Print the Daily Sales Summary of a day, as recorded now or as known at a moment."""
    known = _known(location, date, as_of, client)
    summary, entries = plain_summary(known.summary), plain_entries(known.entries)
    if as_json:
        show_json({**known.plain, "closing": known.closing, "summary": summary, "journal_entries": entries})
        return
    closing = known.closing
    words = "" if closing is None else f"closing {closing['number']}, digest {closing['digest'][:16]}"
    show(report(summary, entries, location=known.name, date=date, as_of=known.moment, closing=words))


def entries(location: Location, date: Date, as_of: AsOf = None, client: Client = None, as_json: AsJson = False) -> None:
    """Print the journal entries of a day: sales, labor and statistics, with the client's accounts."""
    known = _known(location, date, as_of, client)
    plain = plain_entries(known.entries)
    if as_json:
        show_json({**known.plain, "journal_entries": plain})
        return
    title = [f"JOURNAL ENTRIES  {known.name}  {date}", f"{known.summary.state}, generation {known.summary.generation}"]
    if known.moment:
        title.append(f"as known at {known.moment}")
    show("\n".join([*heading(*title), *entries_lines(plain)]))


@dataclass(frozen=True, slots=True)
class _Known:
    """A day as it is known now, or was known at a moment.

    Attributes:
        name: of its location.
        moment: that was asked for, in words; empty for now.
        plain: what says which day it is, for other programs.
        closing: number and digest of the newest closing; None where there is none.
    """

    name: str
    moment: str
    plain: dict[str, Any]
    closing: dict[str, Any] | None
    summary: DailySalesSummary
    entries: JournalEntries


def _known(location: str, date: str, as_of: str | None, client: str | None) -> _Known:
    """The day with its journal entries.

    Raises:
        NothingRecorded: it was never read whole, or not by then.
        DayIsDeleted: somebody deleted it.
    """
    with opened_for(client, reads_views=True) as opened:
        day = days.day_id(opened.settings.client, location, date)
        position = None if as_of is None else days.moment(opened.journal, as_of)
        known = day_as_of(opened.journal, day, position)
        posted = days.entries(opened, day, known.summary, until=position)
        name = location_name(opened, day)
        if known.day.deleted:
            days.refuse_deleted(opened, day, until=position)
    if not known.day.generation:
        when = "" if as_of is None else f" as of {as_of}"
        raise NothingRecorded(
            f"Nothing is known of the business day {day.date} of {day.location}{when}: poll it first."
        )
    which = {"location": location, "date": date, "version": known.day.version, "as_of": position}
    closing = {"number": known.day.closings, "digest": known.day.closing} if known.day.closings else None
    moment = "" if as_of is None else f"position {position} ({as_of})"
    return _Known(name, moment, which, closing, known.summary, posted)


def location_name(opened: OpenHouse, day: DayId) -> str:
    """The location's id, with its name where they differ."""
    found = find_location(opened.engine, day.client, day.location)
    return day.location if found is None or found.name == day.location else f"{found.name} ({day.location})"


def history(
    location: Location,
    date: Date,
    record: Annotated[
        str | None, typer.Option(metavar="KIND/KEY", help="One record, for example ticket/chk-17.")
    ] = None,
    field: Annotated[
        str | None,
        typer.Option(metavar="PATH", help="One field of the record, for example payments.0.amount: what changed it."),
    ] = None,
    as_of: AsOf = None,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Say what happened to a day, or to one record or field on it: one sentence a line, oldest first."""
    with opened_for(client, reads_views=True) as opened:
        day = days.day_id(opened.settings.client, location, date)
        until = None if as_of is None else days.moment(opened.journal, as_of)
        steps = whole_history(opened, day, record, field=field, until=until)
    if not steps:
        what = f"the field {field} of " if field else ""
        what += f"the record {record} on " if record else ""
        when = f" as of {as_of}" if as_of else ""
        raise NothingRecorded(f"Nothing is recorded of {what}the business day {day.date} of {day.location}{when}.")
    if as_json:
        show_json(
            {
                "location": day.location,
                "date": day.date.isoformat(),
                "record": record,
                "field": field,
                "as_of": until,
                "data": [plain_step(step) for step in steps],
            }
        )
        return
    for step in steps:
        show(step_line(step))


def whole_history(
    opened: OpenHouse, day: DayId, record: str | None, *, field: str | None = None, until: int | None = None
) -> list[Happening]:
    """The history of a day, a record or a field, all pages of it."""
    steps: list[Happening] = []
    while True:
        after = steps[-1].position if steps else 0
        page = read_history(
            opened.journal,
            opened.engine,
            day.client,
            day.location,
            day.date,
            record,
            field=field,
            after=after,
            until=until,
            limit=MOST_ROWS,
        )
        steps += page
        if len(page) < MOST_ROWS:
            return steps


def step_line(step: Happening) -> str:
    """One step: when, who, what."""
    sentence = "".join(letter if letter.isprintable() else "?" for letter in step.sentence)
    return f"{step.recorded_at:%Y-%m-%d %H:%M:%S}Z  {step.actor}  {sentence}"
