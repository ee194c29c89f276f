"""The business day: windows, zones and the nights when the clocks change."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.business_date import (
    NotABusinessDate,
    TimeDoesNotExist,
    UnknownZone,
    business_date,
    date_of,
    resolve,
    window,
    zone,
)

NEW_YORK = "America/New_York"
LORD_HOWE = "Australia/Lord_Howe"  # its clocks move by 30 minutes
SANTIAGO = "America/Santiago"  # southern, and its clocks change at midnight
ZONES = [NEW_YORK, LORD_HOWE, SANTIAGO, "Asia/Kathmandu", "UTC"]


def utc(text: str) -> dt.datetime:
    """An instant."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "text", ["", "0", "20261121", "2026-11-31", "2026-1-1", "2026-11-21T00:00", "1066-10-14", "２０26-11-21"]
)
def test_what_is_no_business_date(text: str) -> None:
    """Only a date of the calendar written YYYY-MM-DD is a business date."""
    with pytest.raises(NotABusinessDate, match=r"YYYY-MM-DD|calendar"):
        business_date(text)


def test_a_business_date() -> None:
    """A date written YYYY-MM-DD is one."""
    assert business_date("2026-11-21") == dt.date(2026, 11, 21)


@pytest.mark.parametrize("name", ["", "New York", "America/Nowhere", "../etc/passwd", "America"])
def test_unknown_zones_are_refused(name: str) -> None:
    """A zone that the database does not have is refused with an example of one that it has."""
    with pytest.raises(UnknownZone, match="America/New_York"):
        zone(name)


@pytest.mark.parametrize(
    ("zone_name", "date", "hours"),
    [
        (NEW_YORK, "2026-10-31", 24),
        (NEW_YORK, "2026-11-01", 25),
        (NEW_YORK, "2027-03-14", 23),
        (LORD_HOWE, "2026-10-04", 23.5),
        (LORD_HOWE, "2027-04-04", 24.5),
        (SANTIAGO, "2026-09-06", 23),
        ("UTC", "2026-11-01", 24),
    ],
)
def test_how_long_a_day_is(zone_name: str, date: str, hours: float) -> None:
    """A day lasts as long as its wall clock takes: 23, 25 or half hours on the nights of change."""
    day = window(dt.date.fromisoformat(date), zone_name)
    assert day.ends_at - day.starts_at == dt.timedelta(hours=hours)
    assert day.starts_at in day
    assert day.ends_at not in day


@pytest.mark.parametrize(
    ("instant", "date"),
    [
        ("2026-11-16T08:59:59", "2026-11-15"),  # 03:59:59 on Monday morning belongs to Sunday
        ("2026-11-16T09:00:00", "2026-11-16"),  # 04:00:00 begins Monday
    ],
)
def test_a_day_that_starts_at_four(instant: str, date: str) -> None:
    """With a start of 04:00 a ticket closed at 03:59:59 belongs to the day before, at 04:00:00 to the new one."""
    assert date_of(utc(instant), NEW_YORK, dt.time(4)) == dt.date.fromisoformat(date)


def test_a_day_that_began_before_the_clocks_went_back_to_the_evening() -> None:
    """St. John's, 2010-11-07: at 00:01 the clocks went back to 23:01, and that second evening is of the new day."""
    assert date_of(utc("2010-11-07T02:29:59"), "America/St_Johns") == dt.date(2010, 11, 6)
    assert date_of(utc("2010-11-07T03:00:00"), "America/St_Johns") == dt.date(2010, 11, 7)


@given(
    st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2035, 1, 1)),  # noqa: DTZ001 — made an instant below
    st.sampled_from(ZONES),
    st.times().map(lambda time: time.replace(second=0, microsecond=0)),
)
def test_every_instant_belongs_to_exactly_one_day(moment: dt.datetime, zone_name: str, starts: dt.time) -> None:
    """Windows tile the time line: an instant lies in the window of its date and of no neighbour."""
    instant = moment.replace(tzinfo=dt.UTC)
    date = date_of(instant, zone_name, starts)
    around = [date + dt.timedelta(days=step) for step in (-1, 0, 1)]
    assert [instant in window(day, zone_name, starts) for day in around] == [False, True, False]
    assert window(date, zone_name, starts).ends_at == window(around[2], zone_name, starts).starts_at


def test_a_time_that_exists_twice_is_resolved_by_order() -> None:
    """01:30 on the night of 2026-11-01 is 05:30Z or 06:30Z: the one that is not before the clock-in wins."""
    local = dt.datetime(2026, 11, 1, 1, 30)  # noqa: DTZ001 — a wall-clock time
    assert resolve(local, NEW_YORK) == resolve(local, NEW_YORK, not_before=utc("2026-11-01T05:00:00"))
    first = resolve(local, NEW_YORK)
    second = resolve(local, NEW_YORK, not_before=utc("2026-11-01T05:45:00"))
    assert (first.instant, first.choice) == (utc("2026-11-01T05:30:00"), "first")
    assert (second.instant, second.choice) == (utc("2026-11-01T06:30:00"), "second")


def test_a_time_that_does_not_exist_is_refused() -> None:
    """02:30 on 2027-03-14 was skipped, and says so."""
    with pytest.raises(TimeDoesNotExist, match="2027-03-14 02:30:00 does not exist"):
        resolve(dt.datetime(2027, 3, 14, 2, 30), NEW_YORK)  # noqa: DTZ001 — a wall-clock time


def test_a_plain_time_is_itself() -> None:
    """A time that exists once has nothing to choose."""
    found = resolve(dt.datetime(2026, 11, 2, 12), NEW_YORK)  # noqa: DTZ001 — a wall-clock time
    assert (found.instant, found.choice) == (utc("2026-11-02T17:00:00"), "plain")


def test_a_zone_without_summer_time_is_a_zone() -> None:
    """It says its name and that nothing is saved in summer; of no moment it has no offset, as the interface asks."""
    place = zone("standard:America/Denver")
    summer = dt.datetime(2026, 7, 1, 12, tzinfo=place)
    assert (repr(place), summer.tzname()) == ("standard:America/Denver", "standard:America/Denver")
    assert (summer.utcoffset(), summer.dst()) == (dt.timedelta(hours=-7), dt.timedelta(0))
    assert place.utcoffset(None) is None
