"""Positions that a day shows: what is known as of them is what was shown beside them."""

import datetime as dt

from domain.facts import DayCompensated, LateChangeObserved
from domain.ports.journal import Recording
from projections import queries
from projections.catching_up import catch_up
from projections.timetravel import day_as_of
from tests.projections.stage import DATE, Stage, sale


def test_a_day_is_known_as_of_the_position_that_it_shows(stage: Stage) -> None:
    """Where a commit goes on with facts of other days and rosters, the day's position is the end of the commit."""
    stage.connect()
    stage.poll(sale("t1"))
    first, other = stage.day(), stage.day(location="L2")
    stage.poll(sale("t9"), day=other)
    compensated = DayCompensated(2, "dated", DATE - dt.timedelta(days=1), "main", 1, "c", 0, 0, 0, 0)
    observed = LateChangeObserved("deposit", DATE, "main", "c", (), more=1)
    version = day_as_of(stage.journal, first).day.version
    beside = day_as_of(stage.journal, other).day.version
    receipt = stage.record(
        Recording(first.stream, version, (compensated,)), Recording(other.stream, beside, (observed,))
    )
    for limit in (1, 32):
        stage.forget()
        catch_up(stage.engine, stage.journal, limit=limit)
        found = queries.day(stage.engine, "C1", "L1", DATE)
        assert found is not None
        assert (found.generation, found.position) == (2, receipt.position)
        assert day_as_of(stage.journal, first, found.position).day.generation == 2
