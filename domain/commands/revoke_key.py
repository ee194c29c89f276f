"""Revoke an API key."""

from dataclasses import dataclass

from domain.commands.changing_people import PeopleChanged, manage
from domain.commands.intent import Intent
from domain.identifiers import PeopleId
from domain.people import decide_revoke
from domain.ports.house import House


@dataclass(frozen=True, slots=True)
class RevokeKey:
    """Revoke an API key.

    Attributes:
        people: whose.
        key: its id.
        intent: who and why.
    """

    people: PeopleId
    key: str
    intent: Intent


def revoke_key(command: RevokeKey, house: House) -> PeopleChanged:
    """Record it, unless it is revoked: the key is good for nothing from then on.

    Raises:
        NotPermitted, MoreThanOwn: they may not.
        NoSuchKey: there is none.
        CommandReused, StreamMoved, JournalUnavailable: see ``change``.
    """
    return manage(
        command.people,
        command.intent,
        house,
        lambda people: decide_revoke(people, command.key, giver=command.intent.rights),
    )
