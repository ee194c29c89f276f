"""Seek a person: find whom a social security number belongs to, which is recorded whether somebody is found or not."""

from dataclasses import dataclass, field
from typing import Final

from domain.commands.changing import CommandReused
from domain.commands.intent import Intent
from domain.commands.recording import MOST_DECISIONS
from domain.facts import PersonSought
from domain.identifiers import PersonId, SearchesId
from domain.permissions import Permission, Rights
from domain.ports.house import House
from domain.ports.journal import Receipt, Recording, StreamMoved
from domain.refusals import Refusal

_DIGITS: Final = 9


class BadNumber(Refusal):
    """What is looked for is no social security number."""


@dataclass(frozen=True, slots=True)
class SeekPerson:
    """Look for people by their social security number.

    Attributes:
        client: whose people.
        number: all nine digits, however they are written.
        intent: who and why.
    """

    client: str
    number: str = field(repr=False)
    intent: Intent


@dataclass(frozen=True, slots=True)
class Sought:
    """Who was found.

    Attributes:
        people: by name, at most 100: those at locations of whoever looks, and, for who has all, of HR systems.
        receipt: where the search is recorded.
        again: it was recorded before.
    """

    people: tuple[PersonId, ...]
    receipt: Receipt
    again: bool


def seek_person(command: SeekPerson, house: House) -> Sought:
    """Look for people, and record who did, why, and whom they found; never the number.

    Raises:
        NotPermitted: the role may not.
        BadNumber: it has not nine digits.
        CommandReused: the command's id was used for another one.
        StreamMoved: the race was lost too often.
    """
    intent = command.intent
    house.permit(intent.asks(Permission.REVEAL, command.client))
    if sum(letter in "0123456789" for letter in command.number) != _DIGITS:
        raise BadNumber("A social security number has nine digits, with or without dashes.")
    people = [_named(command.client, name) for name in house.vault.with_ssn(command.client, command.number)]
    told = tuple([person for person in people if _reached(intent.rights, person.location)])
    searches = SearchesId(command.client, house.clock.now().date())
    fact = PersonSought("ssn", tuple([person.person for person in told]))
    lost = 0
    while True:
        entries = list(house.journal.stream(searches.stream))
        again = house.journal.receipt(command.client, intent.command) is not None
        try:
            receipt = house.journal.append([Recording(searches.stream, len(entries), (fact,))], intent.provenance)
        except StreamMoved:
            lost += 1
            if lost == MOST_DECISIONS:
                raise
            continue
        if again:
            same = [entry.provenance.reason for entry in entries if entry.provenance.command == intent.command]
            if same != [intent.reason]:
                raise CommandReused(f"The id {intent.command!r} was used for another command: use a new one.")
        return Sought(told, receipt, again)


def _reached(rights: Rights, location: str) -> bool:
    """An employee of an HR system is of no location: only who has all of them is told."""
    return rights.reach(location) if location else rights.locations is None


def _named(client: str, person: str) -> PersonId:
    connection, location, employee = person.split(":", 2)
    return PersonId(client, connection, location, employee)
