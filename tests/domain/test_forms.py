"""What is filled in and what the operator supplies: his key goes to his address alone."""

import pytest

from domain.forms import BadForm, FieldProblem, Filled, Supplied, completed, filled_of, secret_fields, separated

FORM = {
    "type": "object",
    "properties": {
        "ihop": {"type": "boolean", "default": False},
        "environment": {"type": "string"},
        "user": {"type": "string", "writeOnly": True},
        "password": {"type": "string", "writeOnly": True},
    },
}
SUPPLIED = Supplied("tray", {"ihop": True}, {"environment": "https://ihop.tray.com"}, {"password": "operators"})


def test_several_secrets_are_one_text() -> None:
    """A connection keeps one secret: itself where the form has one, all of them by name where it has more, or none."""
    assert secret_fields(FORM) == {"user", "password"}
    assert separated(FORM, {"user": "u", "password": "p"}).secret == '{"password": "p", "user": "u"}'
    assert separated(FORM, {"password": "p"}).secret == "p"
    assert separated(FORM, {}).secret == ""


def test_defaults_stand_in_where_the_form_is_whole() -> None:
    """What the operator supplies is only what he says."""
    assert separated(FORM, {}).plain == {"ihop": False}
    assert separated(FORM, {"environment": "x"}, whole=False).plain == {"environment": "x"}


def test_what_the_operator_supplies_goes_together() -> None:
    """An address that somebody entered beside it gives way, so that the operator's key is never sent there."""
    filled = Filled({"ihop": True, "environment": "https://evil.example.com"}, {"user": "mine"})
    whole = completed("tray", filled, [SUPPLIED])
    assert whole.environment == "https://ihop.tray.com"
    assert whole.secrets == {"user": "mine", "password": "operators"}
    assert "operators" not in repr(whole) + repr(SUPPLIED)


def test_others_get_nothing_of_it() -> None:
    """Of another system, or without the fields that it is for, a form stays as it was filled in."""
    filled = Filled({"ihop": False})
    assert completed("tray", filled, [SUPPLIED]) is filled
    assert completed("files", Filled({"ihop": True}), [SUPPLIED]).secret == ""


def test_problems_are_one_sentence_each() -> None:
    """A refusal reads as sentences, and keeps the fields."""
    refusal = BadForm([FieldProblem("a", "Key", "it is empty."), FieldProblem("", "The form", "it does not fit.")])
    assert str(refusal) == "Key: it is empty. The form: it does not fit."
    assert [problem.field for problem in refusal.problems] == ["a", ""]


@pytest.mark.parametrize(
    ("values", "environment"), [({}, ""), ({"ihop": True}, "https://tray.example.com"), ({"user": "u"}, "")]
)
@pytest.mark.parametrize("secrets", [{}, {"password": "p"}, {"user": "u", "password": "p"}])
def test_what_a_connection_keeps_is_the_form_again(
    values: dict[str, object], environment: str, secrets: dict[str, str]
) -> None:
    """Address, values and the one text of all secrets make the form that was filled in."""
    plain = {name: value for name, value in values.items() if name not in secret_fields(FORM)}
    given = Filled({**plain, **({"environment": environment} if environment else {})}, secrets)
    kept = filled_of(FORM, environment, plain, given.secret)
    expected = {min(secret_fields(FORM)): "p"} if len(secrets) == 1 else secrets
    assert (kept.plain, kept.secrets, kept.secret) == (given.plain, expected, given.secret)


def test_a_secret_that_happens_to_be_json_is_a_secret() -> None:
    """Of one field whatever it is; of several fields only an object tells them apart."""
    one = {"properties": {"key": {"writeOnly": True}}}
    assert filled_of(one, "", {}, '{"key": 1}').secrets == {"key": '{"key": 1}'}
    assert filled_of(FORM, "", {}, "[1]").secrets == {min(secret_fields(FORM)): "[1]"}
    assert filled_of({}, "", {}, "s").secret == "s"
