"""A business day as of some moment: its records, what each connection brought, and where it stands."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from domain.differences import RecordMap
from domain.facts import Attempt

MISSING: Final = "missing"
IN_PROGRESS: Final = "in progress"
COMPLETED: Final = "completed"
APPROVED: Final = "approved"


@dataclass(frozen=True, slots=True)
class Feed:
    """What one connection brought to a day.

    Attributes:
        capture: the digest of its newest answer.
        configuration: the version of its configuration that the answer was translated with.
        notes: codes of what the translation found out about the source.
        kinds: the kinds of records that it feeds.
    """

    capture: str = ""
    configuration: int = 0
    notes: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()


NO_FEED: Final = Feed()
"""Of a connection that brought nothing."""


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
        tried: the connection that was polled last, whatever came of it.
        settled: ``completed`` or ``approved`` where somebody said so, else empty.
        late: changes that came to light after the approval and change nothing: what each record would be now.
        late_more: those that no fact lists one by one.
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
    tried: str = ""
    settled: str = ""
    late: Mapping[tuple[str, str], bytes] = field(default_factory=dict)
    late_more: int = 0
    deleted: bool = False
    closed: bool = False

    @property
    def shown(self) -> RecordMap:
        """The records as people see them: what every figure is counted from; of a deleted day none."""
        return {} if self.deleted else self.records

    @property
    def late_changes(self) -> int:
        """How many changes came to light after the approval."""
        return len(self.late) + self.late_more

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
