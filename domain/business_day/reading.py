"""What a whole reading of the day adds to it: a poll, a repoll or an import."""

from collections.abc import Iterable, Iterator

from domain.business_date import Window
from domain.business_day.day import APPROVED, BusinessDay
from domain.business_day.generations import numbered
from domain.business_day.holding import as_reopened, hold_back
from domain.differences import RecordMap, changes, operations, parts
from domain.facts import Attempt, DayPolled, PollUnchanged
from domain.facts.catalogue import DayFact
from domain.polling.looking_back import Hours
from domain.polling.translation import DERIVATION, Translation
from domain.records import Punch, Ticket, decode
from domain.refusals import Conflict


class FedByAnother(Conflict):
    """Records of this kind come from another connection on this day, and nobody overwrites another's."""


def decide_poll(
    day: BusinessDay, translation: Translation, *, attempt: Attempt, capture: str, window: Window
) -> tuple[DayFact, ...]:
    """The facts that a whole reading of the day adds: a new generation with every difference, or the bare attempt.

    The first reading of a day always begins generation 1, also when the place was closed and there is nothing in it;
    one that brings a deleted day back begins a new one, also where nothing differs.
    Repolling and importing are the same decision. A poll leaves alone what another connection feeds; an import of that
    is refused. An approved day changes no more: what it would have become, were it not, is staged with every
    difference from what was approved, and a reading that says the same as what is staged is a bare attempt.

    Raises:
        FedByAnother: an import brings records of a kind that another connection feeds on this day.
    """
    if day.settled == APPROVED:
        facts = decide_poll(as_reopened(day), translation, attempt=attempt, capture=capture, window=window)
        return hold_back(day, facts)
    fresh = _own(day, translation, attempt, window)
    found = changes(day.records, fresh)
    known = day.feeds.get(attempt.connection)
    notes = translation.notes + passed_over(translation, fresh)
    same_notes = known is not None and known.notes == notes and known.kinds >= fresh.keys()
    same_window = (day.zone, day.starts_at, day.ends_at) == (window.zone, window.starts_at, window.ends_at)
    stands = day.generation and not day.comes_back(attempt, fresh.keys())
    if stands and not found and same_window and same_notes:
        return (PollUnchanged(attempt, day.generation, capture),)
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
    return (polled, *numbered(generation, lots))


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
    hours = translation.labor.hours or (window.starts_at, window.ends_at)
    return {key: data for key, data in _absent("punch", day, translation) if unproven(data, translation, hours)}


def unproven(data: bytes, translation: Translation, hours: Hours) -> bool:
    """The absence of a recorded punch proves nothing: it is outside the hours, or left to another day's reading."""
    punch = decode("punch", data)
    return isinstance(punch, Punch) and (punch.id in translation.left.get("punch", ()) or _outside(punch, hours))


def _absent(kind: str, day: BusinessDay, translation: Translation) -> Iterator[tuple[str, bytes]]:
    """What is recorded of a kind, and what the reading does not put anywhere."""
    fresh, seen = translation.records[kind], translation.seen.get(kind, frozenset())
    for key, data in day.records.get(kind, {}).items():
        if key not in fresh and source_id(kind, key, seen) not in seen:
            yield key, data


def _outside(punch: Punch, hours: Hours) -> bool:
    begins, ends = hours
    out = punch.clock_out
    over = out is not None and out <= begins and punch.clock_in < begins
    return punch.clock_in >= ends or over


def source_id(kind: str, key: str, seen: frozenset[str]) -> str:
    """The source's id of a record: parts of a punch have a number after it."""
    return key if kind != "punch" or key in seen else key.rpartition("#")[0]
