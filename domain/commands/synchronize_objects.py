"""Synchronize objects, one or many: each is accepted or refused by itself, and either is recorded."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from domain.commands.changing_object import change_object
from domain.commands.intent import Intent
from domain.commands.loading import load_object
from domain.facts.objects import How, SyncRefused
from domain.identifiers import ObjectId
from domain.outward import NoSuchObject, State, decide_sync
from domain.permissions import Permission, Rights
from domain.ports.house import House
from domain.refusals import Refusal

MOST_OBJECTS: Final = 500
"""Objects that one command names at most."""


class TooManyObjects(Refusal):
    """A command names more objects than are taken at once."""


@dataclass(frozen=True, slots=True)
class SynchronizeObjects:
    """Synchronize objects.

    Attributes:
        objects: which, all of one client; each is taken once.
        how: by a person, by a person in spite of an error, or in the background.
        intent: who and why.
    """

    objects: Sequence[ObjectId]
    how: How
    intent: Intent


@dataclass(frozen=True, slots=True)
class SyncOutcome:
    """What came of the request for one object.

    Attributes:
        object: which.
        accepted: it will be synchronized.
        state: in which it was; None where there is no such object.
        message: why not; empty where it will be.
        version: the newest of what is to stand at the other side.
        position: where the answer is recorded; 0 where it is not.
        again: it was recorded before.
    """

    object: ObjectId
    accepted: bool
    state: State | None
    message: str = ""
    version: int = 0
    position: int = 0
    again: bool = False


def synchronize_objects(command: SynchronizeObjects, house: House) -> list[SyncOutcome]:
    """Ask for objects to be synchronized; answers object by object, in their order. The worker does it.

    Objects of locations that are not the caller's do not exist for them, and those of no location take all locations.

    Raises:
        NotPermitted: the roles do not allow it.
        TooManyObjects: more than :data:`MOST_OBJECTS` are named.
        CommandReused, StreamMoved: see ``change_object``.
    """
    chosen = list(dict.fromkeys(command.objects))
    if len(chosen) > MOST_OBJECTS:
        raise TooManyObjects(f"{len(chosen)} objects are more than the {MOST_OBJECTS} that are taken at once.")
    for client in {one.client for one in chosen}:
        house.permit(command.intent.asks(Permission.SYNCHRONIZE, client))
    return [_asked(one, command, house) for one in chosen]


def may_see(rights: Rights, location: str) -> bool:
    """An object of this location is one of theirs; one of no location is of those who have all."""
    return rights.reach(location) if location else rights.locations is None


def _asked(one: ObjectId, command: SynchronizeObjects, house: House) -> SyncOutcome:
    known = load_object(house.journal, one)
    if not may_see(command.intent.rights, known.location):
        return _missing(one)
    intent = replace(command.intent, command=command_of(command.intent, one))
    try:
        changed = change_object(one, intent, house, partial(decide_sync, how=command.how, key=one.key))
    except NoSuchObject:
        return _missing(one)
    (fact,) = changed.facts
    refused = fact.message if isinstance(fact, SyncRefused) else ""
    position = changed.receipt.position if changed.receipt else 0
    return SyncOutcome(one, not refused, changed.before.state, refused, changed.before.current, position, changed.again)


def _missing(one: ObjectId) -> SyncOutcome:
    return SyncOutcome(one, accepted=False, state=None, message="There is no such object.")


def command_of(intent: Intent, one: ObjectId) -> str:
    """The id of what a command of many objects does with one of them: the same whenever it is given again."""
    return f"{intent.command[:60]}/{hashlib.sha256(one.stream.encode()).hexdigest()[:24]}"
