"""The business day: folding its facts into its records, and deciding what a reading adds to them."""

from domain.business_day.compensating import decide_compensation
from domain.business_day.conflicts import ASK, with_conflicts
from domain.business_day.day import APPROVED, COMPLETED, IN_PROGRESS, MISSING, NEW_DAY, BusinessDay, Feed
from domain.business_day.folding import evolve, fold
from domain.business_day.overlays import OpenConflict, Overlay
from domain.business_day.reading import FedByAnother, beside, decide_poll, passed_over, source_id

__all__ = [
    "APPROVED",
    "ASK",
    "COMPLETED",
    "IN_PROGRESS",
    "MISSING",
    "NEW_DAY",
    "BusinessDay",
    "FedByAnother",
    "Feed",
    "OpenConflict",
    "Overlay",
    "beside",
    "decide_compensation",
    "decide_poll",
    "evolve",
    "fold",
    "passed_over",
    "source_id",
    "with_conflicts",
]
