"""The list of venues: which of them a key opens, page by page."""

import base64
import binascii
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from adapters.pos.tray.simulator.kernel import DEFAULT_LIMIT, HIGHEST_LIMIT, Refused
from adapters.pos.tray.simulator.wall import MICRO, micro_text

if TYPE_CHECKING:
    from adapters.pos.tray.simulator.pos import TrayPos
    from adapters.pos.tray.simulator.settings import Venue

_CURSOR = b"venues:"


def venues_page(pos: "TrayPos", key: str | None, pairs: Sequence[tuple[str, str]]) -> bytes:
    """Answer a page of the venues that a key opens, by id.

    Raises:
        Refused: 401 for an unknown key; 400 for a parameter that is unknown, repeated or malformed.
    """
    opened = sorted((venue for venue in pos.settings.venues if key and venue.opens(key)), key=lambda venue: venue.id)
    if not opened:
        raise Refused(401, "unauthorized", "The API key is missing or unknown.")
    query = dict(pairs)
    if len(query) != len(pairs) or not query.keys() <= {"limit", "cursor"}:
        raise Refused(400, "unknown_parameter", "venues has the parameters limit and cursor, each once.")
    limit = _number(query.get("limit", str(DEFAULT_LIMIT)), "limit")
    if not 1 <= limit <= HIGHEST_LIMIT:
        raise Refused(400, "bad_limit", f"limit is a number from 1 to {HIGHEST_LIMIT}.")
    begin = _offset(query["cursor"]) if "cursor" in query else 0
    end = begin + limit
    following = base64.urlsafe_b64encode(_CURSOR + str(end).encode()).decode() if end < len(opened) else None
    return msgspec.json.encode(
        {
            "data": [_row(venue) for venue in opened[begin:end]],
            "nextCursor": following,
            "serverTime": micro_text(pos.now() // MICRO * MICRO),
        }
    )


def _row(venue: "Venue") -> dict[str, Any]:
    return {
        "id": venue.id,
        "name": venue.name,
        "zone": venue.zone,
        "organizationId": venue.organization,
        "organizationName": venue.organization_name,
    }


def _offset(cursor: str) -> int:
    try:
        raw = base64.b64decode(cursor, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if not raw.startswith(_CURSOR):
        raise Refused(400, "bad_cursor", "This cursor was not given out for these parameters.")
    return _number(raw.removeprefix(_CURSOR).decode("ascii", "replace"), "cursor")


def _number(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise Refused(400, f"bad_{name}", f"{name} cannot be read.")
    return int(text)
