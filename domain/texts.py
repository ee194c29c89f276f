"""What may not be in texts that people type."""

import unicodedata
from typing import Final

_CONTROLS: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})


def has_control_characters(text: str) -> bool:
    """Whether a text holds control characters (NUL, line ends), line separators or lone surrogates."""
    return not text.isprintable() and any(unicodedata.category(letter) in _CONTROLS for letter in text)
