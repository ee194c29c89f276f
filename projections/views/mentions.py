"""Mentions: which fact names which id, so that any id leads to every stream that it touched."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from domain.facts import ABSENT, Change, Entry
from domain.facts.people import KeyFact, UserFact
from domain.facts.saying import saying, told
from domain.facts.schedules import ScheduleChanged
from domain.identifiers import ObjectId, client_of, connection_of, day_of, object_of, person_of, schedule_of
from projections.batches import Batch
from projections.tables import mention
from projections.views.view import View
from projections.writing import Row, Writer

LONGEST_ID: Final = 250
"""Longer ids are not looked for."""

RECEIPT_NUMBER: Final = "receipt number"
EMPLOYEE: Final = "employee"

_Meanings = Mapping[str, str]

_OWN: Final[Mapping[str, _Meanings]] = {
    "ticket": {"number": RECEIPT_NUMBER},
    "late-void": {"ticket": "ticket"},
    "punch": {"id": "punch"},
    "deposit": {"number": "deposit number"},
    "employee": {"pos_id": "employee's number at the point of sale", "payroll_id": "payroll id", "person": "person"},
}
"""By the kind of a record its fields with ids that lead to it, and what they are; its key does so anyway."""

_OTHERS: Final = {"server": EMPLOYEE, "employee": EMPLOYEE, "by": EMPLOYEE}
"""Fields with ids of others, whatever the record: of many records in a fact one row is enough."""


_OF_PEOPLE_HERE: Final = frozenset({"comment", "tag"})
"""Kinds whose ``by`` is who entered them here, and no employee of the source."""


class _Named(msgspec.Struct, gc=False):
    """The fields of records that hold ids; a record of any kind is read as far as it has them."""

    id: Any = ""
    number: Any = ""
    ticket: Any = ""
    server: Any = ""
    employee: Any = ""
    by: Any = ""
    pos_id: Any = ""
    payroll_id: Any = ""
    person: Any = ""


_DECODE: Final = msgspec.json.Decoder(_Named).decode

Mention = tuple[str, str, str]
"""Id, meaning, and the record that it leads to or nothing."""


def project(batch: Batch, writer: Writer) -> None:
    """One row for each id that a fact names, of every fact."""
    rows: list[Row] = []
    for entry in batch.entries:
        client = client_of(entry.stream)
        rows += [
            (client, id_, meaning, entry.stream, record, entry.position)
            for id_, meaning, record in sorted(set(mentioned(entry)))
            if 0 < len(id_) <= LONGEST_ID and "\0" not in id_
        ]
    writer.add(mention, rows)


def mentioned(entry: Entry) -> Iterator[Mention]:
    """The ids that a fact names, some of them more than once."""
    by = entry.provenance
    yield by.command, "command", ""
    if by.correlation != by.command:
        yield by.correlation, "correlation", ""
    yield by.cause, "cause", ""
    found = told(entry.fact)
    yield found.capture, "capture", ""
    one = object_of(entry.stream)
    if one is not None:
        yield from _of_object(one, entry)
    connection, person = connection_of(entry.stream), person_of(entry.stream)
    if person is not None:
        yield person.employee, EMPLOYEE, ""
        yield person.person, "person", ""
    yield connection.connection if connection else found.connection, "connection", ""
    yield location_of(entry), "location", ""
    if isinstance(entry.fact, UserFact):
        yield entry.fact.login, "user", ""
    elif isinstance(entry.fact, KeyFact):
        yield entry.fact.key, "API key", ""
    elif isinstance(entry.fact, ScheduleChanged):
        yield from _of_shifts(entry.fact)
    for file in found.attempt.files if found.attempt else ():
        yield file.digest, "file", ""
    for change in saying(entry.fact).changes:
        yield from _of_record(change)


def _of_object(one: ObjectId, entry: Entry) -> Iterator[Mention]:
    yield one.key, "object", ""
    yield one.connection, "connection", ""
    for name, meaning in (("reference", "reference"), ("document", "capture"), ("external_id", "external id")):
        yield _text(getattr(entry.fact, name, "")), meaning, ""


def location_of(entry: Entry) -> str:
    """The one location that a fact is of, or empty: what is a client's own or a connection's is of none."""
    day, one = day_of(entry.stream) or schedule_of(entry.stream), object_of(entry.stream)
    if one is not None:
        return one.location
    return day.location if day else _text(getattr(entry.fact, "location", ""))


def _of_shifts(fact: ScheduleChanged) -> Iterator[Mention]:
    for change in fact.changes:
        yield change.id, "shift", ""
        for shift in (change.before, change.after):
            if shift is not None:
                yield shift.employee, EMPLOYEE, ""


def _of_record(change: Change) -> Iterator[Mention]:
    record = f"{change.kind}/{change.key}"
    yield change.key, change.kind, record
    own = _OWN.get(change.kind, {})
    for data in (change.before, change.after):
        if data == ABSENT:
            continue
        named = _DECODE(data)
        for field, meaning in own.items():
            yield _text(getattr(named, field)), meaning, record
        if change.kind in _OF_PEOPLE_HERE:
            continue
        for field, meaning in _OTHERS.items():
            yield _text(getattr(named, field)), meaning, ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


VIEW: Final = View("mentions", (mention,), project)
