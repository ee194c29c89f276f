"""History: what happened to a business day, to a record on it, or to a location's roster, oldest first."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from sqlalchemy import Engine, select

from domain.business_date import business_date
from domain.differences import FieldChange, field_changes
from domain.facts import Change, Entry, RosterChanged, fact_name
from domain.facts.saying import saying
from domain.identifiers import ConnectionId, DayId, client_of, record_name
from domain.ports.journal import Journal
from domain.records import ROSTER_KINDS, plain_fields
from domain.refusals import NotFound
from projections.asking import MOST_ROWS
from projections.fields import BadField, Path, changes_at, field_path
from projections.origins import NO_ORIGIN, Origin, Origins
from projections.queries import find_location
from projections.sentences import SEALED, field_sentence, is_sealed, record_sentence, sentence
from projections.tables import bookmark, record_history
from projections.walls import reading
from projections.words import OBSERVED

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
        cause: the id of the fact or command that led to it, or empty.
        origin: which answer of which source says so, and how it was read.
        operation: where a record's history was asked for ``added``, ``changed`` or ``removed``, or ``observed``: it
            came to light after the approval and changes nothing, or of what people entered over it ``entered``,
            ``withdrawn``, ``agreed``, ``conflict-raised`` or ``conflict-resolved``; else empty.
        before: the record as plain JSON, or None; personal fields read ``(sealed)``.
        after: likewise.
        changes: the fields that differ; where one field was asked for, that one.
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
    cause: str = ""
    origin: Origin = NO_ORIGIN
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
    field: str | None = None,
    after: int = 0,
    until: int | None = None,
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
        field: of the record, for example ``payments.0.amount``: only the facts in which it changed.
        after: the position of the last fact of the page before.
        until: facts past this position do not count.
        limit: facts, at most 500.

    Raises:
        BadIdentifier, NotABusinessDate, BadField: the record, the date or the field is not written right.
        NoSuchField: records of that kind have no such field.
        NoHistory: the location is unknown, or there is no engine to find it with.
        ValueError: the limit is not 1 to 500.
    """
    if not 0 < limit <= MOST_ROWS:
        raise ValueError(f"A page has 1 to {MOST_ROWS} facts, not {limit}.")
    kind, key = record_name(record) if record else ("", "")
    if field is not None and not kind:
        raise BadField("A field is of one record: say of which.")
    path = field_path(kind, field) if field is not None else ()
    on_roster = kind in ROSTER_KINDS or date is None
    if on_roster:
        stream = _feeding(engine, client, location).stream
        place = ""
    else:
        day = business_date(date) if isinstance(date, str) else date
        assert day is not None  # noqa: S101 - told apart above
        stream, place = DayId(client, location, day).stream, day.isoformat()
    origins = Origins(journal)
    if not kind:
        entries = _whole(journal, stream, after, until)
        return [_told(entry, origins) for entry in islice(_at(entries, location), limit)]
    indexed = engine and _indexed(journal, engine, stream, (client, location, place, kind, key), after, until)
    found = _record(indexed or _whole(journal, stream, after, until), location, kind, key)
    told = (_told_of(entry, change, origins, path, field or "") for entry, change in found)
    return list(islice((step for step in told if not path or step.changes), limit))


def _feeding(engine: Engine | None, client: str, location: str) -> ConnectionId:
    found = find_location(engine, client, location) if engine else None
    if found is None:
        raise NoHistory(f"There is no location {location[:80]!r} that a connection feeds.")
    return ConnectionId(client, found.connection)


def _whole(journal: Journal, stream: str, after: int, until: int | None) -> Iterator[Entry]:
    return (entry for entry in journal.stream(stream, until=until) if entry.position > after)


def _indexed(
    journal: Journal, engine: Engine, stream: str, record: tuple[str, str, str, str, str], after: int, until: int | None
) -> Iterator[Entry] | None:
    """The facts that hold the record, by the index and what came since; None where the index lags far behind."""
    client = client_of(stream)
    with reading(engine, client) as connection:
        reached = connection.scalar(select(bookmark.c.position).where(bookmark.c.view == "records")) or 0
    last = reached if until is None else min(reached, until)
    newest = journal.log(after=max(reached, after), limit=_TAIL, client=client)
    if len(newest) == _TAIL:
        return None
    indexed = (
        entry
        for place in _positions(engine, record, after, last)
        for entry in journal.log(after=place - 1, limit=1, client=client)
    )
    since = (entry for entry in newest if entry.stream == stream and (until is None or entry.position <= until))
    return (entry for part in (indexed, since) for entry in part)


def _positions(engine: Engine, record: tuple[str, str, str, str, str], after: int, last: int) -> Iterator[int]:
    """Where the index has the record, page by page as they are asked for."""
    columns = record_history.c
    names = (columns.client, columns.location, columns.business_date, columns.kind, columns.key)
    same = [name == value for name, value in zip(names, record, strict=True)]
    while True:
        asked = select(columns.position).where(*same, columns.position > after, columns.position <= last)
        with reading(engine, record[0]) as connection:
            page = list(connection.scalars(asked.order_by(columns.position).limit(MOST_ROWS)))
        yield from page
        if len(page) < MOST_ROWS:
            return
        after = page[-1]


def _at(entries: Iterable[Entry], location: str) -> Iterator[Entry]:
    for entry in entries:
        if not isinstance(entry.fact, RosterChanged) or entry.fact.location == location:
            yield entry


def _record(entries: Iterable[Entry], location: str, kind: str, key: str) -> Iterator[tuple[Entry, Change]]:
    for entry in _at(entries, location):
        for change in saying(entry.fact).changes:
            if change.key == key and change.kind == kind:
                yield entry, change


def _told(entry: Entry, origins: Origins) -> Happening:
    return Happening(**_common(entry, origins), sentence=sentence(entry))


def _told_of(entry: Entry, change: Change, origins: Origins, path: Path, text: str) -> Happening:
    before, after = (_masked(plain_fields(data)) for data in (change.before, change.after))
    found = changes_at(change, path, text) if path else field_changes(change)
    fields = tuple(_fields(found))
    said = saying(entry.fact)
    if path:
        told = field_sentence(change, fields, applied=said.applied)
    elif said.operation:
        told = sentence(entry)
    else:
        told = record_sentence(change, fields, applied=said.applied)
    return Happening(
        **_common(entry, origins),
        sentence=told,
        operation=said.operation or (change.operation if said.applied else OBSERVED),
        before=before,
        after=after,
        changes=fields,
    )


def _common(entry: Entry, origins: Origins) -> dict[str, Any]:
    by = entry.provenance
    return {
        "position": entry.position,
        "version": entry.version,
        "stream": entry.stream,
        "recorded_at": entry.recorded_at,
        "actor": by.actor,
        "reason": by.reason,
        "command": by.command,
        "correlation": by.correlation,
        "cause": by.cause,
        "name": fact_name(entry.fact),
        "origin": origins.of(entry),
    }


def _fields(found: Iterable[FieldChange]) -> Iterator[FieldChange]:
    for one in found:
        if is_sealed(one.path, one.before) or is_sealed(one.path, one.after):
            yield FieldChange(one.path, SEALED if one.before else None, SEALED if one.after else None)
        else:
            yield one


def _masked(fields: Any) -> Any:
    if isinstance(fields, dict):
        return {name: SEALED if value and is_sealed(name, value) else _masked(value) for name, value in fields.items()}
    if isinstance(fields, list):
        return [_masked(value) for value in fields]
    return fields
