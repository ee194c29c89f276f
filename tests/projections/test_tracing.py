"""Tracing: any id leads to every stream that it touched, whatever it is there, also after the record is gone."""

import datetime as dt

import pytest

from domain.facts import Attempt, PollUnchanged, ReadFile
from domain.ports.journal import Recording
from domain.records import Deposit, Employee, Job, LateVoid
from projections.catching_up import catch_up
from projections.tracing import BadTrace, NeverMentioned, Trace, trace
from tests.domain.build import punch
from tests.projections.stage import DATE, Stage, sale

DAY, OTHER, ROSTER = "business-day:C1:L1:2026-10-31", "business-day:C1:L2:2026-10-31", "connection:C1:main"


def traced(stage: Stage, id_: str) -> list[tuple[str, str, str, int]]:
    """Meaning, stream, record, and how many facts."""
    catch_up(stage.engine, stage.journal)
    return [(one.meaning, one.stream, one.record, one.facts) for one in trace(stage.engine, stage.journal, "C1", id_)]


@pytest.fixture
def told(stage: Stage) -> Stage:
    """A day whose ticket, punch, deposit and late void are gone again, and one where they are."""
    stage.connect()
    records = (
        sale("t1", 950, number="1017", server="e1"),
        punch("p1", employee="e2"),
        Deposit("d1", 5_000, DATE, number="77", by="e3"),
        LateVoid("v1", "t0", DATE - dt.timedelta(days=1), 300),
    )
    stage.poll(*records, capture="c1")
    stage.poll(capture="c2")
    stage.poll(*records, day=stage.day("L2"), capture="c3")
    stage.roster(Employee("e1", "person-1", "sealed:Ann", pos_id="4711", payroll_id="PR-9"), Job("j1", "Server"))
    return stage


@pytest.mark.parametrize(
    ("id_", "meaning", "record"),
    [
        ("t1", "ticket", "ticket/t1"),
        ("ticket/t1", "ticket", "ticket/t1"),
        ("1017", "receipt number", "ticket/t1"),
        ("p1", "punch", "punch/p1"),
        ("d1", "deposit", "deposit/d1"),
        ("77", "deposit number", "deposit/d1"),
        ("v1", "late-void", "late-void/v1"),
        ("t0", "ticket", "late-void/v1"),
        ("e2", "employee", ""),
        ("e3", "employee", ""),
    ],
)
def test_records_are_found_where_they_were(told: Stage, id_: str, meaning: str, record: str) -> None:
    """On the one day by the fact that brought it and the one that took it away, on the other by the one that did."""
    assert traced(told, id_) == [(meaning, DAY, record, 2), (meaning, OTHER, record, 1)]


def test_an_employee_is_traced_over_days_and_rosters(told: Stage) -> None:
    """Where somebody served, and the list that has them; their numbers lead there too."""
    assert traced(told, "e1") == [
        ("employee", DAY, "", 2),
        ("employee", OTHER, "", 1),
        ("employee", ROSTER, "employee/e1", 1),
    ]
    assert traced(told, "4711") == [("employee's number at the point of sale", ROSTER, "employee/e1", 1)]
    assert traced(told, "PR-9") == [("payroll id", ROSTER, "employee/e1", 1)]


def test_answers_files_commands_and_places(stage: Stage) -> None:
    """A capture's or a file's digest, a command, a connection and a location lead to the facts that name them."""
    stage.connect()
    stage.poll(sale("t1", 950), capture="digest-1")
    attempt = stage.attempt("repoll")
    read = Attempt("import", "files", 1, attempt.started_at, attempt.ended_at, files=(ReadFile("tills", "t", "ff", 1),))
    receipt = stage.record(Recording(DAY, 2, (PollUnchanged(read, 1, "digest-2"),)))
    (seal,) = stage.journal.seals(after=receipt.commit - 1)
    assert traced(stage, "digest-1") == [("capture", DAY, "", 1)]
    assert traced(stage, "ff") == [("file", DAY, "", 1)]
    assert traced(stage, seal.command) == [("command", DAY, "", 1)]
    assert traced(stage, "files") == [("connection", DAY, "", 1)]
    assert traced(stage, "main") == [("connection", DAY, "", 1), ("connection", ROSTER, "", 4)]
    assert traced(stage, "L1") == [("location", DAY, "", 3), ("location", ROSTER, "", 1)]


def test_several_meanings_are_all_told(stage: Stage) -> None:
    """An id that is a ticket, a receipt number, a punch, an employee and a fact's position is told as each of them."""
    stage.poll(sale("1", 950, number="1", server="1"), punch("1", employee="9"))
    assert traced(stage, "1") == [
        ("employee", DAY, "", 1),
        ("fact", DAY, "", 1),
        ("punch", DAY, "punch/1", 1),
        ("receipt number", DAY, "ticket/1", 1),
        ("ticket", DAY, "ticket/1", 1),
    ]
    assert traced(stage, "punch/1") == [("punch", DAY, "punch/1", 1)]


def test_pages_hold_every_stream_once(stage: Stage) -> None:
    """Pages after each other are the whole list, however small they are, positions among them."""
    for number in range(4):
        stage.poll(sale("2", 950, number="2", server="2"), day=stage.day(date=DATE + dt.timedelta(days=number)))
    catch_up(stage.engine, stage.journal)
    whole = trace(stage.engine, stage.journal, "C1", "2")
    assert len(whole) == 13
    for limit in (1, 2, 5):
        seen: list[Trace] = []
        while page := trace(
            stage.engine, stage.journal, "C1", "2", after=seen[-1].place if seen else None, limit=limit
        ):
            assert len(page) <= limit
            seen += page
        assert seen == whole
    assert whole[0].first == whole[0].last > 0


def test_a_changed_number_is_found_under_both(stage: Stage) -> None:
    """A punch that moved to another employee is found under either, as is a ticket by its old number."""
    stage.poll(sale("t1", 950, number="old"), punch("p1", employee="before"))
    stage.poll(sale("t1", 950, number="new"), punch("p1", employee="after"))
    assert traced(stage, "before") == [("employee", DAY, "", 2)]
    assert traced(stage, "after") == [("employee", DAY, "", 1)]
    assert traced(stage, "old") == [("receipt number", DAY, "ticket/t1", 2)]
    assert traced(stage, "new") == [("receipt number", DAY, "ticket/t1", 1)]


def test_what_no_fact_names(stage: Stage) -> None:
    """An id that is nowhere, or another client's, is refused with what can be traced."""
    stage.poll(sale("t1", 950))
    catch_up(stage.engine, stage.journal)
    for client, id_ in [("C1", "t9"), ("C2", "t1"), ("C2", "1"), ("C1", "999999"), ("C1", "punch/t1")]:
        with pytest.raises(NeverMentioned, match="receipt numbers"):
            trace(stage.engine, stage.journal, client, id_)
    for text in ("", "x" * 251, "a\0b"):
        with pytest.raises(BadTrace, match="1 to 250"):
            trace(stage.engine, stage.journal, "C1", text)
    with pytest.raises(ValueError, match="1 to 500"):
        trace(stage.engine, stage.journal, "C1", "t1", limit=0)
