"""A person: whose data was opened, is restricted, is held, and at last is destroyed."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from domain.facts import DataOpened, PersonHeld, PersonReleased, PersonRestricted, PersonShredded
from domain.facts.catalogue import PersonFact
from domain.records.people import PERSONAL_FIELDS
from domain.refusals import Conflict, Refusal

RETENTION_YEARS: Final = 7
"""How long data on wages is kept after the last punch, unless a setting says otherwise."""

ADULT_YEARS: Final = 18

Way = Literal["field", "export"]


class BadPersonalField(Refusal):
    """A field that is to be opened is no personal field, or none is named."""


class DataRestricted(Conflict):
    """The person is to be forgotten: nothing of their data opens any more."""


class LegalHold(Conflict):
    """A legal hold keeps the person's data."""


class RetentionNotOver(Conflict):
    """The person's data is kept still: its destruction is not due."""


@dataclass(frozen=True, slots=True)
class Person:
    """What was done with a person's data, as of some moment.

    Attributes:
        version: how many facts there are.
        due: the first day on which the data may be destroyed; None unless it is restricted.
        held: a legal hold keeps it.
        shredded: it is destroyed.
    """

    version: int = 0
    due: dt.date | None = None
    held: bool = False
    shredded: bool = False


NEW_PERSON: Final = Person()


def fold(facts: Iterable[PersonFact], person: Person = NEW_PERSON) -> Person:
    """The person after these facts, in their order. Total: it accepts whatever was recorded, and guards nothing."""
    for fact in facts:
        person = replace(person, version=person.version + 1)
        if isinstance(fact, PersonRestricted):
            person = replace(person, due=fact.due)
        elif isinstance(fact, PersonHeld | PersonReleased):
            person = replace(person, held=isinstance(fact, PersonHeld))
        elif isinstance(fact, PersonShredded):
            person = replace(person, shredded=True)
    return person


def decide_open(
    person: Person, location: str, employee: str, fields: Sequence[str], way: Way = "field"
) -> tuple[DataOpened, ...]:
    """The fact that somebody opens fields of a person's data; each opening is one of its own.

    Raises:
        BadPersonalField: one is no personal field, or none is named.
        DataRestricted: nothing opens any more.
    """
    chosen = checked_fields(fields)
    if person.due is not None or person.shredded:
        raise DataRestricted(
            f"The employee {employee!r} of {location} is to be forgotten: nothing of the personal data opens any more."
        )
    return (DataOpened(location, employee, chosen, way),)


def checked_fields(fields: Sequence[str]) -> tuple[str, ...]:
    """Personal fields, each once, in the order of the record.

    Raises:
        BadPersonalField: one is no personal field, or none is named.
    """
    unknown = sorted(set(fields) - set(PERSONAL_FIELDS))
    if unknown or not fields:
        named = f"{unknown[0][:40]!r} is no personal field" if unknown else "No field is named"
        raise BadPersonalField(f"{named}. Personal fields: {', '.join(PERSONAL_FIELDS)}.")
    return tuple([name for name in PERSONAL_FIELDS if name in fields])


def decide_forget(
    person: Person, location: str, employee: str, *, last_worked: dt.date | None, years: int, today: dt.date
) -> tuple[PersonRestricted, ...]:
    """The fact that a person is to be forgotten; none where that is so already.

    Args:
        person: as recorded.
        location: where they are employed.
        employee: the source's id of the person there.
        last_worked: the business date of the last punch, or None where there is none: then there is nothing to keep.
        years: for how long data on wages is kept after it.
        today: the date.

    Raises:
        LegalHold: a legal hold keeps the data.
    """
    if person.due is not None or person.shredded:
        return ()
    if person.held:
        raise LegalHold(
            f"A legal hold keeps the data of the employee {employee!r} of {location}: it can be neither restricted nor "
            "destroyed before that is over. The record of readings says who placed it, when and why."
        )
    return (PersonRestricted(location, employee, last_worked, years, due_on(last_worked, years, today)),)


def due_on(last_worked: dt.date | None, years: int, otherwise: dt.date) -> dt.date:
    """The first day on which data on wages need not be kept any more."""
    if last_worked is None:
        return otherwise
    return later_by(last_worked, years) + dt.timedelta(days=1)


def later_by(date: dt.date, years: int) -> dt.date:
    """The same day so many years later; of a leap day the last of February."""
    year = min(date.year + years, dt.MAXYEAR)
    try:
        return date.replace(year=year)
    except ValueError:
        return date.replace(year=year, day=28)


def decide_hold(person: Person, location: str, employee: str) -> tuple[PersonHeld, ...]:
    """The fact that a legal hold keeps a person's data; none where one does.

    Raises:
        DataRestricted: it is destroyed already.
    """
    if person.shredded:
        raise DataRestricted(f"The data of the employee {employee!r} of {location} is destroyed: nothing can be held.")
    return () if person.held else (PersonHeld(location, employee),)


def decide_release(person: Person, location: str, employee: str) -> tuple[PersonReleased, ...]:
    """The fact that the legal hold is over; none where there is none."""
    return (PersonReleased(location, employee),) if person.held else ()


def decide_shred(
    person: Person, location: str, employee: str, *, last_worked: dt.date | None, years: int, today: dt.date
) -> tuple[PersonShredded, ...]:
    """The fact that a person's data is destroyed; none where it is.

    What is due is asked anew: the person may have worked since, and the setting may be another one. It is never before
    what was said when they were restricted.

    Raises:
        RetentionNotOver: nobody asked for it, or it is not due yet.
        LegalHold: a legal hold keeps the data.
    """
    if person.shredded:
        return ()
    if person.due is None:
        raise RetentionNotOver(f"Nobody asked that the employee {employee!r} of {location} be forgotten.")
    if person.held:
        raise LegalHold(f"A legal hold keeps the data of the employee {employee!r} of {location}.")
    due = max(person.due, due_on(last_worked, years, person.due))
    if today < due:
        raise RetentionNotOver(f"The data of the employee {employee!r} of {location} is kept until {due}.")
    return (PersonShredded(location, employee),)


def is_minor(born: str, on: dt.date) -> bool | None:
    """Somebody is not 18 yet on a date; None where their date of birth is not known or cannot be read.

    Args:
        born: ``1988-02-13`` or ``1988/02/13``, with or without a time.
        on: the date.
    """
    try:
        date = dt.date.fromisoformat(born.strip()[:10].replace("/", "-"))
    except ValueError:
        return None
    return (on.year - date.year, on.month, on.day) < (ADULT_YEARS, date.month, date.day) if date <= on else None


def last_four(number: str) -> str | None:
    """The last four digits of a social security number, or of as much of it as is kept; None where none is known."""
    digits = [letter for letter in number if letter in "0123456789"]
    return "".join(digits[-4:]) if len(digits) >= 4 else None
