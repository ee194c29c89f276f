"""Forms filled in: every problem at once, in words with hints, and never a value; secrets apart from the rest."""

from typing import Any

import pytest

from adapters.forms import BadSchema, check_form, fill
from adapters.pos.tray import SYSTEM
from domain.forms import BadForm, Form
from domain.ports.systems import DRAFT, EMPTY_FORM

TRAY = SYSTEM.profile.form
ADDRESS = {"environment": "https://kernel.tray.com"}
GOOD = {**ADDRESS, "api_key": "k3y"}
FORM: Form = {
    "$schema": DRAFT,
    "type": "object",
    "required": ["company"],
    "properties": {
        "company": {"type": "string", "minLength": 1, "maxLength": 5, "title": "Company id", "x-hint": "such as ACME"},
        "level": {"type": "string", "enum": ["top", "entity"]},
        "days": {"type": "integer", "minimum": 1, "maximum": 9},
        "places": {"type": "array", "minItems": 2, "maxItems": 3, "uniqueItems": True, "items": {"type": "string"}},
        "size": {"type": "string", "minLength": 3, "not": {"const": "xxx"}},
        "password": {"type": "string", "writeOnly": True, "title": "Password"},
    },
    "additionalProperties": False,
}


def told(form: Form, values: dict[str, Any]) -> dict[str, str]:
    """What is wrong, by field."""
    with pytest.raises(BadForm) as refused:
        fill(form, values)
    return {problem.field: problem.message for problem in refused.value.problems}


def test_secrets_stand_apart() -> None:
    """What facts may hold has no secret, a repr shows none, and defaults stand in for what was not said."""
    filled = fill(TRAY, GOOD)
    assert filled.plain == {"ihop": False, "environment": "https://kernel.tray.com"}
    assert (filled.secret, filled.environment) == ("k3y", "https://kernel.tray.com")
    assert "k3y" not in repr(filled)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, {"environment", "api_key"}),
        ({"ihop": False}, {"environment", "api_key"}),
        ({"ihop": True}, {"venues"}),
        ({"ihop": True, "venues": []}, {"venues"}),
        ({"ihop": True, "venues": ["V100"], "api_key": "k"}, {"api_key"}),
        ({"ihop": True, "venues": ["V100"], "environment": "https://evil.example"}, {"environment"}),
        ({"ihop": "yes"}, {"ihop", "environment", "api_key"}),
        ({**GOOD, "venues": ["V100", "V 1", "../V2"]}, {"venues.1", "venues.2"}),
        ({**GOOD, "venues": ["V100", "V100"]}, {"venues"}),
        ({**GOOD, "api_key": "two words"}, {"api_key"}),
        ({**GOOD, "api_key": "k3y\n"}, {"api_key"}),
        ({**GOOD, "environment": "tray"}, {"environment"}),
        ({**GOOD, "environment": "https://u:p@tray.com"}, {"environment"}),
        ({**GOOD, "environment": "https://tray.com\r\nX: y"}, {"environment"}),
        ({**GOOD, "password": "x"}, {"password"}),
    ],
)
def test_trays_form(values: dict[str, Any], expected: set[str]) -> None:
    """IHOP needs the venue ids alone, the others the address and the key; each problem names its field."""
    assert set(told(TRAY, values)) == expected


@pytest.mark.parametrize("values", [GOOD, {**GOOD, "venues": ["V100"]}, {"ihop": True, "venues": ["V100", "V101"]}])
def test_trays_form_filled_in(values: dict[str, Any]) -> None:
    """What Tray Support gives out is enough."""
    assert fill(TRAY, values).plain["ihop"] is values.get("ihop", False)


def test_all_problems_at_once_in_the_forms_order() -> None:
    """Sentences are for people: name, what is wrong, and the hint; none shows what was given."""
    values = {
        "zzz": 1,
        "password": 7,
        "size": "xxx",
        "places": ["a"],
        "days": 0,
        "level": "s3cret",
        "company": "s3cret-too-long",
    }
    with pytest.raises(BadForm) as refused:
        fill(FORM, values)
    assert [(problem.field, problem.title, problem.message) for problem in refused.value.problems] == [
        ("company", "Company id", "it has more than 5 characters: such as ACME."),
        ("level", "level", "it is none of top, entity."),
        ("days", "days", "it is less than 1."),
        ("places", "places", "it has fewer than 2 entries."),
        ("size", "size", "it does not fit."),
        ("password", "Password", "it has to be a text."),
        ("zzz", "zzz", "there is no such field."),
    ]
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"company": ""}, {"company": "it is empty: such as ACME."}),
        ({"company": "A", "days": 10}, {"days": "it is more than 9."}),
        ({"company": "A", "days": "x"}, {"days": "it has to be a whole number."}),
        ({"company": "A", "places": ["a", "a"]}, {"places": "it names something twice."}),
        ({"company": "A", "places": ["a", "b", "c", "d"]}, {"places": "it has more than 3 entries."}),
        ({"company": "A", "size": "x"}, {"size": "it has fewer than 3 characters."}),
        ({"company": "A", "a\nb": "x"}, {"a?b": "there is no such field."}),
    ],
)
def test_sentences(values: dict[str, Any], expected: dict[str, str]) -> None:
    """Each kind of problem has its words."""
    assert told(FORM, values) == expected


def test_problems_are_bounded() -> None:
    """A form that is filled with nonsense is answered with the first 50 problems."""
    assert len(told(FORM, {f"field-{number}": 1 for number in range(200)})) == 50


def test_a_form_that_asks_for_nothing() -> None:
    """Import files have no credentials: nothing is filled in, and anything is refused."""
    filled = fill(EMPTY_FORM, {})
    assert (filled.plain, filled.secret, filled.environment) == ({}, "", "")
    assert told(EMPTY_FORM, {"x": 1}) == {"x": "there is no such field."}


def test_forms_as_they_are_shipped() -> None:
    """Tray's form and the empty one are forms."""
    check_form(TRAY)
    check_form(EMPTY_FORM)
    check_form(FORM)


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({}, "not of an object"),
        ({"type": "array"}, "not of an object"),
        ({"type": "object", "properties": {f"f{n}": {"type": "string"} for n in range(51)}}, "at most 50"),
        ({"type": "object", "properties": {"a": {"type": "strange"}}}, "no JSON Schema"),
        ({"type": "object", "properties": {"a": {"$ref": "https://example.com/x"}}}, "another document"),
        ({"type": "object", "properties": {}, "allOf": [{"$ref": "file:///etc/passwd"}]}, "another document"),
        ({"type": "object", "properties": {}, "$schema": "http://json-schema.org/draft-07/schema#"}, "dialect"),
        ({"type": "object", "properties": {"a": True}}, "says nothing"),
        ({"type": "object", "properties": {"a": {"type": "integer", "writeOnly": True}}}, "shows a value"),
        (
            {"type": "object", "properties": {"a": {"type": "string", "writeOnly": True, "default": "x"}}},
            "shows a value",
        ),
    ],
)
def test_what_is_no_form(form: Form, reason: str) -> None:
    """An adapter whose form cannot be shown, or looks something up, is left out with the reason."""
    with pytest.raises(BadSchema, match=reason):
        check_form(form)
