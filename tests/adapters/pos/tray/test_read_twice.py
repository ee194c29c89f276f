"""Every resource is read twice: what is kept was all there at the moment between the two readings."""

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import pytest

from domain.ports.source import DayRequest, SourceFailure
from tests.support.tray_stage import DATE, ZONE, Answer, Asked, Stage, check, deposit, entry, page, person

RESOURCES = ("checks", "payments", "voids", "time-entries", "staff", "jobs", "deposits", "paid-in-out")
BESIDE = RESOURCES[2:]
"""Those of which neither the list of checks nor that of payments tells anything."""


def void(number: int) -> dict[str, Any]:
    """A void of the day."""
    return {
        "id": f"v{number}",
        "checkId": "c1",
        "checkBusinessDate": "2026-11-19",
        "itemId": None,
        "amount": "8.00",
        "reason": "Complaint",
        "at": "2026-11-20T17:30:00Z",
        "by": "s1",
        "businessDate": DATE.isoformat(),
        "zone": ZONE,
    }


@pytest.fixture
def full(stage: Stage) -> Stage:
    """A stage with three rows of each resource that neither checks nor payments tell of: two pages."""
    paid = stage.rows["paid-in-out"][0]
    job = stage.rows["jobs"][0]
    stage.rows |= {
        "voids": [void(number) for number in (1, 2, 3)],
        "time-entries": [entry(number) for number in (1, 2, 3)],
        "staff": [person(number) for number in (1, 2, 3)],
        "jobs": [{**job, "id": f"j{number}"} for number in (1, 2, 3)],
        "deposits": [deposit(number) for number in (1, 2, 3)],
        "paid-in-out": [{**paid, "id": f"x{number}"} for number in (1, 2, 3)],
    }
    return stage


def failed(connect: Any, request: DayRequest) -> tuple[str, str]:
    """How a fetch fails, and at which resource."""
    with pytest.raises(SourceFailure) as failed:
        connect().fetch(request)
    return failed.value.failure, failed.value.resource


def meanwhile(stage: Stage, resource: str, nth: int, change: Callable[[], object]) -> None:
    """The source changes right after a request about a resource was answered."""

    def tamper(asked: Asked, honest: Answer) -> Answer:
        if (asked.resource, asked.nth) == (resource, nth):
            change()
        return honest

    stage.tamper = tamper


def test_a_small_day_is_two_requests_for_each_resource(stage: Stage, connect: Any, request_day: DayRequest) -> None:
    """All that is read twice is read once whole before any of it is asked for again; of checks only what changed."""
    stage.page_rows = 100
    assert connect().fetch(request_day).requests == 16
    asked = [(one.resource, one.sweeps) for one in stage.asked]
    assert asked == [
        *[(name, False) for name in RESOURCES],
        ("checks", True),
        *[(name, False) for name in RESOURCES[1:]],
    ]
    stage.asked.clear()
    assert connect().fetch(dataclasses.replace(request_day, deposits=False)).requests == 14


@pytest.mark.parametrize("resource", BESIDE)
def test_a_first_page_that_was_left_out_is_missed(
    full: Stage, connect: Any, request_day: DayRequest, resource: str
) -> None:
    """The source answers its last page in place of the first: it looks like a day that has one page."""

    def tamper(asked: Asked, honest: Answer) -> Answer:
        if (asked.resource, asked.nth) == (resource, 0):
            return Answer(body=page(full.rows[resource][2:]))
        return honest

    full.tamper = tamper
    assert failed(connect, request_day) == ("changed-while-reading", resource)


@pytest.mark.parametrize("resource", BESIDE)
def test_a_row_that_slips_onto_the_page_before_is_missed(
    full: Stage, connect: Any, request_day: DayRequest, resource: str
) -> None:
    """The first row goes between the pages: the last one moves up, and the second page has no rows any more."""
    meanwhile(full, resource, 0, lambda: full.rows[resource].pop(0))
    assert failed(connect, request_day) == ("changed-while-reading", resource)


@pytest.mark.parametrize("happens", ["added", "edited", "removed"])
@pytest.mark.parametrize("resource", ["payments", *BESIDE])
def test_what_changes_after_it_was_read_is_found(
    full: Stage, connect: Any, request_day: DayRequest, resource: str, happens: str
) -> None:
    """Even where it came in one answer: what is read after it may have changed as well."""
    rows = full.rows[resource]
    field = {"payments": "tender", "voids": "reason", "time-entries": "terminal", "staff": "lastName"}.get(resource, "")
    field = field or {"jobs": "name", "deposits": "number", "paid-in-out": "name"}[resource]
    full.page_rows = 100
    more = {**rows[0], "id": "z9"}
    changes: dict[str, Callable[[], object]] = {
        "added": lambda: rows.append(more),
        "edited": lambda: rows[0].update({field: "Another"}),
        "removed": rows.pop,
    }
    meanwhile(full, resource, 0, changes[happens])
    assert failed(connect, request_day) == ("changed-while-reading", resource)


def test_a_check_that_goes_after_it_was_read_is_missed(stage: Stage, connect: Any, request_day: DayRequest) -> None:
    """Nothing that changed is left to be listed: its payments are."""

    def vanish() -> None:
        gone = stage.rows["checks"].pop()
        stage.rows["payments"] = [row for row in stage.rows["payments"] if row["checkId"] != gone["id"]]

    meanwhile(stage, "voids", 0, vanish)
    assert failed(connect, request_day) == ("changed-while-reading", "payments")


@pytest.mark.parametrize("page_rows", [2, 100])
def test_a_check_without_payments_that_goes_after_it_was_read_is_missed(
    stage: Stage, connect: Any, request_day: DayRequest, page_rows: int
) -> None:
    """No list of payments tells of it: where one has none, all checks are read again."""
    stage.page_rows = page_rows
    stage.rows["checks"].append(check(4, [], []))
    meanwhile(stage, "voids", 0, stage.rows["checks"].pop)
    assert failed(connect, request_day) == ("changed-while-reading", "checks")


def test_rows_in_another_order_are_the_same_rows(full: Stage, connect: Any, request_day: DayRequest) -> None:
    """Their order is nobody's promise."""
    full.rows["checks"].append(check(4, [], []))

    def turned() -> None:
        for rows in full.rows.values():
            rows.reverse()

    meanwhile(full, "paid-in-out", 1, turned)
    fetched = connect().fetch(request_day)
    assert fetched.rows == {name: {"checks": 4, "payments": 4}.get(name, 3) for name in RESOURCES}
    assert json.loads(next(iter(fetched.capture.of("voids"))).data)[0]["id"] == "v1"
