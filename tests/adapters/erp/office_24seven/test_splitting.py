"""Entries of many lines become balanced parts, by law."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.erp.office_24seven.splitting import parts_of
from domain.outward import EntryLine

CENTS = st.integers(-1_000_000, 1_000_000).filter(bool)


@st.composite
def entries(draw: st.DrawFn) -> list[EntryLine]:
    """Balanced lines without zeros."""
    cents = draw(st.lists(CENTS, min_size=1, max_size=60))
    if rest := sum(cents):
        cents.append(-rest)
    return [EntryLine(str(1_000 + number), f"line {number}", cents=amount) for number, amount in enumerate(cents)]


@settings(max_examples=150, deadline=None)
@given(lines=entries(), most=st.integers(2, 70))
def test_parts_are_the_entry(lines: list[EntryLine], most: int) -> None:
    """Each part balances and is short enough; together they are every line of the entry, to the cent."""
    parts = parts_of(lines, most)
    totals: Counter[str] = Counter()
    for part in parts:
        assert 0 < len(part) <= most
        assert sum(line.cents for line in part) == 0
        for line in part:
            assert line.cents
            totals[line.key] += line.cents
    assert dict(totals) == {line.key: line.cents for line in lines}
    for line in lines:
        assert all((other.cents > 0) == (line.cents > 0) for part in parts for other in part if other.key == line.key)
    assert parts == parts_of(lines, most)


@settings(max_examples=50, deadline=None)
@given(lines=entries())
def test_what_fits_stays_whole(lines: list[EntryLine]) -> None:
    """An entry that a transaction takes is one part, as it is."""
    assert parts_of(lines, len(lines)) == [tuple(lines)]


def test_one_large_debit_against_many_credits() -> None:
    """A line larger than a part goes on in the next one: 1 debit and 2,500 credits are three transactions."""
    credits_ = [EntryLine("3000", f"item {number}", cents=-7) for number in range(2_500)]
    parts = parts_of([EntryLine("1900", "cash", cents=17_500), *credits_], 1_000)
    assert [len(part) for part in parts] == [1_000, 1_000, 503]
    assert [part[0].cents for part in parts] == [6_993, 6_993, 3_514]
