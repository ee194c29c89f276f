"""Facts about data import jobs in sentences for people."""

from collections.abc import Sequence
from typing import Final

from domain.facts import (
    ImportJobAdded,
    ImportJobChanged,
    ImportJobEnded,
    ImportJobScheduled,
    ImportJobUnscheduled,
    ImportPartDone,
    ImportRunEnded,
    ImportRunStarted,
    ImportTurnTaken,
    LeftOut,
    Period,
)
from domain.facts.import_jobs import ImportFact
from domain.import_jobs import left_out_sentence, planned

MOST_NAMED: Final = 3
"""What is left out of a run, as far as one sentence names it."""


def import_sentence(fact: ImportFact, who: str, why: str) -> str:  # noqa: PLR0911 - one for each fact
    """What happened, who did it and why."""
    match fact:
        case ImportJobAdded():
            return f"{who} added the data import job {fact.name} on {fact.connection}{why}: {_meant(fact)}."
        case ImportJobChanged():
            return f"{who} changed the data import job {fact.name}{why}: {_meant(fact)}."
        case ImportJobScheduled():
            return (
                f"{who} scheduled the data import job{why}: every day at {fact.at}, {fact.zone}, from {fact.first} on."
            )
        case ImportJobUnscheduled():
            return f"{who} took the data import job from the schedule{why}."
        case ImportJobEnded():
            return f"{who} ended the data import job{why}."
        case ImportRunStarted():
            return f"{who} started run {fact.run}{why}: {_days(planned(fact.spans))} to poll{_left_out(fact.left_out)}."
        case ImportRunEnded():
            return f"Run {fact.run} is over: {fact.outcome}."
        case ImportPartDone():
            because = f" ({fact.failure}): {fact.message.rstrip('.')}" if fact.failure else ""
            return f"{who} imported {fact.date} of {fact.location}: {fact.outcome}{because}."
        case ImportTurnTaken():
            return f"Run {fact.run} of the data import job {fact.job} imports it."


def period_words(period: Period) -> str:
    """Which days a period means."""
    if period.kind == "range":
        return f"{period.first} to {period.last}"
    return f"the last {_days(period.days)}" if period.kind == "last-days" else "everything"


def _meant(fact: ImportJobAdded | ImportJobChanged) -> str:
    if fact.companies:
        where = f"of the companies {', '.join(fact.companies)}"
    else:
        where = f"at {', '.join(fact.locations)}" if fact.locations else "at all locations"
    return f"{', '.join(fact.data_sets) or 'all data sets'} of {period_words(fact.period)} {where}"


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"


def _left_out(left_out: Sequence[LeftOut]) -> str:
    if not left_out:
        return ""
    named = [left_out_sentence(one) for one in left_out[:MOST_NAMED]]
    if len(left_out) > MOST_NAMED:
        named.append(f"and {len(left_out) - MOST_NAMED} more")
    return f"; left out: {'; '.join(named)}"
