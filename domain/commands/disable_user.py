"""Disable a user, who then can no longer sign in, or enable them again."""

from dataclasses import dataclass

from domain.commands.changing_people import PeopleChanged, Seen, manage
from domain.commands.intent import Intent
from domain.identifiers import PeopleId
from domain.people import checked_login, decide_disable, decide_enable
from domain.ports.house import House


@dataclass(frozen=True, slots=True)
class DisableUser:
    """Disable a user.

    Attributes:
        people: whose.
        login: who.
        intent: who wants it and why.
        with_keys: revoke the API keys that they issued, too.
        expected_version: the version of the user that the caller saw, or None for whatever is there.
    """

    people: PeopleId
    login: str
    intent: Intent
    with_keys: bool = False
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class EnableUser:
    """Enable a user who was disabled.

    Attributes:
        people: whose.
        login: who.
        intent: who wants it and why.
        expected_version: the version of the user that the caller saw, or None for whatever is there.
    """

    people: PeopleId
    login: str
    intent: Intent
    expected_version: int | None = None


def disable_user(command: DisableUser, house: House) -> PeopleChanged:
    """Record it, unless they are disabled; their sessions are over with it.

    Raises:
        NotPermitted, MoreThanOwn: they may not.
        NoSuchUser, LastManager: see ``decide_disable``.
        NotTheVersion, CommandReused, StreamMoved, JournalUnavailable: see ``change``.
    """
    return manage(
        command.people,
        command.intent,
        house,
        lambda people: decide_disable(people, command.login, giver=command.intent.rights, with_keys=command.with_keys),
        seen=Seen(checked_login(command.login), command.expected_version),
    )


def enable_user(command: EnableUser, house: House) -> PeopleChanged:
    """Record it, unless they are enabled; sessions from before stay over.

    Raises:
        NotPermitted, MoreThanOwn: they may not.
        NoSuchUser: see ``decide_enable``.
        NotTheVersion, CommandReused, StreamMoved, JournalUnavailable: see ``change``.
    """
    return manage(
        command.people,
        command.intent,
        house,
        lambda people: decide_enable(people, command.login, giver=command.intent.rights),
        seen=Seen(checked_login(command.login), command.expected_version),
    )
