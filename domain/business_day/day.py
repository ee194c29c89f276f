"""A business day as of some moment: its records, what each connection brought, and where it stands."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from domain.business_day.overlays import NOTHING_ENTERED, Entered, OpenConflict, Overlay, Place
from domain.differences import RecordMap
from domain.facts import Attempt

MISSING: Final = "missing"
IN_PROGRESS: Final = "in progress"
COMPLETED: Final = "completed"
APPROVED: Final = "approved"
BEFORE_LOOKBACK: Final = "before-lookback"
"""Origin of what was found on a day that is too old to be changed by looking back: it is only observed."""

OVERTIME: Final = "overtime"
"""The kind of the records that daybook works out from the punches of a workweek, and the origin of changes of theirs
that the hours of another day led to."""


@dataclass(frozen=True, slots=True)
class Feed:
    """What one connection brought to a day.

    Attributes:
        capture: the digest of its newest answer.
        configuration: the version of its configuration that the answer was translated with.
        notes: codes of what the translation found out about the source.
        kinds: the kinds of records that it feeds.
        options: polling options that a replay put over that version.
    """

    capture: str = ""
    configuration: int = 0
    notes: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()
    options: Mapping[str, Any] = field(default_factory=dict)


NO_FEED: Final = Feed()
"""Of a connection that brought nothing."""


@dataclass(frozen=True, slots=True)
class LateChange:
    """A change that an approved day does not take until it is reopened.

    Attributes:
        after: canonical bytes of the record as it would be, or ``null`` where it would be gone.
        origin: ``poll`` or ``import`` where the day itself was read, ``replay`` where it was derived again, else as of
            :class:`~domain.facts.day.DayCompensated`.
        read_date: the other business day that was read; None where it was the day itself.
        connection: the connection that told it.
        capture: the digest of the answer that tells it.
        version: of the fact that tells it, in the day's stream.
    """

    after: bytes
    origin: str = ""
    read_date: dt.date | None = None
    connection: str = ""
    capture: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Staged:
    """What an approved day would be derived from if it were reopened; its records are told by the late changes.

    Attributes:
        feeds: what each connection would have brought, by its id.
        zone: the location's zone.
        starts_at: first instant, UTC.
        ends_at: first instant after it, UTC.
        origin: of the newest generation that was staged: ``poll``, ``import`` or ``replay``; empty where none was.
    """

    feeds: Mapping[str, Feed]
    zone: str
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class BusinessDay:
    """One business day of one location as of some moment.

    Attributes:
        version: how many facts it has: the version of its stream.
        generation: 0 until a poll read it whole, then counts the readings that found a difference.
        records: canonical bytes by kind and key.
        feeds: what each connection brought, by its id.
        zone: the location's zone, empty until the first generation.
        starts_at: first instant, UTC.
        ends_at: first instant after it, UTC.
        attempts: polls and imports, whatever came of them.
        readings: those that read the day whole.
        told: how often a reading, of this day or of another one, said something about its records.
        tried: the connection that was polled last, whatever came of it.
        settled: ``completed`` or ``approved`` where somebody said so, else empty.
        entered: what people entered on our side.
        late: what came to light after the approval, or too late to be found by looking back, and changes nothing yet:
            by kind and key, where the record would differ from what is recorded.
        late_more: those that no fact lists one by one: of facts that were recorded when one had to do.
        staged: what an approved day would be derived from if it were reopened, where that is something else.
        closings: how often it was approved; the number of the newest closing.
        closing: SHA-256 of the summary of the newest closing, hex.
        deleted: somebody deleted its summary, and no reading brought it back since.
        closed: somebody confirmed that the place was closed, and no sale came to light since.
    """

    version: int = 0
    generation: int = 0
    records: RecordMap = field(default_factory=dict)
    feeds: Mapping[str, Feed] = field(default_factory=dict)
    zone: str = ""
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    attempts: int = 0
    readings: int = 0
    told: int = 0
    tried: str = ""
    settled: str = ""
    late: Mapping[tuple[str, str], LateChange] = field(default_factory=dict)
    late_more: int = 0
    entered: Entered = NOTHING_ENTERED
    staged: Staged | None = None
    closings: int = 0
    closing: str = ""
    deleted: bool = False
    closed: bool = False

    @property
    def shown(self) -> RecordMap:
        """The records as people see them: what every figure is counted from; of a deleted day none."""
        return {} if self.deleted else self.merged

    @property
    def merged(self) -> RecordMap:
        """What the sources said, with punches and deposits that were entered here in their place and beside them."""
        return self.entered.over(self.records)

    @property
    def overlays(self) -> Mapping[Place, Overlay]:
        """What was entered here and stands, by kind and key, in the order of entering."""
        return self.entered.overlays

    @property
    def conflicts(self) -> Mapping[Place, OpenConflict]:
        """Changes at the sources to what was entered here, which nobody has decided on."""
        return self.entered.conflicts

    @property
    def late_changes(self) -> int:
        """How many changes came to light after the approval."""
        return len(self.late) + self.late_more

    @property
    def waiting(self) -> bool:
        """Something is known that changes the day once it is reopened."""
        late = any(change.origin != BEFORE_LOOKBACK for change in self.late.values())
        return late or self.staged is not None

    @property
    def state(self) -> str:
        """``missing`` until a poll read it whole, then ``in progress``, ``completed`` and ``approved``.

        Deleted it is missing again.
        """
        return self.settled or (IN_PROGRESS if self.generation and not self.deleted else MISSING)

    @property
    def connection(self) -> str:
        """The connection that feeds the tickets; where none does yet, the one that was polled last."""
        return next((name for name, feed in self.feeds.items() if "ticket" in feed.kinds), self.tried)

    @property
    def main(self) -> Feed:
        """What that connection brought."""
        return self.feeds.get(self.connection, NO_FEED)

    @property
    def capture(self) -> str:
        """The digest of the newest answer of the connection that feeds the tickets."""
        return self.main.capture

    @property
    def configuration(self) -> int:
        """The version of its configuration that the day was translated with."""
        return self.main.configuration

    @property
    def notes(self) -> tuple[str, ...]:
        """Codes of what the translations found out about the sources; of a deleted day nothing counts."""
        if self.deleted:
            return ()
        return tuple([note for _, feed in sorted(self.feeds.items()) for note in feed.notes])

    def comes_back(self, attempt: Attempt, kinds: Collection[str]) -> bool:
        """A whole reading of these kinds brings the deleted day back.

        Every poll does. Files do where they bring the tickets, or where nothing else did: those of deposits alone do
        not stand for what a point of sale said.
        """
        return self.deleted and (attempt.kind != "import" or "ticket" in kinds or not self.feeder("ticket"))

    def feeder(self, kind: str) -> str:
        """The connection that feeds records of a kind on this day, or empty where none does."""
        return next((name for name, feed in self.feeds.items() if kind in feed.kinds), "")


NEW_DAY: Final = BusinessDay()
"""A day of which nothing is recorded."""
