"""What may become of a schedule: its shifts as a whole are entered, and it is published as it stands."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from domain.facts.schedules import ScheduleChanged, SchedulePublished, ShiftChange
from domain.refusals import Conflict, Refusal
from domain.schedule.state import Schedule
from domain.schedule.wanting import LONGEST_SHIFT, MOST_SHIFTS, ShiftProblem, WantedShift, Workplace

MOST_CHANGES: Final = 250
"""Changes that one fact holds."""

MOST_TOLD: Final = 1_000
"""Problems that are told at once."""

_NAMED: Final = 5


class BadShifts(Refusal):
    """Shifts of a schedule cannot be so; every problem is told at once."""

    def __init__(self, problems: Iterable[ShiftProblem]) -> None:
        self.problems = tuple(problems)[:MOST_TOLD]
        told = "; ".join(str(problem) for problem in self.problems[:_NAMED])
        more = f"; and {len(self.problems) - _NAMED} more" if len(self.problems) > _NAMED else ""
        super().__init__(f"The schedule cannot be so: {told}{more}. Nothing was changed.")


class NothingToPublish(Conflict):
    """The schedule of the week was never entered, so that there is nothing to publish."""


def decide_enter(
    schedule: Schedule, wanted: Sequence[WantedShift], workplace: Workplace, prefix: str, *, source: str = ""
) -> tuple[ScheduleChanged, ...]:
    """The facts that the schedule is what is wanted, whole; none where it is so already.

    A shift keeps its id where that is given, or where the same employee's begins at the same moment; else it is new.

    Args:
        schedule: as recorded.
        wanted: all shifts of the week.
        workplace: what they are held against.
        prefix: of ids of new shifts.
        source: the name of the file that they came from.

    Raises:
        BadShifts: some of them cannot be so.
    """
    problems = sorted(_problems(schedule, wanted, workplace), key=lambda problem: (problem.row, problem.column))
    if problems:
        raise BadShifts(problems)
    named = _named(schedule, wanted, prefix)
    changes = [ShiftChange(id_, before, None) for id_, before in schedule.shifts.items() if id_ not in named]
    for id_, one in named.items():
        before = schedule.shifts.get(id_)
        if before != one.shift:
            changes.append(ShiftChange(id_, before, one.shift))
    changes.sort(key=lambda change: change.id)
    return tuple(
        ScheduleChanged(tuple(changes[at : at + MOST_CHANGES]), source) for at in range(0, len(changes), MOST_CHANGES)
    )


def decide_publish(schedule: Schedule) -> tuple[SchedulePublished, ...]:
    """The fact that the schedule as it stands is what people are to work; none where it is published so.

    Raises:
        NothingToPublish: there never was a shift.
    """
    if not schedule.version:
        raise NothingToPublish("The schedule of this week has no shifts yet: enter them first.")
    if schedule.stage == "published":
        return ()
    return (SchedulePublished(schedule.publications + 1, len(schedule.shifts)),)


def _named(schedule: Schedule, wanted: Sequence[WantedShift], prefix: str) -> dict[str, WantedShift]:
    """What is wanted, by the ids that the shifts have or get."""
    free = {id_: shift for id_, shift in schedule.shifts.items() if id_ not in {one.id for one in wanted}}
    alike = {(shift.employee, shift.starts_at): id_ for id_, shift in free.items()}
    named: dict[str, WantedShift] = {}
    number = schedule.numbered
    for one in wanted:
        id_ = one.id or alike.get((one.employee, one.shift.starts_at), "")
        if not id_:
            number += 1
            id_ = f"{prefix}{number:04d}"
        named[id_] = one
    return named


def _problems(schedule: Schedule, wanted: Sequence[WantedShift], workplace: Workplace) -> Iterator[ShiftProblem]:
    if len(wanted) > MOST_SHIFTS:
        yield ShiftProblem(MOST_SHIFTS + 1, "", f"a week of a location has {MOST_SHIFTS:,} shifts at most")
        return
    seen: set[str] = set()
    for one in wanted:
        yield from _alone(one, workplace)
        if one.id and one.id not in schedule.shifts:
            yield ShiftProblem(one.row, "id", f"there is no shift {one.id[:60]!r} in this week: leave the id out")
        elif one.id in seen:
            yield ShiftProblem(one.row, "id", "another shift has this id")
        seen |= {one.id} - {""}
    yield from _overlaps(wanted, workplace)


def _alone(one: WantedShift, workplace: Workplace) -> Iterator[ShiftProblem]:
    active = workplace.employees.get(one.employee)
    if active is None:
        yield ShiftProblem(one.row, "employee", "nobody of this id works here, as far as the point of sale says")
    elif not active:
        yield ShiftProblem(one.row, "employee", "who has this id does not work here any more")
    if one.job not in workplace.jobs:
        yield ShiftProblem(one.row, "job", "the point of sale has no job of this id")
    if one.ends_at <= one.starts_at:
        yield ShiftProblem(one.row, "end", "it is not after the start")
    elif one.ends_at - one.starts_at >= LONGEST_SHIFT:
        yield ShiftProblem(one.row, "end", "a shift is shorter than 24 hours")
    if not workplace.begins <= one.starts_at < workplace.ends:
        week = f"{workplace.begins:%Y-%m-%d %H:%M} to {workplace.ends:%Y-%m-%d %H:%M} UTC"
        yield ShiftProblem(one.row, "start", f"it is not in this week, which is {week}")


def _overlaps(wanted: Sequence[WantedShift], workplace: Workplace) -> Iterator[ShiftProblem]:
    """Shifts of one employee at the same time: the later of two is told."""
    spans: defaultdict[str, list[tuple[dt.datetime, dt.datetime, int]]] = defaultdict(list)
    for other in workplace.beside:
        spans[other.employee].append((other.starts_at, other.ends_at, 0))
    for one in wanted:
        spans[one.employee].append((one.starts_at, one.ends_at, one.row))
    for theirs in spans.values():
        theirs.sort()
        latest: tuple[dt.datetime, int] | None = None
        for starts, ends, row in theirs:
            if latest is not None and starts < latest[0] and (row or latest[1]):
                with_ = f"shift {latest[1]}" if latest[1] and row else "a shift of the week beside"
                yield ShiftProblem(row or latest[1], "start", f"the employee works {with_} at that time")
            if latest is None or ends > latest[0]:
                latest = (ends, row)
