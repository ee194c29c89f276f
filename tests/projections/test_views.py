"""What each view shows of given facts."""

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from domain.facts import ABSENT, Change, PollUnchanged, RecordsChanged
from domain.ports.journal import Recording
from domain.records import Employee, Job, JobRate
from domain.summary import plain_summary
from projections import queries
from projections.catching_up import ViewsStopped, catch_up
from projections.views import ALL
from tests.domain.build import punch
from tests.projections.stage import DATE, Stage, sale, varied_history


def test_connections_and_locations(stage: Stage) -> None:
    """A connection is shown with its newest configuration, and each location with what feeds it."""
    stage.connect()
    catch_up(stage.engine, stage.journal)
    (connection,) = queries.connections(stage.engine, "C1")
    assert (connection.system, connection.name, connection.credential) == ("tray", "Pier 17", "0123456789ab")
    assert (connection.configuration, connection.options) == (1, {"use_item_level_taxes": True})
    assert [(row.location, row.system, row.source) for row in queries.locations(stage.engine, "C1")] == [
        ("L1", "tray", {"venue": "V100"}),
        ("L2", "tray", {"venue": "V200"}),
    ]
    found = queries.find_location(stage.engine, "C1", "L1")
    assert found is not None
    assert (found.connection, found.zone, found.day_starts, found.number) == (
        "main",
        "America/New_York",
        "04:00",
        "0100",
    )
    assert queries.find_location(stage.engine, "C2", "L1") is None


def test_tickets(stage: Stage) -> None:
    """A ticket's row has its sums; an edit replaces it and a removal takes it away."""
    stage.poll(sale("1", 950, 400, tip=200), sale("2", 500, off=70, closed=False))
    catch_up(stage.engine, stage.journal)
    first, second = queries.tickets(stage.engine, "C1", "L1", DATE)
    assert (first.gross_cents, first.discounts_cents, first.net_cents) == (1350, 0, 1350)
    assert (first.tax_cents, first.tips_cents, first.guests, first.generation) == (135, 200, 2, 1)
    assert (second.discounts_cents, second.net_cents, second.closed_at) == (70, 430, None)
    assert first.opened_at == dt.datetime(2026, 10, 31, 16, 0, tzinfo=dt.UTC)
    receipt = stage.poll(sale("1", 1050, 400, tip=200))
    catch_up(stage.engine, stage.journal)
    (edited,) = queries.tickets(stage.engine, "C1", "L1", DATE)
    assert (edited.gross_cents, edited.generation, edited.position) == (1450, 2, receipt.position)


def test_labor(stage: Stage) -> None:
    """A punch shows our hours and pay beside what the source states."""
    stage.poll(punch("s1", stated_hours=Decimal("8.01"), stated_pay_cents=12_015), punch("s2", clock_out=None))
    catch_up(stage.engine, stage.journal)
    first, second = queries.labor(stage.engine, "C1", "L1", DATE)
    assert (first.worked_seconds, first.pay_cents) == (8 * 3600, 12_000)
    assert (first.stated_hours, first.stated_pay_cents, first.rate) == ("8.01", 12_015, "15.00")
    assert (second.clock_out, second.worked_seconds, second.excluded) == (None, 0, "no_clock_out")
    assert (second.stated_hours, second.stated_pay_cents) == (None, None)


def test_employees_and_jobs(stage: Stage) -> None:
    """Employees and jobs are shown per location, sealed as recorded; who vanishes stays, not listed."""
    stage.connect()
    ann = Employee("e1", "person-1", "sealed:Ann", pos_id="12", jobs=(JobRate("j1", Decimal("15.50")),))
    stage.roster(ann, Employee("e2", "person-2"), Job("j1", "Server", rate=Decimal("15.00")))
    stage.roster(ann, Job("j1", "Server", rate=Decimal("15.00")))
    catch_up(stage.engine, stage.journal)
    first, second = queries.employees(stage.engine, "C1", location="L1")
    assert (first.first_name, first.pos_id, first.jobs) == ("sealed:Ann", "12", [{"job": "j1", "rate": "15.50"}])
    assert (first.active, first.listed, second.active, second.listed) == (True, True, False, False)
    assert [(job.name, job.rate) for job in queries.jobs(stage.engine, "C1")] == [("Server", "15.00")]


def test_polls(stage: Stage) -> None:
    """Every attempt has a row, whatever came of it, newest first."""
    retry = dt.datetime(2026, 11, 1, 10, 0, tzinfo=dt.UTC)
    stage.fail(retry_at=retry)
    stage.poll(sale("1", 950), reason="late")
    stage.poll(sale("1", 950))
    catch_up(stage.engine, stage.journal)
    found = queries.polls(stage.engine, "C1")
    assert [(row.outcome, row.kind, row.generation, row.added) for row in found] == [
        ("unchanged", "repoll", 1, 0),
        ("polled", "poll", 1, 1),
        ("failed", "poll", None, 0),
    ]
    failed = found[-1]
    assert (failed.failure, failed.resource, failed.retryable, failed.retry_at) == (
        "rate-limited",
        "checks",
        True,
        retry,
    )
    assert (found[1].reason, found[1].actor, found[1].rows, found[1].read_bytes) == (
        "late",
        "cli:anna",
        {"checks": 2},
        12_345,
    )


def test_a_day(stage: Stage) -> None:
    """A day's row is its Daily Sales Summary with the version that a command expects."""
    stage.poll(sale("1", 950, 400, tip=200), sale("2", 500, off=70))
    catch_up(stage.engine, stage.journal)
    day = queries.day(stage.engine, "C1", "L1", DATE)
    assert day is not None
    assert (day.state, day.generation, day.version, day.attempts) == ("in progress", 1, 2, 1)
    assert (day.net_sales_cents, day.gross_sales_cents, day.tickets, day.guests) == (1780, 1850, 2, 4)
    assert plain_summary(day.document)["net_sales"] == "17.80"


def test_the_state_of_a_day(stage: Stage) -> None:
    """A day's row follows completion, approval and reopening; a repoll of the approved day waits until then."""
    stage.poll(sale("1", 950))
    shown: list[tuple[Any, ...]] = []
    for _ in range(3):
        stage.settle(stage.day())
        if len(shown) == 1:
            stage.poll(sale("1", 900))
        catch_up(stage.engine, stage.journal)
        day = queries.day(stage.engine, "C1", "L1", DATE)
        assert day is not None
        summary = plain_summary(day.document)
        shown.append((day.state, summary["state"], day.net_sales_cents, summary["late_changes"]))
    assert shown == [
        ("completed", "completed", 950, 0),
        ("approved", "approved", 950, 1),
        ("in progress", "in progress", 900, 0),
    ]


def test_a_day_that_only_failed_is_missing(stage: Stage) -> None:
    """A day whose polls all failed is there, missing, with its attempts."""
    stage.fail()
    stage.fail()
    catch_up(stage.engine, stage.journal)
    day = queries.day(stage.engine, "C1", "L1", DATE)
    assert day is not None
    assert (day.state, day.generation, day.attempts, day.net_sales_cents) == ("missing", 0, 2, 0)


def test_an_unchanged_poll_adds_one_poll_and_nothing_else(stage: Stage) -> None:
    """The hundredth poll of the same day adds its own row, and its ids; the day's figures and every other row stay."""
    varied_history(stage)
    catch_up(stage.engine, stage.journal)
    before = stage.dump()
    stage.poll(sale("9", 800), day=stage.day("L2"))
    catch_up(stage.engine, stage.journal)
    after = stage.dump()
    assert len(after["poll"]) == len(before["poll"]) + 1
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"poll", "bookmark", "day", "mention", "watch"}
    assert {row[2] for row in set(after["mention"]) - set(before["mention"])} == {
        "capture",
        "command",
        "connection",
        "location",
    }
    assert [row[11:16] for row in after["day"]] == [row[11:16] for row in before["day"]]


def test_what_waits_on_an_approved_day(stage: Stage) -> None:
    """A row for each change with where it comes from; an unchanged repoll leaves them, reopening takes them away."""
    varied_history(stage)
    catch_up(stage.engine, stage.journal)
    found = {row.key: (row.origin, row.capture) for row in queries.late_changes(stage.engine, "C1")}
    assert found == {"2": ("poll", "c"), "3": ("poll", "c"), "5": ("poll", "c"), "8": ("dated", "n")}
    before = stage.dump()["late_change"]
    stage.poll(sale("3", 700), sale("5", 600), sale("8", 300), capture="newer")
    catch_up(stage.engine, stage.journal)
    assert stage.dump()["late_change"] == before
    day = queries.day(stage.engine, "C1", "L1", DATE)
    assert day is not None
    assert (day.capture, day.closings, day.closing) == ("c", 1, "d" * 64)
    stage.settle(stage.day())
    catch_up(stage.engine, stage.journal)
    assert queries.late_changes(stage.engine, "C1") == []
    reopened = queries.day(stage.engine, "C1", "L1", DATE)
    assert reopened is not None
    assert (reopened.capture, reopened.net_sales_cents) == ("newer", 1600)


def test_a_record_that_leaves_and_returns_within_a_batch(stage: Stage) -> None:
    """However often a record changes inside a batch, its row is what the last change says."""
    stage.poll(sale("1", 950), sale("2", 500))
    stage.poll(sale("1", 950))
    stage.poll(sale("1", 950), sale("2", 550), sale("3", 10))
    stage.poll(sale("1", 950), sale("2", 550))
    catch_up(stage.engine, stage.journal)
    assert [(row.ticket, row.net_cents) for row in queries.tickets(stage.engine, "C1", "L1", DATE)] == [
        ("1", 950),
        ("2", 550),
    ]
    assert stage.counts()["record_history"] == 6


def test_clients_do_not_see_each_other(stage: Stage) -> None:
    """Two clients with the same ids have rows of their own."""
    varied_history(stage)
    other = Stage(stage.journal, stage.engine, "C2")
    other.connect()
    other.poll(sale("1", 1))
    catch_up(stage.engine, stage.journal)
    assert [row.net_cents for row in queries.tickets(stage.engine, "C2", "L1", DATE)] == [1]
    assert {row.client for row in queries.days(stage.engine, "C2")} == {"C2"}


def test_a_damaged_record_stops_the_views(stage: Stage) -> None:
    """A record that cannot be read is never passed over: everything before it is shown, the runner says where it is."""
    stage.poll(sale("1", 950))
    stage.poll(sale("2", 500), day=stage.day("L2"))
    broken = RecordsChanged(9, 1, (Change("ticket", "7", ABSENT, msgspec.Raw(b'{"number":7}')),))
    stage.record(Recording(stage.day("L2").stream, 2, (broken,)))
    with pytest.raises(ViewsStopped, match=r"stands at position 4; between it and position 5"):
        catch_up(stage.engine, stage.journal, limit=1)
    assert queries.position(stage.engine) == 4
    assert stage.counts()["ticket"] == 2


def test_attempts_come_to_a_large_day_without_reading_it(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing but attempts came to a day, its records are not read from the journal again."""
    stage.poll(sale("1", 950), sale("2", 500))
    catch_up(stage.engine, stage.journal)
    stage.record(Recording(stage.day().stream, 2, (PollUnchanged(stage.attempt("repoll"), 1, "newer"),)))
    stage.fail()

    def unread(*_: object, **__: object) -> None:
        raise AssertionError("The day's stream was read.")

    monkeypatch.setattr(stage.journal, "stream", unread, raising=False)
    catch_up(stage.engine, stage.journal)
    day = queries.day(stage.engine, "C1", "L1", DATE)
    assert day is not None
    assert (day.capture, day.attempts, day.version) == ("newer", 3, 4)
    summary = plain_summary(day.document)
    assert (summary["capture"], [feed["capture"] for feed in summary["feeds"]]) == ("newer", ["newer"])


def test_names_of_views_are_permanent() -> None:
    """Bookmarks go by these names: adding is free, renaming would begin a view anew."""
    assert sorted(view.name for view in ALL) == [
        "connections",
        "days",
        "import-jobs",
        "labor",
        "late-changes",
        "mentions",
        "objects",
        "overlays",
        "people",
        "personnel",
        "persons",
        "polls",
        "records",
        "rosters",
        "schedules",
        "tenants",
        "tickets",
        "watch",
    ]
