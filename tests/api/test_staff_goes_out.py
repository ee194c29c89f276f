"""What HR says goes out to a point of sale by the worker: opened on the way, and taken back where a link is."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from domain.facts import ConnectionEstablished, Fact
from domain.facts.personnel import EmployeeLinked, EmployeeUnlinked, PersonnelChanged
from domain.identifiers import ConnectionId, ObjectId, PersonnelId
from domain.ports.journal import Recording
from domain.records import Employee, HrEmployee
from projections.catching_up import catch_up
from tests.api.objects_stage import BOOKS, Office, an_office
from tests.projections.test_personnel import change

KEYS = ("employee:L1:P1", "employee:L1:P2")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A point of sale that takes employees; two of its own are linked to somebody in HR."""
    with an_office(tmp_path, values={"objects": ["employee"]}) as made:
        made.target.profile = replace(made.target.profile, kind="pos")
        stage = made.stage
        stage.roster(Employee("e9", "main:L1:e9", "sealed:Else"), location="L1")
        stage.connection = BOOKS
        stage.roster(*(Employee(key, f"books:L1:{key}") for key in ("P1", "P2", "P3")), location="L1")
        hr = ConnectionEstablished("scim", "HR", "https://hr.example", "0123456789ab")
        stage.record(Recording(ConnectionId("main", "hr").stream, 0, (hr,)))
        vault = made.opened.house.vault
        people = [
            HrEmployee(id_, f"hr::{id_}", vault.seal("main", f"hr::{id_}", {"first_name": name})["first_name"])
            for id_, name in (("u-1", "Quintessa"), ("u-2", "Bo"))
        ]
        said(made, PersonnelChanged(1, tuple(change(one.id, None, one) for one in people)))
        said(made, EmployeeLinked("L1", "P1", "u-1"), EmployeeLinked("L1", "P2", "u-2"))
        yield made


def said(office: Office, *facts: Fact) -> None:
    """Something is recorded of the employees of the HR system."""
    stream = PersonnelId("main", "hr").stream
    office.stage.record(Recording(stream, sum(1 for _ in office.stage.journal.stream(stream)), facts))


def test_who_is_linked_is_told_of_once(office: Office) -> None:
    """Names are opened on the way out alone; nobody else of any roster goes out, and nothing twice."""
    assert sorted(office.work()) == ["success", "success"]
    assert office.work() == []
    sent = {effect.key: effect.reference for effect in office.target.books.effects}
    assert set(sent) == set(KEYS)
    assert office.target.opened[sent[KEYS[0]]] == {"first_name": "Quintessa"}
    content = b"".join(path.read_bytes() for path in office.folder.rglob("*") if path.is_file())
    assert b"Quintessa" not in content


def test_a_link_that_is_taken_away_while_it_waits(office: Office) -> None:
    """What was handed out already is not sent: it is taken back, and the other one goes out."""
    catch_up(office.opened.engine, office.opened.journal)
    office.outbox.register("main")
    assert {office.row(key).state for key in KEYS} == {"not-integrated"}
    said(office, EmployeeUnlinked("L1", "P1", "u-1"))
    one, other = (ObjectId("main", "books", key) for key in KEYS)
    assert office.outbox.perform(one) == "not due any more"
    assert (office.row(KEYS[0]).state, office.row(KEYS[0]).empty) == ("success", True)
    assert office.outbox.perform(other) == "success"
    assert [effect.key for effect in office.target.books.effects] == [KEYS[1]]
