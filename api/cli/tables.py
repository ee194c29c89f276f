"""Tables and figures of printed reports: 78 columns wide, names to the left, numbers to the right."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

WIDTH: Final = 78

Row = Sequence[str]


def heading(*lines: str) -> list[str]:
    """A title between two rules."""
    return ["=" * WIDTH, *[cut(line, WIDTH) for line in lines], "=" * WIDTH]


def figures(title: str, named: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Names to the left, amounts to the right, and an empty line."""
    yield title
    for name, amount in named:
        yield f"  {cut(name, WIDTH - 22):<{WIDTH - 20}}{cut(amount, 18):>18}"
    yield ""


def table(title: str, heads: Row, rows: Sequence[Row]) -> Iterator[str]:
    """Nothing where there are no rows; the first column is text, the others are numbers."""
    if not rows:
        return
    columns = len(heads)
    width = 14 if columns <= 3 else 11
    first = WIDTH - 2 - columns * width
    for place, row in enumerate([(title, *heads), *rows]):
        indent = "" if place == 0 else "  "
        numbers = "".join(f"{cut(cell, width - 1):>{width}}" for cell in row[1:])
        yield f"{indent}{cut(row[0], first - 1):<{first + 2 - len(indent)}}{numbers}".rstrip()
    yield ""


def amounts(title: str, lines: Iterable[dict[str, Any]]) -> Iterator[str]:
    """A table of lines that have a name, a count and an amount."""
    yield from table(title, ("count", "amount"), [(line["name"], str(line["count"]), line["amount"]) for line in lines])


def cut(text: str, width: int) -> str:
    """The text, printable and at most so wide."""
    text = "".join(letter if letter.isprintable() else "?" for letter in text)
    return text if len(text) <= width else f"{text[: width - 1]}…"


def minus(amount: str) -> str:
    """The amount with the other sign; nothing has none."""
    if amount.strip("-0.") == "":
        return amount
    return amount[1:] if amount.startswith("-") else f"-{amount}"


def known(value: str | None) -> str:
    """The value, or that it is unknown."""
    return "unknown" if value is None else value
