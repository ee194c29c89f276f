"""The journal entry of a day is the same on all transports, line by line."""

import random
from collections.abc import Iterator
from contextlib import closing

import pytest

from adapters.erp.office_24seven.simulator import Vendor
from adapters.erp.sage_intacct import SYSTEM as INTACCT
from adapters.erp.sage_intacct.entries import reference_number
from adapters.erp.sage_intacct.sessions import Sessions
from adapters.erp.sage_intacct.simulator import BooksSettings, SimulatedGateway
from adapters.erp.sage_intacct.simulator import Running as Gateway
from adapters.erp.sage_intacct.simulator import running as gateway_running
from adapters.erp.sage_intacct.simulator.books import Books
from adapters.forms import fill
from domain.outward import EntryLine
from domain.ports.target import Effect
from tests.adapters.erp.office_24seven.stage import Scene, scene
from tests.support.intacct import entry, filled_in
from tests.support.reach import limits_here
from tests.support.soon import soon

ACCOUNTS = [str(1000 + number) for number in range(40)]


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    """Sage Intacct, simulated, with a chart of accounts."""
    settings = BooksSettings(accounts={number: f"Account {number}" for number in ACCOUNTS})
    with gateway_running(SimulatedGateway(Books(settings))) as one:
        yield one


@pytest.fixture(scope="module")
def office() -> Iterator[Scene]:
    """24SevenOffice, simulated, with the same."""
    vendor = Vendor()
    for books in vendor.books.values():
        books.accounts = {int(number): f"Account {number}" for number in ACCOUNTS}
    with scene(vendor) as one:
        yield one


def at_intacct(gateway: Gateway, effect: Effect) -> list[tuple[str, int]]:
    """The lines that stand at Sage Intacct under an effect's reference: account and cents."""
    ((_, lines),) = gateway.gateway.books.entries(reference_number(effect.reference))
    return [(line.account, int(line.amount * 100)) for line in lines]


def at_office(office: Scene, effect: Effect) -> list[tuple[str, int]]:
    """Those that stand at 24SevenOffice on the effect's date, in whatever number of transactions."""
    return [
        (str(line["accountNumber"]), round(line["amount"] * 100))
        for posted in office.books.transactions
        for line in posted["lines"]
        if line["date"].isoformat() == effect.document.date  # type: ignore[union-attr]
    ]


@pytest.mark.parametrize("seed", range(12))
def test_an_entry_is_equal_on_all_transports(gateway: Gateway, office: Scene, seed: int) -> None:
    """Whatever its lines, in their order: what stands at either is what the document says, to the cent."""
    chance = random.Random(seed)
    amounts = [
        chance.choice([-1, 1]) * chance.randint(1, 10 ** chance.randint(1, 9)) for _ in range(chance.randint(1, 60))
    ]
    rest = sum(amounts)
    amounts += [-rest] if rest else []
    lines = tuple(
        EntryLine(chance.choice(ACCOUNTS), f"sales/Food {number}/Dine In", cents)
        for number, cents in enumerate(amounts)
    )
    effect = entry("sales", *lines, date=f"2026-10-{seed + 1:02}")
    filled = fill(INTACCT.profile.form, filled_in(gateway.url))
    with closing(INTACCT.target(filled, limits_here(request_timeout=5.0), sessions=Sessions())) as target:
        target.write(effect, soon())
    office.write(effect)
    wanted = [(line.account, line.cents) for line in lines]
    assert at_intacct(gateway, effect) == wanted
    assert at_office(office, effect) == wanted
