"""What a record amounts to on the day, and by how much a change of it moves that."""

from typing import Any

import msgspec
import pytest

from domain.facts import ABSENT, Change
from domain.records import Deposit, Employee, LateVoid, PaidInOut, Remainder, Till, canonical
from domain.summary.amounts import AMOUNTS, amount_cents, changed_by
from tests.domain.build import DATE, item, off, paid, punch, ticket
from tests.domain.days import balanced

SOLD = balanced(
    ticket(items=(item("10.00"), item("2.50", name="Soda")), discounts=(off("1.50"),), payments=(paid("11.00"),))
)


@pytest.mark.parametrize(
    ("record", "cents"),
    [
        (SOLD, 11_00),
        (punch(), 120_00),
        (Deposit("d", 640_25, DATE), 640_25),
        (PaidInOut("p", "out", "Flowers", 12_00), 12_00),
        (LateVoid("v", "t0", DATE, 9_00), 9_00),
        (Till("1", 220_00), 220_00),
        (Remainder("Patio", "", gross_cents=100_00, discounts_cents=5_00, late_voids_cents=1_00), 94_00),
        (Employee("e1", "person-1"), 0),
    ],
)
def test_the_amount_of_a_record(record: Any, cents: int) -> None:
    """Net sales of tickets, pay of punches, the amount of money that moved; people have none."""
    kind, key, data = canonical(record)
    assert amount_cents(kind, key, data) == cents
    assert (kind in AMOUNTS) == (not isinstance(record, Employee))
    assert changed_by(Change(kind, key, ABSENT, msgspec.Raw(data))) == cents
    assert changed_by(Change(kind, key, msgspec.Raw(data), ABSENT)) == -cents
