"""SCIM's JSON: names in any case, and nothing taken on trust."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import msgspec

from domain.ports.source import SourceFailure

Object = Mapping[str, Any]
"""A JSON object with its names in small letters: SCIM's are equal in any case."""

MOST_ROWS: Final = 100_000
"""Users of one list at most."""

_LONGEST_ID: Final = 200
_LONGEST_CURSOR: Final = 4096
_DEEPEST: Final = 12
_DECODE: Final = msgspec.json.Decoder(float_hook=Decimal).decode


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list.

    Attributes:
        total: how many there are in all; None where the service does not say.
        rows: by id, in their order.
        twice: an id came twice on the page.
        cursor: of the next page; None after the last, and where pages go by index.
    """

    total: int | None
    rows: Mapping[str, Object]
    twice: bool
    cursor: str | None


def malformed(what: str) -> SourceFailure:
    """The failure of an answer that is not what the standard promises; shows nothing of it."""
    return SourceFailure("malformed", f"The service's answer is not what SCIM promises: {what}.", resource="Users")


def read_object(body: bytes) -> Object:
    """A JSON object, with the names at every depth in small letters.

    Raises:
        SourceFailure: it is none.
    """
    try:
        found = _lowered(_DECODE(body), 0)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ArithmeticError):
        raise malformed("it is no JSON") from None
    if not isinstance(found, dict):
        raise malformed("it is no object")
    return found


def error_type(body: bytes) -> str:
    """The ``scimType`` of an error in small letters, or empty."""
    try:
        return str(read_object(body).get("scimtype") or "")[:40].lower()
    except SourceFailure:
        return ""


def read_listing(answer: Object) -> Listing:
    """A page of users.

    Raises:
        SourceFailure: it is none.
    """
    total, resources, cursor = answer.get("totalresults"), answer.get("resources"), answer.get("nextcursor")
    if total is not None and (isinstance(total, bool) or not isinstance(total, int) or not 0 <= total < 2**53):
        raise malformed("totalResults is no count")
    if isinstance(total, int) and total > MOST_ROWS:
        raise SourceFailure("too-large", f"The service has more than the {MOST_ROWS:,} users that are read.")
    if resources is None:
        resources = []
    if not isinstance(resources, list) or len(resources) > MOST_ROWS:
        raise malformed("Resources is no list")
    if cursor is not None and not (isinstance(cursor, str) and len(cursor) <= _LONGEST_CURSOR):
        raise malformed("nextCursor is no text")
    rows = {id_of(row): row for row in resources}
    return Listing(total, rows, len(rows) < len(resources), cursor or None)


def id_of(row: Any) -> str:
    """The id of a user.

    Raises:
        SourceFailure: it has none that can be kept.
    """
    found = row.get("id") if isinstance(row, dict) else None
    if not isinstance(found, str) or not 0 < len(found) <= _LONGEST_ID or not found.isprintable():
        raise malformed("a user has no id")
    return found


def _lowered(value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        raise malformed("it is nested too deep")
    if isinstance(value, dict):
        return {name.lower(): _lowered(part, depth + 1) for name, part in value.items()}
    if isinstance(value, list):
        return [_lowered(part, depth + 1) for part in value]
    return value
