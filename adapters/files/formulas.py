"""Formulas: what a spreadsheet would run where it stands in a cell of CSV, and how that is written so that it does not.

An apostrophe goes in front of it, as spreadsheets themselves mark a text. Numbers stay as they are, with their signs.
Whoever mends a copy of daybook's and imports it gets back what stood there.
"""

import re
from typing import Final

from adapters.files.reading.batches import REFUSED_ROW, SEPARATOR, Batch

ADDED: Final = "Problems"
"""How the first header of a copy begins."""

_RUNS: Final = re.compile(r"[ \u00a0]*[=+\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20]")
_NUMBER: Final = re.compile(r"[+-]?\$?(\d[\d,]*(\.\d*)?|\.\d+)%?")
_MARK: Final = "'"


def neutral(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; a number is none, whatever its sign."""
    if _RUNS.match(text) and not _NUMBER.fullmatch(text.strip(" ")):
        return _MARK + text
    # What begins so already would lose it when the copy is read.
    return _MARK + text if text.startswith(_MARK) and _RUNS.match(text.lstrip(_MARK)) else text


def is_copy(header: Batch) -> bool:
    """The file is a copy of ours, which somebody mended, or not."""
    return header.records[0].lstrip("\ufeff").startswith(ADDED)


def restored(batch: Batch) -> Batch:
    """Rows of a copy as they were in the file that it is of."""
    return Batch(batch.numbers, [_restored(record) for record in batch.records])


def _restored(record: str) -> str:
    if _MARK not in record or record.startswith(REFUSED_ROW):
        return record
    cells = record.split(SEPARATOR)
    return SEPARATOR.join([cell[1:] if cell.startswith(_MARK) and _marked(cell) else cell for cell in cells])


def _marked(cell: str) -> bool:
    return bool(_RUNS.match(cell.lstrip(_MARK)))
