"""Verify an object: look up what came of an attempt of which nobody knows, before anything is sent again."""

import datetime as dt
from dataclasses import dataclass, replace
from functools import partial

from domain.commands.attempt_object import Attempted, done_decision
from domain.commands.changing_object import Decision, change_object
from domain.commands.intent import Intent
from domain.commands.loading import load_connection, load_object
from domain.commands.sending import effect_of, kept_document
from domain.connection import Connection
from domain.connection.standing import check_standing
from domain.identifiers import ConnectionId, ObjectId
from domain.outward import NoSuchObject, NotToBeAttempted, SyncObject, Try, decide_not_shown, decide_unknown, is_overdue
from domain.permissions import Permission
from domain.ports.house import House
from domain.ports.target import Done, OutcomeUncertain, TargetFailure
from domain.refusals import Refusal


@dataclass(frozen=True, slots=True)
class VerifyObject:
    """Look up what came of the attempt that an object is in."""

    object: ObjectId
    intent: Intent


def verify_object(command: VerifyObject, house: House) -> Attempted:
    """Look an effect up by its reference, and record what the other side shows. Changes nothing there.

    An attempt whose time is over and that has no outcome is one of which nobody knows: whoever made it is gone.

    Raises:
        NotPermitted: the roles do not allow it.
        NoSuchObject, NotToBeAttempted: there is nothing to look up, or somebody may be sending it still.
        NotConnected, NotEstablished, IsDisconnected: nothing is asked over the connection.
        StreamMoved, JournalUnavailable: it could not be recorded.
    """
    one, intent = command.object, command.intent
    house.permit(intent.asks(Permission.SYNCHRONIZE, one.client))
    known = load_object(house.journal, one)
    if not known.version:
        raise NoSuchObject(f"There is no object {one.key[:200]!r} here: `daybook objects` lists those that there are.")
    running = known.running
    if running is None or (known.state == "processing" and not is_overdue(known, house.clock.now())):
        raise NotToBeAttempted(f"The object {one.key[:200]!r} is {known.state}: there is nothing to look up.")
    connection = load_connection(house.journal, ConnectionId(one.client, one.connection))
    check_standing(connection)
    if known.state == "processing":
        said = "No outcome was recorded in time: whoever sent it is gone."
        unknown = partial(decide_unknown, attempt=running.attempt, message=said)
        change_object(one, replace(intent, command=f"{intent.command[:80]}/unknown"), house, unknown)
    decide = _look_up(one, known, running, connection, house)
    after = change_object(one, intent, house, decide).after
    return Attempted(one, running.attempt, after.state, after.message)


def _look_up(one: ObjectId, known: SyncObject, running: Try, connection: Connection, house: House) -> Decision:
    now = house.clock.now()
    effect = effect_of(one, known, running, kept_document(house, one, running.document), connection, now)
    until = now + dt.timedelta(seconds=house.outward.attempt)
    showing = house.showing(connection.system, known.type)
    found: Done | None = None
    answered = False
    try:
        with house.target(ConnectionId(one.client, one.connection), connection) as target:
            found = target.look_up(effect, until)
        message, answered = "It is not shown there.", True
    except (TargetFailure, OutcomeUncertain) as failure:
        message = failure.message
    except Refusal as refusal:
        message = str(refusal)
    except Exception as error:  # noqa: BLE001 - whatever broke, it is asked again
        message = f"The look-up broke off ({type(error).__name__})."
    if found is not None:
        return done_decision(running.attempt, replace(found, found=True), house)
    return partial(
        decide_not_shown,
        attempt=running.attempt,
        message=message,
        answered=answered,
        now=house.clock.now(),
        rules=house.outward,
        showing=showing,
    )
