"""What is fuzzed: a parser, and how its inputs are made."""

import random
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parser:
    """A parser under fuzz.

    Attributes:
        name: what it is called, for example ``csv/sales-detail``.
        make: makes an input from a seeded source of chance, the same one for the same seed.
        parse: reads it, and asserts what has to hold of the outcome; answers whether it was taken.
        refusals: the exceptions by which it may refuse.
    """

    name: str
    make: Callable[[random.Random], bytes]
    parse: Callable[[bytes], bool]
    refusals: tuple[type[Exception], ...] = ()
