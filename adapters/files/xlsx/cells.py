"""Cells of a workbook as the texts that the same table would have as CSV."""

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Final

from openpyxl.utils.datetime import from_excel

from adapters.files.reading.batches import REFUSED, TYPED_DATE, without_ours
from adapters.files.xlsx.parts import GENERAL, Book, Format

_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_WHOLE: Final = re.compile(r"-?[0-9]{1,40}")
_DIGITS: Final = 15
"""Significant digits that a spreadsheet keeps and shows; what a cell stores past them is noise of binary fractions."""


def cell_text(book: Book, kind: str, style: int, value: str) -> str:
    """The text of a cell.

    Numbers are written plainly with up to 15 digits, with the zeros in front that a format like 00000 shows, and with
    their percent sign. Dates get a mark of their own, because how a date is written depends on the column. A cell that
    holds an error is refused.

    Args:
        book: its shared texts, formats and epoch.
        kind: the cell's ``t``: ``n``, ``s``, ``b``, ``d``, ``e``, ``str`` or ``inlineStr``.
        style: the cell's ``s``.
        value: what it stores.
    """
    match kind:
        case "s":
            at = int(value) if value.isdecimal() and len(value) < 9 else len(book.texts)
            return _plain(book.texts[at]) if at < len(book.texts) else f"{REFUSED}cell-error {value[:20]}"
        case "b":
            return {"1": "true", "0": "false"}.get(value, f"{REFUSED}cell-error {value[:20]}")
        case "e":
            return f"{REFUSED}cell-error {without_ours(value)[:20]}"
        case "d":
            return _iso(value)
        case "n":
            return number_text(value, book.formats[style] if style < len(book.formats) else GENERAL, book.epoch)
        case _:
            return _plain(value)


def number_text(value: str, form: Format, epoch: dt.datetime) -> str:
    """The text of a number of some format."""
    try:
        number = Decimal(value) if _WHOLE.fullmatch(value) else Decimal(f"{float(value):.{_DIGITS}g}")
    except (ValueError, InvalidOperation):
        return f"{REFUSED}cell-error {without_ours(value)[:20]}"
    if not number.is_finite() or (number and abs(number.adjusted()) > 40):
        return f"{REFUSED}cell-error {without_ours(value)[:20]}"
    match form.meaning:
        case "date" | "duration":
            return _serial(float(number), duration=form.meaning == "duration", epoch=epoch)
        case "percent":
            return f"{(number * 100).normalize():f}%"
        case _:
            text = f"{number:f}"
            return text.zfill(form.digits) if text.isdecimal() else text


def _serial(number: float, *, duration: bool, epoch: dt.datetime) -> str:
    try:
        found = from_excel(number, epoch, timedelta=duration)
        if isinstance(found, dt.datetime):
            return TYPED_DATE + (found + dt.timedelta(milliseconds=500)).isoformat(timespec="seconds")
    except (OverflowError, ValueError):
        return f"{REFUSED}cell-error {number}"
    return str(found)  # a time of day, or hours, without a date: no column takes it but a text


def _iso(value: str) -> str:
    try:
        found = dt.datetime.fromisoformat(value.removesuffix("Z"))
    except ValueError:
        return f"{REFUSED}cell-error {without_ours(value)[:20]}"
    return TYPED_DATE + found.replace(tzinfo=None).isoformat(timespec="seconds")


def _plain(text: str) -> str:
    """A text with its escapes (``_x000D_``) resolved and its line ends made newlines."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return without_ours(text.replace("\r\n", "\n").replace("\r", "\n"))
