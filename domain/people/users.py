"""Deciding about users: who there is, and what they may do."""

import datetime as dt
from collections.abc import Iterable
from typing import Final

from domain.facts.people import KeyRevoked, PeopleFact, UserAdded, UserChanged, UserDisabled, UserEnabled, UserInvited
from domain.people.giving import check_giving, check_taking
from domain.people.naming import checked_locations, checked_login, checked_name, checked_roles
from domain.people.state import People, User, known_rights
from domain.permissions import Rights
from domain.refusals import Conflict, NotFound, Refusal

MOST_USERS: Final = 5_000
"""Users of one client."""

INVITED_DAYS: Final = 7
"""How long a one-time secret may be used."""


class NoSuchUser(NotFound):
    """The client has no user of that login."""


class LoginTaken(Conflict):
    """The client has a user of that login already."""


class TooManyUsers(Refusal):
    """The client has as many users as it may."""


class UserIsDisabled(Conflict):
    """The user is disabled: what is asked for takes one who is not."""


class LastManager(Conflict):
    """The last user who manages people cannot be taken away."""


def found(people: People, login: str) -> User:
    """A user by login.

    Raises:
        NoSuchUser: there is none.
    """
    user = people.users.get(login)
    if user is None:
        raise NoSuchUser(f"There is no user {login[:64]!r} here: `daybook users` lists those that there are.")
    return user


def decide_add(
    people: People,
    login: str,
    *,
    roles: Iterable[str],
    giver: Rights,
    invitation: str,
    now: dt.datetime,
    name: str = "",
    locations: Iterable[str] | None = None,
) -> tuple[PeopleFact, ...]:
    """The facts of a new user with a one-time secret.

    Raises:
        BadIdentifier, BadName, BadRole, TooManyLocations: what was given does not fit.
        LoginTaken: there is a user of that login.
        TooManyUsers: there are as many as there may be.
        MoreThanOwn: the giver has less.
    """
    login = checked_login(login)
    added = UserAdded(login, checked_name(name or login), checked_roles(roles), checked_locations(locations))
    if login in people.users:
        raise LoginTaken(f"There is a user {login!r} already: change it, or choose another login.")
    if len(people.users) >= MOST_USERS:
        raise TooManyUsers(f"A client has at most {MOST_USERS} users, disabled ones included.")
    check_giving(giver, known_rights(added.roles, added.locations))
    return (added, invited(login, invitation, now))


def invited(login: str, invitation: str, now: dt.datetime) -> UserInvited:
    """The fact of a new one-time secret."""
    return UserInvited(login, invitation, now + dt.timedelta(days=INVITED_DAYS))


def decide_change(
    people: People,
    login: str,
    *,
    giver: Rights,
    name: str | None = None,
    roles: Iterable[str] | None = None,
    locations: Iterable[str] | None = None,
    everywhere: bool = False,
) -> tuple[PeopleFact, ...]:
    """The fact of a changed user; none where nothing changes. What is None stays as it is.

    Args:
        people: as recorded.
        login: who.
        giver: what whoever decides may do.
        name: what people call them.
        roles: what they may do, all of it.
        locations: the only locations at which, all of them.
        everywhere: at all locations from now on.

    Raises:
        NoSuchUser: there is none.
        BadIdentifier, BadName, BadRole, TooManyLocations: what was given does not fit.
        MoreThanOwn: the giver has less than the user gains, or not all of the user's locations.
        LastManager: nobody would be left who manages people.
    """
    user = found(people, checked_login(login))
    changed = UserChanged(
        user.login,
        user.name if name is None else checked_name(name),
        user.roles if roles is None else checked_roles(roles),
        None if everywhere else user.locations if locations is None else checked_locations(locations),
    )
    if (changed.name, changed.roles, changed.locations) == (user.name, user.roles, user.locations):
        return ()
    after = known_rights(changed.roles, changed.locations)
    check_taking(giver, user.rights)
    check_giving(giver, after, user.rights)
    _check_managed(people, user, User(user.login, roles=changed.roles, locations=changed.locations))
    return (changed,)


def decide_disable(people: People, login: str, *, giver: Rights, with_keys: bool = False) -> tuple[PeopleFact, ...]:
    """The facts of a disabled user; none where they are it already.

    Args:
        people: as recorded.
        login: who.
        giver: what whoever decides may do.
        with_keys: revoke the API keys that they issued, too.

    Raises:
        NoSuchUser: there is none.
        MoreThanOwn: the user has locations that are not the giver's.
        LastManager: nobody would be left who manages people.
    """
    user = found(people, checked_login(login))
    check_taking(giver, user.rights)
    facts: list[PeopleFact] = []
    if user.enabled:
        _check_managed(people, user, User(user.login, enabled=False))
        facts.append(UserDisabled(user.login))
    if with_keys:
        issued = [key for key in people.keys.values() if key.issued_by == user.actor and not key.revoked]
        facts += [KeyRevoked(key.key) for key in issued]
    return tuple(facts)


def decide_enable(people: People, login: str, *, giver: Rights) -> tuple[PeopleFact, ...]:
    """The fact of a user who may sign in again; none where they may.

    Raises:
        NoSuchUser: there is none.
        MoreThanOwn: the giver has less than the user gets back.
    """
    user = found(people, checked_login(login))
    if user.enabled:
        return ()
    check_giving(giver, user.rights)
    return (UserEnabled(user.login),)


def _check_managed(people: People, before: User, after: User) -> None:
    if not before.manages or after.manages:
        return
    if not any(user.manages for user in people.users.values() if user.login != before.login):
        raise LastManager(
            f"{before.login!r} is the last user who manages people everywhere: give another one such a role first."
        )
