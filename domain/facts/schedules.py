"""What happens to the schedule of a location in a week: shifts are entered, changed, removed; it is published."""

import msgspec


class ScheduledShift(msgspec.Struct, frozen=True):
    """A shift that somebody is to work.

    Attributes:
        employee: the point of sale's id of the employee.
        job: its id of the job.
        starts_at: UTC, ``2026-11-24T22:00:00Z``.
        ends_at: likewise.
    """

    employee: str
    job: str
    starts_at: str
    ends_at: str


class ShiftChange(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one shift.

    Attributes:
        id: ours, permanent.
        before: as it was; None where it is new.
        after: as it is; None where it was removed.
    """

    id: str
    before: ScheduledShift | None = None
    after: ScheduledShift | None = None


class ScheduleChanged(msgspec.Struct, frozen=True, omit_defaults=True):
    """Shifts were entered, changed or removed. What was published stays so until it is published again.

    Attributes:
        changes: by id.
        source: the name of the file that they came from; empty where somebody entered them.
    """

    changes: tuple[ShiftChange, ...]
    source: str = ""


class SchedulePublished(msgspec.Struct, frozen=True):
    """The schedule as it stood became what people are to work.

    Attributes:
        number: counts the publications of the week, from 1.
        shifts: how many it has.
    """

    number: int
    shifts: int


ScheduleFact = ScheduleChanged | SchedulePublished
