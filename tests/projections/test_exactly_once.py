"""Each fact counts exactly once: whatever the batches are, whoever races, whatever dies."""

import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, event

from adapters.database import open_engine
from domain.facts import UnknownFact
from projections import queries
from projections.catching_up import ViewsStopped, bookmarks, catch_up
from projections.folds import Folds
from projections.views import ALL
from projections.writing import Writer
from tests.projections.stage import Stage, sale, varied_history

Dump = dict[str, list[tuple[Any, ...]]]


class Killed(Exception):
    """The process died here, as far as the database can tell."""


def one_pass(stage: Stage) -> Dump:
    """What the views hold after one pass in a single batch."""
    stage.forget()
    catch_up(stage.engine, stage.journal, limit=100_000)
    found = stage.dump()
    stage.forget()
    return found


@contextmanager
def dying_at(engine: Engine, point: int) -> Iterator[list[int]]:
    """Die at the so-many-th point: before each statement, before and after each COPY, before each commit."""
    passed = [0]

    def pass_point(*_: object) -> None:
        passed[0] += 1
        if passed[0] == point:
            raise Killed

    original = Writer._copy

    def copied(self: Writer, *arguments: Any) -> None:
        pass_point()
        original(self, *arguments)
        pass_point()

    event.listen(engine, "before_cursor_execute", pass_point)
    event.listen(engine, "commit", pass_point)
    patch = pytest.MonkeyPatch()
    patch.setattr(Writer, "_copy", copied)
    try:
        yield passed
    finally:
        patch.undo()
        event.remove(engine, "before_cursor_execute", pass_point)
        event.remove(engine, "commit", pass_point)


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_batches_of_any_size_come_to_the_same(stage: Stage, limit: int) -> None:
    """Catching up in small batches gives what one pass gives."""
    varied_history(stage)
    expected = one_pass(stage)
    catch_up(stage.engine, stage.journal, limit=limit)
    assert stage.dump() == expected


def test_stops_anywhere_come_to_the_same(stage: Stage) -> None:
    """Catching up to random positions, also inside a commit, and on from there, gives what one pass gives."""
    varied_history(stage)
    expected = one_pass(stage)
    random = Random(7)
    head = stage.journal.head()
    for until in sorted(random.sample(range(1, head), 8)):
        assert catch_up(stage.engine, stage.journal, until=until, limit=random.randint(1, 4)) == until
    catch_up(stage.engine, stage.journal)
    assert stage.dump() == expected


def test_views_that_lag_behind_come_up_to_the_others(stage: Stage) -> None:
    """Views that stand at different positions end with the same rows as if they had gone together."""
    varied_history(stage)
    expected = one_pass(stage)
    for place, view in enumerate(ALL):
        catch_up(stage.engine, stage.journal, [view], until=place * 2, limit=2)
    catch_up(stage.engine, stage.journal, limit=3)
    assert stage.dump() == expected


@pytest.mark.slow
def test_killed_at_every_statement(stage: Stage) -> None:
    """Whatever statement the runner dies at, the rows are those of whole batches, and the rest follows."""
    varied_history(stage)
    expected = one_pass(stage)
    for point in itertools.count(1):
        folds = Folds(stage.journal)
        with dying_at(stage.engine, point) as passed:
            try:
                catch_up(stage.engine, stage.journal, limit=20, folds=folds)
            except Killed:
                pass
            else:
                break
        reached = set(bookmarks(stage.engine).values())
        assert len(reached) == 1
        catch_up(stage.engine, stage.journal, limit=20, folds=folds)
        assert stage.dump() == expected, f"killed at point {point}"
        stage.forget()
    assert passed[0] > 30
    assert stage.dump() == expected


def test_three_runners_race(stage: Stage, database_url: str) -> None:
    """Three runners and somebody who records at the same time: every fact counts once."""
    stage.connect()
    engines = [open_engine(database_url) for _ in range(3)]
    done = threading.Event()
    errors: list[BaseException] = []

    def run(engine: Engine, limit: int) -> None:
        try:
            while not done.is_set():
                catch_up(engine, stage.journal, limit=limit)
        except BaseException as error:  # noqa: BLE001 - the thread hands it to the test
            errors.append(error)

    runners = [threading.Thread(target=run, args=(engine, limit)) for limit, engine in enumerate(engines, 1)]
    for runner in runners:
        runner.start()
    try:
        for number in range(25):
            stage.poll(sale("1", 100 + number % 3), sale(f"x{number}", 50))
            if number % 4 == 0:
                stage.fail(day=stage.day("L2"))
    finally:
        done.set()
        for runner in runners:
            runner.join()
        for engine in engines:
            engine.dispose()
    assert errors == []
    catch_up(stage.engine, stage.journal)
    raced = stage.dump()
    assert raced == one_pass(stage)


def test_a_fact_of_a_newer_release_stops_the_views(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The views stand before a fact that they do not know, say so, and go on when the release does."""
    stage.poll(sale("1", 950))
    known = stage.journal.head()
    stage.poll(sale("2", 500), day=stage.day("L2"))
    original = stage.journal.log

    def log(*, after: int, limit: int, client: str | None = None) -> Any:
        entries = original(after=after, limit=limit, client=client)
        if any(entry.position > known for entry in entries):
            raise UnknownFact("The log holds 'business-day.closed' in version 1.")
        return entries

    with monkeypatch.context() as patch:
        patch.setattr(stage.journal, "log", log, raising=False)
        with pytest.raises(ViewsStopped, match=rf"stand at position {known}, .*business-day\.closed"):
            catch_up(stage.engine, stage.journal)
    assert queries.position(stage.engine) == known
    catch_up(stage.engine, stage.journal)
    assert queries.position(stage.engine) == stage.journal.head()


def test_progress_is_told_after_every_batch(stage: Stage) -> None:
    """The callback hears the position reached and the one that is aimed at."""
    varied_history(stage)
    heard: list[tuple[int, int]] = []
    reached = catch_up(stage.engine, stage.journal, progress=lambda done, total: heard.append((done, total)), limit=5)
    assert heard[-1] == (reached, stage.journal.head())
    assert [done for done, _ in heard] == sorted({done for done, _ in heard})


def test_folds_are_bounded(stage: Stage) -> None:
    """Days at hand never hold more records than the bound, and forgetting them changes nothing."""
    varied_history(stage)
    expected = one_pass(stage)
    folds = Folds(stage.journal, most_records=3)
    catch_up(stage.engine, stage.journal, limit=1, folds=folds)
    assert folds._records <= 3
    assert stage.dump() == expected
