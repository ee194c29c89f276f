"""Rows sorted out: those of one kind by their check, kept as slices of their pages and decoded check by check.

As objects they would take several times the memory. The rows of a check come sorted by their bytes, so that whatever is
made of them does not depend on the order of the file.
"""

from collections.abc import Callable, Iterable, KeysView
from typing import Final, Generic, TypeVar

import msgspec

T = TypeVar("T", bound=msgspec.Struct)

_RAW: Final = msgspec.json.Decoder(list[msgspec.Raw])


def sorted_rows(row: type[T], pages: Iterable[bytes]) -> list[T]:
    """All rows of some pages, sorted by their bytes.

    Raises:
        msgspec.DecodeError: a page is not of the contract.
    """
    return _joined(msgspec.json.Decoder(list[row]).decode, [raw for page in pages for raw in _RAW.decode(page)])  # type: ignore[valid-type]


def _joined(decode: Callable[[bytes], list[T]], raws: Iterable[msgspec.Raw]) -> list[T]:
    return decode(b"[" + b",".join(sorted([bytes(raw) for raw in raws])) + b"]")


class ByCheck(Generic[T]):
    """The rows of one kind by check number; the number is text, so ``01`` is not ``1``."""

    def __init__(self, row: type[T], pages: Iterable[bytes], see: Callable[[list[T]], None]) -> None:
        """Sort the rows of all pages out.

        Args:
            row: what a row decodes to; it has ``check``.
            pages: JSON arrays of rows.
            see: told the rows of every page.

        Raises:
            msgspec.DecodeError: a page is not of the contract.
        """
        self._decode: Callable[[bytes], list[T]] = msgspec.json.Decoder(list[row]).decode  # type: ignore[valid-type]
        self._checks: dict[str, list[msgspec.Raw]] = {}
        for page in pages:
            rows = self._decode(page)
            see(rows)
            for found, raw in zip(rows, _RAW.decode(page), strict=True):
                self._checks.setdefault(found.check, []).append(raw)

    @property
    def numbers(self) -> KeysView[str]:
        """The check numbers, each once."""
        return self._checks.keys()

    def of(self, check: str) -> list[T]:
        """The rows of one check, sorted; none where it has none here."""
        raws = self._checks.get(check)
        if raws is None:
            return []
        if len(raws) == 1:
            return self._decode(b"[%b]" % raws[0])
        return _joined(self._decode, raws)
