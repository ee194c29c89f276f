"""A world of entries that go out to 24SevenOffice: its own adapter, a simulated ledger, over real HTTP.

Its search lags, in two worlds of four less than it is taken to, and in one for hours more.
"""

import datetime as dt
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from adapters.erp.office_24seven import SYSTEM
from adapters.erp.office_24seven.profile import SHOWS_WITHIN
from adapters.erp.office_24seven.simulator import Books, Vendor, running
from adapters.erp.office_24seven.simulator.faults import CATALOGUE
from domain.forms import Filled
from domain.identifiers import ObjectId
from domain.outward import NOT_SHOWN, EntryDocument, SyncObject
from domain.ports.source import Limits
from domain.ports.target import Target
from tests.effects import over_http
from tests.effects.over_http import HttpWorld, Peer
from tests.effects.world import standing_of

ORGANIZATION: Final = 12345
LAGS: Final = (0.0, SHOWS_WITHIN / 2, SHOWS_WITHIN - 60, 3 * 3600.0)
"""Seconds after which the search shows what was posted, world by world."""


class Ledger(Peer):
    """24SevenOffice.

    Args:
        vendor: simulated, with empty books.
        url: where it is served.
    """

    name = "ledger"
    title = SYSTEM.title
    profile = SYSTEM.profile
    kinds = ("sales-entry",)
    at_once = tuple(name for name in CATALOGUE if name != "silence")
    values: Mapping[str, Any] = {"client_id": "app-one", "organizations": [str(ORGANIZATION)], "transaction_type": 1}
    secret = "office-secret-one"
    place: Mapping[str, str] = {"organization": str(ORGANIZATION)}

    def __init__(self, vendor: Vendor, url: str) -> None:
        super().__init__(url)
        self.vendor = vendor

    @property
    def books(self) -> Books:
        """Of the one organization."""
        return self.vendor.books[ORGANIZATION]

    def open(self, filled: Filled, limits: Limits) -> Target:
        """The adapter's own target, by the world's clock."""
        return SYSTEM.target(filled, limits, now=self.world.clock.now)

    def calm(self, closed_until: dt.date | None) -> None:
        """Nothing goes wrong, but that a period may be closed."""
        self.vendor.board.clear()
        self.books.closed_until = closed_until

    def arm(self, fault: str) -> None:
        """The next transaction goes wrong."""
        self.vendor.board.arm(fault)

    def say_nothing(self) -> None:
        """The next look-ups are not answered."""
        self.vendor.board.arm("unavailable", times=3, path="/transactionlines", method="GET")

    def references(self) -> Iterator[str]:
        """Of all transactions."""
        return (posted["comment"].partition(" ")[0] for posted in self.books.transactions)

    def hidden(self) -> set[str]:
        """References of transactions that the search does not show yet."""
        shown = self.vendor.seconds() - self.vendor.lag_seconds
        return {posted["comment"].partition(" ")[0] for posted in self.books.transactions if posted["posted"] > shown}

    def stands(self, one: ObjectId, wanted: Any) -> bool:
        """The lines of the transactions in sum."""
        assert isinstance(wanted, EntryDocument)
        found: Counter[str] = Counter()
        for posted in self.books.transactions:
            for line in posted["lines"] if posted["comment"].startswith(f"{one.key}:v") else ():
                memo = line["comment"].partition(" ")[2]
                found[f"{memo} {line['accountNumber']}"] += int(Decimal(line["amount"]) * 100)
        return {name: cents for name, cents in found.items() if cents} == standing_of(wanted)


class OfficeWorld(HttpWorld):
    """Entries, a ledger whose search lags, and people who look there before they force what it did not show."""

    def may_force(self, known: SyncObject) -> bool:
        """Who is told to look whether it is there looks, and waits where it is until the search shows it."""
        if known.failure != NOT_SHOWN or known.doubt is None:
            return True
        assert isinstance(self.peer, Ledger)
        hidden = known.doubt.reference in self.peer.hidden()
        self.counts["hidden from the search" if hidden else "not hidden"] += 1
        return not hidden


def run(worlds: int, seed: int = 0, objects: int = 6, steps: int = 20, lags: Sequence[float] = LAGS) -> dict[str, Any]:
    """Worlds from seeds that follow each other; answers what came of it."""
    vendor = Vendor()
    with running(vendor) as served:

        def make(named: str) -> HttpWorld:
            vendor.books[ORGANIZATION] = Books(vendor.books[ORGANIZATION].organization, {1010: "Cash", 4010: "Food"})
            world = OfficeWorld(f"office {named}", objects, Ledger(vendor, served.url))
            vendor.seconds = lambda: world.clock.now().timestamp()
            vendor.lag_seconds = lags[int(named.rsplit(maxsplit=1)[-1]) % len(lags)]
            world.counts[f"lag of {vendor.lag_seconds:.0f} s"] += 1
            return world

        return over_http.run(worlds, seed, steps, make, patience=600)


def main(arguments: Sequence[str] | None = None) -> int:
    """So many worlds; 1 where an effect was there twice, or was forgotten."""
    return over_http.main(
        "tests.effects.at_office", __doc__, lambda n, seed: run(n, seed, objects=12, steps=40), arguments
    )


if __name__ == "__main__":
    sys.exit(main())
