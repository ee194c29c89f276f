"""Data import jobs, whole: over HTTP, by the worker on both databases, and after whoever ran one died in the middle."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.composition import OpenHouse
from api.import_jobs import go_on, recorded, start
from api.work import Work
from domain.commands.add_import_job import AddImportJob, add_import_job
from domain.commands.changing_import_job import load_import_job, load_parts
from domain.commands.intent import Intent
from domain.facts import ImportJobScheduled, ImportRunEnded, Period, Provenance
from domain.identifiers import DayId, ImportJobId, ImportRunId
from domain.import_jobs import Meant
from domain.permissions import EVERYTHING
from domain.ports.journal import Receipt, Recording
from projections import import_jobs as views
from projections.import_rows import came_of, came_to
from projections.rebuilding import rebuild
from tests.api.site import DATES, Site
from tests.api.work_stage import ALL, DAYS, a_stage, attempts, day, runner

WHY = {"reason": "the numbers are needed"}
NIGHTLY = ImportJobId("main", "nightly")
TWO = Period("range", DATES[-2], DATES[-1])
PARTS = [(name, date) for date in (DATES[-1], DATES[-2]) for name in ("alpha", "beta")]


@pytest.fixture
def stage(tmp_path: Path, database_url: str) -> Iterator[Site]:
    """A connected daybook of which nothing was polled, once on each kind of database."""
    with a_stage(tmp_path / "data", database_url) as site:
        yield site


def who() -> Intent:
    """What the operator wants."""
    return Intent("cli:anna", "needed", rights=EVERYTHING)


def add(opened: OpenHouse, period: Period = TWO) -> None:
    """Add the job."""
    add_import_job(AddImportJob(NIGHTLY, "tray", Meant("Nightly", period), who()), opened.house)


def schedule(opened: OpenHouse, first: dt.date) -> None:
    """Schedule it as if that had been decided some days ago."""
    known = load_import_job(opened.journal, NIGHTLY)
    fact = ImportJobScheduled("00:00", "UTC", first)
    opened.journal.append([Recording(NIGHTLY.stream, known.version, (fact,))], Provenance("cli:anna", "days ago"))


def test_the_worker_runs_what_is_scheduled(stage: Site) -> None:
    """Once for the newest date that was missed; its days are polled once, whether they are due as well or not."""
    today = dt.datetime.now(dt.UTC).date()
    add(stage.opened, Period("last-days", days=3))
    schedule(stage.opened, today - dt.timedelta(days=3))
    work = Work(stage.opened)
    runner(work).run_once()
    stage.catch_up()
    (run,) = views.import_runs(stage.opened.engine, "main", "nightly")
    assert (run.started_by, run.reason, run.scheduled) == ("worker", "scheduled", str(today))
    parts = views.import_parts(stage.opened.engine, "main", "nightly", 1)
    assert (came_of(run, came_to(parts)), len(parts)) == ("complete", 6)
    assert work.done == {"polled": ALL}
    for part in parts:
        (attempt,) = attempts(stage.opened, *part.part)
        assert attempt.provenance.reason == "data import job Nightly, run 1"
    again = Work(stage.opened)
    runner(again).run_once()
    assert again.done == {}
    assert load_import_job(stage.opened.journal, NIGHTLY).runs == 1


def test_the_worker_goes_on_with_what_was_left(stage: Site) -> None:
    """Of a run that somebody started and left; what is due otherwise is polled as well, and nothing twice."""
    add(stage.opened)
    begun = start(stage.opened, NIGHTLY, who())
    assert len(list(go_on(stage.opened, begun.id, who(), 1))) == 1
    stage.catch_up()
    runner(Work(stage.opened)).run_once()
    told = recorded(stage.opened, begun.id, who())
    assert (told["outcome"], [part["actor"] for part in told["parts"]].count("worker")) == ("complete", 3)
    for location, date in PARTS:
        assert len(attempts(stage.opened, location, date)) == 1
    before = dict(told)
    rebuild(stage.opened.engine, stage.opened.journal)
    row = views.find_import_run(stage.opened.engine, "main", "nightly", 1)
    assert row is not None
    assert row.ended_at == before["ended_at"]


class Killed(BaseException):
    """Whoever was at it is gone, at this very moment."""


class Deadly:
    """A journal that kills whoever appends for the n-th time, before or after it is recorded."""

    def __init__(self, inner: Any, left: int, *, after: bool) -> None:
        self._inner = inner
        self._left = left
        self._after = after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def append(self, recordings: Sequence[Recording], provenance: Provenance) -> Receipt:
        """Record, or die."""
        self._left -= 1
        if not self._left and not self._after:
            raise Killed
        receipt: Receipt = self._inner.append(recordings, provenance)
        if not self._left:
            raise Killed
        return receipt


@pytest.mark.parametrize("after", [False, True], ids=["before it", "after it"])
def test_dying_at_any_moment_loses_and_doubles_nothing(stage: Site, after: bool) -> None:
    """At the start, at every poll and every part, before it is recorded or after: whoever goes on finds it so."""
    opened = stage.opened
    for step in range(1, 6):
        named = ImportJobId("main", f"job-{step}")
        meant = Meant("Nightly", TWO, locations=("alpha",))
        add_import_job(AddImportJob(named, "tray", meant, who()), opened.house)
        intent = who()
        mortal = replace(opened, house=replace(opened.house, journal=Deadly(opened.journal, step, after=after)))
        with pytest.raises(Killed):
            for _ in go_on(mortal, start(mortal, named, intent).id, intent):
                pass
        begun = start(opened, named, intent)
        for _ in go_on(opened, begun.id, intent):
            pass
        facts = [entry.fact for entry in opened.journal.stream(named.stream)]
        assert facts[1:] == [begun.run, ImportRunEnded(1, "complete")]
        parts, version = load_parts(opened.journal, ImportRunId("main", named.job, 1))
        assert (sorted(parts), version) == ([("alpha", DATES[-2]), ("alpha", DATES[-1])], 2)
        for date in DATES[-2:]:
            assert day(opened, "alpha", date).generation == 1
            assert len(attempts(opened, "alpha", date)) == step
    assert opened.journal.verify().faults == ()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A daybook that the tests of HTTP share; each has a job of its own."""
    with a_stage(tmp_path_factory.mktemp("jobs"), "", window_days=30) as site:
        yield site


def post(site: Site, path: str, **body: Any) -> Any:
    """A request that succeeds."""
    answer = site.client.post(f"/v1/import-jobs{path}", {**WHY, **body})
    assert answer.status_code in {200, 201}, answer.text
    return answer


def made(site: Site, job: str, **body: Any) -> None:
    """A job about the two days at alpha, unless said otherwise."""
    period = {"kind": "range", "first": str(DATES[-2]), "last": str(DATES[-1])}
    given = {"id": job, "name": job.title(), "connection": "tray", "locations": ["alpha"], "period": period}
    answer = post(site, "", **{**given, **body})
    assert answer.headers["location"] == f"/v1/import-jobs/{job}"
    site.catch_up()


def test_a_job_over_http(shared: Site) -> None:
    """Added, shown, changed on the revision that was seen, scheduled, run and ended, each told."""
    made(shared, "whole", locations=[], data_sets=["labor", "sales"], period={"kind": "last-days", "days": 4})
    found = shared.client.get("/v1/import-jobs/whole")
    shown = found.json()
    assert (shown["chosen"], shown["locations"], shown["data_sets"]) == ("all", ["alpha", "beta"], ["sales", "labor"])
    assert (shown["period"]["days"], shown["schedule"], found.headers["etag"]) == (4, None, '"1"')
    put = {**WHY, "at": "05:00"}
    answer = shared.client.send("PUT", "/v1/import-jobs/whole/schedule", json=put, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["revision"], answer.headers["etag"]) == (200, 2, '"2"')
    stale = shared.client.send("PATCH", "/v1/import-jobs/whole", json={**WHY, "name": "x"}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/not-the-version")
    ranged = {"period": {"kind": "range", "first": str(DATES[0]), "last": str(DATES[1])}}
    refused = shared.client.send("PATCH", "/v1/import-jobs/whole", json={**WHY, **ranged})
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/not-scheduled")
    assert "Only the last days can be scheduled" in refused.json()["detail"]
    shared.catch_up()
    shown = shared.client.get("/v1/import-jobs/whole").json()
    assert shown["schedule"] == {"at": "05:00", "zone": "America/New_York"}
    assert dt.datetime.fromisoformat(shown["next_at"]) > dt.datetime.now(dt.UTC)
    never = shared.client.send("PUT", "/v1/import-jobs/whole/schedule", json={**WHY, "at": None})
    assert never.json()["changed"]
    key = {"Idempotency-Key": "one-run"}
    ran = shared.client.post("/v1/import-jobs/whole/runs", WHY, headers=key)
    told = ran.json()
    assert (ran.status_code, told["outcome"], told["days"]["read"]) == (201, "complete", 8)
    again = shared.client.post("/v1/import-jobs/whole/runs", WHY, headers=key)
    assert (again.json(), again.headers["idempotent-replayed"]) == (told, "true")
    shared.catch_up()
    whole = shared.client.get(ran.headers["location"]).json()
    assert {**whole, "command": told["command"]} == told
    assert told["confirmation"] == "Run 1 of whole (alpha, beta) is complete: 8 of 8 days read."
    (listed,) = shared.client.get("/v1/import-jobs/whole/runs").json()["data"]
    assert listed == {name: value for name, value in whole.items() if name != "parts"}
    assert post(shared, "/whole/ending").json()["changed"]
    gone = shared.client.post("/v1/import-jobs/whole/runs", WHY)
    assert (gone.status_code, gone.json()["type"]) == (409, "/problems/import-job-is-over")
    streams = {row["stream"] for row in shared.client.get("/v1/trace/whole%2F1").json()["data"]}
    assert {DayId("main", *part).stream for part in PARTS} < streams


def test_partial_results_are_told_as_partial(shared: Site) -> None:
    """The day that failed, with why; nobody is told that all is well."""
    made(shared, "partial")
    shared.pos.pos.arm("error_body_200", times=1, venue="V100")
    told = post(shared, "/partial/runs").json()
    assert (told["outcome"], told["days"]) == (
        "partial",
        {"planned": 2, "read": 1, "failed": 1, "refused": 0, "left": 0},
    )
    failed, read = told["parts"]
    assert (failed["outcome"], read["failure"]) == ("failed", "")
    assert failed["message"]
    assert told["confirmation"] == "Run 1 of partial (alpha) is partial: 1 of 2 days read, 1 failed."
    shared.pos.pos.disarm()


def test_everything_says_what_is_left_out(shared: Site) -> None:
    """Days before those that may be polled, and more than one request polls."""
    old = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=70)
    period = {"kind": "range", "first": str(old), "last": str(old + dt.timedelta(days=45))}
    made(shared, "old", locations=["beta"], period=period)
    told = post(shared, "/old/runs").json()
    (left_out,) = told["left_out"]
    assert (left_out["why"], left_out["location"], left_out["first"]) == ("too-old", "beta", str(old))
    assert left_out["reason"].endswith("too far back, polled by the role 'support' alone.")
    assert (told["outcome"], told["days"]["planned"] < 10) == ("partial", True)


def test_a_source_that_asks_for_patience_is_left_alone(shared: Site) -> None:
    """The run stops there, whoever goes on; another run of the company is refused and names it, until it is over."""
    made(shared, "patient")
    shared.pos.pos.arm("status_429_seconds", times=None, parameters={"seconds": 3600}, venue="V100")
    told = post(shared, "/patient/runs").json()
    shared.pos.pos.disarm()
    assert (told["outcome"], told["days"]["left"], told["days"]["failed"]) == ("running", 1, 1)
    assert told["parts"][0]["failure"] == "rate-limited"
    shared.catch_up()
    went = post(shared, "/patient/runs/1/continuation").json()
    assert (went["outcome"], went["days"]["left"]) == ("running", 1)
    made(shared, "second")
    refused = shared.client.post("/v1/import-jobs/second/runs", WHY)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/run-in-progress")
    assert "The run 1 of the data import job 'patient' is not over" in refused.json()["detail"]
    work = Work(shared.opened)
    assert not [one for one in work.ask().due if one.day == DayId("main", "alpha", DATES[-2])]
    # Whoever ends the job ends its run.
    post(shared, "/patient/ending")
    shared.catch_up()
    over = shared.client.get("/v1/import-jobs/patient/runs/1").json()
    assert (over["outcome"], over["days"]["left"]) == ("failed", 1)
    assert DAYS


def test_what_is_not_there(shared: Site) -> None:
    """A job, a run, an id that cannot be one, and a period that says nothing."""
    made(shared, "empty")
    for path, status, kind in (
        ("/nothing", 404, "no-such-import-job"),
        ("/nothing/runs", 404, "no-such-import-job"),
        ("/nothing/runs/1", 404, "no-such-import-job"),
        ("/empty/runs/7", 404, "no-such-run"),
        ("/no%20job", 400, "bad-identifier"),
    ):
        answer = shared.client.get(f"/v1/import-jobs{path}")
        assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}"), path
    for path in ("/nothing/runs", "/nothing/runs/1/continuation", "/nothing/ending", "/empty/runs/9/continuation"):
        assert shared.client.post(f"/v1/import-jobs{path}", WHY).status_code == 404
    body = {**WHY, "id": "x", "name": "X", "connection": "tray", "period": {"kind": "range"}}
    answer = shared.client.post("/v1/import-jobs", body)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/bad-period")
    nowhere = shared.client.send("PUT", "/v1/import-jobs/nothing/schedule", json={**WHY, "at": "05:00"})
    assert nowhere.status_code == 404
