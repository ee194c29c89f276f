"""Who there is: the fold of a client's people."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, assert_never, get_args

from domain.facts.people import (
    IdentityLinked,
    IdentityUnlinked,
    KeyFact,
    KeyIssued,
    PasswordSet,
    PeopleFact,
    UserAdded,
    UserChanged,
    UserDisabled,
    UserEnabled,
    UserFact,
    UserInvited,
)
from domain.permissions import Permission, Rights, Role, rights_of

Identity = tuple[str, str]
"""Issuer and subject: somebody as an OpenID provider knows them."""

_KNOWN: Final[frozenset[str]] = frozenset(get_args(Role))


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time secret that stands.

    Attributes:
        id: of the secret.
        expires_at: until when it may be used.
    """

    id: str
    expires_at: dt.datetime


@dataclass(frozen=True)
class User:
    """A user of the client.

    Attributes:
        login: the name that they sign in with.
        name: what people call them.
        roles: what they may do, by name.
        locations: the only locations at which; None for all.
        enabled: they may sign in.
        password: the id of the password in force; empty while there is none.
        invitation: the one-time secret that stands, or None.
        identities: at OpenID providers, that stand for them.
        barrier: the version of the stream at which sessions that had begun were ended.
        version: of the stream with the newest fact about them: what a command expects.
    """

    login: str
    name: str = ""
    roles: tuple[str, ...] = ()
    locations: tuple[str, ...] | None = None
    enabled: bool = True
    password: str = ""
    invitation: Invitation | None = None
    identities: tuple[Identity, ...] = ()
    barrier: int = 0
    version: int = 0

    @property
    def actor(self) -> str:
        """How facts record what they do."""
        return f"user:{self.login}"

    @cached_property
    def rights(self) -> Rights:
        """What they may do, and where."""
        return known_rights(self.roles, self.locations)

    @property
    def manages(self) -> bool:
        """They may manage people, all of them."""
        return self.enabled and self.locations is None and self.rights.cover(Permission.MANAGE_PEOPLE)


@dataclass(frozen=True)
class ApiKey:
    """An API key.

    Attributes:
        key: its id.
        name: what it is for.
        roles: what it may do, by name.
        locations: the only locations at which; None for all.
        expires_at: until when it is good.
        issued_by: who issued it.
        revoked: it is good for nothing.
    """

    key: str
    name: str
    roles: tuple[str, ...]
    locations: tuple[str, ...] | None
    expires_at: dt.datetime
    issued_by: str
    revoked: bool = False

    @property
    def actor(self) -> str:
        """How facts record what is done with it."""
        return f"key:{self.key}"

    @cached_property
    def rights(self) -> Rights:
        """What it may do, and where."""
        return known_rights(self.roles, self.locations)

    def stands(self, now: dt.datetime) -> bool:
        """It is neither revoked nor expired."""
        return not self.revoked and now < self.expires_at


@dataclass(frozen=True, slots=True)
class People:
    """The people of a client as of some moment.

    Attributes:
        version: how many facts there are: the version of the stream; 0 before the first.
        users: by login, disabled ones too.
        keys: API keys by id, those that stand no more too.
        linked: the login of each identity at an OpenID provider.
    """

    version: int = 0
    users: Mapping[str, User] = field(default_factory=dict)
    keys: Mapping[str, ApiKey] = field(default_factory=dict)
    linked: Mapping[Identity, str] = field(default_factory=dict)


NOBODY: Final = People()


def known_rights(roles: Iterable[str], locations: Iterable[str] | None) -> Rights:
    """What roles give together; one that this release does not know gives nothing."""
    known: list[Role] = [role for role in get_args(Role) if role in roles and role in _KNOWN]
    return rights_of(*known, locations=None if locations is None else frozenset(locations))


def fold(facts: Iterable[PeopleFact], people: People = NOBODY) -> People:
    """The people after these facts, in their order. Total: it accepts whatever was recorded, and guards nothing."""
    version, users, keys, linked = people.version, dict(people.users), dict(people.keys), dict(people.linked)
    for fact in facts:
        version += 1
        if isinstance(fact, UserFact):
            before = replace(users.get(fact.login, User(fact.login)), version=version)
            users[fact.login] = user = _user(before, fact, version)
            if isinstance(fact, IdentityLinked):
                linked[fact.issuer, fact.subject] = user.login
            elif isinstance(fact, IdentityUnlinked):
                linked.pop((fact.issuer, fact.subject), None)
        else:
            _take_key(keys, fact)
    return People(version, users, keys, linked)


def _user(user: User, fact: UserFact, version: int) -> User:
    match fact:
        case UserAdded() | UserChanged():
            return replace(user, name=fact.name, roles=fact.roles, locations=fact.locations)
        case UserDisabled():
            return replace(user, enabled=False, invitation=None, barrier=version)
        case UserEnabled():
            return replace(user, enabled=True)
        case UserInvited():
            return replace(user, invitation=Invitation(fact.invitation, fact.expires_at))
        case PasswordSet():
            return replace(user, password=fact.password, invitation=None, barrier=version)
        case IdentityLinked():
            return replace(user, identities=(*user.identities, (fact.issuer, fact.subject)))
        case IdentityUnlinked():
            left = tuple([one for one in user.identities if one != (fact.issuer, fact.subject)])
            return replace(user, identities=left, barrier=version)
        case _:
            assert_never(fact)


def _take_key(keys: dict[str, ApiKey], fact: KeyFact) -> None:
    if isinstance(fact, KeyIssued):
        keys[fact.key] = ApiKey(fact.key, fact.name, fact.roles, fact.locations, fact.expires_at, fact.issued_by)
    elif fact.key in keys:
        keys[fact.key] = replace(keys[fact.key], revoked=True)
