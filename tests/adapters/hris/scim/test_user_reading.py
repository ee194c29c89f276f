"""Users in our words: what is read, from which place, and what cannot be."""

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.hris.scim.reading import read_user
from adapters.hris.scim.wire import read_listing, read_object
from domain.ports.source import SourceFailure
from domain.records import HrJob

EXTENSION = "urn:Example:HR"
USER: dict[str, Any] = {
    "id": "u-1",
    "userName": "ann@example.com",
    "NAME": {"givenName": " Ann ", "familyName": "Bell", "middleName": "C"},
    "emails": [{"value": "home@example.com", "type": "home"}, {"value": "work@example.com", "type": "work"}],
    "phoneNumbers": [{"value": "1"}, {"value": "2", "primary": True}],
    "addresses": [{"streetAddress": "1 Pier", "locality": "Town", "postalCode": "100"}],
    "active": "True",
    "title": "Cook",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": 17, "department": "Kitchen"},
    "urn:example:hr": {
        "hireDate": "2020-01-02",
        "birthDate": "2001-02-03",
        "ssn": "900-11-0001",
        "jobs": [{"value": "2", "display": "Host"}, {"id": "1", "name": "Server", "payRate": 9.5}],
    },
    "meta": {"lastModified": "2026-11-01T12:00:00-05:00"},
}


def reading(**changes: Any) -> Any:
    """The user, changed, as a service writes it."""
    return read_user(read_object(msgspec.json.encode({**USER, **changes})), EXTENSION)


def test_everything_has_its_place() -> None:
    """Names in any case; the value for work, or the primary one; a number for payroll that is one."""
    read = reading()
    assert read.personal == {
        "first_name": "Ann",
        "last_name": "Bell",
        "middle_name": "C",
        "email": "work@example.com",
        "phone": "2",
        "address": "1 Pier, Town, 100",
        "date_of_birth": "2001-02-03",
        "ssn": "900-11-0001",
    }
    one = read.employee
    assert (one.payroll_id, one.title, one.department, one.hire_date) == ("17", "Cook", "Kitchen", "2020-01-02")
    assert one.jobs == (HrJob("1", "Server", Decimal("9.50")), HrJob("2", "Host"))
    assert one.active
    assert read.modified == dt.datetime(2026, 11, 1, 17, tzinfo=dt.UTC)
    assert "Ann" not in repr(read)
    assert not any(value and value in repr(one) for value in read.personal.values() if len(value) > 2)


def test_what_is_not_said_is_empty() -> None:
    """An id is enough; who is not said to have left is active."""
    read = read_user({"id": "u-1"}, "")
    assert set(read.personal.values()) == {""}
    assert read.employee.active
    assert read.modified is None
    assert read_user(read_object(msgspec.json.encode(USER)), "").employee.jobs == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Ann"},
        {"emails": {"value": "x"}},
        {"emails": ["x"]},
        {"title": ["x"]},
        {"title": "x" * 501},
        {"title": "a\0b"},
        {"active": "perhaps"},
        {"active": 1},
        {"meta": {"lastModified": "yesterday"}},
        {"meta": {"lastModified": 7}},
        {"meta": []},
        {"id": 7},
        {"id": "x" * 201},
        {"id": "a\nb"},
        {"urn:example:hr": {"jobs": {}}},
        {"urn:example:hr": {"jobs": [{}]}},
        {"urn:example:hr": {"jobs": [{"value": "1"}, {"value": "1"}]}},
        {"urn:example:hr": {"jobs": [{"value": "1", "payRate": "much"}]}},
        {"urn:example:hr": {"jobs": [{"value": "1", "payRate": True}]}},
        {"urn:example:hr": {"jobs": [{"value": "1", "payRate": "NaN"}]}},
        {"urn:example:hr": {"jobs": [{"value": "1", "payRate": -1}]}},
        {"urn:example:hr": {"jobs": [{"value": str(number)} for number in range(51)]}},
    ],
)
def test_what_cannot_be_read_fails_and_shows_nothing(changes: dict[str, Any]) -> None:
    """A failure that is no part of anybody's data."""
    with pytest.raises(SourceFailure) as refused:
        reading(**changes)
    assert refused.value.failure == "malformed"
    assert "Ann" not in refused.value.message


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b"\xff", b"{" * 50, b'{"a":' * 20 + b"1" + b"}" * 20])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    """Or is nested deeper than anything is."""
    with pytest.raises(SourceFailure):
        read_object(body)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda x: (
            st.lists(x) | st.dictionaries(st.sampled_from([*USER, "value", "jobs", "Resources", "totalResults"]), x)
        ),
        max_leaves=12,
    )
)
def test_no_answer_is_a_fault(value: Any) -> None:
    """Whatever a service writes is read, or is a failure."""
    try:
        found = read_object(msgspec.json.encode(value))
        read_listing(found)
        read_user(found, EXTENSION)
    except SourceFailure:
        return
