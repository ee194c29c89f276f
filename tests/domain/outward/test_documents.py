"""Documents of what goes out: the same content is the same bytes, a difference is a difference."""

import datetime as dt
from decimal import Decimal

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from domain.facts.objects import LineDifference
from domain.ledger import CREDIT, DEBIT, JournalEntries, JournalEntry, JournalLine, StatisticalEntry, StatisticalLine
from domain.outward import (
    EntryDocument,
    EntryLine,
    RecordDocument,
    ScheduleDocument,
    Shift,
    blocked_keys,
    delta_document,
    differing,
    document_bytes,
    document_of,
    entry_documents,
    entry_key,
    going_out,
    level_of,
    post_from,
    post_on,
)

DATE = dt.date(2026, 11, 1)
NOTHING = JournalEntry((), 0, 0, 0)
FOOD = JournalLine(CREDIT, "sales/Food/Dine In", "4010", 500, "", "ticket.items", {})
CASH = JournalLine(DEBIT, "tender/Cash", "", 500, "no account is mapped to it", "ticket.payments", {})
GUESTS = StatisticalLine("guests", "9010", Decimal("2.50"), "", "ticket.guests", {})
SALES = JournalEntry((FOOD, CASH), 500, 500, 1)
DAY = JournalEntries(1, SALES, NOTHING, StatisticalEntry((GUESTS,), 0), None, 500, False, 0, ())

lines = st.builds(
    EntryLine,
    st.sampled_from(("4010", "1010", "2310")),
    st.sampled_from(("sales/Food", "tender/Cash", "tips-payable")),
    st.integers(-999, 999).filter(bool),
)
entries = st.builds(
    EntryDocument, st.just("sales"), st.just("pier"), st.just("2026-11-01"), st.just(""), st.lists(lines).map(tuple)
)


def test_the_entries_of_a_day_are_three_documents() -> None:
    """Debits come first and are above zero, quantities have no amount, and an entry without lines is there too."""
    documents = entry_documents("pier", DATE, DAY)
    assert documents["sales"] == EntryDocument(
        "sales",
        "pier",
        "2026-11-01",
        "pier 2026-11-01 sales",
        (EntryLine("", "tender/Cash", 500), EntryLine("4010", "sales/Food/Dine In", -500)),
    )
    assert documents["labor"].lines == ()
    assert documents["statistical"].lines == (EntryLine("9010", "guests", quantity=Decimal("2.50")),)
    assert entry_key("pier", DATE, "sales") == "je:pier:2026-11-01:sales"


def test_the_order_of_lines_makes_no_other_document() -> None:
    """The same lines found in another order are the same bytes: nothing is posted anew for that."""
    turned = msgspec.structs.replace(DAY, sales=msgspec.structs.replace(SALES, lines=SALES.lines[::-1]))
    first, second = (entry_documents("pier", DATE, day)["sales"] for day in (DAY, turned))
    assert document_bytes(first) == document_bytes(second)
    assert document_of(document_bytes(first)) == first


def test_lines_without_an_account_are_named() -> None:
    """What keeps an entry from going out is said by key."""
    assert blocked_keys(entry_documents("pier", DATE, DAY)["sales"]) == ("tender/Cash",)


@given(entries, entries)
def test_a_delta_brings_one_to_the_other(wanted: EntryDocument, standing: EntryDocument) -> None:
    """What stands and the difference come to what is wanted, key by key and account by account."""
    delta = delta_document(wanted, standing)
    assert delta_document(wanted, standing_with(standing, delta)).lines == ()
    assert sum(line.cents for line in delta.lines) == total(wanted) - total(standing)


def standing_with(standing: EntryDocument, delta: EntryDocument) -> EntryDocument:
    """Both entries as one."""
    return msgspec.structs.replace(standing, lines=(*standing.lines, *delta.lines))


def total(document: EntryDocument) -> int:
    """The sum of its lines."""
    return sum(line.cents for line in document.lines)


def test_what_differs_between_entries_is_said_line_by_line() -> None:
    """Amounts with their side and account; a line that is not there says nothing."""
    before = EntryDocument("sales", "pier", "2026-11-01", "", (EntryLine("4010", "a", 480), EntryLine("1", "b", -5)))
    after = EntryDocument("sales", "pier", "2026-11-01", "", (EntryLine("4010", "a", 500), EntryLine("", "c", -5)))
    assert differing(before, after) == (
        LineDifference("a", "debit 4.80 in 4010", "debit 5.00 in 4010"),
        LineDifference("b", "credit 0.05 in 1", ""),
        LineDifference("c", "", "credit 0.05 without account"),
    )
    twice = EntryDocument("sales", "pier", "2026-11-01", "", (EntryLine("1", "a", 1), EntryLine("2", "a", 1)))
    assert differing(twice, twice) == ()
    guests = EntryDocument(
        "statistical", "pier", "2026-11-01", "", (EntryLine("9", "guests", quantity=Decimal("2.0")),)
    )
    none = msgspec.structs.replace(guests, lines=())
    assert differing(none, guests) == (LineDifference("guests", "", "2 in 9"),)


def test_what_differs_between_records_never_says_personal_data() -> None:
    """Fields by name; what is sealed is only said to have changed."""
    before = RecordDocument("employee", "17", "", {"job": "Server"}, {"first_name": "sealed:abc"}, "p")
    after = RecordDocument(
        "employee", "17", "", {"job": "Cook"}, {"first_name": "sealed:xyz", "ssn": ""}, "p", active=False
    )
    assert differing(before, after) == (
        LineDifference("active", "yes", "no"),
        LineDifference("job", "Server", "Cook"),
        LineDifference("sealed.first_name", "(sealed)", "(sealed)"),
    )


def test_what_differs_between_schedules_is_said_shift_by_shift() -> None:
    """A shift is its employee, its job and its hours."""
    shift = Shift("s-1", "E1", "J1", "2026-11-01T14:00:00Z", "2026-11-01T22:00:00Z")
    before, after = (ScheduleDocument("pier", "2026-11-01", shifts) for shifts in ((), (shift,)))
    assert differing(before, after) == (
        LineDifference("s-1", "", "E1 J1 2026-11-01T14:00:00Z to 2026-11-01T22:00:00Z"),
    )


def test_the_form_of_a_connection_says_what_goes_out() -> None:
    """After approval unless completion is chosen, from the day of the connection, at the top, and all that is taken."""
    assert [post_on(values) for values in ({}, {"post_on": "approved"}, {"post_on": "completed"})] == [
        "approved",
        "approved",
        "completed",
    ]
    assert [post_from({"post_from": text}, DATE) for text in ("2026-10-01", "soon", "")] == [
        dt.date(2026, 10, 1),
        DATE,
        DATE,
    ]
    entity = {"transaction_integration_level": "entity"}
    assert (level_of(entity, "sales-entry"), level_of(entity, "employee"), level_of({}, "sales-entry")) == (
        "entity",
        "top",
        "top",
    )
    takes = frozenset({"sales-entry", "employee"})
    assert going_out({}, takes) == takes  # type: ignore[arg-type]
    assert going_out({"objects": ["employee", "item"]}, takes) == {"employee"}  # type: ignore[arg-type]
