"""History: what happened to a business day, to a record on it, or to a location's roster, oldest first."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from sqlalchemy import Engine, select

from domain.business_date import business_date
from domain.differences import FieldChange, field_changes
from domain.facts import Change, Entry, OverlayFact, RecordsChanged, RosterChanged, fact_name
from domain.identifiers import ConnectionId, DayId, client_of, record_name
from domain.ports.journal import Journal
from domain.records import ROSTER_KINDS, plain_fields
from domain.refusals import NotFound
from projections.overlay_sentences import OPERATIONS
from projections.queries import MOST_ROWS, find_location
from projections.sentences import SEALED, is_sealed, record_sentence, sentence
from projections.tables import bookmark, record_history

_TAIL: Final = 200
"""Entries past the index that are looked through; where it lags behind further, the whole stream is read instead."""


class NoHistory(NotFound):
    """The client has no such location, so that its connection's history cannot be found."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One fact in the history of a day or a record.

    Attributes:
        position: of the fact in the log; the page after begins behind it.
        version: of the fact in its stream.
        stream: the stream's name.
        recorded_at: the database's time, UTC.
        actor: who, as recorded, for example ``cli:anna``.
        reason: why, or empty.
        command: the id of the command that led to it.
        correlation: ties everything together that one request set off.
        name: the fact's permanent name.
        sentence: what happened, for a person.
        operation: ``added``, ``changed`` or ``removed`` where a record's history was asked for, else empty; of what
            people entered over it ``entered``, ``withdrawn``, ``agreed``, ``conflict-raised`` or ``conflict-resolved``.
        before: the record as plain JSON, or None; personal fields read ``(sealed)``.
        after: likewise.
        changes: the fields that differ.
    """

    position: int
    version: int
    stream: str
    recorded_at: dt.datetime
    actor: str
    reason: str
    command: str
    correlation: str
    name: str
    sentence: str
    operation: str = ""
    before: Any = None
    after: Any = None
    changes: tuple[FieldChange, ...] = ()


def history(
    journal: Journal,
    engine: Engine | None,
    client: str,
    location: str,
    date: dt.date | str | None = None,
    record: str | None = None,
    *,
    after: int = 0,
    limit: int = 100,
) -> list[Happening]:
    """What happened, oldest first.

    With a date: the facts of that business day, or of one record on it. Without: those of the connection that feeds the
    location (the roster's changes only where they are the location's), or of one employee or job.

    Args:
        journal: contents are read from it.
        engine: finds records by the index and locations by their view; None reads whole days from the journal.
        client: whose.
        location: where.
        date: the business date.
        record: ``KIND/KEY``, for example ``ticket/chk-17``.
        after: the position of the last fact of the page before.
        limit: facts, at most 500.

    Raises:
        BadIdentifier, NotABusinessDate: the record or the date is not written right.
        NoHistory: the location is unknown, or there is no engine to find it with.
        ValueError: the limit is not 1 to 500.
    """
    if not 0 < limit <= MOST_ROWS:
        raise ValueError(f"A page has 1 to {MOST_ROWS} facts, not {limit}.")
    kind, key = record_name(record) if record else ("", "")
    on_roster = kind in ROSTER_KINDS or date is None
    if on_roster:
        stream = _feeding(engine, client, location).stream
        place = ""
    else:
        day = business_date(date) if isinstance(date, str) else date
        assert day is not None  # noqa: S101 - told apart above
        stream, place = DayId(client, location, day).stream, day.isoformat()
    if not kind:
        entries = _whole(journal, stream, after)
        return [_told(entry) for entry in islice(_at(entries, location), limit)]
    found = _indexed(journal, engine, stream, (client, location, place, kind, key), after, limit) if engine else None
    if found is None:
        found = _whole(journal, stream, after)
    return list(islice(_record(found, location, kind, key), limit))


def _feeding(engine: Engine | None, client: str, location: str) -> ConnectionId:
    found = find_location(engine, client, location) if engine else None
    if found is None:
        raise NoHistory(f"There is no location {location[:80]!r} that a connection feeds.")
    return ConnectionId(client, found.connection)


def _whole(journal: Journal, stream: str, after: int) -> Iterator[Entry]:
    return (entry for entry in journal.stream(stream) if entry.position > after)


def _indexed(
    journal: Journal, engine: Engine, stream: str, record: tuple[str, str, str, str, str], after: int, limit: int
) -> Iterator[Entry] | None:
    """The facts that hold the record, by the index and what came since; None where the index lags far behind."""
    columns = record_history.c
    with engine.connect() as connection:
        reached = connection.scalar(select(bookmark.c.position).where(bookmark.c.view == "records")) or 0
        names = (columns.client, columns.location, columns.business_date, columns.kind, columns.key)
        asked = select(columns.position).where(*[name == value for name, value in zip(names, record, strict=True)])
        asked = asked.where(columns.position > after).order_by(columns.position).limit(limit)
        positions = list(connection.scalars(asked))
    client = client_of(stream)
    newest = journal.log(after=max(reached, after), limit=_TAIL, client=client)
    if len(newest) == _TAIL:
        return None
    indexed = (entry for place in positions for entry in journal.log(after=place - 1, limit=1, client=client))
    seen = set(positions)
    since = (entry for entry in newest if entry.stream == stream and entry.position not in seen)
    return (entry for part in (indexed, since) for entry in part)


def _at(entries: Iterable[Entry], location: str) -> Iterator[Entry]:
    for entry in entries:
        if not isinstance(entry.fact, RosterChanged) or entry.fact.location == location:
            yield entry


def _record(entries: Iterable[Entry], location: str, kind: str, key: str) -> Iterator[Happening]:
    for entry in _at(entries, location):
        if isinstance(entry.fact, RecordsChanged | RosterChanged):
            for change in entry.fact.changes:
                if change.key == key and change.kind == kind:
                    yield _told_of(entry, change, change.operation, record_sentence(change, tuple(_fields(change))))
        elif isinstance(entry.fact, OverlayFact) and (entry.fact.kind, entry.fact.key) == (kind, key):
            yield _told_of(entry, entry.fact.change, OPERATIONS[type(entry.fact)], sentence(entry))


def _told(entry: Entry) -> Happening:
    return Happening(*_common(entry), sentence(entry))


def _told_of(entry: Entry, change: Change, operation: str, said: str) -> Happening:
    before, after = (_masked(plain_fields(data)) for data in (change.before, change.after))
    return Happening(
        *_common(entry), said, operation=operation, before=before, after=after, changes=tuple(_fields(change))
    )


def _common(entry: Entry) -> tuple[int, int, str, dt.datetime, str, str, str, str, str]:
    by = entry.provenance
    return (
        entry.position,
        entry.version,
        entry.stream,
        entry.recorded_at,
        by.actor,
        by.reason,
        by.command,
        by.correlation,
        fact_name(entry.fact),
    )


def _fields(change: Change) -> Iterator[FieldChange]:
    for field in field_changes(change):
        if is_sealed(field.path, field.before) or is_sealed(field.path, field.after):
            yield FieldChange(field.path, SEALED if field.before else None, SEALED if field.after else None)
        else:
            yield field


def _masked(fields: Any) -> Any:
    if isinstance(fields, dict):
        return {name: SEALED if value and is_sealed(name, value) else _masked(value) for name, value in fields.items()}
    if isinstance(fields, list):
        return [_masked(value) for value in fields]
    return fields
