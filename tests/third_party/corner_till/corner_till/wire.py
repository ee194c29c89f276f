"""Their JSON: only these fields are kept, and personal ones never as they came."""

import datetime as dt

import msgspec


class Store(msgspec.Struct, frozen=True):
    """A store that the token opens."""

    id: str
    name: str
    zone: str
    company: str
    company_name: str


class Line(msgspec.Struct, frozen=True):
    """A line of a ticket; amounts are decimal strings."""

    id: str
    name: str
    category: str
    amount: str


class Paid(msgspec.Struct, frozen=True):
    """A payment on a ticket."""

    id: str
    tender: str
    amount: str


class Sale(msgspec.Struct, frozen=True):
    """A ticket of the day."""

    id: str
    number: str
    opened: dt.datetime
    closed: dt.datetime
    guests: int
    tax: str
    lines: list[Line]
    payments: list[Paid]


class Person(msgspec.Struct, frozen=True):
    """Somebody who works there."""

    id: str
    first_name: str
    last_name: str
    middle_name: str = ""
    email: str = ""
    phone: str = ""
    payroll_id: str = ""
    hired: str = ""
    active: bool = True
    jobs: list[str] = []
    rates: dict[str, str] = {}


class SealedPerson(msgspec.Struct, frozen=True, omit_defaults=True):
    """The same as it is captured: names, e-mail and phone sealed under the key of the person."""

    id: str
    person: str
    first_name: str
    last_name: str
    middle_name: str = ""
    email: str = ""
    phone: str = ""
    payroll_id: str = ""
    hired: str = ""
    active: bool = True
    jobs: list[str] = []
    rates: dict[str, str] = {}


class Job(msgspec.Struct, frozen=True):
    """What people work as."""

    id: str
    name: str
    active: bool = True


class Shift(msgspec.Struct, frozen=True):
    """A shift of the day."""

    id: str
    person: str
    job: str
    begins: dt.datetime
    ends: dt.datetime
    rate: str


class Day(msgspec.Struct, frozen=True):
    """A whole day of a store, in one answer."""

    store: str
    date: dt.date
    sales: list[Sale]
    people: list[Person]
    shifts: list[Shift]
    jobs: list[Job] = []
