"""Changes after approval and closings as plain JSON, as HTTP and the command line answer them."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from api.plain import plain_record
from api.plain_reading import plain_effect
from domain.facts import Change
from domain.identifiers import DayId
from domain.money import shown
from domain.summary import plain_summary
from domain.summary.amounts import AMOUNTS, changed_by
from projections.after_approval import AfterApproval, Closing, TooLate
from projections.rows import LateChangeRow


def plain_after_approval(
    day: DayId, found: AfterApproval, page: Sequence[TooLate], most_effects: int | None = None
) -> dict[str, Any]:
    """What came to light after a day's approval, with one page of the changes; ``most_effects`` bounds the effect."""
    return {
        "location": day.location,
        "date": day.date.isoformat(),
        "state": found.day.state,
        "version": found.day.version,
        "closings": found.day.closings,
        "count": found.day.late_changes,
        "unlisted": found.day.late_more,
        "amounts": {kind: shown(cents) for kind, cents in sorted(found.amounts.items())},
        "effect": plain_effect(found.effect, most_effects),
        "data": [_plain_late(late, late.change, late.amount_cents) for late in page],
    }


def _plain_late(late: TooLate | LateChangeRow, change: Change, cents: int) -> dict[str, Any]:
    return {
        **plain_record(change),
        "amount_of": AMOUNTS.get(change.kind),
        "amount": shown(cents) if change.kind in AMOUNTS else None,
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
        **_plain_late(row, change, changed_by(change)),
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
