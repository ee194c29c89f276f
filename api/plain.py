"""Plain JSON of facts and records for other programs: amounts as decimal strings, personal data as a bare flag."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from api.imports.session import Imported, Refused
from domain.commands.recording import Outcome
from domain.differences import FieldChange, field_changes
from domain.due import Due
from domain.facts import Change, Entry, fact_name, fact_version
from domain.records import plain_fields
from projections.history import Happening
from projections.origins import Origin

SEALED: Final = "sealed"
"""Stands for a personal field that is there: sealed values never leave, not even as ciphertext."""

_PREFIX: Final = "sealed:"


def masked(value: Any) -> Any:
    """A plain JSON value with every sealed text replaced by ``sealed``."""
    if isinstance(value, dict):
        return {name: masked(field) for name, field in value.items()}
    if isinstance(value, list):
        return [masked(entry) for entry in value]
    if isinstance(value, str) and value.startswith(_PREFIX):
        return SEALED
    return value


def plain_entry(entry: Entry) -> dict[str, Any]:
    """One entry of the log."""
    name = fact_name(entry.fact)
    by = entry.provenance
    return {
        "position": entry.position,
        "stream": entry.stream,
        "version": entry.version,
        "name": name,
        "fact_version": fact_version(name),
        "recorded_at": entry.recorded_at,
        "provenance": {
            "actor": by.actor,
            "command": by.command,
            "reason": by.reason,
            "cause": by.cause,
            "correlation": by.correlation,
        },
        "data": masked(plain_fields(msgspec.json.encode(entry.fact))),
    }


def plain_change(change: FieldChange) -> dict[str, Any]:
    """One field before and after."""
    return {"path": change.path, "before": masked(change.before), "after": masked(change.after)}


def plain_record(change: Change) -> dict[str, Any]:
    """A record that differs, with the fields that do; of an added or removed record all its fields."""
    return {
        "record": f"{change.kind}/{change.key}",
        "operation": change.operation,
        "fields": [plain_change(field) for field in field_changes(change)],
    }


def plain_step(step: Happening) -> dict[str, Any]:
    """One step of a history as plain JSON."""
    return {
        "position": step.position,
        "version": step.version,
        "recorded_at": step.recorded_at,
        "actor": step.actor,
        "reason": step.reason,
        "command": step.command,
        "cause": step.cause,
        "correlation": step.correlation,
        "name": step.name,
        "sentence": step.sentence,
        "operation": step.operation,
        "fields": [plain_change(field) for field in step.changes],
        "origin": plain_origin(step.origin),
    }


def plain_origin(origin: Origin) -> dict[str, Any]:
    """Which answer of which source says so, and how it was read."""
    attempt = origin.attempt
    return {
        "generation": origin.generation,
        "connection": origin.connection,
        "configuration": origin.configuration,
        "capture": origin.capture,
        "read_date": origin.read_date,
        "attempt": None
        if attempt is None
        else {"kind": attempt.kind, "started_at": attempt.started_at, "ended_at": attempt.ended_at},
    }


def plain_other_days(counts: Mapping[dt.date, int]) -> list[dict[str, Any]]:
    """Other business days, and of how many records of each something is said."""
    return [{"date": date.isoformat(), "records": count} for date, count in sorted(counts.items())]


def plain_beside(outcome: Outcome) -> dict[str, Any]:
    """What a reading said about other business days, and about approved ones; nothing where it said nothing."""
    told: dict[str, Any] = {
        "compensated": plain_other_days(outcome.compensated),
        "observed": outcome.observed,
        "conflicts": outcome.conflicts,
    }
    return {name: value for name, value in told.items() if value}


def plain_import(found: Imported | Refused) -> dict[str, Any]:
    """What came of import files, as HTTP and the command line answer it."""
    reports = [report.plain() for report in found.reports]
    if isinstance(found, Refused):
        problems = [{"file": name, **msgspec.to_builtins(problem)} for name, problem in found.problems]
        return {"outcome": "refused", "files": reports, "problems": problems, "reference": None, "days": []}
    reference = found.reference
    days = [
        {
            "date": date.isoformat(),
            "outcome": outcome.outcome,
            "generation": outcome.generation,
            "added": outcome.added,
            "changed": outcome.changed,
            "removed": outcome.removed,
            "failure": None if outcome.failure is None else outcome.failure.message,
            **plain_beside(outcome),
        }
        for date, outcome in found.days.items()
    ]
    return {
        "outcome": "imported" if found.position else "good",
        "files": reports,
        "problems": [],
        "reference": None if reference is None else {"added": reference.added, "changed": reference.changed},
        "days": days,
    }


def plain_due(one: Due, now: dt.datetime) -> dict[str, Any]:
    """A day that has to be polled, now or later."""
    return {
        "location": one.location,
        "date": one.date,
        "connection": one.connection,
        "why": one.why,
        "reason": one.reason,
        "since": one.since,
        "due": one.is_due(now),
        "not_before": one.not_before,
        "to_do": one.to_do,
    }
