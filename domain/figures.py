r"""Figures of the Daily Sales Summary by their names: ``net_sales``, ``by_category/Food``, ``labor.hours/Server``.

A figure of a table is named by the table, the column behind a dot (without it the table's main one) and the names of
its row. Fewer names than a row has stand for all rows that begin so: ``discounts_by_name/Staff`` is every kind of them.
Names are written as in keys of journal lines: a slash in one is ``\/``.
"""

import typing
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

import msgspec

from domain.accounts import BadAccountKey, key_parts, key_text
from domain.money import shown
from domain.refusals import NotFound
from domain.summary import DailySalesSummary
from domain.summary.counting import UNNAMED

Unit = Literal["amount", "count", "quantity", "hours", "percent"]
"""Amounts are whole cents, quantities thousandths, hours and percent decimals."""

Number = int | Decimal
Parts = tuple[str, ...]

NOT_FIGURES: Final = frozenset(
    {"state", "generation", "configuration", "capture", "feeds", "late_changes", "zone", "issues", "comments", "tags"}
)
"""What the summary says beside its figures: where the day stands and where it comes from."""

MAIN: Final = {
    "by_category": "gross",
    "by_category_and_service_type": "gross",
    "by_service_type": "net",
    "by_revenue_center": "net",
    "by_daypart": "net",
    "by_hour": "net",
    "tills": "expected",
    "labor": "pay",
    "remainders": "net",
}
"""The column that a table's name alone stands for; of all others it is the amount."""

_TOLD_APART: Final = {"in_details": ("beside", "in-details"), "affects_cash": ("no-cash", "cash")}
"""Flags that tell rows of one name apart, and how they are written: off, on."""

_MOST_NAMED: Final = 20


class NoSuchFigure(NotFound):
    """The Daily Sales Summary has no figure of that name, or no such row on that day."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a summary.

    Attributes:
        name: as it is asked for.
        unit: what it is counted in.
        value: None where it is unknown.
    """

    name: str
    unit: Unit
    value: Number | None


@dataclass(frozen=True, slots=True)
class Address:
    """Where a figure stands in a summary.

    Attributes:
        field: of the summary, without ``_cents``.
        column: of the table, or empty for a figure that stands for itself.
        names: of the row; fewer than it has stand for all that begin so.
    """

    field: str
    column: str = ""
    names: Parts = ()

    @property
    def name(self) -> str:
        """As it is written."""
        return key_text((f"{self.field}.{self.column}" if self.column else self.field, *self.names))


def text(unit: Unit, value: Number | None) -> str | None:
    """A value as every answer shows it: ``"12.35"``, ``"7.5000"``, ``"3"``."""
    if value is None or isinstance(value, Decimal):
        return None if value is None else str(value)
    if unit == "amount":
        return shown(value)
    if unit == "quantity":
        whole, part = divmod(abs(value), 1000)
        return f"{'-' if value < 0 else ''}{whole}.{part:03d}".rstrip("0").rstrip(".")
    return str(value)


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a table, or a figure that stands for itself: our name, the struct's and the unit."""

    name: str
    field: str
    unit: Unit


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of the summary: its field, what its rows go by, and its columns by name."""

    field: str
    keys: tuple[str, ...]
    columns: dict[str, _Column]


def _column(field: msgspec.structs.FieldInfo) -> _Column | None:
    """The figure that a field holds, or None where it holds none."""
    kinds = set(typing.get_args(field.type)) - {type(None)} or {field.type}
    name = field.name
    if kinds == {Decimal}:
        return _Column(name, name, "percent" if name.endswith("_percent") else "hours")
    if kinds != {int}:
        return None
    for ending, unit in _ENDINGS:
        if name.endswith(ending):
            return _Column(name.removesuffix(ending), name, unit)
    return _Column(name, name, "count")


_ENDINGS: Final[tuple[tuple[str, Unit], ...]] = (("_cents", "amount"), ("_milli", "quantity"))


def _table(field: msgspec.structs.FieldInfo) -> _Table:
    (row, *_) = typing.get_args(field.type)
    fields = msgspec.structs.fields(row)
    keys = tuple([one.name for one in fields if one.type is str or one.name in _TOLD_APART])
    columns = [column for one in fields if (column := _column(one))]
    return _Table(field.name, keys, {column.name: column for column in columns})


_FIELDS: Final = [field for field in msgspec.structs.fields(DailySalesSummary) if field.name not in NOT_FIGURES]
SINGLES: Final = {column.name: column for field in _FIELDS if (column := _column(field))}
"""The figures that stand for themselves."""

TABLES: Final = {field.name: _table(field) for field in _FIELDS if not _column(field)}
"""The tables."""


def address(name: str) -> Address:
    """Where the figure of a name stands.

    Raises:
        NoSuchFigure: no summary has one of that name.
    """
    try:
        head, *names = key_parts(name)
    except BadAccountKey as error:
        raise NoSuchFigure(str(error)) from None
    field, _, column = head.partition(".")
    if head in SINGLES and not names:
        return Address(head)
    table = TABLES.get(field)
    if table is None:
        known = ", ".join([*SINGLES, *[f"{one}/…" for one in TABLES]])
        raise NoSuchFigure(f"The Daily Sales Summary has no figure {name[:80]!r}. It has: {known}.")
    column = column or MAIN.get(field, "amount")
    if column not in table.columns:
        raise NoSuchFigure(f"The table {field} has no column {column[:40]!r}, but: {', '.join(table.columns)}.")
    if not 0 < len(names) <= len(table.keys):
        form = "/".join([field, *[key.upper() for key in table.keys]])
        raise NoSuchFigure(f"{name[:80]!r} names no row of the table {field}: write {form}.")
    return Address(field, column, tuple(names))


def read(summary: DailySalesSummary, where: Address) -> Number | None:
    """What stands there in a summary: of several rows the sum; None where it is unknown or there is no such row."""
    if not where.column:
        found: Number | None = getattr(summary, SINGLES[where.field].field)
        return found
    table = TABLES[where.field]
    column = table.columns[where.column].field
    values: list[Number | None] = [
        getattr(row, column)
        for row in getattr(summary, where.field)
        if _names(table, row, len(where.names)) == where.names
    ]
    known = [value for value in values if value is not None]
    return sum(known[1:], known[0]) if known else None


def find(summary: DailySalesSummary, name: str) -> tuple[Address, Figure]:
    """The figure of a name.

    Raises:
        NoSuchFigure: no summary has one of that name, or this one has no such row.
    """
    where = address(name)
    if where.column:
        table = TABLES[where.field]
        rows = {_names(table, row, len(table.keys)) for row in getattr(summary, where.field)}
        if not any(row[: len(where.names)] == where.names for row in rows):
            some = [Address(where.field, where.column, row).name for row in sorted(rows)]
            listed = ", ".join(some[:_MOST_NAMED]) or "none"
            more = f" and {len(some) - _MOST_NAMED} more" if len(some) > _MOST_NAMED else ""
            raise NoSuchFigure(f"The day has no figure {name[:80]!r}. Of that table it has: {listed}{more}.")
    return where, Figure(where.name, unit_of(where), read(summary, where))


def unit_of(where: Address) -> Unit:
    """What the figure there is counted in."""
    return (TABLES[where.field].columns[where.column] if where.column else SINGLES[where.field]).unit


def figures(summary: DailySalesSummary) -> dict[Address, Number | None]:
    """Every figure of a summary, in the order of the document."""
    found: dict[Address, Number | None] = {}
    for field in _FIELDS:
        single = _column(field)
        if single:
            found[Address(single.name)] = getattr(summary, field.name)
            continue
        table = TABLES[field.name]
        for row in getattr(summary, field.name):
            names = _names(table, row, len(table.keys))
            for column in table.columns.values():
                where = Address(field.name, column.name, names)
                # Names that a source writes in two ways may be one here: then the rows add up.
                found[where] = _sum(found.get(where), getattr(row, column.field))
    return found


def _sum(one: Number | None, other: Number | None) -> Number | None:
    return other if one is None else one if other is None else one + other


def _names(table: _Table, row: Any, many: int) -> Parts:
    """The first names that a row goes by."""
    return tuple([_name(key, getattr(row, key)) for key in table.keys[:many]])


def _name(key: str, value: Any) -> str:
    return _TOLD_APART[key][value] if key in _TOLD_APART else value or UNNAMED
