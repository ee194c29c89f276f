"""The simulated POS: its venues' books, its clock, its faults, and the log of what it was asked."""

import datetime as dt
import threading
import time
from collections import deque
from collections.abc import Iterable
from typing import Any

import msgspec

from adapters.pos.tray.simulator.edits import Edits, apply_edits
from adapters.pos.tray.simulator.faults.board import Armed, Board
from adapters.pos.tray.simulator.kernel import Refused
from adapters.pos.tray.simulator.rows import RESOURCES, Check, Row, TimeEntry
from adapters.pos.tray.simulator.scheduling import Rota
from adapters.pos.tray.simulator.settings import TrayPosSettings
from adapters.pos.tray.simulator.shelf import Book, Day, Ticket, bind, entry_row
from adapters.pos.tray.simulator.truth import truth
from adapters.pos.tray.simulator.wall import MICRO, micros_of

_LOGGED_REQUESTS = 10_000
_KEPT_PARCELS = 8
_ORDERED_BY = {"voids": "at", "deposits": "createdAt", "paid-in-out": "at"}


class TrayPos:
    """The state of one simulated Tray installation. Its methods may be called from any thread.

    Attributes:
        settings: what everything is derived from.
        books: each venue's file, by venue id.
        board: the armed faults.
        requests: the last requests to the kernel API, oldest first: method, path, query, status, faults.
        stopping: set while the server shuts down, so that waiting faults let go.
        lock: held while data is read or changed.
        parcels: how many archives were handed out.
        handed_out: the last archives by their question.
        rotas: what is scheduled, by venue.
    """

    def __init__(self, settings: TrayPosSettings | None = None) -> None:
        self.settings = settings or TrayPosSettings()
        self.books = {venue.id: Book(self.settings, venue) for venue in self.settings.venues}
        self.board = Board(self.settings.seconds)
        self.requests: deque[dict[str, Any]] = deque(maxlen=_LOGGED_REQUESTS)
        self.stopping = threading.Event()
        self.lock = threading.RLock()
        self.parcels = 0
        self.handed_out: dict[str, bytes] = {}
        self.rotas: dict[str, Rota] = {}
        self._now: int | None = None

    def now(self) -> int:
        """Answer the POS's clock in microseconds since 1970."""
        if self._now is not None:
            return self._now
        if self.settings.now is not None:
            return int(self.settings.now().timestamp()) * MICRO
        return int(time.time()) * MICRO

    def set_now(self, instant: dt.datetime | None) -> None:
        """Stop the POS's clock at an instant; None lets it run again."""
        self._now = None if instant is None else int(instant.timestamp()) * MICRO

    def hand_out(self, question: str, sealed: bytes) -> None:
        """Remember an archive that went out, and forget the oldest."""
        self.handed_out[question] = sealed
        while len(self.handed_out) > _KEPT_PARCELS:
            del self.handed_out[next(iter(self.handed_out))]

    def rota(self, venue: str) -> Rota:
        """Answer what is scheduled at a venue."""
        return self.rotas.setdefault(venue, Rota())

    def book(self, venue: str) -> Book:
        """Answer a venue's file.

        Raises:
            Refused: 404 for an unknown venue.
        """
        if venue not in self.books:
            raise Refused(404, "unknown_venue", f"There is no venue {venue}.")
        return self.books[venue]

    def day(self, venue: str, date: dt.date) -> Day:
        """Answer the file of one venue and business date."""
        return self.book(venue).day(date)

    def warm(
        self, venues: Iterable[str] | None = None, first: dt.date | None = None, last: dt.date | None = None
    ) -> int:
        """Draw and encode days ahead of time; answer how many rows they have. Default: all venues, all days."""
        begin, end = first or self.settings.first, last or self.settings.last
        rows = 0
        with self.lock:
            for venue in venues or self.books:
                for index in range((end - begin).days + 1):
                    day = self.day(venue, begin + dt.timedelta(days=index))
                    rows += sum(len(day.rows(name)) for name in RESOURCES if name not in ("staff", "jobs"))
        return rows

    def truth(self, venue: str, date: dt.date) -> dict[str, Any]:
        """Answer the totals of a venue-day; the module `truth` defines each."""
        with self.lock:
            return truth(self.day(venue, date))

    def edit(self, edits: Edits) -> dict[str, Any]:
        """Change a venue-day as somebody above store would; answer what was changed."""
        with self.lock:
            return apply_edits(self.book(edits.venue), edits, self.now())

    def arm(
        self,
        name: str,
        *,
        times: int | None = 1,
        after: int = 0,
        resource: str | None = None,
        venue: str | None = None,
        parameters: dict[str, Any] | None = None,
    ) -> None:
        """Arm a fault: it acts ``times`` times (None: always) once ``after`` matching requests have passed."""
        with self.lock:
            self.board.arm(Armed(name, times, after, resource, venue, parameters or {}))

    def disarm(self) -> None:
        """Disarm all faults."""
        with self.lock:
            self.board.clear()

    def put(
        self, venue: str, date: dt.date, resource: str, rows: list[dict[str, Any]], modified: int | None = None
    ) -> None:
        """Put rows, verbatim, in the place of all rows of a resource of a venue-day (staff and jobs: of the venue).

        Payments and voids follow from the checks, unless they are put themselves.

        Raises:
            Refused: 404 for an unknown venue or resource.
        """
        if resource not in RESOURCES:
            raise Refused(404, "unknown_resource", f"There is no resource {resource}.")
        changed = self.now() if modified is None else modified
        with self.lock:
            book = self.book(venue)
            day = book.day(date)
            if resource == "checks":
                book.set_tickets(day, [_ticket(book, row, changed) for row in rows])
            elif resource == "time-entries":
                day.set_rows(resource, sorted(_entry(row, changed) for row in rows))
            elif resource in ("staff", "jobs"):
                book.set_fixed(resource, [_row(resource, row, index, changed) for index, row in enumerate(rows)])
            else:
                day.set_rows(resource, [_row(resource, row, index, changed) for index, row in enumerate(rows)])
            book.touched.add(date)

    def reset(self, venue: str | None = None, date: dt.date | None = None, resource: str | None = None) -> None:
        """Go back to the data as drawn: of one resource of a venue-day, of the venue-day, or of everything."""
        with self.lock:
            if venue is None or date is None:
                self.books = {place.id: Book(self.settings, place) for place in self.settings.venues}
            elif resource is None:
                self.book(venue).forget(date)
            elif resource in ("staff", "jobs"):
                self.book(venue).set_fixed(resource, None)
            else:
                self.book(venue).restore(date, resource)


def _row(resource: str, row: dict[str, Any], index: int, modified: int) -> Row:
    order = micros_of(str(row.get(_ORDERED_BY[resource], ""))) or 0 if resource in _ORDERED_BY else index
    return Row(order, str(row.get("id", "")), modified, msgspec.json.encode(row))


def _entry(row: dict[str, Any], modified: int) -> Row:
    try:
        return entry_row(msgspec.convert(row, TimeEntry), modified, msgspec.json.encode(row))
    except msgspec.ValidationError:
        begin = micros_of(str(row.get("in", ""))) or 0
        return Row(begin, str(row.get("id", "")), modified, msgspec.json.encode(row), begin)


def _ticket(book: Book, row: dict[str, Any], modified: int) -> Ticket:
    try:
        return bind(book.shop.wall, msgspec.convert(row, Check), modified, msgspec.json.encode(row))
    except msgspec.ValidationError:
        opened = micros_of(str(row.get("openedAt", ""))) or 0
        return Ticket(Row(opened, str(row.get("id", "")), modified, msgspec.json.encode(row)), (), ())
