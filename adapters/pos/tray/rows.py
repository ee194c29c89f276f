"""Rows of a JSON array, one by one while its bytes arrive, so that a day of any size needs the memory of a page."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from adapters.pos.tray.strict import MOST_NESTING, NotStrict
from domain.ports.source import SourceFailure

MOST_ROW_BYTES: Final = 4 * 2**20

# Everything up to the next bracket that is not inside a string. A string that is not all there yet makes no match.
_TO_BRACKET: Final = re.compile(rb'[^"\[\]{}]*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"[^"\[\]{}]*+)*+[\[\]{}]', re.DOTALL)
_SPACE: Final = b" \t\r\n"
_OPENING: Final = frozenset({b"[", b"{"})


def rows_of(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes of each row of a JSON array of objects; whether a row is JSON itself is left to who decodes it.

    Raises:
        NotStrict: it is no array of objects, has anything beside them, or a row that is too deep.
        SourceFailure: ``too-large``: a row is.
    """
    splitter = _Splitter()
    for piece in pieces:
        yield from splitter.feed(piece)
    splitter.end()


class _Splitter:
    """Follows the brackets through the pieces."""

    def __init__(self) -> None:
        self._rest = b""
        self._scanned = 0  # of the rest, up to and with the last bracket
        self._row_at = -1  # where in the rest the row at hand begins; -1 between rows
        self._depth = 0
        self._rows = 0
        self._ended = False

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """The rows that end in this piece."""
        rest = self._rest + piece
        while found := _TO_BRACKET.match(rest, self._scanned):
            before, self._scanned = self._scanned, found.end()
            bracket = rest[self._scanned - 1 : self._scanned]
            opens = bracket in _OPENING
            self._depth += 1 if opens else -1
            if self._depth == 1 and not opens and self._row_at >= 0:
                yield rest[self._row_at : self._scanned]
                self._rows += 1
                self._row_at = -1
            elif self._row_at < 0:
                self._enter(bracket, rest[before : self._scanned - 1].strip(_SPACE))
            elif self._depth > MOST_NESTING:
                raise NotStrict("it is nested too deeply")
        begin = self._scanned if self._row_at < 0 else self._row_at
        self._rest = rest[begin:]
        self._scanned -= begin
        self._row_at = min(self._row_at, 0)
        if len(self._rest) > MOST_ROW_BYTES:
            raise SourceFailure("too-large", f"A row, or what is between two, has more than {MOST_ROW_BYTES:,} bytes.")

    def _enter(self, bracket: bytes, between: bytes) -> None:
        """The array begins, a row begins, or the array ends; anything else does not belong between rows."""
        if self._depth == 2 and bracket == b"{" and between == (b"," if self._rows else b""):
            self._row_at = self._scanned - 1
        elif between or self._ended or (self._depth, bracket) not in {(1, b"["), (0, b"]")}:
            raise NotStrict("it is not an array of rows")
        else:
            self._ended = bracket == b"]"

    def end(self) -> None:
        """No more pieces: the array has ended, and nothing came after it."""
        if not self._ended or self._rest.strip(_SPACE):
            raise NotStrict("it ends early, or goes on after its end")
