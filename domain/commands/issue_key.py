"""Issue an API key to a program."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.commands.changing_people import PeopleChanged, id_of, manage
from domain.commands.intent import Intent
from domain.identifiers import PeopleId
from domain.people import decide_issue
from domain.ports.house import House


@dataclass(frozen=True, slots=True)
class IssueKey:
    """Issue an API key.

    Attributes:
        people: whose.
        name: what it is for.
        roles: what it may do.
        days: how long it is good for.
        intent: who and why.
        locations: the only locations at which it may; None for all.
    """

    people: PeopleId
    name: str
    roles: Sequence[str]
    days: int
    intent: Intent
    locations: Sequence[str] | None = None


def issue_key(command: IssueKey, house: House) -> PeopleChanged:
    """Record the key, whose id is that of :func:`id_of` for ``key``.

    Raises:
        NotPermitted, MoreThanOwn: they may not.
        BadName, BadRole, BadDays, TooManyLocations, BadIdentifier, TooManyKeys: see ``decide_issue``.
        CommandReused, StreamMoved, JournalUnavailable: see ``change``.
    """
    now = house.clock.now()
    key = id_of(command.intent, command.people, "key")
    return manage(
        command.people,
        command.intent,
        house,
        lambda people: decide_issue(
            people,
            key,
            name=command.name,
            roles=command.roles,
            days=command.days,
            issued_by=command.intent.actor,
            giver=command.intent.rights,
            now=now,
            locations=command.locations,
        ),
    )
