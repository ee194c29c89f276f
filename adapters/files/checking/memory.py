"""What was checked once is not checked again: the cells of a column that were seen, and what they come to."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from adapters.files.checking.cards import SHORTEST
from adapters.files.checking.cells import Parser
from adapters.files.checking.times import time_of_day, us_date
from adapters.files.kinds.rules import EMPTY
from adapters.files.problems import BadCell, DoubtfulCell

_PLAIN_MINUTE: Final = re.compile(r"[0-9]{2}/[0-9]{2}/[0-9]{4} [0-9]{2}:[0-9]{2}")
_SECONDS: Final = {f":{second:02d}": f':{second:02d}"' for second in range(60)}
_MOST_MINUTES: Final = 60_000

_encode: Final = msgspec.json.Encoder().encode


class Memory(dict[str, str]):
    """Cells as written → canonical JSON text, filled as it is asked.

    A cell that is not taken, or with a warning only, is never remembered: asking for it answers an empty text and sets
    :attr:`stumbled`, whereupon the batch is looked at row by row.

    Args:
        parse: makes the canonical text of a cell.
        verbatim: letters and digits are taken as they are written.

    Attributes:
        parse: as given.
        stumbled: there was something to say about a cell since this was last reset.
    """

    __slots__ = ("_verbatim", "parse", "stumbled")

    def __init__(self, parse: Parser, *, verbatim: bool = False) -> None:
        super().__init__()
        self.parse = parse
        self._verbatim = verbatim
        self.stumbled = False

    def __missing__(self, cell: str) -> str:
        if self._verbatim and len(cell) < SHORTEST and cell.isalnum() and cell.isascii():
            text = f'"{cell}"'
        else:
            try:
                text = quoted(self.parse(cell))
            except BadCell:
                self.stumbled = True
                return EMPTY
        self[cell] = text
        return text

    def column(self, cells: Sequence[str]) -> list[str]:
        """The canonical JSON texts of cells."""
        return list(map(self.__getitem__, cells))

    def told(self, cell: str) -> tuple[str, BadCell | None]:
        """The canonical JSON text of a cell, and what there is to say about it."""
        known = self.get(cell)
        if known is not None:
            return known, None
        try:
            return quoted(self.parse(cell)), None
        except DoubtfulCell as doubtful:
            return quoted(doubtful.text), doubtful
        except BadCell as bad:
            return EMPTY, bad

    def forget(self, most: int) -> None:
        """Start anew where more is remembered than may be."""
        if len(self) > most:
            self.clear()


class Moments(Memory):
    """The same of a column of times, of which there are many: minutes that were seen are put together with seconds.

    Args:
        parse: makes the canonical text of a cell.
        minutes: shared by all columns of a file.
    """

    __slots__ = ("_minutes",)

    def __init__(self, parse: Parser, minutes: "Minutes") -> None:
        super().__init__(parse)
        self._minutes = minutes

    def column(self, cells: Sequence[str]) -> list[str]:
        """The canonical JSON texts of cells."""
        minutes, seconds = self._minutes, _SECONDS
        try:
            return [minutes[cell[:16]] + seconds[cell[16:]] for cell in cells]
        except KeyError:
            return super().column(cells)

    def __missing__(self, cell: str) -> str:
        try:
            return self._minutes[cell[:16]] + _SECONDS[cell[16:]]
        except KeyError:
            return super().__missing__(cell)


class Minutes(dict[str, str]):
    """``mm/dd/yyyy hh:mm`` → the beginning of a canonical JSON text; a KeyError for what is written otherwise."""

    def __missing__(self, minute: str) -> str:
        if not _PLAIN_MINUTE.fullmatch(minute):
            raise KeyError(minute)
        try:
            text = f'"{us_date(minute[:10])}{time_of_day(minute[11:])[:6]}'
        except BadCell:
            raise KeyError(minute) from None
        if len(self) > _MOST_MINUTES:
            self.clear()
        self[minute] = text
        return text


def quoted(text: str) -> str:
    """A text as canonical JSON."""
    return f'"{text}"' if text.isalnum() else _encode(text).decode()


def unquoted(text: str) -> str:
    """The text of canonical JSON."""
    return text[1:-1] if "\\" not in text else str(msgspec.json.decode(text))
