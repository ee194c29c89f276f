"""Customers and their clients: given who there is, when a client is added or renamed, then these facts."""

from typing import Any

import pytest

from domain.commands.changing import CommandReused
from domain.commands.intent import Intent
from domain.commands.loading import load_customer
from domain.commands.name_client import MOST_DECISIONS, NameClient, Named, name_client
from domain.commands.recording import NotTheVersion
from domain.customer import (
    MOST_CLIENTS,
    ClientExists,
    Customer,
    NoSuchClient,
    TooManyClients,
    decide_add_client,
    fold,
)
from domain.facts import ClientAdded, CustomerRegistered
from domain.identifiers import ConnectionId, CustomerId, client_of, customer_of
from domain.names import BadName
from domain.permissions import NotPermitted
from domain.ports.journal import StreamMoved
from domain.refusals import BadIdentifier, Refusal
from tests.support.scripted_erp import Life, who

HARBOR = CustomerId("harbor")


@pytest.fixture
def life() -> Life:
    """Nothing yet."""
    return Life()


def name(life: Life, client: str, text: str, *, by: Intent | None = None, **fields: Any) -> Named:
    """Add a client, or rename it."""
    plain: dict[str, Any] = {"customer": HARBOR, "adds": True}
    command = NameClient(client=client, name=text, intent=by or who("root"), **{**plain, **fields})
    return name_client(command, life.house)


def test_a_customer_is_registered_with_the_first_client(life: Life) -> None:
    """The next ones belong to it; each can be called otherwise, and keeps its id."""
    name(life, "harbor-ny", "New York", called="Harbor Group")
    done = name(life, "harbor-la", "Los Angeles")
    assert done.customer == Customer(3, "Harbor Group", {"harbor-ny": "New York", "harbor-la": "Los Angeles"})
    assert name(life, "harbor-la", "LA", adds=False).customer.clients["harbor-la"] == "LA"
    assert name(life, "harbor-la", "LA", adds=False).receipt is None
    assert load_customer(life.journal, HARBOR).version == 4
    name(life, "pier", "Pier", customer=CustomerId("pier"))
    assert load_customer(life.journal, CustomerId("pier")).name == "pier"


def test_no_client_sees_what_is_recorded_of_customers(life: Life) -> None:
    """Not even one that is called as the customer is."""
    name(life, "harbor", "Harbor")
    assert life.journal.log(after=0, limit=10, client="harbor") == []
    assert client_of(HARBOR.stream) == "@harbor"
    assert customer_of(HARBOR.stream) == HARBOR
    assert customer_of(ConnectionId("harbor", "x").stream) is None


REFUSED: list[tuple[str, str, dict[str, Any], type[Refusal]]] = [
    ("harbor-ny", "again", {}, ClientExists),
    ("no client", "x", {}, BadIdentifier),
    ("x", "", {}, BadName),
    ("x", " x", {}, BadName),
    ("x", "x" * 201, {}, BadName),
    ("x", "x", {"customer": CustomerId("no customer")}, BadIdentifier),
    ("x", "x", {"adds": False}, NoSuchClient),
    ("x", "x", {"expected": 1}, NotTheVersion),
    ("x", "x", {"by": who("mary", "manager")}, NotPermitted),
    ("harbor-ny", "x", {"by": who("mary", "manager"), "adds": False}, NotPermitted),
]


@pytest.mark.parametrize(("client", "text", "given", "refusal"), REFUSED)
def test_what_does_not_fit(life: Life, client: str, text: str, given: dict[str, Any], refusal: type[Refusal]) -> None:
    """It is refused, and nothing is recorded."""
    name(life, "harbor-ny", "New York")
    before = life.journal.head()
    with pytest.raises(refusal):
        name(life, client, text, **given)
    assert life.journal.head() == before


def test_a_customer_has_so_many_clients() -> None:
    """And no more."""
    many = fold([CustomerRegistered("x"), *(ClientAdded(f"c{number}", "x") for number in range(MOST_CLIENTS))])
    with pytest.raises(TooManyClients):
        decide_add_client(many, "one-more", "x", called="x")


def test_it_is_done_once(life: Life) -> None:
    """The same command again is answered; for something else it is refused."""
    by = who("root", command="c-1")
    first = name(life, "a", "A", by=by)
    again = name(life, "a", "A", by=by)
    assert (again.receipt, again.again, again.customer) == (first.receipt, True, first.customer)
    with pytest.raises(CommandReused):
        name(life, "b", "B", by=by)
    with pytest.raises(CommandReused):
        name(life, "b", "B", by=by, adds=False)


def test_a_race_is_decided_again(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until it is lost too often."""
    append, lost = life.journal.append, iter(range(MOST_DECISIONS - 1))

    def losing(*given: Any) -> Any:
        if next(lost, None) is not None:
            raise StreamMoved("somebody was faster")
        return append(*given)

    monkeypatch.setattr(life.journal, "append", losing)
    name(life, "a", "A")
    lost = iter(range(MOST_DECISIONS))
    with pytest.raises(StreamMoved):
        name(life, "b", "B")
