"""History in sentences, with before and after."""

import datetime as dt
from typing import Any

import msgspec
import pytest

from domain.differences import FieldChange
from domain.facts import ABSENT, Change, ConfigurationChanged, RecordsChanged
from domain.identifiers import ConnectionId
from domain.ports.journal import Recording
from domain.records import Employee, Job
from domain.refusals import BadIdentifier
from projections import history as told
from projections.catching_up import catch_up
from projections.history import Happening, NoHistory, history
from projections.sentences import record_sentence
from tests.projections.stage import DATE, Stage, sale


def sentences(found: list[Happening]) -> list[str]:
    """What they say."""
    return [happening.sentence for happening in found]


def test_the_history_of_a_day(stage: Stage) -> None:
    """Who did what to the day and why, oldest first."""
    retry = dt.datetime(2026, 11, 1, 10, 0, tzinfo=dt.UTC)
    stage.fail(retry_at=retry)
    stage.poll(sale("1", 950, 400), sale("2", 500), actor="worker")
    stage.poll(sale("1", 1050, 400), reason="edited at the POS")
    stage.poll(sale("1", 1050, 400), actor="api:anonymous")
    found = history(stage.journal, None, "C1", "L1", DATE)
    assert sentences(found) == [
        (
            "Anna tried to poll the day, which failed (rate-limited): The source asks for patience. "
            "Not again before 2026-11-01 10:00:00 UTC."
        ),
        "The worker polled the day: generation 1, 2 records added.",
        "Part 1 of generation 1: ticket 101 added, ticket 102 added.",
        "Anna repolled the day because 'edited at the POS': generation 2, 1 record changed, 1 removed.",
        "Part 1 of generation 2: ticket 101 changed, ticket 102 removed.",
        "Somebody (api) repolled the day: nothing differs from generation 2.",
    ]
    assert [happening.name for happening in found] == [
        "business-day.poll-failed",
        "business-day.polled",
        "business-day.records-changed",
        "business-day.polled",
        "business-day.records-changed",
        "business-day.poll-unchanged",
    ]
    assert [happening.version for happening in found] == [1, 2, 3, 4, 5, 6]
    assert found[3].reason == "edited at the POS"


@pytest.mark.parametrize("indexed", [False, True])
def test_the_history_of_a_ticket(stage: Stage, indexed: bool) -> None:
    """Every change of a ticket with the fields before and after, found by the index or without it."""
    stage.poll(sale("1", 950, 400), sale("2", 500))
    stage.poll(sale("1", 1050, 400), sale("2", 500), reason="edited at the POS")
    if indexed:
        catch_up(stage.engine, stage.journal)
    stage.poll(sale("2", 500))
    engine = stage.engine if indexed else None
    found = history(stage.journal, engine, "C1", "L1", DATE, "ticket/1")
    assert sentences(found) == [
        "Ticket 101 was added.",
        (
            "Ticket 101 changed: items[i-1].amount 9.50 → 10.50, items[i-1].price 9.50 → 10.50, "
            "payments[p-1].amount 14.85 → 15.95, taxes[Tax].amount 1.35 → 1.45, stated_tax 1.35 → 1.45, "
            "tax 1.35 → 1.45."
        ),
        "Ticket 101 was removed.",
    ]
    assert [happening.operation for happening in found] == ["added", "changed", "removed"]
    assert found[1].before["items"][0]["price"] == "9.50"
    assert found[1].after["items"][0]["price"] == "10.50"
    assert (found[0].before, found[2].after) == (None, None)
    assert FieldChange("tax", "1.35", "1.45") in found[1].changes
    assert found[1].reason == "edited at the POS"


def test_index_and_stream_tell_the_same(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """However far the index lags behind, a record's history is what its stream says."""
    for number in range(6):
        stage.poll(sale("1", 100 + number), *[sale(f"x{other}", 5) for other in range(number)])
        stage.poll(sale("1", 100 + number), day=stage.day("L2"))
    expected = history(stage.journal, None, "C1", "L1", DATE, "ticket/1")
    assert len(expected) == 6
    for tail in (200, 3):
        monkeypatch.setattr(told, "_TAIL", tail)
        for until in range(0, stage.journal.head() + 1, 3):
            catch_up(stage.engine, stage.journal, until=until)
            assert history(stage.journal, stage.engine, "C1", "L1", DATE, "ticket/1") == expected
        stage.forget()


def test_pages_of_history(stage: Stage) -> None:
    """Pages after each other hold the whole history, of a day and of a record."""
    for number in range(5):
        stage.poll(sale("1", 100 + number))
    catch_up(stage.engine, stage.journal)
    for record in (None, "ticket/1"):
        whole = history(stage.journal, stage.engine, "C1", "L1", DATE, record)
        paged: list[Happening] = []
        while page := history(
            stage.journal,
            stage.engine,
            "C1",
            "L1",
            DATE,
            record,
            after=paged[-1].position if paged else 0,
            limit=2,
        ):
            paged += page
        assert paged == whole


def test_personal_fields_are_sealed(stage: Stage) -> None:
    """History says that a personal field changed, and shows neither what it was nor its sealed form."""
    stage.connect()
    stage.roster(Employee("e1", "person-1", "sealed:AAAA", ssn="sealed:BBBB", pos_id="12"), Job("j1", "Server"))
    stage.roster(Employee("e1", "person-1", "sealed:CCCC", ssn="sealed:BBBB", pos_id="13"), Job("j1", "Server"))
    stage.roster(Employee("e1", "person-1", "sealed:AAAA"), location="L2")
    catch_up(stage.engine, stage.journal)
    found = history(stage.journal, stage.engine, "C1", "L1", None, "employee/e1")
    assert sentences(found) == [
        "Employee e1 was added.",
        "Employee e1 changed: first_name changed (sealed), pos_id 12 → 13.",
    ]
    assert found[1].after == {
        "id": "e1",
        "person": "person-1",
        "first_name": "(sealed)",
        "ssn": "(sealed)",
        "pos_id": "13",
    }
    everything: Any = msgspec.json.encode([msgspec.to_builtins(happening) for happening in found])
    assert b"sealed:" not in everything
    assert history(stage.journal, stage.engine, "C1", "L1", DATE, "employee/e1") == found


def test_the_history_of_a_location(stage: Stage) -> None:
    """Without a date: what happened to the connection, with the roster changes of this location only."""
    stage.connect()
    stage.roster(Job("j1", "Server"), location="L1")
    stage.roster(Job("j1", "Server"), location="L2")
    facts = (ConfigurationChanged(2, {"use_item_level_taxes": False}),)
    stage.record(Recording(ConnectionId("C1", "main").stream, 6, facts), reason="as agreed")
    catch_up(stage.engine, stage.journal)
    assert sentences(history(stage.journal, stage.engine, "C1", "L2")) == [
        "Anna connected Pier 17 (tray) at https://tray.example.",
        "Anna set the polling configuration to version 1: use_item_level_taxes = True.",
        "Anna added the location Pier 17 (L1), America/New_York.",
        "Anna added the location Harbor (L2), America/New_York.",
        "The roster of L2 changed: job j1 added.",
        "Anna set the polling configuration to version 2 because 'as agreed': use_item_level_taxes = False.",
    ]


def test_what_cannot_be_asked(stage: Stage) -> None:
    """A record that is not written KIND/KEY, a location that is not there and a page too large are refused."""
    with pytest.raises(BadIdentifier, match="KIND/KEY"):
        history(stage.journal, stage.engine, "C1", "L1", DATE, "ticket")
    with pytest.raises(NoHistory, match="no location 'L9'"):
        history(stage.journal, stage.engine, "C1", "L9")
    with pytest.raises(NoHistory):
        history(stage.journal, None, "C1", "L1", None, "employee/e1")
    with pytest.raises(ValueError, match="1 to 500"):
        history(stage.journal, stage.engine, "C1", "L1", DATE, limit=501)
    assert history(stage.journal, stage.engine, "C1", "L9", DATE) == []


def raw(value: Any) -> msgspec.Raw:
    """Bytes of a record."""
    return msgspec.Raw(msgspec.json.encode(value))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (Change("late-void", "v-1", ABSENT, raw({"id": "v-1"})), "Late void v-1 was added."),
        (Change("punch", "p-1", raw({"id": "p-1"}), ABSENT), "Punch p-1 was removed."),
        (Change("ticket", "t", raw({"number": "7", "void": None}), ABSENT), "Ticket 7 was removed."),
    ],
)
def test_records_have_names(change: Change, expected: str) -> None:
    """A record goes by its kind and the number that people know, or its key."""
    assert record_sentence(change, []) == expected


def test_long_changes_are_cut(stage: Stage) -> None:
    """A sentence names a few fields and counts the others; the list of changes has all of them."""
    before, after = ({f"f{number:02d}": side for number in range(30)} for side in ("a", "b"))
    stage.poll(sale("1", 1))
    change = Change("ticket", "1", raw(before), raw(after))
    stage.record(Recording(stage.day().stream, 2, (RecordsChanged(2, 1, (change,)),)))
    found = history(stage.journal, None, "C1", "L1", DATE, "ticket/1")[-1]
    assert found.sentence.endswith("f07 a → b, and 22 more fields.")
    assert len(found.changes) == 30
