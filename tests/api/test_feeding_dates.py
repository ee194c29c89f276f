"""Business dates of local times in import files: remembered by the hour, and right to the minute."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from api.imports.feeding import _DateOf
from domain.business_date import TimeDoesNotExist, resolve, zone
from domain.polling.frame import Frame

ZONES = ["America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "standard:Europe/Berlin", "America/St_Johns"]
CHANGES = ["2026-03-08T02:00", "2026-11-01T01:00", "2026-04-05T02:00", "2026-10-04T02:00", "2026-06-15T12:00"]
"""About when clocks are put on or back somewhere, and a time at which they are nowhere."""

MINUTES = st.integers(-1_500, 1_500)


def told(frame: Frame, local: dt.datetime) -> dt.date:
    """The business date of a time by itself."""
    try:
        instant = resolve(local, frame.zone).instant
    except TimeDoesNotExist:
        instant = local.replace(tzinfo=zone(frame.zone)).astimezone(dt.UTC)
    return frame.date_of(instant + frame.offset)


@given(
    st.sampled_from(ZONES),
    st.sampled_from(CHANGES),
    st.lists(MINUTES, min_size=1, max_size=80),
    st.times().map(lambda time: time.replace(second=0, microsecond=0)),
    st.integers(-120, 120),
)
def test_times_of_an_hour_are_dated_as_each_would_be(
    place: str, about: str, minutes: list[int], starts: dt.time, offset: int
) -> None:
    """Also in hours in which the day begins, and in those in which clocks are put on or back."""
    frame = Frame(dt.date(2026, 1, 1), place, starts, dt.timedelta(minutes=offset))
    date_of = _DateOf(frame)
    for minute in minutes:
        local = dt.datetime.fromisoformat(about) + dt.timedelta(minutes=minute)
        assert date_of(local + dt.timedelta(seconds=59)) == told(frame, local)
