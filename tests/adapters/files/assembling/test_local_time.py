"""Local times: files carry neither zone nor fold, and the nights on which clocks change are told by monotonicity."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.files.assembling.local_time import LocalTime, Moment
from adapters.files.assembling.reading import NONEXISTENT_TIME
from tests.adapters.files.assembling.build import DAY, Row, day_of, paid, read, row, sale, shift, ticket, utc

NEW_YORK, SYDNEY, LORD_HOWE = "America/New_York", "Australia/Sydney", "Australia/Lord_Howe"


@pytest.mark.parametrize(
    ("zone", "local", "not_before", "instant", "choice"),
    [
        # An hour that exists twice.
        (NEW_YORK, "2026-11-01T00:59:59", "", "2026-11-01 04:59:59", ""),
        (NEW_YORK, "2026-11-01T01:30:00", "", "2026-11-01 05:30", "first"),
        (NEW_YORK, "2026-11-01T01:30:00", "2026-11-01 05:30", "2026-11-01 05:30", "first"),
        (NEW_YORK, "2026-11-01T01:30:00", "2026-11-01 05:31", "2026-11-01 06:30", "second"),
        (NEW_YORK, "2026-11-01T01:30:00", "2026-11-01 06:31", "2026-11-01 05:30", "first"),
        (NEW_YORK, "2026-11-01T02:00:00", "", "2026-11-01 07:00", ""),
        (SYDNEY, "2027-04-04T02:30:00", "", "2027-04-03 15:30", "first"),
        (SYDNEY, "2027-04-04T02:30:00", "2027-04-03 15:31", "2027-04-03 16:30", "second"),
        # Half an hour that exists twice.
        (LORD_HOWE, "2027-04-04T01:45:00", "", "2027-04-03 14:45", "first"),
        (LORD_HOWE, "2027-04-04T01:45:00", "2027-04-03 15:00", "2027-04-03 15:15", "second"),
        (LORD_HOWE, "2027-04-04T01:15:00", "", "2027-04-03 14:15", ""),
        # Times that do not exist are counted on from before.
        (NEW_YORK, "2027-03-14T01:59:59", "", "2027-03-14 06:59:59", ""),
        (NEW_YORK, "2027-03-14T02:30:00", "", "2027-03-14 07:30", ""),
        (NEW_YORK, "2027-03-14T03:00:00", "", "2027-03-14 07:00", ""),
        (SYDNEY, "2026-10-04T02:30:00", "", "2026-10-03 16:30", ""),
        (LORD_HOWE, "2026-10-04T02:15:00", "", "2026-10-03 15:45", ""),
        # A zone whose clocks are taken not to change.
        ("standard:America/New_York", "2026-07-01T12:00:00", "", "2026-07-01 17:00", ""),
        ("standard:America/New_York", "2026-11-01T01:30:00", "", "2026-11-01 06:30", ""),
        ("standard:America/New_York", "2027-03-14T02:30:00", "", "2027-03-14 07:30", ""),
    ],
)
def test_a_local_time_is_one_instant(zone: str, local: str, not_before: str, instant: str, choice: str) -> None:
    """By the time zone database; of two readings the first that does not lie before what came before."""
    clock = LocalTime(zone)
    assert clock.at(local, utc(not_before) if not_before else None) == Moment(utc(instant), choice)


def test_a_time_with_a_zone_is_no_local_time() -> None:
    """Rows never have one; a capture that does is not of the contract."""
    with pytest.raises(ValueError, match="no zone"):
        LocalTime(NEW_YORK).at("2026-11-20T18:05:00Z")


def test_memory_of_times_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file may have any number of different times; not all of them are remembered."""
    monkeypatch.setattr("adapters.files.assembling.local_time._MOST_KNOWN", 3)
    clock = LocalTime(NEW_YORK)
    for minute in range(10):
        assert clock.at(f"2026-11-20T18:0{minute}:00") == Moment(utc(f"2026-11-20 23:0{minute}"))
    assert len(clock._known) <= 3


@pytest.mark.parametrize(
    ("opened", "closed", "instants", "choices"),
    [
        ("00:30", "01:30", ("04:30", "05:30"), "first"),
        ("01:50", "01:10", ("05:50", "06:10"), "first,second"),
        ("01:10", "01:50", ("05:10", "05:50"), "first"),
        ("01:10", "01:10", ("05:10", "05:10"), "first"),
        ("01:10", "03:00", ("05:10", "08:00"), "first"),
        ("00:10", "03:00", ("04:10", "08:00"), ""),
    ],
)
def test_a_ticket_closes_after_it_was_opened(opened: str, closed: str, instants: tuple[str, str], choices: str) -> None:
    """On the night on which 01:10 exists twice; how the times were read is on the ticket, opening before closing."""
    found = ticket(
        day_of("2026-11-01"),
        sales_detail=[sale(OpenTime=f"2026-11-01T{opened}:00", CloseTime=f"2026-11-01T{closed}:00")],
        payments=[paid("10.00", Payment_Time=f"2026-11-01T{closed}:00")],
    )
    assert (found.opened_at, found.closed_at) == tuple(utc(f"2026-11-01 {time}") for time in instants)
    assert found.clock == choices
    assert found.payments[0].at == found.closed_at


SPRING = day_of("2027-03-14")


@pytest.mark.parametrize(
    ("day", "files", "noted"),
    [
        pytest.param(SPRING, {"sales_detail": [sale(CloseTime="2027-03-14T02:30:00")]}, True, id="closing"),
        pytest.param(SPRING, {"sales_detail": [sale(CloseTime="2027-03-14T03:30:00")]}, False, id="after the gap"),
        pytest.param(SPRING, {"payments": [paid("1.00", Payment_Time="2027-03-14T02:00:00")]}, True, id="its start"),
        pytest.param(SPRING, {"payments": [paid("1.00", Payment_Time="2027-03-14T03:00:00")]}, False, id="its end"),
        pytest.param(
            SPRING, {"labor_detail": [shift("2027-03-14T02:59:59", "2027-03-14T09:00:00")]}, True, id="a clock-in"
        ),
        pytest.param(
            day_of("2026-10-04", LORD_HOWE),
            {"payments": [paid("1.00", Payment_Time="2026-10-04T02:15:00")]},
            True,
            id="half an hour",
        ),
        pytest.param(
            day_of("2026-10-04", LORD_HOWE),
            {"payments": [paid("1.00", Payment_Time="2026-10-04T02:30:00")]},
            False,
            id="after half an hour",
        ),
        pytest.param(
            day_of("2026-09-06", "America/Santiago"),
            {"deposits": [row(DepositDate="2026-09-06T00:00:00", Amount="1.00")]},
            False,
            id="a date whose midnight is skipped",
        ),
        pytest.param(
            day_of("2027-03-14", "standard:America/New_York"),
            {"payments": [paid("1.00", Payment_Time="2027-03-14T02:30:00")]},
            False,
            id="clocks that do not change",
        ),
        pytest.param(DAY, {"payments": [paid("1.00", Payment_Time="2027-03-14T02:30:00")]}, False, id="another day"),
    ],
)
def test_a_time_that_the_clocks_skipped_is_noted(day: object, files: dict[str, list[Row]], noted: bool) -> None:
    """It is moved on by the gap, and somebody should look at the clock that wrote it."""
    assert isinstance(day, type(DAY))
    assert (NONEXISTENT_TIME in read(day, **files).notes) is noted


def test_what_the_clock_shows_is_local() -> None:
    """The way back from an instant, for the dates of shifts."""
    assert LocalTime(NEW_YORK).shown(utc("2026-11-01 06:30")) == dt.datetime(2026, 11, 1, 1, 30)  # noqa: DTZ001


@given(
    st.sampled_from(["America/New_York", "Australia/Lord_Howe", "standard:Europe/Berlin", "America/St_Johns"]),
    st.sampled_from(["2026-03-08T02:00", "2026-11-01T01:00", "2026-04-05T02:00", "2026-10-04T02:00"]),
    st.lists(st.integers(-9_000, 9_000), min_size=1, max_size=80),
)
def test_times_of_an_hour_are_read_as_each_would_be(place: str, about: str, seconds: list[int]) -> None:
    """An hour is remembered only where every time in it exists once."""
    clock = LocalTime(place)
    for second in seconds:
        text = (dt.datetime.fromisoformat(about) + dt.timedelta(seconds=second)).isoformat()
        assert clock.at(text) == LocalTime(place).at(f"{text}.000000")  # written so, it is remembered nowhere
