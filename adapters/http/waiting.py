"""Waiting: how long another system asks us to."""

import datetime as dt
import email.utils
from typing import Final

import httpx

_LONGEST_TOLD: Final = 7 * 86_400.0


def told_wait(headers: httpx.Headers, now: dt.datetime) -> float | None:
    """Seconds that ``Retry-After`` asks for, as a number or as an HTTP date; None where it is missing or neither.

    A date is compared with the answer's own ``Date``, so that a clock that is off (ours or theirs) does not matter.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), _LONGEST_TOLD)
    until = _http_date(text)
    if until is None:
        return None
    sent = _http_date(headers.get("date", "")) or now
    return min(max((until - sent).total_seconds(), 0.0), _LONGEST_TOLD)


def _http_date(text: str) -> dt.datetime | None:
    try:
        date = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    return date if date.tzinfo is not None else date.replace(tzinfo=dt.UTC)
