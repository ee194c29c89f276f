"""Card numbers, which daybook must never hold: told by their length and their check digit."""

import re
from typing import Final

SHORTEST: Final = 13

_CANDIDATE: Final = re.compile(r"(?<![0-9])[0-9](?:[ \u00a0\u2010-\u2015-]?[0-9]){12,18}(?![0-9])")
_UUID: Final = re.compile(r"(?i)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_DOUBLED: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def holds_card_number(text: str) -> bool:
    """Whether 13 to 19 digits of a text, alone or with single spaces or dashes between them, pass the Luhn check.

    Ids of the form of a UUID are no card numbers, although their digits may look so.
    """
    if len(text) < SHORTEST or not _CANDIDATE.search(text):
        return False
    return any(_passes(found[0]) for found in _CANDIDATE.finditer(_UUID.sub("", text)))


def without_card_numbers(text: str) -> str:
    """The text with its card numbers taken out."""
    if len(text) < SHORTEST:
        return text
    return _CANDIDATE.sub(lambda found: "(removed)" if _passes(found[0]) else found[0], text)


def _passes(text: str) -> bool:
    digits = [int(character) for character in text if character.isdecimal()]
    even, odd = digits[-1::-2], digits[-2::-2]
    return (sum(even) + sum(_DOUBLED[digit] for digit in odd)) % 10 == 0
