"""Splitting: an entry of more lines than a transaction takes becomes balanced parts, the same ones every time."""

from collections.abc import Iterator, Sequence

import msgspec

from domain.outward import EntryLine

_Pair = tuple[int, int, int]


def parts_of(lines: Sequence[EntryLine], most: int) -> list[tuple[EntryLine, ...]]:
    """Parts of at most ``most`` lines, each of which balances; the lines of all are the lines of the entry.

    Debits are set off against credits in their order. Where a part is full in the middle of a line, the line goes on
    in the next one: what is left of it there, and the two together are what it was.

    Args:
        lines: debits are credits; none is zero.
        most: at least 2.
    """
    if len(lines) <= most:
        return [tuple(lines)]
    parts: list[tuple[EntryLine, ...]] = []
    taken: dict[int, int] = {}
    for debit, credit, cents in _pairs(lines):
        if len(taken.keys() | {debit, credit}) > most:
            parts.append(_part(lines, taken))
            taken = {}
        taken[debit] = taken.get(debit, 0) + cents
        taken[credit] = taken.get(credit, 0) - cents
    parts.append(_part(lines, taken))
    return parts


def _part(lines: Sequence[EntryLine], taken: dict[int, int]) -> tuple[EntryLine, ...]:
    return tuple(msgspec.structs.replace(lines[number], cents=taken[number]) for number in sorted(taken))


def _pairs(lines: Sequence[EntryLine]) -> Iterator[_Pair]:
    """Debits set off against credits: which two lines, and by how many cents."""
    debits = [(number, line.cents) for number, line in enumerate(lines) if line.cents > 0]
    credits_ = [(number, -line.cents) for number, line in enumerate(lines) if line.cents < 0]
    left, right = iter(debits), iter(credits_)
    debit, owed = next(left, (0, 0))
    credit, due = next(right, (0, 0))
    while owed and due:
        cents = min(owed, due)
        yield debit, credit, cents
        owed -= cents
        due -= cents
        if not owed:
            debit, owed = next(left, (0, 0))
        if not due:
            credit, due = next(right, (0, 0))
