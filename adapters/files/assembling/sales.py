"""Rows of Sales Detail by their check: what they say of it is read once, and they are kept as bytes until it is due.

The rows of a check begin with the same cells and stand together, as a rule: so a row that begins like the one before is
only cut there. All is kept as bytes: a day may have a million rows, and as objects they would take several times that.
"""

from collections.abc import Iterable, KeysView
from typing import Final, NamedTuple

import msgspec

from adapters.files.assembling.rows import SaleHead, SaleRow
from domain.ports.captures import Page

_head: Final = msgspec.json.Decoder(SaleHead).decode
_rows: Final = msgspec.json.Decoder(list[SaleRow]).decode
_cells: Final = msgspec.json.Decoder(list[str]).decode
_page: Final = msgspec.json.Decoder(list[list[str]]).decode
_encode: Final = msgspec.json.Encoder().encode
_WIDTH: Final = len(SaleHead.__struct_fields__) + len(SaleRow.__struct_fields__)


class Told(NamedTuple):
    """Rows of one check that say the same of it.

    Attributes:
        head: what they say of it.
        rows: the rest of them, sorted by their bytes.
    """

    head: SaleHead
    rows: list[SaleRow]


class Sales:
    """The rows of Sales Detail by check number; the number is text, so ``01`` is not ``1``."""

    def __init__(self, pages: Iterable[Page]) -> None:
        """Sort the rows of all pages out.

        Raises:
            msgspec.DecodeError: a page is not of the contract.
        """
        # By check and by the bytes that rows of it begin with: what follows these, of each row.
        self._checks: dict[str, dict[bytes, list[bytes]]] = {}
        beginning, length = b"\0", 0
        rest: list[bytes] = []
        for page in pages:
            for row in _rows_of(page):
                if row.startswith(beginning):
                    rest.append(row[length:])
                    continue
                check, beginning, following = _taken_apart(row)
                length = len(beginning)
                rest = self._checks.setdefault(check, {}).setdefault(beginning, [])
                rest.append(following)

    @property
    def numbers(self) -> KeysView[str]:
        """The check numbers, each once."""
        return self._checks.keys()

    def of(self, check: str) -> list[Told]:
        """The rows of one check, sorted by their bytes, those with the same head together; none where it has none."""
        told = self._checks.get(check, {})
        return [
            Told(_head(b"[%b]" % beginning[:-1]), _rows(b"[[%b]]" % b"],[".join(sorted(rest))))
            for beginning, rest in sorted(told.items())
        ]


def _rows_of(page: Page) -> list[bytes]:
    """The rows of a page as JSON arrays without their brackets."""
    data = page.data
    if data.startswith(b"[[") and data.endswith(b"]]"):
        # Between rows there is just this. A cell may have it too, and then there are more pieces than rows.
        rows = data[2:-2].split(b"],[")
        if len(rows) == page.rows:
            return rows
    return [_encode(cells)[1:-1] for cells in _page(data)]


def _taken_apart(row: bytes) -> tuple[str, bytes, bytes]:
    """The check number of a row, the bytes of its head with the comma behind it, and what follows."""
    head = _head(b"[%b]" % row)
    beginning = _encode(head)[1:-1] + b","
    if not row.startswith(beginning):  # nobody but us writes pages, and always so; others may write the same otherwise
        cells = _cells(b"[%b]" % row)
        row = _encode(cells + [""] * (_WIDTH - len(cells)))[1:-1]
    return head.check_number, beginning, row[len(beginning) :]
