"""What differs between two documents, line by line or field by field, for people; personal data is never said."""

from decimal import Decimal
from typing import Final

from domain.facts.objects import LineDifference
from domain.money import shown
from domain.outward.documents import Document, EntryDocument, NoticeDocument, RecordDocument, Shift

SEALED: Final = "(sealed)"
"""Stands for personal data."""


def differing(before: Document, after: Document) -> tuple[LineDifference, ...]:
    """The lines or fields that differ, in the order of their names. Pure."""
    was, now = _plain(before), _plain(after)
    names = sorted({*was, *now})
    return tuple(
        LineDifference(name, _said(name, was), _said(name, now))
        for name in names
        if was.get(name, "") != now.get(name, "")
    )


_HIDDEN: Final = "sealed."


def _said(name: str, words: dict[str, str]) -> str:
    return SEALED if name.startswith(_HIDDEN) and words.get(name) else words.get(name, "")


def _plain(document: Document) -> dict[str, str]:
    if isinstance(document, EntryDocument):
        return _lines(document)
    if isinstance(document, RecordDocument):
        sealed = {f"{_HIDDEN}{name}": value for name, value in document.sealed.items()}
        active = "yes" if document.active else "no"
        return {"id": document.id, "name": document.name, "active": active, **document.fields, **sealed}
    if isinstance(document, NoticeDocument):
        return {name: str(getattr(document, name)) for name in ("state", "generation", "digest")}
    return {shift.id: _shift(shift) for shift in document.shifts}


def _lines(document: EntryDocument) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in document.lines:
        amount = _quantity(line.quantity) if document.kind == "statistical" else _amount(line.cents)
        account = f" in {line.account}" if line.account else " without account"
        found[line.key] = f"{found[line.key]}, {amount}{account}" if line.key in found else f"{amount}{account}"
    return found


def _amount(cents: int) -> str:
    return f"{'debit' if cents > 0 else 'credit'} {shown(abs(cents))}"


def _quantity(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}"


def _shift(shift: Shift) -> str:
    return f"{shift.employee} {shift.job} {shift.starts_at} to {shift.ends_at}"
