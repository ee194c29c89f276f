"""Deciding how users sign in: one-time secrets, passwords, identities at OpenID providers."""

import datetime as dt
from typing import Final

from domain.facts.people import IdentityLinked, IdentityUnlinked, PasswordSet, PeopleFact
from domain.people.giving import check_giving, check_taking
from domain.people.naming import checked_login
from domain.people.state import People, User
from domain.people.users import INVITED_DAYS, UserIsDisabled, found, invited
from domain.permissions import Rights
from domain.refusals import Conflict, Refusal
from domain.texts import has_control_characters

__all__ = [
    "INVITED_DAYS",
    "BadIdentity",
    "IdentityTaken",
    "NotInvited",
    "decide_accept",
    "decide_invite",
    "decide_link",
    "decide_password",
    "decide_unlink",
]

MOST_IDENTITIES: Final = 10
"""Identities at OpenID providers of one user."""

_LONGEST: Final = 255


class NotInvited(Refusal):
    """A one-time secret was used, replaced or has expired."""


class IdentityTaken(Conflict):
    """The identity at the OpenID provider stands for another user."""


class BadIdentity(Refusal):
    """An issuer or a subject cannot be one, or a user has as many identities as they may."""


def decide_invite(
    people: People, login: str, invitation: str, *, giver: Rights, now: dt.datetime
) -> tuple[PeopleFact, ...]:
    """The fact of a new one-time secret, with which a user chooses a password.

    Whoever holds it can be that user, so that only who has all of the user's rights may give it.

    Raises:
        NoSuchUser: there is none.
        UserIsDisabled: they are.
        MoreThanOwn: the giver has less than the user.
    """
    user = _enabled(people, login)
    check_giving(giver, user.rights)
    return (invited(user.login, invitation, now),)


def decide_accept(
    people: People, login: str, invitation: str, password: str, *, now: dt.datetime
) -> tuple[PeopleFact, ...]:
    """The fact of a password that was chosen with a one-time secret, which is spent by it.

    Raises:
        NotInvited: the secret does not stand, for whatever reason.
    """
    user = people.users.get(login)
    standing = user.invitation if user is not None and user.enabled else None
    if standing is None or standing.id != invitation or now >= standing.expires_at:
        raise NotInvited(
            "The one-time secret was used already, was replaced by a newer one, or has expired: ask for another."
        )
    return (PasswordSet(login, password, invitation),)


def decide_password(people: People, login: str, password: str) -> tuple[PeopleFact, ...]:
    """The fact of a password that a user chose in place of their own.

    Raises:
        NoSuchUser: there is none.
        UserIsDisabled: they are.
    """
    return (PasswordSet(_enabled(people, login).login, password),)


def decide_link(people: People, login: str, issuer: str, subject: str, *, giver: Rights) -> tuple[PeopleFact, ...]:
    """The fact that an identity at an OpenID provider stands for a user; none where it does already.

    Raises:
        NoSuchUser: there is none.
        UserIsDisabled: they are.
        BadIdentity: issuer or subject cannot be one, or they are too many.
        IdentityTaken: it stands for somebody else.
        MoreThanOwn: the giver has less than the user.
    """
    user = _enabled(people, login)
    for text in (issuer, subject):
        if not 0 < len(text) <= _LONGEST or has_control_characters(text):
            raise BadIdentity(f"Issuer and subject have 1 to {_LONGEST} characters each, on one line.")
    check_giving(giver, user.rights)
    holder = people.linked.get((issuer, subject))
    if holder == user.login:
        return ()
    if holder is not None:
        raise IdentityTaken("The identity stands for another user: take it from them first.")
    if len(user.identities) >= MOST_IDENTITIES:
        raise BadIdentity(f"A user has at most {MOST_IDENTITIES} identities: take one away first.")
    return (IdentityLinked(user.login, issuer, subject),)


def decide_unlink(people: People, login: str, issuer: str, subject: str, *, giver: Rights) -> tuple[PeopleFact, ...]:
    """The fact that an identity stands for a user no more; none where it does not.

    Raises:
        NoSuchUser: there is none.
        MoreThanOwn: the user has locations that are not the giver's.
    """
    user = found(people, checked_login(login))
    check_taking(giver, user.rights)
    if (issuer, subject) not in user.identities:
        return ()
    return (IdentityUnlinked(user.login, issuer, subject),)


def _enabled(people: People, login: str) -> User:
    user = found(people, checked_login(login))
    if not user.enabled:
        raise UserIsDisabled(f"The user {user.login!r} is disabled: enable them first.")
    return user
