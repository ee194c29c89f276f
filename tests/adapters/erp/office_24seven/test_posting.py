"""Entries in the ledger: searched for before they are sent, continued where they are half there, taken back by sign."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from adapters.erp.office_24seven.naming import comment, holds, mark_of
from adapters.erp.office_24seven.simulator import Organization, Vendor
from adapters.erp.office_24seven.system import SYSTEM, token_url
from domain.outward import EntryLine, RecordDocument, reference
from domain.ports.target import Effect, Failure, OutcomeUncertain, TargetFailure
from tests.adapters.erp.office_24seven.stage import DATE, LINES, ORGANIZATION, Scene, posted, scene

MANY = (
    EntryLine("1900", "cash", cents=2_500),
    *[EntryLine("3000", f"sales/Food/{number}", cents=-1) for number in range(2_500)],
)


@pytest.fixture
def books() -> Iterator[Scene]:
    """Books of one organization."""
    with scene() as found:
        yield found


def failure_of(books: Scene, effect: Effect) -> TargetFailure:
    """What an effect that must fail fails with."""
    with pytest.raises(TargetFailure) as caught:
        books.write(effect)
    return caught.value


def test_an_entry_is_a_transaction(books: Scene) -> None:
    """Type, date and accounts; debits above zero, credits below; all comments begin with the reference."""
    done = books.write(posted())
    (transaction,) = books.books.transactions
    assert done.external_id == transaction["id"]
    assert (transaction["transactionTypeNumber"], transaction["date"]) == (1, dt.date(2026, 11, 25))
    assert transaction["comment"] == f"je:pier:{DATE}:sales:v1 Pier, sales of 2026-11-25"
    shown = [(line["accountNumber"], line["amount"]) for line in transaction["lines"]]
    assert shown == [(int(line.account), Decimal(line.cents) / 100) for line in LINES]
    assert all(line["comment"].startswith(f"je:pier:{DATE}:sales:v1 ") for line in transaction["lines"])


def test_labor_entries_may_have_a_type_of_their_own() -> None:
    """The transaction type number of labor counts for labor entries alone."""
    labor = (EntryLine("5000", "wages/Server", cents=9_000), EntryLine("2930", "accrued", cents=-9_000))
    with scene(labor_transaction_type=2) as books:
        books.write(posted())
        books.write(posted(labor, kind="labor"))
        assert [one["transactionTypeNumber"] for one in books.books.transactions] == [1, 2]


@pytest.mark.parametrize("fault", ["silence", "cut-answer", "gateway-error", "gateway-timeout", "unreadable"])
def test_it_is_searched_for_before_it_is_sent_again(fault: str) -> None:
    """After an answer that is lost, in whichever way, the same entry is found and not posted a second time."""
    with scene(request_timeout=0.3 if fault == "silence" else 5) as books:
        books.vendor.board.arm(fault)
        with pytest.raises(OutcomeUncertain):
            books.write(posted())
        again = books.write(posted())
        assert again.found
        assert (books.posts(), books.standing(posted())) == (1, 1)


@pytest.mark.parametrize("links", [True, False])
def test_a_search_reads_all_pages(*, links: bool) -> None:
    """What was posted is found behind the lines of others, whether or not the answer says that there are more pages."""
    with scene() as books:
        for number in range(60):
            books.write(posted(version=number + 10))
        books.vendor.links = links
        books.vendor.requests.clear()
        assert books.write(posted(version=69)).found
        assert books.write(posted(version=10)).found
        assert not books.look_up(posted(version=1))
        reads = sum(path.endswith("/transactionlines") for _, path, _ in books.vendor.requests)
        assert reads == (3 + 3 + 2 * 3 if links else 4 + 4 + 2 * 4)
        assert books.posts() == 0


def test_a_search_that_cannot_be_read_to_its_end_sends_nothing(books: Scene) -> None:
    """Where the look-up fails nothing is posted: a failure that says so."""
    books.vendor.board.arm("unavailable", path="/transactionlines", method="GET")
    assert failure_of(books, posted()).failure == "unavailable"
    assert books.posts() == 0


def test_what_does_not_show_yet_is_not_there(books: Scene) -> None:
    """A ledger that lags shows nothing: the look-up says so, and finds it later."""
    books.write(posted())
    books.vendor.lag = 1
    assert books.look_up(posted()) is None
    books.vendor.lag = 0
    found = books.look_up(posted())
    assert found is not None
    assert found.found


def test_a_large_entry_is_several_transactions(books: Scene) -> None:
    """At most 1,000 lines each, balanced, with references of their own; together every cent of every account."""
    done = books.write(posted(MANY))
    assert [len(one["lines"]) for one in books.books.transactions] == [1_000, 1_000, 503]
    assert [books.standing(posted(), f"/{number}of3") for number in (1, 2, 3)] == [1, 1, 1]
    assert done.external_id.split(",") == [one["id"] for one in books.books.transactions]
    assert [part.key.rpartition("/")[2] for part in done.parts] == ["1of3", "2of3", "3of3"]
    assert books.write(posted(MANY)).found
    assert len(books.books.transactions) == 3


@pytest.mark.parametrize("fault", ["gateway-error", "hang-up", "too-many"])
def test_a_half_posted_entry_is_continued(books: Scene, fault: str) -> None:
    """Whatever the second part meets, nothing is certain of the whole; the next time only what is missing is posted."""
    books.vendor.board.arm(fault, after=1)
    with pytest.raises(OutcomeUncertain):
        books.write(posted(MANY))
    assert books.look_up(posted(MANY)) is None
    done = books.write(posted(MANY))
    assert not done.found
    assert [books.standing(posted(), f"/{number}of3") for number in (1, 2, 3)] == [1, 1, 1]


def test_accounts_are_checked_before_the_first_of_several_parts(books: Scene) -> None:
    """An entry of which a late part would be refused is refused before its first one is posted."""
    lines = (*MANY[:-1], msgspec.structs.replace(MANY[-1], account="9999"))
    assert failure_of(books, posted(lines)).failure == "rejected"
    assert books.posts() == 0


def test_a_reversal_has_the_opposite_signs(books: Scene) -> None:
    """It is a transaction of its own on its own date, and its comment says what it reverses."""
    done = books.write(posted())
    taken_back = reversal(posted(), done.external_id)
    assert not books.write(taken_back).found
    original, reversed_ = books.books.transactions
    assert [line["amount"] for line in reversed_["lines"]] == [-line["amount"] for line in original["lines"]]
    assert (reversed_["date"].isoformat(), original["date"].isoformat()) == ("2026-11-30", DATE)
    assert f"reverses je:pier:{DATE}:sales:v1" in reversed_["comment"]
    assert books.write(taken_back).found


def reversal(effect: Effect, external_id: str = "") -> Effect:
    """What takes an effect back."""
    name = reference(effect.key, 1, "reverse")
    return replace(
        effect, step="reverse", reference=name, related=effect.reference, date="2026-11-30", external_id=external_id
    )


def test_what_is_not_there_is_not_reversed(books: Scene) -> None:
    """Nothing is posted against an entry that is not in the ledger."""
    assert failure_of(books, reversal(posted())).failure == "not-there"
    assert books.posts() == 0


def test_what_was_taken_and_does_not_show_is_not_taken_for_lost(books: Scene) -> None:
    """An entry that has an id there and does not show is waited for: taken for lost it would be posted twice."""
    done = books.write(posted())
    books.vendor.lag = 1
    failure = failure_of(books, reversal(posted(), done.external_id))
    assert (failure.failure, failure.retryable) == ("unavailable", True)


def test_a_closed_period_is_told(books: Scene) -> None:
    """A date whose period is closed is a failure of that name, so that the difference goes into the open one."""
    books.books.closed_until = dt.date(2026, 11, 26)
    assert failure_of(books, posted()).failure == "closed-period"
    assert not books.write(replace(posted(), step="delta", date="2026-11-30", reference="d:v2:d")).found


CANNOT: list[tuple[str, Effect, Failure]] = [
    ("statistical", posted((EntryLine("9000", "guests", quantity=Decimal(12)),), kind="statistical"), "not-taken"),
    ("update", replace(posted(), step="update"), "rejected"),
    ("no lines", posted(()), "rejected"),
    ("zeros", posted((EntryLine("1900", "cash"), EntryLine("3000", "food"))), "rejected"),
    ("account", posted((EntryLine("19-00", "cash", cents=1), EntryLine("3000", "food", cents=-1))), "rejected"),
    ("too many", posted(tuple(EntryLine("1", "x", cents=1) for _ in range(50_001))), "too-large"),
    ("date", replace(posted(), date="2026-02-30"), "rejected"),
    ("organization", replace(posted(), place={"organization": "777"}), "unmapped"),
    ("employee", replace(posted(), document=RecordDocument("employee", "7")), "not-taken"),
]


@pytest.mark.parametrize(("effect", "failure"), [row[1:] for row in CANNOT], ids=[row[0] for row in CANNOT])
def test_what_cannot_be_posted(books: Scene, effect: Effect, failure: Failure) -> None:
    """It is told which kind of failure, and nothing is sent."""
    assert failure_of(books, effect).failure == failure
    assert books.posts() == 0
    if effect.step == "create" and failure in {"not-taken", "unmapped"}:
        with pytest.raises(TargetFailure):
            books.look_up(effect)


def test_several_organizations_have_books_of_their_own() -> None:
    """The location's id says in whose books it stands; without one of several nothing is guessed."""
    vendor = Vendor([Organization(ORGANIZATION, "One"), Organization(777, "Two")])
    with scene(vendor, organizations=[str(ORGANIZATION), "777"]) as books:
        books.write(replace(posted(), place={"organization": "777"}))
        assert [len(one.transactions) for one in vendor.books.values()] == [0, 1]
        assert failure_of(books, posted()).failure == "unmapped"


def test_long_references_stand_as_fingerprints() -> None:
    """A reference with no room in a comment is found by its fingerprint; one that begins like another is another."""
    long = f"je:{'x' * 64}:{DATE}:sales:v1"
    assert len(mark_of(long)) <= 60
    assert holds(comment(long, "Sales of a long name " * 9), long)
    assert len(comment(long, "x" * 100)) <= 75
    assert not holds(comment("a:v12", "x"), "a:v1")
    with scene() as books:
        effect = replace(posted(), reference=long)
        books.write(effect)
        assert books.write(effect).found


def test_the_form_and_its_defaults() -> None:
    """Entries are posted on approval, under one type, without tax; the token endpoint is the login's own."""
    fields: dict[str, Any] = SYSTEM.profile.form["properties"]
    assert {name for name, one in fields.items() if one.get("writeOnly")} == {"client_secret"}
    assert (fields["post_on"]["default"], fields["tax_number"]["default"]) == ("approved", 0)
    assert token_url("https://rest.api.24sevenoffice.com/v1") == "https://login.24sevenoffice.com/oauth/token"
