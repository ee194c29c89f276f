"""What is due, asked of the views: given facts, when the views are asked, then these days have to be polled."""

import datetime as dt
import itertools

import pytest

from domain.commands.loading import load_connection, load_day
from domain.due import Due, Rules
from domain.facts import (
    ConfigurationChanged,
    ConnectionEstablished,
    DayCompleted,
    LocationAdded,
    PollFailed,
    PollUnchanged,
)
from domain.identifiers import ConnectionId, DayId
from domain.ports.journal import Recording
from projections import queries
from projections.catching_up import catch_up
from projections.due import due, due_page
from projections.rebuilding import rebuild
from tests.projections.stage import DATE, ZONE, Stage, sale

NOW = dt.datetime(2026, 11, 3, 17, tzinfo=dt.UTC)
"""Noon of November 3 at the stage's locations."""

WINDOW = Rules(window_days=5)
DAYS = [dt.date(2026, 11, 2) - dt.timedelta(days=back) for back in range(5)]


def asked(stage: Stage, **fields: object) -> list[Due]:
    """What is due, after the views have caught up."""
    catch_up(stage.engine, stage.journal)
    return list(due(stage.engine, stage.client, NOW, WINDOW, pushing={"files"}, **fields))  # type: ignore[arg-type]


def at(stage: Stage, date: dt.date, location: str = "L1") -> Due | None:
    """What is due of one day."""
    return next((one for one in asked(stage, location=location) if one.date == date), None)


def test_every_day_of_every_location_is_due_at_first(stage: Stage) -> None:
    """By location, and of each the newest day first; another client's locations do not count."""
    stage.connect()
    Stage(stage.journal, stage.engine, "C2").connect()
    found = asked(stage)
    assert [(one.location, one.date) for one in found] == [(place, date) for place in ("L1", "L2") for date in DAYS]
    assert {one.connection for one in found} == {"main"}
    assert [one.location for one in asked(stage, location="L2")] == ["L2"] * 5
    assert asked(stage, location="nowhere") == []


def test_pages_follow_each_other(stage: Stage) -> None:
    """In pages of any size the same days come in the same order, each once."""
    stage.connect()
    stage.poll(sale("1", 950), day=stage.day("L1", DAYS[2]))
    whole = asked(stage)
    for size in (1, 3, 4, 100):
        paged: list[Due] = []
        while True:
            after = (paged[-1].location, paged[-1].date) if paged else None
            found = due(stage.engine, stage.client, NOW, WINDOW, pushing={"files"}, after=after)
            page = due_page(found, size)
            paged += page
            if len(page) < size:
                break
        assert paged == whole
    with pytest.raises(ValueError, match="1 to 500 rows"):
        due_page(iter(()), 501)


def test_a_day_with_sales_is_done_until_it_is_deleted(stage: Stage) -> None:
    """The deletion tells who, when and why; the reading that brings the day back ends it."""
    stage.connect()
    day = stage.day("L1", DATE)
    stage.poll(sale("1", 950), day=day)
    assert at(stage, DATE) is None
    receipt = stage.delete(day, reason="the till was wrong")
    assert receipt is not None
    found = at(stage, DATE)
    assert found is not None
    assert (found.why, found.since) == ("deleted", receipt.recorded_at)
    assert found.reason == "missing: deleted by Anna because 'the till was wrong'"
    row = queries.day(stage.engine, stage.client, "L1", DATE)
    assert row is not None
    assert (row.state, row.generation, row.deleted, row.net_sales_cents) == ("missing", 1, True, 0)
    mark = queries.marks(stage.engine, row)["deletion"]
    assert mark is not None
    assert (mark.at, mark.by, mark.because) == (receipt.recorded_at, "cli:anna", "the till was wrong")
    assert queries.tickets(stage.engine, stage.client, "L1", DATE) == []
    assert queries.find_ticket(stage.engine, stage.client, "L1", DATE, "1") is None
    stage.poll(sale("1", 950), day=day)
    assert at(stage, DATE) is None
    back = queries.day(stage.engine, stage.client, "L1", DATE)
    assert back is not None
    assert (back.state, back.generation, queries.marks(stage.engine, back)["deletion"]) == ("in progress", 2, None)
    assert len(queries.tickets(stage.engine, stage.client, "L1", DATE)) == 1


def fail(
    stage: Stage, day: DayId, failure: str = "timeout", *, retryable: bool = True, retry_at: dt.datetime | None = None
) -> None:
    """A poll of a day that fails."""
    known = load_day(stage.journal, day)
    fact = PollFailed(stage.attempt("poll"), failure, "No answer came.", retryable, retry_at)
    stage.record(Recording(day.stream, known.version, (fact,)))


def test_failures_are_counted_in_a_row(stage: Stage) -> None:
    """Two failures double the pause; a reading, or a deletion, begins anew."""
    stage.connect()
    day = stage.day("L1", DATE)
    ended = stage.attempt("poll").ended_at
    for minutes in (15, 30):
        fail(stage, day)
        found = at(stage, DATE)
        assert found is not None
        assert (found.why, found.not_before) == ("failed", ended + dt.timedelta(minutes=minutes))
    stage.poll(sale("1", 950), day=day)
    stage.delete(day)
    fail(stage, day)
    found = at(stage, DATE)
    assert found is not None
    assert (found.why, found.not_before) == ("deleted", ended + dt.timedelta(minutes=15))
    stage.poll(sale("1", 950), day=day)
    stage.delete(day)
    fail(stage, day)
    stage.poll(sale("1", 950), day=day)
    stage.delete(day)
    found = at(stage, DATE)
    assert found is not None
    assert found.is_due(NOW)


def test_a_day_without_sales_until_it_is_confirmed(stage: Stage) -> None:
    """Every unchanged reading makes the pause longer, the confirmation ends it, and sales void that."""
    stage.connect()
    day = stage.day("L1", DATE)
    ended = stage.attempt("poll").ended_at
    stage.poll(day=day)
    for minutes in (15, 30, 60):
        found = at(stage, DATE)
        assert found is not None
        assert (found.why, found.not_before) == ("zero-sales", ended + dt.timedelta(minutes=minutes))
        stage.poll(day=day)
    stage.confirm_closed(day)
    assert at(stage, DATE) is None
    row = queries.day(stage.engine, stage.client, "L1", DATE)
    assert row is not None
    closed = queries.marks(stage.engine, row)["closed"]
    assert closed is not None
    assert closed.by == "cli:anna"
    stage.poll(sale("1", 0), day=day)
    found = at(stage, DATE)
    assert found is not None
    assert found.why == "zero-sales"
    row = queries.day(stage.engine, stage.client, "L1", DATE)
    assert row is not None
    assert queries.marks(stage.engine, row)["closed"] is None


def test_files_are_no_polls(stage: Stage) -> None:
    """A failed import makes nobody wait, and an unchanged one is no reading without sales."""
    stage.connect()
    day = stage.day("L1", DATE)
    known = load_day(stage.journal, day)
    failed = PollFailed(stage.attempt("import"), "bad-file", "The file has errors.", False)
    stage.record(Recording(day.stream, known.version, (failed,)))
    found = at(stage, DATE)
    assert found is not None
    assert (found.why, found.is_due(NOW)) == ("never-polled", True)
    stage.poll(day=day)
    same = PollUnchanged(stage.attempt("import"), 1, "c")
    stage.record(Recording(day.stream, load_day(stage.journal, day).version, (same,)))
    found = at(stage, DATE)
    assert found is not None
    assert found.not_before == stage.attempt("poll").ended_at + dt.timedelta(minutes=15)


def test_patience_that_one_location_was_asked_for_goes_for_all_of_its_connection(stage: Stage) -> None:
    """Until the moment that the source named; another connection's days do not wait."""
    stage.connect()
    other = ConnectionId(stage.client, "other")
    facts = (ConnectionEstablished("tray", "Other", "https://x.example", "f"), LocationAdded("L9", "L9", ZONE, {}))
    stage.record(Recording(other.stream, 0, facts))
    until = NOW + dt.timedelta(minutes=40)
    fail(stage, stage.day("L1", DATE), "rate-limited", retry_at=until)
    fail(stage, stage.day("L1", DAYS[0]), "rate-limited", retry_at=NOW + dt.timedelta(minutes=20))
    fail(stage, stage.day("L9", DATE), "unavailable", retry_at=until)
    found = asked(stage)
    assert {one.not_before for one in found if one.location in {"L1", "L2"}} == {until}
    assert [one.date for one in found if one.location == "L9" and not one.is_due(NOW)] == [DATE]


def test_locations_that_are_fed_by_files(stage: Stage) -> None:
    """Their missing days wait for files, and no worker polls them."""
    files = ConnectionId(stage.client, "files")
    facts = (ConnectionEstablished("files", "Files", "", ""), LocationAdded("L5", "L5", ZONE, {}))
    stage.record(Recording(files.stream, 0, facts))
    found = asked(stage)
    assert [(one.why, one.not_before) for one in found] == [("waiting-for-files", None)] * 5


def test_options_that_move_the_clock_count(stage: Stage) -> None:
    """The start of the business day that the options say is the one by which yesterday ends."""
    stage.connect()
    version = load_connection(stage.journal, stage.connection).version
    options = {"specify_business_day_start_time": "06:00", "observes_daylight_savings_time": False}
    fact = ConfigurationChanged(2, {}, {"L1": options})
    stage.record(Recording(stage.connection.stream, version, (fact,)))
    ends = {one.location: one.not_before for one in asked(stage) if one.date == DAYS[0]}
    assert ends == {
        "L1": dt.datetime(2026, 11, 3, 11, 15, tzinfo=dt.UTC),
        "L2": dt.datetime(2026, 11, 3, 5, 15, tzinfo=dt.UTC),
    }


def test_options_of_a_newer_release_stop_nobody(stage: Stage) -> None:
    """What cannot be read here leaves the location's own clock in force."""
    stage.connect()
    version = load_connection(stage.journal, stage.connection).version
    fact = ConfigurationChanged(2, {}, {"L1": {"an_option_of_tomorrow": True}})
    stage.record(Recording(stage.connection.stream, version, (fact,)))
    assert len(asked(stage)) == 10


def test_a_rebuilt_view_says_the_same(stage: Stage) -> None:
    """However the facts came, in batches of any size or all at once."""
    stage.connect()
    days = [stage.day("L1", date) for date in DAYS]
    for number, day in enumerate(itertools.chain(days, days)):
        catch_up(stage.engine, stage.journal, limit=number + 1)
        fail(stage, day)
        stage.poll(*([sale("1", 500)] if number % 3 else []), day=day)
        if number % 2:
            stage.delete(day)
        else:
            stage.confirm_closed(day)
        if number == 4:
            stage.record(Recording(day.stream, load_day(stage.journal, day).version, (DayCompleted(1),)))
    told = asked(stage)
    before = stage.dump()["watch"]
    rebuild(stage.engine, stage.journal)
    assert stage.dump()["watch"] == before
    assert asked(stage) == told
