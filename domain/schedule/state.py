"""A schedule as of some moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, assert_never

from domain.facts.schedules import ScheduleChanged, ScheduledShift, ScheduleFact, SchedulePublished

Stage = Literal["draft", "published", "changed"]
"""Never published, published as it stands, or changed since."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The schedule of a location in a week, as of some moment.

    Attributes:
        version: how many facts it has: the version of its stream; 0 where there is none.
        shifts: as they are entered, by id.
        published: as they were published last, by id.
        publications: how often it was published.
        numbered: how many shifts were ever entered: the ids of new ones count on from there.
    """

    version: int = 0
    shifts: Mapping[str, ScheduledShift] = field(default_factory=dict)
    published: Mapping[str, ScheduledShift] = field(default_factory=dict)
    publications: int = 0
    numbered: int = 0

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        if not self.publications:
            return "draft"
        return "published" if self.shifts == self.published else "changed"


NEW_SCHEDULE: Final = Schedule()


def fold(facts: Iterable[ScheduleFact], schedule: Schedule = NEW_SCHEDULE) -> Schedule:
    """The schedule after these facts, in their order. Total: it accepts whatever was recorded, and guards nothing."""
    for fact in facts:
        schedule = replace(_noted(schedule, fact), version=schedule.version + 1)
    return schedule


def _noted(schedule: Schedule, fact: ScheduleFact) -> Schedule:
    match fact:
        case ScheduleChanged():
            shifts = dict(schedule.shifts)
            for change in fact.changes:
                if change.after is None:
                    shifts.pop(change.id, None)
                else:
                    shifts[change.id] = change.after
            new = sum(change.before is None for change in fact.changes)
            return replace(schedule, shifts=dict(sorted(shifts.items())), numbered=schedule.numbered + new)
        case SchedulePublished():
            return replace(schedule, published=schedule.shifts, publications=fact.number)
        case _:
            assert_never(fact)
