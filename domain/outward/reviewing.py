"""Reviewing: whether what was written still stands at the other side as it was written."""

import datetime as dt
from typing import Final, Literal, Protocol

from domain.facts.objects import FoundStanding, RemoteChanged
from domain.outward.deciding import LONGEST_MESSAGE, OutwardRules
from domain.outward.naming import OF_DELTA
from domain.outward.state import Category, State, SyncObject, Try


class Written(Protocol):
    """An object, as a view shows it."""

    @property
    def category(self) -> Category:
        """What it belongs to."""
        ...

    @property
    def date(self) -> str:
        """Business date."""
        ...

    @property
    def state(self) -> State:
        """Where it stands."""
        ...

    @property
    def posted_version(self) -> int:
        """Of what stands at the other side; 0: nothing does."""
        ...

    @property
    def posted_reference(self) -> str:
        """Under which that was written."""
        ...

    @property
    def changed_at(self) -> dt.datetime | None:
        """Of its newest fact: a look is one."""
        ...


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


def is_to_review(known: Written, now: dt.datetime, rules: OutwardRules) -> bool:
    """It is time to look whether an entry still stands at the other side, as it did when it was told of last.

    Only what is of a recent business date is looked at, and alone: beside what a difference corrected nothing stands.

    Args:
        known: as a view shows it.
        now: the time.
        rules: how often, and for how long.
    """
    if known.state != "success" or not rules.review or known.changed_at is None:
        return False
    if known.category != "finance" or not known.posted_version or known.posted_reference.endswith(OF_DELTA):
        return False
    oldest = (now - dt.timedelta(seconds=rules.reviewed)).date().isoformat()
    return known.date >= oldest and known.changed_at + dt.timedelta(seconds=rules.review) <= now


def decide_reviewed(
    known: SyncObject, reference: str, what: Literal["stands", "changed", "deleted"], message: str
) -> tuple[FoundStanding | RemoteChanged, ...]:
    """The fact that what was written is there as it was, or is not; none where it is being written anew meanwhile."""
    posted = known.posted
    if posted is None or known.state != "success" or posted.reference != reference:
        return ()
    if what == "stands":
        return (FoundStanding(reference),)
    return (RemoteChanged(what, message[:LONGEST_MESSAGE]),)
