"""The kernel API itself: what may be asked, by whom, and which page of which rows is the answer."""

import base64
import binascii
import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from adapters.pos.tray.simulator.rows import Row
from adapters.pos.tray.simulator.shelf import Book
from adapters.pos.tray.simulator.wall import MICRO, date_of, micro_text, micros_of

if TYPE_CHECKING:
    from adapters.pos.tray.simulator.pos import TrayPos

DEFAULT_LIMIT = 100
HIGHEST_LIMIT = 500
PARAMETERS = {
    "checks": ("businessDate", "modifiedSince"),
    "payments": ("businessDate", "modifiedSince"),
    "voids": ("businessDate", "modifiedSince"),
    "time-entries": ("from", "to", "modifiedSince"),
    "staff": ("includeInactive",),
    "jobs": (),
    "deposits": ("createdFrom", "createdTo"),
    "paid-in-out": ("businessDate",),
    "schedules": ("week",),
    "consolidated/sales": ("businessDate", "createdFrom", "createdTo"),
    "consolidated/labor": ("businessDate", "from", "to", "includeInactive"),
}
WINDOWS = {"time-entries": ("from", "to"), "deposits": ("createdFrom", "createdTo")}
CONSOLIDATED = {
    "consolidated/sales": ("checks", "payments", "voids", "deposits", "paid-in-out"),
    "consolidated/labor": ("time-entries", "staff", "jobs"),
}
_PARTS_WINDOWS = {"consolidated/labor": ("from", "to"), "consolidated/sales": ("createdFrom", "createdTo")}


class Refused(Exception):
    """The API answers with an error status."""

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = headers or {}

    def body(self) -> bytes:
        """Answer the error body of the contract."""
        return msgspec.json.encode({"error": {"code": self.code, "message": str(self)}})


@dataclass(slots=True)
class Visit:
    """One request to the kernel API, as far as it has been understood.

    Attributes:
        pos: the POS that is asked.
        book: the file of the venue.
        resource: the resource asked for.
        query: its parameters as given.
        key: the API key that came with it.
        limit: rows on a page.
        offset: rows before the page.
        date: the business date asked for, if the resource has one.
        window: the microseconds asked for, if the resource has a window.
        since: only rows changed at or after this microsecond.
        packed: the rows go into an archive, which has no pages.
        parameters: those of the fault that is acting on the visit.
    """

    pos: "TrayPos"
    book: Book
    resource: str
    query: dict[str, str]
    key: str
    limit: int = DEFAULT_LIMIT
    offset: int = 0
    date: dt.date = dt.date.min
    window: tuple[int, int] = (0, 0)
    since: int = 0
    packed: bool = False
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an answer: encoded rows, the cursor of the next page, and the POS's clock."""

    rows: Sequence[bytes]
    next_cursor: str | None
    server_time: str

    def body(self) -> bytes:
        """Answer its JSON."""
        cursor = f'"{self.next_cursor}"' if self.next_cursor else "null"
        tail = f'],"nextCursor":{cursor},"serverTime":"{self.server_time}"}}'
        return b'{"data":[' + b",".join(self.rows) + tail.encode()


def enter(pos: "TrayPos", key: str | None, venue_id: str, resource: str) -> Book:
    """Check the key, the venue and the resource.

    Raises:
        Refused: 401 for an unknown key, 404 for an unknown venue or resource, 403 for a venue of another company.
    """
    if not key or not any(venue.opens(key) for venue in pos.settings.venues):
        raise Refused(401, "unauthorized", "The API key is missing or unknown.")
    if venue_id not in pos.books:
        raise Refused(404, "unknown_venue", f"There is no venue {venue_id}.")
    if not pos.books[venue_id].shop.venue.opens(key):
        raise Refused(403, "forbidden", f"Venue {venue_id} belongs to another company.")
    if resource not in PARAMETERS:
        raise Refused(404, "unknown_resource", f"There is no resource {resource}.")
    return pos.books[venue_id]


def understand(visit: Visit, pairs: Sequence[tuple[str, str]]) -> None:
    """Read the parameters into the visit.

    Raises:
        Refused: 400 for a parameter that is unknown, repeated, missing or malformed; 409 for a business date that has
            not ended.
    """
    known = PARAMETERS[visit.resource]
    paging = () if visit.resource in CONSOLIDATED else ("limit", "cursor")
    for name, value in pairs:
        if name not in (*known, *paging):
            raise Refused(400, "unknown_parameter", f"{visit.resource} has no parameter {name}.")
        if name in visit.query:
            raise Refused(400, "repeated_parameter", f"{name} is given twice.")
        visit.query[name] = value
    query = visit.query
    visit.limit = _limit(query.get("limit", str(DEFAULT_LIMIT)))
    if query.get("includeInactive", "false") not in ("true", "false"):
        raise Refused(400, "bad_parameter", "includeInactive is true or false.")
    if "modifiedSince" in query:
        visit.since = _instant(query, "modifiedSince")
    if visit.resource in WINDOWS:
        visit.window = _window(query, *WINDOWS[visit.resource])
    if "businessDate" in known:
        visit.date = _business_date(visit)
    if visit.resource in CONSOLIDATED:
        visit.window = _part_window(visit)
    if "cursor" in query:
        visit.offset = _offset(visit, query["cursor"])


def _limit(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= HIGHEST_LIMIT:
        raise Refused(400, "bad_limit", f"limit is a number from 1 to {HIGHEST_LIMIT}.")
    return int(text)


def _window(query: dict[str, str], first: str, last: str) -> tuple[int, int]:
    start, end = _instant(query, first), _instant(query, last)
    if end <= start:
        raise Refused(400, "bad_window", "The window ends before it has begun.")
    return start, end


def _part_window(visit: Visit) -> tuple[int, int]:
    """Read the window of a part; without one it is the hours of the business date."""
    names = _PARTS_WINDOWS[visit.resource]
    if any(name in visit.query for name in names):
        return _window(visit.query, *names)
    wall = visit.book.shop.wall
    return wall.opening(visit.date) * MICRO, wall.closing(visit.date) * MICRO


def _instant(query: dict[str, str], name: str) -> int:
    micros = micros_of(query.get(name, ""))
    if micros is None:
        raise Refused(
            400, "bad_instant" if name in query else "missing_parameter", f"{name} is an instant, YYYY-MM-DDTHH:MM:SSZ."
        )
    return micros


def _business_date(visit: Visit) -> dt.date:
    date = date_of(visit.query.get("businessDate", ""))
    if date is None or not dt.date(2000, 1, 1) <= date <= dt.date(2100, 1, 1):
        code = "bad_date" if "businessDate" in visit.query else "missing_parameter"
        raise Refused(400, code, "businessDate is a date, YYYY-MM-DD.")
    if visit.pos.now() < visit.book.shop.wall.closing(date) * MICRO:
        raise Refused(409, "day_not_closed", f"Business date {date} has not been closed yet.")
    return date


def cursor(visit: Visit, offset: int, nonce: str = "") -> str:
    """Write the cursor of the page that begins after ``offset`` rows of what the visit asks for."""
    position = f"{offset}:{nonce}"
    return base64.urlsafe_b64encode(_seal(visit, position) + position.encode()).decode().rstrip("=")


def _seal(visit: Visit, position: str) -> bytes:
    asked = sorted((name, value) for name, value in visit.query.items() if name not in ("cursor", "limit"))
    named = f"{visit.pos.settings.seed}|{visit.book.shop.venue.id}|{visit.resource}|{asked}|{position}"
    return hashlib.sha256(named.encode()).digest()[:9]


def _offset(visit: Visit, text: str) -> int:
    refusal = Refused(400, "bad_cursor", "This cursor was not given out for these parameters.")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        position = raw[9:].decode("ascii")
        offset = int(position.partition(":")[0])
    except (binascii.Error, ValueError) as error:
        raise refusal from error
    if raw[:9] != _seal(visit, position) or offset < 0:
        raise refusal
    return offset


def rows_of(visit: Visit) -> list[Row]:
    """Answer all rows that a visit asks for, in order."""
    book, resource = visit.book, visit.resource
    if resource == "staff":
        return book.staff(inactive=visit.query.get("includeInactive") == "true")
    if resource == "jobs":
        return book.jobs()
    if resource == "deposits":
        return book.created(*visit.window, visit.pos.now())
    rows = (
        book.overlapping(*visit.window, visit.pos.now())
        if resource == "time-entries"
        else book.day(visit.date).rows(resource)
    )
    return [row for row in rows if row.modified >= visit.since] if visit.since else rows


def page_of(visit: Visit) -> Page:
    """Answer the page that a visit asks for."""
    rows, end = rows_of(visit), visit.offset + visit.limit
    following = cursor(visit, end) if end < len(rows) else None
    return Page([row.text for row in rows[visit.offset : end]], following, micro_text(visit.pos.now() // MICRO * MICRO))
