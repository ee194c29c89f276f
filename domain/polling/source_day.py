"""A day as a source told it, in our words: what translating begins with."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from domain.records import Deposit, Employee, Job, LateVoid, PaidInOut, Punch, Ticket


@dataclass(frozen=True, slots=True)
class SourceDay:
    """A day in our words, before any polling option is applied.

    Attributes:
        tickets: a one-time iterator that decodes page by page, so that a large day never stands in memory as objects.
            May raise what reading raises on the way.
        punches: time entries that the source booked on this day.
        employees: the roster.
        jobs: the roster's jobs.
        deposits: of money of this day.
        paid_in_outs: of this day.
        late_voids: voids posted on this day, of tickets of earlier ones.
        notes: codes of what stood out, for example ``convention:payments_include_tips``.
    """

    tickets: Iterator[Ticket]
    punches: tuple[Punch, ...] = ()
    employees: tuple[Employee, ...] = ()
    jobs: tuple[Job, ...] = ()
    deposits: tuple[Deposit, ...] = ()
    paid_in_outs: tuple[PaidInOut, ...] = ()
    late_voids: tuple[LateVoid, ...] = ()
    notes: tuple[str, ...] = field(default=())
