"""The Daily Sales Summary: worked days, labor, cash, and its laws."""

import datetime as dt
from decimal import Decimal
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.business_date import date_of
from domain.business_day import NEW_DAY, decide_poll, fold
from domain.money import cents
from domain.polling import Frame
from domain.records import Break, Deposit, Employee, Item, LateVoid, PaidInOut, Punch
from domain.records.punch import pay_cents, worked_seconds
from domain.summary import DailySalesSummary, plain_summary, summarize, summary_bytes
from domain.summary.daypart import daypart_of
from domain.summary.issues import MOST_ISSUES
from domain.summary.tally import Tally
from tests.domain.build import (
    DATE,
    at,
    attempt,
    day_window,
    frame_for,
    item,
    off,
    paid,
    punch,
    ticket,
    translated,
    void,
)


def summary_of(*records: object, notes: tuple[str, ...] = (), frame: Frame | None = None) -> DailySalesSummary:
    """The summary of a day that was polled with these records."""
    translation = translated(*records, notes=notes, frame=frame)
    return summarize(fold(decide_poll(NEW_DAY, translation, attempt=attempt(), capture="c", window=day_window())))


def test_the_worked_day() -> None:
    """Gross 500.00, discounts 20.00, net 480.00, tax 39.60, card tips 30.00; cash 180.00, card 369.60 tips included."""
    found = plain_summary(
        summary_of(
            ticket(
                items=(item("500.00", "39.60"),),
                discounts=(off("20.00"),),
                payments=(paid("180.00"), paid("339.60", "30.00", "Visa", "p2")),
                tax="39.60",
            )
        )
    )
    expected: dict[str, object] = {
        "gross_sales": "500.00",
        "discounts": "20.00",
        "net_sales": "480.00",
        "tax": "39.60",
        "tips": "30.00",
        "cash_payments": "180.00",
        "expected_cash": "180.00",
        "total_deposit": None,
        "over_short": None,
        "adjustments": [],
    }
    assert {name: found[name] for name in expected} == expected
    assert found["payments"] == [
        {"name": "Cash", "type": "", "cash": True, "count": 1, "amount": "180.00", **ON_TOP},
        {"name": "Visa", "type": "", "cash": False, "count": 1, "amount": "339.60", **ON_TOP, "tips": "30.00"},
    ]


ON_TOP = {"tips": "0.00", "gratuities": "0.00", "refunds": "0.00"}


def test_a_day_that_was_never_polled() -> None:
    """A missing day has a summary too: zero everywhere, state missing, over/short unknown."""
    found = summarize(NEW_DAY)
    assert (found.state, found.generation, found.net_sales_cents, found.labor_percent) == ("missing", 0, 0, None)


@pytest.mark.parametrize(
    ("deposits", "total", "over_short"),
    [
        # While there is no deposit it is unknown, and not -246.63.
        ((), None, None),
        (("246.63",), 24663, 0),
        (("0.00",), 0, -24663),
        (("241.63",), 24163, -500),
        (("100.00", "100.00", "46.64"), 24664, 1),
    ],
)
def test_over_short(deposits: tuple[str, ...], total: int | None, over_short: int | None) -> None:
    """Over/short is what was deposited, by however many deposits, less the expected cash; unknown without any."""
    found = summary_of(
        ticket(items=(item("246.63"),), payments=(paid("246.63"),)),
        *[Deposit(f"d{place}", cents(text), DATE) for place, text in enumerate(deposits)],
    )
    assert (found.total_deposit_cents, found.over_short_cents) == (total, over_short)
    assert len(found.deposits) == len(deposits)


def test_expected_cash() -> None:
    """Cash + paid ins − paid outs − charge tips paid out in cash, of those that affect cash."""
    found = summary_of(
        ticket(items=(item("100.00"),), payments=(paid("60.00"), paid("40.00", "8.00", "Visa", "p2"))),
        PaidInOut("i", "in", "Change", 5000),
        PaidInOut("o", "out", "Ice", 1200),
        PaidInOut("n", "out", "Invoice by card", 9900, affects_cash=False),
        PaidInOut("t", "out", "Tips", 800, purpose="tips"),
    )
    assert found.expected_cash_cents == 6000 + 5000 - 1200 - 800
    assert found.tips_paid_out_cents == 800
    assert [(line.name, line.amount_cents) for line in found.paid_outs] == [("Ice", 1200), ("Invoice by card", 9900)]


def test_sales_by_every_dimension() -> None:
    """Two tickets split by service type, revenue center, hour and daypart, each dimension adding up to the whole."""
    found = summary_of(
        ticket("a", items=(item("10.00"), item("3.00", name="Beer", category="Drinks")), payments=(paid("13.00"),)),
        ticket(
            "b",
            items=(item("20.00"),),
            discounts=(off("5.00", kind="comp"),),
            payments=(paid("15.00"),),
            service_type="Take Out",
            revenue_center="",
            closed="22:30",
            guests=1,
        ),
    )
    assert [(line.name, line.gross_cents) for line in found.by_category] == [("Drinks", 300), ("Food", 3000)]
    assert [(line.name, line.net_cents, line.guests) for line in found.by_service_type] == [
        ("Dine In", 1300, 2),
        ("Take Out", 1500, 1),
    ]
    assert [line.name for line in found.by_revenue_center] == ["(none)", "Dining"]
    assert [line.name for line in found.by_hour] == ["13:00", "18:00"]
    assert [line.name for line in found.by_daypart] == ["Dinner", "Lunch"]
    assert [(line.name, line.kind, line.amount_cents) for line in found.discounts_by_name] == [("Staff", "comp", 500)]
    for lines in (found.by_service_type, found.by_revenue_center, found.by_hour, found.by_daypart):
        assert sum(line.net_cents for line in lines) == found.net_sales_cents == 2800


def test_sales_that_the_source_put_nowhere_are_an_issue() -> None:
    """Items without category, and tickets without revenue center where others have one, are told with their amounts."""
    found = summary_of(
        ticket("a", items=(item("10.00", category=""),), payments=(paid("10.00"),)),
        ticket("b", items=(item("5.00"),), payments=(paid("5.00"),), revenue_center=""),
    )
    assert [(issue.code, "10.00" in issue.message, "5.00" in issue.message) for issue in found.issues] == [
        ("unmapped_category", True, False),
        ("unassigned_revenue", False, True),
    ]
    assert [line.name for line in found.by_category] == ["(none)", "Food"]
    alone = summary_of(ticket("b", items=(item("5.00"),), payments=(paid("5.00"),), revenue_center=""))
    assert alone.issues == ()


def test_cash_is_counted_with_its_tips() -> None:
    """A guest who hands over 25.00 for 20.00 leaves 25.00 in the drawer; tips paid by check take nothing out of it."""
    found = summary_of(
        ticket(items=(item("20.00"),), payments=(paid("20.00", "5.00"),)),
        PaidInOut("t", "out", "Tips by check", 300, affects_cash=False, purpose="tips"),
    )
    assert (found.cash_payments_cents, found.expected_cash_cents, found.tips_paid_out_cents) == (2500, 2500, 0)


def test_voids_and_refunds() -> None:
    """A void leaves net sales alone and is listed by its reason; a refund lowers gross sales and is told."""
    line, entry = void("8.00")
    found = summary_of(
        ticket("a", items=(item("10.00"), line), voids=(entry,), payments=(paid("10.00"),)),
        ticket("b", items=(item("-4.00", quantity_milli=-1000),), payments=(paid("-4.00"),)),
    )
    assert (found.gross_sales_cents, found.net_sales_cents, found.refunds_cents) == (600, 600, 400)
    assert [(line.name, line.count, line.amount_cents) for line in found.voids_by_reason] == [("Cold", 1, 800)]


def test_a_late_void_counts_on_its_own_date() -> None:
    """A void of an earlier day's ticket lowers today's net sales, beside the gross."""
    found = summary_of(
        ticket(items=(item("50.00"),), payments=(paid("50.00"),)),
        LateVoid("v1", "t-old", DATE - dt.timedelta(days=1), 900, reason="Complaint"),
    )
    assert (found.gross_sales_cents, found.late_voids_cents, found.net_sales_cents) == (5000, 900, 4100)


def test_issues_are_told_and_adjustments_counted() -> None:
    """Open tickets, unexplained residuals, odd punches and notes of the reading each are an issue with its record."""
    found = summary_of(
        ticket("open", items=(item("10.00"),), closed=None),
        ticket("off", items=(item("10.00"),), payments=(paid("9.00"),)),
        punch("p-open", clock_out=None),
        msgspec.structs.replace(punch("p-long"), clock_out=at("14:00", dt.date(2026, 11, 1))),
        punch("p-back", clock_in="14:00", clock_out="13:00"),
        punch("p-who", unknown_employee=True),
        notes=("convention:payments_include_tips",),
    )
    assert {(issue.code, issue.record) for issue in found.issues} == {
        ("open_ticket", "ticket/open"),
        ("unexplained_residual", "ticket/off"),
        ("open_punch", "punch/p-open"),
        ("long_punch", "punch/p-long"),
        ("backward_punch", "punch/p-back"),
        ("unknown_employee", "punch/p-who"),
        ("convention", ""),
    }
    assert [(line.name, line.amount_cents) for line in found.adjustments] == [
        ("unexplained_residual", -100),
        ("unpaid_balance", -1000),
    ]


def test_the_list_of_issues_is_bounded_and_their_count_is_not() -> None:
    """A broken day lists a thousand issues and counts all of them."""
    found = summary_of(*[ticket(f"t{number}", closed=None) for number in range(MOST_ISSUES + 5)])
    assert (len(found.issues), found.issue_count) == (MOST_ISSUES, MOST_ISSUES + 5)


@pytest.mark.parametrize(
    ("clock_in", "clock_out", "pauses", "rate", "hours", "pay"),
    [
        # DOMAIN: 15:57–21:01 is 5.0667 h; unrounded × 14.00 is 70.93 (the POS rounds the hours and pays 70.98)
        ("2026-10-31T19:57", "2026-11-01T01:01", (), "14.00", "5.0667", 7093),
        # 23:00–07:00 New York over the change in autumn is 9 h, over the one in spring 7 h
        ("2026-11-01T03:00", "2026-11-01T12:00", (), "10.00", "9.0000", 9000),
        ("2027-03-14T04:00", "2027-03-14T11:00", (), "10.00", "7.0000", 7000),
        # 22:00–06:00 with an unpaid break of 30 minutes at 12.00 is 7.50 h = 90.00
        ("2026-10-31T02:00", "2026-10-31T10:00", (("2026-10-31T07:45", "2026-10-31T08:15"),), "12.00", "7.5000", 9000),
        # a break that sticks out counts as far as it lies inside
        ("2026-10-31T10:00", "2026-10-31T12:00", (("2026-10-31T11:30", "2026-10-31T13:00"),), "10.00", "1.5000", 1500),
        ("2026-10-31T10:00", "2026-10-31T12:00", (("2026-10-31T13:00", "2026-10-31T14:00"),), "10.00", "2.0000", 2000),
        ("2026-10-31T10:00", "2026-10-31T10:00", (), "10.00", "0.0000", 0),
        # of breaks that overlap each moment counts once: 13:00 to 14:30 off eight hours
        (
            "2026-10-31T10:00",
            "2026-10-31T18:00",
            (("2026-10-31T13:30", "2026-10-31T14:30"), ("2026-10-31T13:00", "2026-10-31T14:00")),
            "10.00",
            "6.5000",
            6500,
        ),
    ],
)
def test_hours_and_pay(
    clock_in: str, clock_out: str, pauses: tuple[tuple[str, str], ...], rate: str, hours: str, pay: int
) -> None:
    """Hours are elapsed time less unpaid breaks; pay is rounded half-up once per punch."""
    worked = Punch(
        "p",
        "e",
        "j",
        clock_in=_instant(clock_in),
        clock_out=_instant(clock_out),
        business_date=DATE,
        rate=Decimal(rate),
        breaks=tuple(Break(_instant(start), _instant(end)) for start, end in pauses),
    )
    date = date_of(worked.clock_in, "America/New_York")
    found = summary_of(worked, frame=frame_for(date=date))
    assert (pay_cents(worked), found.labor_pay_cents) == (pay, pay)
    assert str(found.labor_hours) == hours


def _instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def test_paid_and_open_breaks_take_nothing_off() -> None:
    """A paid break is worked time; a break that nobody ended is not guessed."""
    worked = punch(breaks=(Break(at("15:00"), at("15:30"), paid=True), Break(at("16:00"))))
    assert worked_seconds(worked) == 8 * 3600


def test_labor_by_job_with_what_the_source_says_beside() -> None:
    """Labor is summed by job name; the source's own hours and pay stand beside ours; percent is of net sales."""
    found = summary_of(
        ticket(items=(item("480.00"),), payments=(paid("480.00"),)),
        punch("a", stated_hours=Decimal("8.00"), stated_pay_cents=12000),
        punch("b", job="j2", job_name="", rate=Decimal("10.00"), clock_out="16:00"),
    )
    assert [
        (line.name, line.punches, str(line.hours), line.pay_cents, line.stated_pay_cents) for line in found.labor
    ] == [
        ("Server", 1, "8.0000", 12000, 12000),
        ("j2", 1, "2.0000", 2000, 0),
    ]
    assert found.labor_percent == Decimal("29.17")


def test_the_hour_that_exists_twice_is_two_lines() -> None:
    """On the night of 2026-11-01 sales at 01:30 before and after the change are told apart."""
    night = dt.date(2026, 11, 1)
    found = summary_of(
        ticket("a", items=(item("1.00"),), payments=(paid("1.00"),), closed_at=at("05:30", night)),
        ticket("b", items=(item("2.00"),), payments=(paid("2.00"),), closed_at=at("06:30", night)),
    )
    assert [(line.name, line.gross_cents) for line in found.by_hour] == [("01:00", 100), ("01:00 (second)", 200)]


@pytest.mark.parametrize(
    ("hour", "name"),
    [(0, "Late Night"), (3, "Late Night"), (4, "Breakfast"), (11, "Lunch"), (16, "Dinner"), (22, "Late Night")],
)
def test_dayparts(hour: int, name: str) -> None:
    """A daypart begins at its hour and lasts until the next one; the last reaches over midnight."""
    assert daypart_of(hour) == name


LINES = st.lists(st.tuples(st.sampled_from(["Food", "Drinks"]), st.integers(-5000, 50000)), max_size=4)


@given(st.lists(st.tuples(LINES, st.sampled_from(["Cash", "Visa"])), max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_records_shows_nowhere(tickets: list[tuple[list[tuple[str, int]], str]], random: Random) -> None:
    """The same records in any order give the same bytes; every dimension adds up to net sales."""
    made = [
        ticket(
            f"t{number}",
            items=tuple(Item(str(place), "x", category, cents, cents) for place, (category, cents) in enumerate(lines)),
            payments=(paid("1.00", tender=tender),),
            service_type=tender,
        )
        for number, (lines, tender) in enumerate(tickets)
    ]
    shuffled = list(made)
    random.shuffle(shuffled)
    one, other = summary_of(*made), summary_of(*shuffled)
    assert summary_bytes(one) == summary_bytes(other)
    for lines in (one.by_service_type, one.by_hour, one.by_daypart, one.by_revenue_center):
        assert sum(line.net_cents for line in lines) == one.net_sales_cents
    assert sum(line.gross_cents for line in one.by_category) == one.gross_sales_cents


def test_who_asks_is_told_every_ticket_on_the_way() -> None:
    """A view that needs tickets gets each with its sums while the day is summed up, in the order of keys."""
    line, entry = void("8.00")
    made = (
        ticket("b", items=(item("10.00"), line), voids=(entry,), payments=(paid("9.00", "2.00"),)),
        ticket("a", items=(item("5.00"),), discounts=(off("1.00"),), payments=(paid("4.00"),)),
    )
    day = fold(decide_poll(NEW_DAY, translated(*made), attempt=attempt(), capture="c", window=day_window()))
    told: list[tuple[str, str, tuple[int, int, int, int, int]]] = []
    summarize(day, lambda key, sold, sums: told.append((key, sold.number, sums)))
    assert told == [("a", "#a", (500, 100, 0, 0, 0)), ("b", "#b", (1000, 0, 0, 200, -100))]


def test_people_are_no_figures() -> None:
    """Employees and jobs live on the connection: counting one changes no figure of a day."""
    tally = Tally("UTC")
    tally.add(Employee("e1", "p1"))
    assert tally.summary(NEW_DAY) == Tally("UTC").summary(NEW_DAY)


def test_the_summary_reads_back() -> None:
    """The stored document is the summary, exactly."""
    found = summary_of(ticket(items=(item("1.00"),), payments=(paid("1.00"),)), punch())
    assert msgspec.json.decode(summary_bytes(found), type=DailySalesSummary) == found
