"""Foresight: what another process translated ahead of time is what this one would have, and nothing depends on it."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.files import KINDS
from adapters.files.ahead import AheadInAnotherProcess
from api.composition import OpenHouse, init_store, open_house
from api.imports import Given, Imported, Refused, feeding, import_session
from api.imports import foresight as module
from api.imports.foresight import Foresight, foresight
from api.logs import configure_logs
from api.settings import load_settings
from domain.commands import import_files as importing
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.intent import Intent
from domain.commands.loading import load_day
from domain.commands.recording import read_capture
from domain.facts import LocationAdded
from domain.identifiers import ConnectionId, DayId
from domain.polling import Options
from domain.polling.frame import Frame
from domain.ports.captures import Capture
from projections.catching_up import catch_up
from tests.support.scripted_files import ScriptedFiles

SALES = KINDS["sales-detail"]
FIRST = dt.date(2025, 3, 17)
DAYS, CHECKS = 5, 40
HEADER = "CheckNumber,CloseTime,ItemSale_TicketItemNumber,ItemSale_ItemNumber,ItemSale_GrossAmount\n"


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenHouse]:
    """A daybook with the location pier, fed by files of which none is too small, on more than one processor."""
    monkeypatch.setattr(module, "LARGE_BYTES", 0)
    monkeypatch.setattr(module, "worth_it", lambda: True)
    settings = load_settings(data_dir=tmp_path, log_level="error")
    configure_logs(settings)
    init_store(settings)
    with open_house(settings) as found:
        connection = ConnectionId(settings.client, "files")
        location = LocationAdded("pier", "Pier", "America/New_York", {})
        connect_system(
            ConnectSystem(connection, "files", "Files", "", "", (location,), Intent("test", "set up")), found.house
        )
        catch_up(found.engine, found.journal)
        yield found


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> list[Capture]:
    """The captures that were translated in this process."""
    found: list[Capture] = []

    def read(system: Any, capture: Capture, *rest: Any) -> Any:
        found.append(capture)
        return read_capture(system, capture, *rest)

    monkeypatch.setattr(importing, "read_capture", read)
    return found


def rows() -> list[str]:
    """Rows of five days, more than a block of the reader."""
    return [
        f"{day}-{check},{FIRST + dt.timedelta(days=day):%m/%d/%Y} 18:05:00,{line},20{line},12.50\n"
        for day in range(DAYS)
        for check in range(CHECKS)
        for line in range(40)
    ]


def session(opened: OpenHouse, tmp_path: Path, *texts: list[str], **others: Any) -> Imported | Refused:
    """Import files of rows; further ones are payments."""
    given = []
    for kind, lines in zip(("sales-detail", "payments"), texts, strict=False):
        path = tmp_path / f"{kind}.csv"
        path.write_text("".join(lines))
        given.append(Given(KINDS[kind], path.name, None, lambda path=path: path.open("rb")))  # type: ignore[misc]
    return import_session(opened, feeding(opened, opened.settings.client, "pier"), given, Intent("test"), **others)


def records_of(opened: OpenHouse) -> dict[str, Any]:
    """Every day as it is recorded, with its notes."""
    days = [FIRST + dt.timedelta(days=number) for number in range(DAYS)]
    found = [load_day(opened.journal, DayId(opened.settings.client, "pier", date)) for date in days]
    return {str(date): (day.records, day.notes, day.main.kinds) for date, day in zip(days, found, strict=True)}


def test_days_are_recorded_as_without_it(
    opened: OpenHouse, tmp_path: Path, here: list[Capture], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing is foreseen the same files find nothing to change."""
    done = session(opened, tmp_path, [HEADER, *rows()])
    assert isinstance(done, Imported)
    assert [outcome.outcome for outcome in done.days.values()] == ["polled"] * DAYS
    assert len(here) < DAYS  # the other process did something
    monkeypatch.setattr(module, "worth_it", lambda: False)
    here.clear()
    again = session(opened, tmp_path, [HEADER, *rows()])
    assert isinstance(again, Imported)
    assert [outcome.outcome for outcome in again.days.values()] == ["unchanged"] * DAYS
    assert len(here) == DAYS


class Slow:
    """Another process that takes one day and never answers."""

    def __init__(self) -> None:
        self.told: list[dt.date] = []

    @property
    def has_room(self) -> bool:
        """For one day."""
        return not self.told

    def tell(self, _: Capture, seen: Frame, __: Options) -> None:
        """Nothing comes of it."""
        self.told.append(seen.date)

    def awaited(self, date: dt.date) -> bool:
        """The answer never comes."""
        return date in self.told

    def take(self, *_: object) -> None:
        """There is none."""

    def close(self) -> None:
        """There is nothing to close."""


def test_who_would_wait_translates_the_next_days(
    opened: OpenHouse, tmp_path: Path, here: list[Capture], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of them, which are taken as they are when their turn comes."""
    monkeypatch.setattr(module, "AheadInAnotherProcess", Slow)
    done = session(opened, tmp_path, [HEADER, *rows()])
    assert isinstance(done, Imported)
    assert [outcome.added for outcome in done.days.values()] == [CHECKS] * DAYS
    dates = [capture.parameters["businessDate"] for capture in here]
    assert dates == [str(FIRST + dt.timedelta(days=number)) for number in (0, 3, 4)]


def test_days_that_are_not_together_in_the_file_are_recorded_whole(opened: OpenHouse, tmp_path: Path) -> None:
    """What was foreseen of them too early is not what is recorded."""
    mixed = random.Random(7).sample(rows(), len(rows()))
    session(opened, tmp_path, [HEADER, *mixed])
    found = records_of(opened)
    again = session(opened, tmp_path, [HEADER, *rows()])
    assert isinstance(again, Imported)
    assert [outcome.outcome for outcome in again.days.values()] == ["unchanged"] * DAYS
    assert {date: len(records["ticket"]) for date, (records, _, _) in found.items()} == dict.fromkeys(found, CHECKS)


def test_several_files_are_foreseen_once_all_are_read(opened: OpenHouse, tmp_path: Path, here: list[Capture]) -> None:
    """A day is made of what all of them say."""
    payments = ["Payment_CheckNumber,Payment_TenderNumber,Payment_BaseAmount,Payment_Time\n"]
    payments += [f"{day}-1,1,500.00,{FIRST + dt.timedelta(days=day):%m/%d/%Y} 18:05:00\n" for day in range(DAYS)]
    done = session(opened, tmp_path, [HEADER, *rows()], payments)
    assert isinstance(done, Imported)
    assert [outcome.added for outcome in done.days.values()] == [CHECKS] * DAYS
    assert 0 < len(here) < DAYS


def test_a_bad_file_changes_nothing_whatever_was_foreseen(opened: OpenHouse, tmp_path: Path) -> None:
    """Its days were translated, and are nowhere."""
    done = session(opened, tmp_path, [HEADER, *rows(), "1,?,?,?,?\n"])
    assert isinstance(done, Refused)
    assert all(not records for records, _, _ in records_of(opened).values())


def test_nothing_is_foreseen_of_what_is_only_checked(
    opened: OpenHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor of small files, on one processor, of files that another system reads, or where no process can be started."""
    house = opened.house

    def refuse() -> AheadInAnotherProcess:
        raise OSError

    monkeypatch.setattr(module, "AheadInAnotherProcess", refuse)
    assert isinstance(session(opened, tmp_path, [HEADER, *rows()], check_only=True), Imported)
    with foresight(house, 1) as none:
        assert none is None
    with foresight(replace(house, systems={"files": ScriptedFiles()}), 1) as none:
        assert none is None
    monkeypatch.setattr(module, "LARGE_BYTES", 2)
    with foresight(house, 1) as none:
        assert none is None


def test_a_day_that_cannot_be_foreseen_is_told_when_it_is_imported(opened: OpenHouse) -> None:
    """A connection that is not there yet, for example."""
    unknown = ConnectionId(opened.settings.client, "nowhere")
    day = DayId(opened.settings.client, "pier", FIRST)
    with foresight(opened.house, 1) as seeing:
        assert isinstance(seeing, Foresight)
        seeing.look([FIRST], lambda _: importing.ImportFiles(day, unknown, Intent("test")))
        assert seeing.take(Capture("files", 1, {}, ()), opened_frame(), Options()) is None


def test_large_days_are_left_where_they_are(
    opened: OpenHouse, tmp_path: Path, here: list[Capture], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody holds them twice."""
    monkeypatch.setattr(module, "MOST_DAY_BYTES", 1_000)
    done = session(opened, tmp_path, [HEADER, *rows()])
    assert isinstance(done, Imported)
    assert len(here) == DAYS


def opened_frame() -> Frame:
    """The frame of the first day."""
    return Frame(FIRST, "America/New_York", dt.time(0))
