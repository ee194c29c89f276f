"""Journal entries in Sage Intacct's words: a GLBATCH with its lines."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

from adapters.erp.sage_intacct.envelope import Tree, control_id, function
from domain.facts.objects import ObjectType
from domain.outward import EntryDocument, EntryLine
from domain.ports.target import Effect, TargetFailure

ENTRY_TYPES: Final[Mapping[ObjectType, str]] = {
    "sales-entry": "sales",
    "labor-entry": "labor",
    "statistical-entry": "statistical",
}
"""The kind of entry of each type of object."""

MOST_LINES: Final = 1_000
"""Of one entry; the gateway runs out of time with thousands."""

_LONGEST_NUMBER: Final = 20
_LONGEST_TITLE: Final = 80
_LONGEST_MEMO: Final = 1_000


@dataclass(frozen=True, slots=True)
class Books:
    """Where entries are entered.

    Attributes:
        journals: symbol by kind of entry.
        department: of every line; empty for none.
    """

    journals: Mapping[str, str] = field(default_factory=dict)
    department: str = ""


def reference_number(reference: str) -> str:
    """The transaction's reference number: the reference, or its fingerprint where that is longer than it may be."""
    if len(reference) <= _LONGEST_NUMBER:
        return reference
    return "DB" + hashlib.sha256(reference.encode()).hexdigest()[: _LONGEST_NUMBER - 2].upper()


def create_entry(effect: Effect, document: EntryDocument, books: Books) -> str:
    """The function that enters an effect: the entry, the reversal of it, or a difference to it.

    Raises:
        TargetFailure: it cannot be right; nothing was sent.
    """
    location = effect.place.get("location", "")
    if not location:
        message = "The location has no id at Sage Intacct: enter it at the connection."
        raise TargetFailure("unmapped", message)
    lines = _checked(document)
    reverses = effect.step == "reverse"
    title = f"Reversal of {document.title}" if reverses else document.title
    comment = f"{effect.reference} reverses {effect.related}" if reverses and effect.related else effect.reference
    batch: list[Tree] = [
        ("JOURNAL", books.journals[document.kind]),
        ("BATCH_DATE", us_date(effect.date or document.date)),
        ("BATCH_TITLE", title[:_LONGEST_TITLE]),
        ("HISTORY_COMMENT", comment),
        ("REFERENCENO", reference_number(effect.reference)),
        ("ENTRIES", [_line(line, location, books.department, reverses=reverses) for line in lines]),
    ]
    return function(control_id(effect.reference), ("create", [("GLBATCH", batch)]))


def has_lines(effect: Effect, rows: Iterable[Mapping[str, str]]) -> bool:
    """The lines of an entry, as they are read, are those of an effect; as far as they can be read."""
    lines = effect.document.lines if isinstance(effect.document, EntryDocument) else ()
    turn = -1 if effect.step == "reverse" else 1
    wanted = Counter((line.account, turn * _amount(line)) for line in lines if _amount(line))
    try:
        signed = [(row.get("ACCOUNTNO", ""), Decimal(row["TR_TYPE"]) * Decimal(row["TRX_AMOUNT"])) for row in rows]
    except (KeyError, InvalidOperation):
        return True
    return not signed or Counter(signed) == wanted


def us_date(text: str) -> str:
    """``YYYY-MM-DD`` as Sage Intacct writes it.

    Raises:
        TargetFailure: it is no date; nothing was sent.
    """
    try:
        return dt.date.fromisoformat(text).strftime("%m/%d/%Y")
    except ValueError:
        raise TargetFailure("rejected", "The date of the entry is none.") from None


def _checked(document: EntryDocument) -> list[EntryLine]:
    """The lines that say something, if they can be right."""
    statistical = document.kind == "statistical"
    missing = [line.key for line in document.lines if not line.account]
    if missing:
        raise TargetFailure("unmapped", f"No account is set for {_some(missing)}: set it in the client's accounts.")
    for line in document.lines:
        if (line.cents if statistical else line.quantity) != 0:
            raise TargetFailure("rejected", f"The line {line.key!r} is of another kind of entry.")
    if sum(line.cents for line in document.lines) != 0:
        raise TargetFailure("rejected", "The entry does not balance: it is not sent.")
    lines = [line for line in document.lines if line.cents or line.quantity]
    if not lines:
        raise TargetFailure("rejected", "The entry has no lines: there is nothing to send.")
    if len(lines) > MOST_LINES:
        raise TargetFailure("too-large", f"The entry has more than {MOST_LINES:,} lines, the most that are sent.")
    return lines


def _amount(line: EntryLine) -> Decimal:
    return line.quantity or Decimal(line.cents).scaleb(-2)


def _line(line: EntryLine, location: str, department: str, *, reverses: bool) -> Tree:
    amount = _amount(line)
    debit = (amount > 0) != reverses
    parts: list[Tree] = [
        ("ACCOUNTNO", line.account),
        ("TR_TYPE", "1" if debit else "-1"),
        ("TRX_AMOUNT", f"{abs(amount):f}"),
        ("LOCATION", location),
        *([("DEPARTMENT", department)] if department else []),
        ("DESCRIPTION", line.key[:_LONGEST_MEMO]),
    ]
    return ("GLENTRY", parts)


def _some(keys: list[str]) -> str:
    shown: Iterator[str] = (f"«{key[:80]}»" for key in keys[:3])
    return ", ".join(shown) + (f" and {len(keys) - 3} more" if len(keys) > 3 else "")
