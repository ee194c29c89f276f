"""Settle a business day: call it complete, approve it, or take that back."""

import hashlib
from dataclasses import dataclass
from typing import Final, Literal

from domain.business_day import APPROVED, COMPLETED, BusinessDay, fold
from domain.commands.intent import Intent
from domain.commands.loading import NothingRecorded, load_day
from domain.commands.recording import NotTheVersion
from domain.facts import DayApproved
from domain.facts.catalogue import DayFact
from domain.identifiers import DayId
from domain.ports.house import House
from domain.ports.journal import Receipt, Recording, StreamMoved
from domain.settling import decide_approve, decide_complete, decide_reopen
from domain.summary import summarize, summary_bytes

State = Literal["completed", "approved", "in progress"]
"""What a day can be settled as; ``in progress`` takes completion or approval back."""

MOST_DECISIONS: Final = 20
"""How often a lost race is decided again before giving up."""


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
    """

    day: BusinessDay
    receipt: Receipt | None


def settle_day(command: SettleDay, house: House) -> Settled:
    """Record what somebody decided about a day. An approval keeps the SHA-256 of the summary that it is of.

    Raises:
        NothingRecorded: the day was never polled.
        NotInThatState: the day is in a state in which that cannot be.
        NotTheVersion: the day is not at ``expected_version``.
        StreamMoved: the race was lost too often.
    """
    lost = 0
    while True:
        day = load_day(house.journal, command.day)
        if not day.version:
            raise NothingRecorded(
                f"The business day {command.day.date} of {command.day.location} was never polled: there is nothing to "
                "settle."
            )
        if command.expected_version is not None and command.expected_version != day.version:
            raise NotTheVersion(
                f"The day is at version {day.version}, not {command.expected_version}: look at it again, then decide."
            )
        facts = _decided(day, command.state)
        if not facts:
            return Settled(day, None)
        try:
            recording = Recording(command.day.stream, day.version, facts)
            receipt = house.journal.append([recording], command.intent.provenance)
        except StreamMoved:
            lost += 1
            if lost == MOST_DECISIONS:
                raise
        else:
            return Settled(fold(facts, day), receipt)


def _decided(day: BusinessDay, state: State) -> tuple[DayFact, ...]:
    if state == COMPLETED:
        return decide_complete(day)
    if state == APPROVED:
        return decide_approve(day, approved_digest(day))
    return decide_reopen(day)


def approved_digest(day: BusinessDay) -> str:
    """SHA-256 of the summary that the day has once it is approved as it stands, hex.

    Whoever recomputes it takes the summary as of the approval's position in the log.
    """
    approved = fold([DayApproved(day.generation, "")], day)
    return hashlib.sha256(summary_bytes(summarize(approved))).hexdigest()
