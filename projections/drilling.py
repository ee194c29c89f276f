"""Drilling down: from a figure or a journal line to its records, their facts, the capture and the attempt."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from domain.business_day import BusinessDay, fold
from domain.explaining import Explanation, Share
from domain.facts import Entry
from domain.facts.catalogue import DayFact
from domain.facts.saying import saying
from domain.identifiers import DayId
from domain.ports.journal import Journal
from projections.origins import Origin, Origins


@dataclass(frozen=True, slots=True)
class Traced:
    """A record's share in a figure, and the fact that said so last.

    Attributes:
        share: of the figure.
        said: the fact, with who, when and why; None where the share is of the day as a whole.
        origin: which answer of which source says so, and how it was read.
    """

    share: Share
    said: Entry | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Drilled:
    """A figure or a journal line, down to its sources.

    Attributes:
        day: as of the moment.
        explanation: all of it.
        page: those of its shares that were asked for.
    """

    day: BusinessDay
    explanation: Explanation
    page: tuple[Traced, ...]


def drill(
    journal: Journal,
    day: DayId,
    explain: Callable[[BusinessDay], Explanation],
    *,
    after: tuple[str, str] | None = None,
    until: int | None = None,
    limit: int | None = None,
) -> Drilled:
    """What a figure or a line of a day is made of, a page of its records with their facts.

    Args:
        journal: where its facts are.
        day: which.
        explain: what is asked for.
        after: kind and key of the last record on the page before.
        until: facts past this position do not count.
        limit: records on the page; None for all.
    """
    entries = list(journal.stream(day.stream, until=until))
    known = fold([entry.fact for entry in entries if isinstance(entry.fact, DayFact)])
    explanation = explain(known)
    shares = [share for share in explanation.shares if after is None or (share.kind, share.key) > after][:limit]
    said = _last_said(entries, {(share.kind, share.key) for share in shares})
    origins = Origins(journal)
    page = []
    for share in shares:
        entry = said.get((share.kind, share.key))
        page.append(Traced(share, entry, origins.of(entry) if entry else Origin()))
    return Drilled(known, explanation, tuple(page))


def _last_said(entries: list[Entry], wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Entry]:
    """The newest fact that says what each record is."""
    missing = set(wanted)
    found: dict[tuple[str, str], Entry] = {}
    for entry in reversed(entries):
        if not missing:
            break
        said = saying(entry.fact)
        for change in said.changes if said.applied else ():
            record = (change.kind, change.key)
            if record in missing:
                missing.remove(record)
                found[record] = entry
    return found
