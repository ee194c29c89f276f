r"""Keys of journal lines: ``sales/Food/Dine In``, ``tender/Visa``, ``tips-payable``; and patterns that end in ``/*``.

The names in a key are the source's, letter by letter. A slash in one is written ``\/``, a backslash ``\\``, a name that
is just a star ``\*``, and a letter that does not print by its number, so that two different names are never one key.
"""

import re
from typing import Final

from domain.refusals import Refusal

Parts = tuple[str, ...]
"""A key's head and the names behind it, as they are."""

HEADS: Final[dict[str, tuple[str, ...]]] = {
    # The sales entry, what is mostly a debit first.
    "tender": ("tender",),
    "facilitator-payment": (),
    "discount": ("discount",),
    "comp": ("comp",),
    "promo": ("promo",),
    "late-void": (),
    "paid-out": ("paid_out",),
    "tips-paid-out": (),
    "deposit": ("deposit",),
    "over-short": (),
    "sales": ("category", "service_type"),
    "tax": ("tax",),
    "facilitator-tax": (),
    "tips-payable": (),
    "surcharge": ("surcharge",),
    "non-sales": ("non_sales",),
    "paid-in": ("paid_in",),
    "adjustment": ("cause",),
    "late-void-clearing": (),
    "cash-clearing": (),
    "other-clearing": (),
    # The labor entry.
    "wages": ("job",),
    "accrued-payroll": (),
    # The statistical entry.
    "guests": (),
    "tickets": (),
    "hours": ("job",),
}
"""Every head that a key may begin with, and what the names behind it are."""

LONGEST_KEY: Final = 300
LONGEST_TEXT: Final = 4000

_PART: Final = r"(?:[^/\\]|\\.)+"
_PARTS: Final = re.compile(_PART)
_KEY: Final = re.compile(rf"{_PART}(?:/{_PART})*")
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-f]{6})|(.))")
_LAST: Final = 0x10FFFF


class BadAccountKey(Refusal):
    """A key of the account mapping is none that a journal line can have."""


def key_text(parts: Parts) -> str:
    """The key as it is written."""
    return "/".join([parts[0], *[_escaped(name) for name in parts[1:]]])


def key_parts(text: str) -> Parts:
    """The head and the names of a key as it is written: the other way round of :func:`key_text`.

    Raises:
        BadAccountKey: it is not written as a key.
    """
    # Longer than a key that can be mapped: sources write names as long as they like, and lines are read all the same.
    if not 0 < len(text) <= LONGEST_TEXT or not _KEY.fullmatch(text):
        raise BadAccountKey(
            f"{text[:60]!r} is not written as a key: 1 to {LONGEST_TEXT} characters, names behind slashes, a slash in "
            r"one as '\/'."
        )
    head, *names = _PARTS.findall(text)
    return (head, *[_unescaped(name) for name in names])


def patterns(parts: Parts) -> list[str]:
    """The key, and every pattern that takes it in, the longest first."""
    return [key_text(parts), *[f"{key_text(parts[:end])}/*" for end in range(len(parts) - 1, 0, -1)]]


def checked_key(text: str) -> str:
    """The text, if a journal line can have that key, or a pattern can take one in.

    Raises:
        BadAccountKey: it cannot.
    """
    if not 0 < len(text) <= LONGEST_KEY or not _KEY.fullmatch(text):
        raise BadAccountKey(
            f"{text[:60]!r} is no key of a journal line: write 1 to {LONGEST_KEY} characters like "
            "'sales/Food/Dine In', 'sales/Food/*' or 'tips-payable'."
        )
    head, *names = _PARTS.findall(text)
    if head not in HEADS:
        raise BadAccountKey(f"No journal line begins with {head[:60]!r}. They begin with: {', '.join(HEADS)}.")
    _check_names(text, HEADS[head], names)
    return text


def _check_names(text: str, expected: tuple[str, ...], names: list[str]) -> None:
    head = text.partition("/")[0]
    open_ended = bool(names) and names[-1] == "*"
    enough = len(names) <= len(expected) if open_ended else len(names) == len(expected)
    if not enough:
        form = "/".join([head, *[name.upper() for name in expected]])
        also = f", or {head}/* for all of them" if expected else ""
        raise BadAccountKey(f"{text[:60]!r} is no key: write it {form}{also}.")
    written = [_escaped(_unescaped(name)) for name in names[: len(names) - open_ended]]
    if written != names[: len(names) - open_ended]:
        hint = "/".join([head, *written, *(["*"] if open_ended else [])])
        raise BadAccountKey(f"{text[:60]!r} is no key of a journal line as it stands: it would be {hint[:120]!r}.")


def _escaped(name: str) -> str:
    if name == "*":
        return r"\*"
    name = name.replace("\\", r"\\").replace("/", r"\/")
    return name if name.isprintable() else "".join([_printed(letter) for letter in name])


def _printed(letter: str) -> str:
    return letter if letter.isprintable() else f"\\u{ord(letter):06x}"


def _unescaped(part: str) -> str:
    return _ESCAPE.sub(lambda found: found[2] or chr(min(int(found[1], 16), _LAST)), part)
