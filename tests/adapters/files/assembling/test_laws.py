"""Laws of assembling: whatever the habits of a source and the order of its rows, the day is the same and balances."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.money import cents
from domain.ports.captures import Capture, Page
from domain.records import Ticket
from tests.adapters.files.assembling.build import (
    DAY,
    KNOWN,
    Row,
    comped,
    left,
    net_sales,
    page,
    read,
    read_whole,
    records,
    row,
    sale,
    shift,
    tickets,
)
from tests.adapters.files.assembling.days import Habits, Truth, habits, written
from tests.support.laws import examples

SEEDS = st.integers(0, 2**32)
CHECKS = st.integers(3, 8)


def told(ticket: Ticket) -> Truth:
    """What a ticket says really happened: net of refunds, wherever they stand."""
    beside = [refund for refund in ticket.refunds if not refund.in_details]
    return Truth(
        net_sales([ticket]),
        ticket.stated_tax_cents - sum(refund.tax_cents for refund in beside),
        sum(payment.amount_cents for payment in ticket.payments) - sum(refund.amount_cents for refund in beside),
        sum(discount.amount_cents for discount in ticket.discounts),
        sum(payment.tip_cents + payment.gratuity_cents for payment in ticket.payments),
    )


@given(habits, CHECKS, SEEDS)
@settings(max_examples=examples(300))
def test_every_ticket_of_a_consistent_day_balances_and_says_what_happened(ways: Habits, checks: int, seed: int) -> None:
    """Under every convention, with voids, discounts, inclusive taxes and refunds written down in every way."""
    day = written(ways, checks, seed)
    found = tickets(**day.files)
    assert {ticket.number: left(ticket) for ticket in found} == dict.fromkeys(day.truths, 0)
    assert {ticket.number: told(ticket) for ticket in found} == day.truths


@given(habits, CHECKS, SEEDS)
def test_the_order_of_rows_and_pages_changes_nothing(ways: Habits, checks: int, seed: int) -> None:
    """Rows of a file are a set, and so are files: records and notes come out the same to the byte."""
    files = {**KNOWN, **written(ways, checks, seed).files, "labor_detail": SHIFTS, "deposits": DEPOSITS}
    chance = random.Random(seed)
    pages: list[Page] = []
    for kind, rows in files.items():
        mixed = chance.sample(rows, len(rows))
        cut = chance.randint(0, len(mixed))
        pages += [page(kind.replace("_", "-"), part) for part in (mixed[:cut], mixed[cut:])]
    chance.shuffle(pages)
    straight, shuffled = read(**files), read_whole(Capture("files", 1, {}, tuple(pages)), DAY)
    assert shuffled.notes == straight.notes
    assert records(shuffled) == records(straight)


SHIFTS = [
    shift("2026-11-20T09:00:00", "2026-11-20T12:00:00"),
    shift("2026-11-20T14:00:00", "2026-11-20T18:00:00"),
    shift("2026-11-20T10:00:00", "2026-11-20T10:30:00", IsUnpaidBreak="true"),
    shift("2026-11-20T15:00:00", "2026-11-20T15:30:00", IsPaidBreak="true"),
]
DEPOSITS = [row(DepositDate="2026-11-20T00:00:00", Amount=amount) for amount in ("1.00", "2.00", "1.00")]


@given(habits, CHECKS, SEEDS, st.data())
def test_a_check_that_is_taken_out_leaves_the_others_as_they_are(
    ways: Habits, checks: int, seed: int, data: st.DataObject
) -> None:
    """Every ticket is decided by itself, as long as the day's convention is clear without it."""
    files = written(ways, checks + 3, seed).files
    gone = data.draw(st.sampled_from([str(1004 + number) for number in range(checks)]))
    fewer = {
        kind: [cells for cells in rows if gone not in (cell for name, cell in cells.items() if "CheckNumber" in name)]
        for kind, rows in files.items()
    }
    before = {ticket.number: ticket for ticket in tickets(**files)}
    del before[gone]
    assert {ticket.number: ticket for ticket in tickets(**fewer)} == before


CELLS = st.sampled_from(["0.00", "1.00", "-1.00", "2.50", "3.00"])
NUMBERS = st.sampled_from(["1", "2", "01"])


@st.composite
def any_sales(draw: st.DrawFn) -> list[Row]:
    """Rows of Sales Detail that need not make sense."""
    rows = []
    for _ in range(draw(st.integers(0, 12))):
        cells = {
            "OpenTime": draw(st.sampled_from(["", "2026-11-20T18:05:00", "2026-11-20T19:05:00"])),
            "CloseTime": draw(st.sampled_from(["2026-11-20T18:30:00", "2026-11-20T19:30:00"])),
            "EmployeeNumber": draw(st.sampled_from(["", "101", "102"])),
            "GuestCount": draw(st.sampled_from(["", "2", "10"])),
            "ItemSale_Quantity": draw(st.sampled_from(["", "1", "2", "-1", "0"])),
        }
        if draw(st.booleans()):
            cells |= {"ItemSale_Modifiers_ItemNumber": draw(NUMBERS), "ItemSale_Modfiers_GrossAmount": draw(CELLS)}
        if draw(st.booleans()):
            cells |= comped(draw(st.sampled_from(["Staff", "Friends"])), draw(CELLS))
        rows.append(sale(draw(NUMBERS), draw(st.sampled_from("123")), draw(NUMBERS), draw(CELLS), **cells))
    return rows


def any_rows(check: str, amount: str, **others: st.SearchStrategy[str]) -> st.SearchStrategy[list[Row]]:
    """Rows of another kind of file that need not make sense; amounts are such that readings coincide."""
    cells = st.fixed_dictionaries({check: NUMBERS, amount: CELLS, **others})
    return st.lists(cells.map(lambda cells: row(**cells)), max_size=6)


ANY_FILES = st.fixed_dictionaries(
    {
        "sales_detail": any_sales(),
        "payments": any_rows(
            "Payment_CheckNumber", "Payment_BaseAmount", Payment_TenderNumber=NUMBERS, Payment_Tip=CELLS
        ),
        "discounts": any_rows(
            "CompPromo_CheckNumber", "Comp_Amount", Comp_CompName=st.sampled_from(["Staff", "Friends"])
        ),
        "voids": any_rows(
            "Void_CheckNumber",
            "Void_Amount",
            Void_ItemNumber=st.sampled_from(["", "1", "2"]),
            Void_Quantity=st.sampled_from(["", "1", "2"]),
        ),
        "refunds": any_rows("Refund_CheckNumber", "Refund_Amount", Refund_TaxAmount=CELLS, Refund_ItemNumber=NUMBERS),
        "tax_details": any_rows(
            "CheckNumber", "Tax_Amount", Tax_TaxNumber=NUMBERS, IsInclusive=st.sampled_from(["", "true", "false"])
        ),
    }
)


@given(ANY_FILES, st.randoms(use_true_random=False))
@settings(max_examples=examples(300))
def test_whatever_the_rows_say_nothing_is_lost(files: dict[str, list[Row]], chance: random.Random) -> None:
    """Files that make no sense make tickets all the same, in any order the same, each with all that was stated."""
    found = tickets(**files)
    assert len({ticket.key for ticket in found}) == len(found)
    mixed = {kind: chance.sample(rows, len(rows)) for kind, rows in files.items()}
    assert tickets(**mixed) == found
    numbers = {
        cell for rows in files.values() for cells in rows for name, cell in cells.items() if "CheckNumber" in name
    }
    assert {ticket.number for ticket in found} == numbers
    for ticket in found:
        ids = [entry.id for entry in ticket.items]
        assert len(set(ids)) == len(ids)
        assert {entry.item for entry in ticket.voids} == {item.id for item in ticket.items if item.void is not None}
        assert sum(entry.amount_cents for entry in ticket.voids) == sum(
            item.amount_cents for item in ticket.items if item.void is not None
        )
        assert {item.parent for item in ticket.items} - {""} <= set(ids)
    assert sum(len(ticket.refunds) for ticket in found) == len(files["refunds"])
    assert sum(len(ticket.voids) for ticket in found) >= len(files["voids"])
    assert sum(len(ticket.payments) for ticket in found) >= len(files["payments"])
    stated = sum(cents(cells["Payment_Tip"]) for cells in files["payments"])
    assert sum(payment.tip_cents for ticket in found for payment in ticket.payments) == stated
