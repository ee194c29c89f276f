"""Filling in: values against a form, with every problem at once, in words, and never a value."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from domain.forms import MOST_FIELDS, BadForm, FieldProblem, Filled, Form, fields_of, separated

_TYPES: Final = {
    "string": "a text",
    "boolean": "yes or no",
    "integer": "a whole number",
    "number": "a number",
    "array": "a list",
    "object": "a group of fields",
}
_SENTENCES: Final = {
    "pattern": "it cannot be one",
    "format": "it cannot be one",
    "minLength": "it has fewer than {} characters",
    "maxLength": "it has more than {} characters",
    "minItems": "it has fewer than {} entries",
    "maxItems": "it has more than {} entries",
    "uniqueItems": "it names something twice",
    "minimum": "it is less than {}",
    "maximum": "it is more than {}",
}
_LONGEST_NAME: Final = 60


def fill(form: Form, values: Mapping[str, Any]) -> Filled:
    """Values of a form, checked, with the secrets apart.

    Args:
        form: of a system, as :func:`check_form` lets it pass.
        values: by field.

    Raises:
        BadForm: they do not fit; every field that does not is named, with its hint, and no value is shown.
    """
    problems: dict[tuple[str, str], FieldProblem] = {}
    for problem in _problems(form, values):
        if len(problems) >= MOST_FIELDS:
            break
        problems.setdefault((problem.field, problem.message), problem)
    if problems:
        order = list(fields_of(form))
        raise BadForm(sorted(problems.values(), key=lambda problem: _place(order, problem.field)))
    return separated(form, values)


def _problems(form: Form, values: Mapping[str, Any]) -> Iterator[FieldProblem]:
    for path in _with_control_characters(values, ()):
        yield _problem(form, path, "it has line breaks or control characters", {})
    for error in Draft202012Validator(_naming(form)).iter_errors(values):
        yield from _told(form, error)


def _naming(part: Any) -> Any:
    """The same form, with what forbids a field written so that the library names the field in its complaint."""
    if isinstance(part, Mapping):
        return {
            name: {field: {"not": {}} if below is False else _naming(below) for field, below in value.items()}
            if name == "properties" and isinstance(value, Mapping)
            else _naming(value)
            for name, value in part.items()
        }
    return [_naming(below) for below in part] if isinstance(part, list | tuple) else part


def _told(form: Form, error: ValidationError) -> Iterator[FieldProblem]:
    """What an error of the library means to a person."""
    path = tuple(error.absolute_path)
    given: Any = error.instance
    wanted: Any = error.validator_value
    if error.validator == "required" and isinstance(given, Mapping):
        for name in wanted:
            if name not in given:
                yield _problem(form, (*path, name), "it is missing", _field(form, (*path, name)))
    elif error.validator in {"additionalProperties", "unevaluatedProperties"} and isinstance(given, Mapping):
        declared = error.schema.get("properties", {}) if isinstance(error.schema, Mapping) else {}
        for name in sorted(given.keys() - declared.keys()):
            yield _problem(form, (*path, str(name)), "there is no such field", {})
    else:
        yield _problem(form, path, _sentence(error), _field(form, path))


def _sentence(error: ValidationError) -> str:
    """What is wrong, in words that show nothing of the value."""
    wanted: Any = error.validator_value
    if error.validator == "not" and wanted == {}:
        return "leave it out here"
    if error.validator in {"minLength", "minItems"} and wanted == 1:
        return "it is empty"
    if error.validator == "type":
        return f"it has to be {_TYPES.get(str(wanted), 'of another kind')}"
    if error.validator == "enum":
        return f"it is none of {', '.join(map(str, wanted))}"
    return _SENTENCES.get(str(error.validator), "it does not fit").format(wanted)


def _problem(form: Form, path: Sequence[Any], sentence: str, field: Mapping[str, Any]) -> FieldProblem:
    name = ".".join(str(part)[:_LONGEST_NAME] for part in path)
    title = str(field.get("title") or _field(form, path).get("title") or "") or (_shown(name) if name else "The form")
    hint = field.get("x-hint")
    return FieldProblem(_shown(name), title, f"{sentence}: {hint}." if hint else f"{sentence}.")


def _shown(name: str) -> str:
    """A name that somebody sent, so that it can stand in a sentence and in a log."""
    return "".join(letter if letter.isprintable() else "?" for letter in name[: 2 * _LONGEST_NAME])


def _field(form: Form, path: Sequence[Any]) -> Mapping[str, Any]:
    """What a form declares at a place: with a title and a hint, as far down as there is one."""
    found: Mapping[str, Any] = {}
    declared: Any = form
    for part in path:
        below = declared.get("items") if isinstance(part, int) else declared.get("properties", {}).get(part)
        if not isinstance(below, Mapping):
            break
        found = {**found, **{name: below[name] for name in ("title", "x-hint") if name in below}}
        declared = below
    return found


def _place(order: list[str], name: str) -> tuple[int, str]:
    first = name.partition(".")[0]
    return (order.index(first) if first in order else len(order), name)


def _with_control_characters(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, str):
        if not value.isprintable():
            yield path
    elif isinstance(value, Mapping):
        for name, below in value.items():
            yield from _with_control_characters(below, (*path, name))
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from _with_control_characters(below, (*path, number))
