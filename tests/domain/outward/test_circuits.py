"""Circuits, what there is to do, and master data: pure functions, as tables."""

import datetime as dt
from dataclasses import dataclass

import pytest

from domain.accounts import AccountMapping
from domain.outward import (
    Circuit,
    Outcome,
    OutwardRules,
    RecordDocument,
    State,
    ToDo,
    account_documents,
    answered,
    circuit,
    employee_document,
    job_document,
    location_document,
    to_do,
)
from tests.domain.outward.objects import NOON

RULES = OutwardRules(trips=3, pause=60, longest_pause=900)


def at(minutes: float) -> dt.datetime:
    """So many minutes past noon."""
    return NOON + dt.timedelta(minutes=minutes)


def outcomes(story: str) -> list[Outcome]:
    """One outcome a minute, oldest first: ``x`` is trouble, anything else an answer; given newest first."""
    return [Outcome(at(minute), letter != "x") for minute, letter in enumerate(story)][::-1]


@pytest.mark.parametrize(
    ("story", "now", "expected"),
    [
        ("", 0, Circuit("closed")),
        ("..", 9, Circuit("closed")),
        ("xx", 9, Circuit("closed", None, 2)),
        (".xx", 9, Circuit("closed", None, 2)),
        ("xxx", 2.5, Circuit("open", at(2), 3, at(3))),
        ("xxx", 3, Circuit("half-open", at(3), 3)),
        ("xxxx", 4, Circuit("open", at(2), 4, at(5))),
        ("xxxxxxxxxx", 23, Circuit("open", at(2), 10, at(24))),
        ("xxx.", 9, Circuit("closed", at(3), 0)),
        ("xxx.xx", 9, Circuit("closed", at(3), 2)),
        ("xx.x.", 9, Circuit("closed", None, 0)),
    ],
)
def test_a_circuit_follows_from_what_came_of_attempts(story: str, now: float, expected: Circuit) -> None:
    """Three in trouble in a row open it, for longer and longer; one that is answered closes it, whatever it said."""
    assert circuit(outcomes(story), at(now), RULES) == expected


@pytest.mark.parametrize(
    ("outcome", "failure", "expected"),
    [
        ("succeeded", "", True),
        ("failed", "rejected", True),
        ("failed", "closed-period", True),
        ("failed", "unmapped", True),
        ("failed", "not-authorized", False),
        ("failed", "rate-limited", False),
        ("failed", "not-shown", False),
        ("unknown", "", False),
    ],
)
def test_a_refusal_of_what_was_sent_is_an_answer(outcome: str, failure: str, expected: bool) -> None:
    """One object that the books do not take says nothing against the connection."""
    assert answered(outcome, failure) == expected


@dataclass
class Row:
    """How an object stands."""

    state: State
    retryable: bool = False
    retry_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    looked_at: dt.datetime | None = None


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (Row("not-integrated"), ToDo("request")),
        (Row("desynchronized"), ToDo("request")),
        (Row("pending"), ToDo("attempt")),
        (Row("error"), None),
        (Row("error", retryable=True), ToDo("request")),
        (Row("error", retryable=True, retry_at=at(5)), ToDo("attempt", at(5))),
        (Row("processing", ends_at=at(1)), ToDo("verify", at(1) + dt.timedelta(seconds=1))),
        (Row("processing"), ToDo("verify")),
        (Row("verifying", looked_at=at(1)), ToDo("verify", at(2))),
        (Row("verifying"), ToDo("verify")),
        (Row("success"), None),
    ],
)
def test_what_there_is_to_do_follows_from_how_an_object_stands(row: Row, expected: ToDo | None) -> None:
    """Nobody remembers anything: whoever asks is told the same."""
    assert to_do(row, OutwardRules()) == expected


def test_what_is_to_do_later_is_not_due_before() -> None:
    """At once, or at its time."""
    assert [ToDo("attempt", at(5)).is_due(at(minutes)) for minutes in (4, 5)] == [False, True]
    assert ToDo("attempt").is_due(NOON)


def test_accounts_are_those_that_lines_go_to() -> None:
    """Each once, the client's own first; without defaults only these."""
    own = AccountMapping({"sales/Food/*": "4011", "sales/Wine/*": "4011"}, defaults=False)
    assert account_documents(own) == {"account:4011": RecordDocument("account", "4011", "sales/Food/*")}
    both = account_documents(AccountMapping({"sales/Food/*": "4010"}))
    assert both["account:4010"].name == "sales/Food/*"
    assert "account:1010" in both


def test_records_are_known_by_what_the_books_know() -> None:
    """Numbers of the books, payroll numbers and job codes where there are any, else our ids; nothing that is empty."""
    assert location_document("pier", "Pier", "0100") == RecordDocument("location", "0100", "Pier")
    assert location_document("pier", "Pier", "") == RecordDocument("location", "pier", "Pier")
    assert job_document("j1", "Server", "SRV", "9.00", listed=False) == RecordDocument(
        "job", "SRV", "Server", {"rate": "9.00"}, active=False
    )
    found = employee_document(
        "e1", "p", {"first_name": "sealed:x", "email": ""}, {"payroll_id": ""}, [{"job": "j2"}, "j1"], active=True
    )
    assert found == RecordDocument(
        "employee", "e1", "", {"employee": "e1", "jobs": "j1,j2"}, {"first_name": "sealed:x"}, "p"
    )
