"""Inheriting: with which options a new connection begins where others to the same system exist."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from domain.polling.choices import OFF, meant, plain_options
from domain.polling.configuration import Options

NEVER_INHERITED: Final = frozenset({"use_revenue_centers"})
"""A location's own part of its venue is nobody else's."""


@dataclass(frozen=True, slots=True)
class Example:
    """A location that polls already.

    Attributes:
        connection: the connection that feeds it.
        options: in force there.
    """

    connection: str
    options: Options


@dataclass(frozen=True, slots=True)
class Inherited:
    """An option that was taken over.

    Attributes:
        option: its name.
        value: as plain JSON.
        connection: the oldest connection with a location that has this value.
        agreeing: how many of the locations have it.
        locations: how many there are.
    """

    option: str
    value: Any
    connection: str
    agreeing: int
    locations: int


def inherit(
    examples: Sequence[Example], defaults: Mapping[str, Any], *, known: frozenset[str] = frozenset(OFF)
) -> tuple[Inherited, ...]:
    """The options of existing locations that a new connection takes over, where they are not the system's defaults.

    Of each option the value that most locations have; where two values are as common, that of the oldest connection.

    Args:
        examples: the locations of the system that exist, those of the oldest connection first.
        defaults: the options with which the system begins.
        known: the options that the system has.
    """
    begins = {**OFF, **meant(defaults)}
    plain = [(plain_options(example.options), example.connection) for example in examples]
    found = []
    for name in sorted(known - NEVER_INHERITED):
        counts = Counter(_text(options[name]) for options, _ in plain)
        commonest = max(counts, key=lambda text: counts[text], default=_text(begins[name]))  # of several the first
        if commonest != _text(begins[name]):
            value, owner = next((o[name], connection) for o, connection in plain if _text(o[name]) == commonest)
            found.append(Inherited(name, value, owner, counts[commonest], len(plain)))
    return tuple(found)


def _text(value: Any) -> bytes:
    return msgspec.json.encode(value, order="sorted")
