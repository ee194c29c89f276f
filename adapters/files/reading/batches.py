"""What the readers of CSV and xlsx hand over: batches of records, all alike whatever the file was."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, Protocol

SEPARATOR: Final = "\x1f"
"""Between the cells of a record."""

END: Final = "\x1e"
"""Never in a record: the checker puts it between records."""

TYPED_DATE: Final = "\x02"
"""Starts the text of a date cell of a workbook; an ISO date and time follows."""

REFUSED: Final = "\x03"
"""Starts what stands in place of a cell that a reader refuses: a code follows, then a space and the text."""

REFUSED_ROW: Final = "\x04"
"""Starts what stands in place of a whole record that a reader refuses, in the same way."""

OURS: Final = (SEPARATOR, END, TYPED_DATE, REFUSED, REFUSED_ROW)

_SUBSTITUTES: Final = str.maketrans(dict.fromkeys(OURS, "\x1a"))


class Batch(NamedTuple):
    """Some records of a file.

    Attributes:
        numbers: the row number of each, as a spreadsheet shows it.
        records: the cells of each row, joined by :data:`SEPARATOR`.
    """

    numbers: Sequence[int]
    records: list[str]


class Table(Protocol):
    """An opened file."""

    def header(self) -> Batch:
        """The first row that is not empty, alone in a batch.

        Raises:
            Unreadable: there is none, or the file cannot be read.
        """
        ...

    def batches(self) -> Iterator[Batch]:
        """The rows after the header.

        Raises:
            Unreadable: the file cannot be read on.
        """
        ...

    def digest(self) -> tuple[str, int]:
        """SHA-256 of the file's bytes, hex, and how many there are; reads the rest of the file where there is one.

        Raises:
            Unreadable: the file is too large or damaged.
        """
        ...


def without_ours(text: str) -> str:
    """The text with our control characters replaced by another one, which the checker refuses like any."""
    if any(mark in text for mark in OURS):
        return text.translate(_SUBSTITUTES)
    return text
