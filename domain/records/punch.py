"""Labor details: punches with breaks, and the hours and pay that follow from them."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

import msgspec

from domain.money import round_half_up

_FOUR_PLACES = Decimal("0.0001")
ABOVE_STORE = "HQ"
"""The terminal of a punch that was last changed above store, and not at a terminal of the point of sale."""

EXCLUDED_AS_TOO_LONG = "24_hours_or_more"
EXCLUDED_AS_OPEN = "no_clock_out"
EXCLUDED_AS_BACKWARDS = "out_before_in"


class Break(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A break in a punch; an open one has no end."""

    starts_at: dt.datetime
    ends_at: dt.datetime | None = None
    paid: bool = False


class Punch(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A time punch (a shift that somebody clocked), or the part of one that is of this business day.

    Key: :attr:`id`, of a part ``{id}#{part}``.

    Attributes:
        id: the source's permanent id.
        employee: the source's staff id.
        job: the source's job id.
        job_name: the job's name when the punch was polled.
        rate: pay per hour, as the source states it.
        clock_in: UTC.
        clock_out: UTC, or None while nobody clocked out.
        business_date: the date that the source booked it on.
        declared_tips_cents: tips that the employee declared.
        charge_tips_cents: tips on cards.
        terminal: where it was last changed; :data:`ABOVE_STORE` is above store.
        stated_hours: the source's own hours, kept beside ours.
        stated_pay_cents: the source's own pay, kept beside ours.
        excluded: why the punch counts no hours, or empty.
        unknown_employee: the source did not list the employee: a placeholder stands in and an issue says so.
        part: counts the parts of a punch that was split at the start of the business day, from 1; 0 where it was not.
        worked_before: seconds worked on the parts before this one, so that the parts' pay adds up to the cent.
        assumed_out: nobody clocked out, and an option counts 24 hours: the clock-out is ours.
        shift: the source's number of the shift, where it counts them.
        sales_cents: the employee's sales, as the source states them.
        clock: how local times that exist twice were read (``first`` or ``second``), where one was.
    """

    id: str
    employee: str
    job: str
    clock_in: dt.datetime
    business_date: dt.date
    clock_out: dt.datetime | None = None
    job_name: str = ""
    rate: Decimal = Decimal(0)
    breaks: tuple[Break, ...] = ()
    declared_tips_cents: int = 0
    charge_tips_cents: int = 0
    terminal: str = ""
    stated_hours: Decimal | None = None
    stated_pay_cents: int | None = None
    excluded: str = ""
    unknown_employee: bool = False
    part: int = 0
    worked_before: int = 0
    assumed_out: bool = False
    shift: str = ""
    sales_cents: int | None = None
    clock: str = ""

    @property
    def key(self) -> str:
        """The record's key."""
        return f"{self.id}#{self.part}" if self.part else self.id


def worked_seconds(punch: Punch) -> int:
    """Elapsed seconds from in to out less unpaid breaks (as far as they lie inside); 0 while open or excluded.

    Clocks show seconds: of every instant the fraction is left off, so that the parts of a split punch add up.
    """
    if punch.excluded or punch.clock_out is None:
        return 0
    start, end = _second(punch.clock_in), _second(punch.clock_out)
    seconds = _seconds(end - start)
    rested = start  # what lies before it is taken off already: of breaks that overlap, each moment counts once
    for pause in sorted(punch.breaks, key=lambda pause: pause.starts_at):
        if not pause.paid and pause.ends_at is not None:
            begins, ends = max(_second(pause.starts_at), rested), min(_second(pause.ends_at), end)
            seconds -= max(_seconds(ends - begins), 0)
            rested = max(rested, ends)
    return max(seconds, 0)


def _second(instant: dt.datetime) -> dt.datetime:
    return instant.replace(microsecond=0)


def _seconds(elapsed: dt.timedelta) -> int:
    return elapsed.days * 86_400 + elapsed.seconds


def hours(seconds: int) -> Decimal:
    """Hours to four places: 18,240 seconds are 5.0667."""
    return round_half_up(Decimal(seconds) / 3600, _FOUR_PLACES)


def pay_cents(punch: Punch) -> int:
    """Worked hours × rate, rounded half-up to the cent once; 15:57 to 21:01 at 14.00 is 7093.

    Of a part: what the punch earned up to its end less what it earned before it, so that the parts add up to the whole.
    """
    before = punch.worked_before
    earned = _earned(before + worked_seconds(punch), punch.rate)
    return earned - _earned(before, punch.rate) if before else earned


def _earned(seconds: int, rate: Decimal) -> int:
    return int((Decimal(seconds) * rate / 36).quantize(Decimal(1), ROUND_HALF_UP))
