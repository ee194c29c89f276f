"""What logins, names, roles and locations may be."""

from collections.abc import Iterable
from typing import Final, get_args

from domain.identifiers import plain
from domain.permissions import Role
from domain.refusals import Refusal
from domain.texts import has_control_characters

LONGEST_NAME: Final = 100
MOST_LOCATIONS: Final = 500
"""Locations that one grant names."""

GIVEN_ROLES: Final = tuple([role for role in get_args(Role) if role != "operator"])
"""Roles that people and keys are given; the operator's is of whoever sits at the machine alone."""


class BadName(Refusal):
    """A name is empty, too long, or holds control characters."""


class BadRole(Refusal):
    """A role is none that people and keys can be given, or none is named."""


class TooManyLocations(Refusal):
    """A grant names more locations than are taken, or none at all."""


def checked_login(text: str) -> str:
    """A login, in small letters.

    Raises:
        BadIdentifier: it cannot be one.
    """
    return plain(text.lower(), "login")


def checked_name(text: str) -> str:
    """What somebody or something is called, without surrounding space.

    Raises:
        BadName: it cannot be a name.
    """
    name = text.strip()
    if not 0 < len(name) <= LONGEST_NAME or has_control_characters(name):
        raise BadName(f"A name has 1 to {LONGEST_NAME} characters on one line.")
    return name


def checked_roles(roles: Iterable[str]) -> tuple[str, ...]:
    """Roles, each once, in the order of the permission matrix.

    Raises:
        BadRole: one of them is none, or there is none.
    """
    named = set(roles)
    for role in sorted(named - set(GIVEN_ROLES)):
        raise BadRole(f"{role[:40]!r} is no role that can be given: choose of {', '.join(GIVEN_ROLES)}.")
    if not named:
        raise BadRole(f"Name at least one role: {', '.join(GIVEN_ROLES)}.")
    return tuple([role for role in GIVEN_ROLES if role in named])


def checked_locations(locations: Iterable[str] | None) -> tuple[str, ...] | None:
    """The only locations of a grant, sorted; None stays None: all of them.

    Raises:
        BadIdentifier: one of them cannot be a location.
        TooManyLocations: they are too many, or none.
    """
    if locations is None:
        return None
    named = sorted({plain(location, "location") for location in locations})
    if not 0 < len(named) <= MOST_LOCATIONS:
        raise TooManyLocations(f"Name 1 to {MOST_LOCATIONS} locations, or none of them for all.")
    return tuple(named)
