"""A world of objects that go out to Sage Intacct: its own adapter, a simulated gateway, over real HTTP."""

import datetime as dt
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from adapters.erp.sage_intacct import SYSTEM
from adapters.erp.sage_intacct.sessions import Sessions
from adapters.erp.sage_intacct.simulator import Books, SimulatedGateway, running
from adapters.erp.sage_intacct.simulator.faults import FAULTS
from domain.facts.objects import ObjectType
from domain.forms import Filled
from domain.identifiers import ObjectId
from domain.outward import EntryDocument, RecordDocument
from domain.ports.source import Limits
from domain.ports.target import Target
from tests.effects import over_http
from tests.effects.over_http import HttpWorld, Peer
from tests.effects.world import standing_of
from tests.support.intacct import PASSWORD, SENDER_PASSWORD, filled_in

KINDS: Final[tuple[ObjectType, ...]] = ("sales-entry", "employee")
VALUES: Final = {name: said for name, said in filled_in("").items() if "password" not in name and name != "environment"}


class Intacct(Peer):
    """Sage Intacct.

    Args:
        gateway: simulated, with empty books.
        url: where it is served.
    """

    name = "gateway"
    title = SYSTEM.title
    profile = SYSTEM.profile
    kinds = KINDS
    at_once = tuple(name for name in FAULTS if name != "silent")
    values = VALUES
    secret = json.dumps({"password": PASSWORD, "sender_password": SENDER_PASSWORD})
    place: Mapping[str, str] = {"location": "L1"}

    def __init__(self, gateway: SimulatedGateway, url: str) -> None:
        super().__init__(url)
        self.gateway = gateway
        self._sessions = Sessions()

    def open(self, filled: Filled, limits: Limits) -> Target:
        """The adapter's own target, by the world's clock."""
        return SYSTEM.target(filled, limits, now=self.world.clock.now, sessions=self._sessions)

    def calm(self, closed_until: dt.date | None) -> None:
        """Nothing goes wrong, but that a period may be closed, and sessions end now and then."""
        self.gateway.disarm()
        self.gateway.books.closed_until = closed_until
        if self.world.random.random() < 0.1:
            self.gateway.end_sessions()

    def arm(self, fault: str) -> None:
        """The next request goes wrong."""
        self.gateway.arm(fault)

    def say_nothing(self) -> None:
        """The next look-ups are not answered."""
        self.gateway.arm("too-many-reads", 3)

    def references(self) -> Iterator[str]:
        """Of all entries."""
        return (row["HISTORY_COMMENT"].partition(" ")[0] for row, _ in self.gateway.books.entries())

    def stands(self, one: ObjectId, wanted: Any) -> bool:
        """An employee as the record says, or the lines of the entry in sum."""
        books = self.gateway.books
        if isinstance(wanted, RecordDocument):
            row = books.known("EMPLOYEE", wanted.id)
            return row is not None and row.get("DEPARTMENTID") == wanted.fields["job"] and row["STATUS"] == "active"
        assert isinstance(wanted, EntryDocument)
        found: Counter[str] = Counter()
        for row, lines in books.entries():
            if row["HISTORY_COMMENT"].startswith(f"{one.key}:v"):
                for line in lines:
                    found[f"{line.memo} {line.account}"] += int(line.amount * 100)
        return {name: cents for name, cents in found.items() if cents} == standing_of(wanted)


def run(worlds: int, seed: int = 0, objects: int = 8, steps: int = 20) -> dict[str, Any]:
    """Worlds from seeds that follow each other; answers what came of it."""
    gateway = SimulatedGateway()
    with running(gateway) as served:

        def make(named: str) -> HttpWorld:
            gateway.books = Books()
            world = HttpWorld(f"intacct {named}", objects, Intacct(gateway, served.url))
            gateway.set_clock(world.clock.now)
            return world

        return over_http.run(worlds, seed, steps, make)


def main(arguments: Sequence[str] | None = None) -> int:
    """So many worlds; 1 where an effect was there twice, or was forgotten."""
    return over_http.main(
        "tests.effects.at_intacct", __doc__, lambda n, seed: run(n, seed, objects=16, steps=40), arguments
    )


if __name__ == "__main__":
    sys.exit(main())
