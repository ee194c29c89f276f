"""Data import jobs, their runs and parts, as the view shows them."""

import datetime as dt
from collections import Counter

import pytest

from domain.facts import (
    Fact,
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
    Span,
)
from domain.identifiers import ImportJobId, ImportRunId, ImportTurnId
from domain.ports.journal import Recording
from projections.catching_up import catch_up
from projections.import_jobs import (
    came_by_run,
    find_import_job,
    find_import_run,
    first_days,
    import_jobs,
    import_parts,
    import_runs,
    open_runs,
    scheduled_jobs,
)
from projections.import_rows import came_of, came_to
from projections.rebuilding import rebuild
from projections.tracing import trace
from tests.projections.stage import DATE, Stage, sale

NEXT = DATE + dt.timedelta(days=1)
WEEK = Period("last-days", days=7)
OLD = LeftOut("L2", "too-old", dt.date(2026, 9, 1), dt.date(2026, 9, 2))
STORY: tuple[tuple[str, Fact], ...] = (
    ("nightly", ImportJobAdded("Nightly", "main", WEEK, (), ("L1",), ("sales",))),
    ("all", ImportJobAdded("All", "main", Period("everything"))),
    ("other", ImportJobAdded("Other", "elsewhere", Period("range", DATE, NEXT), ("o-1",))),
    ("nightly", ImportJobChanged("Every night", WEEK, (), ("L1", "L2"), ())),
    ("nightly", ImportJobScheduled("05:00", "America/New_York", NEXT)),
    ("nightly", ImportRunStarted(1, "main", (Span("L1", DATE, NEXT), Span("L2", DATE, DATE)), (OLD,), ("sales",))),
    ("nightly/1", ImportPartDone("L1", NEXT, "polled", 1)),
    ("nightly/1", ImportPartDone("L1", NEXT, "failed", 0, "timeout", "No answer.")),
    ("nightly/1", ImportPartDone("L2", DATE, "failed", 0, "timeout", "No answer.")),
    ("nightly", ImportRunStarted(2, "main", (Span("L1", DATE, DATE),), scheduled=NEXT)),
    ("nightly/2", ImportPartDone("L1", DATE, "unchanged", 1)),
    ("nightly", ImportRunEnded(2, "complete")),
    ("nightly", ImportRunEnded(7, "complete")),
    ("all", ImportJobScheduled("04:00", "UTC", DATE)),
    ("all", ImportJobUnscheduled()),
    ("other", ImportJobEnded()),
)


def tell(stage: Stage, *, together: bool) -> None:
    """Record the story, and read it at once or step by step."""
    stage.connect()
    stage.poll(sale("1", 950))
    versions: dict[str, int] = {}
    for name, fact in STORY:
        job, _, run = name.partition("/")
        stream = ImportRunId("C1", job, int(run)).stream if run else ImportJobId("C1", job).stream
        stage.record(Recording(stream, versions.get(stream, 0), (fact,)), reason="needed")
        versions[stream] = versions.get(stream, 0) + 1
        if not together:
            catch_up(stage.engine, stage.journal)
    stage.record(Recording(ImportTurnId("C1", "L1").stream, 0, (ImportTurnTaken("nightly", 1),)))
    stage.record(Recording(ImportJobId("C2", "nightly").stream, 0, (ImportJobAdded("Theirs", "main", WEEK),)))
    catch_up(stage.engine, stage.journal)


@pytest.mark.parametrize("together", [True, False])
def test_jobs_as_they_stand(stage: Stage, together: bool) -> None:
    """In whatever batches the facts are read, and after a rebuild as well."""
    tell(stage, together=together)
    everything, nightly, other = import_jobs(stage.engine, "C1")
    assert (nightly.name, nightly.locations, nightly.data_sets, nightly.revision) == (
        "Every night",
        ["L1", "L2"],
        [],
        3,
    )
    assert nightly.occasions == ImportJobScheduled("05:00", "America/New_York", NEXT)
    assert (nightly.runs, nightly.scheduled, nightly.ended) == (2, str(NEXT), False)
    assert (nightly.added_by, nightly.added_at) != ("", None)
    assert (everything.schedule, everything.occasions, everything.period) == (None, None, {"kind": "everything"})
    assert (other.ended, other.companies, other.connection) == (True, ["o-1"], "elsewhere")
    assert [row.job for row in scheduled_jobs(stage.engine, "C1")] == ["nightly"]
    (theirs,) = import_jobs(stage.engine, "C2")
    assert theirs.name == "Theirs"
    before = stage.dump()
    rebuild(stage.engine, stage.journal)
    assert stage.dump() == before
    assert "nightly/1" not in {row.job for row in import_jobs(stage.engine, "C1")}
    assert {row.stream for row in trace(stage.engine, stage.journal, "C1", "main")} >= {ImportJobId("C1", "all").stream}


def test_runs_and_what_came_of_them(stage: Stage) -> None:
    """Newest first; what came of one is told by its parts, and one that has parts to do still is open."""
    tell(stage, together=True)
    second, first = import_runs(stage.engine, "C1", "nightly")
    assert (first.run, first.left_out, first.scheduled, first.ended_at, first.reason) == (1, (OLD,), "", None, "needed")
    assert (second.scheduled, second.ended_at is None) == (str(NEXT), False)
    assert [row.run for row in import_runs(stage.engine, "C1", "nightly", after=2)] == [1]
    assert [row.run for row in open_runs(stage.engine, "C1")] == [1]
    assert open_runs(stage.engine, "C1", after=("nightly", 1)) == []
    parts = import_parts(stage.engine, "C1", "nightly", 1)
    assert [(row.run, row.part, row.outcome, row.failure) for row in parts] == [
        (1, ("L1", NEXT), "polled", ""),
        (1, ("L2", DATE), "failed", "timeout"),
    ]
    assert came_by_run(stage.engine, "C1", "nightly", [1, 2]) == {
        1: came_to(parts),
        2: {"L1": Counter(unchanged=1)},
    }
    assert came_of(first, came_to(parts)) is None
    assert came_of(second, came_by_run(stage.engine, "C1", "nightly", [2])[2]) == "complete"
    assert first_days(stage.engine, "C1", ["L1", "L2"]) == {"L1": DATE}


def test_who_has_some_locations_sees_what_is_of_these(stage: Stage) -> None:
    """Of a run its own parts, and what came of those; a job at others is not there."""
    tell(stage, together=True)
    engine = stage.engine
    assert [row.job for row in import_jobs(engine, "C1", among={"L1"})] == ["all", "nightly"]
    assert [row.job for row in import_jobs(engine, "C1", among={"L1"}, after="all", limit=1)] == ["nightly"]
    assert import_jobs(engine, "C1", among={"L3"}) == import_jobs(engine, "C1", among=()) == []
    assert find_import_job(engine, "C1", "nightly", among={"L3"}) is None
    assert find_import_job(engine, "C1", "nightly", among={"L2"}) is not None
    (own,) = import_runs(engine, "C1", "nightly", among={"L2"})
    assert (own.run, own.spans, own.left_out) == (1, (Span("L2", DATE, DATE),), (OLD,))
    parts = import_parts(engine, "C1", "nightly", 1, among={"L2"})
    assert [row.location for row in parts] == ["L2"]
    assert came_by_run(engine, "C1", "nightly", [1], among={"L2"}) == {1: came_to(parts)}
    assert came_of(own, came_to(parts)) == "failed"
    assert find_import_run(engine, "C1", "nightly", 2, among={"L2"}) is None
    assert find_import_run(engine, "C1", "nightly", 2) is not None
