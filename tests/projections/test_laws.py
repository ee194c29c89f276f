"""Laws of random histories: what the view shows, what folding gives and what time travel tells are the same."""

import datetime as dt
import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.business_day import fold
from domain.commands.loading import load_day
from domain.identifiers import DayId
from domain.summary import summarize, summary_bytes
from projections import queries
from projections.catching_up import catch_up
from projections.folds import Folds
from projections.timetravel import day_as_of
from tests.domain.build import punch
from tests.projections.stage import DATE, Stage, sale
from tests.support.laws import examples

DAYS = [("L1", DATE), ("L1", DATE + dt.timedelta(days=1)), ("L2", DATE)]

_clients = itertools.count(100)

tickets = st.dictionaries(
    st.sampled_from("abcdef"),
    st.tuples(st.integers(0, 3), st.booleans()).map(lambda drawn: (100 + drawn[0], drawn[1])),
    max_size=5,
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("poll"), st.sampled_from(DAYS), tickets, st.integers(0, 2)),
        st.tuples(st.just("same"), st.sampled_from(DAYS), st.integers(0, 2)),
        st.tuples(st.just("fail"), st.sampled_from(DAYS)),
        st.tuples(st.just("settle"), st.sampled_from(DAYS)),
        st.tuples(st.just("observe"), st.sampled_from(DAYS), tickets),
        st.tuples(st.just("delete"), st.sampled_from(DAYS)),
        st.tuples(st.just("confirm"), st.sampled_from(DAYS)),
        st.tuples(st.just("catch up"), st.integers(1, 5)),
    ),
    min_size=1,
    max_size=12,
)
few = settings(
    max_examples=examples(30),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def play(stage: Stage, history: list[tuple[Any, ...]], folds: Folds) -> None:
    """Record a history, catching up where it says so."""
    last: dict[Any, tuple[Any, ...]] = {}
    for step, *drawn in history:
        if step == "catch up":
            catch_up(stage.engine, stage.journal, limit=drawn[0], folds=folds)
            continue
        day = DayId(stage.client, *drawn[0])
        if step == "fail":
            stage.fail(day=day)
            continue
        if step == "delete":
            stage.delete(day)
            continue
        if step == "confirm":
            stage.confirm_closed(day)
            continue
        if step == "settle":
            stage.settle(day)
            continue
        if step == "observe":
            stage.observe(*[sale(key, cents, closed=closed) for key, (cents, closed) in drawn[1].items()], day=day)
            continue
        if step == "poll":
            sold = [sale(key, cents, closed=closed) for key, (cents, closed) in drawn[1].items()]
            last[day] = (*sold, *[punch(f"p{number}") for number in range(drawn[2])])
        stage.poll(*last.get(day, ()), day=day, capture=f"c{drawn[-1]}")


@few
@given(history=steps)
def test_the_view_is_the_summary_of_the_facts(stage: Stage, history: list[tuple[Any, ...]]) -> None:
    """A day's document is summarize(fold(facts)), and what time travel tells for the view's position."""
    stage.client = f"C{next(_clients)}"
    folds = Folds(stage.journal, most_records=12)
    play(stage, history, folds)
    reached = catch_up(stage.engine, stage.journal, limit=3, folds=folds)
    shown = {(row.location, row.business_date): row for row in queries.days(stage.engine, stage.client)}
    for location, date in DAYS:
        day_id = DayId(stage.client, location, date)
        facts = [entry.fact for entry in stage.journal.stream(day_id.stream)]
        folded = fold(facts)  # type: ignore[arg-type]
        told = day_as_of(stage.journal, day_id, reached)
        assert told.day == folded
        if not facts:
            assert (location, date) not in shown
            continue
        row = shown[location, date]
        assert row.document == summary_bytes(summarize(folded)) == summary_bytes(told.summary)
        assert (row.version, row.attempts, row.capture) == (folded.version, folded.attempts, folded.capture)
        rows = queries.tickets(stage.engine, stage.client, location, date)
        assert {row.ticket for row in rows} == set(folded.shown.get("ticket", {}))
        assert sum(row.net_cents for row in rows) == told.summary.net_sales_cents
        assert sum(row.tips_cents for row in rows) == told.summary.tips_cents
        punches = queries.labor(stage.engine, stage.client, location, date)
        assert sum(row.pay_cents for row in punches) == told.summary.labor_pay_cents
        assert (row.closings, row.closing) == (folded.closings, folded.closing)
        late = queries.late_changes(stage.engine, stage.client, location=location)
        waits = {(one.kind, one.key): one for one in late if one.business_date == date}
        assert {place: one.after for place, one in waits.items()} == {
            place: one.after for place, one in folded.late.items()
        }
        versions = {entry.position: entry.version for entry in stage.journal.stream(day_id.stream)}
        for place, one in waits.items():
            assert one.before == folded.records.get(one.kind, {}).get(one.key, b"null")
            assert one.version == versions[one.position] == folded.late[place].version


def test_a_day_as_of_any_moment(stage: Stage) -> None:
    """As known at a position or at a time: later facts do not count, and never change what was known."""
    receipts = [stage.poll(sale("1", cents)) for cents in (100, 200, 300)]
    known = [summarize(load_day(stage.journal, stage.day(), until=receipt.position)) for receipt in receipts]
    assert [summary.net_sales_cents for summary in known] == [100, 200, 300]
    assert [day_as_of(stage.journal, stage.day(), receipt.position).summary for receipt in receipts] == known
    assert [day_as_of(stage.journal, stage.day(), receipt.recorded_at).summary for receipt in receipts] == known
    assert day_as_of(stage.journal, stage.day()).summary == known[-1]
    before = day_as_of(stage.journal, stage.day(), receipts[0].recorded_at - dt.timedelta(seconds=1))
    assert (before.position, before.day.version, before.summary.state) == (0, 0, "missing")


def test_a_moment_needs_its_zone(stage: Stage) -> None:
    """A time without a zone is no moment."""
    with pytest.raises(ValueError, match="time zone"):
        day_as_of(stage.journal, stage.day(), dt.datetime(2026, 10, 31, 12))  # noqa: DTZ001 - just that is refused
