"""The business day: folding its facts into its records, and deciding what a reading adds to them."""

from domain.business_day.compensating import decide_compensation
from domain.business_day.conflicts import ASK, with_conflicts
from domain.business_day.day import (
    APPROVED,
    COMPLETED,
    IN_PROGRESS,
    MISSING,
    NEW_DAY,
    BusinessDay,
    Feed,
    LateChange,
    Staged,
)
from domain.business_day.folding import evolve, fold
from domain.business_day.holding import as_reopened, hold_back, late_changes, take_staged
from domain.business_day.overlays import OpenConflict, Overlay
from domain.business_day.reading import FedByAnother, beside, decide_poll, passed_over, source_id
from domain.business_day.replaying import DerivedDay, decide_replay

__all__ = [
    "APPROVED",
    "ASK",
    "COMPLETED",
    "IN_PROGRESS",
    "MISSING",
    "NEW_DAY",
    "BusinessDay",
    "DerivedDay",
    "FedByAnother",
    "Feed",
    "LateChange",
    "OpenConflict",
    "Overlay",
    "Staged",
    "as_reopened",
    "beside",
    "decide_compensation",
    "decide_poll",
    "decide_replay",
    "evolve",
    "fold",
    "hold_back",
    "late_changes",
    "passed_over",
    "source_id",
    "take_staged",
    "with_conflicts",
]
