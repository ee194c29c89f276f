"""Which business day a row belongs to, and rows of another day than the one asked for."""

import datetime as dt

import pytest

from adapters.files import KINDS, Dating, Kind, cells
from domain.business_date import date_of, resolve
from tests.adapters.files.build import LABOR, PLAIN, SALES, as_csv, checked, early, least, pages, rows, sample, told

DAY = dt.date(2026, 11, 20)
ASKED = Dating(PLAIN.date_of, DAY)
EARLY = Dating(early, DAY)

PROMO = {"Promo_PromoName": "Lunch", "Promo_Amount": "3.00"}
AFTER_MIDNIGHT = {"ClockInTime": "11/21/2026 00:30", "ClockOutTime": "11/21/2026 02:00"}

OUTSIDE = [
    # Sold on the day or not: the closing time says.
    ("sales-detail", {"CloseTime": "11/20/2026 00:00:00"}, ASKED, True),
    ("sales-detail", {"CloseTime": "11/20/2026 23:59:59"}, ASKED, True),
    ("sales-detail", {"CloseTime": "11/19/2026 23:59:59"}, ASKED, False),
    ("sales-detail", {"CloseTime": "11/21/2026 00:00:00"}, ASKED, False),
    ("sales-detail", {"CloseTime": "11/20/2026 03:59:59"}, EARLY, False),
    ("sales-detail", {"CloseTime": "11/20/2026 04:00:00"}, EARLY, True),
    ("sales-detail", {"CloseTime": "11/21/2026 01:30:00"}, EARLY, True),
    # By the opening time instead; a check that has none is dated by its closing time.
    (
        "sales-detail",
        {"OpenTime": "11/20/2026 23:40", "CloseTime": "11/21/2026 00:20"},
        Dating(PLAIN.date_of, DAY, by=("OpenTime", "CloseTime")),
        True,
    ),
    (
        "sales-detail",
        {"OpenTime": "", "CloseTime": "11/21/2026 00:20"},
        Dating(PLAIN.date_of, DAY, by=("OpenTime", "CloseTime")),
        False,
    ),
    # By columns that stand far apart.
    (
        "sales-detail",
        {"ItemSale_Time": "", "CloseTime": "11/20/2026 12:00"},
        Dating(PLAIN.date_of, DAY, by=("ItemSale_Time", "CloseTime")),
        True,
    ),
    (
        "sales-detail",
        {"ItemSale_Time": "11/18/2026 12:00", "CloseTime": "11/20/2026 12:00"},
        Dating(PLAIN.date_of, DAY, by=("ItemSale_Time", "CloseTime")),
        False,
    ),
    # What hangs on a check is of the check's day, which may be the next one to its own.
    ("payments", {"Payment_Time": ""}, ASKED, True),
    ("payments", {"Payment_Time": "11/21/2026 00:10"}, ASKED, True),
    ("payments", {"Payment_Time": "11/19/2026 23:50"}, ASKED, True),
    ("payments", {"Payment_Time": "11/22/2026 00:00"}, ASKED, False),
    ("discounts", {**PROMO, "Comp_Time": "", "Promo_Time": "11/18/2026 12:00"}, ASKED, False),
    ("discounts", {**PROMO, "Comp_Time": "11/20/2026 12:00", "Promo_Time": "11/01/2026 12:00"}, ASKED, True),
    ("voids", {"Void_Time": "11/18/2026 12:00"}, ASKED, False),
    ("refunds", {"Refund_Time": "11/18/2026 12:00"}, ASKED, False),
    ("surcharges", {"Surcharge_Time": "11/22/2026 12:00"}, ASKED, False),
    ("non-sales-revenue", {"NonSalesRevenue_Time": "11/22/2026 12:00"}, ASKED, False),
    ("tax-details", {}, ASKED, True),
    # Cash: a date that is meant as one is not moved by when the day starts.
    ("deposits", {"DepositDate": "11/20/2026"}, EARLY, True),
    ("deposits", {"DepositDate": "11/21/2026"}, EARLY, False),
    ("tills", {"BusinessDate": "11/20/2026 00:00:00"}, EARLY, True),
    ("tills", {"BusinessDate": "11/19/2026 23:00:00"}, EARLY, False),
    ("paid-in-outs", {"Time": "11/21/2026 01:00"}, EARLY, True),
    ("paid-in-outs", {"Time": "11/21/2026 01:00"}, ASKED, False),
    ("paid-in-outs", {"Time": ""}, ASKED, True),
    # Labor: the time that somebody clocked in, and not the date that stands beside it.
    (
        "labor-detail",
        {**AFTER_MIDNIGHT, "ClockInDate": "11/21/2026"},
        EARLY,
        True,
    ),
    (
        "labor-detail",
        {**AFTER_MIDNIGHT, "ClockInDate": "11/20/2026"},
        ASKED,
        False,
    ),
    (
        "labor-detail",
        {"ClockInTime": "11/21/2026 02:00", "ClockOutTime": "11/21/2026 02:30", "IsPaidBreak": "1"},
        ASKED,
        True,
    ),
    (
        "labor-detail",
        {
            "ClockInDate": "11/22/2026",
            "ClockInTime": "11/22/2026 02:00",
            "ClockOutTime": "11/22/2026 02:30",
            "IsUnpaidBreak": "1",
        },
        ASKED,
        False,
    ),
    # Reference data has no date.
    ("employees", {}, ASKED, True),
]


@pytest.mark.parametrize(("key", "changes", "dating", "fits"), OUTSIDE)
def test_rows_of_another_day_than_the_one_asked_for_are_errors(
    key: str, changes: dict[str, str], dating: Dating, fits: bool
) -> None:
    """In a file of one row and among many others alike, in the official order of columns and in another."""
    kind = KINDS[key]
    row = least(kind, **changes)
    for headers in (kind.headers, sorted(kind.headers)):
        codes = [(row_number, code) for row_number, _, code in told(as_csv([row], headers), kind, dating)]
        assert codes == ([] if fits else [(2, "outside-date")])
        many = [row] if kind.identity else [row] * 300
        assert len(told(as_csv(many, headers), kind, dating)) == (0 if fits else len(many))


def test_the_error_says_which_day_the_row_belongs_to() -> None:
    """And which one was asked for."""
    (error,) = checked(as_csv([least(SALES, CloseTime="11/21/2026 01:30")]), SALES, ASKED).errors
    assert (error.column, error.value) == ("CloseTime", "11/21/2026 01:30")
    assert error.reason == "The row belongs to business day 2026-11-21, not to 2026-11-20."


@pytest.mark.parametrize("headers", [SALES.headers, sorted(SALES.headers)])
def test_a_time_that_the_caller_refuses_is_an_error(headers: list[str]) -> None:
    """Where the clocks were put forward over it."""

    def in_new_york(moment: dt.datetime) -> dt.date:
        return date_of(resolve(moment, "America/New_York").instant, "America/New_York")

    bad, good = (least(SALES, CloseTime=f"03/14/2027 0{hour}:30:00") for hour in (2, 3))
    dating = Dating(in_new_york)
    assert told(as_csv([good, bad], headers), SALES, dating) == [(3, "CloseTime", "time-does-not-exist")]
    assert list(pages(as_csv([good], headers), SALES, dating)) == [dt.date(2027, 3, 14)]


def test_a_date_that_is_wrong_itself_belongs_to_no_day() -> None:
    """One error is enough."""
    assert told(as_csv([least(SALES, CloseTime="11/31/2026 01:30")]), SALES, ASKED) == [
        (2, "CloseTime", "no-such-date")
    ]


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.dated_by], ids=lambda kind: kind.key)
def test_a_file_of_many_days_is_sorted_by_its_dates(kind: Kind) -> None:
    """Each row is with its day, in the order of the file; rows that say none are apart."""
    days = ["11/20/2026", "11/21/2026", "11/20/2026", "11/22/2026"]
    column = kind.dated_by[0]
    made = []
    for number, day in enumerate(days):
        changes = {column: f"{day} 12:00:00"}
        if kind is LABOR:
            changes |= {"ClockInDate": day, "ClockOutTime": f"{day} 13:00:00", "EmployeeNumber": str(number)}
        if kind.key == "tills":
            changes |= {"DrawerNumber": str(number)}
        made.append(least(kind, **changes))
    found = pages(as_csv(made), kind, PLAIN)
    assert list(found) == [dt.date(2026, 11, 20), dt.date(2026, 11, 21), dt.date(2026, 11, 22)]
    undated = not next(entry.required for entry in kind.columns if entry.name == column)
    if undated:
        assert next(iter(pages(as_csv([*made, least(kind)]), kind, PLAIN))) is None
    assert len(rows(as_csv(made), kind, PLAIN)) == 4


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key)
def test_all_rows_of_the_day_that_was_asked_for_are_with_it(kind: Kind) -> None:
    """Also those that say no date, or whose own time lies past its end; reference data is of no day."""
    changes = {name: "11/21/2026 00:10" for name in kind.dated_by[:1] if kind.slack_days}
    assert list(pages(as_csv([least(kind, **changes)]), kind, ASKED)) == [None if kind.reference else DAY]
    if kind is LABOR:
        made = [
            shift("1", "1", "11/20/2026 22:00", "11/21/2026 06:00"),
            shift("1", "1", "11/21/2026 02:00", "11/21/2026 02:30", IsUnpaidBreak="1"),
        ]
        assert list(pages(as_csv(made), kind, ASKED)) == [DAY]


def shift(employee: str, number: str, start: str, end: str, **flags: str) -> dict[str, str]:
    """A row of Labor Detail: a shift, or a break of one."""
    return least(
        LABOR,
        EmployeeNumber=employee,
        ShiftNumber=number,
        ClockInDate=start.partition(" ")[0],
        ClockInTime=start,
        ClockOutTime=end,
        **flags,
    )


def test_a_break_is_with_its_shift_although_it_lies_past_the_end_of_the_day() -> None:
    """Whatever the order of the rows; one that lies in no shift is on the day of its own time."""
    made = [
        shift("1", "1", "11/21/2026 02:00", "11/21/2026 02:30", IsUnpaidBreak="1"),
        shift("1", "1", "11/20/2026 22:00", "11/21/2026 06:00"),
        shift("1", "1", "11/21/2026 22:00", "11/22/2026 06:00"),
        shift("1", "1", "11/22/2026 03:00", "11/22/2026 03:30", IsPaidBreak="1"),
        shift("1", "2", "11/22/2026 03:00", "11/22/2026 03:30", IsPaidBreak="1"),
        shift("2", "1", "11/22/2026 03:00", "11/22/2026 03:30", IsPaidBreak="1"),
    ]
    found = {
        date: [(row["EmployeeNumber"], row["ShiftNumber"], row["ClockInTime"][8:16]) for row in some]
        for date, some in of_days(as_csv(made)).items()
    }
    assert found == {
        dt.date(2026, 11, 20): [("1", "1", "20T22:00"), ("1", "1", "21T02:00")],
        dt.date(2026, 11, 21): [("1", "1", "21T22:00"), ("1", "1", "22T03:00")],
        dt.date(2026, 11, 22): [("1", "2", "22T03:00"), ("2", "1", "22T03:00")],
    }


def of_days(data: bytes) -> dict[dt.date | None, list[dict[str, str]]]:
    """The rows of Labor Detail by business date."""
    return {
        date: [row for page in some for row in cells(LABOR, page)] for date, some in pages(data, LABOR, PLAIN).items()
    }


def test_thousands_of_breaks_find_their_shifts() -> None:
    """In as many batches as it takes."""
    made = []
    for number in range(3_000):
        made.append(shift(str(number), "1", "11/20/2026 22:00", "11/21/2026 06:00"))
        made.append(shift(str(number), "1", "11/21/2026 01:00", "11/21/2026 01:10", IsPaidBreak="1"))
    found = of_days(as_csv(made))
    assert [(date, len(some)) for date, some in found.items()] == [(DAY, 6_000)]


def test_samples_have_a_day() -> None:
    """The template's rows are all of one."""
    for kind in KINDS.values():
        assert told(as_csv([sample(kind)]), kind, ASKED) == []
