"""Problems: what is wrong with a file, a row or a cell, in words for a person and a code for a program."""

from typing import Final, Literal

import msgspec

Severity = Literal["error", "warning"]

CODES: Final[dict[str, str]] = {
    # The file.
    "empty-file": "it has no rows at all",
    "no-rows": "it has a header and no rows: it says that there are none (a warning)",
    "not-a-table": "it is neither CSV nor xlsx",
    "old-excel": "it is an xls file of old Excel",
    "damaged": "it cannot be unpacked, or ends early",
    "encoding": "a cell, or the whole file, is not UTF-8",
    "delimiter": "its cells are separated by something else than commas",
    "too-large": "it is past a limit on bytes, rows or columns",
    "too-many-dates": "it has rows of more business days than one file may have",
    "bomb": "its zipped parts unpack to far more than they may",
    "sheets": "no sheet of the workbook, or more than one, has rows",
    "markup": "the XML of the workbook is not well-formed, or declares a document type",
    "unknown-kind": "neither its name nor its headers say what it is",
    "two-files": "a session has two files of the same kind and date",
    # The header.
    "missing-column": "a required column is not there",
    "duplicate-column": "a column is there twice",
    "unknown-column": "a column is not one of the kind's; it is not kept (a warning)",
    # A row.
    "bad-quotes": "its quotes do not pair up",
    "too-few-cells": "it has fewer cells than the header: it may be cut off",
    "too-many-cells": "it has more cells than the header: a comma may lack its quotes",
    "duplicate-key": "another row has the same number",
    "outside-date": "it belongs to another business day than the one asked for",
    "required-together": "a comp, promo or modifier lacks one of its columns",
    "out-before-in": "a clock-out lies before its clock-in",
    "dates-differ": "a clock-in date is not that of the clock-in time",
    "contradiction": "two cells cannot both be so",
    # A cell.
    "required": "it is empty and must not be",
    "too-long": "it has more characters than the column takes",
    "control-character": "it has a NUL or another control character",
    "card-number": "it has what looks like a card number, which daybook must not hold",
    "more-than-four-digits": "of a card only the last four digits may be given",
    "not-an-amount": "it is no decimal number",
    "not-an-integer": "it is no whole number",
    "negative": "it cannot be negative",
    "too-big": "the number is larger than any that is kept",
    "not-a-flag": "it is none of True, False, 1 and 0",
    "not-a-rate-type": "it is neither Percentage nor Fixed",
    "not-a-date": "it is not written like a date of the column",
    "no-such-date": "the calendar or the clock does not have it",
    "no-time": "the time of day is missing; midnight is taken (a warning)",
    "formula": "the cell of the workbook holds a formula",
    "cell-error": "the cell of the workbook holds an error",
    "date-as-text": "the cell of the workbook holds a date where a text is expected",
}
"""All codes of problems that reading can find; those of the caller's ``date_of`` come beside them."""

SHOWN_CHARACTERS: Final = 40


class Problem(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One problem.

    Attributes:
        severity: an ``error`` keeps the file out, a ``warning`` does not.
        row: the number that a spreadsheet shows, where the header is 1; 0 for the whole file.
        column: the official name, or the header that the file has; empty for the whole row.
        value: what stands there, cut to 40 characters; empty where it must not be shown.
        code: one of :data:`CODES`.
        reason: a sentence.
    """

    severity: Severity
    row: int
    column: str
    value: str
    code: str
    reason: str

    def __str__(self) -> str:
        """One line for a person."""
        place = f"row {self.row}" if self.row else "file"
        if self.column:
            place += f", {self.column}"
        value = f' "{self.value}"' if self.value else ""
        return f"{self.severity}: {place}{value}: {self.reason} [{self.code}]"


class BadCell(Exception):
    """A cell that is not what its column takes."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class DoubtfulCell(BadCell):
    """A cell that is taken, with a warning.

    Attributes:
        text: its canonical text.
    """

    def __init__(self, code: str, reason: str, text: str) -> None:
        super().__init__(code, reason)
        self.text = text


class Unreadable(Exception):
    """The file cannot be read on, and nothing more can be said about it; becomes an error of its report."""

    def __init__(self, code: str, reason: str, row: int = 0) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.row = row


def shown(text: str) -> str:
    """A cell's text as it may stand in a message: trimmed, on one line, cut to 40 characters.

    Control characters are written as escapes, and bytes that are no UTF-8 as the replacement character.
    """
    text = text.strip()
    cut = text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
    if cut.isprintable():
        return cut
    return "".join(_printable(character) for character in cut)[: 2 * SHOWN_CHARACTERS]


def _printable(character: str) -> str:
    if "\ud800" <= character <= "\udfff":
        return "\ufffd"
    if character.isprintable() or (character.isspace() and not character < " "):
        return character
    return character.encode("unicode_escape").decode()
