"""Cells: the canonical text that each type of column makes of what is written, or what is wrong with it."""

import re
from collections.abc import Callable
from typing import Final

from adapters.files.checking import times
from adapters.files.checking.cards import SHORTEST, holds_card_number
from adapters.files.kinds.columns import Column, Type
from adapters.files.problems import BadCell, DoubtfulCell
from adapters.files.reading.batches import REFUSED, TYPED_DATE
from domain.money import NotAnAmount, scaled

KEY_CHARACTERS: Final = 64
NAME_CHARACTERS: Final = 200

Parser = Callable[[str], str]

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_NOT_UTF8: Final = re.compile(r"[\ud800-\udfff]")
_WHOLE: Final = re.compile(r"([+-]?)([0-9]{1,12})(?:\.0*)?")
_DECIMAL: Final = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?")
_MOST_WHOLE: Final = 10**9
_SURELY_KEPT: Final = 8  # digits before the point: far below what the domain refuses, whatever the scale
_FLAGS: Final = {"true": "true", "1": "true", "false": "false", "0": "false"}
_RATE_TYPES: Final = {"percentage": "Percentage", "fixed": "Fixed"}
_REASONS: Final = {
    "formula": "The cell holds a formula; copy the column and paste it as values.",
    "cell-error": "The cell holds an error or what is no value of a workbook.",
}


def parser_for(column: Column, cell_characters: int) -> Parser:
    """What checks the cells of a column.

    It takes a cell as written and answers its canonical text: trimmed; numbers without sign, zeros and point that say
    nothing; dates as ``YYYY-MM-DDTHH:MM:SS``; ``true`` or ``false``; an empty text for an empty cell.

    It raises :class:`~adapters.files.problems.BadCell` for a cell that the column does not take, and
    :class:`~adapters.files.problems.DoubtfulCell` for one that it takes with a warning.
    """
    typed = _TYPED[column.type]
    most = min(cell_characters, _LONGEST.get(column.type, cell_characters))
    required = column.required
    name = column.name

    def parse(cell: str) -> str:
        if len(cell) < SHORTEST and cell.isalnum() and cell.isascii():
            return typed(cell)  # nothing else can be wrong with it
        text = cell.strip()
        if not text:
            if required:
                raise BadCell("required", f"{name} must not be empty.")
            return ""
        if not (cell.isascii() and cell.isprintable()):
            check_characters(cell)
        if len(text) >= SHORTEST and holds_card_number(text):
            raise BadCell("card-number", "It looks like a card number: daybook takes the last four digits only.")
        if len(text) > most:
            raise BadCell("too-long", f"It has {len(text)} characters; {name} takes {most}.")
        return typed(text)

    return parse


def unknown_cell(cell: str) -> str:
    """Checks a cell of a column that is not kept: nothing of it may hurt, and no card number passes unseen.

    Raises:
        BadCell: it does not hold text, or holds a card number.
    """
    if not (cell.isascii() and cell.isprintable()):
        check_characters(cell)
    if holds_card_number(cell):
        raise BadCell("card-number", "It looks like a card number, in a column that daybook does not know.")
    return ""


def check_characters(cell: str) -> None:
    """Refuse what is no text.

    Raises:
        BadCell: the reader refused the cell; it has bytes that are no UTF-8, or control characters. Tabs and line ends
            are let pass: they may stand around a cell, and inside a text.
    """
    if cell.startswith(REFUSED):
        code = cell[1:].partition(" ")[0]
        raise BadCell(code, _REASONS[code])
    if _NOT_UTF8.search(cell):
        raise BadCell("encoding", "It has bytes that are not UTF-8: save the file as CSV UTF-8.")
    if _CONTROL.search(cell.removeprefix(TYPED_DATE)):
        raise BadCell("control-character", "It has a control character: a NUL, or another one that no text has.")


def _key(text: str) -> str:
    return _name(text)


def _digits(text: str) -> str:
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise BadCell("not-an-integer", "It is a number of digits only, kept as written: 01 is not 1.")
    return text


def _name(text: str) -> str:
    if not text.isprintable():
        _no_date(text)
        if "\n" in text or "\t" in text:
            raise BadCell("control-character", "It has a tab or a line end inside; here it must stand on one line.")
    return text


def _text(text: str) -> str:
    if text.startswith(TYPED_DATE):
        _no_date(text)
    return text


def _no_date(text: str) -> None:
    if text.startswith(TYPED_DATE):
        raise BadCell("date-as-text", "The workbook holds a date here: format the cell as text and type it again.")


def _last_four(text: str) -> str:
    if sum(character.isdigit() for character in text) > 4:
        raise BadCell("more-than-four-digits", "Of a card only its last four digits may be given.")
    return _name(text)


def _money(text: str) -> str:
    return _plain(text, 100)


def _price(text: str) -> str:
    return _not_negative(_plain(text, 100))


def _measure(text: str) -> str:
    return _not_negative(_plain(text, 1_000))


def _not_negative(text: str) -> str:
    if text.startswith("-"):
        raise BadCell("negative", "It cannot be negative.")
    return text


def _plain(text: str, scale: int) -> str:
    """A decimal number without sign, zeros and point that say nothing: ``+01.50`` is ``1.5``, ``-0.0`` is ``0``."""
    found = _DECIMAL.fullmatch(text)
    if found is None or not (found[2] or found[3]) or len(text) > 32:
        raise BadCell("not-an-amount", _no_number(text))
    whole = found[2].lstrip("0") or "0"
    if len(whole) > _SURELY_KEPT:
        _check_size(text, scale)
    part = (found[3] or "").rstrip("0")
    number = f"{whole}.{part}" if part else whole
    return f"-{number}" if found[1] == "-" and number != "0" else number


def _check_size(text: str, scale: int) -> None:
    try:
        scaled(text, scale)
    except NotAnAmount:
        raise BadCell("too-big", "It is larger than any amount that daybook keeps.") from None


def _no_number(text: str) -> str:
    """What is wrong with a number, as a hint that repeats nothing of it."""
    if "," in text:
        hint = "with a point for decimals and nothing between thousands"
    elif text.startswith("("):
        hint = "with a minus sign instead of parentheses"
    elif "%" in text:
        hint = "without a percent sign"
    elif any(sign in text for sign in "$€£¥"):
        hint = "without a currency sign"
    elif text[:1].isdigit() and "e" in text.lower():
        hint = "without an exponent"
    else:
        hint = "and nothing else"
    return f"It is not a decimal number: write it like 1234.50 or -1234.50, {hint}."


def _integer(text: str) -> str:
    found = _WHOLE.fullmatch(text)
    if found is None:
        raise BadCell("not-an-integer", "It is not a whole number: write it like 2 or -2.")
    number = int(found[2])
    if number >= _MOST_WHOLE:
        raise BadCell("too-big", "It is larger than any number that is counted here.")
    return f"-{number}" if found[1] == "-" and number else str(number)


def _ordinal(text: str) -> str:
    return _not_negative(_integer(text))


def _flag(text: str) -> str:
    found = _FLAGS.get(text.lower())
    if found is None:
        raise BadCell("not-a-flag", "It is one of True, False, 1 and 0.")
    return found


def _rate_type(text: str) -> str:
    found = _RATE_TYPES.get(text.lower())
    if found is None:
        raise BadCell("not-a-rate-type", "It is Percentage or Fixed.")
    return found


def _moment(text: str) -> str:
    found, timed = times.moment(text)
    if not timed:
        raise DoubtfulCell("no-time", "It has a date and no time of day: midnight is taken.", found)
    return found


def _day(text: str) -> str:
    return times.moment(text)[0]


_TYPED: Final[dict[Type, Parser]] = {
    "key": _key,
    "digits": _digits,
    "name": _name,
    "text": _text,
    "last-four": _last_four,
    "money": _money,
    "price": _price,
    "measure": _measure,
    "integer": _integer,
    "ordinal": _ordinal,
    "flag": _flag,
    "rate-type": _rate_type,
    "moment": _moment,
    "day": _day,
    "birthdate": times.birthdate,
}

_LONGEST: Final[dict[Type, int]] = {"key": KEY_CHARACTERS, "name": NAME_CHARACTERS, "last-four": KEY_CHARACTERS}
