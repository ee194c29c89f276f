"""Objects: everything that other systems are told of, how it stands, and every attempt at it."""

from typing import Any, Final

import msgspec
from sqlalchemy import select

from domain.facts import Entry
from domain.facts.objects import (
    AttemptFailed,
    AttemptStarted,
    AttemptSucceeded,
    FoundStanding,
    LookedUp,
    ObjectFact,
    OutcomeUnknown,
    RemoteChanged,
)
from domain.identifiers import ObjectId, object_of
from domain.outward import NEW_OBJECT, SyncObject, fold
from projections.batches import Batch
from projections.object_tables import attempted, synced
from projections.views.view import View
from projections.words import instant_text
from projections.writing import Row, Writer, as_row

Fields = dict[str, Any]
Place = tuple[str, str, str, int]

_ENCODE: Final = msgspec.json.Encoder().encode
_DECODER: Final = msgspec.json.Decoder(SyncObject)


def project(batch: Batch, writer: Writer) -> None:
    """Bring both tables up to date, from every fact of an object."""
    found: dict[str, list[Entry]] = {}
    for entry in batch.entries:
        if entry.stream.startswith("object:"):
            found.setdefault(entry.stream, []).append(entry)
    rows: list[Row] = []
    attempts: dict[Place, Fields] = {}
    for stream, entries in sorted(found.items()):
        one = object_of(stream)
        if one is None:
            continue
        rows.append(_object(one, entries, writer))
        for entry in entries:
            _attempt(one, entry, attempts, writer)
    writer.put(synced, rows)
    writer.put(attempted, [as_row(attempted, fields) for _, fields in sorted(attempts.items())])


def _object(one: ObjectId, entries: list[Entry], writer: Writer) -> Row:
    columns = synced.c
    known, registered_at, looked_at = NEW_OBJECT, instant_text(entries[0].recorded_at), ""
    if entries[0].version > 1:
        asked = select(columns.fold, columns.registered_at, columns.looked_at).where(
            columns.client == one.client, columns.connection == one.connection, columns.key == one.key
        )
        before = writer.execute(asked).one()
        known, registered_at, looked_at = _DECODER.decode(before.fold), before.registered_at, before.looked_at
    known = fold([entry.fact for entry in entries if isinstance(entry.fact, ObjectFact)], known)
    for entry in entries:
        if isinstance(entry.fact, LookedUp | OutcomeUnknown | FoundStanding | RemoteChanged):
            looked_at = instant_text(entry.recorded_at)
        elif isinstance(entry.fact, AttemptStarted | AttemptSucceeded | AttemptFailed):
            looked_at = ""
    posted, running = known.posted, known.running
    fields = {
        "client": one.client,
        "connection": one.connection,
        "key": one.key,
        "type": known.type,
        "category": known.category,
        "location": known.location,
        "date": known.date,
        "version": known.current,
        "document": known.document,
        "empty": known.empty,
        "state": known.state,
        "retryable": known.retryable,
        "retry_at": instant_text(known.retry_at),
        "message": known.message,
        "failure": known.failure,
        "external_id": posted.external_id if posted else "",
        "posted_version": posted.version if posted else 0,
        "posted_reference": posted.reference if posted else "",
        "posted_document": posted.document if posted else "",
        "attempts": known.attempts,
        "ends_at": instant_text(running.until) if running else "",
        "looked_at": looked_at,
        "registered_at": registered_at,
        "changed_at": instant_text(entries[-1].recorded_at),
        "derived": known.position,
        "position": entries[-1].position,
        "fold": _ENCODE(known),
    }
    return as_row(synced, fields)


def _attempt(one: ObjectId, entry: Entry, attempts: dict[Place, Fields], writer: Writer) -> None:
    fact = entry.fact
    if not isinstance(fact, AttemptStarted | AttemptSucceeded | AttemptFailed | OutcomeUnknown | LookedUp):
        return
    place = (one.client, one.connection, one.key, fact.attempt)
    if isinstance(fact, AttemptStarted):
        attempts[place] = _started(place, fact, entry)
        return
    known = attempts.get(place) or _known(place, writer)
    # What was told too late, after the attempt was settled, changes nothing.
    if known is None or known["outcome"] not in {"running", "unknown"}:
        return
    attempts[place] = known | _outcome(known, fact, entry)


def _known(place: Place, writer: Writer) -> Fields | None:
    columns = attempted.c
    names = (columns.client, columns.connection, columns.key, columns.attempt)
    asked = select(attempted).where(*[column == value for column, value in zip(names, place, strict=True)])
    found = writer.execute(asked).mappings().first()
    return None if found is None else dict(found)


def _started(place: Place, fact: AttemptStarted, entry: Entry) -> Fields:
    client, connection, key, attempt = place
    return {
        "client": client,
        "connection": connection,
        "key": key,
        "attempt": attempt,
        "step": fact.step,
        "version": fact.version,
        "reference": fact.reference,
        "document": fact.document,
        "level": fact.level,
        "started_at": instant_text(entry.recorded_at),
        "ends_at": instant_text(fact.until),
        "outcome": "running",
        "failure": "",
        "message": "",
        "external_id": "",
        "found": False,
        "retry_at": "",
        "looks": 0,
        "ended_at": "",
        "actor": entry.provenance.actor,
        "began": entry.position,
        "position": entry.position,
    }


def _outcome(known: Fields, fact: AttemptSucceeded | AttemptFailed | OutcomeUnknown | LookedUp, entry: Entry) -> Fields:
    told: Fields = {
        "message": fact.message,
        "ended_at": instant_text(entry.recorded_at),
        "position": entry.position,
    }
    match fact:
        case AttemptSucceeded():
            return told | {"outcome": "succeeded", "external_id": fact.external_id, "found": fact.found}
        case AttemptFailed():
            return told | {"outcome": "failed", "failure": fact.failure, "retry_at": instant_text(fact.retry_at)}
        case OutcomeUnknown():
            return told | {"outcome": "unknown"}
        case LookedUp():
            return told | {"outcome": "unknown", "looks": known["looks"] + fact.answered}


VIEW: Final = View("objects", (synced, attempted), project)
