"""Deposits, paid ins and outs, and tills."""

import datetime as dt

import pytest

from domain.records import Deposit, PaidInOut, Till
from tests.adapters.files.assembling.build import Row, read, row, utc


def deposit(amount: str = "640.25", number: str = "", closed: str = "", **cells: str) -> Row:
    """A row of Deposits."""
    return row(
        **{"DepositDate": "2026-11-20T00:00:00", "Amount": amount, "Number": number, "ClosedTime": closed, **cells}
    )


def test_a_deposit_becomes_a_record_field_by_field() -> None:
    """It is for the business day of its date, whatever time stands beside that."""
    found = read(
        deposits=[
            deposit(
                number="D-17",
                closed="2026-11-20T23:30:00",
                DepositDate="2026-11-20T22:00:00",
                DaypartName="Dinner",
                EmployeeNumber="100",
                RevenueCenterName="Bar",
            )
        ]
    ).records["deposit"]
    assert list(found) == [
        Deposit(
            "D-17@2026-11-20",
            64025,
            dt.date(2026, 11, 20),
            "D-17",
            by="100",
            daypart="Dinner",
            revenue_center="Bar",
            closed_at=utc("2026-11-21 04:30"),
        )
    ]


@pytest.mark.parametrize(
    ("rows", "keys"),
    [
        ([deposit(number="1"), deposit(number="01")], ["01", "1"]),
        ([deposit(number="1"), deposit(number="1", amount="5.00")], ["1@5.00", "1@640.25"]),
        ([deposit(number="1"), deposit(amount="5.00")], ["1@640.25", "deposit@5.00"]),
        ([deposit(closed="2026-11-20T23:30:00"), deposit()], ["deposit@23:30:00", "deposit@640.25"]),
        ([deposit(), deposit()], ["deposit@640.25", "deposit@640.25"]),
    ],
)
def test_deposits_go_by_their_numbers_if_each_has_its_own(rows: list[Row], keys: list[str]) -> None:
    """Else by what they are: time or amount, and which of several that are alike."""
    found = sorted(one.key for one in read(deposits=rows).records["deposit"])
    assert [key.partition("@2026")[0] for key in found] == keys
    assert len(set(found)) == len(rows)


@pytest.mark.parametrize(
    ("amount", "affects", "direction", "cents", "cash"),
    [
        ("20.00", "", "in", 2000, True),
        ("-20.00", "true", "out", 2000, True),
        ("-0.01", "false", "out", 1, False),
        ("0.00", "", "in", 0, True),
    ],
)
def test_positive_amounts_are_paid_in_and_negative_ones_paid_out(
    amount: str, affects: str, direction: str, cents: int, cash: bool
) -> None:
    """The record's amount is positive in both directions; where nothing is said the cash moved."""
    found = read(
        paid_in_outs=[
            row(
                Amount=amount,
                AffectsCash=affects,
                PaidInOutName="Ice",
                Time="2026-11-20T13:00:00",
                Notes="Two bags",
                DaypartName="Lunch",
                EmployeeNumber="100",
            )
        ]
    ).records["paid-in-out"]
    assert list(found) == [
        PaidInOut(
            "Ice@13:00:00",
            direction,
            "Ice",
            cents,
            cash,
            at=utc("2026-11-20 18:00"),
            by="100",
            notes="Two bags",
            daypart="Lunch",
        )
    ]


def test_paid_outs_that_are_alike_are_as_many_as_there_are_rows() -> None:
    """Ice for 20.00 may be bought twice; a name that is no key is made one."""
    name = "Ice\n" * 100
    found = read(paid_in_outs=[row(Amount="-20.00", PaidInOutName=name)] * 2).records["paid-in-out"]
    first, second = (one.key for one in found)
    assert second == f"{first}#2"
    assert first.isprintable()
    assert len(first) <= 200


def till(drawer: str = "1", expected: str = "660.25", **cells: str) -> Row:
    """A row of Tills."""
    plain = {"BusinessDate": "2026-11-20T00:00:00", "DrawerNumber": drawer, "ExpectedAmount": expected}
    return row(**{**plain, "IsClosed": "true", **cells})


EARLY = {"EmployeeNumber": "100", "ClosedTime": "2026-11-20T16:00:00"}
LATE = {"EmployeeNumber": "101", "ClosedTime": "2026-11-20T23:15:00"}
AT_FOUR, AT_NIGHT = utc("2026-11-20 21:00"), utc("2026-11-21 04:15")


@pytest.mark.parametrize(
    ("rows", "tills"),
    [
        pytest.param([till(**EARLY)], [Till("1", 66025, True, "100", AT_FOUR)], id="one"),
        pytest.param([till(IsClosed="false")], [Till("1", 66025)], id="one that is open"),
        pytest.param([till(), till("01")], [Till("01", 66025, True), Till("1", 66025, True)], id="01 is not 1"),
        pytest.param([till(**EARLY), till(**EARLY)], [Till("1", 66025, True, "100", AT_FOUR)], id="the same row twice"),
        pytest.param(
            [till(**EARLY), till(expected="-40.25", **LATE)], [Till("1", 62000, True, "", AT_NIGHT)], id="two people"
        ),
        pytest.param(
            [till(**EARLY), till(expected="40.00", EmployeeNumber="100", IsClosed="false")],
            [Till("1", 70025, False, "100", AT_FOUR)],
            id="one person, open again",
        ),
    ],
)
def test_there_is_one_till_a_drawer(rows: list[Row], tills: list[Till]) -> None:
    """Rows of one drawer add up; it is closed when all are, and by nobody where they name several."""
    assert sorted(read(tills=rows).records["till"], key=lambda one: one.key) == tills


@pytest.mark.parametrize("kind", ["deposits", "paid_in_outs", "tills", "labor_detail"])
def test_a_file_without_rows_was_read_and_is_empty(kind: str) -> None:
    """So everything that an earlier file said is gone; kinds that no file brings are not named at all."""
    day = read(**{kind: []}, menu_items=[])
    named = {"deposits": "deposit", "paid_in_outs": "paid-in-out", "tills": "till", "labor_detail": "punch"}
    assert [list(day.records[kind]) for kind in (named[kind], "menu-item")] == [[], []]
    assert day.records.keys() == {named[kind], "menu-item", "tender", "tax-definition"}
