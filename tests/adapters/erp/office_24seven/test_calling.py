"""Tokens, organizations and customers; what is private is said nowhere."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from adapters.conformance import limits_for_trials
from adapters.conformance.overhearing import everything_logged
from adapters.conformance.targets import soon
from adapters.erp.office_24seven import SYSTEM
from adapters.erp.office_24seven.simulator import Organization, Vendor, running
from adapters.forms import fill
from domain.forms import BadForm
from domain.outward import RecordDocument
from domain.ports.source import SourceFailure
from domain.ports.target import Done, Effect, Failure, OutcomeUncertain, TargetFailure
from tests.adapters.erp.office_24seven.stage import ORGANIZATION, Scene, posted, scene, values


@pytest.fixture
def books() -> Iterator[Scene]:
    """Books of one organization."""
    with scene() as found:
        yield found


def tokens(vendor: Vendor) -> int:
    """How many tokens were asked for."""
    return sum(path == "/oauth/token" for _, path, _ in vendor.requests)


def test_a_token_is_kept(books: Scene) -> None:
    """One token serves many requests, until shortly before it ends."""
    for version in range(1, 4):
        books.write(posted(version=version))
    assert tokens(books.vendor) == 1
    books.vendor.token_seconds = 50.0
    books.vendor.expire()
    for version in range(4, 6):
        books.write(posted(version=version))
    assert tokens(books.vendor) > 3


def test_a_token_that_is_over_is_renewed_and_nothing_is_posted_twice(books: Scene) -> None:
    """A token that is refused in the middle is fetched anew, and the transaction goes out once."""
    books.write(posted())
    books.vendor.board.arm("expired-token")
    books.write(posted(version=2))
    assert (books.standing(posted(version=2)), tokens(books.vendor)) == (1, 2)


def test_a_token_that_is_refused_again_and_again_is_no_credential(books: Scene) -> None:
    """After one renewal it is a failure that trying again does not help."""
    books.vendor.board.arm("expired-token", times=None)
    with pytest.raises(TargetFailure) as caught:
        books.write(posted())
    assert caught.value.failure == "not-authorized"
    assert books.standing(posted()) == 0


def test_one_thread_fetches_the_token(books: Scene) -> None:
    """Many threads that need a token at once fetch one."""
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda version: books.look_up(posted(version=version)), range(1, 13)))
    assert tokens(books.vendor) == 1


def test_examining_asks_each_organization(books: Scene) -> None:
    """Every organization is a company, by its id; one that did not connect the application is told by its number."""
    with running(Vendor([Organization(ORGANIZATION, "One"), Organization(777, "Two")])) as served:
        found = SYSTEM.examine(
            fill(SYSTEM.profile.form, values(served, organizations=["777", "12345"])), limits_for_trials()
        )
        assert [(one.organization, one.name) for one in found.companies] == [("777", "Two"), ("12345", "One")]
        assert found.companies[0].places[0].source == {"organization": "777"}
        with pytest.raises(SourceFailure, match="888") as caught:
            SYSTEM.examine(fill(SYSTEM.profile.form, values(served, organizations=["888"])), limits_for_trials())
        assert caught.value.failure == "not-authorized"
    with pytest.raises(BadForm, match="Organization"):
        fill(SYSTEM.profile.form, values(books.served, organizations=[]))


def test_the_secret_is_said_nowhere(books: Scene) -> None:
    """No message, repr or log line has the client secret or a token, whatever fails."""
    books.vendor.board.arm("unreadable", path="/oauth/token")
    with everything_logged() as said:
        with pytest.raises(TargetFailure) as caught:
            books.write(posted())
        said += [str(caught.value), repr(caught.value), repr(books.target)]
        said.append(repr(books.write(posted())))
    assert caught.value.failure == "unexpected-answer"
    assert not [line for line in said if "office-secret" in line or "token-12345" in line]


def customer(number: str = "4001", name: str = "Harbor Club", *, step: str = "create", **fields: str) -> Effect:
    """A house account that is to be a customer."""
    document = RecordDocument("customer", number, name, fields)
    return Effect("customer", f"customer:{number}", "create" if step == "create" else "update", "c:v1", document)


def test_a_customer_is_written_under_its_number(books: Scene) -> None:
    """Created, found again, changed; each only where it is not so already."""
    assert books.look_up(customer()) is None
    assert books.write(customer()) == Done("4001")
    assert books.write(customer()) == Done("4001", found=True)
    changed = customer(name="Harbor Club of 1912", step="update", organization_number="912345678")
    assert books.look_up(changed) is None
    assert books.write(changed) == Done("4001")
    assert books.look_up(changed) == Done("4001", found=True)
    assert books.books.customers[4001]["organizationNumber"] == "912345678"


def test_a_customer_can_be_a_person(books: Scene) -> None:
    """Without a name of its own it is a person, with what was opened of them; nothing of that is said."""
    opened = {"first_name": "Quintessa", "last_name": "Oakenshield", "email": "q@example.com", "phone": "555-0100"}
    effect = Effect("customer", "customer:7", "create", "c:v1", RecordDocument("customer", "7"), opened=opened)
    with everything_logged() as said:
        said.append(repr(books.write(effect)))
        assert books.write(effect) == Done("7", found=True)
        moved = replace(effect, opened={**opened, "phone": "555-0199"})
        assert books.look_up(moved) is None
        assert books.write(moved) == Done("7")
        books.vendor.board.arm("unreadable", path="/customers")
        other = replace(effect, document=RecordDocument("customer", "8"))
        with pytest.raises(OutcomeUncertain) as caught:
            books.write(other)
        said += [str(caught.value), repr(effect)]
    kept = books.books.customers[7]
    assert (kept["person"]["firstName"], kept["isCompany"], kept["phone"]) == ("Quintessa", False, "555-0199")
    assert not [line for line in said if any(value in line for value in opened.values())]


def test_a_customer_whose_answer_is_lost_is_written_once(books: Scene) -> None:
    """The number is the name: after a lost answer it is found."""
    books.vendor.board.arm("gateway-error", path="/customers")
    with pytest.raises(OutcomeUncertain):
        books.write(customer())
    assert books.write(customer()).found
    assert len(books.books.customers) == 1


@pytest.mark.parametrize(
    ("document", "failure"),
    [
        (RecordDocument("customer", "A7", "Harbor Club"), "rejected"),
        (RecordDocument("customer", "7", ""), "rejected"),
        (RecordDocument("customer", "7", "Harbor Club", active=False), "rejected"),
        (RecordDocument("account", "3000", "Food"), "not-taken"),
    ],
)
def test_records_that_are_not_written(books: Scene, document: RecordDocument, failure: Failure) -> None:
    """What has no place there is told before anything is sent."""
    with pytest.raises(TargetFailure) as caught:
        books.target.write(Effect("customer", "x", "create", "x:v1", document), soon())
    assert caught.value.failure == failure
    assert not [path for _, path, _ in books.vendor.requests if path != "/oauth/token"]
