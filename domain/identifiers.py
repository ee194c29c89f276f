"""Identifiers and the names of streams; the client (tenant) is part of every one."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import ClassVar, Final

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


class _Streamed:
    """What has a stream of its own: the name is the kind of aggregate, and then every field, with colons between."""

    __slots__ = ()
    __match_args__: ClassVar[tuple[str, ...]]
    aggregate: ClassVar[str]

    @property
    def stream(self) -> str:
        """The name of its stream."""
        return ":".join([self.aggregate, *(str(getattr(self, name)) for name in self.__match_args__)])


@dataclass(frozen=True, slots=True, order=True)
class DayId(_Streamed):
    """One business day of one location of one client. Its stream is ``business-day:{client}:{location}:{date}``."""

    aggregate: ClassVar[str] = "business-day"

    client: str
    location: str
    date: dt.date


@dataclass(frozen=True, slots=True, order=True)
class ConnectionId(_Streamed):
    """One connection of one client to an outside system. Its stream is ``connection:{client}:{id}``."""

    aggregate: ClassVar[str] = "connection"

    client: str
    connection: str


@dataclass(frozen=True, slots=True, order=True)
class BooksId(_Streamed):
    """The books of one client. Its stream is ``books:{client}``."""

    aggregate: ClassVar[str] = "books"

    client: str


@dataclass(frozen=True, slots=True, order=True)
class PeopleId(_Streamed):
    """The people of one client: its users and API keys. Its stream is ``people:{client}``."""

    aggregate: ClassVar[str] = "people"

    client: str


@dataclass(frozen=True, slots=True, order=True)
class PersonId(_Streamed):
    """One employee of one location, as one connection knows them.

    Its stream is ``person:{client}:{connection}:{location}:{employee}``.

    Attributes:
        location: where; empty for an employee of a system of personnel, who is of no single one.
        employee: the source's id.
    """

    aggregate: ClassVar[str] = "person"

    client: str
    connection: str
    location: str
    employee: str

    @property
    def person(self) -> str:
        """The name of the person's key in the vault: the ids before the last have no colon, so no two share one."""
        return f"{self.connection}:{self.location}:{self.employee}"


@dataclass(frozen=True, slots=True, order=True)
class SearchesId(_Streamed):
    """The searches for people of one client on one day, UTC. Its stream is ``searches:{client}:{date}``."""

    aggregate: ClassVar[str] = "searches"

    client: str
    date: dt.date


@dataclass(frozen=True, slots=True, order=True)
class ImportJobId(_Streamed):
    """One data import job of one client. Its stream is ``import-job:{client}:{id}``."""

    aggregate: ClassVar[str] = "import-job"

    client: str
    job: str


@dataclass(frozen=True, slots=True, order=True)
class ImportRunId(_Streamed):
    """One run of a data import job. Its stream is ``import-run:{client}:{job}:{run}``."""

    aggregate: ClassVar[str] = "import-run"

    client: str
    job: str
    run: int

    @property
    def name(self) -> str:
        """What ties together all that it set off: ``{job}/{run}``."""
        return f"{self.job}/{self.run}"


@dataclass(frozen=True, slots=True, order=True)
class ImportTurnId(_Streamed):
    """Whose turn it is to import a company, or a location without one.

    Its stream is ``import-turn:{client}:{company}``.

    Attributes:
        company: our id of either.
    """

    aggregate: ClassVar[str] = "import-turn"

    client: str
    company: str


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
class ScheduleId(_Streamed):
    """The schedule of one location of a client in one week. Its stream is ``schedule:{client}:{location}:{week}``.

    Attributes:
        week: its first business date.
    """

    aggregate: ClassVar[str] = "schedule"

    client: str
    location: str
    week: dt.date

    @property
    def key(self) -> str:
        """The key of the object that other systems are told of: ``schedule:{location}:{week}``."""
        return f"schedule:{self.location}:{self.week.isoformat()}"


@dataclass(frozen=True, slots=True, order=True)
class ObjectId(_Streamed):
    """One object that a client's connection tells another system of.

    Its stream is ``object:{client}:{connection}:{key}``.

    Attributes:
        client: whose.
        connection: to which system.
        key: ``je:{location}:{date}:{kind}``, ``employee:{location}:{id}``, ``location:{id}``, ``account:{number}``,
            ``notice:day:{location}:{date}``, …
    """

    aggregate: ClassVar[str] = "object"

    client: str
    connection: str
    key: str

    @property
    def location(self) -> str:
        """Our id of the location that it is of, as its key says; empty where it is of none."""
        kind, _, rest = self.key.partition(":")
        if kind == _NOTICE:
            rest = rest.partition(":")[2]
        return "" if kind in _OF_NO_LOCATION else rest.partition(":")[0]


@dataclass(frozen=True, slots=True, order=True)
class PersonnelId(_Streamed):
    """The employees that one connection to a system of personnel tells of.

    Its stream is ``personnel:{client}:{connection}``.
    """

    aggregate: ClassVar[str] = "personnel"

    client: str
    connection: str

    def person(self, employee: str) -> PersonId:
        """One of them, who is of no single location."""
        return PersonId(self.client, self.connection, "", employee)


def _parts(stream: str, kind: type[_Streamed]) -> list[str] | None:
    """What stands in the name of a stream, a text for each field; None where it is another aggregate's.

    The last field may have colons itself.
    """
    aggregate, _, rest = stream.partition(":")
    return rest.split(":", len(kind.__match_args__) - 1) if aggregate == kind.aggregate else None


def personnel_of(stream: str) -> PersonnelId | None:
    """The personnel that a stream is of, or None where it is another aggregate's."""
    parts = _parts(stream, PersonnelId)
    return None if parts is None else PersonnelId(*parts)


def object_of(stream: str) -> ObjectId | None:
    """The object that a stream is of, or None where it is another aggregate's."""
    parts = _parts(stream, ObjectId)
    return None if parts is None else ObjectId(*parts)


def schedule_of(stream: str) -> ScheduleId | None:
    """The schedule that a stream is of, or None where it is another aggregate's."""
    if (parts := _parts(stream, ScheduleId)) is None:
        return None
    client, location, week = parts
    return ScheduleId(client, location, business_date(week))


def customer_of(stream: str) -> CustomerId | None:
    """The customer that a stream is of, or None where it is another aggregate's."""
    return CustomerId(stream.partition(":@")[2]) if stream.startswith("customer:@") else None


def day_of(stream: str) -> DayId | None:
    """The day that a stream is of, or None where it is another aggregate's."""
    if (parts := _parts(stream, DayId)) is None:
        return None
    client, location, date = parts
    return DayId(client, location, business_date(date))


def connection_of(stream: str) -> ConnectionId | None:
    """The connection that a stream is of, or None where it is another aggregate's."""
    parts = _parts(stream, ConnectionId)
    return None if parts is None else ConnectionId(*parts)


def person_of(stream: str) -> PersonId | None:
    """The person that a stream is of, or None where it is another aggregate's."""
    parts = _parts(stream, PersonId)
    return None if parts is None else PersonId(*parts)


def import_job_of(stream: str) -> ImportJobId | None:
    """The data import job that a stream is of, or None where it is another aggregate's."""
    parts = _parts(stream, ImportJobId)
    return None if parts is None else ImportJobId(*parts)


def import_run_of(stream: str) -> ImportRunId | None:
    """The run of a data import job that a stream is of, or None where it is another aggregate's."""
    if (parts := _parts(stream, ImportRunId)) is None:
        return None
    client, job, run = parts
    return ImportRunId(client, job, int(run))


def client_of(stream: str) -> str:
    """The client that a stream belongs to: the second part of its name, whatever the aggregate."""
    return stream.split(":", 2)[1]
