"""Sizes: how much is measured, in full, quickly, or just enough to see that the harness works."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything.

    Attributes:
        name: what people call it.
        repetitions: of each variant.
        peer_repetitions: of dlt, which takes so long that the whole would take half as long again.
        days: polled in (a) and (b).
        tickets: on each of these days.
        items: on each of these tickets.
        view_days: days of so many tickets in the journal of (c) and (h).
        requests: of each repetition of (d).
        fold_tickets: on the days of (e).
        large_repetitions: of polling the largest day of (e), for its memory.
        growth_days: days in the journals of (f).
        growth_tickets: on each of these days.
        growth_polls: days polled in each repetition of (f).
        commits: facts in a commit of (g), and how many such commits.
        import_days: business days in the file of (i); for its memory a tenth of them is imported too.
        import_rows: of Sales Detail on each of these days.
        import_repetitions: of importing them.
        due_locations: of (v), each with all days of the window.
        people: sealed for in (w); in (x) the keys of twice as many are rotated.
        objects: sent in (z).
    """

    name: str
    repetitions: int
    peer_repetitions: int
    days: int
    tickets: int
    items: int
    view_days: int
    requests: int
    fold_tickets: tuple[int, ...]
    large_repetitions: int
    growth_days: tuple[int, ...]
    growth_tickets: int
    growth_polls: int
    commits: tuple[tuple[int, int], ...]
    import_days: int
    import_rows: int
    import_repetitions: int
    due_locations: int
    people: int
    objects: int


FULL: Final = Sizes(
    name="full",
    repetitions=5,
    peer_repetitions=3,
    days=10,
    tickets=1_000,
    items=8,
    view_days=25,
    requests=300,
    fold_tickets=(2_000, 50_000),
    large_repetitions=1,
    growth_days=(10, 100, 1_000),
    growth_tickets=50,
    growth_polls=8,
    commits=((1, 500), (100, 150), (2_000, 12)),
    import_days=100,
    import_rows=10_000,
    import_repetitions=3,
    due_locations=1_000,
    people=5_000,
    objects=300,
)

QUICK: Final = Sizes(
    name="quick",
    repetitions=2,
    peer_repetitions=1,
    days=2,
    tickets=400,
    items=8,
    view_days=10,
    requests=100,
    fold_tickets=(2_000,),
    large_repetitions=1,
    growth_days=(10, 100),
    growth_tickets=50,
    growth_polls=3,
    commits=((1, 100), (100, 30), (2_000, 3)),
    import_days=10,
    import_rows=10_000,
    import_repetitions=1,
    due_locations=200,
    people=1_000,
    objects=100,
)

TINY: Final = Sizes(
    name="tiny",
    repetitions=1,
    peer_repetitions=1,
    days=2,
    tickets=12,
    items=3,
    view_days=2,
    requests=5,
    fold_tickets=(10,),
    large_repetitions=1,
    growth_days=(1, 2),
    growth_tickets=5,
    growth_polls=1,
    commits=((5, 2),),
    import_days=10,
    import_rows=40,
    import_repetitions=1,
    due_locations=3,
    people=20,
    objects=4,
)
"""For the test of the harness: its figures mean nothing."""
