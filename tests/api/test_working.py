"""Workers, in one process and over a queue: given what is due, when they work, then each day is read once."""

import datetime as dt
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from api.work import Work, ask, runner_for
from api.work.asking import found
from api.work.beside import worker_beside
from api.work.embedded import Embedded
from api.work.polling import reason_of
from api.work.queued import Queued, queue_name
from domain.due import Due
from domain.identifiers import DayId
from tests.api.site import DATES, Site, a_site, command_process, daybook
from tests.api.work_stage import ALL, DAYS, PLACES, a_stage, attempts, day, runner, wait_for, working

WHY = {"reason": "the till was wrong"}


@pytest.fixture
def stage(tmp_path: Path, database_url: str) -> Iterator[Site]:
    """A connected daybook of which nothing was polled, once on each kind of database."""
    with a_stage(tmp_path / "data", database_url) as site:
        yield site


def due_now(site: Site) -> list[tuple[str, str]]:
    """What is due now, by location and date."""
    site.catch_up()
    return [(one.day.location, str(one.day.date)) for one in ask(site.opened, "main").due]


def test_everything_that_is_due_is_polled_once(stage: Site) -> None:
    """Each day has one generation and one attempt by the worker with its reason, and nothing is due any more."""
    work = Work(stage.opened)
    assert len(due_now(stage)) == ALL
    runner(work).run_once()
    assert work.done == {"polled": ALL}
    for place in PLACES:
        (attempt,) = attempts(stage.opened, *place)
        assert day(stage.opened, *place).generation == 1
        assert attempt.provenance.actor == "worker"
        assert attempt.provenance.reason == "missing: never polled"
    assert due_now(stage) == []
    runner(work).run_once()
    assert work.done == {"polled": ALL}


def test_a_deleted_day_is_back_within_one_scan_cycle(stage: Site) -> None:
    """Deleted over HTTP, it is missing with who, when and why, and then back, with the deletion in its history."""
    runner(Work(stage.opened)).run_once()
    place = PLACES[0]
    path = f"/v1/days/alpha/{DATES[-2]}"
    before = stage.client.get(f"{path}/dss").json()["summary"]
    gone = stage.client.post(f"{path}/deletions", WHY)
    assert (gone.status_code, gone.json()["state"]) == (200, "missing")
    with working(runner(Work(stage.opened))):
        wait_for(lambda: day(stage.opened, *place).generation == 2)
    stage.catch_up()
    back = stage.client.get(f"{path}/dss").json()["summary"]
    assert {**back, "generation": 1} == before
    told = [step["sentence"] for step in stage.client.get(f"{path}/history").json()["data"]]
    assert "Somebody (api) deleted the day at generation 1 because 'the till was wrong': it is missing until it" in (
        " ".join(told)
    )
    assert told[-1].startswith("The worker repolled the day because 'missing: deleted by Somebody (api) because")


def test_two_workers_at_once_give_each_day_one_generation(stage: Site) -> None:
    """They share the work; where both come to one day, the second finds nothing to do or nothing new."""
    works = [Work(stage.opened) for _ in range(2)]
    threads = [threading.Thread(target=runner(work).run_once) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # What one of them had begun the other left to it, which has ended by now.
    assert due_now(stage) == []
    assert {day(stage.opened, *place).generation for place in PLACES} == {1}
    assert sum(work.done["polled"] for work in works) == ALL
    assert not {"failed", "refused", "broken"} & {name for work in works for name in work.done}


def test_missing_days_nobody_noticed(stage: Site) -> None:
    """A day that nobody ever polled is listed as missing, with since when, and is polled without anybody asking."""
    listed = stage.client.get("/v1/due", params={"location": "alpha"}).json()
    missing = {row["date"]: row for row in listed["data"]}
    row = missing[str(DATES[-2])]
    assert (row["why"], row["due"], row["reason"]) == ("never-polled", True, "missing: never polled")
    with working(runner(Work(stage.opened))):
        wait_for(lambda: all(day(stage.opened, *place).generation == 1 for place in PLACES))


def test_green_although_nothing_arrived(stage: Site) -> None:
    """A day that was read and has no sales is not done: it is listed until somebody confirms that it was closed."""
    runner(Work(stage.opened)).run_once()
    stage.catch_up()
    empty = next(iter(found(stage.opened, "main", location="alpha")))
    path = f"/v1/days/alpha/{empty.date}"
    assert (empty.why, stage.client.get(f"{path}/dss").json()["summary"]["net_sales"]) == ("zero-sales", "0.00")
    (row,) = stage.client.get("/v1/due", params={"location": "alpha", "limit": 1}).json()["data"]
    assert row["to_do"] == "confirm that the place was closed, if it was"
    assert (row["due"], row["date"]) == (False, str(empty.date))
    assert stage.client.post(f"{path}/closed", {"reason": "a holiday"}).status_code == 200
    stage.catch_up()
    assert empty.date not in {one.date for one in found(stage.opened, "main", location="alpha")}
    closed = stage.client.get(path).json()["closed"]
    assert (closed["by"], closed["reason"]) == ("api:anonymous", "a holiday")


def test_a_source_that_fails_is_asked_again_later_and_nobody_else_waits(stage: Site) -> None:
    """The failed day waits, says why and until when; days of other locations are read."""
    stage.pos.pos.arm("error_body_200", times=None, venue="V100")
    work = Work(stage.opened)
    runner(work).run_once()
    assert (work.done["failed"], work.done["polled"]) == (DAYS, DAYS)
    listed = [one for one in found(stage.opened, "main") if one.location == "alpha"]
    assert {one.why for one in listed} == {"failed"}
    assert not any(one.is_due(dt.datetime.now(dt.UTC)) for one in listed)
    assert due_now(stage) == []


def test_what_is_refused_is_put_off(stage: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """It leaves no attempt that would say when to try again, so that the worker remembers by itself for a while."""
    broken = replace(stage.opened, house=replace(stage.opened.house, systems={}))
    work = Work(broken)
    assert work.perform(DayId("main", "alpha", DATES[-2])) == "refused"
    assert (work.perform(DayId("main", "alpha", DATES[-2])), work.done) == ("not due any more", {"refused": 1})
    assert DayId("main", "alpha", DATES[-2]) not in {one.day for one in work.ask().due}

    def fails(*_: Any) -> None:
        raise RuntimeError("something else")

    monkeypatch.setattr("api.work.polling.poll_day", fails)
    assert Work(stage.opened).perform(DayId("main", "alpha", DATES[-2])) == "broken"


def test_a_worker_that_is_told_to_stop_leaves_polls_that_take_long(stage: Site) -> None:
    """The poll is left unfinished, nothing of it is recorded, and the day is still due."""
    stage.pos.pos.arm("silence", times=None, parameters={"seconds": 40})
    work = Work(stage.opened)
    with working(runner(work, shutdown=0.5)):
        wait_for(lambda: stage.pos.pos.board.listing()["armed"][0]["fired"])
    assert {day(stage.opened, *place).generation for place in PLACES} == {0}
    stage.pos.pos.disarm()
    assert len(due_now(stage)) == ALL


def test_a_worker_beside_the_server(tmp_path: Path) -> None:
    """With the setting on, what is due is polled as long as the server runs, and a deletion wakes it at once."""
    chosen: dict[str, Any] = {"window_days": 4, "worker": "on", "scan": 3600, "grace": 0}
    with a_site(tmp_path / "on", tickets=3, **chosen) as site, worker_beside(site.opened):
        wait_for(lambda: day(site.opened, "alpha", DATES[-1]).generation == 1)
        wait_for(lambda: not due_now(site))
        answer = site.client.post(f"/v1/days/alpha/{DATES[-1]}/deletions", WHY)
        assert answer.status_code == 200
        wait_for(lambda: day(site.opened, "alpha", DATES[-1]).generation == 2)
    with a_site(tmp_path / "off", tickets=3) as site, worker_beside(site.opened):
        assert len(due_now(site)) == 60


def test_a_worker_asks_again_when_the_database_was_away(sqlite_stage: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong while asking, the question is asked again."""
    work = Work(sqlite_stage.opened)
    asks = work.ask
    troubles = iter([RuntimeError("away"), RuntimeError("away")])

    def troubled(**fields: Any) -> Any:
        for trouble in troubles:
            raise trouble
        return asks(**fields)

    monkeypatch.setattr(work, "ask", troubled)
    with working(Embedded(work, threads=1, scan=3600, shutdown=8, tick=0.05)):
        wait_for(lambda: day(sqlite_stage.opened, *PLACES[0]).generation == 1)


@pytest.fixture
def sqlite_stage(tmp_path: Path) -> Iterator[Site]:
    """The stage on SQLite."""
    with a_stage(tmp_path / "data", "") as site:
        yield site


@pytest.fixture
def postgres_stage(tmp_path: Path, postgres_url: str) -> Iterator[Site]:
    """The stage on PostgreSQL."""
    with a_stage(tmp_path / "data", postgres_url) as site:
        yield site


def test_the_database_says_which_runner_it_is(sqlite_stage: Site, postgres_stage: Site) -> None:
    """One process on SQLite, a queue on PostgreSQL; both are told the same."""
    assert isinstance(runner_for(Work(sqlite_stage.opened)), Embedded)
    assert isinstance(runner_for(Work(postgres_stage.opened), threads=1), Queued)
    assert queue_name("main") == "main"
    assert queue_name(None) == "_all"
    assert len(queue_name("c" * 64)) == 36


def test_a_dead_worker_that_needed_manual_sql(postgres_stage: Site) -> None:
    """The job of a worker that died counts as failed by itself, and what it should have done is done by another."""
    url = postgres_stage.settings.url
    with psycopg.connect(url, options="-c search_path=queue") as connection:
        connection.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status) "
            "VALUES ('_all', 'perform', '_all/main/alpha', '_all/x', '{\"key\": \"main/alpha/2026-01-01\"}', 'doing')"
        )
    with working(runner(Work(postgres_stage.opened))):
        wait_for(lambda: all(day(postgres_stage.opened, *place).generation == 1 for place in PLACES))
    with psycopg.connect(url, options="-c search_path=queue") as connection:
        left = connection.execute("SELECT status::text FROM procrastinate_jobs").fetchall()
    assert ("failed",) in left


def test_a_queue_that_breaks_off_begins_anew(postgres_stage: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the database goes away under a worker, it takes the work up again when it is back."""
    work = Work(postgres_stage.opened)
    monkeypatch.setattr("api.work.queued.AGAIN_SECONDS", 0.1)
    made = runner(work)
    with working(made):
        wait_for(lambda: work.done["polled"])
        with psycopg.connect(postgres_stage.settings.url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'daybook-worker'"
            )
        wait_for(lambda: all(day(postgres_stage.opened, *place).generation == 1 for place in PLACES))


def test_the_reason_is_kept_as_far_as_it_fits(stage: Site) -> None:
    """At most 500 characters, and none that break a line: then the kind of reason stands for it."""
    now = dt.datetime.now(dt.UTC)
    one = Due("alpha", DATES[-2], "tray", "failed", "x" * 600, now, now)
    assert reason_of(one) == "x" * 500
    assert reason_of(replace(one, reason="a\nb")) == "failed"


def test_the_command_once(tmp_path: Path) -> None:
    """It polls what is due, says how much came of it, and a failure is exit code 1."""
    with a_stage(tmp_path / "data", "") as site:
        chosen = {"DAYBOOK_WINDOW_DAYS": str(DAYS), "DAYBOOK_GRACE": "0"}
        site.pos.pos.arm("error_body_200", times=None, venue="V100")
        done = daybook("worker", "--once", "--threads", "2", folder=site.folder, **chosen)
        assert (done.returncode, done.stdout) == (1, f"Worked off: {DAYS} failed, {DAYS} polled.\n"), done.stderr
        again = daybook("worker", "--once", folder=site.folder, **chosen)
        assert (again.returncode, again.stdout) == (0, "Worked off: nothing was due.\n"), again.stderr
        told = daybook("due", "--location", "alpha", folder=site.folder, **chosen)
        assert told.stdout.startswith(f"0 due now, {DAYS} waiting.\n")
        assert f"alpha {DATES[-2]}  missing: the last poll failed" in told.stdout


def test_the_command_ends_when_it_is_told_to(tmp_path: Path) -> None:
    """SIGTERM ends it with exit code 0, and it says what it did."""
    with a_stage(tmp_path / "data", "") as site:
        output = tmp_path / "said"
        process = command_process("worker", folder=site.folder, output=output)
        wait_for(lambda: day(site.opened, *PLACES[0]).generation == 1)
        assert process.pid is not None
        process.terminate()
        process.join(60)
        said = output.read_text()
        assert process.exitcode == 0, said
        assert "works off what is due for all clients" in said
        assert "polled" in said.splitlines()[-1]
