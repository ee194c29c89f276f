"""Facts in sentences for people."""

from collections.abc import Sequence
from typing import Any, Final

from domain.differences import FieldChange
from domain.facts import (
    Change,
    ConfigurationChanged,
    ConnectionEstablished,
    DayPolled,
    Entry,
    LocationAdded,
    PollFailed,
    PollUnchanged,
    RecordsChanged,
    RosterChanged,
)
from domain.records import plain_fields
from domain.records.people import PERSONAL_FIELDS

SEALED: Final = "(sealed)"
"""Stands for a personal field wherever history shows one."""

MOST_NAMED: Final = 8
"""Fields or records that one sentence names."""

_KIND_WORDS: Final = {"late-void": "late void", "paid-in-out": "paid in/out"}


def sentence(entry: Entry) -> str:
    """What happened, who did it and why, in one or two sentences."""
    who, why = _who(entry.provenance.actor), _why(entry.provenance.reason)
    match entry.fact:
        case DayPolled() as fact:
            verb = "polled" if fact.attempt.kind == "poll" else "repolled"
            return f"{who} {verb} the day{why}: generation {fact.generation}, {_counts(fact)}."
        case PollUnchanged() as fact:
            return f"{who} repolled the day{why}: nothing differs from generation {fact.generation}."
        case PollFailed() as fact:
            later = f" Not again before {fact.retry_at:%Y-%m-%d %H:%M:%S} UTC." if fact.retry_at else ""
            verb = "poll" if fact.attempt.kind == "poll" else "repoll"
            return f"{who} tried to {verb} the day{why}, which failed ({fact.failure}): {_ended(fact.message)}{later}"
        case RecordsChanged() as fact:
            return f"Part {fact.part} of generation {fact.generation}: {_operations(fact.changes)}."
        case RosterChanged() as fact:
            return f"The roster of {fact.location} changed: {_operations(fact.changes)}."
        case ConnectionEstablished() as fact:
            return f"{who} connected {fact.name} ({fact.system}) at {fact.environment}{why}."
        case LocationAdded() as fact:
            return f"{who} added the location {fact.name} ({fact.location}), {fact.zone}{why}."
        case ConfigurationChanged() as fact:
            set_to = ", ".join(f"{name} = {value}" for name, value in fact.options.items()) or "the defaults"
            return f"{who} set the polling configuration to version {fact.version}{why}: {set_to}."


def record_sentence(change: Change, fields: Sequence[FieldChange]) -> str:
    """What happened to one record, field by field where it changed."""
    name = record_words(change)
    if change.operation != "changed":
        return f"{name} was {change.operation}."
    named = [_field(field) for field in fields[:MOST_NAMED]]
    if len(fields) > MOST_NAMED:
        named.append(f"and {len(fields) - MOST_NAMED} more fields")
    return f"{name} changed: {', '.join(named)}."


def record_words(change: Change) -> str:
    """What people call a record: its kind and the number on it, or its key."""
    fields = plain_fields(change.before if change.operation == "removed" else change.after)
    number = fields.get("number") if isinstance(fields, dict) else None
    kind = _KIND_WORDS.get(change.kind, change.kind)
    return f"{kind[:1].upper()}{kind[1:]} {number or change.key}"


def is_sealed(path: str, value: Any) -> bool:
    """A field holds personal data: by its name, or because its value is sealed."""
    return path in PERSONAL_FIELDS or (isinstance(value, str) and value.startswith("sealed:"))


def _field(field: FieldChange) -> str:
    if SEALED in (field.before, field.after):
        return f"{field.path} changed {SEALED}"
    return f"{field.path} {_value(field.before)} → {_value(field.after)}"


def _value(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        named = value.get("name") or value.get("id")
        return str(named) if named else "an entry"
    if isinstance(value, list):
        return f"{len(value)} entries"
    text = str(value)
    return (text if len(text) <= 80 else f"{text[:79]}…") or "empty"


def _who(actor: str) -> str:
    way, _, name = actor.rpartition(":")
    if name == "anonymous":
        return f"Somebody ({way})" if way else "Somebody"
    if not way and name in {"worker", "scheduler", "system"}:
        return f"The {name}"
    return name[:1].upper() + name[1:] if name else "Somebody"


def _why(reason: str) -> str:
    return f" because '{reason}'" if reason else ""


def _counts(fact: DayPolled) -> str:
    words = [f"{count} {operation}" for operation, count in _counted(fact) if count]
    if not words:
        return "no record differs"
    first, _, rest = words[0].partition(" ")
    noun = "record" if first == "1" else "records"
    return ", ".join([f"{first} {noun} {rest}", *words[1:]])


def _counted(fact: DayPolled) -> list[tuple[str, int]]:
    return [("added", fact.added), ("changed", fact.changed), ("removed", fact.removed)]


def _operations(changes: Sequence[Change]) -> str:
    named = [f"{_lower(record_words(change))} {change.operation}" for change in changes[:MOST_NAMED]]
    if len(changes) > MOST_NAMED:
        named.append(f"and {len(changes) - MOST_NAMED} more")
    return ", ".join(named) or "nothing"


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _ended(message: str) -> str:
    return message if message.endswith((".", "!", "?")) else f"{message}."
