"""Integrity across days: what one day claims, no other day of the location may claim."""

import datetime as dt
from dataclasses import replace

from projections.catching_up import catch_up
from projections.integrity import claimed_twice
from tests.projections.stage import DATE, Stage, sale


def test_a_ticket_that_two_days_claim_is_an_alert(stage: Stage) -> None:
    """The same ticket on two days of one location is listed with both; of two locations it is two tickets."""
    stage.connect()
    after = DATE + dt.timedelta(days=1)
    stage.poll(sale("t1"), sale("t2"))
    stage.poll(sale("t1"), day=stage.day(location="L2"))
    catch_up(stage.engine, stage.journal)
    assert claimed_twice(stage.engine) == []
    stage.poll(sale("t1"), sale("t3"), day=replace(stage.day(), date=after))
    catch_up(stage.engine, stage.journal)
    (alert,) = claimed_twice(stage.engine)
    assert (alert.location, alert.ticket, alert.first, alert.last, alert.days) == ("L1", "t1", DATE, after, 2)
    assert f"from {DATE} to {after}" in alert.sentence
