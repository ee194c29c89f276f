"""The journal entries of a day: they balance whatever the day holds, and say what each line is of."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts import AccountMapping, key_text
from domain.books import NEW_BOOKS, Books
from domain.ledger import CREDIT, DEBIT, JournalEntry, JournalLine, journal_entries, plain_entries
from domain.money import shown
from domain.records import Adjustment, Deposit, LateVoid, NonSale, PaidInOut, Payment, Refund, Surcharge, Tax
from domain.summary import DailySalesSummary
from tests.domain.build import DATE, item, off, paid, punch, ticket, void
from tests.domain.days import RECORDS, balanced, summed
from tests.domain.test_summary_records import WORKED

Side = list[tuple[str, str]]


def sides(entry: JournalEntry) -> tuple[Side, Side]:
    """Key and amount of the debits, and of the credits."""
    return (
        [(line.key, shown(line.amount_cents)) for line in entry.lines if line.side == DEBIT],
        [(line.key, shown(line.amount_cents)) for line in entry.lines if line.side == CREDIT],
    )


def sales_of(*records: Any) -> tuple[Side, Side]:
    """Debits and credits of the sales entry of a day with these records."""
    return sides(journal_entries(summed(*records), NEW_BOOKS).sales)


def test_the_worked_day() -> None:
    """500.00 + 39.60 + 30.00 = 180.00 + 369.60 + 20.00, line by line, each with an account by default."""
    found = journal_entries(summed(WORKED), NEW_BOOKS)
    assert sides(found.sales) == (
        [("tender/Cash", "180.00"), ("tender/Visa", "369.60"), ("discount/Staff", "20.00")],
        [("sales/Food/Dine In", "500.00"), ("tax/Sales Tax", "39.60"), ("tips-payable", "30.00")],
    )
    assert (found.sales.debits_cents, found.sales.credits_cents, found.sales.blocked) == (56_960, 56_960, 0)
    assert [line.account for line in found.sales.lines] == ["1010", "1110", "4510", "4010", "2210", "2310"]
    assert [(line.key, line.quantity, line.account) for line in found.statistical.lines] == [
        ("guests", Decimal(2), "9010"),
        ("tickets", Decimal(1), "9020"),
    ]
    assert (found.labor.lines, found.issues) == ((), ())


SALE = ticket(items=(item("100.00"),), payments=(paid("100.00"),))
SOLD: tuple[str, str] = ("sales/Food/Dine In", "100.00")
CASH: tuple[str, str] = ("tender/Cash", "100.00")

ENTRIES: list[tuple[str, tuple[Any, ...], Side, Side]] = [
    # what it is, records, debits, credits
    ("nothing", (), [], []),
    ("a sale", (SALE,), [CASH], [SOLD]),
    (
        "while there is no deposit the cash stays where the tender put it",
        (SALE, PaidInOut("o", "out", "Ice", 1_200), PaidInOut("i", "in", "Change", 500)),
        [CASH, ("paid-out/Ice", "12.00")],
        [SOLD, ("cash-clearing", "7.00"), ("paid-in/Change", "5.00")],
    ),
    (
        "a deposit that is all of it empties the cash",
        (SALE, Deposit("d", 10_000, DATE, number="17")),
        [CASH, ("deposit/17", "100.00")],
        [SOLD, ("cash-clearing", "100.00")],
    ),
    (
        "what is short is a debit",
        (SALE, Deposit("d", 9_900, DATE), Deposit("e", 50, DATE)),
        [CASH, ("deposit/d", "99.00"), ("deposit/e", "0.50"), ("over-short", "0.50")],
        [SOLD, ("cash-clearing", "100.00")],
    ),
    (
        "what is over is a credit",
        (SALE, Deposit("d", 10_025, DATE)),
        [CASH, ("deposit/d", "100.25")],
        [SOLD, ("cash-clearing", "100.00"), ("over-short", "0.25")],
    ),
    (
        "tips that are paid out in cash are owed no longer, and are in no deposit",
        (
            ticket(items=(item("100.00"),), payments=(paid("60.00"), paid("40.00", "8.00", "Visa", "p2"))),
            PaidInOut("t", "out", "Tips", 800, purpose="tips"),
            Deposit("d", 5_200, DATE),
        ),
        [("tender/Cash", "60.00"), ("tender/Visa", "48.00"), ("tips-paid-out", "8.00"), ("deposit/d", "52.00")],
        [SOLD, ("tips-payable", "8.00"), ("cash-clearing", "60.00")],
    ),
    (
        "paid ins and outs that moved no cash are against another account",
        (
            PaidInOut("o", "out", "Flowers", 1_000, affects_cash=False),
            PaidInOut("i", "in", "Coupons", 400, affects_cash=False),
        ),
        [("paid-out/Flowers", "10.00")],
        [("other-clearing", "6.00"), ("paid-in/Coupons", "4.00")],
    ),
    (
        "paid outs of one name are one line, whatever they moved",
        (PaidInOut("o", "out", "Ice", 100, affects_cash=False), PaidInOut("p", "out", "Ice", 200)),
        [("paid-out/Ice", "3.00")],
        [("other-clearing", "1.00"), ("cash-clearing", "2.00")],
    ),
    (
        "discounts, comps and promos go by their kind; another kind is a discount",
        (
            ticket(
                items=(item("100.00"),),
                discounts=(
                    off("1.00", "A"),
                    off("2.00", "A", kind="comp"),
                    off("4.00", "A", kind="promo"),
                    off("8.00", "A", kind="coupon"),
                ),
                payments=(paid("85.00"),),
            ),
        ),
        [("tender/Cash", "85.00"), ("comp/A", "2.00"), ("discount/A", "9.00"), ("promo/A", "4.00")],
        [SOLD],
    ),
    (
        "gratuities are owed as tips are",
        (ticket(items=(item("100.00"),), payments=(Payment("p", "Visa", 10_000, 500, 1_800),)),),
        [("tender/Visa", "123.00")],
        [SOLD, ("tips-payable", "23.00")],
    ),
    (
        "a marketplace's tax goes in and out, and never into our own",
        (
            ticket(
                items=(item("100.00"),),
                payments=(paid("100.00"),),
                facilitator_tax_cents=165,
                facilitator_tax_counts=True,
            ),
        ),
        [CASH, ("facilitator-payment", "1.65")],
        [SOLD, ("facilitator-tax", "1.65")],
    ),
    (
        "surcharges and revenue that is no sale are credits of their own",
        (
            ticket(
                items=(item("100.00"),),
                surcharges=(Surcharge("s", "Service fee", 300),),
                non_sales=(NonSale("n", "Gift Card", 5_000),),
                payments=(paid("153.00"),),
            ),
        ),
        [("tender/Cash", "153.00")],
        [SOLD, ("surcharge/Service fee", "3.00"), ("non-sales/Gift Card", "50.00")],
    ),
    (
        "a refund day turns the sides of its lines",
        (ticket(items=(item("-4.00"),), taxes=(Tax("T", -30),), payments=(paid("-4.30"),)),),
        [("sales/Food/Dine In", "4.00"), ("tax/T", "0.30")],
        [("tender/Cash", "4.30")],
    ),
    (
        "a refund listed beside the lines takes from sales, tax and tender",
        (
            ticket(
                items=(item("100.00"),),
                payments=(paid("100.00"),),
                refunds=(Refund("r", "R", 1_083, 83, "T", "Cash", category="Food"),),
            ),
        ),
        [("tender/Cash", "89.17"), ("tax/T", "0.83")],
        [("sales/Food/Dine In", "90.00")],
    ),
    (
        "a late void takes from the sales and is owed to the guest",
        (LateVoid("v", "t0", DATE - dt.timedelta(days=1), 900),),
        [("late-void", "9.00")],
        [("late-void-clearing", "9.00")],
    ),
    (
        "on the day of its sale what went back is an adjustment, which meets the late void in one account",
        (ticket(items=(item("9.00"),), adjustments=(Adjustment("late_void", -900, 900, 0),)),),
        [("adjustment/late_void", "9.00")],
        [("sales/Food/Dine In", "9.00")],
    ),
    (
        # DOMAIN §3: three items of 1.25 with 0.10 tax each, check tax 0.31, paid 4.06.
        "what item-level and check-level tax differ is never in food sales",
        (
            ticket(
                items=(item("1.25"), item("1.25"), item("1.25")),
                taxes=(Tax("T", 30),),
                adjustments=(Adjustment("item_check_tax_difference", 1, 30, 31),),
                payments=(paid("4.06"),),
            ),
        ),
        [("tender/Cash", "4.06")],
        [("sales/Food/Dine In", "3.75"), ("tax/T", "0.30"), ("adjustment/item_check_tax_difference", "0.01")],
    ),
    (
        # DOMAIN §3: item 10.00, tax 0.83, comp 10.00, and the tax is not suppressed.
        "a ticket that is comped in full still owes its tax, which is an adjustment",
        (
            balanced(
                ticket(items=(item("10.00"),), taxes=(Tax("T", 83),), discounts=(off("10.00", "Manager", kind="comp"),))
            ),
        ),
        [("comp/Manager", "10.00"), ("adjustment/unexplained_residual", "0.83")],
        [("sales/Food/Dine In", "10.00"), ("tax/T", "0.83")],
    ),
    (
        "what a ticket leaves is a line of its own, with its cause, and in no sales account",
        (balanced(ticket(items=(item("100.00"),), payments=(paid("99.99"),))),),
        [("tender/Cash", "99.99"), ("adjustment/unexplained_residual", "0.01")],
        [SOLD],
    ),
    (
        "lines that come to nothing are left out",
        (
            ticket("a", items=(item("5.00"),), payments=(paid("5.00", tender="Visa"),), service_type="To Go"),
            ticket("b", items=(item("-5.00"),), payments=(paid("-5.00", tender="Visa"),), service_type="To Go"),
        ),
        [],
        [],
    ),
    (
        "names are the source's, letter by letter",
        (
            ticket(
                items=(item("100.00", category="Soups/Salads"),),
                payments=(paid("100.00", tender="*"),),
                service_type="",
            ),
        ),
        [("tender/\\*", "100.00")],
        [("sales/Soups\\/Salads/(none)", "100.00")],
    ),
]


@pytest.mark.parametrize(("what", "records", "debited", "credited"), ENTRIES, ids=[row[0] for row in ENTRIES])
def test_sales_entries(what: str, records: tuple[Any, ...], debited: Side, credited: Side) -> None:
    """Each kind of record posts to its own lines: tenders, discounts and paid outs are debits, sales are credits."""
    found_debits, found_credits = sales_of(*records)
    assert (sorted(found_debits), sorted(found_credits)) == (sorted(debited), sorted(credited))


def test_the_labor_entry() -> None:
    """Wages are debited by job, as we reckon them, and accrued payroll is credited; hours go to the statistics."""
    found = journal_entries(
        summed(
            punch("a", stated_pay_cents=1),
            punch("b", job="j2", job_name="Cook", rate=Decimal("20.00"), clock_out="16:00"),
            punch("c", job="j3", job_name="Host", excluded="no_clock_out"),
        ),
        NEW_BOOKS,
    )
    assert sides(found.labor) == (
        [("wages/Cook", "40.00"), ("wages/Server", "120.00")],
        [("accrued-payroll", "160.00")],
    )
    assert [(line.key, str(line.quantity)) for line in found.statistical.lines] == [
        ("hours/Cook", "2.0000"),
        ("hours/Server", "8.0000"),
    ]


def test_a_line_leads_to_its_tickets() -> None:
    """Each line says which records it is summed up from, and what these have in common."""
    found = journal_entries(summed(WORKED, punch()), NEW_BOOKS)
    assert [(line.key, line.source, line.where) for line in found.sales.lines] == [
        ("tender/Cash", "ticket.payments", {"tender": "Cash"}),
        ("tender/Visa", "ticket.payments", {"tender": "Visa"}),
        ("discount/Staff", "ticket.discounts", {"discount": "Staff"}),
        ("sales/Food/Dine In", "ticket.items", {"category": "Food", "service_type": "Dine In"}),
        ("tax/Sales Tax", "ticket.taxes", {"tax": "Sales Tax"}),
        ("tips-payable", "ticket.payments", {}),
    ]
    assert found.labor.lines[0].where == {"job": "Server"}


def test_an_unmapped_key_blocks_its_line_and_not_the_day() -> None:
    """A category that nobody mapped waits with its amount and an issue; every other line has its account."""
    made = ticket(items=(item("60.00"), item("40.00", name="Board", category="Surfboards")), payments=(paid("100.00"),))
    found = journal_entries(summed(made), NEW_BOOKS)
    assert [(line.key, line.account, line.blocked) for line in found.sales.lines] == [
        ("tender/Cash", "1010", ""),
        ("sales/Food/Dine In", "4010", ""),
        ("sales/Surfboards/Dine In", "", "no account is mapped to it"),
    ]
    assert (found.sales.debits_cents, found.sales.credits_cents, found.sales.blocked) == (10_000, 10_000, 1)
    (issue,) = found.issues
    assert issue.code == "unmapped_key"
    assert "sales/Surfboards/Dine In, a credit of 40.00, is blocked" in issue.message
    mapped = journal_entries(summed(made), Books(1, AccountMapping({"sales/Surfboards/*": "4077"})))
    assert (mapped.books, mapped.sales.blocked, mapped.issues) == (1, 0, ())


def test_without_defaults_everything_waits_for_an_account() -> None:
    """A client whose chart of accounts is another switches the defaults off: then only its own accounts count."""
    found = journal_entries(summed(WORKED, punch()), Books(1, AccountMapping({"tips-payable": "2500"}, defaults=False)))
    assert (found.sales.blocked, found.labor.blocked, found.statistical.blocked) == (5, 2, 3)
    assert [line.account for line in found.sales.lines if line.account] == ["2500"]
    assert found.issue_count == 10


OVER_SHORT: list[tuple[str | None, int, bool]] = [
    # deposit of 246.63 expected, limit, flagged
    (None, 0, False),
    ("246.63", 0, False),
    ("241.63", 500, False),
    ("251.63", 500, False),
    ("241.62", 500, True),
    ("251.64", 500, True),
    ("251.64", 501, False),
    ("246.64", 0, True),
]


@pytest.mark.parametrize(("deposit", "limit", "flagged"), OVER_SHORT)
def test_over_short_is_flagged_beyond_the_limit(deposit: str | None, limit: int, flagged: bool) -> None:
    """Beyond ± 5.00, or whatever the client lets pass, over/short is flagged; what is unknown is not."""
    records: list[Any] = [ticket(items=(item("246.63"),), payments=(paid("246.63"),))]
    if deposit is not None:
        records.append(Deposit("d", round(Decimal(deposit) * 100), DATE))
    found = journal_entries(summed(*records), Books(over_short_limit_cents=limit))
    assert (found.over_short_flagged, [issue.code for issue in found.issues]) == (
        flagged,
        ["over_short"] if flagged else [],
    )
    assert (found.over_short_cents is None) == (deposit is None)


def test_the_limit_is_five_dollars_unless_the_client_says_otherwise() -> None:
    """DOMAIN §4: over/short beyond ± 5.00 is flagged."""
    assert NEW_BOOKS.over_short_limit_cents == 500


def test_entries_as_plain_json() -> None:
    """Amounts are decimal strings, unknown over/short is null."""
    found = plain_entries(journal_entries(summed(SALE, punch()), NEW_BOOKS))
    assert found["sales"]["debits"] == found["sales"]["credits"] == "100.00"
    assert found["sales"]["lines"][0] == {
        "side": "debit",
        "key": "tender/Cash",
        "account": "1010",
        "amount": "100.00",
        "blocked": "",
        "source": "ticket.payments",
        "where": {"tender": "Cash"},
    }
    assert found["statistical"]["lines"][-1]["quantity"] == "8.0000"
    assert (found["over_short"], found["over_short_limit"], found["books"]) == (None, "5.00", 0)


def net(entry: JournalEntry) -> dict[str, int]:
    """Signed amount by key; a debit is positive."""
    return {line.key: line.amount_cents if line.side == DEBIT else -line.amount_cents for line in entry.lines}


@given(RECORDS, st.booleans())
def test_debits_equal_credits_always(records: tuple[Any, ...], defaults: bool) -> None:
    """Whatever a day holds, tickets that do not balance among it, its sales and labor entries do, to the cent."""
    found = journal_entries(summed(*records), Books(mapping=AccountMapping(defaults=defaults)))
    for entry in (found.sales, found.labor):
        assert entry.debits_cents == entry.credits_cents
        assert entry.debits_cents == sum(line.amount_cents for line in entry.lines if line.side == DEBIT)
        assert entry.credits_cents == sum(line.amount_cents for line in entry.lines if line.side == CREDIT)
        assert all(line.amount_cents > 0 for line in entry.lines)
        assert all(bool(line.account) != bool(line.blocked) for line in entry.lines)
        keys = [line.key for line in entry.lines]
        assert len(set(keys)) == len(keys)
    assert all(line.quantity for line in found.statistical.lines)


@given(RECORDS)
def test_every_figure_of_the_day_is_in_its_entry(records: tuple[Any, ...]) -> None:
    """The lines of a day come to the figures of its summary: sales, tax, tips, tenders, wages, over/short."""
    summary = summed(*records)
    found = journal_entries(summary, NEW_BOOKS)
    posted, labor = net(found.sales), net(found.labor)
    assert -_sum(posted, "sales/") == summary.gross_sales_cents
    assert -_sum(posted, "tax/") == summary.tax_cents
    assert -posted.get("tips-payable", 0) == summary.tips_cents
    assert _sum(posted, "discount/", "comp/", "promo/") == summary.discounts_cents
    assert _sum(posted, "tender/") == sum(line.amount_cents + line.tips_cents for line in summary.payments)
    assert -posted.get("over-short", 0) == (summary.over_short_cents or 0)
    assert _sum(labor, "wages/") == -labor.get("accrued-payroll", 0) == summary.labor_pay_cents
    assert posted.get("cash-clearing", 0) == _cash_left(summary)


def _cash_left(summary: DailySalesSummary) -> int:
    """What takes the cash of the tenders out again: all of it with a deposit, else what moved beside it."""
    if summary.total_deposit_cents is not None:
        return -summary.cash_payments_cents
    return summary.expected_cash_cents - summary.cash_payments_cents


def _sum(posted: dict[str, int], *heads: str) -> int:
    return sum(cents for key, cents in posted.items() if key.startswith(heads))


@given(RECORDS)
def test_a_mapping_moves_accounts_and_no_amounts(records: tuple[Any, ...]) -> None:
    """Two mappings of one day differ in accounts alone."""
    summary = summed(*records)
    one = journal_entries(summary, NEW_BOOKS)
    other = journal_entries(summary, Books(mapping=AccountMapping({"tender/*": "77"}, defaults=False)))
    assert net(one.sales) == net(other.sales)
    assert {line.account for line in other.sales.lines if line.key.startswith("tender/")} <= {"77"}


def test_a_voided_line_is_in_no_line() -> None:
    """A void is a pair that leaves the books as it leaves net sales: alone."""
    line, entry = void("8.00")
    made = ticket(items=(item("100.00"), line), voids=(entry,), payments=(paid("100.00"),))
    assert sales_of(made) == ([CASH], [SOLD])


def test_keys_are_written_once() -> None:
    """A line's key is the one that a mapping of it is written with."""
    line: JournalLine = journal_entries(summed(SALE), NEW_BOOKS).sales.lines[0]
    assert line.key == key_text(("tender", "Cash"))
