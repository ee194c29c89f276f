"""Data import jobs: given what was defined and run, when somebody decides, then these facts, or a refusal."""

import datetime as dt
import itertools
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.commands.change_import_job import ChangeImportJob, change_import_job
from domain.commands.changing import CommandReused
from domain.commands.changing_import_job import ImportJobMade, OnImportJob, load_parts
from domain.commands.end_import_job import end_import_job
from domain.commands.import_day import ImportDay, import_day
from domain.commands.intent import Intent
from domain.commands.recording import NotTheVersion
from domain.commands.schedule_import_job import ScheduleImportJob, schedule_import_job
from domain.connection import BadTimeOfDay, Connection, NotConnected
from domain.connection.standing import IsDisconnected, IsSuspended
from domain.facts import (
    AccessLost,
    ConfigurationChanged,
    ConnectionDisconnected,
    ConnectionResumed,
    ConnectionSuspended,
    ImportJobAdded,
    ImportJobEnded,
    ImportJobScheduled,
    ImportPartDone,
    ImportRunEnded,
    ImportRunStarted,
    ImportTurnTaken,
    LeftOut,
    Period,
    PollFailed,
    Span,
    fact_name,
)
from domain.facts.import_jobs import ImportJobFact
from domain.identifiers import DayId, ImportJobId, ImportRunId, ImportTurnId, import_job_of, import_run_of
from domain.import_jobs import (
    MOST_PARTS,
    NEW_IMPORT_JOB,
    BadDataSet,
    BadImportJob,
    ImportJobExists,
    ImportJobIsOver,
    Meant,
    NoSuchImportJob,
    NothingToAskFor,
    NothingToImport,
    NotScheduled,
    Place,
    RunInProgress,
    data_sets_of,
    decide_add,
    decide_end,
    decide_part,
    decide_start,
    fold,
    left_out_sentence,
    next_occasion,
    occasion,
    outcome_of,
    parts_of,
    plan,
    planned,
)
from domain.import_jobs.periods import MOST_DAYS, BadPeriod
from domain.import_jobs.planning import Plan
from domain.names import BadName
from domain.permissions import NotPermitted
from domain.ports.journal import JournalUnavailable, StreamMoved
from domain.ports.source import SourceFailure
from domain.refusals import Refusal
from tests.domain.importing import CONNECTION, LAST_TWO, NOW, TODAY, YESTERDAY, Importing, back, who
from tests.support.facts import EXAMPLES
from tests.support.scripted import FILES_PROFILE, StoppedClock, import_files

NIGHTLY = ImportJobId("main", "nightly")
RANGE = Period("range", back(3), back(2))
ALL = Period("everything")


@pytest.fixture
def stage() -> Importing:
    """The stage."""
    return Importing()


def change(stage: Importing, **given: Any) -> ImportJobMade:
    """Change the job."""
    intent = given.pop("intent", None) or who()
    return change_import_job(ChangeImportJob(NIGHTLY, intent, given.pop("expected", None), **given), stage.house)


def end(stage: Importing, intent: Any = None) -> ImportJobMade:
    """End the job."""
    return end_import_job(OnImportJob(NIGHTLY, intent or who()), stage.house)


def test_a_job_from_the_first_day_to_the_last(stage: Importing) -> None:
    """Added, changed, scheduled, run, taken from the schedule and ended: each is recorded, and counts."""
    assert stage.add().job.revision == 1
    assert change(stage, name="Every night", data_sets=("labor", "sales")).job.data_sets == ("sales", "labor")
    assert change(stage, name="Every night").receipt is None
    scheduled = stage.schedule().job
    assert scheduled.schedule == ImportJobScheduled("05:00", "UTC", TODAY + dt.timedelta(days=1))
    assert stage.schedule().receipt is None
    run = stage.start()
    stage.go_on(run.id)
    assert stage.job().running == {}
    assert stage.schedule("").job.schedule is None
    assert stage.schedule("").receipt is None
    over = end(stage).job
    assert (over.ended, over.revision, over.version, over.runs) == (True, 5, 7, 1)
    assert end(stage).receipt is None
    for refused in (lambda: change(stage, name="x"), stage.schedule, stage.start):
        with pytest.raises(ImportJobIsOver):
            refused()


REFUSED: list[tuple[dict[str, Any], type[Refusal], str]] = [
    ({"name": ""}, BadName, "1 to 200"),
    ({"period": Period("range", back(2), back(3))}, BadPeriod, "in their order"),
    ({"period": Period("range", back(2))}, BadPeriod, "its first and its last"),
    ({"period": Period("range", dt.date(2020, 1, 1), back(3))}, BadPeriod, str(MOST_DAYS)),
    ({"period": Period("last-days")}, BadPeriod, "1 to 1000"),
    ({"period": Period("last-days", back(3), days=2)}, BadPeriod, "without dates"),
    ({"period": Period("everything", days=2)}, BadPeriod, "neither dates nor"),
    ({"locations": ("pier", "nowhere")}, NotConnected, "does not feed the location 'nowhere'"),
    ({"companies": ("o-1",)}, BadImportJob, "It has: none"),
    ({"companies": ("o-1",), "locations": ("pier",)}, BadImportJob, "not both"),
    ({"data_sets": ("schedules",)}, BadDataSet, "It has: sales, labor, deposits"),
]


@pytest.mark.parametrize(("meant", "kind", "said"), REFUSED)
def test_what_does_not_fit_is_refused(stage: Importing, meant: dict[str, Any], kind: type[Refusal], said: str) -> None:
    """With a sentence that says what, when it is added and when it is changed; nothing is recorded."""
    head = stage.journal.head()
    with pytest.raises(kind, match=said):
        stage.add(**meant)
    assert stage.journal.head() == head
    stage.add()
    head = stage.journal.head()
    with pytest.raises(kind, match=said):
        change(stage, **meant)
    assert stage.journal.head() == head


def test_what_there_is_to_ask_for_follows_from_what_the_system_says() -> None:
    """Days and rosters in one order; files and what is never polled have nothing, and say what to do."""
    tray = {"polls", "employees", "labor", "sales", "labor-lookback"}
    assert data_sets_of("Tray", tray) == ("sales", "labor", "employees")
    assert data_sets_of("Tray", tray, ["employees", "sales"]) == ("sales", "employees")
    with pytest.raises(NothingToAskFor, match="daybook import"):
        data_sets_of("Files", FILES_PROFILE.capabilities)
    with pytest.raises(NothingToAskFor, match=r"import any\.$"):
        data_sets_of("Books", {"companies"})


def test_a_connection_of_files_has_no_jobs(stage: Importing) -> None:
    """Its days come with their files."""
    house = replace(stage.house, systems={"scripted": import_files()})
    stage.house = house
    with pytest.raises(NothingToAskFor):
        stage.add()


def test_ids_are_given_once(stage: Importing) -> None:
    """A job of an id that there is, one on a connection that there is not, and no job at all."""
    stage.add()
    with pytest.raises(ImportJobExists):
        stage.add()
    for refused in (lambda: stage.start("none"), lambda: stage.schedule(name="none")):
        with pytest.raises(NoSuchImportJob, match="'none'"):
            refused()
    assert fold([], stage.job("none")) == NEW_IMPORT_JOB
    stage.tell(ConnectionDisconnected())
    with pytest.raises(IsDisconnected):
        stage.add("other")


def test_only_the_last_days_are_scheduled(stage: Importing) -> None:
    """And no more of them than the worker may poll; what is scheduled stays so that it can be."""
    for number, period in enumerate((RANGE, ALL)):
        stage.add(f"job-{number}", period=period)
        with pytest.raises(NotScheduled, match="Only the last days"):
            stage.schedule(name=f"job-{number}")
    stage.add("long", period=Period("last-days", days=31))
    with pytest.raises(NotScheduled, match="the last 30 days at most"):
        stage.schedule(name="long")
    stage.add()
    with pytest.raises(BadTimeOfDay):
        stage.schedule("25:00")
    stage.schedule()
    for period in (RANGE, Period("last-days", days=31)):
        with pytest.raises(NotScheduled):
            change(stage, period=period)
    stage.schedule("")
    assert change(stage, period=RANGE).job.period == RANGE


def test_companies_are_chosen_by_who_sees_them(stage: Importing) -> None:
    """Their locations are those that the source says; who may not edit the connection chooses locations."""
    stage.companies()
    for intent in (who("connection-manager"), who("full-access", at=("pier", "quay"))):
        with pytest.raises(NotPermitted, match="who may edit the connection"):
            stage.add(intent=intent, companies=("o-1",))
    stage.add(companies=("o-1", "o-1"))
    started = stage.start()
    assert {span.location for span in started.run.spans} == {"pier", "quay"}
    assert len(started.run.companies) == 1
    stage.go_on(started.id)
    assert change(stage, locations=("bay",)).job.companies == ()
    assert change(stage, companies=("o-2",)).job.locations == ()
    assert change(stage, companies=(), locations=()).job == replace(stage.job(), companies=(), locations=())


def test_who_has_some_locations_has_jobs_about_these(stage: Importing) -> None:
    """Added without locations it is about their own; about others they neither add nor change nor see any."""

    def mine(*at: str) -> Intent:
        return who("full-access", at=at or ("pier",))

    assert stage.add(intent=mine()).job.locations == ("pier",)
    stage.add("all")
    with pytest.raises(NotPermitted):
        stage.add("foreign", intent=mine(), locations=("bay",))
    with pytest.raises(NotPermitted, match="more locations than are yours"):
        change_import_job(ChangeImportJob(ImportJobId("main", "all"), mine(), name="mine"), stage.house)
    for locations in ((), ("bay",)):
        with pytest.raises(NotPermitted, match="choose among your own"):
            change(stage, intent=mine(), locations=locations)
    for refused in (
        lambda: change(stage, intent=mine("elsewhere"), name="x"),
        lambda: stage.start(intent=mine("elsewhere")),
    ):
        with pytest.raises(NoSuchImportJob):
            refused()
    with pytest.raises(NotConnected):
        stage.add("other", intent=mine("elsewhere"))
    assert [span.location for span in stage.start("all", mine()).run.spans] == ["pier"]


def test_only_who_runs_jobs_may(stage: Importing) -> None:
    """Of the roles those that take jobs.manage; others are refused, and nothing is recorded."""
    stage.add()
    head = stage.journal.head()
    for role in ("manager", "pos-sync", "auditor", "support", "payroll"):
        intent = who(role)
        for refused in (
            lambda intent=intent: stage.add("other", intent),
            lambda intent=intent: change(stage, intent=intent, name="x"),
            lambda intent=intent: end(stage, intent),
            lambda intent=intent: stage.start(intent=intent),
        ):
            with pytest.raises(NotPermitted, match=r"jobs\.manage"):
                refused()
    assert stage.journal.head() == head
    assert stage.add("theirs", who("connection-manager")).receipt


def test_once_for_each_command_and_on_what_was_seen(stage: Importing) -> None:
    """The same command again answers what was recorded; its id for another one is refused, as an old revision is."""
    first = stage.add(intent=who(command="c-1"))
    again = stage.add(intent=who(command="c-1"))
    assert (again.again, again.receipt, again.job) == (True, first.receipt, first.job)
    for refused in (
        lambda: stage.add(intent=who(command="c-1"), name="Other"),
        lambda: stage.add("other", who(command="c-1")),
        lambda: change(stage, intent=who(command="c-1"), name=""),
        lambda: stage.start(intent=who(command="c-1")),
    ):
        with pytest.raises(CommandReused):
            refused()
    when = ScheduleImportJob(NIGHTLY, who(command="c-2"), at="05:00", zone="UTC")
    scheduled = schedule_import_job(when, stage.house)
    later = schedule_import_job(when, stage.at(NOW + dt.timedelta(days=3)))
    assert (later.again, later.job) == (True, scheduled.job)
    with pytest.raises(NotTheVersion, match="at revision 2, not 1"):
        change(stage, expected=1, name="x")
    run = stage.start(intent=who(command="c-3"))
    assert stage.start(intent=who(command="c-3")) == replace(run, again=True)
    with pytest.raises(CommandReused):
        stage.start(intent=who(command="c-3", actor="user:berta"))
    ended = OnImportJob(NIGHTLY, who(command="c-4"))
    once = end_import_job(ended, stage.house)
    assert end_import_job(ended, stage.house) == replace(once, again=True)


def test_a_run_polls_every_day_of_every_location(stage: Importing) -> None:
    """The newest day first, as any poll; the last part ends the run, and nothing is done again."""
    stage.add()
    started = stage.start()
    order = [
        ("bay", back(1)),
        ("pier", back(1)),
        ("quay", back(1)),
        ("bay", back(2)),
        ("pier", back(2)),
        ("quay", back(2)),
    ]
    assert stage.pending(started.id) == order
    stage.go_on(started.id)
    assert [(request.location, request.window.date) for request in stage.system.requests] == order
    parts, version = load_parts(stage.journal, started.id)
    assert {part.outcome for part in parts.values()} == {"polled"}
    assert version == len(order)
    facts = [entry.fact for entry in stage.journal.stream(NIGHTLY.stream)]
    assert facts[-1] == ImportRunEnded(1, "complete")
    day = DayId("main", "pier", back(1))
    (poll,) = stage.journal.stream(day.stream)
    assert poll.provenance.reason == "data import job Nightly, run 1"
    assert poll.provenance.correlation == "nightly/1"
    head = stage.journal.head()
    again = import_day(ImportDay(started.id, day, "worker"), stage.house)
    assert (again.part, again.receipt, again.outcome) == (parts["pier", back(1)], None, None)
    assert stage.journal.head() == head
    second = stage.start()
    assert second.id == ImportRunId("main", "nightly", 2)
    stage.go_on(second.id)
    assert {part.outcome for part in load_parts(stage.journal, second.id)[0].values()} == {"unchanged"}


def test_what_is_polled_between_two_parts_is_answered_and_not_polled_again(stage: Importing) -> None:
    """Who dies after the poll and before the part is recorded loses nothing; whoever goes on doubles nothing."""
    stage.add(locations=("pier",))
    started = stage.start()
    day = DayId("main", "pier", back(1))
    real = stage.house.journal.append

    def dying(recordings: Any, provenance: Any) -> Any:
        if import_run_of(recordings[0].stream) is not None:
            raise KeyboardInterrupt
        return real(recordings, provenance)

    stage.journal.append = dying  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        import_day(ImportDay(started.id, day, "user:anna"), stage.house)
    stage.journal.append = real  # type: ignore[method-assign]
    assert len(stage.system.requests) == 1
    stage.go_on(started.id)
    assert [request.window.date for request in stage.system.requests] == [back(1), back(2)]
    assert len(list(stage.journal.stream(day.stream))) == 1
    assert {part.outcome for part in load_parts(stage.journal, started.id)[0].values()} == {"polled"}
    assert stage.job().running == {}


def test_partial_results_are_partial(stage: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    """A day that fails or is refused stops no other, is told with its reason, and makes the run partial."""
    stage.add(locations=("bay", "pier"))
    fetch = stage.system.fetch

    def failing(request: Any) -> Any:
        if request.location == "bay" and request.window.date == back(1):
            raise SourceFailure("timeout", "No answer.")
        return fetch(request)

    monkeypatch.setattr(stage.system, "fetch", failing)
    started = stage.start()
    stage.go_on(started.id, 3)
    stage.tell(ConnectionSuspended("the contract"))
    stage.go_on(started.id)
    parts, _ = load_parts(stage.journal, started.id)
    assert {(part.outcome, part.failure) for part in parts.values()} == {
        ("polled", ""),
        ("failed", "timeout"),
        ("refused", "is-suspended"),
    }
    assert [entry.fact for entry in stage.journal.stream(NIGHTLY.stream)][-1] == ImportRunEnded(1, "partial")
    (failed,) = stage.journal.stream(DayId("main", "bay", back(1)).stream)
    assert isinstance(failed.fact, PollFailed)


def test_what_is_away_for_a_moment_leaves_the_part_to_be_done(stage: Importing) -> None:
    """A database that does not answer is no outcome."""
    stage.add(locations=("pier",))
    started = stage.start()
    fetch = stage.system.fetch

    def away(request: Any) -> Any:
        stage.journal.away = True
        return fetch(request)

    stage.system.fetch = away  # type: ignore[method-assign]
    with pytest.raises(JournalUnavailable):
        stage.go_on(started.id)
    stage.journal.away = False
    stage.system.fetch = fetch  # type: ignore[method-assign]
    assert len(stage.pending(started.id)) == 2
    stage.clock.time = dt.datetime.combine(YESTERDAY, dt.time(12), tzinfo=dt.UTC)  # a clock that was put back
    stage.go_on(started.id)
    refused = load_parts(stage.journal, started.id)[0]["pier", YESTERDAY]
    assert (refused.outcome, refused.failure) == ("refused", "day-not-over")


def test_one_run_of_a_company_at_a_time(stage: Importing) -> None:
    """Another one is refused, naming it, whatever the job; other companies do not wait; once it is over it is free."""
    stage.companies()
    stage.add(locations=("pier",))
    stage.add("other", locations=("quay",))
    stage.add("south", companies=("o-2",))
    first = stage.start()
    with pytest.raises(RunInProgress, match="The run 1 of the data import job 'nightly' is not over"):
        stage.start()
    with pytest.raises(RunInProgress, match="'nightly'"):
        stage.start("other")
    with pytest.raises(RunInProgress, match="A run at other locations"):
        stage.start("other", who("full-access", at=("quay",)))
    stage.go_on(stage.start("south").id)
    stage.go_on(first.id)
    stage.go_on(stage.start("other").id)
    end(stage)
    stage.go_on(stage.start("other").id)


def test_without_companies_it_is_one_run_of_a_location(stage: Importing) -> None:
    """Two people run one job at their own locations at the same time; it ends with the job, as far as it came."""
    stage.add()
    one = stage.start(intent=who("full-access", at=("pier",)))
    two = stage.start(intent=who("full-access", at=("bay", "quay")))
    with pytest.raises(RunInProgress, match="run 2 of"):
        stage.start()
    assert one.run.companies == ("pier",)
    stage.go_on(two.id, 1)
    facts = end(stage)
    assert facts.job.running == {}
    told = [entry.fact for entry in stage.journal.stream(NIGHTLY.stream)][-3:]
    assert told == [ImportRunEnded(1, "failed"), ImportRunEnded(2, "partial"), ImportJobEnded()]
    assert import_day(ImportDay(one.id, DayId("main", "pier", back(1)), "worker"), stage.house).part is None


def test_of_two_starts_at_once_one_comes_first(stage: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other decides anew, and is refused; where the race is lost too often, it says so."""
    stage.add()
    real = stage.journal.append
    raced = iter([True, False])

    def racing(recordings: Any, provenance: Any) -> Any:
        if import_job_of(recordings[0].stream) and next(raced, False):
            monkeypatch.setattr(stage.journal, "append", real)
            stage.start(intent=who("full-access", at=("pier",)))
            monkeypatch.setattr(stage.journal, "append", racing)
        return real(recordings, provenance)

    monkeypatch.setattr(stage.journal, "append", racing)
    with pytest.raises(RunInProgress):
        stage.start()
    assert stage.job().runs == 1

    def lost(*_: Any) -> Any:
        raise StreamMoved("somebody was quicker")

    monkeypatch.setattr(stage.journal, "append", lost)
    for refused in (
        lambda: stage.start(intent=who("full-access", at=("bay",))),
        lambda: change(stage, name="x"),
        lambda: stage.go_on(ImportRunId("main", "nightly", 1)),
    ):
        with pytest.raises(StreamMoved):
            refused()


def test_a_part_that_two_do_at_once_is_done_once(stage: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second finds it done when it records it; nothing is polled or recorded twice."""
    stage.add(locations=("pier",))
    started = stage.start()
    day = DayId("main", "pier", back(1))
    fetch = stage.system.fetch

    def slow(request: Any) -> Any:
        monkeypatch.setattr(stage.system, "fetch", fetch)
        import_day(ImportDay(started.id, day, "worker"), stage.house)
        return fetch(request)

    monkeypatch.setattr(stage.system, "fetch", slow)
    done = import_day(ImportDay(started.id, day, "user:anna"), stage.house)
    assert (done.receipt, len(list(stage.journal.stream(day.stream)))) == (None, 1)
    assert load_parts(stage.journal, started.id)[1] == 1


def test_everything_begins_with_the_first_known_day_as_far_as_it_may_be_polled(stage: Importing) -> None:
    """What lies too far back is left out and said, and support polls it; without any known day it is the window."""
    stage.add(period=ALL, locations=("bay", "pier"))
    known = {"pier": back(40)}
    run = stage.start(known=known, intent=who("full-access")).run
    assert [(span.location, span.first, span.last) for span in run.spans] == [
        ("bay", back(30), back(1)),
        ("pier", back(30), back(1)),
    ]
    assert run.left_out == (LeftOut("pier", "too-old", back(40), back(31)),)
    assert not run.old
    end(stage)
    stage.add("old", period=ALL, locations=("bay", "pier"))
    started = stage.start("old", who("full-access", "support"), known=known)
    assert started.run.left_out == ()
    assert started.run.spans[1] == Span("pier", back(40), back(1))
    assert started.run.old
    stage.go_on(started.id)
    assert {part.outcome for part in load_parts(stage.journal, started.id)[0].values()} == {"polled"}


def test_a_run_of_nothing_is_refused_with_the_reasons(stage: Importing) -> None:
    """Nothing is recorded."""
    stage.add(period=Period("range", back(60), back(50)), locations=("pier",))
    head = stage.journal.head()
    with pytest.raises(NothingToImport, match="too far back, polled by the role 'support' alone"):
        stage.start(intent=who("full-access"))
    assert stage.journal.head() == head
    assert stage.start().run.old
    spans = tuple(Span(f"L{number}", back(1), back(1)) for number in range(MOST_PARTS + 1))
    with pytest.raises(NothingToImport, match="choose fewer locations"):
        decide_start(NEW_IMPORT_JOB, Plan(spans, ()))
    with pytest.raises(NothingToImport, match="no location is meant"):
        decide_start(NEW_IMPORT_JOB, Plan((), ()))


def test_what_a_run_does_not_bring_is_said(stage: Importing) -> None:
    """Deposits that are switched off, days that are not over, and locations of which nothing can be polled."""
    overrides = {"bay": {"disable_deposits_import": True}, "quay": {"from_the_future": True}}
    stage.tell(ConfigurationChanged(2, {}, overrides), AccessLost((), ("pier",)))
    stage.add(period=Period("range", back(2), TODAY + dt.timedelta(days=1)))
    run = stage.start().run
    assert [span.location for span in run.spans] == ["bay"]
    assert [left_out_sentence(one) for one in run.left_out] == [
        f"bay, {TODAY} to {TODAY + dt.timedelta(days=1)}: not over there yet",
        "bay, deposits: its polling options switch them off",
        "pier: the source no longer shows it to the connection",
        "quay: its polling options cannot be read by this release",
    ]
    end(stage)
    stage.add("sales", data_sets=("sales",), locations=("bay",))
    assert stage.start("sales").run.left_out == ()
    stage.tell(ConnectionSuspended())
    with pytest.raises(IsSuspended, match=r"is suspended\."):
        stage.start("sales")
    stage.tell(ConnectionResumed())


def test_a_scheduled_run_is_for_one_date(stage: Importing) -> None:
    """The newest that was missed; started for it once, whoever comes second finds it done."""
    stage.add()
    assert (occasion(stage.job(), NOW), next_occasion(stage.job(), NOW)) == (None, None)
    stage.schedule("05:00", "America/New_York")
    first = TODAY + dt.timedelta(days=1)
    at_five = dt.datetime.combine(first, dt.time(10), tzinfo=dt.UTC)
    assert occasion(stage.job(), at_five - dt.timedelta(seconds=1)) is None
    assert next_occasion(stage.job(), NOW) == at_five
    assert occasion(stage.job(), at_five) == first
    late = at_five + dt.timedelta(days=3)
    assert occasion(stage.job(), late) == first + dt.timedelta(days=3)
    stage.house = stage.at(late)
    started = stage.start(intent=who(actor="worker"), scheduled=first + dt.timedelta(days=3))
    assert occasion(stage.job(), late) is None
    assert next_occasion(stage.job(), late) == late + dt.timedelta(days=1)
    with pytest.raises(RunInProgress, match="was started already"):
        stage.start(scheduled=first)
    assert started.run.scheduled == first + dt.timedelta(days=3)
    end(stage)
    assert (occasion(stage.job(), late), next_occasion(stage.job(), late)) == (None, None)


def test_employees_alone_are_brought_by_one_day(stage: Importing) -> None:
    """Whichever day is polled brings them as they are now: the newest one that is asked for."""
    places = [Place("pier", TODAY, YESTERDAY), Place("quay", TODAY, YESTERDAY, lost=True)]
    found = plan(Period("range", back(60), TODAY), ("employees", "jobs"), places, window_days=30)
    assert found == Plan((Span("pier", YESTERDAY, YESTERDAY),), (LeftOut("quay", "access-lost"),))
    old = plan(Period("range", back(60), back(50)), ("employees",), places[:1], window_days=30)
    assert old == Plan((), (LeftOut("pier", "too-old", back(60), back(50)),))


def test_what_is_past_the_bound_is_left_out_the_oldest_days_first(stage: Importing) -> None:
    """Every location has as many days."""
    places = [Place(name, TODAY, YESTERDAY) for name in ("a", "b", "c")]
    found = plan(Period("last-days", days=400), ("sales",), places, window_days=30, old=True)
    assert planned(found.spans) == 999
    assert found.left_out[0] == LeftOut("a", "too-many", back(400), back(334))
    assert "past the 1000 days" in left_out_sentence(found.left_out[0])
    assert left_out_sentence(LeftOut("a", "not-over", TODAY, TODAY)) == f"a, {TODAY}: not over there yet"


periods = st.one_of(
    st.just(ALL),
    st.integers(1, MOST_DAYS).map(lambda days: Period("last-days", days=days)),
    st.tuples(st.integers(-40, 400), st.integers(0, 400)).map(
        lambda two: Period("range", back(two[0] + two[1]), back(two[0]))
    ),
)
places = st.builds(
    lambda name, over, known: Place(name, TODAY, back(over), None if known is None else back(known)),
    st.sampled_from(["a", "b", "c", "d"]),
    st.integers(1, 2),
    st.one_of(st.none(), st.integers(1, 500)),
)


@given(
    periods,
    st.lists(places, min_size=1, max_size=4, unique_by=lambda place: place.location),
    st.booleans(),
    st.integers(1, 60),
)
def test_all_that_is_asked_for_is_a_part_or_left_out_and_nothing_is_both(
    period: Period, there: list[Place], old: bool, window: int
) -> None:
    """Days of parts are over, and not too old for who asks; there are never more than a run has."""
    found = plan(period, ("sales",), there, window_days=window, old=old)
    assert planned(found.spans) <= MOST_PARTS
    parts = set(parts_of(found.spans))
    assert len(parts) == planned(found.spans)
    out: list[tuple[str, dt.date]] = []
    for one in found.left_out:
        assert one.first is not None
        assert one.last is not None
        assert one.first <= one.last
        out += [(one.location, one.first + dt.timedelta(days=step)) for step in range((one.last - one.first).days + 1)]
    assert len(out) == len(set(out))
    assert not parts & set(out)
    for place in there:
        begins = back(window)
        last = place.last
        assert last is not None
        first = min(place.known or begins, begins)
        if period.kind == "range":
            assert period.first is not None
            assert period.last is not None
            first, last = period.first, period.last
        elif period.kind == "last-days":
            first = last - dt.timedelta(days=period.days - 1)
        asked = {first + dt.timedelta(days=step) for step in range((last - first).days + 1)}
        mine = {date for location, date in (*parts, *out) if location == place.location}
        assert mine == asked
        assert all(date <= (place.last or date) for location, date in parts if location == place.location)
        assert old or all(date >= begins for location, date in parts if location == place.location)


facts = st.lists(
    st.sampled_from([fact for name, fact in EXAMPLES.items() if name.startswith("import-job.")]), max_size=8
)


@given(facts, facts)
def test_folding_is_total_and_in_steps(first: list[ImportJobFact], second: list[ImportJobFact]) -> None:
    """Whatever was recorded can be read, and reading on is as reading all of it."""
    assert fold([*first, *second]) == fold(second, fold(first))
    assert fold(first).version == len(first)
    assert fold(first).revision == sum(not isinstance(fact, ImportRunStarted | ImportRunEnded) for fact in first)


outcomes = st.lists(st.sampled_from(["polled", "staged", "unchanged", "failed", "refused"]), max_size=5)


@given(outcomes, st.integers(0, 3), st.booleans())
def test_a_run_is_complete_only_where_nothing_is_missing(came: list[Any], missing: int, left_out: bool) -> None:
    """Failed where nothing was read; partial in between."""
    out = [LeftOut("a", "access-lost")] if left_out else []
    outcome = outcome_of(len(came) + missing, came, out)
    read = sum(one in {"polled", "staged", "unchanged"} for one in came)
    assert (outcome == "failed") == (read == 0)
    assert (outcome == "complete") == (read == len(came) + missing > 0 and not left_out)


def test_a_part_that_loses_its_race_is_decided_again(stage: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, and it is recorded; too often, and it is to be done still."""
    stage.add(locations=("pier",))
    started = stage.start()
    real, losses = stage.journal.append, iter([True])

    def losing(recordings: Any, provenance: Any) -> Any:
        if import_run_of(recordings[0].stream) and next(losses, False):
            raise StreamMoved("somebody was quicker")
        return real(recordings, provenance)

    monkeypatch.setattr(stage.journal, "append", losing)
    stage.go_on(started.id, 1)
    assert len(stage.pending(started.id)) == 1
    losses = itertools.repeat(True)
    with pytest.raises(StreamMoved):
        stage.go_on(started.id)
    assert len(stage.pending(started.id)) == 1


def test_deciders_refuse_by_themselves() -> None:
    """A job that there is not, and a connection that feeds nothing."""
    with pytest.raises(NoSuchImportJob):
        decide_end(NEW_IMPORT_JOB, {})
    empty = Connection(version=1, system="scripted", name="Till")
    with pytest.raises(NotConnected, match="feeds no location"):
        decide_add(NEW_IMPORT_JOB, "till", empty, Meant("Nightly", ALL))
    assert decide_part(NEW_IMPORT_JOB, 1, {}, ImportPartDone("pier", TODAY, "polled")) == ((), ())


def test_streams_say_what_they_are_of() -> None:
    """Jobs, runs and turns; other streams are none of them."""
    run = ImportRunId("main", "nightly", 3)
    assert import_job_of(NIGHTLY.stream) == NIGHTLY
    assert import_run_of(run.stream) == run
    assert ImportTurnId("main", "pier").stream == "import-turn:main:pier"
    assert (import_job_of(run.stream), import_run_of(NIGHTLY.stream)) == (None, None)


def test_a_turn_that_a_newer_release_wrote_is_nobodys(stage: Importing) -> None:
    """What is no turn of a run that is known keeps nobody waiting."""
    from domain.ports.journal import Recording  # noqa: PLC0415
    from tests.support.facts import by  # noqa: PLC0415

    stage.add(locations=("pier",))
    stream = ImportTurnId("main", "pier").stream
    stage.journal.append([Recording(stream, 0, (ImportTurnTaken("gone", 7),))], by())
    assert stage.start().id.run == 1
    assert fact_name(next(iter(stage.journal.stream(stream, after=1))).fact) == "import-turn.taken"
    assert CONNECTION.connection == "till"
    assert isinstance(stage.clock, StoppedClock)
    assert isinstance(next(iter(stage.journal.stream(NIGHTLY.stream))).fact, ImportJobAdded)
    assert LAST_TWO.days == 2
