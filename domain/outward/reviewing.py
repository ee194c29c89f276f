"""Reviewing: whether what was written still stands at the other side as it was written."""

import datetime as dt
from typing import Final, Literal

from domain.facts.objects import RemoteChanged
from domain.outward.deciding import LONGEST_MESSAGE
from domain.outward.state import SyncObject, Try

_WRITTEN: Final = frozenset({"create", "update"})


def standing(known: SyncObject, until: dt.datetime) -> Try | None:
    """The effect by which an object stands at the other side, to be looked up again; None where none can be.

    Nothing is looked up that is being written, and of an entry that a difference corrected nothing stands alone.

    Args:
        known: as recorded.
        until: no answer is waited for after it.
    """
    posted = known.posted
    if posted is None or known.state != "success" or posted.step not in _WRITTEN:
        return None
    return Try(known.attempts, posted.step, posted.version, posted.reference, posted.document, "", posted.level, until)


def decide_reviewed(
    known: SyncObject, reference: str, what: Literal["changed", "deleted"], message: str
) -> tuple[RemoteChanged, ...]:
    """The fact that what was written is not there as it was; none where it is being written anew meanwhile."""
    posted = known.posted
    if posted is None or known.state != "success" or posted.reference != reference:
        return ()
    return (RemoteChanged(what, message[:LONGEST_MESSAGE]),)
