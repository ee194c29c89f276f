"""Strict JSON: text that two readers could understand differently is refused."""

import json
import re
from typing import Any, Final

MOST_NESTING: Final = 32

_STRING: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_BRACKET: Final = re.compile(r"[\[\]{}]")
_NUL: Final = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


class NotStrict(Exception):
    """The JSON is not what the contract promises; the message says what is wrong and shows no value."""


def check_strictly(data: bytes) -> None:
    """Refuse duplicate keys, NaN and infinity, bad UTF-8, a byte order mark, NUL characters, and deep nesting.

    Raises:
        NotStrict: it has one of these.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise NotStrict("it is not UTF-8") from None
    if text.startswith("\ufeff"):
        raise NotStrict("it starts with a byte order mark")
    if "\\u0000" in text and _NUL.search(text):
        raise NotStrict("a text in it has a NUL character")
    _check_nesting(text)
    try:
        json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except ValueError:  # also integers of thousands of digits
        raise NotStrict("it is not JSON, or has a number that is none") from None


def _check_nesting(text: str) -> None:
    depth = 0
    for bracket in _BRACKET.findall(_STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > MOST_NESTING:
            raise NotStrict("it is nested too deeply")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise NotStrict("an object in it has the same key twice")
    return fields


def _no_constant(_: str) -> Any:
    raise NotStrict("a number in it is NaN or infinite")
