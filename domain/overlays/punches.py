"""Punches that managers edit, add or strike out: over the source's, which stay recorded as they are."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Final, cast

import msgspec

from domain.business_day import BusinessDay
from domain.business_day.overlays import raw_of
from domain.facts import OverlayEntered, OverlayWithdrawn
from domain.facts.catalogue import DayFact
from domain.overlays.guarding import check_agreed, check_open, next_key
from domain.polling import Options
from domain.polling.labor import counted_long, counted_short
from domain.records import Break, Employee, Job, Punch, canonical, decode
from domain.refusals import NotFound, Refusal

LONGEST_SHIFT: Final = dt.timedelta(hours=72)
"""From clock-in to clock-out at most: what is longer is a slip of the pen."""

MOST_RATE: Final = Decimal(10_000)
MOST_PLACES: Final = 4
MOST_TIPS_CENTS: Final = 10_000_000
MOST_BREAKS: Final = 20
MOST_EDITS: Final = 500
"""Punches of one day that are edited, added or struck out at most."""


class BadPunch(Refusal):
    """What a punch was to be is no punch of this business day."""


class NoSuchPunch(NotFound):
    """The day has no punch of that id, or it is struck out."""


@dataclass(frozen=True, slots=True)
class PunchFields:
    """What of a punch is to change; None: stays as it is.

    Attributes:
        clock_in: aware.
        clock_out: aware.
        breaks: all of them.
        job: the source's job id.
        rate: pay per hour.
        declared_tips_cents: tips that the employee declared.
    """

    clock_in: dt.datetime | None = None
    clock_out: dt.datetime | None = None
    breaks: tuple[Break, ...] | None = None
    job: str | None = None
    rate: Decimal | None = None
    declared_tips_cents: int | None = None

    @property
    def given(self) -> dict[str, Any]:
        """Those that are to change, by name."""
        return {field.name: value for field in fields(self) if (value := getattr(self, field.name)) is not None}


@dataclass(frozen=True, slots=True)
class Workplace:
    """What is known of who works at a location.

    Attributes:
        employees: by id.
        jobs: by id.
        options: the polling options that the day was read with.
    """

    employees: Mapping[str, Employee]
    jobs: Mapping[str, Job]
    options: Options

    def job(self, job: str) -> Job:
        """A job of the location.

        Raises:
            BadPunch: there is none of that id.
        """
        if job not in self.jobs:
            known = ", ".join(sorted(self.jobs)[:10]) or "none"
            raise BadPunch(f"There is no job {job[:60]!r} at this location. Its jobs: {known}.")
        return self.jobs[job]


def decide_edit_punch(
    day: BusinessDay, key: str, edited: PunchFields, place: Workplace
) -> tuple[OverlayEntered | OverlayWithdrawn, ...]:
    """The fact that a punch is shown otherwise than its source says; none where it is shown so already.

    Edited back to what the source says, it is the source's again.

    Raises:
        DayIsApproved, ConflictOpen: it cannot be edited now.
        NoSuchPunch: the day shows none of that key.
        BadPunch: what it was to be is no punch of this day.
    """
    check_open(day)
    known = _shown(day, key)
    check_agreed(day, "punch", key)
    if not edited.given:
        raise BadPunch("Say what is to change: clock-in, clock-out, breaks, job, rate or declared tips.")
    made = _edited(known, edited, place)
    _check(made, edited, day)
    return _entered(day, key, made)


def decide_add_punch(
    day: BusinessDay, employee: str, added: PunchFields, business_date: dt.date, place: Workplace
) -> tuple[OverlayEntered, ...]:
    """The fact that a punch is shown which the source does not have: somebody forgot to clock in.

    Without a rate it is the employee's in that job, or else the job's.

    Raises:
        DayIsApproved: nothing is entered on it.
        BadPunch: the employee or job is not the location's, something is missing, or it is no punch of this day.
    """
    check_open(day)
    if employee not in place.employees:
        raise BadPunch(
            f"There is no employee {employee[:60]!r} on the roster of this location: add them at the source."
        )
    if added.clock_in is None or added.clock_out is None or added.job is None:
        raise BadPunch("A punch that is added needs a clock-in, a clock-out and a job.")
    job = place.job(added.job)
    rates = {own.job: own.rate for own in place.employees[employee].jobs}
    blank = Punch(
        id=next_key(day),
        employee=employee,
        job=job.id,
        clock_in=added.clock_in,
        business_date=business_date,
        rate=rates.get(job.id, job.rate),
    )
    made = _edited(blank, added, place)
    _check(made, added, day)
    return cast("tuple[OverlayEntered, ...]", _entered(day, blank.id, made))


def decide_strike_punch(day: BusinessDay, key: str) -> tuple[DayFact, ...]:
    """The fact that a punch is shown no longer; one that was added here is withdrawn.

    Raises:
        DayIsApproved, ConflictOpen: it cannot be struck out now.
        NoSuchPunch: the day shows none of that key.
    """
    check_open(day)
    _shown(day, key)
    check_agreed(day, "punch", key)
    return _entered(day, key, None)


def _shown(day: BusinessDay, key: str) -> Punch:
    known = day.shown.get("punch", {}).get(key)
    if known is None:
        if day.deleted:
            said = "its summary was deleted, and shows none until it is polled again"
        elif ("punch", key) in day.overlays:
            said = "it is struck out: withdraw that first"
        else:
            said = "`daybook history` and the labor of the day list them"
        raise NoSuchPunch(f"The day shows no punch {key[:80]!r}: {said}.")
    return cast("Punch", decode("punch", known))


def _edited(punch: Punch, edited: PunchFields, place: Workplace) -> Punch:
    """The punch with what is given; whether it counts is decided anew, as when it is read.

    Raises:
        BadPunch: what is given cannot stand in any punch.
    """
    _check_given(edited)
    given = {name: _in_utc(value) for name, value in edited.given.items()}
    if edited.rate == punch.rate:
        del given["rate"]  # however many places it is written with
    if edited.job is not None:
        given["job_name"] = place.job(edited.job).name
    if punch.assumed_out and edited.clock_out is None and edited.clock_in is not None:
        given["clock_out"] = None  # it was ours, and follows the clock-in
    assumed = punch.assumed_out and "clock_out" not in given
    made = msgspec.structs.replace(punch, **{**given, "excluded": "", "assumed_out": assumed})
    return (counted_long if place.options.allow_24_hour_punches else counted_short)(made)


def _in_utc(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC)
    if isinstance(value, tuple):
        return tuple([Break(_in_utc(one.starts_at), _in_utc(one.ends_at), one.paid) for one in value])
    return value


def _check_given(edited: PunchFields) -> None:
    breaks = edited.breaks or ()
    if len(breaks) > MOST_BREAKS:
        raise BadPunch(f"A punch has up to {MOST_BREAKS} breaks.")
    instants = [edited.clock_in, edited.clock_out, *[at for one in breaks for at in (one.starts_at, one.ends_at)]]
    if any(at is not None and at.tzinfo is None for at in instants):
        raise BadPunch("A time needs its offset, for example 2026-11-21T17:10:00-05:00.")
    rate = edited.rate
    if rate is not None and not (rate.is_finite() and 0 <= rate <= MOST_RATE and _places(rate) <= MOST_PLACES):
        raise BadPunch(f"A rate is 0 to {MOST_RATE} an hour, with up to {MOST_PLACES} places.")
    tips = edited.declared_tips_cents
    if tips is not None and not 0 <= tips <= MOST_TIPS_CENTS:
        raise BadPunch("Declared tips are 0.00 to 100,000.00.")


def _check(punch: Punch, edited: PunchFields, day: BusinessDay) -> None:
    """Refuse what is no punch of this day.

    Raises:
        BadPunch: it is none.
    """
    starts, ends, out = day.starts_at, day.ends_at, punch.clock_out
    if edited.clock_in is not None and starts and ends and not starts <= punch.clock_in < ends:
        raise BadPunch(
            f"The clock-in {_said(punch.clock_in)} is not of this business day, which is {_said(starts)} to "
            f"{_said(ends)}: a punch is of the day on which it begins."
        )
    if out is not None and (edited.clock_in or edited.clock_out):
        if out <= punch.clock_in:
            raise BadPunch("The clock-out has to come after the clock-in.")
        if out - punch.clock_in > LONGEST_SHIFT:
            raise BadPunch("From clock-in to clock-out are more than 72 hours: look at the dates.")
    for one in punch.breaks if edited.breaks is not None else ():
        if one.ends_at is None or one.ends_at <= one.starts_at:
            raise BadPunch("A break has an end, which comes after its beginning.")
        if one.starts_at < punch.clock_in or (out is not None and one.ends_at > out):
            raise BadPunch("A break lies between the clock-in and the clock-out.")


def _places(number: Decimal) -> int:
    return -int(number.as_tuple().exponent)


def _said(instant: dt.datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"


def _entered(day: BusinessDay, key: str, made: Punch | None) -> tuple[OverlayEntered | OverlayWithdrawn, ...]:
    """What says that a punch is shown so, or not at all."""
    source = day.records.get("punch", {}).get(key)
    before = day.shown.get("punch", {}).get(key)
    after = None if made is None else canonical(made)[2]
    if after == before:
        return ()
    if after == source:
        return (OverlayWithdrawn("punch", key, raw_of(before), raw_of(after), day.generation),)
    if sum(kind == "punch" for kind, _ in day.overlays) >= MOST_EDITS and ("punch", key) not in day.overlays:
        raise BadPunch(f"{MOST_EDITS} punches of this day are edited already: more are not taken.")
    return (OverlayEntered("punch", key, raw_of(before), raw_of(after), raw_of(source), day.generation),)
