"""Overlays: what people enter over what the sources say, and how conflicts between both are resolved."""

from domain.overlays.entries import (
    BadEntry,
    TooManyEntries,
    decide_comment,
    decide_deposit,
    decide_tag,
    decide_withdraw,
)
from domain.overlays.guarding import ConflictOpen, DayIsApproved, NothingEntered
from domain.overlays.punches import (
    BadPunch,
    NoSuchPunch,
    PunchFields,
    Workplace,
    decide_add_punch,
    decide_edit_punch,
    decide_strike_punch,
)
from domain.overlays.resolving import BadSide, NoSuchConflict, Side, decide_resolve

__all__ = [
    "BadEntry",
    "BadPunch",
    "BadSide",
    "ConflictOpen",
    "DayIsApproved",
    "NoSuchConflict",
    "NoSuchPunch",
    "NothingEntered",
    "PunchFields",
    "Side",
    "TooManyEntries",
    "Workplace",
    "decide_add_punch",
    "decide_comment",
    "decide_deposit",
    "decide_edit_punch",
    "decide_resolve",
    "decide_strike_punch",
    "decide_tag",
    "decide_withdraw",
]
