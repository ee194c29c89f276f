"""Changes after approval and closings as plain JSON, as HTTP and the command line answer them."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from api.plain import plain_change, plain_effect
from domain.differences import field_changes
from domain.facts import Change
from domain.identifiers import DayId
from domain.money import shown
from domain.summary import plain_summary
from domain.summary.amounts import AMOUNTS, changed_by
from projections.after_approval import AfterApproval, Closing, TooLate
from projections.rows import LateChangeRow


def plain_after_approval(day: DayId, found: AfterApproval, page: Sequence[TooLate]) -> dict[str, Any]:
    """What came to light after a day's approval, with one page of the changes."""
    return {
        "location": day.location,
        "date": day.date.isoformat(),
        "state": found.day.state,
        "version": found.day.version,
        "closings": found.day.closings,
        "count": found.day.late_changes,
        "unlisted": found.day.late_more,
        "amounts": {kind: shown(cents) for kind, cents in sorted(found.amounts.items())},
        **plain_effect(found.effect),
        "data": [_plain_too_late(late) for late in page],
    }


def _plain_too_late(late: TooLate) -> dict[str, Any]:
    return {
        **_plain_record(late.change, late.amount_cents),
        "origin": late.origin,
        "read_date": None if late.read_date is None else late.read_date.isoformat(),
        "connection": late.connection,
        "capture": late.capture,
        "position": late.position,
        "recorded_at": late.recorded_at,
    }


def plain_late_row(row: LateChangeRow) -> dict[str, Any]:
    """A change after approval of the list of all days."""
    change = Change(row.kind, row.key, msgspec.Raw(row.before), msgspec.Raw(row.after))
    return {
        "location": row.location,
        "date": row.business_date.isoformat(),
        **_plain_record(change, changed_by(change)),
        "origin": row.origin,
        "read_date": None if row.read_date is None else row.read_date.isoformat(),
        "connection": row.connection,
        "capture": row.capture,
        "position": row.position,
        "recorded_at": row.recorded_at,
    }


def _plain_record(change: Change, cents: int) -> dict[str, Any]:
    return {
        "record": f"{change.kind}/{change.key}",
        "operation": change.operation,
        "amount_of": AMOUNTS.get(change.kind),
        "amount": shown(cents) if change.kind in AMOUNTS else None,
        "fields": [plain_change(field) for field in field_changes(change)],
    }


def plain_closing(day: DayId, closing: Closing) -> dict[str, Any]:
    """What was approved, and whether the facts lead to it still."""
    entry = closing.approval
    return {
        "location": day.location,
        "date": day.date.isoformat(),
        "number": closing.number,
        "generation": closing.summary.generation,
        "position": entry.position,
        "recorded_at": entry.recorded_at,
        "actor": entry.provenance.actor,
        "reason": entry.provenance.reason,
        "digest": closing.digest,
        "recomputed": closing.found,
        "matches": closing.matches,
        "summary": plain_summary(closing.summary),
    }


DOES_NOT_MATCH: Final = (
    "The facts until the approval lead to another summary than the one that was approved: `daybook check` proves "
    "whether the facts are those that were recorded; where they are, this release sums them up otherwise than the one "
    "that approved."
)
"""What it means that a closing does not match."""
