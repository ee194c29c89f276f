"""Small words that rows are made of: quantities, prices, and names of records and entries."""

import datetime as dt
import functools
import hashlib
from decimal import Decimal
from typing import Final

from domain.money import cents, thousandths

TRUE: Final = "true"
LONGEST_NAME: Final = 80
"""Characters of a name that is made of a row's content; what is longer is cut, and told apart by its hash."""

_ONE: Final = 1000


def maybe_cents(text: str) -> int:
    """Cents of an amount; 0 where the cell was empty.

    Raises:
        NotAnAmount: it is no plain decimal number.
    """
    return cents(text) if text else 0


def milli(text: str) -> int:
    """Thousandths of a quantity; one piece where the cell was empty.

    Raises:
        NotAnAmount: it is no plain decimal number.
    """
    return thousandths(text) if text else _ONE


@functools.lru_cache(maxsize=1024)
def decimal(text: str) -> Decimal:
    """A rate or a number of hours, exactly as stated; 0 where the cell was empty.

    Raises:
        NotAnAmount: it is no plain decimal number.
    """
    if not text:
        return Decimal(0)
    cents(text)  # refuses exponents, NaN and everything else that Decimal would take
    return Decimal(text)


def price_of_one(total_cents: int, quantity_milli: int) -> int:
    """The price of one piece of a line, rounded half-up; a line of no pieces keeps its total.

    The price has the sign that makes quantity × price the line: of a refunded piece it is positive.
    """
    if quantity_milli == _ONE or not quantity_milli:
        return total_cents
    pieces = abs(quantity_milli)
    price = (2 * _ONE * abs(total_cents) + pieces) // (2 * pieces)
    return price if (total_cents < 0) == (quantity_milli < 0) else -price


def of_day(name: str, date: dt.date) -> str:
    """The key of a record whose name the source gives out anew every day: check 1001 of the next day is another one.

    Records of this kind may move between days (by options), and are looked for on others: keys have to last.
    """
    return f"{name}@{date}"


def named_by(name: str, at: str, amount: str) -> str:
    """What tells an entry from the others of its list: its name with its time, or with its amount where it has none.

    So an amount that is corrected stays the same entry where the file says when it was.
    """
    return shortened(f"{name}@{at[11:] or amount}")


def shortened(text: str) -> str:
    """The text as it may be part of a key: printable and not long; two that differ stay different."""
    if len(text) <= LONGEST_NAME and text.isprintable():
        return text
    kept = "".join(letter if letter.isprintable() else " " for letter in text[:LONGEST_NAME])
    return f"{kept}~{hashlib.blake2b(text.encode(), digest_size=6).hexdigest()}"


class Names:
    """Gives out names, each once: the second ``x`` is ``x#2``.

    Rows come sorted by their content, so which of two is the second does not depend on the order of the file.
    """

    __slots__ = ("_given",)

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def give(self, name: str) -> str:
        """The name, or the next one of those that begin with it."""
        given = self._given
        if name not in given:
            given[name] = 1
            return name
        given[name] += 1
        return self.give(f"{name}#{given[name]}")
