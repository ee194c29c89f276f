"""The header of a file: which of its columns is which official one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from adapters.files.checking.cards import without_card_numbers
from adapters.files.checking.cells import check_characters
from adapters.files.kinds import Kind
from adapters.files.limits import Limits
from adapters.files.problems import BadCell, Problem, Unreadable, shown
from adapters.files.reading.batches import OURS, REFUSED_ROW, SEPARATOR

_OTHER_DELIMITERS: Final = {";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns of a kind stand in a file.

    Attributes:
        row: the number of the header's row.
        width: cells of a row, up to the last that has a header.
        at: where each official column stands that the file has.
        unknown: where columns stand that are not of the kind, by what their headers say.
        problems: what is wrong with it.
    """

    row: int
    width: int
    at: dict[str, int]
    unknown: dict[int, str]
    problems: tuple[Problem, ...]


def normal(header: str) -> str:
    """A header as it is compared: without case, spaces around it and a byte order mark."""
    return header.strip().strip("\ufeff").strip().casefold()


def spellings(kind: Kind) -> dict[str, str]:
    """Every accepted spelling of a kind's columns, normal, and the official name."""
    return {normal(name): column.name for column in kind.columns for name in (column.name, *column.aliases)}


def read_header(row: int, record: str, kind: Kind, limits: Limits) -> Header:
    """The header of a file of some kind.

    Raises:
        Unreadable: it has too many columns, its quotes do not pair up, or its cells are separated by something else
            than commas.
    """
    if record.startswith(REFUSED_ROW):
        raise Unreadable("bad-quotes", "The quotes of the header do not pair up.", row)
    cells = record.split(SEPARATOR)
    while cells and not cells[-1].strip():
        cells.pop()
    if len(cells) > limits.columns:
        raise Unreadable("too-large", f"The header has {len(cells)} columns; at most {limits.columns} are read.", row)
    known = spellings(kind)
    _check_delimiter(row, cells, known)
    at: dict[str, int] = {}
    unknown: dict[int, str] = {}
    problems: list[Problem] = []
    for index, cell in enumerate(cells):
        name = known.get(normal(cell))
        if name is None:
            unknown[index] = _label(cell)
            problems.extend(_unknown(row, index, cell, unknown[index], kind))
        elif name in at:
            problems.append(
                Problem(
                    "error",
                    row,
                    name,
                    shown(cell),
                    "duplicate-column",
                    f"The column {name} is there twice, as column {at[name] + 1} and {index + 1}.",
                )
            )
        else:
            at[name] = index
    problems.extend(_missing(row, at, kind))
    return Header(row, len(cells), at, unknown, tuple(problems))


def _check_delimiter(row: int, cells: list[str], known: dict[str, str]) -> None:
    """Refuse a header that only makes sense with another delimiter."""
    together = SEPARATOR.join(cells)
    mine = sum(normal(cell) in known for cell in cells)
    for delimiter, noun in _OTHER_DELIMITERS.items():
        if sum(normal(cell) in known for cell in together.split(delimiter)) > max(mine, 1):
            raise Unreadable(
                "delimiter", f"The cells are separated by {noun}: save the file as CSV with commas between them.", row
            )


def _label(cell: str) -> str:
    """What a header that is not known may be called in messages."""
    text = "".join(" " if mark in OURS else mark for mark in cell)
    return shown(without_card_numbers(text))


def _unknown(row: int, index: int, cell: str, label: str, kind: Kind) -> Iterator[Problem]:
    """A header that is no text is an error; a column without a name is none as long as it is empty."""
    try:
        check_characters(cell)
    except BadCell as bad:
        yield Problem("error", row, f"column {index + 1}", "", bad.code, bad.reason)
        return
    if label:
        reason = f"{kind.title} has no column of this name; it is not kept."
        yield Problem("warning", row, label, "", "unknown-column", reason)


def _missing(row: int, at: dict[str, int], kind: Kind) -> Iterator[Problem]:
    for name in kind.required:
        if name not in at:
            yield Problem(
                "error",
                row,
                name,
                "",
                "missing-column",
                f"{kind.title} needs the column {name}, which is not there.",
            )
    if kind.one_of and not any(all(name in at for name in choice) for choice in kind.one_of):
        choices = ", or ".join(" and ".join(choice) for choice in kind.one_of)
        yield Problem(
            "error", row, kind.one_of[0][0], "", "missing-column", f"{kind.title} needs the columns {choices}."
        )
