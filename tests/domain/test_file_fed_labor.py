"""Labor that comes in files: it has overtime by the same rule, and no poll that looks back touches it."""

import datetime as dt
from dataclasses import replace
from typing import Any

from domain.commands.intent import Intent
from domain.connection import NEW_CONNECTION, decide_establish
from domain.facts import ConnectionEstablished, LocationAdded
from domain.ports.house import House
from domain.ports.journal import Recording
from domain.summary import summarize
from tests.domain.build import DATE
from tests.domain.test_importing_nights import FILES, TODAY, given, made, shift
from tests.domain.time_clock import DAY, Place
from tests.support.scripted_files import ScriptedFiles

MONDAY = DATE - 5 * DAY
"""Of the week of the 31st of October, a Saturday."""


def bring(house: House, date: dt.date, hours: int, name: str = "") -> Any:
    """A file of one shift that begins at ten in New York."""
    day = replace(TODAY, date=date)
    begins = dt.datetime.combine(date, dt.time(14), dt.UTC)
    return given(house, day, labor_detail=[shift(name or f"s-{date}", begins, hours, day)])


def test_files_have_overtime_and_move_it_on_later_days() -> None:
    """The same week in files: Monday's file again with two hours more compensates Friday, by its own rule."""
    place = Place()
    place.house = made({})
    for step in range(5):
        bring(place.house, MONDAY + step * DAY, 8)
    friday = MONDAY + 4 * DAY
    outcome = bring(place.house, MONDAY, 10)
    assert outcome.compensated == {friday: 1}
    assert [one.seconds for one in place.overtime(friday).values()] == [7200]
    assert place.compensations(friday) == [("overtime", MONDAY, 1, 0, 0)]


def test_a_lookback_leaves_alone_what_files_feed() -> None:
    """Monday's labor came in a file: no poll takes it away or adds to it, and it fills the week all the same."""
    place = Place()
    systems: Any = place.house.systems
    systems["files"] = ScriptedFiles()
    location = LocationAdded("L1", "Pier", "America/New_York", {})
    facts = decide_establish(NEW_CONNECTION, ConnectionEstablished("files", "files", "", ""), [location], {})
    place.house.journal.append([Recording(FILES.stream, 0, facts)], Intent("test").provenance)
    bring(place.house, MONDAY, 12)
    for step in range(5):
        place.clocks(f"d{step}", MONDAY + step * DAY, 8, employee="e1")
    place.poll(*[MONDAY + step * DAY for step in range(5)])
    assert list(place.punches(MONDAY)) == [f"s-{MONDAY}"]
    assert "fed_by_another" in {issue.code for issue in summarize(place.day(MONDAY)).issues}
    assert [one.seconds for one in place.overtime(MONDAY + 4 * DAY).values()] == [4 * 3600]
    assert place.poll(MONDAY + 4 * DAY).outcome == "unchanged"
