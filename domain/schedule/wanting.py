"""What is wanted of a schedule, and what it is held against."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from domain.facts.schedules import ScheduledShift

MOST_SHIFTS: Final = 1_000
"""Shifts of a location in a week, at most."""

LONGEST_SHIFT: Final = dt.timedelta(hours=24)
"""No shift is as long as this."""


@dataclass(frozen=True, slots=True)
class WantedShift:
    """A shift as somebody wants it.

    Attributes:
        employee: the point of sale's id.
        job: likewise.
        starts_at: an instant.
        ends_at: an instant after it.
        id: of the shift that is to become this one; empty: the one of the same employee that begins then, or a new one.
        row: where it stands in what was given, from 1: for messages.
    """

    employee: str
    job: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    id: str = ""
    row: int = 0

    @property
    def shift(self) -> ScheduledShift:
        """As facts hold it."""
        return ScheduledShift(self.employee, self.job, instant_text(self.starts_at), instant_text(self.ends_at))


@dataclass(frozen=True, slots=True)
class ShiftProblem:
    """What is wrong with a shift.

    Attributes:
        row: where it stands in what was given, from 1.
        column: ``employee``, ``job``, ``start``, ``end``, ``id``, or empty for the shift as a whole.
        message: a sentence.
    """

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        """One line for a person."""
        return f"shift {self.row}{f', {self.column}' if self.column else ''}: {self.message}"


@dataclass(frozen=True, slots=True)
class Beside:
    """A shift of the week before or after, which one of this week may not overlap.

    Attributes:
        employee: whose.
        starts_at: an instant.
        ends_at: an instant.
    """

    employee: str
    starts_at: dt.datetime
    ends_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Workplace:
    """What shifts of a week are held against.

    Attributes:
        begins: the first instant of the week.
        ends: the first instant after it.
        employees: who works there: active or not, by id.
        jobs: the ids of the jobs.
        beside: shifts of the weeks before and after.
    """

    begins: dt.datetime
    ends: dt.datetime
    employees: Mapping[str, bool]
    jobs: frozenset[str]
    beside: tuple[Beside, ...] = field(default=())


def instant_text(moment: dt.datetime) -> str:
    """An instant as facts write it; shifts begin and end at whole seconds."""
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S}Z"


def beside_of(shift: ScheduledShift) -> Beside:
    """A recorded shift as one of another week."""
    return Beside(shift.employee, dt.datetime.fromisoformat(shift.starts_at), dt.datetime.fromisoformat(shift.ends_at))
