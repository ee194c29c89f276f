"""What every way in does with schedules: read what people typed, enter and publish it, and show it again."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Final

from adapters.files.schedules import read_schedule
from api import days
from api.composition import OpenHouse
from domain.actors import name_of
from domain.business_date import TimeDoesNotExist, business_date, resolve
from domain.commands.changing_schedule import ScheduleChange
from domain.commands.enter_schedule import EnterSchedule, enter_schedule
from domain.commands.intent import Intent
from domain.commands.loading import load_connection, load_schedule
from domain.commands.publish_schedule import PublishSchedule, publish_schedule
from domain.facts.schedules import ScheduledShift
from domain.identifiers import ConnectionId, DayId, ScheduleId, plain
from domain.names import is_line
from domain.outward.schedules import published_document
from domain.schedule import BadShifts, Schedule, ShiftProblem, WantedShift
from projections.schedules import ScheduleRow
from projections.sentences import sentence

MOST_STEPS: Final = 200
"""Steps of a schedule's history that are told at once."""

_LONGEST_ID: Final = 200


def schedule_id(client: str, location: str, week: str) -> ScheduleId:
    """The schedule of two texts that somebody gave.

    Raises:
        BadIdentifier: the location cannot be one.
        NotABusinessDate: the week is not ``YYYY-MM-DD``.
    """
    return ScheduleId(client, plain(location, "location"), business_date(week))


def feeding(opened: OpenHouse, named: ScheduleId) -> ConnectionId:
    """The connection that feeds the location.

    Raises:
        NoSuchLocation: none does.
    """
    return days.feeding(opened.engine, DayId(named.client, named.location, named.week))


def enter(
    opened: OpenHouse,
    named: ScheduleId,
    given: tuple[Sequence[WantedShift], Sequence[ShiftProblem]],
    intent: Intent,
    expected: int | None = None,
    *,
    source: str = "",
    check_only: bool = False,
) -> ScheduleChange:
    """Enter a schedule; what is wrong with how it was written is told together with what cannot be.

    Args:
        opened: the running daybook.
        named: which.
        given: its shifts, and what is wrong with others that were given.
        intent: who and why.
        expected: the version that the caller saw.
        source: the name of the file that they came from.
        check_only: nothing is recorded.

    Raises:
        NoSuchLocation: no connection feeds the location.
        BadShifts: some shifts cannot be so.
        NotPermitted, NotAWeek, NotTheVersion, CommandReused, StreamMoved: see ``enter_schedule``.
    """
    shifts, problems = given
    command = EnterSchedule(
        named,
        feeding(opened, named),
        shifts,
        intent,
        source,
        expected,
        check_only=check_only or bool(problems),
    )
    try:
        changed = enter_schedule(command, opened.house)
    except BadShifts as bad:
        if not problems:
            raise
        problems = [*problems, *bad.problems]
    if problems:
        raise BadShifts(sorted(problems, key=lambda problem: (problem.row, problem.column)))
    return changed


def publish(opened: OpenHouse, named: ScheduleId, intent: Intent, expected: int | None = None) -> ScheduleChange:
    """Publish a schedule as it stands.

    Raises:
        NoSuchLocation: no connection feeds the location.
        NotPermitted, NothingToPublish, NotTheVersion, CommandReused, StreamMoved: see ``publish_schedule``.
    """
    feeding(opened, named)
    changed = publish_schedule(PublishSchedule(named, intent, expected), opened.house)
    opened.waking.set()
    return changed


def shifts_of_requests(requests: Iterable[Any]) -> tuple[list[WantedShift], list[ShiftProblem]]:
    """The shifts of a request's body, each with its place in it from 1, and what is wrong with how they are written."""
    shifts: list[WantedShift] = []
    problems: list[ShiftProblem] = []
    for row, one in enumerate(requests, 1):
        starts, ends = _instant(one.starts_at), _instant(one.ends_at)
        for column, found in (("start", starts), ("end", ends)):
            if found is None:
                problems.append(
                    ShiftProblem(row, column, "it is no time with its offset, as 2026-11-24T17:00:00-05:00")
                )
        for column, text in (("employee", one.employee), ("job", one.job)):
            if not is_line(text):
                problems.append(ShiftProblem(row, column, "it cannot be an id"))
        if starts is not None and ends is not None:
            shifts.append(WantedShift(one.employee, one.job, starts, ends, one.id or "", row))
    return shifts, problems


def shifts_of_file(opened: OpenHouse, named: ScheduleId, data: bytes) -> tuple[list[WantedShift], list[ShiftProblem]]:
    """The shifts of a CSV file, each with the row in which it stands, and what is wrong with how they are written.

    Times without an offset are those of the location's wall clock; one that the clocks have twice is the first, and an
    end that would lie before the start the second.

    Raises:
        NoSuchLocation, NotConnected: no connection feeds the location.
    """
    zone = load_connection(opened.journal, feeding(opened, named)).at(named.location).zone
    rows, found = read_schedule(data)
    problems = [ShiftProblem(one.row, one.column.lower(), one.message) for one in found]
    shifts: list[WantedShift] = []
    for one in rows:
        starts = _local(one.row, "start", one.start, zone, None, problems)
        ends = _local(one.row, "end", one.end, zone, starts, problems)
        if starts is not None and ends is not None:
            shifts.append(WantedShift(one.employee, one.job, starts, ends, row=one.row))
    return shifts, problems


def _instant(text: str) -> dt.datetime | None:
    try:
        found = dt.datetime.fromisoformat(text) if len(text) >= 16 and text[10] in "Tt " else None
        return found.astimezone(dt.UTC).replace(microsecond=0) if found is not None and found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _local(
    row: int, column: str, text: str, zone: str, not_before: dt.datetime | None, problems: list[ShiftProblem]
) -> dt.datetime | None:
    given = _instant(text)
    if given is not None:
        return given
    try:
        local = dt.datetime.fromisoformat(text) if len(text) >= 16 and text[10] in "Tt " else None
        if local is not None and 1990 <= local.year < 2200:
            return resolve(local.replace(microsecond=0), zone, not_before=not_before).instant
    except TimeDoesNotExist:
        problems.append(ShiftProblem(row, column, f"the clocks of {zone} skip this time"))
        return None
    except ValueError:
        pass
    problems.append(ShiftProblem(row, column, "it is no time: write it like 2026-11-24 17:00, by the location's clock"))
    return None


def plain_shift(id_: str, shift: ScheduledShift, published: ScheduledShift | None) -> dict[str, Any]:
    """A shift as the API shows it."""
    return {
        "id": id_,
        "employee": shift.employee,
        "job": shift.job,
        "starts_at": shift.starts_at,
        "ends_at": shift.ends_at,
        "published": published == shift,
    }


def plain_schedule(named: ScheduleId, schedule: Schedule) -> dict[str, Any]:
    """A schedule as the API shows it: as it is entered, and what is published of it."""
    document = published_document(named, schedule)
    return {
        "location": named.location,
        "week": named.week.isoformat(),
        "state": schedule.stage,
        "version": schedule.version,
        "publications": schedule.publications,
        "shifts": [plain_shift(id_, one, schedule.published.get(id_)) for id_, one in schedule.shifts.items()],
        "published": [
            {"id": one.id, "employee": one.employee, "job": one.job, "starts_at": one.starts_at, "ends_at": one.ends_at}
            for one in document.shifts
        ],
    }


def plain_row(row: ScheduleRow) -> dict[str, Any]:
    """A schedule in a list."""
    return {
        "location": row.location,
        "week": row.week,
        "state": row.schedule.stage,
        "version": row.schedule.version,
        "publications": row.schedule.publications,
        "shifts": len(row.schedule.shifts),
        "changed_at": row.changed_at or None,
        "changed_by": row.changed_by or None,
        "published_at": row.published_at or None,
        "published_by": row.published_by or None,
    }


def plain_changed(named: ScheduleId, changed: ScheduleChange) -> dict[str, Any]:
    """What came of a change."""
    receipt = changed.receipt
    return {
        "location": named.location,
        "week": named.week.isoformat(),
        "state": changed.after.stage,
        "version": changed.after.version,
        "publications": changed.after.publications,
        "shifts": len(changed.after.shifts),
        "changed": receipt is not None,
        "position": None if receipt is None else receipt.position,
        "recorded_at": None if receipt is None else receipt.recorded_at,
    }


def recorded(opened: OpenHouse, named: ScheduleId) -> Schedule:
    """The schedule as it is recorded.

    Raises:
        NoSuchLocation: no connection feeds the location, and nothing is recorded of it.
    """
    known = load_schedule(opened.journal, named)
    if not known.version:
        feeding(opened, named)
    return known


def history(opened: OpenHouse, named: ScheduleId, after: int = 0) -> list[dict[str, Any]]:
    """What happened to a schedule, step by step: at most :data:`MOST_STEPS` past a version."""
    steps: list[dict[str, Any]] = []
    for version, entry in enumerate(opened.journal.stream(named.stream, after=after), after + 1):
        steps.append(
            {
                "version": version,
                "position": entry.position,
                "recorded_at": entry.recorded_at,
                "actor": name_of(entry.provenance.actor),
                "reason": entry.provenance.reason,
                "sentence": sentence(entry),
            }
        )
        if len(steps) == MOST_STEPS:
            break
    return steps
