"""Resolving a conflict: somebody says which side is shown."""

from typing import Literal

from domain.business_day import BusinessDay
from domain.business_day.overlays import raw_of
from domain.facts import ABSENT, ConflictResolved, OverlayWithdrawn
from domain.facts.catalogue import DayFact
from domain.overlays.guarding import check_open
from domain.refusals import NotFound, Refusal

Side = Literal["ours", "theirs", "both"]


class NoSuchConflict(NotFound):
    """There is no open conflict of that name on the day."""


class BadSide(Refusal):
    """The conflict has no such side."""


def decide_resolve(day: BusinessDay, kind: str, key: str, side: Side) -> tuple[DayFact, ...]:
    """The facts that end a conflict.

    ``ours`` keeps what was entered here, until the source changes again. ``theirs`` shows the source's: an edit of the
    punch ends, and so do the manual deposits of the day, which the source's takes the place of. ``both`` is for
    deposits: each counts.

    Raises:
        DayIsApproved: nothing changes on it.
        NoSuchConflict: there is none.
        BadSide: a punch cannot be both.
    """
    check_open(day)
    conflict = day.conflicts.get((kind, key))
    if conflict is None:
        known = ", ".join(f"{of}/{other}" for of, other in list(day.conflicts)[:10]) or "none"
        raise NoSuchConflict(f"{kind[:40]}/{key[:80]} is in no conflict on this day. Open ones: {known}.")
    if side == "both" and kind != "deposit":
        raise BadSide("A punch is shown once: say `ours` or `theirs`. Both is for deposits.")
    ours, theirs = raw_of(conflict.ours), raw_of(conflict.theirs)
    resolved = ConflictResolved(kind, key, side, ours, theirs, "", day.generation)
    if kind != "deposit" or side != "theirs":
        return (resolved,)
    withdrawn = [
        OverlayWithdrawn(of, other, raw_of(overlay.ours), ABSENT, day.generation)
        for (of, other), overlay in day.overlays.items()
        if of == "deposit"
    ]
    others = [
        ConflictResolved(of, other, side, raw_of(open_.ours), raw_of(open_.theirs), "", day.generation)
        for (of, other), open_ in day.conflicts.items()
        if of == "deposit" and other != key
    ]
    return (*withdrawn, resolved, *others)
