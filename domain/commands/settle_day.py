"""Settle a business day: call it complete, approve it, or take that back."""

import hashlib
from dataclasses import dataclass
from typing import Final, Literal

from domain.business_day import APPROVED, COMPLETED, BusinessDay, fold
from domain.commands.changing_day import change_day
from domain.commands.intent import Intent
from domain.commands.loading import NothingRecorded
from domain.commands.overtime import overtime_recordings
from domain.facts import DayApproved
from domain.facts.catalogue import DayFact
from domain.identifiers import DayId
from domain.permissions import Permission
from domain.ports.house import House
from domain.ports.journal import Receipt
from domain.settling import decide_approve, decide_complete, decide_reopen
from domain.summary import summarize, summary_bytes

State = Literal["completed", "approved", "in progress"]
"""What a day can be settled as; ``in progress`` takes completion or approval back."""

_PERMISSIONS: Final[dict[State, Permission]] = {
    "completed": Permission.COMPLETE,
    "approved": Permission.APPROVE,
    "in progress": Permission.REOPEN,
}


@dataclass(frozen=True, slots=True)
class SettleDay:
    """Settle a business day.

    Attributes:
        day: which.
        state: what it is to be.
        intent: who and why.
        expected_version: the version of the day's stream that the caller saw, or None for whatever is there.
    """

    day: DayId
    state: State
    intent: Intent
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of it.

    Attributes:
        day: as it is now.
        receipt: where it is recorded; None where the day was settled so already.
        again: it was recorded before; now it was only answered.
    """

    day: BusinessDay
    receipt: Receipt | None
    again: bool = False


def settle_day(command: SettleDay, house: House) -> Settled:
    """Record what somebody decided about a day. An approval keeps the SHA-256 of the summary that it is of.

    Raises:
        NothingRecorded: the day was never polled.
        NotInThatState: the day is in a state in which that cannot be.
        NotPermitted: the role may not do that.
        NotTheVersion: the day is not at ``expected_version``.
        CommandReused: the command's id was used for something else.
        StreamMoved: the race was lost too often.
    """
    changed = change_day(
        command.day,
        command.intent,
        house,
        lambda day: _decided(command, house, day),
        expected_version=command.expected_version,
        # A day that takes the punches which had waited moves the overtime of its week.
        beside=lambda before, after: overtime_recordings(house, command.day, before, after) if before.waiting else [],
    )
    return Settled(changed.after, changed.receipt, changed.again)


def _decided(command: SettleDay, house: House, day: BusinessDay) -> tuple[DayFact, ...]:
    permission = _PERMISSIONS[command.state]
    house.permit(command.intent.asks(permission, command.day.client, command.day.location))
    if not day.version:
        raise NothingRecorded(
            f"The business day {command.day.date} of {command.day.location} was never polled: there is nothing to "
            "settle."
        )
    if command.state == COMPLETED:
        return decide_complete(day)
    if command.state == APPROVED:
        return decide_approve(day, approved_digest(day))
    return decide_reopen(day)


def approved_digest(day: BusinessDay) -> str:
    """SHA-256 of the summary that the day has once it is approved as it stands, hex.

    Whoever recomputes it takes the summary as of the approval's position in the log.
    """
    approved = fold([DayApproved(day.generation, "")], day)
    return hashlib.sha256(summary_bytes(summarize(approved))).hexdigest()
