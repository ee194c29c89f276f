"""Rows of the views of data import jobs."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from domain.facts import ImportJobScheduled, LeftOut, Span
from domain.facts.import_jobs import PartOutcome, RunOutcome
from domain.import_jobs import Part, outcome_of, planned


@dataclass(frozen=True, slots=True)
class ImportJobRow:
    """A data import job.

    Attributes:
        period: ``kind``, and what it takes beside.
        companies: the source's ids; none where no company is named.
        locations: ours; none with no company: all that the connection feeds.
        data_sets: none: all that the system has.
        schedule: ``at``, ``zone`` and ``first``, or None.
        scheduled: the newest date of the schedule that a run was for; empty before the first.
        revision: counts what was decided about it: what a command expects.
        position: of its newest fact.
    """

    client: str
    job: str
    name: str
    connection: str
    period: dict[str, Any]
    companies: list[str]
    locations: list[str]
    data_sets: list[str]
    schedule: dict[str, Any] | None
    scheduled: str
    ended: bool
    revision: int
    runs: int
    added_at: dt.datetime | None
    added_by: str
    changed_at: dt.datetime | None
    changed_by: str
    position: int

    @property
    def occasions(self) -> ImportJobScheduled | None:
        """When it runs by itself."""
        return None if self.schedule is None else msgspec.convert(self.schedule, ImportJobScheduled)


@dataclass(frozen=True, slots=True)
class ImportRunRow:
    """A run of a data import job; of some locations what is of these.

    Attributes:
        spans: its parts: days of locations.
        left_out: what the job asks for beyond them.
        scheduled: the date of the schedule that it is for; empty where somebody started it.
        ended_at: None while it runs.
        position: of its newest fact but those of parts.
    """

    client: str
    job: str
    run: int
    connection: str
    spans: tuple[Span, ...]
    left_out: tuple[LeftOut, ...]
    data_sets: list[str]
    scheduled: str
    started_at: dt.datetime | None
    started_by: str
    reason: str
    command: str
    ended_at: dt.datetime | None
    position: int

    def among(self, locations: Iterable[str] | None) -> "ImportRunRow":
        """What of it is of some locations; None: all of it."""
        if locations is None:
            return self
        own = frozenset(locations)
        return replace(
            self,
            spans=tuple([span for span in self.spans if span.location in own]),
            left_out=tuple([one for one in self.left_out if one.location in own]),
        )


@dataclass(frozen=True, slots=True)
class ImportPartRow:
    """A part of a run that is done.

    Attributes:
        generation: the day's, afterwards; 0 where it was refused.
        failure: the kind of failure or refusal; empty where it was read.
    """

    client: str
    job: str
    run: int
    location: str
    business_date: dt.date
    outcome: PartOutcome
    generation: int
    failure: str
    message: str
    recorded_at: dt.datetime
    actor: str
    position: int

    @property
    def part(self) -> Part:
        """Which."""
        return self.location, self.business_date


Came = Mapping[str, Counter[PartOutcome]]
"""How many parts of a run came to what, by location."""


def came_to(parts: Iterable[ImportPartRow]) -> Came:
    """How many of these parts came to what, by location."""
    found: dict[str, Counter[PartOutcome]] = {}
    for row in parts:
        found.setdefault(row.location, Counter())[row.outcome] += 1
    return found


def came_of(run: ImportRunRow, came: Came) -> RunOutcome | None:
    """What came of a run, as far as it is told; None while something of that is to be done still."""
    outcomes = [outcome for counts in came.values() for outcome in counts.elements()]
    count = planned(run.spans)
    if run.ended_at is None and len(outcomes) < count:
        return None
    return outcome_of(count, outcomes, run.left_out)
