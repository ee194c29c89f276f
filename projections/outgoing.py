"""What is to go out, asked of the views: days and records that are not at the other side as they are here, maybe.

Pure: the same views, forms and books give the same answer. What really differs is decided on the objects themselves.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import Engine, Table, case, func, select

from domain.books import Books
from domain.business_day import APPROVED, COMPLETED
from domain.facts.objects import ObjectType
from domain.identifiers import ObjectId, ScheduleId
from domain.ledger import journal_entries
from domain.outward import (
    ENTRIES,
    FINANCE,
    Document,
    RecordDocument,
    Registering,
    account_documents,
    employee_document,
    entry_documents,
    entry_key,
    going_out,
    going_to_pos,
    job_document,
    location_document,
    notice_key,
    post_from,
    post_on,
    staff_location_document,
)
from domain.outward.schedules import published_document
from domain.outward.staff import ROSTER
from domain.summary import summary_of_bytes
from projections import tables
from projections.noticing import moved_days, notice_of
from projections.object_tables import synced
from projections.outgoing_staff import LONGEST_KEY, staff
from projections.queries import connections
from projections.rows import ConnectionRow
from projections.schedules import schedules
from projections.walls import reading

_SENT: Final = ("first_name", "last_name", "middle_name", "email", "phone")
"""Personal data of employees that goes out; never their social security number, date of birth or address."""

_CUSTOMER: Final = ("name", "first_name", "last_name", "email", "phone", "address", "city", "state", "postal_code")


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked at already, so that it need not be again while nothing moved. To forget it costs time only.

    Attributes:
        at: what was there when it was looked at, by what it is.
    """

    at: dict[tuple[str, ...], tuple[int, ...]]

    def anew(self, what: tuple[str, ...], now: tuple[int, ...]) -> bool:
        """It is another than when it was looked at last; from now on it counts as looked at."""
        if self.at.get(what) == now:
            return False
        self.at[what] = now
        return True

    def forget(self) -> None:
        """Everything is to be looked at again."""
        self.at.clear()


def outgoing(
    engine: Engine,
    client: str,
    writers: Mapping[str, frozenset[ObjectType]],
    books: Books,
    looked: Looked,
    points_of_sale: Collection[str] = (),
) -> Iterator[Registering]:
    """What may have to be registered for a client, read as it is asked for; nothing where nothing moved.

    What was handed out counts as looked at: whoever does not register all of it has to forget what was looked at.

    Args:
        engine: of the views.
        client: whose.
        writers: the types that each system takes, by its key; of systems that take objects.
        books: of the client.
        looked: what need not be looked at again.
        points_of_sale: the keys of those systems that are some: they are told what HR says, and no other's roster.
    """
    after = ""
    while page := connections(engine, client, after=after):
        after = page[-1].connection
        for row in page:
            if row.stage == "established" and row.system in writers:
                is_pos = row.system in points_of_sale
                yield from _of_connection(engine, row, writers[row.system], books, looked, is_pos=is_pos)


def _of_connection(
    engine: Engine,
    row: ConnectionRow,
    takes: frozenset[ObjectType],
    books: Books,
    looked: Looked,
    *,
    is_pos: bool,
) -> Iterator[Registering]:
    types = (going_to_pos if is_pos else going_out)(row.values, takes)
    columns = tables.feeder.c
    wanted = (columns.location, columns.name, columns.number, columns.zone, columns.day_starts, columns.position)
    asked = select(*wanted).where(columns.client == row.client, columns.connection == row.connection)
    with reading(engine, row.client) as connection:
        places = connection.execute(asked.order_by(columns.location)).all()
    if "account" in types and looked.anew((row.client, row.connection, "account"), (books.version, row.position)):
        yield from _records(row, "account", account_documents(books.mapping))
    for place in places:
        if "location" in types:
            yield from _location(row, place, looked, is_pos=is_pos)
    for place in places:
        if is_pos and takes & ROSTER:
            yield from staff(engine, row, place.location, types, looked.anew)
        yield from _rosters(engine, row, place.location, types - ROSTER if is_pos else types, looked)
        yield from _schedules(engine, row, place.location, types, looked)
        yield from _notices(engine, row, place.location, types, looked)
    if types & FINANCE:
        yield from _entries(engine, row, [place.location for place in places], types, books, looked)


def _location(row: ConnectionRow, place: Any, looked: Looked, *, is_pos: bool) -> Iterator[Registering]:
    if not looked.anew((row.client, row.connection, "location", place.location), (place.position, row.position)):
        return
    document = location_document(place.location, place.name, place.number)
    if is_pos:
        said = {name: getattr(place, name) for name in ("name", "number", "zone", "day_starts")}
        document = staff_location_document(place.location, said)
    yield from _records(row, "location", {f"location:{place.location}": document}, place.location)


def _records(
    row: ConnectionRow,
    kind: ObjectType,
    documents: Mapping[str, RecordDocument],
    location: str = "",
    positions: Mapping[str, int] | None = None,
) -> Iterator[Registering]:
    for key, document in documents.items():
        if len(key) <= LONGEST_KEY and key.isprintable():
            one = ObjectId(row.client, row.connection, key)
            yield Registering(one, kind, document, location, position=(positions or {}).get(key, 0))


def _rosters(
    engine: Engine, row: ConnectionRow, location: str, types: frozenset[ObjectType], looked: Looked
) -> Iterator[Registering]:
    """Employees, jobs, customers and items of a location that other connections brought."""
    sources: list[tuple[ObjectType, Table, str, str]] = [
        ("job", tables.job, "job", ""),
        ("employee", tables.employee, "employee", ""),
        ("customer", tables.reference, "number", "house-account"),
        ("item", tables.reference, "number", "menu-item"),
    ]
    for kind, table, key, reference in sources:
        if kind not in types:
            continue
        columns = table.c
        where = [columns.client == row.client, columns.location == location, columns.connection != row.connection]
        if reference:
            where.append(columns.kind == reference)
        with reading(engine, row.client) as connection:
            newest, count = connection.execute(select(func.max(columns.position), func.count()).where(*where)).one()
            if not count or not looked.anew(
                (row.client, row.connection, kind, location), (newest, count, row.position)
            ):
                continue
            known = _derived(connection, row, location, kind)
            found = connection.execute(select(table).where(*where).order_by(columns[key])).mappings().all()
        for record in found:
            name = f"{kind}:{location}:{record[key]}"
            if record["position"] > known.get(name, -1):
                document = _document(kind, record)
                yield from _records(row, kind, {name: document}, location, {name: record["position"]})


def _schedules(
    engine: Engine, row: ConnectionRow, location: str, types: frozenset[ObjectType], looked: Looked
) -> Iterator[Registering]:
    """The schedules of a location that were published, and moved since they were derived."""
    if "schedule" not in types:
        return
    columns = tables.schedule.c
    asked = select(columns.week, columns.position).where(
        columns.client == row.client, columns.location == location, columns.publications > 0
    )
    with reading(engine, row.client) as connection:
        weeks = connection.execute(asked.order_by(columns.week)).all()
        known = _derived(connection, row, location, "schedule")
    for week, position in weeks:
        named = ScheduleId(row.client, location, dt.date.fromisoformat(week))
        what = (row.client, row.connection, "schedule", location, week)
        if position > known.get(named.key, -1) and looked.anew(what, (position,)):
            for found in schedules(engine, row.client, location=location, week=week):
                document = published_document(named, found.schedule)
                one = ObjectId(row.client, row.connection, named.key)
                yield Registering(one, "schedule", document, location, week, found.position)


def _notices(
    engine: Engine, row: ConnectionRow, location: str, types: frozenset[ObjectType], looked: Looked
) -> Iterator[Registering]:
    """The days of a location that moved since the notice of them."""
    if "notice" not in types:
        return
    with reading(engine, row.client) as connection:
        known = _derived(connection, row, location, "notice")
    for moved in moved_days(engine, row.client, location, _begins(row)):
        key = notice_key(moved.day)
        what = (row.client, row.connection, "notice", location, moved.day.date.isoformat())
        if moved.position > known.get(key, -1) and looked.anew(what, (moved.position,)):
            document = notice_of(engine, moved.day)
            one = ObjectId(row.client, row.connection, key)
            yield Registering(one, "notice", document, location, document.date, document.position)


def _begins(row: ConnectionRow) -> dt.date:
    """The first business date that is told of over a connection."""
    return post_from(row.values, row.established_at.date() if row.established_at else dt.date.max)


def _derived(connection: Any, row: ConnectionRow, location: str, kind: ObjectType) -> dict[str, int]:
    """As of which position the objects of a kind at a location were derived, by key."""
    columns = synced.c
    asked = select(columns.key, columns.derived).where(
        columns.client == row.client,
        columns.connection == row.connection,
        columns.location == location,
        columns.type == kind,
    )
    return {found.key: found.derived for found in connection.execute(asked)}


def _document(kind: ObjectType, record: Mapping[Any, Any]) -> RecordDocument:
    if kind == "job":
        return job_document(record["job"], record["name"], record["code"], record["rate"], listed=record["listed"])
    if kind == "employee":
        return employee_document(
            record["employee"],
            record["person"],
            {name: record[name] for name in _SENT},
            {name: record[name] for name in ("payroll_id", "pos_id", "hire_date")},
            _json(record["jobs_json"]),
            active=record["active"] and record["listed"],
        )
    fields = _json(record["record_json"])
    if kind == "customer":
        sealed = {name: str(fields[name]) for name in _CUSTOMER if fields.get(name)}
        person = str(fields.get("person", ""))
        return RecordDocument("customer", record["number"], "", {}, sealed, person, active=record["listed"])
    given = {name: str(fields[name]) for name in ("category", "plu", "sku") if fields.get(name)}
    return RecordDocument("item", record["number"], record["name"], given, active=record["listed"])


def _json(text: str) -> Any:
    return msgspec.json.decode(text)


def _entries(
    engine: Engine,
    row: ConnectionRow,
    locations: Sequence[str],
    types: frozenset[ObjectType],
    books: Books,
    looked: Looked,
) -> Iterator[Registering]:
    """The entries of days that moved since they were derived, or that nothing stands there of."""
    states = (COMPLETED, APPROVED) if post_on(row.values) == "completed" else (APPROVED,)
    columns, known = tables.day.c, synced.c
    asked = (
        select(columns.location, columns.business_date, columns.position)
        .where(
            columns.client == row.client,
            columns.location.in_(locations),
            columns.business_date >= _begins(row).isoformat(),
            columns.state.in_(states),
        )
        .order_by(columns.business_date, columns.location)
    )
    posted = case((known.failure == "unmapped", 0), else_=known.posted_version)
    objects = (
        select(known.location, known.date, func.max(known.derived), func.min(posted))
        .where(known.client == row.client, known.connection == row.connection, known.category == "finance")
        .group_by(known.location, known.date)
    )
    with reading(engine, row.client) as connection:
        days = connection.execute(asked).all()
        derived = {(place, date): (newest, posted) for place, date, newest, posted in connection.execute(objects)}
    for location, date, position in days:
        newest, stands = derived.get((location, date), (-1, 0))
        what = (row.client, row.connection, "entry", location, date)
        if (position > newest or not stands) and looked.anew(what, (position, books.version, row.position)):
            yield from _of_day(engine, row, location, dt.date.fromisoformat(date), types, books)


def _of_day(
    engine: Engine, row: ConnectionRow, location: str, date: dt.date, types: frozenset[ObjectType], books: Books
) -> Iterator[Registering]:
    columns = tables.day.c
    asked = select(columns.document, columns.position).where(
        columns.client == row.client, columns.location == location, columns.business_date == date.isoformat()
    )
    with reading(engine, row.client) as connection:
        found = connection.execute(asked).one()
    documents: Mapping[str, Document] = entry_documents(
        location, date, journal_entries(summary_of_bytes(found.document), books)
    )
    for kind, document in documents.items():
        if ENTRIES[kind] in types:
            one = ObjectId(row.client, row.connection, entry_key(location, date, kind))
            yield Registering(one, ENTRIES[kind], document, location, date.isoformat(), found.position)
