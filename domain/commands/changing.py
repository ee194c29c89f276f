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


def change(connection: ConnectionId, intent: Intent, house: House, decide: Decision) -> Changed:
    """Decide on the connection as it is now, and record; a lost race (polls add to rosters) is decided again.

    A command that was recorded before is not done again: what it recorded is answered.

    Raises:
        NotConnected: there is no such connection.
        CommandReused: the command's id was used for another one.
        StreamMoved: the race was lost :data:`MOST_DECISIONS` times.
    """
    known = NEW_CONNECTION
    lost = 0
    while True:
        known = load_connection(house.journal, connection, known=known)
        # Asked after it was loaded: given twice at once, the command may be among what is known by now.
        done = house.journal.receipt(connection.client, intent.command)
        if done:
            return _recorded(connection, intent, house, decide, done, again=True)
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
            return _recorded(connection, intent, house, decide, receipt, again=False)


def _recorded(
    connection: ConnectionId, intent: Intent, house: House, decide: Decision, receipt: Receipt, *, again: bool
) -> Changed:
    entries = list(house.journal.stream(connection.stream, until=receipt.position))
    told = [(entry.provenance, entry.fact) for entry in entries if isinstance(entry.fact, ConnectionFact)]
    known = fold(fact for by, fact in told if by.command != intent.command)
    facts = [fact for by, fact in told if by.command == intent.command]
    reasons = {by.reason for by, _ in told if by.command == intent.command}
    if reasons != {intent.reason} or not _decides(decide, known, facts):
        raise CommandReused(f"The id {intent.command!r} was used for another command: use a new one.")
    return Changed(known, fold(facts, known), receipt, again)


def _decides(decide: Decision, known: Connection, facts: list[ConnectionFact]) -> bool:
    """The command leads to just these facts."""
    try:
        return list(decide(known)) == facts
    except Refusal:
        return False
