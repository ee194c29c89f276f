"""The 18 kinds have the official columns, in official order, with official types and marks."""

from pathlib import Path

import pytest

from adapters.files import KINDS, Kind, NoSuchKind, kind_named
from adapters.files.kinds.columns import TYPES
from adapters.files.kinds.rules import Together

OFFICIAL = (Path(__file__).parents[2] / "golden" / "files" / "columns.txt").read_text().splitlines()
"""Kind, column, official type and mark, transcribed from the official tables."""

STORED_AS = {
    "string": {"key", "name", "text", "last-four", "rate-type"},
    "integer": {"integer", "ordinal", "digits"},
    "decimal": {"money", "price", "measure"},
    "boolean": {"flag"},
    "DateTime": {"moment", "day", "birthdate"},
}


def official() -> dict[str, list[tuple[str, str, str]]]:
    """Columns, types and marks of each kind."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for line in OFFICIAL:
        kind, name, type_, mark = (cell.strip() for cell in line.split("|"))
        found.setdefault(kind, []).append((name, type_, mark))
    return found


def test_there_are_the_official_kinds() -> None:
    """All 18, under the official titles."""
    assert {kind.title for kind in KINDS.values()} == set(official())
    assert len(KINDS) == 18


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key)
def test_columns_are_the_official_ones(kind: Kind) -> None:
    """Names and order are as published, and each type is one that holds what the official type holds."""
    expected = official()[kind.title]
    assert list(kind.headers) == [name for name, _, _ in expected]
    assert [
        column.name
        for column, (_, type_, _) in zip(kind.columns, expected, strict=True)
        if column.type not in STORED_AS[type_]
    ] == []


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key)
def test_marks_are_the_official_ones(kind: Kind) -> None:
    """A marked column is required: always, or where a modifier, comp or promo is present."""
    marked = {name for name, _, mark in official()[kind.title] if mark}
    together = {name for rule in kind.rules if isinstance(rule, Together) for name in rule.starred}
    assert set(kind.required) | together == marked
    assert set(kind.required) & together == set()


def test_order_is_reference_data_then_sales_then_checks_then_cash_then_labor() -> None:
    """What others point to is imported first."""
    keys = [kind.key for kind in sorted(KINDS.values(), key=lambda kind: kind.order)]
    assert keys == list(KINDS)
    assert [kind.key for kind in KINDS.values() if kind.reference] == keys[:6]
    assert keys[6] == "sales-detail"
    assert keys[-1] == "labor-detail"
    assert len({kind.order for kind in KINDS.values()}) == 18


def test_joins_lead_to_columns_that_are_keys() -> None:
    """Every join names a kind and a column there, and both sides hold text as written."""
    for kind in KINDS.values():
        for column in kind.columns:
            if column.joins:
                target, _, name = column.joins.partition(".")
                (found,) = (other for other in KINDS[target].columns if other.name == name)
                assert (found.type, column.type in {"key", "digits"}) == ("key", True)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key)
def test_a_kind_is_consistent(kind: Kind) -> None:
    """What it says of columns names columns that it has; all but reference data and tax details are dated."""
    names = set(kind.headers)
    assert names.issuperset(kind.dated_by)
    assert names.issuperset(kind.identity)
    assert all(names.issuperset(rule.columns) for rule in kind.rules)
    assert {column.type for column in kind.columns} <= TYPES
    assert (kind.day_from == "nothing") == (not kind.dated_by)
    assert bool(kind.dated_by) == (not kind.reference and kind.key != "tax-details")
    # The two ends that the fast way cuts off have no rule in common with the rest.
    ends = (set(kind.headers[: kind.repeats]), set(kind.headers[len(kind.headers) - kind.seldom :]))
    assert all(set(rule.columns) <= end or not set(rule.columns) & end for rule in kind.rules for end in ends)
    assert len(names) == len(kind.headers)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key)
def test_a_kind_is_found_by_its_name(kind: Kind) -> None:
    """By its key or title; case, spaces, dashes and underscores do not matter."""
    for name in (kind.key, kind.title, f" {kind.key.upper().replace('-', '_')} "):
        assert kind_named(name) is kind


def test_what_is_no_kind_is_refused_with_the_kinds_there_are() -> None:
    """The sentence lists them."""
    with pytest.raises(NoSuchKind, match=r"'sales': .*sales-detail, payments"):
        kind_named("sales")
