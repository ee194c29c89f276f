"""Shifts over the start of the day in import files: a file has those that began on its day, and days come in order."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec

from domain.commands.import_files import ImportFiles, import_files
from domain.commands.intent import Intent
from domain.commands.loading import load_day
from domain.commands.recording import Outcome
from domain.connection import NEW_CONNECTION, decide_establish
from domain.facts import ConnectionEstablished, LocationAdded
from domain.identifiers import ConnectionId, DayId
from domain.ports.house import House
from domain.ports.journal import Recording
from domain.records import Deposit, Punch
from domain.summary import summarize
from tests.domain.build import DATE, at, punch
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.fakes import MemoryJournal
from tests.support.scripted import StoppedClock
from tests.support.scripted_files import ScriptedFiles, pages, read_files

FILES = ConnectionId("main", "files")
POLLED = ConnectionId("main", "polled")
TODAY = DayId("main", "L1", DATE)
TOMORROW = replace(TODAY, date=DATE + dt.timedelta(days=1))
BEGINS = at("02:00", TOMORROW.date)
"""22:00 in New York, two hours before the day ends."""


def shift(name: str, begins: dt.datetime, hours: int, day: DayId) -> Punch:
    """A shift of so many hours; the file that it is in is of this day."""
    ends = begins + dt.timedelta(hours=hours)
    return msgspec.structs.replace(punch(name), clock_in=begins, clock_out=ends, business_date=day.date)


NIGHT = shift("night", BEGINS, 8, TODAY)
OWN = shift("own", BEGINS + dt.timedelta(hours=16), 1, TOMORROW)


def made(options: Mapping[str, Any]) -> House:
    """A house in which files feed L1 under these options; another system can be polled for it."""
    polled = ScriptedFiles(key="polled", title="Polled", pushes=False)
    systems = {"files": ScriptedFiles(), "polled": polled}
    house = House(MemoryJournal(), MemoryCaptures(), MemoryVault(), StoppedClock(), systems)
    added = [LocationAdded("L1", "L1", "America/New_York", {})]
    for connection, system in ((FILES, "files"), (POLLED, "polled")):
        established = ConnectionEstablished(system, system, "", "")
        facts = decide_establish(NEW_CONNECTION, established, added, options)
        house.journal.append([Recording(connection.stream, 0, facts)], Intent("test").provenance)
    return house


def given(house: House, day: DayId, beside: ConnectionId | None = None, **records: list[Any]) -> Outcome:
    """What came of importing these records for a day."""
    of_kinds = pages(**records)
    command = ImportFiles(day, FILES, Intent("cli:anna"), None, read_files(of_kinds), of_kinds, beside=beside)
    return import_files(command, house)


def hours(house: House) -> list[str]:
    """The hours of labor of both days, as recorded."""
    return [str(summarize(load_day(house.journal, day)).labor_hours.normalize()) for day in (TODAY, TOMORROW)]


def test_days_in_their_order_keep_every_hour_of_a_night() -> None:
    """The part after midnight is on its day with that day's first import, and a file again changes nothing there."""
    house = made({"vsd_for_actual": True})
    given(house, TODAY, labor_detail=[NIGHT])
    assert given(house, TOMORROW, labor_detail=[OWN]).added == 2
    assert hours(house) == ["2", "7"]
    assert [given(house, day, labor_detail=[punch]).outcome for day, punch in ((TODAY, NIGHT), (TOMORROW, OWN))] == [
        "unchanged",
        "unchanged",
    ]
    beside = given(house, TOMORROW, deposits=[])
    assert (beside.added, beside.changed, beside.removed) == (0, 0, 0)
    assert hours(house) == ["2", "7"]


def test_the_other_order_comes_to_the_same() -> None:
    """The later day first: the earlier one's import brings its part, and the later file again leaves it there."""
    house = made({"vsd_for_actual": True})
    given(house, TOMORROW, labor_detail=[OWN])
    given(house, TODAY, labor_detail=[NIGHT])
    assert given(house, TOMORROW, labor_detail=[OWN]).outcome == "unchanged"
    assert hours(house) == ["2", "7"]


def test_a_night_that_is_corrected_is_corrected_on_both_days() -> None:
    """What the file of the first day says now is what both days have, whichever is imported next."""
    house = made({"vsd_for_actual": True})
    given(house, TODAY, labor_detail=[NIGHT])
    given(house, TOMORROW, deposits=[])
    assert hours(house) == ["2", "6"]
    given(house, TODAY, labor_detail=[shift("night", BEGINS, 3, TODAY)])
    assert hours(house) == ["2", "1"]
    given(house, TODAY, labor_detail=[shift("night", BEGINS, 1, TODAY)])
    given(house, TOMORROW, labor_detail=[OWN])
    assert hours(house) == ["1", "1"]


def test_without_the_option_a_night_is_of_the_day_where_it_began() -> None:
    """Nothing of other days is read where no version of the configuration reaches over."""
    house = made({})
    given(house, TODAY, labor_detail=[NIGHT])
    given(house, TOMORROW, labor_detail=[OWN])
    assert hours(house) == ["8", "1"]


def test_shifts_of_a_day_that_is_polled_are_not_those_of_files() -> None:
    """Beside a poll only a day that has a file of shifts takes parts from the files of the day before."""
    house = made({"vsd_for_actual": True})
    given(house, TODAY, beside=POLLED, labor_detail=[NIGHT])
    given(house, TOMORROW, beside=POLLED, deposits=[Deposit("d1", 100, TOMORROW.date)])
    assert hours(house) == ["2", "0"]
    given(house, TOMORROW, beside=POLLED, labor_detail=[OWN])
    assert hours(house) == ["2", "7"]
