"""Changing a client's people: decided on the fresh state, and once for each command."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import msgspec

from domain.commands.changing import CommandReused
from domain.commands.intent import Intent
from domain.commands.recording import NotTheVersion
from domain.facts.people import KeyIssued, PeopleFact, UserInvited
from domain.identifiers import PeopleId
from domain.people import NOBODY, People, fold
from domain.permissions import Permission
from domain.ports.house import House
from domain.ports.journal import Journal, Receipt, Recording, StreamMoved
from domain.refusals import Refusal

MOST_DECISIONS: Final = 20
"""How often a lost race is decided again before giving up."""

Decision = Callable[[People], tuple[PeopleFact, ...]]
"""The facts that a command adds to the people as they are."""


@dataclass(frozen=True, slots=True)
class PeopleChanged:
    """What a command changed.

    Attributes:
        people: as they are afterwards.
        facts: what is recorded of it; none where nothing changed.
        receipt: where; None where nothing is.
        again: it was recorded before; now it was only answered.
    """

    people: People
    facts: tuple[PeopleFact, ...] = ()
    receipt: Receipt | None = None
    again: bool = False


def load_people(journal: Journal, people: PeopleId, *, known: People = NOBODY) -> People:
    """A client's people as recorded; of those known as of an earlier version only what came since is read."""
    entries = journal.stream(people.stream, after=known.version)
    return fold([entry.fact for entry in entries if isinstance(entry.fact, PeopleFact)], known)


def id_of(intent: Intent, people: PeopleId, what: str) -> str:
    """The id of something that a command makes: the same for the same command, and no other's. It is no secret."""
    return hashlib.sha256(f"{what}\0{people.client}\0{intent.command}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the caller saw of a user.

    Attributes:
        login: who.
        version: at which version; None for whatever is there.
    """

    login: str
    version: int | None


def manage(
    people: PeopleId, intent: Intent, house: House, decide: Decision, *, seen: Seen | None = None
) -> PeopleChanged:
    """As :func:`change`, for those who may manage people.

    Raises:
        NotPermitted: they may not.
    """
    house.permit(intent.asks(Permission.MANAGE_PEOPLE, people.client))
    return change(people, intent, house, decide, seen=seen)


def change(
    people: PeopleId, intent: Intent, house: House, decide: Decision, *, seen: Seen | None = None
) -> PeopleChanged:
    """Decide on the people as they are now, and record; a lost race is decided again.

    A command that was recorded before is not done again: what it recorded is answered.

    Raises:
        NotTheVersion: the user is not at the version that was seen.
        CommandReused: the command's id was used for another one.
        StreamMoved: the race was lost :data:`MOST_DECISIONS` times.
    """
    known = NOBODY
    lost = 0
    while True:
        known = load_people(house.journal, people, known=known)
        done = house.journal.receipt(people.client, intent.command)
        if done:
            return _recorded(people, intent, house, decide, done, again=True)
        if seen is not None:
            _check_seen(known, seen)
        facts = decide(known)
        if not facts:
            return PeopleChanged(known)
        try:
            receipt = house.journal.append([Recording(people.stream, known.version, facts)], intent.provenance)
        except StreamMoved:
            lost += 1
            if lost == MOST_DECISIONS:
                raise
        else:
            return _recorded(people, intent, house, decide, receipt, again=False)


def _check_seen(people: People, seen: Seen) -> None:
    user = people.users.get(seen.login)
    if user is not None and seen.version is not None and seen.version != user.version:
        raise NotTheVersion(
            f"The user {user.login!r} is at version {user.version}, not {seen.version}: look at them again, then "
            "decide."
        )


def _recorded(
    people: PeopleId, intent: Intent, house: House, decide: Decision, receipt: Receipt, *, again: bool
) -> PeopleChanged:
    """What a commit holds, if it is this command's: somebody else may have used its id and come first."""
    entries = list(house.journal.stream(people.stream, until=receipt.position))
    told = [(entry.provenance, entry.fact) for entry in entries if isinstance(entry.fact, PeopleFact)]
    known = fold(fact for by, fact in told if by.command != intent.command)
    facts = tuple([fact for by, fact in told if by.command == intent.command])
    who = {(by.actor, by.reason) for by, _ in told if by.command == intent.command}
    if who != {(intent.actor, intent.reason)} or not _decides(decide, known, facts):
        raise CommandReused(f"The id {intent.command!r} was used for another command: use a new one.")
    return PeopleChanged(fold(facts, known), facts, receipt, again)


def _decides(decide: Decision, known: People, facts: tuple[PeopleFact, ...]) -> bool:
    """The command leads to just these facts, whatever the time is by now."""
    try:
        return _timeless(decide(known)) == _timeless(facts)
    except Refusal:
        return False


def _timeless(facts: Iterable[PeopleFact]) -> list[PeopleFact]:
    return [
        msgspec.structs.replace(fact, expires_at=None) if isinstance(fact, UserInvited | KeyIssued) else fact
        for fact in facts
    ]
