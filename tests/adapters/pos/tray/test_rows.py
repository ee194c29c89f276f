"""Rows of an array that arrives in pieces: as a reader of the whole text finds them, or refused."""

import json
import tracemalloc
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.pos.tray.rows import MOST_ROW_BYTES, rows_of
from adapters.pos.tray.strict import NotStrict
from domain.ports.source import SourceFailure
from tests.support.laws import examples

MEGABYTE = 2**20
TEXT = st.text(alphabet=st.sampled_from('ab"\\[]{},:é😀\n\t '), max_size=12)
VALUE: st.SearchStrategy[Any] = st.recursive(
    st.one_of(TEXT, st.integers(-9, 9), st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=8,
)
ROWS = st.lists(st.dictionaries(TEXT, VALUE, max_size=4), max_size=6)


def cut(data: bytes, at: list[int]) -> Iterator[bytes]:
    """The data in pieces, cut at these places."""
    places = sorted({0, *[place % (len(data) + 1) for place in at], len(data)})
    for begin, end in pairwise(places):
        yield data[begin:end]


@settings(max_examples=examples(400), deadline=None)
@given(rows=ROWS, at=st.lists(st.integers(0, 10_000), max_size=30), indent=st.sampled_from([None, 0, 2]))
def test_rows_are_those_of_the_whole_text_wherever_it_is_cut(
    rows: list[dict[str, Any]], at: list[int], indent: int | None
) -> None:
    """Strings with brackets, quotes and backslashes in them, spaces or none, cut inside of anything."""
    data = json.dumps(rows, indent=indent, ensure_ascii=False).encode()
    assert [json.loads(row) for row in rows_of(cut(data, at))] == rows


@settings(max_examples=examples(600), deadline=None)
@given(
    rows=ROWS,
    at=st.integers(0, 10_000),
    change=st.binary(max_size=3),
    cuts=st.lists(st.integers(0, 10_000), max_size=5),
)
def test_what_is_taken_for_rows_is_what_json_says(
    rows: list[dict[str, Any]], at: int, change: bytes, cuts: list[int]
) -> None:
    """A text that is broken somewhere is refused, or its rows together are what a reader of the whole text finds."""
    sound = json.dumps(rows).encode()
    at %= len(sound) + 1
    broken = sound[:at] + change + sound[at + 1 :]
    try:
        found = b"[" + b",".join(rows_of(cut(broken, cuts))) + b"]"
    except NotStrict:
        return
    try:
        whole = json.loads(broken)
    except ValueError:
        with pytest.raises(ValueError):  # noqa: PT011 - whatever is wrong in the row, its decoder finds it
            json.loads(found)
    else:
        assert json.loads(found) == whole


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "[",
        "]",
        "{}",
        "[{}",
        "[{]",
        "[{},]",
        "[,{}]",
        "[{}{}]",
        "[{},,{}]",
        "[{}] []",
        "[{}],",
        "[{}]]",
        "[[]]",
        "[[{}]]",
        "[1]",
        "[null,{}]",
        '["{}"]',
        '[{},"a"]',
        "[{}:{}]",
        "[{}}",
        "null",
        "\ufeff[]",
        '{"data":[{}]}',
        '[{"a":"b]',
        "[" * 100 + "]" * 100,
        '[{"a":' + "[" * 100 + "]" * 100 + "}]",
    ],
)
def test_what_is_no_array_of_objects_is_refused(text: str) -> None:
    """At once or at the end, and never with another exception."""
    for pieces in ([text.encode()], [text.encode()[index : index + 1] for index in range(len(text.encode()))]):
        with pytest.raises(NotStrict):
            list(rows_of(pieces))


@pytest.mark.parametrize("text", ["[]", " [ ] ", "[\n]\r\n", "[{}]", "[ {} , {} ]"])
def test_spaces_around_rows_say_nothing(text: str) -> None:
    """An array may be written with them."""
    assert list(rows_of([text.encode()])) == [b"{}"] * text.count("{")


def test_a_row_is_bounded_and_so_is_what_is_between_rows() -> None:
    """A row without end, a text without end and spaces without end are given up, having cost no more than a row."""
    for begin, filling in ((b'[{"a":[', b"1,"), (b'[{"a":"', b"xy"), (b"[", b"  ")):
        pieces = (begin if index == 0 else filling * (MEGABYTE // 8) for index in range(1_000))
        tracemalloc.start()
        with pytest.raises(SourceFailure) as failed:
            list(rows_of(pieces))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert failed.value.failure == "too-large"
        assert peak < 4 * MOST_ROW_BYTES


@pytest.mark.slow
def test_a_day_of_any_size_costs_the_memory_of_a_piece() -> None:
    """Ten megabytes of rows are passed through."""
    row = json.dumps({"id": "x" * 40, "items": [{"name": "a" * 60}] * 20}).encode()

    def pieces() -> Iterator[bytes]:
        yield b"[" + row
        for _ in range(70):
            yield (b"," + row) * 100
        yield b"]"

    tracemalloc.start()
    count = sum(1 for _ in rows_of(pieces()))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 7_001
    assert peak < 3 * MEGABYTE
