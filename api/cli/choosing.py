"""Polling options as people write them on the command line: OPTION=VALUE."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import msgspec
import typer

from domain.forms import Form, fields_of
from domain.polling.choices import OFF, TEXT_OPTIONS

Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="OPTION=VALUE",
        help="A polling option: true, false, a number, a text, or JSON such as '[\"Bar\"]'; may be repeated.",
    ),
]
Preset = Annotated[
    str, typer.Option("--preset", metavar="NAME", help="The system's options for a kind of locations, such as ihop.")
]


def chosen(texts: Iterable[str]) -> dict[str, Any]:
    """Options by name, each with the value that its text means.

    The text is JSON; of options that are texts it may as well stand for itself. Whether the options exist, and take
    these values, is said where they are used.

    Raises:
        typer.BadParameter: one is not of the form OPTION=VALUE, its value is no JSON, or an option stands there twice.
    """
    found: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise typer.BadParameter(f"{text[:80]!r}: write OPTION=VALUE, for example trim_service_type_name=true.")
        if name in found:
            raise typer.BadParameter(f"{name[:60]!r} is set twice: which value counts would be chance.")
        found[name] = _value(name, value)
    return found


def fields_given(form: Form, texts: Iterable[str]) -> dict[str, Any]:
    """Fields of a form that are written FIELD=VALUE, each with the value that its text means.

    A field that is a text stands for itself, a list may be its entries with commas between, all else is JSON. Whether
    there are such fields, and they take these values, is said where the form is filled in.

    Args:
        form: declares the fields.
        texts: as they were given; FIELD= is the empty text.

    Raises:
        typer.BadParameter: one is not of that form, or a field stands there twice.
    """
    found: dict[str, Any] = {}
    declared = fields_of(form)
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise typer.BadParameter(f"{text[:80]!r}: write FIELD=VALUE, each field once.")
        if name in found:
            raise typer.BadParameter(f"{name[:60]!r} is given twice: which value counts would be chance.")
        found[name] = _of_field(declared.get(name, {}), value)
    return found


def _of_field(declared: Mapping[str, Any], text: str) -> Any:
    kind = declared.get("type", "string")
    if kind == "string" or not text:
        return text
    if kind == "array" and not text.lstrip().startswith("["):
        return [_of_field(declared.get("items", {}), part.strip()) for part in text.split(",")]
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return text


def shown(value: Any) -> str:
    """A value as one may write it there."""
    return value if isinstance(value, str) and value else msgspec.json.encode(value).decode()


def _value(name: str, text: str) -> Any:
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        if name in TEXT_OPTIONS or name not in OFF:
            return text
        raise typer.BadParameter(
            f'{name[:60]}: {text[:60]!r} is not JSON: write true, false, a number, a "text" or a list in brackets.'
        ) from None
    return value if isinstance(value, str) or name not in TEXT_OPTIONS else text
