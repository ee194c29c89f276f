"""The business day: folding its facts into its records, and deciding what a poll adds to them."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, assert_never

from domain.business_date import Window
from domain.differences import MOST_CHANGES, RecordMap, apply, changes, operations, parts
from domain.facts import (
    Attempt,
    Change,
    DayApproved,
    DayCompensated,
    DayCompleted,
    DayPolled,
    DayReopened,
    LateChangeObserved,
    PollFailed,
    PollUnchanged,
    RecordsChanged,
)
from domain.facts.catalogue import DayFact
from domain.polling.translation import DERIVATION, Translation
from domain.records import Punch, Ticket, decode
from domain.refusals import Conflict

MISSING: Final = "missing"
IN_PROGRESS: Final = "in progress"
COMPLETED: Final = "completed"
APPROVED: Final = "approved"


class FedByAnother(Conflict):
    """Records of this kind come from another connection on this day, and nobody overwrites another's."""


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


_NO_FEED: Final = Feed()


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
        return self.feeds.get(self.connection, _NO_FEED)

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


NEW_DAY = BusinessDay()


def evolve(day: BusinessDay, fact: DayFact) -> BusinessDay:
    """The day after one more fact. Total: it accepts whatever was recorded, and guards nothing."""
    return fold([fact], day)


def fold(facts: Iterable[DayFact], day: BusinessDay = NEW_DAY) -> BusinessDay:
    """The day after these facts, in their order: the second of the three functions that carry daybook.

    ``day`` is left as it was. Records are gathered in one pass, so that a day of 50,000 tickets folds in its size.
    """
    records = {kind: dict(known) for kind, known in day.records.items()}
    version = day.version
    for fact in facts:
        version += 1
        if isinstance(fact, RecordsChanged):
            apply(records, fact.changes)
        else:
            day = _noted(day, fact)
    return replace(day, version=version, records=records)


_Noted = (
    DayPolled
    | PollUnchanged
    | PollFailed
    | DayCompensated
    | LateChangeObserved
    | DayCompleted
    | DayApproved
    | DayReopened
)


def _noted(day: BusinessDay, fact: _Noted) -> BusinessDay:
    match fact:
        case DayPolled():
            day = replace(
                day, generation=fact.generation, zone=fact.zone, starts_at=fact.starts_at, ends_at=fact.ends_at
            )
            return _read(_tried(day, fact.attempt), fact.attempt, fact.capture, fact.notes, fact.kinds)
        case PollUnchanged():
            return _read(_tried(day, fact.attempt), fact.attempt, fact.capture)
        case PollFailed():
            return _tried(day, fact.attempt)
        case DayCompensated():
            return replace(day, generation=fact.generation)
        case LateChangeObserved():
            late = {(change.kind, change.key): bytes(change.after) for change in fact.changes}
            return replace(day, late={**day.late, **late}, late_more=fact.more)
        case DayCompleted():
            return replace(day, settled=COMPLETED)
        case DayApproved():
            return replace(day, settled=APPROVED)
        case DayReopened():
            return replace(day, settled="", late={}, late_more=0)
        case _:
            assert_never(fact)


def _tried(day: BusinessDay, attempt: Attempt) -> BusinessDay:
    return replace(day, attempts=day.attempts + 1, tried=attempt.connection)


def _read(
    day: BusinessDay,
    attempt: Attempt,
    capture: str,
    notes: tuple[str, ...] | None = None,
    kinds: tuple[str, ...] = (),
) -> BusinessDay:
    """The day with what a connection's reading of it brought; kinds that it feeds now, no other connection does."""
    known = day.feeds.get(attempt.connection, _NO_FEED)
    others = {name: replace(feed, kinds=feed.kinds.difference(kinds)) for name, feed in day.feeds.items()}
    feed = Feed(capture, attempt.configuration, known.notes if notes is None else notes, known.kinds | frozenset(kinds))
    return replace(day, readings=day.readings + 1, feeds={**others, attempt.connection: feed})


def decide_poll(
    day: BusinessDay, translation: Translation, *, attempt: Attempt, capture: str, window: Window
) -> tuple[DayFact, ...]:
    """The facts that a whole reading of the day adds: a new generation with every difference, or the bare attempt.

    The first reading of a day always begins generation 1, also when the place was closed and there is nothing in it.
    Repolling and importing are the same decision. A poll leaves alone what another connection feeds; an import of that
    is refused. An approved day changes no more: what would have changed is kept as observed.

    Raises:
        FedByAnother: an import brings records of a kind that another connection feeds on this day.
    """
    fresh = _own(day, translation, attempt, window)
    found = changes(day.records, fresh)
    known = day.feeds.get(attempt.connection)
    notes = translation.notes + passed_over(translation, fresh)
    same_notes = known is not None and known.notes == notes and known.kinds >= fresh.keys()
    same_window = (day.zone, day.starts_at, day.ends_at) == (window.zone, window.starts_at, window.ends_at)
    if day.generation and not found and same_window and same_notes:
        return (PollUnchanged(attempt, day.generation, capture),)
    if day.settled == APPROVED:
        observed = _observed(day, found, "poll", window.date, attempt.connection, capture)
        return (PollUnchanged(attempt, day.generation, capture), *observed)
    lots = parts(found)
    generation = day.generation + 1
    polled = DayPolled(
        attempt,
        generation,
        capture,
        window.zone,
        window.starts_at,
        window.ends_at,
        **operations(found),
        parts=len(lots),
        derivation=DERIVATION,
        notes=notes,
        kinds=tuple(sorted(fresh)),
    )
    return (polled, *_numbered(generation, lots))


def _own(day: BusinessDay, translation: Translation, attempt: Attempt, window: Window) -> RecordMap:
    """What the reading may change: not the kinds of others, nor what it did not look at."""
    fresh = dict(translation.records)
    for kind in translation.records:
        feeder = day.feeder(kind)
        if feeder in {"", attempt.connection}:
            continue
        if attempt.kind == "import" and day.records.get(kind):
            raise FedByAnother(
                f"The day's records of the kind {kind!r} come from the connection {feeder!r}: files must not overwrite "
                "them. Switch them off there (deposits: `disable_deposits_import`) and repoll the day, then import."
            )
        if attempt.kind != "import":
            del fresh[kind]
    return {**fresh, **beside(day, translation, window, fresh.keys())}


def passed_over(translation: Translation, fresh: RecordMap) -> tuple[str, ...]:
    """Notes of the kinds that the source has records of and another connection feeds: nobody drops them in silence."""
    return tuple(
        [f"fed-by-another:{kind}" for kind, records in translation.records.items() if records and kind not in fresh]
    )


def beside(
    day: BusinessDay, translation: Translation, window: Window, kinds: Iterable[str]
) -> dict[str, dict[str, bytes]]:
    """What a reading makes of the kinds whose records move between days: what it read, beside what it says nothing of.

    What a location left out of its venue goes with the tickets: where it leaves nothing out now, nothing of it stays.

    Args:
        day: as recorded.
        translation: of the reading.
        window: the business day that was read.
        kinds: that it may change.
    """
    found = {}
    if "ticket" in kinds:
        found["ticket"] = {**_unread_tickets(day, translation), **translation.records["ticket"]}
        if day.records.get("remainder"):
            found["remainder"] = translation.records.get("remainder", {})
    if "punch" in kinds:
        found["punch"] = {**_unread_punches(day, translation, window), **translation.records["punch"]}
    return found


def _unread_tickets(day: BusinessDay, translation: Translation) -> dict[str, bytes]:
    """Recorded tickets whose absence proves nothing.

    The source booked them on a date that was not read, or the reading leaves them to another day's.
    """
    kept = {}
    for key, data in _absent("ticket", day, translation):
        ticket = decode("ticket", data)
        left = key in translation.left.get("ticket", ())
        if left or (isinstance(ticket, Ticket) and ticket.business_date not in translation.dates):
            kept[key] = data
    return kept


def _unread_punches(day: BusinessDay, translation: Translation, window: Window) -> dict[str, bytes]:
    """Recorded punches, and parts of some, whose absence proves nothing.

    They lie outside the hours that were read, because the day began at another time when they were recorded; or the
    reading leaves them to another day's.
    """
    kept = {}
    for key, data in _absent("punch", day, translation):
        punch = decode("punch", data)
        if isinstance(punch, Punch) and (punch.id in translation.left.get("punch", ()) or _outside(punch, window)):
            kept[key] = data
    return kept


def _absent(kind: str, day: BusinessDay, translation: Translation) -> Iterator[tuple[str, bytes]]:
    """What is recorded of a kind, and what the reading does not put anywhere."""
    fresh, seen = translation.records[kind], translation.seen.get(kind, frozenset())
    for key, data in day.records.get(kind, {}).items():
        if key not in fresh and source_id(kind, key, seen) not in seen:
            yield key, data


def _outside(punch: Punch, window: Window) -> bool:
    out = punch.clock_out
    over = out is not None and out <= window.starts_at and punch.clock_in < window.starts_at
    return punch.clock_in >= window.ends_at or over


def decide_compensation(
    day: BusinessDay, date: dt.date, translation: Translation, *, read_date: dt.date, attempt: Attempt, capture: str
) -> tuple[DayFact, ...]:
    """The facts that reading another business day adds to this one; none where nothing of it concerns this one.

    Only what the reading names counts: a record that it puts here is added or changed, one that it puts elsewhere is
    removed from here; of the rest of the day it says nothing. A day that was never read whole gets it all with its own
    poll.

    Args:
        day: as recorded.
        date: its date.
        translation: of the other day.
        read_date: the other day's date.
        attempt: how that was read.
        capture: the digest of its capture.
    """
    if not day.generation:
        return ()
    told = translation.elsewhere.get(date, {})
    facts: list[DayFact] = []
    generation = day.generation
    for kind, origin in (("ticket", "dated"), ("punch", "split-shift"), ("deposit", "deposit")):
        if day.feeder(kind) not in {"", attempt.connection}:
            continue
        recorded = day.records.get(kind, {})
        seen = translation.seen.get(kind, frozenset())
        named = {key: data for key, data in recorded.items() if source_id(kind, key, seen) in seen}
        found = changes({kind: named}, {kind: told.get(kind, {})})
        if kind == "ticket":
            found = [change for change in found if not _read_with_its_day(change, date)]
        if not found:
            continue
        if day.settled == APPROVED:
            facts += _observed(day, found, origin, read_date, attempt.connection, capture)
            continue
        generation += 1
        lots = parts(found)
        facts.append(
            DayCompensated(
                generation,
                origin,
                read_date,
                attempt.connection,
                attempt.configuration,
                capture,
                **operations(found),
                parts=len(lots),
            )
        )
        facts += _numbered(generation, lots)
    return tuple(facts)


def _read_with_its_day(change: Change, date: dt.date) -> bool:
    """A ticket that is on its day for the source and for us alike is changed by that day's own reading, no other."""
    if change.operation != "changed":
        return False
    ticket = decode("ticket", change.after)
    return isinstance(ticket, Ticket) and ticket.business_date == date


def source_id(kind: str, key: str, seen: frozenset[str]) -> str:
    """The source's id of a record: parts of a punch have a number after it."""
    return key if kind != "punch" or key in seen else key.rpartition("#")[0]


def _numbered(generation: int, lots: list[tuple[Change, ...]]) -> list[RecordsChanged]:
    return [RecordsChanged(generation, number, lot) for number, lot in enumerate(lots, start=1)]


def _observed(
    day: BusinessDay, found: list[Change], origin: str, read_date: dt.date, connection: str, capture: str
) -> list[LateChangeObserved]:
    """What an approved day would change by, as far as it is not known yet."""
    found = [change for change in found if day.late.get((change.kind, change.key)) != bytes(change.after)]
    listed = tuple(found[:MOST_CHANGES])
    more = len(found) - len(listed)
    return [LateChangeObserved(origin, read_date, connection, capture, listed, more)] if found else []
