"""Add a user: somebody may work with the client's data, once they chose a password with a one-time secret."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.commands.changing_people import PeopleChanged, id_of, manage
from domain.commands.intent import Intent
from domain.identifiers import PeopleId
from domain.people import decide_add
from domain.ports.house import House


@dataclass(frozen=True, slots=True)
class AddUser:
    """Add a user.

    Attributes:
        people: whose.
        login: the name to sign in with.
        roles: what they may do.
        intent: who and why.
        name: what people call them; the login where nothing is said.
        locations: the only locations at which; None for all.
        first: only where there is no user yet: the owner.
    """

    people: PeopleId
    login: str
    roles: Sequence[str]
    intent: Intent
    name: str = ""
    locations: Sequence[str] | None = None
    first: bool = False


def add_user(command: AddUser, house: House) -> PeopleChanged:
    """Record the user with a one-time secret, whose id is that of :func:`id_of` for ``invitation``.

    Raises:
        NotPermitted, MoreThanOwn: they may not.
        LoginTaken, TooManyUsers, BadIdentifier, BadName, BadRole, TooManyLocations: see ``decide_add``.
        CommandReused, StreamMoved, JournalUnavailable: see ``change``.
    """
    now = house.clock.now()
    invitation = id_of(command.intent, command.people, "invitation")
    return manage(
        command.people,
        command.intent,
        house,
        lambda people: (
            ()
            if command.first and people.users
            else decide_add(
                people,
                command.login,
                roles=command.roles,
                giver=command.intent.rights,
                invitation=invitation,
                now=now,
                name=command.name,
                locations=command.locations,
            )
        ),
    )
