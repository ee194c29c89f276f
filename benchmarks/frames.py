"""What a user would check a file with if there was no daybook: polars, on all processors."""

import importlib.util
from typing import Any, Final

from benchmarks.measuring import Stopwatch, Taken
from benchmarks.sales import SALES
from domain.business_date import FIRST_YEAR

HOW_TO_INSTALL: Final = "polars is not installed: `make bench` installs it (requirements/bench.txt)."

_LONGEST: Final = {"key": 64, "name": 200}
_PLACES: Final = 4
_MOMENT: Final = "%m/%d/%Y %H:%M:%S"


def installed() -> bool:
    """Whether polars is there."""
    return importlib.util.find_spec("polars") is not None


def check_with_polars(path: str) -> Taken:
    """Read all columns as texts, and count what is wrong: cells that are missing, too long, or no number or time.

    It has less to do than daybook: control characters, card numbers and business days are not looked for, and of what
    is wrong there is a count instead of places and reasons.
    """
    import polars as pl  # noqa: PLC0415 - optional

    watch = Stopwatch()
    with watch.running():
        frame = pl.scan_csv(path, infer_schema=False)
        counted = [*_cells(pl), *_groups(pl)]
        sums = [wrong.sum().alias(f"errors {at}") for at, wrong in enumerate(counted)]
        (found,) = frame.select(pl.len().alias("rows"), *sums).collect(engine="streaming").to_dicts()
    rows = found.pop("rows")
    return Taken(watch.seconds, {"rows": rows, "errors": sum(found.values())})


def _cells(pl: Any) -> list[Any]:
    """For every column an expression of whether its cell is wrong."""
    wrong = []
    for column in SALES.columns:
        text = pl.col(column.name).str.strip_chars()
        empty = _empty(text)
        if column.type == "moment":
            year = text.str.to_datetime(_MOMENT, strict=False).dt.year()
            bad = (year.is_null() & ~empty) | (year < FIRST_YEAR).fill_null(False)
        elif column.type == "money":
            bad = text.cast(pl.Decimal(18, _PLACES), strict=False).is_null() & ~empty
        elif column.type in {"integer", "ordinal"}:
            number = text.cast(pl.Int64, strict=False)
            bad = number.is_null() & ~empty
            bad = bad | (number < 0).fill_null(False) if column.type == "ordinal" else bad
        else:
            bad = text.str.len_chars() > _LONGEST[column.type]
        wrong.append(bad | empty if column.required else bad)
    return wrong


def _groups(pl: Any) -> list[Any]:
    """For every column that a modifier, a comp or a promo needs, whether it is missing in a row that has one."""
    wrong = []
    for prefix in ("ItemSale_Mod", "ItemSale_Comp_", "ItemSale_Promo_"):
        names = [name for name in SALES.headers if name.startswith(prefix)]
        needed = names if prefix.endswith("Mod") else [name for name in names if name.endswith(("Name", "Amount"))]
        needed = [name for name in needed if "RevenueCenter" not in name]
        empty = {name: _empty(pl.col(name).str.strip_chars()) for name in names}
        some = pl.any_horizontal([~one for one in empty.values()])
        wrong += [some & empty[name] for name in needed]
    return wrong


def _empty(text: Any) -> Any:
    return text.is_null() | (text == "")
