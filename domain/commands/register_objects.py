"""Register objects: what other systems are to be told of, and what of it is another now."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.commands.intent import Intent
from domain.commands.loading import load_object
from domain.commands.recording import MOST_DECISIONS
from domain.commands.sending import capture_of, kept_document
from domain.facts.objects import LineDifference, ObjectFact
from domain.identifiers import ObjectId
from domain.outward import (
    NEW_OBJECT,
    EntryDocument,
    Registering,
    SyncObject,
    blocked_keys,
    decide_register,
    differing,
    same_amounts,
    same_news,
)
from domain.permissions import Permission
from domain.ports.house import House
from domain.ports.journal import Receipt, Recording, StreamMoved


@dataclass(frozen=True, slots=True)
class RegisterObjects:
    """Register objects of one client, or what changed of them.

    Attributes:
        objects: each once.
        intent: who and why.
        permission: what it takes.
    """

    objects: Sequence[Registering]
    intent: Intent
    permission: Permission = Permission.SYNCHRONIZE


@dataclass(frozen=True, slots=True)
class Registered:
    """What was recorded.

    Attributes:
        objects: those that are new or changed.
        receipt: where; None where nothing was to be recorded.
    """

    objects: tuple[ObjectId, ...] = ()
    receipt: Receipt | None = None


def register_objects(command: RegisterObjects, house: House) -> Registered:
    """Record what differs, in one commit; the same again records nothing.

    Raises:
        NotPermitted: the roles do not allow it.
        StreamMoved: the race was lost too often.
    """
    for client, location in sorted({(one.object.client, one.location) for one in command.objects}):
        house.permit(command.intent.asks(command.permission, client, location))
    known: dict[ObjectId, SyncObject] = {}
    lost = 0
    while True:
        recordings = []
        touched = []
        for one in command.objects:
            before = load_object(house.journal, one.object, known=known.get(one.object, NEW_OBJECT))
            known[one.object] = before
            facts = _decide(one, before, house)
            if facts:
                recordings.append(Recording(one.object.stream, before.version, facts))
                touched.append(one.object)
        if not recordings:
            return Registered()
        try:
            return Registered(tuple(touched), house.journal.append(recordings, command.intent.provenance))
        except StreamMoved:
            lost += 1
            if lost == MOST_DECISIONS:
                raise


def _decide(one: Registering, known: SyncObject, house: House) -> tuple[ObjectFact, ...]:
    if one.document is None:
        return _silent(one, known)
    capture = capture_of(one.object, one.document)
    empty = isinstance(one.document, EntryDocument) and not one.document.lines
    if (known.document, known.empty) == (capture.digest, empty) or (empty and not known.version):
        return ()  # nothing need be kept for that
    differences: tuple[LineDifference, ...] = ()
    if known.version:
        before = kept_document(house, one.object, known.document)
        blocked = isinstance(before, EntryDocument) and blocked_keys(before)
        if known.posted is not None and not blocked and same_amounts(before, one.document):
            return ()  # it was posted with the accounts of its day; another mapping counts from now on
        if same_news(before, one.document):
            return ()  # it was read again, and is as it was told
        differences = differing(before, one.document)
    digest = house.captures.keep(one.object.client, capture)
    return decide_register(
        known,
        one.type,
        digest,
        location=one.location,
        date=one.date,
        position=one.position,
        empty=empty,
        differences=differences,
    )


def _silent(one: Registering, known: SyncObject) -> tuple[ObjectFact, ...]:
    """Nothing more is said of an object: what is to stand there is what stands there, or nothing where nothing does."""
    if not known.version or known.in_sync:
        return ()
    stands = known.posted.document if known.posted else known.document
    return decide_register(known, known.type, stands, position=one.position, empty=known.posted is None)
