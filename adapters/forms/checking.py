"""Whether a form is one: JSON Schema that stands alone, of an object whose fields can be shown and secrets be told."""

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from domain.forms import MOST_FIELDS, Form

_REFERENCES = ("$ref", "$dynamicRef", "$schema")


class BadSchema(ValueError):
    """A form is not one; the message says where."""


def check_form(form: Form) -> None:
    """Let pass what can be shown as a form and checked without looking anything up.

    Raises:
        BadSchema: it is no JSON Schema 2020-12 of an object, refers elsewhere, or has a secret that is no text.
    """
    try:
        Draft202012Validator.check_schema(form)
    except SchemaError as error:
        raise BadSchema(f"its form is no JSON Schema 2020-12: {error.message[:200]}") from None
    properties = form.get("properties")
    if form.get("type") != "object" or not isinstance(properties, Mapping) or len(properties) > MOST_FIELDS:
        raise BadSchema(f"its form is not of an object with at most {MOST_FIELDS} fields")
    for name, value in _references(form):
        if not value.startswith("#") and name != "$schema":
            raise BadSchema("its form refers to another document")
    if form.get("$schema", Draft202012Validator.META_SCHEMA["$id"]) != Draft202012Validator.META_SCHEMA["$id"]:
        raise BadSchema("its form is of another dialect than 2020-12")
    for name, field in properties.items():
        if not isinstance(field, Mapping):
            raise BadSchema(f"the field {name!r} of its form says nothing")
        shows = field.get("type") != "string" or field.keys() & {"default", "examples", "const", "enum"}
        if field.get("writeOnly") and shows:
            raise BadSchema(f"the secret {name!r} of its form is no text, or shows a value")


def _references(part: Any) -> Iterator[tuple[str, str]]:
    if isinstance(part, Mapping):
        for name, value in part.items():
            if name in _REFERENCES and isinstance(value, str):
                yield name, value
            yield from _references(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from _references(value)
