"""The view of objects: whatever the batches, it is the fold of their facts; queries tell what there is to do."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.pool import StaticPool

from domain.facts import Provenance
from domain.facts.objects import (
    AttemptFailed,
    AttemptStarted,
    AttemptSucceeded,
    FoundStanding,
    LookedUp,
    ObjectFact,
    OutcomeUnknown,
    RemoteChanged,
)
from domain.identifiers import ObjectId
from domain.outward import DEFAULT_RULES, fold
from domain.ports.journal import Recording
from projections import objects
from projections.batches import Batch
from projections.catching_up import advance
from projections.folds import Folds
from projections.scratch import _memory
from projections.tables import metadata
from projections.views import objects as view
from projections.writing import Writer
from tests.domain.outward.objects import CHANGED, LATER, NOON, REGISTERED, STORIES, WAITING, posted, started
from tests.support.fakes import MemoryJournal
from tests.support.scripted import StoppedClock

VIEWS = (view.VIEW,)
FACTS: Sequence[ObjectFact] = (
    *STORIES["verifying"][1:],
    LookedUp(1, "Not there.", answered=True),
    AttemptFailed(1, "not-shown", "Never.", retryable=True, retry_at=NOON),
    CHANGED,
    *posted(2),
    FoundStanding("je:v1"),
    RemoteChanged("changed", "Edited."),
    AttemptSucceeded(1, "too late"),
)
MORE = st.lists(st.sampled_from([*FACTS, started(3), OutcomeUnknown(3, "?"), AttemptSucceeded(3, "7")]), max_size=12)


@contextmanager
def shown(journal: MemoryJournal, *sizes: int) -> Iterator[Engine]:
    """The view of everything, read in batches of these sizes, and the rest at once."""
    engine = create_engine("sqlite://", creator=_memory, poolclass=StaticPool)
    entries = journal.log(after=0, limit=10_000)
    with engine.begin() as connection:
        metadata.create_all(connection)
        Writer(connection).begin_bookmarks(one.name for one in VIEWS)
        for size in (*sizes, len(entries)):
            lot, entries = entries[:size], entries[size:]
            if lot:
                advance(connection, VIEWS, Batch(lot[0].position - 1, lot, Folds(journal)))
    yield engine
    engine.dispose()


def told(*stories: Sequence[ObjectFact]) -> MemoryJournal:
    """A journal with an object for each story, one fact a commit."""
    journal = MemoryJournal(StoppedClock(NOON))
    for number, story in enumerate(stories):
        stream = ObjectId("C1", "books", f"je:pier:2026-11-{number + 1:02d}:sales").stream
        for version, fact in enumerate(story):
            by = Provenance("worker", f"c-{number}-{version}")
            journal.append([Recording(stream, version, (fact,))], by)
    return journal


def dump(engine: Engine) -> dict[str, list[Any]]:
    """Every row of the view."""
    with engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in view.VIEW.tables
        }


@given(MORE, st.lists(st.integers(1, 5), max_size=6))
@settings(max_examples=25, deadline=None)
def test_whatever_the_batches_the_view_is_the_fold(facts: list[ObjectFact], sizes: list[int]) -> None:
    """Catching up in any steps is the same as at once, and every row says what the fold of its facts says."""
    story = (REGISTERED, *facts)
    journal = told(story, WAITING)
    with shown(journal, *sizes) as stepwise, shown(journal) as at_once:
        assert dump(stepwise) == dump(at_once)
        row = objects.find_object(at_once, "C1", "books", "je:pier:2026-11-01:sales")
    known = fold(story)
    assert row is not None
    assert (row.state, row.version, row.message, row.retryable, row.retry_at) == (
        known.state,
        known.current,
        known.message,
        known.retryable,
        known.retry_at,
    )
    assert row.attempts == known.attempts
    assert row.posted_version == (known.posted.version if known.posted else 0)


def test_attempts_tell_what_came_of_them() -> None:
    """Begun, unknown, looked up, and settled once: what is told after that changes nothing."""
    journal = told((REGISTERED, *FACTS))
    with shown(journal, 3) as engine:
        newest, first = objects.attempts(engine, "C1", "books", "je:pier:2026-11-01:sales")
        assert (newest.outcome, newest.external_id) == ("succeeded", "no-2")
        assert (first.outcome, first.failure, first.looks) == ("failed", "not-shown", 1)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (NOON - dt.timedelta(hours=1), {"not-integrated", "pending", "desynchronized"}),
        (LATER, {"not-integrated", "pending", "desynchronized", "processing", "verifying", "error"}),
    ],
)
def test_what_waits_is_found_in_time(now: dt.datetime, expected: set[str]) -> None:
    """Errors that are tried again, attempts whose time is over and look-ups come up in time, all others at once."""
    stories = [*STORIES.values(), WAITING]
    with shown(told(*stories)) as engine:
        found = objects.waiting(engine, "C1", "books", now, DEFAULT_RULES)
        assert {row.state for row in found} == expected
        assert [row.retryable for row in found if row.state == "error"] == [True] * ("error" in expected)
        assert objects.next_at(engine, "C1", DEFAULT_RULES) == NOON
        assert objects.running(engine, "C1", "books", NOON - dt.timedelta(minutes=1)) == 1
        assert objects.running(engine, "C1", "books", LATER) == 0
        assert objects.last_minute(engine, "C1", ["books"], NOON + dt.timedelta(seconds=30)) == 6
        assert objects.last_minute(engine, "C1", ["books"], LATER) == 0
        assert objects.counts(engine, "C1")["error"] == 2
        assert objects.counts(engine, "C1", among=["harbor"]) == {}
        assert objects.writing(engine, "C1") == ["books"]
        assert objects.connections_of(engine, "C1", "je:pier:2026-11-01:sales") == ["books"]


def test_an_attempt_that_was_never_seen_to_begin_is_none() -> None:
    """Facts of an attempt without its beginning are kept for nothing."""
    journal = told((REGISTERED, AttemptSucceeded(4, "?"), AttemptStarted(5, "create", 1, "r", "doc-1", NOON)))
    with shown(journal) as engine:
        rows = objects.attempts(engine, "C1", "books", "je:pier:2026-11-01:sales")
        assert [(row.attempt, row.outcome) for row in rows] == [(5, "running")]
