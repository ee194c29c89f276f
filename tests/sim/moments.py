"""Moments of the POS: what it had of a day when a poll began, and after every change that came while it was read."""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from adapters.pos.tray.simulator.rows import Row
from adapters.pos.tray.simulator.wall import MICRO, micros_of
from adapters.pos.tray.wire import ROWS, SEALED_STAFF
from domain.identifiers import DayId
from domain.ports.captures import Capture
from tests.sim.faults import SHIFTING, TRAPS, fired
from tests.sim.world import LAST, LOCATIONS, TRUE, World
from tests.support.truth import differences, figures

Figures = dict[str, Any]
Rows = dict[str, dict[str, bytes]]
"""Rows by resource and key, in bytes that are the same on both sides; of people whether they are active."""

_ENCODE: Final = msgspec.json.Encoder().encode
_WORKS: Final = b"works here"
_LEFT: Final = b"has left"
_REACH: Final = 20 * 24 * 3600 * MICRO
"""Labor of earlier days is looked back on, and deposits of later ones are looked for; no further than that."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What the POS had of a business day.

    Attributes:
        figures: that the day comes to.
        rows: that it answers of the day alone, and of the venue.
        labor: time entries of it and the days around.
        deposits: likewise.
    """

    figures: Figures
    rows: Rows
    labor: tuple[Row, ...]
    deposits: tuple[Row, ...]

    def answers(self, capture: Capture) -> Rows:
        """What it would have answered to the questions of a capture.

        Where the earlier days were left out of labor that had been read with them, whoever never clocked out on one of
        them may be there still.
        """
        kept = held(capture).get("time-entries", {}) if "labor" in capture.parameters else {}
        asked = {name: micros_of(text) or 0 for name, text in capture.parameters.items() if name in _WINDOWS}
        begin, end = asked["from"], asked["to"]
        labor = [row.text for row in self.labor if _overlaps(row, begin, end) or (row.id in kept and _is_open(row))]
        created = [row.text for row in self.deposits if asked["createdFrom"] <= row.at < asked["createdTo"]]
        return {**self.rows, "time-entries": _plain("time-entries", labor), "deposits": _plain("deposits", created)}


_WINDOWS: Final = ("from", "to", "createdFrom", "createdTo")


def _overlaps(row: Row, begin: int, end: int) -> bool:
    return row.at < end and (row.until > begin or row.at >= begin)


def _is_open(row: Row) -> bool:
    return b'"out":null' in row.text


def _plain(resource: str, rows: Iterable[bytes | msgspec.Raw]) -> dict[str, bytes]:
    """The rows with the contract's fields alone, by key."""
    found = {}
    for row in rows:
        told = msgspec.json.decode(row, type=ROWS[resource])
        if resource == "staff":
            found[told.id] = _WORKS if told.active else _LEFT
        else:
            found[f"{told.check_id} {told.id}" if resource == "payments" else told.id] = _ENCODE(told)
    return found


def moment_of(world: World, day: DayId) -> Moment:
    """What the POS has of a day now."""
    venue, now = LOCATIONS[day.location], world.pos.now()
    book = world.pos.book(venue)
    begins = book.shop.wall.opening(day.date) * MICRO
    rows = {
        **{name: book.day(day.date).rows(name) for name in ("checks", "payments", "voids", "paid-in-out")},
        "staff": book.staff(inactive=False),
        "jobs": book.jobs(),
    }
    return Moment(
        source_figures(world, day),
        {name: _plain(name, [row.text for row in found]) for name, found in rows.items()},
        tuple(book.overlapping(begins - _REACH, begins + _REACH, now)),
        tuple(book.created(begins - _REACH, begins + _REACH, now)),
    )


def source_figures(world: World, day: DayId) -> Figures:
    """The figures of a day as the POS has them now."""
    days = (world.clock.now().date() - day.date).days + 2
    later = [day.date + dt.timedelta(days=more) for more in range(1, min(days, (LAST - day.date).days + 1))]
    return figures(world.pos, LOCATIONS[day.location], day.date, later)


def held(capture: Capture) -> Rows:
    """The rows of a capture."""
    found: Rows = {}
    for page in capture.pages:
        rows = found.setdefault(page.resource, {})
        if page.resource == "staff":
            rows |= {row.id: _WORKS if row.active else _LEFT for row in SEALED_STAFF.decode(page.data)}
        else:
            rows |= _plain(page.resource, msgspec.json.decode(page.data, type=list[msgspec.Raw]))
    return found


class Watch:
    """What was seen of the POS while a day was polled.

    Attributes:
        moments: of the day, before anything changed and after each change; none where nothing was going to.
    """

    def __init__(self, world: World, day: DayId) -> None:
        self._world = world
        self._day = day
        self._before = fired(world)
        self._kept = world.captures.kept
        shifts = any(armed.times != 0 and armed.name in TRAPS for armed in world.pos.board.armed)
        self.moments = [moment_of(world, day)] if shifts and day.location in TRUE else []

    def answered(self) -> None:
        """The POS has answered: it may have changed before it did."""
        if self.moments and any(name in TRAPS for name in self._world.pos.requests[-1]["faults"]):
            self.moments.append(moment_of(self._world, self._day))

    @property
    def fired(self) -> dict[str, int]:
        """How often each fault came since."""
        now = fired(self._world)
        return {name: more for name, count in now.items() if (more := count - self._before.get(name, 0))}

    @property
    def shifts(self) -> int:
        """How often the source changed since."""
        return sum(count for name, count in self.fired.items() if name in TRAPS)

    def unlike(self, moment: Moment, figures: dict[str, Any]) -> dict[str, Any]:
        """How what a poll recorded differs from a moment: in figures, and in rows of what it read."""
        differing: dict[str, Any] = differences(moment.figures, figures)
        # What a row may say beside its figures, such as another zone, is for the source to tell.
        capture = self._world.captures.newest
        if capture and self._world.captures.kept > self._kept and self.fired.keys() <= {*SHIFTING}:
            read, told = held(capture), moment.answers(capture)
            for resource in told:
                expected, found = told[resource].items(), read.get(resource, {}).items()
                if expected != found:
                    differing[resource] = ({key for key, _ in expected - found}, {key for key, _ in found - expected})
        return differing


@contextmanager
def watching(world: World, day: DayId) -> Iterator[Watch]:
    """Watch the POS while a day is polled."""
    watch = Watch(world, day)
    world.network.after_answer = watch.answered
    try:
        yield watch
    finally:
        world.network.after_answer = None
