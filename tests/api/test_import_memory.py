"""The memory of importing: a file is never held whole, and days that were recorded are let go."""

import datetime as dt
import gc
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.files import KINDS
from api.composition import OpenHouse, init_store, open_house
from api.imports import Given, Imported, feeding, foresight, import_session
from api.logs import configure_logs
from api.settings import load_settings
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.intent import Intent
from domain.facts import LocationAdded
from domain.identifiers import ConnectionId
from projections.catching_up import catch_up

CHECKS, LINES = 250, 8
"""A day's checks, and the lines of each."""

MOST_GROWTH = 1.25


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenHouse]:
    """A daybook with the location pier, fed by files."""
    settings = load_settings(data_dir=tmp_path, log_level="error")
    configure_logs(settings)
    init_store(settings)
    with open_house(settings) as found:
        connection = ConnectionId(settings.client, "files")
        location = LocationAdded("pier", "Pier", "America/New_York", {})
        command = ConnectSystem(connection, "files", "Files", "", "", (location,), Intent("test", "set up"))
        connect_system(command, found.house)
        catch_up(found.engine, found.journal)
        yield found


def exported(path: Path, first: dt.date, days: int) -> Path:
    """A file of Sales Detail of so many days from one on, all of one size."""
    with path.open("w") as file:
        file.write("CheckNumber,CloseTime,ItemSale_TicketItemNumber,ItemSale_ItemNumber,ItemSale_GrossAmount\n")
        for day in range(days):
            date = first + dt.timedelta(days=day)
            for check in range(CHECKS):
                closed = f"{date:%m/%d/%Y} 18:{check % 10:02d}:00"
                file.writelines(f"{day}-{check},{closed},{line + 1},20{line},12.50\n" for line in range(LINES))
    return path


def peak_of_importing(opened: OpenHouse, path: Path, days: int) -> int:
    """The most bytes that importing a file holds at once, beside what was there before."""
    given = Given(KINDS["sales-detail"], path.name, None, lambda: path.open("rb"))
    gc.collect()
    before, _ = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    found = import_session(opened, feeding(opened, opened.settings.client, "pier"), [given], Intent("test"))
    _, peak = tracemalloc.get_traced_memory()
    assert isinstance(found, Imported)
    assert [outcome.added for outcome in found.days.values()] == [CHECKS] * days
    return peak - before


@pytest.mark.slow
@pytest.mark.parametrize("large_bytes", [0, 2**40], ids=["ahead", "here"])
def test_memory_of_importing_is_flat(
    opened: OpenHouse, tmp_path: Path, large_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four times as many days of the same size take no more memory, beyond what a few bounded caches hold.

    Whether they are translated here, or ahead of time by another process, which answers sooner than it is asked.
    """
    monkeypatch.setattr(foresight, "LARGE_BYTES", large_bytes)
    monkeypatch.setattr(foresight, "worth_it", lambda: True)
    warming = exported(tmp_path / "warming.csv", dt.date(2023, 6, 1), 2)
    few = exported(tmp_path / "few.csv", dt.date(2024, 6, 1), 4)
    many = exported(tmp_path / "many.csv", dt.date(2025, 6, 1), 16)
    tracemalloc.start()
    try:
        peak_of_importing(opened, warming, 2)
        small = peak_of_importing(opened, few, 4)
        large = peak_of_importing(opened, many, 16)
    finally:
        tracemalloc.stop()
    assert large < MOST_GROWTH * small, f"{large:,} bytes, and {small:,} for a quarter of the days"
