"""Rows sorted out: those of one kind by their check, kept as bytes and decoded check by check.

A day may have a million rows of Sales Detail: as objects they would take several times the memory of their pages, as
slices of these they take little. The rows of a check come sorted by their bytes, so that whatever is made of them does
not depend on the order of the file.
"""

from collections.abc import Callable, Iterable, KeysView
from typing import Any, Final, Generic, TypeVar

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

    def __init__(
        self, row: type[T], pages: Iterable[bytes], see: Callable[[list[Any]], None], head: type[Any] | None = None
    ) -> None:
        """Sort the rows of all pages out.

        Args:
            row: what a row decodes to.
            pages: JSON arrays of rows.
            see: told the heads of every page.
            head: the part of a row that sorting needs, if that is less than all: it has ``check``.

        Raises:
            msgspec.DecodeError: a page is not of the contract.
        """
        self._decode: Callable[[bytes], list[T]] = msgspec.json.Decoder(list[row]).decode  # type: ignore[valid-type]
        decode_heads = msgspec.json.Decoder(list[head or row]).decode  # type: ignore[misc]
        self._checks: dict[str, list[msgspec.Raw]] = {}
        for page in pages:
            heads = decode_heads(page)
            see(heads)
            self._gather(heads, _RAW.decode(page))

    def _gather(self, heads: list[Any], raws: list[msgspec.Raw]) -> None:
        checks = self._checks
        rows: list[msgspec.Raw] = []
        last = None
        for head, raw in zip(heads, raws, strict=True):
            if head.check != last:  # rows of one check mostly stand together
                last = head.check
                rows = checks.get(last) or checks.setdefault(last, [])
            rows.append(raw)

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
