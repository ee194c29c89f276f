"""The printed report: everything of the summary and its journal entries, in 78 columns."""

from decimal import Decimal
from typing import Any

from hypothesis import given

from api.cli.report import report
from api.cli.tables import WIDTH
from domain.accounts import AccountMapping
from domain.books import NEW_BOOKS, Books
from domain.business_day import NEW_DAY, Feed
from domain.ledger import journal_entries, plain_entries
from domain.records import (
    Deposit,
    LateVoid,
    NonSale,
    PaidInOut,
    Payment,
    Refund,
    Remainder,
    Surcharge,
    Tax,
    TaxShare,
    TenderShare,
    Till,
)
from domain.summary import DailySalesSummary, plain_summary, summarize
from tests.domain.build import DATE, item, off, punch, ticket, void
from tests.domain.days import RECORDS, balanced, summed


def printed(summary: DailySalesSummary, books: Books = NEW_BOOKS, **fields: Any) -> str:
    """The report of a summary in these books."""
    plain = {**plain_summary(summary), **fields}
    entries = plain_entries(journal_entries(summary, books))
    return report(plain, entries, location="alpha", date="2026-11-21")


def everything() -> DailySalesSummary:
    """A day with a record of every kind, and something in every table."""
    line, entry = void("8.00")
    sold = ticket(
        items=(item("500.00"), line, item("20.00", name="Beer", category="Boards", revenue_center="Bar")),
        voids=(entry,),
        taxes=(Tax("Sales Tax", 3_960),),
        discounts=(off("20.00"), off("3.00", "Manager", kind="comp"), off("2.00", "Lunch", kind="promo")),
        surcharges=(Surcharge("s", "Service fee", 300),),
        non_sales=(NonSale("n", "Gift Card", 5_000),),
        payments=(
            Payment("a", "Cash", 18_000, drawer="1"),
            Payment("b", "Visa", 40_760, 3_000, 1_800, tender_type="card", drawer="1"),
        ),
        refunds=(
            Refund("r", "Cold soup", 1_083, 83, "Sales Tax", "Cash", category="Food"),
            Refund("q", "Shown only", 100, in_details=True),
        ),
        facilitator_tax_cents=165,
        facilitator_tax_counts=True,
    )
    return summed(
        balanced(sold),
        ticket("open", items=(item("10.00"),), closed=None),
        punch("a", stated_hours=Decimal("8.01"), stated_pay_cents=12_015),
        punch("b", job_name="Cook", unknown_employee=True),
        PaidInOut("i", "in", "Change", 5_000),
        PaidInOut("o", "out", "Flowers", 1_200, affects_cash=False),
        PaidInOut("t", "out", "Tips", 800, purpose="tips"),
        Deposit("d", 9_000, DATE, number="17"),
        Till("1", 22_000),
        LateVoid("v", "t0", DATE, 900, reason="Complaint"),
        Remainder(
            "Patio", "", 2, 10_000, 500, taxes=(TaxShare("T", 700),), tenders=(TenderShare("Visa", 10_200, 900),)
        ),
        Remainder("Terrace", "terrace", 1, 300),
        feeds={
            "tray": Feed("t" * 64, 3, ("zone-differs",), frozenset({"ticket", "punch", "till", "late-void"})),
            "files": Feed("f" * 64, 1, (), frozenset({"deposit"})),
        },
        settled="approved",
        late_more=2,
    )


SECTIONS = [
    "DAILY SALES SUMMARY  alpha  2026-11-21",
    "approved, generation 1, America/New_York, changes after approval: 2",
    "SALES",
    "BY CATEGORY",
    "BY CATEGORY AND SERVICE TYPE",
    "BY SERVICE TYPE",
    "BY REVENUE CENTER",
    "BY DAYPART",
    "BY HOUR",
    "PAYMENTS",
    "TAXES",
    "TAXES OF MARKETPLACES",
    "DISCOUNTS",
    "SURCHARGES",
    "NON-SALES REVENUE",
    "REFUNDS LISTED BESIDE THE LINES",
    "VOIDS (never in gross sales)",
    "LATE VOIDS",
    "PAID INS",
    "PAID OUTS",
    "DEPOSITS",
    "TILLS",
    "CASH",
    "LABOR",
    "AS THE SOURCE STATES IT",
    "OTHER CENTERS",
    "ADJUSTMENTS (ticket identity)",
    "ISSUES: 7",
    "SALES JOURNAL ENTRY",
    "LABOR JOURNAL ENTRY",
    "STATISTICAL ENTRY",
    "ISSUES OF THE ENTRIES: 2",
    "Accounts: version 0 of the client's books",
]


def test_everything_is_printed_in_its_order() -> None:
    """Each part of the summary has its section, then come the journal entries with blocked lines marked."""
    text = printed(everything())
    lines = text.splitlines()
    heads = [line for line in lines if line and not line.startswith((" ", "="))]
    found = [next((head for head in SECTIONS if line == head or line.startswith(f"{head}  ")), line) for line in heads]
    feeds = [line for line in found if "capture" in line]
    assert [line for line in found if line not in feeds] == SECTIONS
    assert [line.split(",")[0] for line in feeds] == ["files", "tray"]
    assert any("sales/Boards/Dine In" in line and "BLOCKED" in line for line in lines)
    assert any("Over/short  <- look at this" in line for line in lines)
    assert any("Patio (UNASSIGNED)" in line for line in lines)
    assert any("Cold soup" in line and line.endswith("0.83") for line in lines)
    assert max(map(len, lines)) <= WIDTH


def test_every_amount_of_the_entries_is_printed() -> None:
    """The debits and the credits of the report add up to the totals that it prints."""
    text = printed(everything())
    part = text.split("SALES JOURNAL ENTRY")[1].split("LABOR JOURNAL ENTRY")[0]
    rows = [line for line in part.splitlines()[1:] if line.strip()]
    sides = [sum(Decimal(line[at : at + 14].strip() or "0") for line in rows[:-1]) for at in (50, 64)]
    assert rows[-1].split() == ["Total", str(sides[0]), str(sides[1])]
    assert sides[0] == sides[1]


def test_report_of_an_empty_day() -> None:
    """A day without anything prints its zeros, and what is unknown as unknown."""
    text = printed(summarize(NEW_DAY))
    assert [line for line in text.splitlines() if line.endswith("unknown")] == [
        f"  {'Total deposit':<{WIDTH - 20}}{'unknown':>18}",
        f"  {'Over/short':<{WIDTH - 20}}{'unknown':>18}",
    ]
    assert "ISSUES: none" in text
    assert "ISSUES OF THE ENTRIES: none" in text
    assert "No capture is kept." in text


def test_report_keeps_its_width() -> None:
    """Names of any length and with control characters stay in their column, so that amounts line up."""
    taxes = [
        {"name": "long " * 40, "count": 1, "amount": "-12345678.90"},
        {"name": "\x1b[2J", "count": 2, "amount": "0.00"},
    ]
    issues = [{"code": "x", "message": "word " * 200, "record": "ticket/" + "9" * 190}]
    lines = printed(summarize(NEW_DAY), taxes=taxes, issues=issues, issue_count=25).splitlines()
    assert all(len(line) <= WIDTH for line in lines)
    assert any(line.endswith(" -12345678.90") for line in lines)
    assert "  ... and 5 more" in lines
    assert "\x1b" not in "".join(lines)


@given(RECORDS)
def test_whatever_a_day_holds_can_be_printed(records: tuple[Any, ...]) -> None:
    """Odd names, negative amounts, unmapped keys: the report stays printable and within its width."""
    text = printed(summed(*records), Books(3, AccountMapping({"sales/*": "4" * 40})))
    assert all(len(line) <= WIDTH and line.isprintable() for line in text.splitlines())
    assert "Accounts: version 3 of the client's books" in text


def test_what_nobody_stated_is_unknown() -> None:
    """A source that states hours and no pay has not stated a pay of nothing."""
    text = printed(summed(punch("a", stated_hours=Decimal("8.01"))))
    (line,) = [line.split() for line in text[text.index("AS THE SOURCE") :].splitlines() if line.startswith("  Total")][
        :1
    ]
    assert line == ["Total", "8.01", "-0.0100", "unknown", "unknown"]
