"""Which attributes of a user an answer has: ``attributes`` and ``excludedAttributes``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from api.scim.words import EMPLOYEE, ENTERPRISE, USER
from domain.refusals import Refusal

ALWAYS: Final = frozenset({"schemas", "id"})
ON_REQUEST: Final[Mapping[str, str]] = {
    "emails": "email",
    "phonenumbers": "phone",
    "addresses": "address",
    f"{EMPLOYEE}:dateOfBirth".lower(): "date_of_birth",
}
"""Attributes that are answered only where they are named, and the personal field that each is opened of."""

MOST: Final = 50
_LONGEST: Final = 2_000


class BadScimAttributes(Refusal):
    """Attributes are asked for and excluded at once, or more are named than anything has."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What is asked for, in small letters.

    Attributes:
        only: nothing but these; None: whatever is answered by default.
        without: none of these.
    """

    only: frozenset[str] | None = None
    without: frozenset[str] = frozenset()

    @property
    def opened(self) -> tuple[str, ...]:
        """Personal fields that have to be opened for it."""
        only = self.only or frozenset()
        return tuple(field for name, field in ON_REQUEST.items() if _covers(only, name, whole=False))

    def of(self, user: Mapping[str, Any]) -> dict[str, Any]:
        """What of a user is answered."""
        return dict(_chosen(self, user, ""))


def read_selection(attributes: str | None, excluded: str | None) -> Selection:
    """What a request asks for.

    Raises:
        BadScimAttributes: both are given, or too many are named.
    """
    if attributes is not None and excluded is not None:
        raise BadScimAttributes("Send either attributes or excludedAttributes, not both.")
    if attributes is not None:
        return Selection(only=_names(attributes))
    return Selection(without=_names(excluded or ""))


def _names(text: str) -> frozenset[str]:
    names = [name.strip().lower() for name in text.split(",")] if len(text) <= _LONGEST else [""] * (MOST + 1)
    if len(names) > MOST:
        raise BadScimAttributes(f"At most {MOST} attributes can be named, in {_LONGEST} characters.")
    core = f"{USER.lower()}:"
    return frozenset(name.removeprefix(core) for name in names if name)


def _covers(names: frozenset[str], name: str, *, whole: bool) -> bool:
    """A name is among those, or a part of one, or (unless the whole is meant) has a part among them."""
    parts = {f"{name}.", f"{name}:"}
    if name in names or any(name.startswith((f"{one}.", f"{one}:")) for one in names):
        return True
    return not whole and any(one.startswith(tuple(parts)) for one in names)


def _chosen(selection: Selection, values: Mapping[str, Any], within: str) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    for key, value in values.items():
        name = f"{within}{key}".lower()
        if not within and name in ALWAYS:
            chosen[key] = value
            continue
        if _covers(selection.without, name, whole=True):
            continue
        if selection.only is not None and not _covers(selection.only, name, whole=False):
            continue
        separator = ":" if key in {ENTERPRISE, EMPLOYEE} else "."
        kept = _chosen(selection, value, f"{name}{separator}") if isinstance(value, dict) else value
        if kept != {}:
            chosen[key] = kept
    return chosen
