"""Identifiers and the names of streams; the client (tenant) is part of every one."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from domain.business_date import business_date
from domain.refusals import BadIdentifier

FILES: Final = "files"
"""The key of the system of import files; its connection may feed a location beside the one that polls it."""

OURS: Final = "daybook:"
"""What the keys of records begin with that people enter here; a source's key that begins so is refused."""

_OF_NO_LOCATION: Final = frozenset({"account"})
"""What the keys of objects begin with that are of no location; after any other kind stands the location."""

_NOTICE: Final = "notice"
"""What the keys of notices begin with; what they are about comes next, and then the location."""

_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_RECORD: Final = re.compile(r"[a-z][a-z-]{0,39}/[^\x00-\x1f\x7f]{1,200}")


def plain(text: str, what: str) -> str:
    """The text, if it is 1 to 64 letters, digits, dots, dashes or underscores, starting with a letter or digit.

    Args:
        text: what somebody gave.
        what: the noun for the message, for example ``"location"``.

    Raises:
        BadIdentifier: it is not.
    """
    if not _PLAIN.fullmatch(text):
        raise BadIdentifier(
            f"{text[:80]!r} is not a {what} id: use 1 to 64 letters, digits, dots, dashes or underscores, "
            "starting with a letter or digit."
        )
    return text


def record_name(text: str) -> tuple[str, str]:
    """Kind and key of a record's name ``KIND/KEY``, for example ``ticket/chk-17``.

    Raises:
        BadIdentifier: it is not of that form.
    """
    if not _RECORD.fullmatch(text):
        raise BadIdentifier(f"{text[:80]!r} is not a record: write it KIND/KEY, for example ticket/chk-17.")
    kind, _, key = text.partition("/")
    return kind, key


@dataclass(frozen=True, slots=True, order=True)
class DayId:
    """One business day of one location of one client."""

    client: str
    location: str
    date: dt.date

    @property
    def stream(self) -> str:
        """The name of the day's stream: ``business-day:{client}:{location}:{date}``."""
        return f"business-day:{self.client}:{self.location}:{self.date.isoformat()}"


@dataclass(frozen=True, slots=True, order=True)
class ConnectionId:
    """One connection of one client to an outside system."""

    client: str
    connection: str

    @property
    def stream(self) -> str:
        """The name of the connection's stream: ``connection:{client}:{id}``."""
        return f"connection:{self.client}:{self.connection}"


@dataclass(frozen=True, slots=True, order=True)
class BooksId:
    """The books of one client."""

    client: str

    @property
    def stream(self) -> str:
        """The name of the books' stream: ``books:{client}``."""
        return f"books:{self.client}"


@dataclass(frozen=True, slots=True, order=True)
class PeopleId:
    """The people of one client: its users and API keys."""

    client: str

    @property
    def stream(self) -> str:
        """The name of their stream: ``people:{client}``."""
        return f"people:{self.client}"


@dataclass(frozen=True, slots=True, order=True)
class PersonId:
    """One employee of one location, as one connection knows them.

    Attributes:
        location: where; empty for an employee of a system of personnel, who is of no single one.
        employee: the source's id.
    """

    client: str
    connection: str
    location: str
    employee: str

    @property
    def person(self) -> str:
        """The name of the person's key in the vault: the ids before the last have no colon, so no two share one."""
        return f"{self.connection}:{self.location}:{self.employee}"

    @property
    def stream(self) -> str:
        """The name of the person's stream: ``person:{client}:{connection}:{location}:{employee}``."""
        return f"person:{self.client}:{self.person}"


@dataclass(frozen=True, slots=True, order=True)
class SearchesId:
    """The searches for people of one client on one day, UTC."""

    client: str
    date: dt.date

    @property
    def stream(self) -> str:
        """The name of their stream: ``searches:{client}:{date}``."""
        return f"searches:{self.client}:{self.date.isoformat()}"


@dataclass(frozen=True, slots=True, order=True)
class ImportJobId:
    """One data import job of one client."""

    client: str
    job: str

    @property
    def stream(self) -> str:
        """The name of the job's stream: ``import-job:{client}:{id}``."""
        return f"import-job:{self.client}:{self.job}"


@dataclass(frozen=True, slots=True, order=True)
class ImportRunId:
    """One run of a data import job."""

    client: str
    job: str
    run: int

    @property
    def stream(self) -> str:
        """The name of the stream of its parts: ``import-run:{client}:{job}:{run}``."""
        return f"import-run:{self.client}:{self.job}:{self.run}"

    @property
    def name(self) -> str:
        """What ties together all that it set off: ``{job}/{run}``."""
        return f"{self.job}/{self.run}"


@dataclass(frozen=True, slots=True, order=True)
class ImportTurnId:
    """Whose turn it is to import a company, or a location without one.

    Attributes:
        company: our id of either.
    """

    client: str
    company: str

    @property
    def stream(self) -> str:
        """The name of the stream: ``import-turn:{client}:{company}``."""
        return f"import-turn:{self.client}:{self.company}"


@dataclass(frozen=True, slots=True, order=True)
class CustomerId:
    """A customer, to whom clients belong."""

    customer: str

    @property
    def stream(self) -> str:
        """The name of the customer's stream: ``customer:@{customer}``.

        No client can be called so: what is recorded of a customer is among the facts of none of them.
        """
        return f"customer:@{self.customer}"


@dataclass(frozen=True, slots=True, order=True)
class ScheduleId:
    """The schedule of one location of a client in one week.

    Attributes:
        week: its first business date.
    """

    client: str
    location: str
    week: dt.date

    @property
    def stream(self) -> str:
        """The name of the schedule's stream: ``schedule:{client}:{location}:{week}``."""
        return f"schedule:{self.client}:{self.location}:{self.week.isoformat()}"

    @property
    def key(self) -> str:
        """The key of the object that other systems are told of: ``schedule:{location}:{week}``."""
        return f"schedule:{self.location}:{self.week.isoformat()}"


@dataclass(frozen=True, slots=True, order=True)
class ObjectId:
    """One object that a client's connection tells another system of.

    Attributes:
        client: whose.
        connection: to which system.
        key: ``je:{location}:{date}:{kind}``, ``employee:{location}:{id}``, ``location:{id}``, ``account:{number}``,
            ``notice:day:{location}:{date}``, …
    """

    client: str
    connection: str
    key: str

    @property
    def stream(self) -> str:
        """The name of the object's stream: ``object:{client}:{connection}:{key}``."""
        return f"object:{self.client}:{self.connection}:{self.key}"

    @property
    def location(self) -> str:
        """Our id of the location that it is of, as its key says; empty where it is of none."""
        kind, _, rest = self.key.partition(":")
        if kind == _NOTICE:
            rest = rest.partition(":")[2]
        return "" if kind in _OF_NO_LOCATION else rest.partition(":")[0]


@dataclass(frozen=True, slots=True, order=True)
class PersonnelId:
    """The employees that one connection to a system of personnel tells of."""

    client: str
    connection: str

    @property
    def stream(self) -> str:
        """The name of their stream: ``personnel:{client}:{connection}``."""
        return f"personnel:{self.client}:{self.connection}"

    def person(self, employee: str) -> PersonId:
        """One of them, who is of no single location."""
        return PersonId(self.client, self.connection, "", employee)


def personnel_of(stream: str) -> PersonnelId | None:
    """The personnel that a stream is of, or None where it is another aggregate's."""
    if not stream.startswith("personnel:"):
        return None
    _, client, connection = stream.split(":")
    return PersonnelId(client, connection)


def object_of(stream: str) -> ObjectId | None:
    """The object that a stream is of, or None where it is another aggregate's."""
    if not stream.startswith("object:"):
        return None
    _, client, connection, key = stream.split(":", 3)
    return ObjectId(client, connection, key)


def schedule_of(stream: str) -> ScheduleId | None:
    """The schedule that a stream is of, or None where it is another aggregate's."""
    if not stream.startswith("schedule:"):
        return None
    _, client, location, week = stream.split(":")
    return ScheduleId(client, location, business_date(week))


def customer_of(stream: str) -> CustomerId | None:
    """The customer that a stream is of, or None where it is another aggregate's."""
    return CustomerId(stream.partition(":@")[2]) if stream.startswith("customer:@") else None


def day_of(stream: str) -> DayId | None:
    """The day that a stream is of, or None where it is another aggregate's."""
    if not stream.startswith("business-day:"):
        return None
    _, client, location, date = stream.split(":")
    return DayId(client, location, business_date(date))


def connection_of(stream: str) -> ConnectionId | None:
    """The connection that a stream is of, or None where it is another aggregate's."""
    if not stream.startswith("connection:"):
        return None
    _, client, connection = stream.split(":")
    return ConnectionId(client, connection)


def person_of(stream: str) -> PersonId | None:
    """The person that a stream is of, or None where it is another aggregate's."""
    if not stream.startswith("person:"):
        return None
    _, client, connection, location, employee = stream.split(":", 4)
    return PersonId(client, connection, location, employee)


def import_job_of(stream: str) -> ImportJobId | None:
    """The data import job that a stream is of, or None where it is another aggregate's."""
    if not stream.startswith("import-job:"):
        return None
    _, client, job = stream.split(":")
    return ImportJobId(client, job)


def import_run_of(stream: str) -> ImportRunId | None:
    """The run of a data import job that a stream is of, or None where it is another aggregate's."""
    if not stream.startswith("import-run:"):
        return None
    _, client, job, run = stream.split(":")
    return ImportRunId(client, job, int(run))


def client_of(stream: str) -> str:
    """The client that a stream belongs to: the second part of its name, whatever the aggregate."""
    return stream.split(":", 2)[1]
