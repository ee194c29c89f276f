"""Labor details: shifts and their breaks, with the dates of their times put right."""

import datetime as dt
from decimal import Decimal

import msgspec
import pytest

from adapters.files import SYSTEM
from domain.business_date import Window
from domain.records import Break, Employee, Job, Punch
from domain.records.punch import hours, pay_cents, worked_seconds
from tests.adapters.files.assembling.build import (
    DAY,
    Row,
    captured,
    day_of,
    in_force,
    page,
    read,
    read_whole,
    row,
    shift,
    utc,
)

ANN = row(EmployeeId="101", person="c:l:101", FirstName="sealed:x")
SERVER = row(JobCode="SRV", JobName="Server", DefaultPayRate="12.50")
IN, OUT = "2026-11-20T15:57:00", "2026-11-20T21:01:00"


def punches(*rows: Row, day: Window = DAY) -> list[Punch]:
    """The punches of rows."""
    return list(read(day, labor_detail=list(rows), employees=[ANN], jobs=[SERVER]).records["punch"])


def punch(*rows: Row, day: Window = DAY) -> Punch:
    """The only punch of rows."""
    (only,) = punches(*rows, day=day)
    return only


def rest(start: str, end: str, *, paid: bool = False, **cells: str) -> Row:
    """A row of a break."""
    flag = "IsPaidBreak" if paid else "IsUnpaidBreak"
    return shift(start, end, **{flag: "true", **cells})


def test_a_row_becomes_a_punch_field_by_field() -> None:
    """15:57–21:01 is 5.0667 h and 70.93 at 14.00; the 5.07 that the file states stand beside it."""
    found = punch(
        shift(
            IN,
            OUT,
            CreditTips="41.50",
            DeclaredTips="12.00",
            Sales="512.40",
            JobCode="SRV",
            JobName="Waiter",
            PayRate="14.00",
            RegularHours="5.07",
        ),
        rest("2026-11-20T18:00:00", "2026-11-20T18:10:00", paid=True),
    )
    assert found == Punch(
        "101-1@2026-11-20",
        "101",
        "SRV",
        utc("2026-11-20 20:57"),
        dt.date(2026, 11, 20),
        utc("2026-11-21 02:01"),
        "Waiter",
        Decimal("14.00"),
        (Break(utc("2026-11-20 23:00"), utc("2026-11-20 23:10"), paid=True),),
        1200,
        4150,
        stated_hours=Decimal("5.07"),
        shift="1",
        sales_cents=51240,
    )
    assert (hours(worked_seconds(found)), pay_cents(found)) == (Decimal("5.0667"), 7093)


@pytest.mark.parametrize(
    ("cells", "job", "name", "rate"),
    [
        ({"JobCode": "SRV"}, "SRV", "Server", "12.50"),
        ({"JobName": "Server"}, "SRV", "Server", "12.50"),
        ({"JobCode": "SRV", "PayRate": "14.00"}, "SRV", "Server", "14.00"),
        ({"JobCode": "SRV", "PayRate": "0"}, "SRV", "Server", "0"),
        ({"JobCode": "BAR", "JobName": "Barkeeper"}, "BAR", "Barkeeper", "0"),
        ({"JobCode": "BAR"}, "BAR", "", "0"),
        ({"JobName": "Barkeeper"}, "Barkeeper", "Barkeeper", "0"),
        ({}, "", "", "0"),
    ],
)
def test_the_job_and_rate_of_a_punch(cells: dict[str, str], job: str, name: str, rate: str) -> None:
    """By code, or by name where there is no code; a rate that the row does not state is the job's."""
    found = punch(shift(IN, OUT, **cells))
    assert (found.job, found.job_name, found.rate) == (job, name, Decimal(rate))


@pytest.mark.parametrize(
    ("start", "end", "date", "instants"),
    [
        pytest.param(IN, OUT, "2026-11-20", ("2026-11-20 20:57", "2026-11-21 02:01"), id="dates that agree"),
        pytest.param(
            "1899-12-30T15:57:00",
            "1899-12-30T21:01:00",
            "2026-11-20",
            ("2026-11-20 20:57", "2026-11-21 02:01"),
            id="times without dates, as spreadsheets have them",
        ),
        pytest.param(
            "0001-01-01T22:00:00",
            "0001-01-01T06:00:00",
            "2026-11-20",
            ("2026-11-21 03:00", "2026-11-21 11:00"),
            id="times without dates over midnight",
        ),
        pytest.param(
            "2026-11-20T22:00:00",
            "2026-11-20T06:00:00",
            "2026-11-20",
            ("2026-11-21 03:00", "2026-11-21 11:00"),
            id="a clock-out with the date of the clock-in",
        ),
        pytest.param(
            "2026-11-20T22:00:00",
            "2026-11-21T06:00:00",
            "2026-11-20",
            ("2026-11-21 03:00", "2026-11-21 11:00"),
            id="a clock-out on the next day",
        ),
        pytest.param(
            "2026-11-20T08:00:00",
            "2026-11-21T09:00:00",
            "2026-11-20",
            ("2026-11-20 13:00", "2026-11-21 14:00"),
            id="25 hours are as they are stated",
        ),
        pytest.param(
            "2026-11-20T08:00:00",
            "9999-12-31T09:00:00",
            "2026-11-20",
            ("2026-11-20 13:00", "2026-11-20 14:00"),
            id="a clock-out at the end of time",
        ),
        pytest.param(IN, IN, "2026-11-20", ("2026-11-20 20:57", "2026-11-20 20:57"), id="no time at all"),
        pytest.param(
            "2026-03-05T15:57:00", OUT, "2026-11-20", ("2026-11-20 20:57", "2026-11-21 02:01"), id="another date"
        ),
        pytest.param(IN, OUT, "1900-01-01", ("2026-11-20 20:57", "2026-11-21 02:01"), id="no date beside the time"),
        pytest.param(IN, OUT, "2026-11-19", ("2026-11-20 20:57", "2026-11-21 02:01"), id="booked the day before"),
        pytest.param(
            "2026-11-25T15:57:00",
            "2026-11-25T21:01:00",
            "2026-11-26",
            ("2026-11-25 20:57", "2026-11-26 02:01"),
            id="neither date is the business day's, and they are near",
        ),
        pytest.param(
            "2026-11-25T15:57:00",
            "2026-11-28T21:01:00",
            "2026-11-28",
            ("2026-11-28 20:57", "2026-11-29 02:01"),
            id="neither date is the business day's, and they are far apart",
        ),
    ],
)
def test_the_dates_of_a_shift(start: str, end: str, date: str, instants: tuple[str, str]) -> None:
    """ClockInDate gives the date of ClockInTime, unless its own puts it into the day; out comes after in."""
    found = punch(shift(start, end, date=date))
    assert (found.clock_in, found.clock_out) == tuple(map(utc, instants))


def test_a_shift_after_midnight_may_be_booked_on_the_date_before() -> None:
    """The day starts at 04:00: 00:30 lies in it by its own date, and by the date of ClockInDate it would not."""
    day = day_of("2026-11-20", starts=dt.time(4))
    found = punch(shift("2026-11-21T00:30:00", "2026-11-21T03:00:00", date="2026-11-20"), day=day)
    assert (found.clock_in, found.key) == (utc("2026-11-21 05:30"), "101-1@2026-11-20")


def test_a_clock_in_without_any_date_cannot_be_read() -> None:
    """Neither column says when it was, and nothing is made up."""
    with pytest.raises(Exception, match="cannot be read"):
        punch(shift("1899-12-30T08:00:00", "1899-12-30T09:00:00", date="1900-01-01"))


@pytest.mark.parametrize(
    ("date", "start", "end", "worked", "choice"),
    [
        ("2026-10-31", "2026-10-31T23:00:00", "2026-11-01T07:00:00", 9, ""),
        ("2027-03-13", "2027-03-13T23:00:00", "2027-03-14T07:00:00", 7, ""),
        ("2026-11-01", "2026-11-01T00:30:00", "2026-11-01T01:30:00", 1, "first"),
        ("2026-11-01", "2026-11-01T01:45:00", "2026-11-01T01:15:00", Decimal("0.5"), "first,second"),
        ("2026-11-01", "2026-11-01T01:30:00", "2026-11-01T09:30:00", 9, "first"),
    ],
)
def test_hours_on_the_nights_on_which_clocks_change(
    date: str, start: str, end: str, worked: Decimal | int, choice: str
) -> None:
    """Elapsed time: 23:00–07:00 is 9 h in autumn and 7 h in spring; how a time that exists twice was read is kept."""
    found = punch(shift(start, end), day=day_of(date))
    assert (hours(worked_seconds(found)), found.clock) == (Decimal(worked), choice)


OVERNIGHT = shift("2026-11-20T22:00:00", "2026-11-21T06:00:00")


@pytest.mark.parametrize(
    ("row_", "begins"),
    [
        pytest.param(rest("2026-11-21T02:00:00", "2026-11-21T02:30:00"), "07:00", id="dates that agree"),
        pytest.param(
            rest("2026-11-21T02:00:00", "2026-11-21T02:30:00", date="2026-11-20"), "07:00", id="the shift's date"
        ),
        pytest.param(rest("2026-11-20T02:00:00", "2026-11-20T02:30:00"), "07:00", id="times with the shift's date"),
        pytest.param(
            rest("1899-12-30T02:00:00", "1899-12-30T02:30:00", date="2026-11-20"), "07:00", id="times without dates"
        ),
    ],
)
def test_a_break_lies_in_its_shift(row_: Row, begins: str) -> None:
    """02:00–02:30 in a shift from 22:00 to 06:00 is on the next day, whatever date the row has; 7.5 h are worked."""
    found = punch(OVERNIGHT, row_)
    assert found.breaks == (Break(utc(f"2026-11-21 {begins}"), utc("2026-11-21 07:30")),)
    assert hours(worked_seconds(found)) == Decimal("7.5")


def test_breaks_are_paid_or_not_and_stand_in_order() -> None:
    """A paid one is worked time."""
    found = punch(
        rest("2026-11-20T19:00:00", "2026-11-20T19:30:00"),
        shift("2026-11-20T15:00:00", "2026-11-20T21:00:00"),
        rest("2026-11-20T17:00:00", "2026-11-20T17:10:00", paid=True),
    )
    assert [(pause.starts_at, pause.paid) for pause in found.breaks] == [
        (utc("2026-11-20 22:00"), True),
        (utc("2026-11-21 00:00"), False),
    ]
    assert hours(worked_seconds(found)) == Decimal("5.5")


def test_a_break_outside_its_shift_is_kept_with_it() -> None:
    """It takes nothing off; that the times do not fit is there to be seen."""
    found = punch(shift(IN, OUT), rest("2026-11-20T22:00:00", "2026-11-20T22:30:00"))
    assert found.breaks == (Break(utc("2026-11-21 03:00"), utc("2026-11-21 03:30")),)
    assert hours(worked_seconds(found)) == Decimal("5.0667")


def test_two_shifts_under_one_number_are_two_punches_with_their_own_breaks() -> None:
    """They are told apart by their clock-in; a break is in the one that it lies in, else in the last one before it."""
    found = punches(
        shift("2026-11-20T09:00:00", "2026-11-20T12:00:00"),
        shift("2026-11-20T14:00:00", "2026-11-20T18:00:00"),
        rest("2026-11-20T10:00:00", "2026-11-20T10:30:00"),
        rest("2026-11-20T15:00:00", "2026-11-20T15:30:00"),
        rest("2026-11-20T12:30:00", "2026-11-20T13:00:00"),
        rest("2026-11-20T19:00:00", "2026-11-20T19:30:00"),
    )
    assert {one.key: [f"{pause.starts_at:%H:%M}" for pause in one.breaks] for one in found} == {
        "101-1@2026-11-20T09:00:00": ["15:00", "17:30"],
        "101-1@2026-11-20T14:00:00": ["20:00", "00:00"],
    }


@pytest.mark.parametrize(
    ("rows", "keys", "notes"),
    [
        pytest.param([shift(IN, OUT)], ["101-1"], [], id="one shift"),
        pytest.param([shift(IN, OUT), shift(IN, OUT, number="2")], ["101-1", "101-2"], [], id="two numbers"),
        pytest.param([shift(IN, OUT), shift(IN, OUT, employee="1")], ["1-1", "101-1"], [], id="two employees"),
        pytest.param([shift(IN, OUT), shift(IN, OUT)], ["101-1"], ["listed-twice:punch:1"], id="the same row twice"),
        pytest.param([rest(IN, OUT)], [], ["break-without-shift:1"], id="a break without its shift"),
        pytest.param(
            [shift(IN, OUT), rest(IN, OUT, number="2")], ["101-1"], ["break-without-shift:1"], id="of another shift"
        ),
        pytest.param([rest(IN, OUT, RegularHours="5.07")], ["101-1"], [], id="a shift that says that it had a break"),
        pytest.param([rest(IN, OUT, RegularHours="0")], [], ["break-without-shift:1"], id="a break of no hours"),
    ],
)
def test_which_rows_are_punches(rows: list[Row], keys: list[str], notes: list[str]) -> None:
    """By employee and shift number; nobody works the same shift twice, and a break alone is none."""
    day = read(labor_detail=rows, employees=[ANN, row(EmployeeId="1", person="c:l:1")])
    assert sorted(one.key for one in day.records["punch"]) == [f"{key}@2026-11-20" for key in keys]
    assert list(day.notes) == notes


def test_punches_of_unknown_employees_and_jobs_count_and_are_noted() -> None:
    """A placeholder stands in for the employee; the day's notes name both."""
    day = read(labor_detail=[shift(IN, OUT, employee="7", JobCode="BAR"), shift(IN, OUT, JobName="Cook")])
    assert {one.employee: one.unknown_employee for one in day.records["punch"]} == {"7": True, "101": True}
    assert day.notes == ("unknown-employee:101", "unknown-employee:7", "unknown-job:BAR", "unknown-job:Cook")


def test_employees_and_jobs_in_force_are_known() -> None:
    """They need not be imported again with every day."""
    capture = captured(labor_detail=[shift(IN, OUT, JobCode="SRV")])
    pages = (*capture.pages, in_force(Employee("101", "c:l:101")), in_force(Job("SRV", "Server", rate=Decimal(9))))
    day = read_whole(type(capture)("files", 1, {}, pages), DAY)
    (found,) = day.records["punch"]
    assert (found.unknown_employee, found.job_name, found.rate, day.notes) == (False, "Server", Decimal(9), ())


def test_shifts_of_earlier_days_are_read_as_with_their_own() -> None:
    """Those that end inside the day or after it keep their names, people and rates; the others are not of the day."""
    earlier = [
        page("labor-detail", [shift("2026-11-19T22:00:00", "2026-11-20T06:00:00", JobCode="SRV", PayRate="")]),
        page("labor-detail", [shift("2026-11-19T09:00:00", "2026-11-19T17:00:00", number="2")]),
        in_force(Employee("101", "c:l:101", "sealed:x")),
        in_force(Job("SRV", "Server", rate=Decimal("11.00"))),
    ]
    own = captured(labor_detail=[shift(IN, OUT)], employees=[ANN], jobs=[SERVER])
    pages = tuple([msgspec.structs.replace(one, resource=f"earlier:2026-11-19:{one.resource}") for one in earlier])
    both = SYSTEM.read(msgspec.structs.replace(own, pages=(*own.pages, *pages)), DAY).records["punch"]
    alone = SYSTEM.read(msgspec.structs.replace(own, pages=pages), DAY).records["punch"]
    (night,) = alone
    assert [found.id for found in both] == ["101-1@2026-11-19", "101-1@2026-11-20"]
    assert (night.rate, night.business_date, night.unknown_employee) == (Decimal("11.00"), dt.date(2026, 11, 19), False)


def test_earlier_days_without_a_night_say_nothing() -> None:
    """A day that has no file of shifts and that no shift reaches into has no punches that were read."""
    rows = page("labor-detail", [shift("2026-11-19T09:00:00", "2026-11-19T17:00:00")])
    own = captured(deposits=[])
    pages = (*own.pages, msgspec.structs.replace(rows, resource="earlier:2026-11-19:labor-detail"))
    assert set(SYSTEM.read(msgspec.structs.replace(own, pages=pages), DAY).records) == {"deposit"}
