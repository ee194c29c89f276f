"""Change a user: their name, what they may do, and where."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.commands.changing_people import PeopleChanged, Seen, manage
from domain.commands.intent import Intent
from domain.identifiers import PeopleId
from domain.people import checked_login, decide_change
from domain.ports.house import House


@dataclass(frozen=True, slots=True)
class ChangeUser:
    """Change a user. What is None stays as it is.

    Attributes:
        people: whose.
        login: who.
        intent: who wants it and why.
        name: what people call them.
        roles: what they may do, all of it.
        locations: the only locations at which, all of them.
        everywhere: at all locations from now on.
        expected_version: the version of the user that the caller saw, or None for whatever is there.
    """

    people: PeopleId
    login: str
    intent: Intent
    name: str | None = None
    roles: Sequence[str] | None = None
    locations: Sequence[str] | None = None
    everywhere: bool = False
    expected_version: int | None = None


def change_user(command: ChangeUser, house: House) -> PeopleChanged:
    """Record what is different; it counts from the next request of the user on.

    Raises:
        NotPermitted, MoreThanOwn: they may not.
        NoSuchUser, LastManager, BadName, BadRole, TooManyLocations, BadIdentifier: see ``decide_change``.
        NotTheVersion, CommandReused, StreamMoved, JournalUnavailable: see ``change``.
    """
    return manage(
        command.people,
        command.intent,
        house,
        lambda people: decide_change(
            people,
            command.login,
            giver=command.intent.rights,
            name=command.name,
            roles=command.roles,
            locations=command.locations,
            everywhere=command.everywhere,
        ),
        seen=Seen(checked_login(command.login), command.expected_version),
    )
