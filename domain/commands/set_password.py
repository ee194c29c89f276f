"""Set a password: one's own, or by spending a one-time secret. Whoever calls has checked who it is."""

from dataclasses import dataclass

from domain.commands.changing_people import PeopleChanged, change
from domain.commands.intent import Intent
from domain.identifiers import PeopleId
from domain.people import decide_accept, decide_password
from domain.ports.house import House


@dataclass(frozen=True, slots=True)
class SetPassword:
    """Set a password.

    Attributes:
        people: whose.
        login: who.
        password: the id under which its hash is kept.
        intent: who and why; the user themselves.
        invitation: the one-time secret that is spent on it; empty where they change their own.
    """

    people: PeopleId
    login: str
    password: str
    intent: Intent
    invitation: str = ""


def set_password(command: SetPassword, house: House) -> PeopleChanged:
    """Record it: sessions from before are over, and a one-time secret is spent, once.

    Raises:
        NotInvited: the one-time secret does not stand.
        NoSuchUser, UserIsDisabled: see ``decide_password``.
        CommandReused, StreamMoved, JournalUnavailable: see ``change``.
    """
    now = house.clock.now()
    return change(
        command.people,
        command.intent,
        house,
        lambda people: (
            decide_accept(people, command.login, command.invitation, command.password, now=now)
            if command.invitation
            else decide_password(people, command.login, command.password)
        ),
    )
