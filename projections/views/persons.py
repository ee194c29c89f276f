"""People whose data was restricted, held or destroyed, and who read what of whose personal data."""

from typing import Any, Final

from sqlalchemy import select

from domain.facts import DataOpened, Entry, PersonHeld, PersonReleased, PersonRestricted, PersonShredded, PersonSought
from domain.facts.catalogue import PersonFact
from domain.identifiers import PersonId, client_of, person_of
from projections.batches import Batch
from projections.tables import person as person_table
from projections.tables import reading
from projections.views.view import View
from projections.words import instant_text, json_text
from projections.writing import Row, Writer, as_row


def project(batch: Batch, writer: Writer) -> None:
    """Bring the tables up to date: the facts about persons and searches, one after the other; they are few."""
    read: list[Row] = []
    for entry in batch.entries:
        fact = entry.fact
        if isinstance(fact, PersonSought):
            read += _found(entry, fact)
        elif isinstance(fact, DataOpened):
            read.append(_reading(entry, 0, person_of(entry.stream), fact.way, fact.fields))
        elif isinstance(fact, PersonFact):
            _follow(entry, fact, writer)
    writer.add(reading, read)


def _found(entry: Entry, fact: PersonSought) -> list[Row]:
    found = [person_of(f"person:{client_of(entry.stream)}:{name}") for name in fact.found] or [None]
    return [_reading(entry, place, person, "search", (fact.field,)) for place, person in enumerate(found)]


def _reading(entry: Entry, place: int, person: PersonId | None, way: str, fields: tuple[str, ...]) -> Row:
    whose = ("", "", "") if person is None else (person.location, person.employee, person.connection)
    by = entry.provenance
    when = instant_text(entry.recorded_at)
    place_in_log = (client_of(entry.stream), entry.position, place)
    return (*place_in_log, *whose, way, json_text(fields), by.actor, by.reason, when, by.command)


def _follow(entry: Entry, fact: PersonFact, writer: Writer) -> None:
    person = person_of(entry.stream)
    assert person is not None  # noqa: S101 - these facts are in no other streams
    key = {name: getattr(person, name) for name in ("client", "location", "employee", "connection")}
    matches = [person_table.c[name] == value for name, value in key.items()]
    known = writer.execute(select(person_table).where(*matches)).mappings().first()
    row: dict[str, Any] = dict(known) if known is not None else {**_NOTHING, **key}
    row |= {"version": entry.version, "position": entry.position, **_told(entry, fact)}
    writer.put(person_table, [as_row(person_table, row)])


def _told(entry: Entry, fact: PersonFact) -> dict[str, str]:
    by, at = entry.provenance, instant_text(entry.recorded_at)
    match fact:
        case PersonRestricted():
            return {**_mark("restricted", at, by.actor, by.reason), "due": fact.due.isoformat()}
        case PersonHeld():
            return _mark("held", at, by.actor, by.reason)
        case PersonReleased():
            return _mark("held", "", "", "")
        case PersonShredded():
            return {"shredded_at": at, "shredded_by": by.actor}
        case DataOpened():
            return {}


def _mark(name: str, at: str, by: str, because: str) -> dict[str, str]:
    return {f"{name}_at": at, f"{name}_by": by, f"{name}_because": because}


_NOTHING: Final = {
    **_mark("restricted", "", "", ""),
    **_mark("held", "", "", ""),
    "due": "",
    "shredded_at": "",
    "shredded_by": "",
}

VIEW: Final = View("persons", (person_table, reading), project)
