"""Review objects: look whether what was written still stands at the other systems, and record where it does not."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import Final, Literal

from domain.commands.changing_object import change_object
from domain.commands.intent import Intent
from domain.commands.loading import load_connection, load_object
from domain.commands.sending import effect_of, kept_document
from domain.commands.synchronize_objects import TooManyObjects, command_of, may_see
from domain.connection import Connection
from domain.connection.standing import check_usable
from domain.facts.objects import AttemptStarted, ObjectType
from domain.identifiers import ConnectionId, ObjectId
from domain.outward import NoticeDocument, RecordDocument, State, Try, decide_reviewed, standing
from domain.permissions import Permission
from domain.ports.house import House
from domain.ports.target import Effect, OutcomeUncertain, Target, TargetFailure
from domain.refusals import Refusal

MOST_REVIEWED: Final = 50
"""Objects that are looked at by one command: each costs a request or two of the other system's budget."""

Found = Literal["stands", "changed", "deleted", "not-looked", "unknown", "not-found"]
"""``stands`` as it was written; ``changed`` or ``deleted`` there by somebody; ``not-looked`` where nothing of it is to
be looked at; ``unknown`` where the other system could not be asked; ``not-found`` where there is no such object."""


@dataclass(frozen=True, slots=True)
class ReviewObjects:
    """Review objects.

    Attributes:
        objects: which, all of one client; each is looked at once.
        intent: who and why.
    """

    objects: Sequence[ObjectId]
    intent: Intent


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What the other system shows of one object.

    Attributes:
        object: which.
        found: what it shows.
        state: how it stands now; None where there is no such object.
        message: in a sentence.
        position: where it is recorded; 0 where nothing is.
        again: it was recorded before.
    """

    object: ObjectId
    found: Found
    state: State | None
    message: str = ""
    position: int = 0
    again: bool = False


def review_objects(command: ReviewObjects, house: House) -> list[Reviewed]:
    """Look objects up, one by one; what is not there as it was written is desynchronized, so that it is written anew.

    Changes nothing there. What it shows is recorded; where it could not be asked, nothing is. Objects of locations that
    are not the caller's do not exist for them.

    Raises:
        NotPermitted: the roles do not allow it.
        TooManyObjects: more than :data:`MOST_REVIEWED` are named.
        StreamMoved: it could not be recorded.
    """
    chosen = sorted(set(command.objects))
    if len(chosen) > MOST_REVIEWED:
        raise TooManyObjects(f"{len(chosen)} objects are more than the {MOST_REVIEWED} that are looked at at once.")
    for client in {one.client for one in chosen}:
        house.permit(command.intent.asks(Permission.SYNCHRONIZE, client))
    told: dict[ObjectId, Reviewed] = {}
    for (client, connection), ones in groupby(chosen, key=lambda one: (one.client, one.connection)):
        named = list(ones)
        try:
            with _target(ConnectionId(client, connection), house) as (target, known):
                told |= {one: _reviewed(one, command, known, target, house) for one in named}
        except Refusal as refusal:
            told |= {one: _unasked(one, command, str(refusal), house) for one in named if one not in told}
    return [told[one] for one in dict.fromkeys(command.objects)]


@contextmanager
def _target(connection_id: ConnectionId, house: House) -> Iterator[tuple[Target, Connection]]:
    connection = load_connection(house.journal, connection_id)
    check_usable(connection, "")
    with house.target(connection_id, connection) as target:
        yield target, connection


def _reviewed(one: ObjectId, command: ReviewObjects, connection: Connection, target: Target, house: House) -> Reviewed:
    known = load_object(house.journal, one)
    if not known.version or not may_see(command.intent.rights, known.location):
        return _missing(one)
    intent = replace(command.intent, command=command_of(command.intent, one))
    if house.journal.receipt(one.client, intent.command):
        return Reviewed(one, "not-looked", known.state, "It was looked at by this very command before.", again=True)
    now = house.clock.now()
    until = now + dt.timedelta(seconds=house.outward.attempt)
    posted = standing(known, until)
    if posted is None:
        return Reviewed(one, "not-looked", known.state, "Nothing stands there that could be looked at.")
    document = kept_document(house, one, posted.document)
    if isinstance(document, RecordDocument) and document.sealed:
        return Reviewed(one, "not-looked", known.state, "It is of a person, whose data is opened only to be sent.")
    if isinstance(document, NoticeDocument):
        return Reviewed(one, "not-looked", known.state, "Who is told of notices cannot be asked what it was told.")
    effect = effect_of(one, known, posted, document, connection, now)
    found, message = _looked(target, effect, until)
    if found == "deleted" and not _would_show(one, posted, connection, known.type, house):
        found, message = "unknown", "It does not show it, and need not yet: look again in a quarter of an hour."
    match found:
        case "stands" | "changed" | "deleted":
            decide = partial(decide_reviewed, reference=posted.reference, what=found, message=message)
            changed = change_object(one, intent, house, decide)
            position = changed.receipt.position if changed.receipt else 0
            return Reviewed(one, found, changed.after.state, message, position, changed.again)
        case _:
            return Reviewed(one, found, known.state, message)


def _looked(target: Target, effect: Effect, until: dt.datetime) -> tuple[Found, str]:
    """What the other system shows of an effect. A record that is not just so is changed, or gone."""
    try:
        done = target.look_up(effect, until)
    except (TargetFailure, OutcomeUncertain) as failure:
        return "unknown", failure.message
    if done is None and isinstance(effect.document, RecordDocument):
        return "changed", "It does not stand there as it was written."
    if done is None:
        return "deleted", "It does not stand there any more."
    return ("changed" if done.altered else "stands"), done.message


def _would_show(one: ObjectId, posted: Try, connection: Connection, kind: ObjectType, house: House) -> bool:
    """What was written would be shown by now: only then it is gone where it is not."""
    showing = house.showing(connection.system, kind)
    if showing.keyed:
        return True
    facts = (entry.fact for entry in house.journal.stream(one.stream))
    sent = [fact.until for fact in facts if isinstance(fact, AttemptStarted) and fact.reference == posted.reference]
    return showing.is_due(max(sent), house.clock.now())


def _unasked(one: ObjectId, command: ReviewObjects, message: str, house: House) -> Reviewed:
    known = load_object(house.journal, one)
    if not known.version or not may_see(command.intent.rights, known.location):
        return _missing(one)
    return Reviewed(one, "unknown", known.state, message)


def _missing(one: ObjectId) -> Reviewed:
    return Reviewed(one, "not-found", None, "There is no such object.")
