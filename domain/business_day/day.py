"""A business day as of some moment: its records, what each connection brought, and where it stands."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from domain.differences import RecordMap

MISSING: Final = "missing"
IN_PROGRESS: Final = "in progress"
COMPLETED: Final = "completed"
APPROVED: Final = "approved"

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
        told: how often a reading, of this day or of another one, said something about its records.
        tried: the connection that was polled last, whatever came of it.
        settled: ``completed`` or ``approved`` where somebody said so, else empty.
        late: changes that came to light after the approval, or too late to be found by looking back, and change
            nothing: what each record would be now.
        late_more: those that no fact lists one by one.
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
    late: Mapping[tuple[str, str], bytes] = field(default_factory=dict)
    late_more: int = 0

    @property
    def shown(self) -> RecordMap:
        """The records as people see them: what every figure is counted from."""
        return self.records

    @property
    def late_changes(self) -> int:
        """How many changes came to light after the approval."""
        return len(self.late) + self.late_more

    @property
    def state(self) -> str:
        """``missing`` until a poll read it whole, then ``in progress``, ``completed`` and ``approved``."""
        return self.settled or (IN_PROGRESS if self.generation else MISSING)

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
        """Codes of what the translations found out about the sources."""
        return tuple([note for _, feed in sorted(self.feeds.items()) for note in feed.notes])

    def feeder(self, kind: str) -> str:
        """The connection that feeds records of a kind on this day, or empty where none does."""
        return next((name for name, feed in self.feeds.items() if kind in feed.kinds), "")


NEW_DAY: Final = BusinessDay()
"""A day of which nothing is recorded."""
