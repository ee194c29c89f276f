"""Social security numbers: how much of one is kept, and the mark by which it is found again."""

import hmac
from hashlib import sha256
from typing import Final, Literal

from adapters.vault.key_file import bound

Ssn = Literal["none", "last4", "vault"]
"""What is kept: nothing; the last four digits and a mark; or the number as well."""

FIELD: Final = "ssn"
_DIGITS: Final = 9
_SHOWN: Final = 4


def digits_of(text: str) -> str:
    """The nine digits of a number however it is written, or nothing where there are not nine."""
    digits = "".join(letter for letter in text if letter in "0123456789")
    return digits if len(digits) == _DIGITS else ""


def kept_of(text: str, kept: Ssn) -> str:
    """What of a number goes under seal."""
    if kept == "vault":
        return text
    digits = "".join(letter for letter in text if letter in "0123456789")
    return digits[-_SHOWN:] if kept == "last4" and len(digits) >= _SHOWN else ""


def mark_of(key: bytes, text: str) -> bytes | None:
    """32 bytes that are equal for equal numbers of a client, and say nothing without the key; None for no number."""
    digits = digits_of(text)
    return hmac.new(key, bound(FIELD, digits), sha256).digest() if digits else None
