"""Queries: pages, filters and bounds."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from domain.records import Employee, Job
from projections import queries
from projections.catching_up import bookmarks, catch_up
from tests.projections.stage import DATE, Stage, sale


def pages(page: Callable[..., list[Any]], key: Callable[[Any], Any], limit: int) -> Iterator[list[Any]]:
    """Pages, each after the last row of the one before."""
    after: dict[str, Any] = {}
    while rows := page(**after, limit=limit):
        yield rows
        after = {"after": key(rows[-1])}


@pytest.fixture
def filled(stage: Stage) -> Stage:
    """A stage with eight days at two locations, some of them polled often, and people."""
    stage.connect()
    for number in range(4):
        date = DATE + dt.timedelta(days=number)
        stage.poll(*[sale(f"t{ticket:02d}", 100) for ticket in range(5)], day=stage.day("L1", date))
        stage.poll(sale("x", 100), day=stage.day("L2", date))
    stage.fail(day=stage.day("L2"))
    for location in ("L1", "L2"):
        stage.roster(*[Employee(f"e{number}", "p") for number in range(3)], Job("j", "Server"), location=location)
    catch_up(stage.engine, stage.journal)
    return stage


@pytest.mark.parametrize("limit", [1, 2, 3, 500])
def test_pages_put_together_are_the_whole_list(filled: Stage, limit: int) -> None:
    """Whatever the size of the pages, together they hold every row once, in the order of one large page."""
    engine = filled.engine
    lists: list[tuple[Callable[..., list[Any]], Callable[[Any], Any]]] = [
        (lambda **page: queries.days(engine, "C1", **page), lambda row: (row.business_date, row.location)),
        (
            lambda **page: queries.days(engine, "C1", location="L2", **page),
            lambda row: (row.business_date, row.location),
        ),
        (lambda **page: queries.tickets(engine, "C1", "L1", DATE, **page), lambda row: row.ticket),
        (lambda **page: queries.employees(engine, "C1", **page), lambda row: (row.location, row.employee)),
        (lambda **page: queries.jobs(engine, "C1", **page), lambda row: (row.location, row.job)),
        (lambda **page: queries.polls(engine, "C1", **page), lambda row: row.position),
        (lambda **page: queries.locations(engine, "C1", **page), lambda row: row.location),
        (lambda **page: queries.connections(engine, "C1", **page), lambda row: row.connection),
    ]
    for page, key in lists:
        whole = page(limit=500)
        assert whole
        assert [row for rows in pages(page, key, limit) for row in rows] == whole
        keys = [key(row) for row in whole]
        assert len(set(keys)) == len(keys)


def test_days_between_dates(filled: Stage) -> None:
    """Both ends count."""
    day = dt.timedelta(days=1)
    found = queries.days(filled.engine, "C1", start=DATE + day, end=DATE + 2 * day)
    assert [(row.business_date, row.location) for row in found] == [
        (DATE + day, "L1"),
        (DATE + day, "L2"),
        (DATE + 2 * day, "L1"),
        (DATE + 2 * day, "L2"),
    ]


def test_polls_of_a_day_and_of_an_outcome(filled: Stage) -> None:
    """Attempts are found by location, date and outcome."""
    found = queries.polls(filled.engine, "C1", location="L2", date=DATE)
    assert [row.outcome for row in found] == ["failed", "polled"]
    assert len(queries.polls(filled.engine, "C1", outcome="failed")) == 1
    assert queries.polls(filled.engine, "C1", location="L1", outcome="failed") == []


def test_what_is_not_there(filled: Stage) -> None:
    """What nobody recorded, or only another client, is None or an empty list."""
    engine = filled.engine
    assert queries.day(engine, "C1", "L9", DATE) is None
    assert queries.day(engine, "C2", "L1", DATE) is None
    assert queries.find_ticket(engine, "C1", "L1", DATE, "t99") is None
    assert queries.find_connection(engine, "C2", "main") is None
    assert queries.tickets(engine, "C2", "L1", DATE) == []
    found = queries.find_ticket(engine, "C1", "L1", DATE, "t01")
    assert found is not None
    assert found.ticket == "t01"


@pytest.mark.parametrize("limit", [0, -1, 501])
def test_pages_are_bounded(filled: Stage, limit: int) -> None:
    """A page has 1 to 500 rows."""
    with pytest.raises(ValueError, match=f"1 to 500 rows, not {limit}"):
        queries.days(filled.engine, "C1", limit=limit)


def test_positions(filled: Stage) -> None:
    """Readers surely see what the view that is furthest behind has read."""
    head = filled.journal.head()
    assert queries.position(filled.engine) == head
    assert set(bookmarks(filled.engine).values()) == {head}
    filled.forget()
    assert queries.position(filled.engine) == 0
