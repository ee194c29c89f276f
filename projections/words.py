"""Small translations between facts and rows."""

import datetime as dt
from typing import Any, Final

import msgspec

OBSERVED: Final = "observed"
"""What happened to a record that changes nothing: it came to light after the approval."""

_ENCODE: Final = msgspec.json.Encoder(decimal_format="string", order="sorted").encode


def instant_text(instant: dt.datetime | None) -> str:
    """An aware instant as the tables keep it, ``2026-11-21T22:10:00Z``; the empty text for None."""
    return "" if instant is None else instant.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def instant_of(text: str) -> dt.datetime | None:
    """The instant of such a text; None for the empty one."""
    return dt.datetime.fromisoformat(text) if text else None


def json_text(value: Any) -> str:
    """JSON text with sorted keys."""
    return _ENCODE(value).decode()
