"""Filters: the part of RFC 7644's language that the views can answer, and a sentence for the rest."""

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from api.scim.ids import employee_of
from api.scim.words import EMPLOYEE, ENTERPRISE, USER
from domain.refusals import Refusal

MOST: Final = 5
"""Comparisons in one filter."""

KNOWN: Final = (
    "`id`, `userName` or `externalId` with `eq`, `active eq true` or `false`, and `meta.lastModified` with `gt` or "
    "`ge`; several with `and`"
)
_TERM: Final = re.compile(r'\s*([A-Za-z][\w:.\-$]*)\s+([A-Za-z]{2})\s+("(?:[^"\\]|\\.)*"|true|false)\s*', re.IGNORECASE)
_AND: Final = re.compile(r"and\s", re.IGNORECASE)
_LONGEST: Final = 1_000


class BadScimFilter(Refusal):
    """A filter asks for what the SCIM service does not compare, or is not written as RFC 7644 says."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What users have to be like.

    Attributes:
        users: the only ones, by location and employee; None for all, and of none nobody is found.
        employee: the source's id.
        active: whether they are.
        changed: they changed at or after this instant.
        after: they changed after the instant, not at it.
    """

    users: frozenset[tuple[str, str]] | None = None
    employee: str | None = None
    active: bool | None = None
    changed: dt.datetime | None = None
    after: bool = False
    nobody: bool = False


EVERYBODY: Final = Filter()


def read_filter(text: str) -> Filter:
    """A filter as it was written.

    Raises:
        BadScimFilter: it asks for something else than :data:`KNOWN`.
    """
    if len(text) > _LONGEST:
        raise BadScimFilter(f"A filter has at most {_LONGEST} characters.")
    found, rest = EVERYBODY, text
    for _ in range(MOST):
        term = _TERM.match(rest)
        if term is None:
            break
        found = _narrowed(found, _name(term[1]), term[2].lower(), _value(term[3]))
        rest = rest[term.end() :]
        if not rest:
            return found
        joined = _AND.match(rest)
        if joined is None:
            break
        rest = rest[joined.end() :]
    raise BadScimFilter(f"This filter cannot be answered. What can be compared: {KNOWN}, at most {MOST}.")


def _name(text: str) -> str:
    lowered = text.lower()
    for urn in (USER, ENTERPRISE, EMPLOYEE):
        lowered = lowered.removeprefix(f"{urn.lower()}:")
    return lowered


def _value(text: str) -> str | bool:
    if text.lower() in {"true", "false"}:
        return text.lower() == "true"
    try:
        return msgspec.json.decode(text, type=str)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadScimFilter("A value of the filter is no JSON text.") from None


def _narrowed(found: Filter, name: str, operator: str, value: str | bool) -> Filter:
    if isinstance(value, str) and name in {"id", "username"} and operator == "eq":
        user = employee_of(value)
        one = frozenset() if user is None else frozenset({user})
        return replace(found, users=one if found.users is None else found.users & one)
    if isinstance(value, str) and name == "externalid" and operator == "eq":
        return replace(found, employee=value, nobody=found.nobody or found.employee not in {None, value})
    if isinstance(value, bool) and name == "active" and operator == "eq":
        return replace(found, active=value, nobody=found.nobody or found.active not in {None, value})
    if isinstance(value, str) and name == "meta.lastmodified" and operator in {"gt", "ge"}:
        return _since(found, _instant(value), after=operator == "gt")
    raise BadScimFilter(f"This comparison cannot be answered. What can be compared: {KNOWN}.")


def _since(found: Filter, instant: dt.datetime, *, after: bool) -> Filter:
    if found.changed is not None and (found.changed, found.after) >= (instant, after):
        return found
    return replace(found, changed=instant, after=after)


def _instant(text: str) -> dt.datetime:
    try:
        instant = dt.datetime.fromisoformat(text)
        return instant.astimezone(dt.UTC) if instant.tzinfo else instant.replace(tzinfo=dt.UTC)
    except (ValueError, OverflowError):
        raise BadScimFilter('meta.lastModified is compared with an instant, such as "2026-11-21T22:10:00Z".') from None
