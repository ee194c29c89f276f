"""Texts that people send, what may not be in them, and numbers of things."""

import unicodedata
from typing import Final

_CONTROLS: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})


def has_control_characters(text: str) -> bool:
    """Whether a text holds control characters (NUL, line ends), line separators or lone surrogates."""
    return not text.isprintable() and any(unicodedata.category(letter) in _CONTROLS for letter in text)


def counted(count: int, noun: str) -> str:
    """A number of things: ``1 day``, ``3 days``."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
