"""Facts of a kilobyte each, and the bytes that daybook stores of them."""

import datetime as dt
import random
from collections.abc import Sequence
from typing import Final

import msgspec

from benchmarks.measuring import sound
from domain.differences import parts
from domain.facts import ABSENT, Change, Provenance, RecordsChanged
from domain.facts.storing import store as stored_form
from domain.records import Discount, Item, Payment, Tax, Ticket, canonical

_DATE: Final = dt.date(2025, 6, 2)
_NAMES: Final = (
    "Burger",
    "Club Sandwich",
    "Iced Tea",
    "House Salad",
    "Fries",
    "Lemonade",
    "Apple Pie",
    "Soup of the Day",
)

RawRow = tuple[str, int, str, bytes]
"""Stream, version, name and state: what a fact is in the table."""

Batches = list[list[RawRow]]
"""Rows, commit by commit."""


class Shape(msgspec.Struct, frozen=True):
    """What is appended.

    Attributes:
        facts: a kilobyte each, in one commit.
        commits: one after the other.
        packed: the kilobytes are changes in facts of 250, as a poll records them, instead of facts of their own.
    """

    facts: int
    commits: int
    packed: bool = False


def facts_of(shape: Shape, number: int) -> list[RecordsChanged]:
    """The facts of one commit."""
    made = _changes(shape.facts, number)
    lots: Sequence[tuple[Change, ...]] = parts(made) if shape.packed else [(change,) for change in made]
    return [RecordsChanged(1, part, lot) for part, lot in enumerate(lots, start=1)]


def _changes(count: int, seed: int) -> list[Change]:
    """Added tickets of about a kilobyte."""
    rng = random.Random(seed)
    found = []
    for number in range(count):
        kind, key, data = canonical(_ticket(rng, f"chk-{seed}-{number}"))
        found.append(Change(kind, key, ABSENT, msgspec.Raw(data)))
    return found


def _ticket(rng: random.Random, key: str) -> Ticket:
    opened = dt.datetime.combine(_DATE, dt.time(15, rng.randrange(60), rng.randrange(60)), dt.UTC)
    prices = [rng.randrange(250, 2_500) for _ in range(3)]
    items = tuple(
        Item(f"{key}-i{place}", rng.choice(_NAMES), "Food", price, price, taxes=(Tax("Sales Tax", price // 12),))
        for place, price in enumerate(prices)
    )
    tax = sum(price // 12 for price in prices)
    return Ticket(
        key,
        str(rng.randrange(10_000)),
        _DATE,
        opened,
        opened + dt.timedelta(minutes=rng.randrange(20, 90)),
        service_type="Dine In",
        revenue_center="Dining Room",
        server=f"emp-{rng.randrange(40)}",
        guests=rng.randrange(1, 6),
        items=items,
        discounts=(Discount(f"{key}-d", "Open Discount", rng.randrange(50, 200), custom_name="Slow kitchen"),),
        payments=(Payment(f"{key}-p", "Visa", sum(prices) + tax, rng.randrange(100, 900)),),
        taxes=(Tax("Sales Tax", tax),),
        stated_tax_cents=tax,
        tax_cents=tax,
    )


def raw_of(shape: Shape) -> Batches:
    """The rows that daybook stores of these facts, unpacked, commit by commit."""
    batches: Batches = []
    for number in range(shape.commits):
        provenance = provenance_of(number)
        forms = [stored_form(fact, provenance) for fact in facts_of(Shape(shape.facts, shape.commits), number)]
        mean = sum(len(state) for _, state in forms) / len(forms)
        sound(800 < mean < 1_250, f"The facts are to have a kilobyte each, and have {mean:.0f} bytes.")
        batches.append([(stream_of(number), version, *form) for version, form in enumerate(forms, start=1)])
    return batches


def provenance_of(number: int) -> Provenance:
    """Of one commit."""
    return Provenance("bench", f"command-{number}", correlation=f"command-{number}")


def stream_of(number: int) -> str:
    """The stream of one commit: each has its own."""
    return f"business-day:bench:L{number}:{_DATE}"
