"""(a) polling days, and (b) repolling them with one ticket of a hundred edited: against the floor and against dlt."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from benchmarks import house
from benchmarks.bench import Bench
from benchmarks.floor import poll_with_floor
from benchmarks.measuring import Job, Run, Side, Taken, job, sound
from benchmarks.peer import HOW_TO_INSTALL, load_with_dlt
from benchmarks.pos import EDITED_SHARE, Pos
from benchmarks.simulated import Drawn, pos_with
from benchmarks.store import Store
from benchmarks.table import Line, at_least, at_most, line, missing_line

LETTERS: Final = "ab"
DAYBOOK: Final = "daybook"
FLOOR: Final = "floor"
DLT: Final = "dlt"

_POLLS: Final[dict[str, Callable[..., Taken]]] = {
    DAYBOOK: house.poll_with_daybook,
    FLOOR: poll_with_floor,
    DLT: load_with_dlt,
}


def lines(bench: Bench, letters: str) -> Iterator[Line]:
    """The lines of (a) and (b); those of (b) need what (a) stored."""
    sizes = bench.sizes
    with pos_with(Drawn(sizes.tickets, sizes.items, sizes.days)) as pos:
        kept = {kind: _Kept(bench, kind, pos) for kind in bench.kinds}
        for part in kept.values():
            first = part.measure("poll")
            _check(pos, part.versions(), first, bench)
            if "a" in letters:
                yield from _poll_lines(bench, part.kind, first)
            part.first = first
        edited = max(1, sizes.tickets // EDITED_SHARE)
        if "b" in letters:
            pos.edit(edited)
            for part in kept.values():
                again = part.measure("repoll")
                _check(pos, part.versions(edited), again, bench)
                yield from _repoll_lines(bench, part.kind, again, part.first)
        for part in kept.values():
            part.drop()


class _Kept:
    """The stores of one kind, one for each variant and repetition, so that each is repolled as it was left."""

    def __init__(self, bench: Bench, kind: str, pos: Pos) -> None:
        self.kind = kind
        self.first: dict[str, Side] = {}
        self._bench = bench
        self._pos = pos
        self._names = [DAYBOOK, FLOOR, *([DLT] if bench.peer else [])]
        self._stores: dict[tuple[str, int], Store] = {}

    def measure(self, what: str) -> dict[str, Side]:
        """All variants, in turn, each repetition on its own store."""

        def variant(name: str) -> Callable[[int], Job]:
            return lambda repetition: job(_POLLS[name], store=self._store(name, repetition), pos=self._pos)

        variants = {name: variant(name) for name in self._names}
        fewer = {DLT: self._bench.sizes.peer_repetitions}
        return self._bench.alternate(f"{what} {self.kind}", variants, fewer=fewer)

    def versions(self, edited: int = 0) -> dict[str, int]:
        """How many versions of tickets there must be, and how many tickets."""
        tickets = self._bench.sizes.tickets * len(self._pos.dates)
        return {"tickets": tickets, "edited": edited * len(self._pos.dates)}

    def drop(self) -> None:
        """Take the stores away."""
        self._bench.stores.drop(*self._stores.values())

    def _store(self, name: str, repetition: int) -> Store:
        key = (name, repetition)
        if key not in self._stores:
            if name == DAYBOOK:
                self._stores[key] = self._bench.stores.migrated(self.kind)
                house.connect(self._stores[key], self._pos)
            else:
                self._stores[key] = self._bench.stores.empty(self.kind)
        return self._stores[key]


def _check(pos: Pos, expected: dict[str, int], sides: dict[str, Side], bench: Bench) -> None:
    """All sides have the same tickets, what they did is what there was to do, and the sums are the POS's own."""
    truths = [pos.truth(date) for date in pos.dates]
    gross = sum(_cents(truth["grossSales"]) for truth in truths)
    for run in sides[DAYBOOK].runs:
        _same("daybook's tickets", run, "tickets", expected["tickets"])
        _same("daybook's gross sales", run, "gross_cents", gross)
        _same("daybook's outcomes", run, "outcomes", ["polled"])
        _same("daybook's changed records", run, "changed", expected["edited"])
    for run in sides[FLOOR].runs:
        _same("the floor's tickets", run, "tickets", expected["tickets"])
        if not expected["edited"]:
            _same("the floor's rows", run, "appended", run.found["rows"])
        else:
            # An edit changes the check and one of its payments, which is listed beside it as well.
            sound(run.found["appended"] >= 2 * expected["edited"] * 0.9, f"The floor appended {run.found}.")
            sound(run.found["appended"] <= 2 * expected["edited"], f"The floor appended {run.found}.")
    for run in sides[DLT].runs if bench.peer else []:
        _same("dlt's tickets", run, "tickets", expected["tickets"])
        _same("dlt's versions of tickets", run, "versions", expected["tickets"] + expected["edited"])


def _same(what: str, run: Run, name: str, expected: Any) -> None:
    sound(run.found[name] == expected, f"Not sound: {what} are {run.found[name]!r}, and should be {expected!r}.")


def _cents(text: str) -> int:
    return int(Decimal(text) * 100)


def _poll_lines(bench: Bench, kind: str, sides: dict[str, Side]) -> Sequence[Line]:
    sizes = bench.sizes
    what = f"poll {sizes.days} days x {sizes.tickets:,} tickets x {sizes.items} items"
    found = [line("a", kind, f"{what}: daybook / floor", sides[DAYBOOK], sides[FLOOR], aim=at_most(2))]
    if not bench.peer:
        return [*found, missing_line("a", kind, f"{what}: dlt / daybook", HOW_TO_INSTALL)]
    return [*found, line("a", kind, f"{what}: dlt / daybook", sides[DLT], sides[DAYBOOK], aim=at_least(3))]


def _repoll_lines(bench: Bench, kind: str, sides: dict[str, Side], first: dict[str, Side]) -> Sequence[Line]:
    what = "repoll with 1 % edited"
    found = [
        line("b", kind, f"{what}: daybook / floor", sides[DAYBOOK], sides[FLOOR]),
        line("b", kind, f"{what}: daybook's repoll / its first poll", sides[DAYBOOK], first[DAYBOOK], aim=at_most(1)),
    ]
    if not bench.peer:
        return [*found, missing_line("b", kind, f"{what}: dlt / daybook", HOW_TO_INSTALL)]
    return [*found, line("b", kind, f"{what}: dlt / daybook", sides[DLT], sides[DAYBOOK], aim=at_least(4))]
