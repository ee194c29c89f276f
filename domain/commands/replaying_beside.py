"""What deriving a day again says about other business days: as its poll would, but never undoing what is newer."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from domain.business_day import BusinessDay, decide_compensation, fold, source_id
from domain.commands.deriving import Answer, Derived
from domain.commands.recording import concerned
from domain.differences import changes
from domain.facts import Attempt
from domain.facts.catalogue import DayFact
from domain.identifiers import DayId
from domain.polling.looking_back import NO_LOOK
from domain.polling.translation import Translation
from domain.ports.house import House

Ids = Mapping[str, frozenset[str]]
"""The source's ids of records, by kind."""

MOVING = ("ticket", "punch", "deposit")
"""Kinds of records that a reading may move between business days."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of another business day.

    Attributes:
        before: the day as recorded.
        facts: that are added to it.
    """

    before: BusinessDay
    facts: tuple[DayFact, ...] = ()

    @property
    def after(self) -> BusinessDay:
        """The day with them."""
        return fold(self.facts, self.before)


def said_of_others(day: DayId, found: Derived, house: House) -> dict[DayId, Told]:
    """What the derivation says about other business days.

    An answer that is kept may be older than what is recorded of another day since. So of a day that something was
    recorded on since, only those records are told which the derivation changes on its own day: what leaves it arrives
    there, what arrives leaves there, and nothing else is touched.
    """
    told: dict[DayId, Told] = {}
    for answer in found.answers:
        here, standing = _changed_here(found, answer), _ids(answer, answer.standing)
        for date in sorted(_concerned(day, answer)):
            other = replace(day, date=date)
            recorded, since = _loaded(other, answer.position, house)
            known = told.get(other, Told(recorded))
            named = {
                kind: _allowed(answer, kind, here if since or _looked_at(answer, kind, date) else None, stands)
                for kind in MOVING
                for stands in (standing.get(kind, frozenset()),)
            }
            facts = decide_compensation(
                known.after,
                date,
                _only(answer.translation, named),
                read_date=day.date,
                attempt=_attempt(answer, house.clock.now()),
                capture=answer.derivation.capture,
            )
            if facts:
                told[other] = Told(known.before, (*known.facts, *facts))
    return told


def _allowed(answer: Answer, kind: str, here: Ids | None, standing: frozenset[str]) -> frozenset[str]:
    """The records of a kind that may be told of another day."""
    seen = answer.translation.seen.get(kind, frozenset())
    allowed = (seen if here is None else seen & here.get(kind, frozenset())) - standing
    # An id that looks like a part of another is not to be taken for one because it is left out itself.
    return allowed - {name.rpartition("#")[0] for name in seen - allowed if "#" in name}


def _looked_at(answer: Answer, kind: str, date: dt.date) -> bool:
    """The answer holds the labor of that day as well: that is the day's own to derive, but for what moves."""
    return kind == "punch" and date in answer.translation.labor.dates


def _concerned(day: DayId, answer: Answer) -> set[dt.date]:
    """Other business days that the answer may say something about."""
    reached = answer.connection.ever_reached_over(day.location) or any(answer.translation.elsewhere.values())
    return concerned(day.date, answer.translation, answer.connection, day.location) if reached else set()


def _loaded(other: DayId, position: int, house: House) -> tuple[BusinessDay, bool]:
    """Another day as recorded, and whether something was recorded on it after a position of the log."""
    entries = list(house.journal.stream(other.stream))
    known = fold([entry.fact for entry in entries if isinstance(entry.fact, DayFact)])
    return known, bool(entries) and entries[-1].position > position


def _changed_here(found: Derived, answer: Answer) -> Ids:
    """Records that the derivation changes on its own day."""
    seen = answer.translation.seen
    told: dict[str, set[str]] = {}
    for change in changes(found.day.records, found.derived.records):
        name = source_id(change.kind, change.key, seen.get(change.kind, frozenset()))
        told.setdefault(change.kind, set()).add(name)
    return {kind: frozenset(ids) for kind, ids in told.items()}


def _ids(answer: Answer, keys: Mapping[str, set[str]]) -> Ids:
    seen = answer.translation.seen
    return {
        kind: frozenset([source_id(kind, key, seen.get(kind, frozenset())) for key in named])
        for kind, named in keys.items()
    }


def _only(translation: Translation, allowed: Ids) -> Translation:
    """The translation as if it named only these records."""
    elsewhere: dict[dt.date, dict[str, dict[str, bytes]]] = {
        date: {
            kind: {
                key: data
                for key, data in named.items()
                if source_id(kind, key, translation.seen.get(kind, frozenset())) in allowed.get(kind, frozenset())
            }
            for kind, named in records.items()
        }
        for date, records in translation.elsewhere.items()
    }
    return replace(translation, seen=allowed, elsewhere=elsewhere, labor=NO_LOOK)


def _attempt(answer: Answer, now: dt.datetime) -> Attempt:
    """What a compensation is told by; nothing was asked of the source."""
    return Attempt("repoll", answer.derivation.connection, answer.derivation.configuration, now, now)
