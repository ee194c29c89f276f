"""Fields of records by their paths: ``tax``, ``payments.0.amount``, ``items[i-3].price``."""

import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from domain.differences import FieldChange, compare
from domain.facts import Change
from domain.records import KINDS, whole_fields
from domain.refusals import NotFound, Refusal

LONGEST_PATH: Final = 200

Path = tuple[str, ...]

_STEP: Final = re.compile(r"\[([^\[\]]+)\]|([^.\[\]]+)")
_PATH: Final = re.compile(r"[^.\[\]]+(?:\.[^.\[\]]+|\[[^\[\]]+\])*")
_HANDLES: Final = ("id", "name", "code")


class NoSuchField(NotFound):
    """Records of that kind have no such field."""


class BadField(Refusal):
    """A field is not written as one, or it is not said of which record it is."""


def field_path(kind: str, text: str) -> Path:
    """The steps of a field's path; what is behind the first may be a name, the id of an entry of a list or its place.

    Raises:
        BadField: it is not written as a path.
        NoSuchField: records of the kind have no such field.
    """
    if len(text) > LONGEST_PATH or not _PATH.fullmatch(text):
        raise BadField(
            f"{text[:60]!r} is not a field: write names with dots between them, and entries of a list by their id or "
            "place, for example payments.0.amount or items[i-3].price."
        )
    steps = tuple([inside or name for inside, name in _STEP.findall(text)])
    known = [
        field.encode_name.removesuffix("_cents").removesuffix("_milli")
        for field in (msgspec.structs.fields(KINDS[kind]) if kind in KINDS else ())
    ]
    if known and steps[0] not in known:
        raise NoSuchField(f"A {kind} has no field {steps[0][:60]!r}. It has: {', '.join(known)}.")
    return steps


def changes_at(change: Change, path: Path, text: str) -> Iterator[FieldChange]:
    """What a change of a record does to one field, and to what is inside it; nothing where it leaves that as it is.

    Args:
        change: of the record.
        path: of the field.
        text: the path as it was asked for.
    """
    # With every default: a field that a record was added with says what it was, also where it is nothing special.
    before, after = (_at(whole_fields(change.kind, data), path) for data in (change.before, change.after))
    yield from compare(before, after, text)


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = _inside(value, step)
    return value


def _inside(value: Any, step: str) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    if not isinstance(value, list):
        return None
    for handle in _HANDLES:
        for entry in value:
            if isinstance(entry, dict) and entry.get(handle) == step:
                return entry
    return value[int(step)] if step.isdecimal() and len(step) < 10 and int(step) < len(value) else None
