"""What happens to data import jobs: defined, changed, scheduled, ended, and run part by part."""

import datetime as dt
from typing import Literal

import msgspec

PeriodKind = Literal["range", "everything", "last-days"]
"""A fixed range of business dates, everything that is known and can be polled, or the last so many days."""

PartOutcome = Literal["polled", "staged", "unchanged", "failed", "refused"]
"""What came of polling one business day; ``refused``: it was not polled, and nothing of it is recorded."""

RunOutcome = Literal["complete", "partial", "failed"]
"""``complete``: every part was read whole, and nothing was left out; ``failed``: no part was; ``partial``: all else."""

Why = Literal["too-old", "not-over", "too-many", "access-lost", "misconfigured", "switched-off"]
"""Why something that a job asks for is left out of a run: days that lie too far back for who runs it, days that are not
over, days past the bound of one run, a location that the source no longer shows, one whose polling options cannot be
read, a data set that the polling options switch off."""


class Period(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which business days a job is about.

    Attributes:
        kind: of period.
        first: business date of a range.
        last: of a range, inclusive.
        days: how many, of the last ones that are over.
    """

    kind: PeriodKind
    first: dt.date | None = None
    last: dt.date | None = None
    days: int = 0


class ImportJobAdded(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody defined what is to be imported, again and again or whenever they say so.

    Attributes:
        name: what people call it.
        connection: our id of the connection that is polled.
        period: which business days.
        companies: the source's ids of companies whose locations are meant; empty: none is named.
        locations: our ids of the locations that are meant; empty with no company: all that the connection feeds.
        data_sets: what is wanted of them; empty: all that the system has.
    """

    name: str
    connection: str
    period: Period
    companies: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    data_sets: tuple[str, ...] = ()


class ImportJobChanged(msgspec.Struct, frozen=True, omit_defaults=True):
    """A job is defined so from now on; runs that had begun go on as they were planned.

    Attributes:
        name: what people call it.
        period: which business days.
        companies: as of :class:`ImportJobAdded`, as the next two.
        locations: those that are meant.
        data_sets: what is wanted of them.
    """

    name: str
    period: Period
    companies: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    data_sets: tuple[str, ...] = ()


class ImportJobScheduled(msgspec.Struct, frozen=True, omit_defaults=True):
    """A job runs every day from now on.

    Attributes:
        at: ``HH:MM`` wall-clock time.
        zone: IANA zone of that clock.
        first: the first date, there, on which it runs.
    """

    at: str
    zone: str
    first: dt.date


class ImportJobUnscheduled(msgspec.Struct, frozen=True, omit_defaults=True):
    """A job runs only when somebody says so from now on."""


class ImportJobEnded(msgspec.Struct, frozen=True, omit_defaults=True):
    """A job is over for good: what it imported stays."""


class Span(msgspec.Struct, frozen=True, omit_defaults=True):
    """Business days of one location that a run polls, each a part of it.

    Attributes:
        location: our id.
        first: business date.
        last: inclusive.
    """

    location: str
    first: dt.date
    last: dt.date


class LeftOut(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a job asks for and a run does not bring.

    Attributes:
        location: our id.
        why: the kind of reason.
        first: business date of the days that are left out; None where it is not about days.
        last: inclusive.
        data_set: that is left out; empty where it is all of them.
    """

    location: str
    why: Why
    first: dt.date | None = None
    last: dt.date | None = None
    data_set: str = ""


class ImportRunStarted(msgspec.Struct, frozen=True, omit_defaults=True):
    """A run of a job began, with all of its parts planned.

    Attributes:
        run: its number; the first of a job is 1.
        connection: that is polled.
        spans: the parts.
        left_out: what the job asks for beyond them, and why that is not brought.
        data_sets: those that are brought.
        companies: the names of the turns that it takes: our ids of companies, or of locations without one.
        scheduled: the date of the schedule that it is for; None where somebody started it.
        old: days may be polled that lie too far back for most.
    """

    run: int
    connection: str
    spans: tuple[Span, ...]
    left_out: tuple[LeftOut, ...] = ()
    data_sets: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    scheduled: dt.date | None = None
    old: bool = False


class ImportRunEnded(msgspec.Struct, frozen=True, omit_defaults=True):
    """A run of a job is over.

    Attributes:
        run: its number.
        outcome: what came of all of it.
    """

    run: int
    outcome: RunOutcome


class ImportPartDone(msgspec.Struct, frozen=True, omit_defaults=True):
    """One business day of one location was polled for a run, or could not be.

    Attributes:
        location: our id.
        date: the business date.
        outcome: what came of it.
        generation: the day's, afterwards; 0 where it was refused.
        failure: the kind of failure, or of refusal; empty where it was read.
        message: a sentence about that.
    """

    location: str
    date: dt.date
    outcome: PartOutcome
    generation: int = 0
    failure: str = ""
    message: str = ""


class ImportTurnTaken(msgspec.Struct, frozen=True, omit_defaults=True):
    """A run took a company's turn, which is its own until that run is over.

    Attributes:
        job: our id of the job.
        run: its number.
    """

    job: str
    run: int


ImportJobFact = (
    ImportJobAdded
    | ImportJobChanged
    | ImportJobScheduled
    | ImportJobUnscheduled
    | ImportJobEnded
    | ImportRunStarted
    | ImportRunEnded
)
ImportFact = ImportJobFact | ImportPartDone | ImportTurnTaken
