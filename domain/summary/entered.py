"""What people entered on a day, as its summary tells it: comments, tags, and conflicts with both figures."""

from typing import Final, cast

import msgspec

from domain.business_day import BusinessDay, OpenConflict
from domain.facts import Comment, Tag
from domain.money import shown
from domain.records import Deposit, Punch, decode
from domain.records.punch import hours, pay_cents, worked_seconds
from domain.summary.issues import Issues
from domain.summary.lines import CommentLine

_COMMENT: Final = msgspec.json.Decoder(Comment)
_TAG: Final = msgspec.json.Decoder(Tag)
_DEPOSIT: Final = msgspec.json.Decoder(Deposit | None)
_DEPOSITS: Final = msgspec.json.Decoder(dict[str, Deposit])


def comments(day: BusinessDay) -> tuple[CommentLine, ...]:
    """The comments, in the order of entering."""
    found = []
    for (kind, key), overlay in day.overlays.items():
        if kind == "comment" and overlay.ours is not None:
            comment = _COMMENT.decode(overlay.ours)
            found.append(CommentLine(key, comment.text, comment.by))
    return tuple(found)


def tags(day: BusinessDay) -> tuple[str, ...]:
    """The tags, in their order."""
    found = [overlay.ours for (kind, _), overlay in day.overlays.items() if kind == "tag"]
    return tuple(sorted(_TAG.decode(ours).name for ours in found if ours is not None))


def note_conflicts(day: BusinessDay, issues: Issues) -> None:
    """Note every open conflict, with what each side comes to."""
    for (kind, key), conflict in day.conflicts.items():
        said = _about_deposit if kind == "deposit" else _about_punch
        issues.add("conflict", f"{said(key, conflict)} Say which stands with `daybook resolve`.", f"{kind}/{key}")


def _about_punch(key: str, conflict: OpenConflict) -> str:
    ours = f"{_punch(conflict.ours)} count" if conflict.ours else "is struck out"
    theirs = f"says {_punch(conflict.theirs)}" if conflict.theirs else "has it no longer"
    return f"Punch {key} was changed here, and since then at the source: ours {ours}; the source {theirs}."


def _punch(data: bytes) -> str:
    punch = cast("Punch", decode("punch", data))
    return f"{hours(worked_seconds(punch)):.2f} h at {punch.rate} ({shown(pay_cents(punch))})"


def _about_deposit(key: str, conflict: OpenConflict) -> str:
    ours = sum(deposit.amount_cents for deposit in _DEPOSITS.decode(conflict.ours or b"{}").values())
    theirs = _DEPOSIT.decode(conflict.theirs or b"null")
    what = f"Deposit {theirs.number or key} of {shown(theirs.amount_cents)}" if theirs else f"Deposit {key}"
    return f"{what} came from the source for a day with manual deposits of {shown(ours)}: only these count."
