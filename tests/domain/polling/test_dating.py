"""Which business day a record is of: openings, starts of day, offsets, and the nights when the clocks change."""

import datetime as dt
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.business_date import MIDNIGHT
from domain.polling import Frame, Options, frame_of, options_for, reaches_over, redates, translate
from domain.polling.source_day import SourceDay
from domain.polling.steps import date_rule
from domain.polling.times import corrected_by
from domain.records import (
    KINDS,
    Break,
    Deposit,
    Discount,
    Item,
    LateVoid,
    NonSale,
    PaidInOut,
    Payment,
    Punch,
    Record,
    Refund,
    Surcharge,
    Ticket,
    Till,
    VoidMark,
    canonical,
    decode,
)
from tests.domain.build import DATE, ticket
from tests.domain.polling.strategies import ZONES, tickets

NEW_YORK = "America/New_York"
SANTIAGO = "America/Santiago"  # southern, and its clocks change at midnight
LORD_HOWE = "Australia/Lord_Howe"  # southern, and its clocks move by 30 minutes


def utc(text: str) -> dt.datetime:
    """An instant."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def frame(zone: str = NEW_YORK, date: dt.date = DATE, starts: dt.time = MIDNIGHT, **chosen: Any) -> Frame:
    """A business day under options."""
    return frame_of(date, zone, starts, options_for(chosen))


def dated(source: Ticket, zone: str = NEW_YORK, starts: dt.time = MIDNIGHT, **chosen: Any) -> str:
    """The business date of a ticket under options."""
    options = options_for(chosen)
    found = frame(zone, starts=starts, **chosen)
    return date_rule(options, found)(corrected_by(found.offset)(source)).isoformat()


LATE_NIGHT = ticket(
    opened_at=utc("2026-11-01T03:40"), closed_at=utc("2026-11-01T04:20"), business_date=dt.date(2026, 11, 1)
)


def test_open_time() -> None:
    """Opened 23:40 on the 31st, closed 00:20 on the 1st: by its closing the 1st, by its opening the 31st."""
    assert dated(LATE_NIGHT) == "2026-11-01"
    assert dated(LATE_NIGHT, specify_business_day_start_time="00:00") == "2026-11-01"
    assert dated(LATE_NIGHT, open_time=True) == "2026-10-31"


def test_a_ticket_that_was_never_closed_has_only_its_opening() -> None:
    """Where dates are taken from instants, an open ticket goes by its opening."""
    still = msgspec.structs.replace(LATE_NIGHT, closed_at=None)
    assert dated(still) == "2026-11-01"
    assert dated(still, specify_business_day_start_time="00:00") == "2026-10-31"
    assert dated(still, open_time=True) == "2026-10-31"


@pytest.mark.parametrize(
    ("closed", "date"),
    [
        ("2026-11-16T08:59:59", "2026-11-15"),
        ("2026-11-16T09:00:00", "2026-11-16"),
        ("2026-11-16T09:00:01", "2026-11-16"),
    ],
)
def test_specify_business_day_start_time(closed: str, date: str) -> None:
    """With 04:00 a ticket closed 03:59:59 on Monday is Sunday's, at 04:00:00 Monday's; what the POS booked is kept."""
    source = ticket(opened_at=utc("2026-11-16T05:00"), closed_at=utc(closed), business_date=dt.date(2026, 11, 20))
    assert dated(source, specify_business_day_start_time="04:00") == date
    assert dated(source) == "2026-11-20"
    options = options_for({"specify_business_day_start_time": "04:00"})
    day = frame(date=dt.date.fromisoformat(date), specify_business_day_start_time="04:00")
    found = translate(SourceDay({"ticket": [source]}), options, day).records["ticket"]["t1"]
    assert msgspec.json.decode(found)["business_date"] == "2026-11-20"


def test_the_option_goes_over_the_locations_own_start() -> None:
    """A location whose day begins at 05:00 begins it at 04:00 where the option says so, else at 05:00."""
    closed = ticket(closed_at=utc("2026-11-16T09:30"), opened_at=utc("2026-11-16T09:00"))
    assert dated(closed, starts=dt.time(5), specify_business_day_start_time="04:00") == "2026-11-16"
    assert dated(closed, starts=dt.time(5), open_time=True) == "2026-11-15"


@pytest.mark.parametrize(
    ("offset", "closed", "date"),
    [
        ("-1", "2026-11-15T05:59:59", "2026-11-14"),
        ("-1", "2026-11-15T06:00:00", "2026-11-15"),
        ("0.5", "2026-11-15T04:29:59", "2026-11-14"),
        ("0.5", "2026-11-15T04:30:00", "2026-11-15"),
        ("-5.75", "2026-11-15T10:44:59", "2026-11-14"),
        ("-5.75", "2026-11-15T10:45:00", "2026-11-15"),
        ("26", "2026-11-15T03:00:00", "2026-11-16"),
    ],
)
def test_offset_time_zone(offset: str, closed: str, date: str) -> None:
    """The hours are added, fractions too, before the day is assigned: midnight in New York is 05:00Z in November."""
    source = ticket(opened_at=utc("2026-11-14T20:00"), closed_at=utc(closed))
    assert dated(source, offset_time_zone=offset) == date


@pytest.mark.parametrize(
    ("closed", "on", "off"),
    [
        ("2026-07-15T04:00:00", "2026-07-15", "2026-07-14"),  # midnight on the summer clock, 23:00 on the other
        ("2026-07-15T05:00:00", "2026-07-15", "2026-07-15"),
        ("2026-01-15T05:00:00", "2026-01-15", "2026-01-15"),
        ("2026-01-15T04:59:59", "2026-01-14", "2026-01-14"),
    ],
)
def test_observes_daylight_savings_time(closed: str, on: str, off: str) -> None:
    """Off keeps the standard offset all year: an hour of every summer night is the day before's."""
    source = ticket(opened_at=utc(closed), closed_at=utc(closed))
    assert dated(source, open_time=True) == on
    assert dated(source, open_time=True, observes_daylight_savings_time=False) == off


def test_the_order_of_the_time_corrections() -> None:
    """The offset first, then the standard clock, then the day: 04:30Z in July, −0.5 h, is 23:00 on the day before."""
    source = ticket(opened_at=utc("2026-07-15T04:30"), closed_at=utc("2026-07-15T04:30"))
    chosen: dict[str, Any] = {"offset_time_zone": "-0.5", "observes_daylight_savings_time": False}
    assert dated(source, **chosen) == "2026-07-14"
    assert dated(source, **chosen, specify_business_day_start_time="23:00") == "2026-07-14"
    assert dated(source, **chosen, specify_business_day_start_time="23:01") == "2026-07-13"


NIGHTS = [
    # New York, autumn: 01:30 comes twice; both readings are of one day, whatever the start.
    (NEW_YORK, "00:00", "2026-11-01T03:59:59", "2026-10-31"),
    (NEW_YORK, "00:00", "2026-11-01T04:00:00", "2026-11-01"),
    (NEW_YORK, "00:00", "2026-11-02T04:59:59", "2026-11-01"),
    (NEW_YORK, "00:00", "2026-11-02T05:00:00", "2026-11-02"),
    (NEW_YORK, "04:00", "2026-11-01T05:30:00", "2026-10-31"),
    (NEW_YORK, "04:00", "2026-11-01T06:30:00", "2026-10-31"),
    (NEW_YORK, "04:00", "2026-11-01T08:59:59", "2026-10-31"),
    (NEW_YORK, "04:00", "2026-11-01T09:00:00", "2026-11-01"),
    (NEW_YORK, "01:30", "2026-11-01T05:29:59", "2026-10-31"),
    (NEW_YORK, "01:30", "2026-11-01T05:30:00", "2026-11-01"),  # the first 01:30 begins the day, the second is inside
    (NEW_YORK, "01:30", "2026-11-01T06:29:59", "2026-11-01"),
    # New York, spring: 02:30 does not exist; a day that would begin then begins at 03:30.
    (NEW_YORK, "00:00", "2027-03-14T04:59:59", "2027-03-13"),
    (NEW_YORK, "00:00", "2027-03-14T05:00:00", "2027-03-14"),
    (NEW_YORK, "00:00", "2027-03-15T03:59:59", "2027-03-14"),
    (NEW_YORK, "00:00", "2027-03-15T04:00:00", "2027-03-15"),
    (NEW_YORK, "02:30", "2027-03-14T07:29:59", "2027-03-13"),
    (NEW_YORK, "02:30", "2027-03-14T07:30:00", "2027-03-14"),
    # Santiago: the clocks go forward at midnight, so the day has no 00:00, and back at midnight, so 23:30 comes twice.
    (SANTIAGO, "00:00", "2026-09-06T03:59:59", "2026-09-05"),
    (SANTIAGO, "00:00", "2026-09-06T04:00:00", "2026-09-06"),
    (SANTIAGO, "00:00", "2027-04-04T02:30:00", "2027-04-03"),
    (SANTIAGO, "00:00", "2027-04-04T03:30:00", "2027-04-03"),
    (SANTIAGO, "00:00", "2027-04-04T04:00:00", "2027-04-04"),
    # Lord Howe: half an hour at 02:00, from +10:30 to +11:00 in October and back in April.
    (LORD_HOWE, "00:00", "2026-10-03T13:29:59", "2026-10-03"),
    (LORD_HOWE, "00:00", "2026-10-03T13:30:00", "2026-10-04"),
    (LORD_HOWE, "00:00", "2026-10-04T12:59:59", "2026-10-04"),
    (LORD_HOWE, "00:00", "2026-10-04T13:00:00", "2026-10-05"),
    (LORD_HOWE, "01:45", "2027-04-03T14:44:59", "2027-04-03"),
    (LORD_HOWE, "01:45", "2027-04-03T14:45:00", "2027-04-04"),  # the first 01:45
    (LORD_HOWE, "01:45", "2027-04-03T15:15:00", "2027-04-04"),  # the second
]


@pytest.mark.parametrize(("zone", "starts", "closed", "date"), NIGHTS)
def test_the_nights_when_the_clocks_change(zone: str, starts: str, closed: str, date: str) -> None:
    """By the real database of zones: every instant of such a night is of one day, and none of two."""
    source = ticket(opened_at=utc(closed), closed_at=utc(closed))
    assert dated(source, zone, specify_business_day_start_time=starts) == date


@pytest.mark.parametrize(
    ("zone", "closed", "date"),
    [
        (NEW_YORK, "2026-11-01T04:59:59", "2026-10-31"),
        (NEW_YORK, "2026-11-01T05:00:00", "2026-11-01"),
        (SANTIAGO, "2026-12-15T03:59:59", "2026-12-14"),
        (SANTIAGO, "2026-12-15T04:00:00", "2026-12-15"),
        (LORD_HOWE, "2026-12-14T13:29:59", "2026-12-14"),
        (LORD_HOWE, "2026-12-14T13:30:00", "2026-12-15"),
    ],
)
def test_clocks_that_do_not_change(zone: str, closed: str, date: str) -> None:
    """Without daylight saving time midnight is at the standard offset on every night, in the south in December too."""
    source = ticket(opened_at=utc(closed), closed_at=utc(closed))
    assert dated(source, zone, observes_daylight_savings_time=False) == date


@settings(deadline=None)
@given(tickets(), st.sampled_from(ZONES), st.sampled_from(["", "04:00", "23:59"]), st.booleans())
def test_every_ticket_has_one_date(source: Ticket, zone: str, starts: str, observes: bool) -> None:
    """The date that a ticket gets is that of the window which its instant lies in, asked from whichever day."""
    chosen: dict[str, Any] = {
        "open_time": True,
        "specify_business_day_start_time": starts,
        "observes_daylight_savings_time": observes,
    }
    (found,) = {
        date_rule(options_for(chosen), frame(zone, DATE + dt.timedelta(days=step), **chosen))(source)
        for step in range(-3, 4)
    }
    assert source.opened_at in frame(zone, **chosen).window_of(found)


def test_which_options_date_anew_and_which_reach_over() -> None:
    """Dates are the source's until an option takes them from instants; more options tell other days of a reading."""
    dating = {"open_time", "specify_business_day_start_time", "offset_time_zone", "observes_daylight_savings_time"}
    values = {"specify_business_day_start_time": "04:00", "offset_time_zone": "1", "number_of_lookback_days": 1}
    for name in Options.__struct_fields__:
        value = values.get(name, not getattr(Options(), name))
        if isinstance(getattr(Options(), name), bool) or name in values:
            options = options_for({name: value})
            assert redates(options) == (name in dating)
            assert reaches_over(options) == (name in {*dating, "vsd_for_actual", "number_of_lookback_days"})


AT = utc("2026-10-31T16:00")
EVERYTHING: list[Record] = [
    ticket(
        opened_at=AT,
        closed_at=AT,
        items=(Item("i", "Soup", "Food", 100, 100, void=VoidMark("Cold", AT)), Item("j", "Tea", "Food", 100, 100)),
        discounts=(Discount("d", "Staff", 1, at=AT), Discount("e", "Staff", 1)),
        payments=(Payment("p", "Cash", 1, at=AT), Payment("q", "Cash", 1)),
        surcharges=(Surcharge("s", "Fee", 1, at=AT),),
        non_sales=(NonSale("n", "Gift", 1, at=AT),),
        refunds=(Refund("r", "Back", 1, at=AT),),
    ),
    ticket("open", opened_at=AT, closed_at=None, payments=(Payment("p", "Cash", 1),)),
    LateVoid("v", "t1", DATE, 1, at=AT),
    Punch("s", "e", "j", AT, DATE, AT, breaks=(Break(AT, AT), Break(AT, None))),
    Deposit("d", 1, DATE, created_at=AT, closed_at=AT),
    PaidInOut("p", "in", "Change", 1, at=AT),
    Till("1", 1, closed_at=AT),
]


@pytest.mark.parametrize("record", EVERYTHING, ids=lambda record: type(record).__name__)
def test_the_offset_moves_every_instant(record: Record) -> None:
    """Whatever has an instant, down to the breaks and voids, is moved once; business dates and all else stay."""
    kind, key, before = canonical(record)
    assert corrected_by(dt.timedelta(0))(record) is record
    moved = canonical(corrected_by(dt.timedelta(hours=-1.5))(record))
    assert moved == (kind, key, before.replace(b"T16:00:00Z", b"T14:30:00Z"))
    assert moved[2] != before
    assert b"T14:30:00Z" not in before


def test_every_kind_with_instants_is_among_them() -> None:
    """A kind of record that gets an instant one day has to be moved as well."""
    with_instants = {
        kind for kind, shape in KINDS.items() if "datetime" in " ".join(map(str, shape.__annotations__.values()))
    }
    assert with_instants <= {canonical(record)[0] for record in EVERYTHING}
    assert decode(*canonical(EVERYTHING[0])[::2]) == EVERYTHING[0]


def test_the_offset_reaches_everything_that_is_translated() -> None:
    """Tickets, punches and cash are recorded with their corrected instants."""
    options = options_for({"offset_time_zone": "1"})
    named: dict[str, list[Record]] = {}
    for record in EVERYTHING:
        named.setdefault(canonical(record)[0], []).append(record)
    translation = translate(SourceDay(named), options, frame(offset_time_zone="1"))
    found = b" ".join([data for records in translation.records.values() for data in records.values()])
    assert found.count(b"T17:00:00Z") == sum(canonical(record)[2].count(b"T16:00:00Z") for record in EVERYTHING)
    assert b"T16:00:00Z" not in found
