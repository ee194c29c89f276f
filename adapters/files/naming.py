"""What the name of a file says: its kind, and the business date that it is of."""

import datetime as dt
import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from adapters.files.checking.header import normal, spellings
from adapters.files.kinds import KINDS, Kind
from domain.business_date import FIRST_YEAR, LAST_YEAR

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_DATES: Final = (
    re.compile(r"(?<![0-9])(?P<year>[0-9]{4})[-_.](?P<month>[0-9]{2})[-_.](?P<day>[0-9]{2})(?![0-9])"),
    re.compile(r"(?<![0-9])(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?![0-9])"),
    re.compile(r"(?<![0-9])(?P<month>[0-9]{2})[-_.](?P<day>[0-9]{2})[-_.](?P<year>[0-9]{4})(?![0-9])"),
)
_ALSO: Final = {
    "paid-in-outs": ("paidinsouts", "paidinsandouts", "paidinsandpaidouts", "paidinspaidouts", "paidouts"),
    "labor-detail": ("labor", "labour", "labourdetail"),
    "menu-items": ("items",),
}


def _names() -> dict[str, str]:
    """What kinds are called, in one word: singular and plural."""
    found: dict[str, str] = {}
    for key in KINDS:
        for word in (key.replace("-", ""), *_ALSO.get(key, ())):
            for form in (word, word.removesuffix("s"), f"{word}s"):
                found[form] = key
    return found


_KINDS: Final = _names()


def kind_of_name(name: str) -> Kind | None:
    """The kind that a file's name says, in whatever spelling: ``SalesDetail_0120.csv``, ``sales detail (2).xlsx``.

    None where it says none, or several.
    """
    stem = name.rpartition("/")[2].rpartition(".")[0]
    found = set(_kinds_in([word.lower() for word in _WORD.findall(stem)]))
    return KINDS[found.pop()] if len(found) == 1 else None


def _kinds_in(words: list[str]) -> Iterator[str]:
    """The kinds whose names stand in some words; a longer name hides those inside it."""
    at = 0
    while at < len(words):
        runs = list(accumulate(words[at : at + 5]))
        length = max((length for length, run in enumerate(runs, 1) if run in _KINDS), default=0)
        if length:
            yield _KINDS[runs[length - 1]]
        at += length or 1


def date_of_name(name: str) -> dt.date | None:
    """The date in a file's name or path: ``YYYY-MM-DD``, ``YYYYMMDD`` or ``MM-DD-YYYY``; None where it has none or two.

    The name counts before the folders that it lies in.
    """
    for part in reversed(name.split("/")):
        found = set(_dates_in(part))
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _dates_in(text: str) -> Iterator[dt.date]:
    for pattern in _DATES:
        for match in pattern.finditer(text):
            try:
                date = dt.date(int(match["year"]), int(match["month"]), int(match["day"]))
            except ValueError:
                continue
            if FIRST_YEAR <= date.year <= LAST_YEAR:
                yield date


def fits(kind: Kind, headers: list[str]) -> bool:
    """Whether a file of these headers has all columns that a kind needs."""
    known = spellings(kind)
    here = {known.get(normal(header), "") for header in headers}
    chosen = not kind.one_of or any(here.issuperset(choice) for choice in kind.one_of)
    return here.issuperset(kind.required) and chosen


def kind_of_headers(headers: list[str]) -> Kind | None:
    """The kind that fits a file's headers with fewer unknown ones than any other; None where none or several do."""
    given = {normal(header) for header in headers if header.strip()}
    strange = {kind.key: len(given - spellings(kind).keys()) for kind in KINDS.values() if fits(kind, headers)}
    best = [key for key, count in strange.items() if count == min(strange.values())]
    return KINDS[best[0]] if len(best) == 1 else None
