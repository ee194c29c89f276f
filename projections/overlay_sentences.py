"""Sentences about what people entered, and about conflicts with the sources."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from domain.differences import FieldChange, field_changes
from domain.facts import (
    ConflictRaised,
    ConflictResolved,
    OverlayAgreed,
    OverlayEntered,
    OverlayFact,
    OverlayWithdrawn,
)
from domain.records import plain_fields

FieldWords = Callable[[FieldChange], str]
"""One field before and after, for a person."""

_MOST_NAMED: Final = 8
_COMPUTED: Final = frozenset({"excluded", "assumed_out", "job_name"})
"""Fields that follow from others: whoever edited those did not say these."""


def overlay_sentence(fact: OverlayFact, who: str, why: str, words: FieldWords) -> str:
    """What happened, who did it and why, in a sentence or two."""
    match fact:
        case OverlayEntered():
            return _entered(fact, who, why, words)
        case OverlayWithdrawn():
            return _withdrawn(fact, who, why, words)
        case OverlayAgreed():
            return f"The source came to say of {_name(fact)} what was entered here."
        case ConflictRaised():
            return _raised(fact, words)
        case ConflictResolved():
            return _resolved(fact, who, why)


def _entered(fact: OverlayEntered, who: str, why: str, words: FieldWords) -> str:
    if fact.kind == "comment":
        return f"{who} commented{why}: {_ended(_said(fact.after, 'text'))}"
    if fact.kind == "tag":
        return f"{who} tagged the day '{fact.key}'{why}."
    operation = fact.change.operation
    if operation == "removed":
        return f"{who} struck {_name(fact)} out{why}."
    if operation == "changed":
        verb = "edited" if fact.kind == "punch" else "changed"
        return f"{who} {verb} {_name(fact)}{why}: {_fields(field_changes(fact.change), words)}."
    if fact.kind == "deposit":
        return f"{who} entered {_name(fact)} of {_said(fact.after, 'amount')}{why}."
    return f"{who} added {_name(fact)} of employee {_said(fact.after, 'employee')}{why}."


def _withdrawn(fact: OverlayWithdrawn, who: str, why: str, words: FieldWords) -> str:
    if fact.kind == "comment":
        return f"{who} withdrew a comment{why}: {_ended(_said(fact.before, 'text'))}"
    if fact.kind == "tag":
        return f"{who} took the tag '{fact.key}' off the day{why}."
    operation = fact.change.operation
    if operation == "changed":
        return f"{who} withdrew the edit of {_name(fact)}{why}: {_fields(field_changes(fact.change), words)}."
    back = " The source's is shown again." if operation == "added" else ""
    return f"{who} withdrew {_name(fact)}{why}.{back}"


def _raised(fact: ConflictRaised, words: FieldWords) -> str:
    if fact.kind == "deposit":
        amount = _said(fact.theirs, "amount")
        return (
            f"The source has {_name(fact)} of {amount} for a day with manual deposits: these count until it is decided."
        )
    name, stands = _capital(_name(fact)), "ours stands until it is decided"
    operation = fact.change.operation
    if operation == "removed":
        return f"{name} was edited here, and the source has it no longer: {stands}."
    if operation == "added":
        return f"{name} was struck out here, and then changed at the source: {stands}."
    fields = _fields(field_changes(fact.change), words)
    return f"{name} was edited here, and then changed at the source (ours → theirs): {fields}; {stands}."


def _resolved(fact: ConflictResolved, who: str, why: str) -> str:
    if fact.ground == "taken-back":
        return f"The source took back what was in conflict about {_name(fact)}: ours stands."
    stands = {
        "ours": "ours stands",
        "theirs": "the source's stands",
        "both": "both count",
    }.get(fact.side, f"{fact.side} stands")
    decided = "The stated policy decided" if fact.ground == "policy" else f"{who} decided"
    return f"{decided} the conflict about {_name(fact)}{'' if fact.ground else why}: {stands}."


def _name(fact: OverlayFact) -> str:
    """What people call the record: its kind and the number on it, or its key."""
    for data in (fact.change.after, fact.change.before):
        fields = plain_fields(data)
        if isinstance(fields, dict) and fields.get("number"):
            return f"{fact.kind} {fields['number']}"
    return f"{fact.kind} {fact.key}"


def _said(data: Any, name: str) -> str:
    fields = plain_fields(data)
    return str(fields.get(name, "")) if isinstance(fields, dict) else ""


def _fields(changes: Sequence[FieldChange], words: FieldWords) -> str:
    told = [change for change in changes if change.path not in _COMPUTED] or changes
    named = [words(change) for change in told[:_MOST_NAMED]]
    if len(told) > _MOST_NAMED:
        named.append(f"and {len(told) - _MOST_NAMED} more fields")
    return ", ".join(named) or "nothing that people see"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
