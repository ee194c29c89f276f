"""Running a job: whose turn it is, what a part adds, and what came of all of it."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from domain.connection import Connection
from domain.connection.companies import company_id, organization_of
from domain.facts import ImportPartDone, ImportRunEnded, ImportRunStarted, LeftOut, Span
from domain.facts.import_jobs import PartOutcome, RunOutcome
from domain.import_jobs.planning import MOST_PARTS, Plan
from domain.import_jobs.state import ImportJob, Part, Parts, Run
from domain.refusals import Conflict, Refusal

READ: Final[frozenset[PartOutcome]] = frozenset({"polled", "staged", "unchanged"})
"""Outcomes of days that were read whole."""


class RunInProgress(Conflict):
    """A company is imported by one run at a time, and another one is not over."""


class NothingToImport(Refusal):
    """Of what a data import job asks for nothing can be imported now."""


def company_of(connection: Connection, location: str) -> str:
    """Whose turn it takes to import a location: our id of its company, or the location where the source has none."""
    organization = organization_of(connection, location)
    if not organization:
        return location
    return company_id(connection.system, connection.environment, organization)


def decide_start(
    job: ImportJob,
    planned_: Plan,
    *,
    data_sets: Sequence[str] = (),
    companies: Iterable[str] = (),
    taken: Mapping[str, str] | None = None,
    scheduled: dt.date | None = None,
    old: bool = False,
) -> ImportRunStarted:
    """The fact that a run begins; taking the turns of its companies is recorded in the same commit.

    Args:
        job: as recorded.
        planned_: what it does.
        data_sets: that it brings.
        companies: whose turns it takes.
        taken: the runs that are not over and have such a turn, each in words, by company.
        scheduled: the date of the schedule that it is for.
        old: days may be polled that lie too far back for most.

    Raises:
        NothingToImport: it has no part.
        RunInProgress: another run has one of the turns.
    """
    if not planned_.spans:
        why = "; ".join([left_out_sentence(one) for one in planned_.left_out[:5]])
        raise NothingToImport(f"There is nothing to import: {why or 'no location is meant'}.")
    if len(planned_.spans) > MOST_PARTS:
        raise NothingToImport(f"One run polls at most {MOST_PARTS} days: choose fewer locations.")
    for company in sorted(companies):
        if taken and company in taken:
            raise RunInProgress(
                f"{taken[company]} is not over, and a company is imported by one run at a time: the worker goes on "
                "with it, or whoever continues it."
            )
    return ImportRunStarted(
        job.runs + 1,
        job.connection,
        planned_.spans,
        planned_.left_out,
        tuple(data_sets),
        tuple(sorted(companies)),
        scheduled,
        old,
    )


def decide_part(
    job: ImportJob, number: int, parts: Parts, done: ImportPartDone
) -> tuple[tuple[ImportPartDone, ...], tuple[ImportRunEnded, ...]]:
    """The facts of a part that is done, on the run's stream and on the job's: the last one ends the run.

    Nothing where the part is done already, is none of the run's, or the run is over.
    """
    run = job.running.get(number)
    part = (done.location, done.date)
    if run is None or part in parts or part not in set(parts_of(run.spans)):
        return (), ()
    after = {**parts, part: done}
    if any(one not in after for one in parts_of(run.spans)):
        return (done,), ()
    return (done,), (ImportRunEnded(number, outcome_of(planned(run.spans), outcomes_of(after), run.left_out)),)


def outcomes_of(parts: Parts) -> list[PartOutcome]:
    """What came of each part that is done."""
    return [part.outcome for part in parts.values()]


def parts_of(spans: Iterable[Span]) -> Iterator[Part]:
    """The parts in the order in which they are polled: of every location the newest day first."""
    listed = [
        (span.last - dt.timedelta(days=back), span.location)
        for span in spans
        for back in range((span.last - span.first).days + 1)
    ]
    for date, location in sorted(listed, key=lambda one: (-one[0].toordinal(), one[1])):
        yield location, date


def planned(spans: Iterable[Span]) -> int:
    """How many parts there are."""
    return sum((span.last - span.first).days + 1 for span in spans)


def pending(run: Run, parts: Collection[Part]) -> list[Part]:
    """The parts that are not done, in the order in which they are polled."""
    return [part for part in parts_of(run.spans) if part not in parts]


def outcome_of(count: int, outcomes: Iterable[PartOutcome], left_out: Sequence[LeftOut] = ()) -> RunOutcome:
    """What came of a run that is over.

    Args:
        count: how many parts were planned.
        outcomes: of those that are done.
        left_out: what was left out.
    """
    read = sum(outcome in READ for outcome in outcomes)
    if not read:
        return "failed"
    return "complete" if read == count and not left_out else "partial"


_REASONS: Final = {
    "too-old": "too far back, polled by the role 'support' alone",
    "not-over": "not over there yet",
    "too-many": f"past the {MOST_PARTS} days that one run polls",
}
_OTHERWISE: Final = {
    "access-lost": "the source no longer shows it to the connection",
    "misconfigured": "its polling options cannot be read by this release",
    "switched-off": "its polling options switch them off",
}


def left_out_sentence(left_out: LeftOut) -> str:
    """What is left out and why, as a part of a sentence."""
    if left_out.first is not None and left_out.last is not None:
        days = f"{left_out.first}" if left_out.first == left_out.last else f"{left_out.first} to {left_out.last}"
        return f"{left_out.location}, {days}: {_REASONS[left_out.why]}"
    what = f", {left_out.data_set}" if left_out.data_set else ""
    return f"{left_out.location}{what}: {_OTHERWISE[left_out.why]}"
