"""What every way in does with objects: find them, ask for them, show them with their attempts and documents."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final, cast

import msgspec

from api.composition import OpenHouse
from api.plain import SEALED
from api.refusals import AmbiguousObject, BadObject
from domain.commands.intent import Intent
from domain.commands.review_objects import Reviewed, ReviewObjects, review_objects
from domain.commands.sending import kept_document
from domain.commands.synchronize_objects import SynchronizeObjects, SyncOutcome, may_see, synchronize_objects
from domain.facts.objects import How
from domain.identifiers import ObjectId, plain
from domain.outward import STATES, NoSuchObject, RecordDocument
from domain.permissions import Rights
from domain.ports.captures import NoCapture
from projections import objects
from projections.object_rows import AttemptRow, CircuitRow, ObjectRow

MOST_ATTEMPTS: Final = 100
"""Attempts that are shown of an object, the newest."""

MOST_DOCUMENTS: Final = 20
"""Documents that are shown of an object: what is wanted, what stands there, what was sent last."""

_KEY: Final = re.compile(r"[a-z-]{1,20}:[^\x00-\x1f\x7f]{1,150}")
_LEFT_OUT: Final = frozenset({"client"})


def object_id(client: str, connection: str, key: str) -> ObjectId:
    """An object by two texts that somebody gave.

    Raises:
        BadIdentifier, BadObject: they cannot be of one.
    """
    plain(connection, "connection")
    return ObjectId(client, connection, checked_key(key))


def checked_key(key: str) -> str:
    """The text, if it can be an object's key.

    Raises:
        BadObject: it cannot.
    """
    if not _KEY.fullmatch(key) or not key.isprintable():
        raise BadObject(
            f"{key[:80]!r} is no key of an object: write it like je:pier:2026-11-20:sales or account:4010; `daybook "
            "objects` lists them."
        )
    return key


def object_named(opened: OpenHouse, client: str, text: str, connection: str, rights: Rights) -> ObjectId:
    """The object of a key; the connection may be left out where only one has it.

    Raises:
        BadObject: it can be no key.
        NoSuchObject: no connection has it.
        AmbiguousObject: several do.
    """
    if connection:
        return object_id(client, connection, text)
    found = objects.connections_of(opened.engine, client, checked_key(text), among=rights.locations)
    if not found:
        raise no_such(text)
    if len(found) > 1:
        named = ", ".join(found[:10])
        raise AmbiguousObject(
            f"Several connections have the object {text[:80]!r}: say which with --connection ({named})."
        )
    return ObjectId(client, found[0], text)


def no_such(key: str) -> NoSuchObject:
    """The refusal that there is no such object."""
    return NoSuchObject(f"There is no object {key[:200]!r} here: `daybook objects` lists those that there are.")


def found_object(opened: OpenHouse, one: ObjectId, rights: Rights) -> ObjectRow:
    """An object that somebody may see.

    Raises:
        NoSuchObject: there is none, or not for them.
    """
    row = objects.find_object(opened.engine, one.client, one.connection, one.key)
    if row is None or not may_see(rights, row.location):
        raise no_such(one.key)
    return row


def ask(opened: OpenHouse, chosen: Sequence[ObjectId], how: How, intent: Intent) -> list[SyncOutcome]:
    """Ask for objects to be synchronized, and wake whoever does it."""
    outcomes = synchronize_objects(SynchronizeObjects(chosen, how, intent), opened.house)
    if opened.projector is not None:
        opened.projector.wake()
    opened.waking.set()
    return outcomes


def review(opened: OpenHouse, chosen: Sequence[ObjectId], intent: Intent) -> list[Reviewed]:
    """Look whether objects still stand as they were written, and wake whoever writes them anew."""
    reviewed = review_objects(ReviewObjects(chosen, intent), opened.house)
    if any(one.position for one in reviewed):
        if opened.projector is not None:
            opened.projector.wake()
        opened.waking.set()
    return reviewed


def plain_reviewed(reviewed: Reviewed) -> dict[str, Any]:
    """What the other system shows of one object, as plain JSON."""
    return {
        "connection": reviewed.object.connection,
        "key": reviewed.object.key,
        "found": reviewed.found,
        "state": reviewed.state,
        "message": reviewed.message,
        "position": reviewed.position or None,
    }


def plain_outcome(outcome: SyncOutcome) -> dict[str, Any]:
    """What came of the request for one object: ``accepted``, ``refused`` or ``not-found``."""
    came = "accepted" if outcome.accepted else "not-found" if outcome.state is None else "refused"
    return {
        "connection": outcome.object.connection,
        "key": outcome.object.key,
        "outcome": came,
        "state": "pending" if outcome.accepted else outcome.state,
        "message": outcome.message,
        "version": outcome.version or None,
        "position": outcome.position or None,
    }


def plain_object(row: ObjectRow) -> dict[str, Any]:
    """An object as plain JSON; of an error whether it waits to be tried again."""
    return {**_fields(row), "waiting": row.waiting}


def plain_attempts(rows: Iterable[AttemptRow]) -> list[dict[str, Any]]:
    """Attempts as plain JSON."""
    return [{name: value for name, value in _fields(row).items() if name not in {"connection", "key"}} for row in rows]


def _fields(row: ObjectRow | AttemptRow) -> dict[str, Any]:
    named = {field.name: getattr(row, field.name) for field in fields(row) if field.name not in _LEFT_OUT}
    return {**named, "date": named["date"] or None} if "date" in named else named


def plain_circuit(row: CircuitRow) -> dict[str, Any]:
    """How it stands with a connection as plain JSON."""
    return {
        "connection": row.connection,
        "name": row.name,
        "system": row.system,
        "company": row.company or None,
        "state": row.circuit.state,
        "since": row.circuit.since,
        "failures": row.circuit.failures,
        "again_at": row.circuit.again_at,
        "at_once": row.at_once,
        "running": row.running,
        "per_minute": row.per_minute,
        "last_minute": row.last_minute,
    }


def documents(opened: OpenHouse, one: ObjectId, row: ObjectRow, attempts: Iterable[AttemptRow]) -> list[dict[str, Any]]:
    """What is wanted, what stands at the other side, and what was sent last, by digest; personal data is masked."""
    digests = [row.document, row.posted_document, *[attempt.document for attempt in attempts]]
    shown = []
    for digest in list(dict.fromkeys(filter(None, digests)))[:MOST_DOCUMENTS]:
        try:
            document = kept_document(opened.house, one, digest)
        except NoCapture:
            continue
        if isinstance(document, RecordDocument):
            masked = dict.fromkeys(document.sealed, SEALED)
            document = msgspec.structs.replace(document, sealed=masked, person="", counterpart="")
        content = cast("dict[str, Any]", msgspec.to_builtins(document, str_keys=True))
        shown.append({"digest": digest, "content": content})
    return shown


def counted(counts: Mapping[Any, int]) -> dict[str, int]:
    """How many objects are in each state, those without any too."""
    return {state: counts.get(state, 0) for state in STATES}
