"""Invite a user: give them a one-time secret with which they choose a new password."""

from dataclasses import dataclass

from domain.commands.changing_people import PeopleChanged, id_of, manage
from domain.commands.intent import Intent
from domain.identifiers import PeopleId
from domain.people import decide_invite
from domain.ports.house import House


@dataclass(frozen=True, slots=True)
class InviteUser:
    """Invite a user.

    Attributes:
        people: whose.
        login: who.
        intent: who wants it and why.
    """

    people: PeopleId
    login: str
    intent: Intent


def invite_user(command: InviteUser, house: House) -> PeopleChanged:
    """Record the one-time secret, whose id is that of :func:`id_of` for ``invitation``; an earlier one counts no more.

    Raises:
        NotPermitted, MoreThanOwn: they may not.
        NoSuchUser, UserIsDisabled: see ``decide_invite``.
        CommandReused, StreamMoved, JournalUnavailable: see ``change``.
    """
    now = house.clock.now()
    invitation = id_of(command.intent, command.people, "invitation")
    return manage(
        command.people,
        command.intent,
        house,
        lambda people: decide_invite(people, command.login, invitation, giver=command.intent.rights, now=now),
    )
