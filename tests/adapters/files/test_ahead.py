"""Days translated ahead of time by another process: the same to the byte, or not there at all."""

import datetime as dt
import io
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import msgspec
import pytest

from adapters.files import SYSTEM
from adapters.files import ahead as module
from adapters.files.ahead import AheadInAnotherProcess, main, worth_it
from domain.commands.recording import read_capture
from domain.polling import Options, options_for
from domain.polling.frame import Frame, frame_of
from domain.ports.captures import Capture
from tests.adapters.files.assembling.build import DATE, KNOWN, ZONE, captured, discount, modified, paid, sale, shift

OPTIONS = options_for({"split_sales_detail": [{"match": "Burger", "name": "Bun", "amount": "0.50"}], "open_time": True})
WHOLE = captured(
    **KNOWN,
    sales_detail=[sale(), modified("2101", "1.50", ordinal="2"), sale("1002", number="x")],
    payments=[paid("11.50", tip="2.00")],
    discounts=[discount("Staff", "2.00")],
    labor_detail=[shift("2026-11-20T09:00:00", "2026-11-20T17:00:00")],
)
BROKEN = captured(sales_detail=[sale(gross="ten")])


def frame(date: dt.date = DATE) -> Frame:
    """The frame of a day."""
    return frame_of(date, ZONE, dt.time(0), OPTIONS)


@pytest.fixture
def ahead() -> Iterator[AheadInAnotherProcess]:
    """Another process."""
    made = AheadInAnotherProcess()
    yield made
    made.close()


def test_a_day_is_translated_as_it_would_be_here(ahead: AheadInAnotherProcess) -> None:
    """Once: what was taken is not there again."""
    ahead.tell(WHOLE, frame(), OPTIONS)
    assert ahead.take(WHOLE, frame(), OPTIONS) == read_capture(SYSTEM, WHOLE, frame(), OPTIONS)
    assert ahead.take(WHOLE, frame(), OPTIONS) is None


def test_nothing_counts_that_was_told_otherwise(ahead: AheadInAnotherProcess) -> None:
    """Of another capture, under other options, in another frame, or never told."""
    other = msgspec.structs.replace(WHOLE, pages=WHOLE.pages[1:])
    asked: list[tuple[Capture, Frame, Options]] = [
        (other, frame(), OPTIONS),
        (WHOLE, frame(), Options()),
        (WHOLE, replace(frame(), starts=dt.time(4)), OPTIONS),
        (WHOLE, frame(DATE + dt.timedelta(days=1)), OPTIONS),
    ]
    for capture, seen, options in asked:
        ahead.tell(WHOLE, frame(), OPTIONS)
        assert ahead.take(capture, seen, options) is None
    ahead.tell(WHOLE, frame(), OPTIONS)
    assert ahead.take(WHOLE, frame(), OPTIONS) is not None
    assert ahead.has_room


def test_a_day_that_cannot_be_read_is_left_to_whoever_asks(ahead: AheadInAnotherProcess) -> None:
    """There it fails as it always does; the process goes on."""
    ahead.tell(BROKEN, frame(), OPTIONS)
    assert ahead.take(BROKEN, frame(), OPTIONS) is None
    ahead.tell(WHOLE, frame(), OPTIONS)
    assert ahead.take(WHOLE, frame(), OPTIONS) is not None


def test_it_takes_two_days_at_once(ahead: AheadInAnotherProcess) -> None:
    """And further ones once there are answers."""
    days = [DATE + dt.timedelta(days=number) for number in range(3)]
    for date in days[:2]:
        assert ahead.has_room
        ahead.tell(WHOLE, frame(date), OPTIONS)
        assert not ahead.awaited(days[2])
    for date in days[:2]:
        assert ahead.take(WHOLE, frame(date), OPTIONS) is not None
        assert not ahead.awaited(date)
    assert ahead.has_room


def test_what_is_held_has_a_bound(ahead: AheadInAnotherProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers that nobody asks for leave no room for more."""
    monkeypatch.setattr(module, "MOST_HELD_BYTES", 10)
    ahead.tell(WHOLE, frame(), OPTIONS)
    next_day = frame(DATE + dt.timedelta(days=1))
    ahead.tell(WHOLE, next_day, OPTIONS)
    assert ahead.take(WHOLE, next_day, OPTIONS) is not None  # so that the first has been answered too
    assert not ahead.has_room
    assert ahead.take(WHOLE, frame(), OPTIONS) is not None
    assert ahead.has_room


def test_a_process_that_ended_is_no_reason_to_refuse_anything(ahead: AheadInAnotherProcess) -> None:
    """What it was told is not there, and nothing further is told."""
    ahead.tell(WHOLE, frame(), OPTIONS)
    ahead._process.kill()
    ahead._process.wait()
    assert not ahead.has_room
    ahead.tell(WHOLE, frame(DATE + dt.timedelta(days=1)), OPTIONS)
    assert ahead.take(WHOLE, frame(DATE + dt.timedelta(days=1)), OPTIONS) is None
    ahead.close()  # twice is fine


def test_nobody_waits_for_ever(ahead: AheadInAnotherProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that does not answer in time is ended."""
    monkeypatch.setattr(module, "LONGEST_SECONDS", 0.0)
    ahead.tell(WHOLE, frame(), OPTIONS)
    assert ahead.take(WHOLE, frame(), OPTIONS) is None
    ahead._process.wait()
    assert not ahead.has_room


def test_it_ends_with_the_pipe() -> None:
    """One answer for each day that it is told, of a day that cannot be read too, until there are no more."""
    asked, answers = io.BytesIO(), io.BytesIO()
    for capture in (WHOLE, BROKEN):
        module._write(asked, module._encode(module._Asked(capture, frame(), OPTIONS)))
    asked.seek(0)
    main(asked, answers)
    answers.seek(0)
    first, second = [module._answer(module._unpacked(module._read(answers))) for _ in range(2)]
    assert first == module._Answer(WHOLE.digest, read_capture(SYSTEM, WHOLE, frame(), OPTIONS))
    assert second == module._Answer(BROKEN.digest, None)
    assert answers.read() == b""


@pytest.mark.parametrize(("processors", "worth"), [({0}, False), ({0, 3}, True)])
def test_one_processor_does_one_thing_at_a_time(
    processors: set[int], worth: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those count that we may use; where nobody says which, those that there are."""
    monkeypatch.setattr("os.sched_getaffinity", lambda _: processors, raising=False)
    assert worth_it() is worth
    monkeypatch.delattr("os.sched_getaffinity")
    monkeypatch.setattr("os.cpu_count", lambda: len(processors))
    assert worth_it() is worth


def test_it_starts_without_what_only_workbooks_need() -> None:
    """The library that reads them takes longer to load than all else together."""
    program = "import sys, adapters.files.ahead; sys.exit('openpyxl' in sys.modules)"
    assert subprocess.run([sys.executable, "-P", "-c", program], check=False).returncode == 0
