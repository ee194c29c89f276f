"""Names: how a comment holds the reference of what was posted, so that it is found again."""

import hashlib
from typing import Final

from adapters.erp.office_24seven.wire import LONGEST_COMMENT

_LONGEST_REFERENCE: Final = 60
_DIGITS: Final = 40


def mark_of(reference: str) -> str:
    """What stands first in the comment: the reference, or where it is too long for a comment its fingerprint."""
    if len(reference) <= _LONGEST_REFERENCE and not any(letter.isspace() for letter in reference):
        return reference
    return f"daybook:{hashlib.sha256(reference.encode()).hexdigest()[:_DIGITS]}"


def part_of(reference: str, number: int, of: int) -> str:
    """The reference of a part: ``…/1of3``; of what is not split its own."""
    return reference if of == 1 else f"{reference}/{number}of{of}"


def comment(reference: str, text: str) -> str:
    """A comment: the mark, a space, and as much of a text as there is room for."""
    shown = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return f"{mark_of(reference)} {shown}"[:LONGEST_COMMENT].rstrip()


def holds(said: str | None, reference: str) -> bool:
    """A comment is one of this reference, and not of one that begins like it."""
    mark = mark_of(reference)
    return said is not None and f"{said} ".startswith(f"{mark} ")
