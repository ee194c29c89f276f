"""Deciding about API keys."""

import datetime as dt
from collections.abc import Iterable
from typing import Final

from domain.facts.people import KeyIssued, KeyRevoked, PeopleFact
from domain.people.giving import check_giving, check_taking
from domain.people.naming import checked_locations, checked_name, checked_roles
from domain.people.state import ApiKey, People, known_rights
from domain.permissions import Rights
from domain.refusals import NotFound, Refusal

MOST_DAYS: Final = 365
"""How long a key is good for, at most."""

MOST_KEYS: Final = 2_000
"""Keys of one client that stand at the same time."""


class NoSuchKey(NotFound):
    """The client has no API key of that id."""


class BadDays(Refusal):
    """An API key would be good for no time, or for too long."""


class TooManyKeys(Refusal):
    """The client has as many API keys as it may."""


def decide_issue(
    people: People,
    key: str,
    *,
    name: str,
    roles: Iterable[str],
    days: int,
    issued_by: str,
    giver: Rights,
    now: dt.datetime,
    locations: Iterable[str] | None = None,
) -> tuple[PeopleFact, ...]:
    """The fact of a new API key.

    Args:
        people: as recorded.
        key: its id, new.
        name: what it is for.
        roles: what it may do.
        days: how long it is good for.
        issued_by: who issues it.
        giver: what they may do.
        now: the time.
        locations: the only locations at which it may; None for all.

    Raises:
        BadIdentifier, BadName, BadRole, TooManyLocations, BadDays: what was given does not fit.
        TooManyKeys: there are as many as there may be.
        MoreThanOwn: the giver has less.
    """
    if not 0 < days <= MOST_DAYS:
        raise BadDays(f"A key is good for 1 to {MOST_DAYS} days, not for {days}.")
    issued = KeyIssued(
        key,
        checked_name(name),
        checked_roles(roles),
        days,
        now + dt.timedelta(days=days),
        issued_by,
        checked_locations(locations),
    )
    if sum(known.stands(now) for known in people.keys.values()) >= MOST_KEYS:
        raise TooManyKeys(f"A client has at most {MOST_KEYS} keys at the same time: revoke one first.")
    check_giving(giver, known_rights(issued.roles, issued.locations))
    return (issued,)


def decide_revoke(people: People, key: str, *, giver: Rights) -> tuple[PeopleFact, ...]:
    """The fact of a key that is good for nothing any more; none where it is so already.

    Raises:
        NoSuchKey: there is none.
        MoreThanOwn: the key has locations that are not the giver's.
    """
    known = found_key(people, key)
    check_taking(giver, known.rights)
    return () if known.revoked else (KeyRevoked(key),)


def found_key(people: People, key: str) -> ApiKey:
    """A key by its id.

    Raises:
        NoSuchKey: there is none.
    """
    known = people.keys.get(key)
    if known is None:
        raise NoSuchKey(f"There is no API key {key[:64]!r} here: `daybook keys` lists those that there are.")
    return known
