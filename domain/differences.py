"""Differences: between two sets of records, two records, and two summaries."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import msgspec

from domain.facts import ABSENT, Change
from domain.records import plain_fields, whole_fields

RecordMap = Mapping[str, Mapping[str, bytes]]
"""Canonical bytes by kind and key."""

MOST_CHANGES: Final = 250
"""Changes in one fact at most: one row per ticket would cost an order of magnitude more."""

_NOTHING: Final[Mapping[str, bytes]] = {}


def changes(recorded: RecordMap, fresh: RecordMap) -> list[Change]:
    """What turns the recorded records into the fresh ones, by kind and key; bytes decide what is equal.

    A kind that ``fresh`` does not name was not read, so nothing of it changes; a kind that it names and leaves empty
    was read and is empty.
    """
    return [
        Change(
            kind,
            key,
            ABSENT if before is None else msgspec.Raw(before),
            ABSENT if after is None else msgspec.Raw(after),
        )
        for kind in sorted(fresh)
        for key, before, after in _differing(recorded.get(kind, _NOTHING), fresh[kind])
    ]


def _differing(
    recorded: Mapping[str, bytes], fresh: Mapping[str, bytes]
) -> list[tuple[str, bytes | None, bytes | None]]:
    differing: list[tuple[str, bytes | None, bytes | None]] = [
        (key, recorded.get(key), after) for key, after in fresh.items() if recorded.get(key) != after
    ]
    differing += [(key, before, None) for key, before in recorded.items() if key not in fresh]
    differing.sort(key=lambda change: change[0])
    return differing


def apply(records: dict[str, dict[str, bytes]], made: Iterable[Change]) -> None:
    """Make changes to records in place."""
    for change in made:
        after = bytes(change.after)
        known = records.get(change.kind)
        if known is None:
            known = records[change.kind] = {}
        if after == b"null":
            known.pop(change.key, None)
        else:
            known[change.key] = after


def parts(found: list[Change]) -> list[tuple[Change, ...]]:
    """The changes in lots of at most :data:`MOST_CHANGES`."""
    return [tuple(found[start : start + MOST_CHANGES]) for start in range(0, len(found), MOST_CHANGES)]


def operations(found: Iterable[Change]) -> dict[str, int]:
    """How many records were ``added``, ``changed`` and ``removed``."""
    counts = {"added": 0, "changed": 0, "removed": 0}
    for change in found:
        counts[change.operation] += 1
    return counts


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after; None stands for *not there*.

    Attributes:
        path: for example ``items.2.price``; list entries that have an id go by it: ``items[i-3].price``.
        before: plain JSON value.
        after: plain JSON value.
    """

    path: str
    before: Any
    after: Any


def field_changes(change: Change) -> list[FieldChange]:
    """The fields in which a record changed, with plain values; of an added or removed record all its fields."""
    fields = partial(whole_fields, change.kind) if change.operation == "changed" else plain_fields
    return list(compare(fields(change.before) or {}, fields(change.after) or {}))


def compare(before: Any, after: Any, path: str = "") -> Iterator[FieldChange]:
    """The leaves in which two plain JSON values differ, in the order of their paths."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in [*before, *[name for name in after if name not in before]]:
            yield from compare(before.get(name), after.get(name), f"{path}.{name}" if path else name)
    elif isinstance(before, list) and isinstance(after, list):
        yield from compare_lists(before, after, path)
    elif before != after:
        yield FieldChange(path, before, after)


def compare_lists(before: list[Any], after: list[Any], path: str) -> Iterator[FieldChange]:
    """The leaves in which two lists differ: entries go by their id or name where all have one, else by place."""
    for handle in ("id", "name", "code"):
        left, right = _by(handle, before), _by(handle, after)
        if left is not None and right is not None:
            for name in [*left, *[name for name in right if name not in left]]:
                yield from compare(left.get(name), right.get(name), f"{path}[{name}]")
            return
    for place in range(max(len(before), len(after))):
        yield from compare(
            before[place] if place < len(before) else None,
            after[place] if place < len(after) else None,
            f"{path}[{place}]",
        )


def _by(handle: str, entries: list[Any]) -> dict[str, Any] | None:
    """The entries by their id or name, or None where one has none or two share it."""
    if not all(isinstance(entry, dict) and isinstance(entry.get(handle), str) for entry in entries):
        return None
    named = {entry[handle]: entry for entry in entries}
    return named if len(named) == len(entries) else None
