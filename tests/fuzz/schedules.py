"""Schedules as CSV."""

import random
from typing import Final

from adapters.files.schedules import MOST_ROWS, read_schedule
from tests.fuzz.mutations import mutated
from tests.fuzz.parser import Parser

_GOOD: Final = (
    b"\xef\xbb\xbfEmployee,Job,Start,End\r\nE17,J1,2026-11-24 17:00,2026-11-24 23:00\r\n"
    b'"E18","J,2","2026-11-25T09:00:00-05:00",2026-11-25 17:00\r\n'
)
_TOKENS: Final = (b",", b'"', b"\r\n", b"\n", b"\0", b"Start", b"\xef\xbb\xbf", b"\xff", b"'", b"=1+1")


def _make(rng: random.Random) -> bytes:
    return _GOOD if rng.random() < 0.05 else mutated(rng, _GOOD, _TOKENS)


def _parse(data: bytes) -> bool:
    """Every row has all of its cells, on one line each; what is wrong has a place and a sentence."""
    rows, problems = read_schedule(data)
    assert len(rows) <= MOST_ROWS
    assert all(one.employee and one.job and one.start and one.end and one.employee.isprintable() for one in rows)
    assert all(one.message and one.row >= 0 for one in problems)
    return not problems


PARSERS: Final = (Parser("csv/schedule", _make, _parse),)
