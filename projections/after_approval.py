"""Changes after approval, and closings: what approved days do not take, and what was approved."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from domain.business_day import BusinessDay, as_reopened, fold, late_changes
from domain.commands.loading import load_books, load_day
from domain.effects import Effect, effect
from domain.facts import Change, DayApproved, Entry
from domain.facts.catalogue import DayFact
from domain.identifiers import BooksId, DayId
from domain.ports.journal import Journal
from domain.refusals import NotFound
from domain.summary import DailySalesSummary, summarize, summary_bytes
from domain.summary.amounts import AMOUNTS, changed_by

Told = dict[int, tuple[int, dt.datetime]]
"""Position and time of facts, by their version in the day's stream."""


class NoSuchClosing(NotFound):
    """The day was not approved so often."""


@dataclass(frozen=True, slots=True)
class TooLate:
    """A change that came to light after a day's approval.

    Attributes:
        change: the record as it was approved, and as it would be.
        position: of the fact that tells it, in the log.
        recorded_at: of that fact, UTC.
        origin: ``poll``, ``import`` or ``replay``, or why another day's reading says it.
        read_date: the business day that was read; None where it was the day itself.
        connection: that told it.
        capture: the digest of the answer that tells it.
        amount_cents: by how much it moves the figure of its record; see :data:`domain.summary.amounts.AMOUNTS`.
    """

    change: Change
    position: int
    recorded_at: dt.datetime
    origin: str
    read_date: dt.date | None
    connection: str
    capture: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class AfterApproval:
    """What came to light after a day's approval.

    Attributes:
        day: as it is.
        changes: by kind and key.
        amounts: in all, in cents, by the kind of the records.
        effect: what they would mean for figures and journal lines if the day were reopened now.
    """

    day: BusinessDay
    changes: tuple[TooLate, ...]
    amounts: dict[str, int]
    effect: Effect


@dataclass(frozen=True, slots=True)
class Closing:
    """What was approved.

    Attributes:
        number: how often the day had been approved then.
        approval: the entry of the log.
        digest: SHA-256 of the summary, as the approval keeps it, hex.
        found: the same, of the summary that the facts until then lead to by the code of today.
        summary: that summary.
    """

    number: int
    approval: Entry
    digest: str
    found: str
    summary: DailySalesSummary

    @property
    def matches(self) -> bool:
        """What the facts lead to today is what was approved."""
        return self.digest == self.found


def after_approval(journal: Journal, day_id: DayId, until: int | None = None) -> AfterApproval:
    """What came to light after a day's approval, and what it would do; nothing on a day that is not approved.

    Args:
        journal: where its facts are.
        day_id: which day.
        until: facts past this position do not count; None for all.
    """
    told: Told = {}

    def facts() -> Iterator[DayFact]:
        for entry in journal.stream(day_id.stream, until=until):
            if isinstance(entry.fact, DayFact):
                told[entry.version] = (entry.position, entry.recorded_at)
                yield entry.fact

    day = fold(facts())
    found = tuple([_too_late(day, change, told) for change in late_changes(day)])
    amounts: dict[str, int] = {}
    for late in found:
        if late.change.kind in AMOUNTS:
            amounts[late.change.kind] = amounts.get(late.change.kind, 0) + late.amount_cents
    books = load_books(journal, BooksId(day_id.client), until=until)
    return AfterApproval(day, found, amounts, effect(day, as_reopened(day), books))


def _too_late(day: BusinessDay, change: Change, told: Told) -> TooLate:
    late = day.late[change.kind, change.key]
    return TooLate(
        change,
        *told[late.version],
        late.origin,
        late.read_date,
        late.connection,
        late.capture,
        changed_by(change),
    )


def closing_of(journal: Journal, day_id: DayId, number: int) -> Closing:
    """What was approved when the day was approved for the n-th time, worked out again from the facts until then.

    Raises:
        NoSuchClosing: it was not approved so often.
    """
    approvals = (entry for entry in journal.stream(day_id.stream) if isinstance(entry.fact, DayApproved))
    count = 0
    for count, entry in enumerate(approvals, start=1):
        fact = entry.fact
        if count == number and isinstance(fact, DayApproved):
            summary = summarize(load_day(journal, day_id, until=entry.position))
            found = hashlib.sha256(summary_bytes(summary)).hexdigest()
            return Closing(number, entry, fact.summary, found, summary)
    raise NoSuchClosing(
        f"The business day {day_id.date} of {day_id.location} has {count} closings: there is no closing {number}."
    )
