"""What requests of SCIM's clients mean: ids, filters, attributes."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.scim.filters import BadScimFilter, Filter, read_filter
from api.scim.ids import employee_of, user_id
from api.scim.selecting import BadScimAttributes, read_selection
from api.scim.words import EMPLOYEE, ENTERPRISE, USER

AT = dt.datetime(2026, 11, 21, 22, 10, tzinfo=dt.UTC)


@given(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True), st.text(min_size=1, max_size=60))
def test_an_id_leads_back_to_the_employee(location: str, employee: str) -> None:
    """Whatever the source's id has in it; and the id may stand in an address as it is."""
    try:
        employee.encode()
    except UnicodeEncodeError:
        return
    written = user_id(location, employee)
    assert employee_of(written) == (location, employee)
    assert set(written) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-~:")


@pytest.mark.parametrize(
    "text", ["", "alpha", ":E1", "alpha:", "al pha:E1", "alpha:a~2f", "alpha:~41", "alpha:~FF", "x" * 1000]
)
def test_what_is_no_id_leads_to_nobody(text: str) -> None:
    """Not ours, or not written as we write it: each employee has one id."""
    assert employee_of(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('userName eq "alpha:E1"', Filter(users=frozenset({("alpha", "E1")}))),
        ('USERNAME EQ "alpha:E1"', Filter(users=frozenset({("alpha", "E1")}))),
        ('id eq "nonsense"', Filter(users=frozenset())),
        (f'{USER}:externalId eq "E1"', Filter(employee="E1")),
        ("active eq true", Filter(active=True)),
        ("active eq False", Filter(active=False)),
        ('meta.lastModified gt "2026-11-21T22:10:00Z"', Filter(changed=AT, after=True)),
        ('meta.lastModified ge "2026-11-21T17:10:00-05:00"', Filter(changed=AT)),
        ('meta.lastModified ge "2026-11-21T22:10:00"', Filter(changed=AT)),
        ('active eq true and externalId eq "a \\"b\\""', Filter(active=True, employee='a "b"')),
        ("active eq true and active eq false", Filter(active=False, nobody=True)),
        ('externalId eq "1" and externalId eq "2"', Filter(employee="2", nobody=True)),
        ('id eq "alpha:1" and userName eq "alpha:2"', Filter(users=frozenset())),
        (
            'meta.lastModified gt "2026-11-21T22:10:00Z" and meta.lastModified ge "2026-11-20T00:00:00Z"',
            Filter(changed=AT, after=True),
        ),
    ],
)
def test_filters_that_can_be_answered(text: str, expected: Filter) -> None:
    """Names and operators in any case, with or without the schema; several with `and`."""
    assert read_filter(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "active",
        "active pr",
        'active eq "true"',
        "userName eq true",
        'userName co "a"',
        'emails.value eq "a@b"',
        'name.familyName eq "X"',
        "not (active eq true)",
        "(active eq true)",
        "active eq true or active eq false",
        "active eq true and",
        "active eq true,active eq true",
        'meta.lastModified gt "yesterday"',
        'meta.lastModified lt "2026-11-21T22:10:00Z"',
        'meta.lastModified gt "0001-01-01T00:00:00+14:00"',
        'externalId eq "\\x"',
        " and ".join(["active eq true"] * 6),
        'externalId eq "' + "x" * 1000 + '"',
    ],
)
def test_other_filters_are_refused(text: str) -> None:
    """With a sentence that says what can be compared; nobody is answered everything for a filter with a typo."""
    with pytest.raises(BadScimFilter):
        read_filter(text)


@given(st.text(max_size=80))
def test_no_filter_is_a_fault(text: str) -> None:
    """It is one that can be answered, or it is refused."""
    try:
        read_filter(text)
    except BadScimFilter:
        return


WHOLE = {
    "schemas": [USER],
    "id": "a:1",
    "userName": "a:1",
    "name": {"givenName": "Ann", "familyName": "B"},
    ENTERPRISE: {"employeeNumber": "7"},
    EMPLOYEE: {"location": "a", "jobs": [{"value": "1"}]},
    "meta": {"version": "1"},
}


@pytest.mark.parametrize(
    ("attributes", "excluded", "expected"),
    [
        (None, None, set(WHOLE)),
        ("userName", None, {"schemas", "id", "userName"}),
        ("NAME", None, {"schemas", "id", "name"}),
        (f"{USER}:name.givenName, {ENTERPRISE}", None, {"schemas", "id", "name", ENTERPRISE}),
        ("nothing", None, {"schemas", "id"}),
        (None, f"id,schemas,name,meta,{ENTERPRISE}:employeeNumber", {"schemas", "id", "userName", EMPLOYEE}),
        (None, f"{EMPLOYEE}", set(WHOLE) - {EMPLOYEE}),
    ],
)
def test_attributes_are_chosen(attributes: str | None, excluded: str | None, expected: set[str]) -> None:
    """By name in any case, with or without the schema; id and schemas are always answered."""
    assert set(read_selection(attributes, excluded).of(WHOLE)) == expected


def test_parts_are_chosen() -> None:
    """A part alone, and all but a part."""
    assert read_selection("name.givenName", None).of(WHOLE)["name"] == {"givenName": "Ann"}
    assert read_selection(None, "name.givenName").of(WHOLE)["name"] == {"familyName": "B"}
    assert read_selection(f"{EMPLOYEE}:location", None).of(WHOLE)[EMPLOYEE] == {"location": "a"}


def test_personal_data_is_opened_only_where_it_is_named() -> None:
    """By itself, a part of it, or all of our extension."""
    assert read_selection(None, None).opened == ()
    assert read_selection("emails,addresses.formatted", None).opened == ("email", "address")
    assert read_selection(EMPLOYEE, None).opened == ("date_of_birth",)
    assert read_selection(f"{EMPLOYEE}:dateofbirth", None).opened == ("date_of_birth",)
    assert read_selection("userName", None).opened == ()


@pytest.mark.parametrize(("attributes", "excluded"), [("a", "b"), (",".join("x" * 51), None), (None, "x" * 3000)])
def test_what_cannot_be_chosen_is_refused(attributes: str | None, excluded: str | None) -> None:
    """Both at once, or too many."""
    with pytest.raises(BadScimAttributes):
        read_selection(attributes, excluded)
