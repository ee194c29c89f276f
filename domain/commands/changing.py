"""Changing a connection: decided on the fresh state, and once for each command."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.commands.intent import Intent
from domain.commands.loading import load_connection
from domain.commands.recording import MOST_DECISIONS
from domain.connection import NEW_CONNECTION, Connection, fold
from domain.facts.catalogue import ConnectionFact
from domain.identifiers import ConnectionId
from domain.ports.house import House
from domain.ports.journal import Receipt, Recording, StreamMoved
from domain.refusals import Conflict, Refusal

Decision = Callable[[Connection], tuple[ConnectionFact, ...]]
"""The facts that a command adds to a connection as it is."""

Same = Callable[[Connection, list[ConnectionFact]], bool]
"""Whether a command wants just what these facts say that were added to a connection as it was."""


class CommandReused(Conflict):
    """The id of a command was used before for another one."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What a command changed on a connection.

    Attributes:
        before: the connection as it was decided on.
        after: as it is afterwards.
        receipt: where it is recorded, or None where nothing is, because nothing changed.
        again: it was recorded before; now it was only answered.
    """

    before: Connection
    after: Connection
    receipt: Receipt | None = None
    again: bool = False


def change(
    connection: ConnectionId, intent: Intent, house: House, decide: Decision, same: Same | None = None
) -> Changed:
    """Decide on the connection as it is now, and record; a lost race (polls add to rosters) is decided again.

    A command that was recorded before is not done again: what it recorded is answered.

    Args:
        connection: which.
        intent: who and why.
        house: the ports.
        decide: the facts that are recorded.
        same: tells what this command recorded from what another one of its id did; None: it decides so again.

    Raises:
        NotConnected: there is no such connection.
        CommandReused: the command's id was used for another one.
        StreamMoved: the race was lost :data:`MOST_DECISIONS` times.
    """
    known = NEW_CONNECTION
    lost = 0
    same = same or _deciding(decide)
    while True:
        known = load_connection(house.journal, connection, known=known)
        # Asked after it was loaded: given twice at once, the command may be among what is known by now.
        done = house.journal.receipt(connection.client, intent.command)
        if done:
            return _recorded(connection, intent, house, same, done, again=True)
        facts = decide(known)
        if not facts:
            return Changed(known, known)
        try:
            receipt = house.journal.append([Recording(connection.stream, known.version, facts)], intent.provenance)
        except StreamMoved:
            lost += 1
            if lost == MOST_DECISIONS:
                raise
        else:
            # Somebody else may have recorded a command of this id and come first: what is recorded is the one answer.
            return _recorded(connection, intent, house, same, receipt, again=False)


def told_before(connection: ConnectionId, intent: Intent, house: House, same: Same) -> Changed | None:
    """What the command changed when it was given before; None where it was not.

    For what must not happen twice, as asking a source.

    Raises:
        CommandReused: the command's id was used for another one.
    """
    done = house.journal.receipt(connection.client, intent.command)
    return _recorded(connection, intent, house, same, done, again=True) if done else None


def _recorded(
    connection: ConnectionId, intent: Intent, house: House, same: Same, receipt: Receipt, *, again: bool
) -> Changed:
    entries = list(house.journal.stream(connection.stream, until=receipt.position))
    told = [(entry.provenance, entry.fact) for entry in entries if isinstance(entry.fact, ConnectionFact)]
    known = fold(fact for by, fact in told if by.command != intent.command)
    facts = [fact for by, fact in told if by.command == intent.command]
    reasons = {by.reason for by, _ in told if by.command == intent.command}
    if reasons != {intent.reason} or not same(known, facts):
        raise CommandReused(f"The id {intent.command!r} was used for another command: use a new one.")
    return Changed(known, fold(facts, known), receipt, again)


def _deciding(decide: Decision) -> Same:
    def decides(known: Connection, facts: list[ConnectionFact]) -> bool:
        try:
            return list(decide(known)) == facts
        except Refusal:
            return False

    return decides
