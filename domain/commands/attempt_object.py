"""Attempt an object: one step, recorded before it is sent and after it was answered."""

import datetime as dt
from dataclasses import dataclass, replace
from functools import partial

from domain.commands.changing_object import Decision, change_object
from domain.commands.intent import Intent
from domain.commands.loading import load_connection, load_object
from domain.commands.recording import MOST_DECISIONS
from domain.commands.sending import Sending, effect_of, prepare
from domain.connection import Connection
from domain.connection.standing import check_usable
from domain.facts.objects import AttemptFailed, AttemptSucceeded, ObjectFact
from domain.identifiers import ConnectionId, ObjectId
from domain.outward import (
    NEW_OBJECT,
    NotToBeAttempted,
    State,
    SyncObject,
    Try,
    check_startable,
    decide_failure,
    decide_start,
    decide_success,
    decide_unknown,
    evolve,
    fold,
    next_step,
)
from domain.permissions import Permission
from domain.ports.house import House
from domain.ports.journal import Recording, StreamMoved
from domain.ports.target import Done, Effect, Failure, OutcomeUncertain, Target, TargetFailure
from domain.refusals import NotYet, Refusal


@dataclass(frozen=True, slots=True)
class AttemptObject:
    """Make the next step of an object that somebody asked to synchronize."""

    object: ObjectId
    intent: Intent


@dataclass(frozen=True, slots=True)
class Attempted:
    """What came of an attempt.

    Attributes:
        object: which.
        attempt: its number.
        state: of the object afterwards.
        message: the last one.
    """

    object: ObjectId
    attempt: int
    state: State
    message: str


def attempt_object(command: AttemptObject, house: House) -> Attempted:
    """Make one step: record that it begins, send it, record what came of it.

    Whoever dies in between leaves an attempt that began and has no outcome; nobody sends that effect again before it
    was looked up. Once begun the command raises nothing but what keeps it from recording.

    Raises:
        NotPermitted: the roles do not allow it.
        NoSuchObject, NotToBeAttempted: nothing is to be sent now, or somebody else is at it.
        NotConnected, NotEstablished, IsSuspended, IsDisconnected, AccessIsLost: nothing goes out over the connection.
        StreamMoved, JournalUnavailable: it could not be recorded.
    """
    one, intent = command.object, command.intent
    house.permit(intent.asks(Permission.SYNCHRONIZE, one.client))
    connection_id = ConnectionId(one.client, one.connection)
    connection = load_connection(house.journal, connection_id)
    known, sending = _begin(one, intent, house, connection)
    running = known.running
    if running is None:  # it could not be sent, or there was nothing to send
        return Attempted(one, known.attempts, known.state, known.message)
    effect = effect_of(one, known, running, sending.document, connection, house.clock.now())
    effect = replace(effect, opened=sending.opened)
    try:
        with house.target(connection_id, connection) as target:
            decide = _write(target, effect, running, house)
    except Refusal as refusal:  # it could not even be opened
        failure: Failure = "connection-failed" if isinstance(refusal, NotYet) else "bad-endpoint"
        decide = _failed(running.attempt, TargetFailure(failure, str(refusal)), house)
    told = replace(intent, command=f"{intent.command[:80]}/outcome")
    after = change_object(one, told, house, decide).after
    return Attempted(one, running.attempt, after.state, after.message)


def _begin(one: ObjectId, intent: Intent, house: House, connection: Connection) -> tuple[SyncObject, Sending]:
    """Record that the next step begins, or at once that it cannot."""
    if house.journal.receipt(one.client, intent.command):
        raise NotToBeAttempted(f"The command {intent.command[:80]!r} was given before: nothing is sent twice.")
    known = NEW_OBJECT
    lost = 0
    while True:
        known = load_object(house.journal, one, known=known)
        now = house.clock.now()
        check_startable(known, now, one.key)
        check_usable(connection, known.location)
        planned = next_step(known)
        if planned is None:
            raise NotToBeAttempted(f"The object {one.key[:200]!r} has nothing that would have to be sent.")
        sending = prepare(house, one, known, planned, connection)
        until = now + dt.timedelta(seconds=house.outward.attempt)
        started = decide_start(known, one.key, planned, sending.digest, sending.level, until)
        begun = evolve(known, started)
        outcome = _at_once(begun, sending)
        try:
            house.journal.append([Recording(one.stream, known.version, (started, *outcome))], intent.provenance)
        except StreamMoved:
            lost += 1
            if lost == MOST_DECISIONS:
                raise
        else:
            return fold(outcome, begun), sending


def _at_once(begun: SyncObject, sending: Sending) -> tuple[ObjectFact, ...]:
    """The outcome, where nothing has to be sent, or nothing can be."""
    if sending.failure:
        return (AttemptFailed(begun.attempts, sending.failure, sending.message),)
    if sending.is_nothing and begun.running is not None and begun.running.step == "delta":
        return (AttemptSucceeded(begun.attempts, "", "No amount differs: nothing was sent."),)
    return ()


def _write(target: Target, effect: Effect, running: Try, house: House) -> Decision:
    try:
        done = target.write(effect, running.until)
    except TargetFailure as failure:
        return _failed(running.attempt, failure, house)
    except OutcomeUncertain as uncertain:
        return partial(decide_unknown, attempt=running.attempt, message=uncertain.message)
    except Exception as error:  # noqa: BLE001 - whatever broke, it may have been sent before
        said = f"It broke off after it may have been sent ({type(error).__name__})."
        return partial(decide_unknown, attempt=running.attempt, message=said)
    return done_decision(running.attempt, done, house)


def done_decision(attempt: int, done: Done, house: House) -> Decision:
    """What is recorded of an effect that is there: where parts of it are not, that it failed, and which."""
    missing = [f"{part.key}: {part.message or 'not done'}" for part in done.parts if not part.done]
    if missing:
        return _failed(attempt, TargetFailure("rejected", " ".join([done.message, *missing]).strip()), house)
    return partial(
        decide_success, attempt=attempt, external_id=done.external_id, message=done.message, found=done.found
    )


def _failed(attempt: int, failure: TargetFailure, house: House) -> Decision:
    return partial(
        decide_failure,
        attempt=attempt,
        failure=failure.failure,
        message=failure.message,
        now=house.clock.now(),
        retryable=failure.retryable,
        asked=failure.retry_at,
        rules=house.outward,
    )
