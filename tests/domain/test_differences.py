"""Differences: between records, field by field, and between summaries."""

import msgspec
import pytest

from domain.differences import FieldChange, compare, field_changes, operations
from domain.facts import ABSENT, Change
from domain.records import Employee, canonical, decode, plain_fields
from tests.domain.build import item, paid, ticket


def raw(record: object) -> msgspec.Raw:
    """The canonical bytes of a record."""
    return msgspec.Raw(canonical(record)[2])  # type: ignore[arg-type]


BEFORE = ticket(items=(item("9.50", name="Soup"), item("4.00", name="Tea")), payments=(paid("13.50"),))
AFTER = ticket(items=(item("10.50", name="Soup"), item("4.00", name="Tea")), payments=(paid("14.50"),))


def test_a_change_says_which_fields() -> None:
    """An edited price is told by the item's id, in dollars, and nothing else is told."""
    found = field_changes(Change("ticket", "t1", raw(BEFORE), raw(AFTER)))
    assert found == [
        FieldChange("items[Soup].amount", "9.50", "10.50"),
        FieldChange("items[Soup].price", "9.50", "10.50"),
        FieldChange("payments[p1].amount", "13.50", "14.50"),
    ]


def test_a_default_is_a_value_too() -> None:
    """An employee who is deactivated goes from active to not active, not from nothing; nested fields likewise."""
    ann = Employee("e1", "p1")
    gone = msgspec.structs.replace(ann, active=False)
    assert field_changes(Change("employee", "e1", raw(ann), raw(gone))) == [FieldChange("active", True, False)]
    tipped = ticket(items=BEFORE.items, payments=(paid("13.50", "2.00"),))
    assert field_changes(Change("ticket", "t1", raw(BEFORE), raw(tipped))) == [
        FieldChange("payments[p1].tip", "0.00", "2.00")
    ]
    older = Change("ticket", "x", msgspec.Raw(b'{"n":1}'), msgspec.Raw(b'{"n":2}'))
    assert field_changes(older) == [FieldChange("n", 1, 2)]
    unknown = Change("unheard-of", "x", msgspec.Raw(b'{"n":1}'), msgspec.Raw(b'{"n":2}'))
    assert field_changes(unknown) == [FieldChange("n", 1, 2)]


def test_an_added_record_tells_all_its_fields() -> None:
    """What was added changed from nothing; what was removed, to nothing."""
    added = field_changes(Change("ticket", "t1", ABSENT, raw(ticket())))
    assert FieldChange("number", None, "#t1") in added
    removed = field_changes(Change("ticket", "t1", raw(ticket()), ABSENT))
    assert FieldChange("number", "#t1", None) in removed


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"b": 2}, [FieldChange("a", 1, None), FieldChange("b", None, 2)]),
        ({"a": [1, 2]}, {"a": [1, 3, 4]}, [FieldChange("a[1]", 2, 3), FieldChange("a[2]", None, 4)]),
        ({"a": [1]}, {"a": []}, [FieldChange("a[0]", 1, None)]),
        (
            {"a": [{"name": "x", "n": 1}]},
            {"a": [{"name": "y", "n": 1}, {"name": "x", "n": 2}]},
            [FieldChange("a[x].n", 1, 2), FieldChange("a[y]", None, {"name": "y", "n": 1})],
        ),
        (
            {"a": [{"id": "x", "n": 1}, {"id": "x", "n": 2}]},
            {"a": [{"id": "x", "n": 1}]},
            [FieldChange("a[1]", {"id": "x", "n": 2}, None)],
        ),
    ],
)
def test_comparing(before: object, after: object, expected: list[FieldChange]) -> None:
    """Dicts go by name, lists by id, name or code where these are unique, else by place."""
    assert list(compare(before, after)) == expected


def test_counting_operations() -> None:
    """Changes are counted as added, changed and removed."""
    made = [Change("ticket", "a", ABSENT, raw(BEFORE)), Change("ticket", "b", raw(BEFORE), ABSENT)]
    assert operations(made) == {"added": 1, "changed": 0, "removed": 1}


def test_plain_fields_show_decimals() -> None:
    """Cents and thousandths are shown as decimals, whatever the kind of the record."""
    shown = plain_fields(b'{"price_cents":995,"quantity_milli":-1500,"n":[{"tip_cents":null}],"whole_milli":2000}')
    assert shown == {"price": "9.95", "quantity": "-1.5", "n": [{"tip": None}], "whole": "2"}


def test_records_read_back() -> None:
    """Canonical bytes decode to the record that they are of, and to the same bytes again."""
    kind, key, data = canonical(BEFORE)
    assert (kind, key) == ("ticket", "t1")
    assert decode(kind, data) == BEFORE
    assert canonical(decode(kind, data))[2] == data
