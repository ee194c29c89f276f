"""Their JSON, as far as the adapter has to do with it; fields that it does not know are passed over."""

from decimal import Decimal
from typing import Any, Final, TypeVar

import msgspec

from domain.ports.target import TargetFailure

T = TypeVar("T")

LONGEST_COMMENT: Final = 75
MOST_LINES: Final = 1_000
_LONGEST_SAID: Final = 200
_ENCODE: Final = msgspec.json.Encoder(decimal_format="number").encode


class Token(msgspec.Struct, frozen=True):
    """The answer of the token endpoint."""

    access_token: str
    expires_in: float = 3600.0

    def __repr__(self) -> str:
        return "Token()"


class Organization(msgspec.Struct, frozen=True):
    """The organization that a token is of."""

    id: int
    name: str | None = None


class Named(msgspec.Struct, frozen=True):
    """A thing that is known by its id: ids of transactions are texts, older ones numbers."""

    id: str | int


class Line(msgspec.Struct, frozen=True):
    """A line of a transaction, as it is read."""

    id: str | int
    transaction: Named | None = None
    comment: str | None = None


class Account(msgspec.Struct, frozen=True):
    """An account of the chart."""

    number: int


class Posted(msgspec.Struct, frozen=True, rename="camel"):
    """What was posted."""

    transaction_id: str


class Tax(msgspec.Struct, frozen=True):
    """The tax code of a line."""

    number: int


class NewLine(msgspec.Struct, frozen=True, rename="camel"):
    """A line to be posted; above zero is a debit."""

    account_number: int
    amount: Decimal
    tax: Tax
    comment: str


class NewTransaction(msgspec.Struct, frozen=True, rename="camel"):
    """A transaction to be posted."""

    transaction_type_number: int
    date: str
    comment: str
    lines: tuple[NewLine, ...]


class _Told(msgspec.Struct, frozen=True):
    name: str | None = None
    message: str | None = None
    payload: Any = None


class _Error(msgspec.Struct, frozen=True):
    error: _Told


def encode(content: Any) -> bytes:
    """The JSON of a body; amounts are numbers with their cents, never floats."""
    return _ENCODE(content)


def decode(body: bytes, shape: type[T]) -> T:
    """What an answer says.

    Raises:
        TargetFailure: ``unexpected-answer``: it is not of the contract; nothing of it is shown.
    """
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise TargetFailure("unexpected-answer", "24SevenOffice's answer is not what its contract promises.") from None


def told(body: bytes) -> tuple[str, str]:
    """What an error says: a line for people, and all words of it for telling its kind; empty where it says nothing."""
    try:
        error = msgspec.json.decode(body, type=_Error).error
    except (msgspec.DecodeError, ValueError, RecursionError):
        return "", ""
    words = f"{error.name or ''} {error.message or ''} {error.payload or ''}"
    said = "".join(letter if letter.isprintable() else " " for letter in (error.message or error.name or ""))
    return said[:_LONGEST_SAID].strip(), words[: 20 * _LONGEST_SAID].lower()
