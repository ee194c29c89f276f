"""Who of a point of sale HR tells of: asked of the views, on each kind of database."""

import msgspec

from domain.books import NEW_BOOKS
from domain.facts import ConnectionEstablished, LocationAdded, PersonRestricted
from domain.facts.objects import ObjectRegistered, ObjectType
from domain.facts.personnel import EmployeeLinked, EmployeesMatched, EmployeeUnlinked, Match, PersonnelChanged
from domain.identifiers import ConnectionId, PersonId, PersonnelId
from domain.outward import RecordDocument, Registering
from domain.ports.journal import Recording
from domain.records import Employee, HrEmployee, HrJob, Job
from projections.catching_up import catch_up
from projections.outgoing import Looked, outgoing
from projections.outgoing_staff import is_told
from projections.queries import find_connection
from tests.projections.stage import DATE, ZONE, Stage
from tests.projections.test_personnel import change

POS: frozenset[ObjectType] = frozenset({"employee", "job", "location"})
FIELDS = ["payroll_id", "jobs", "pay_rates"]
ANA = HrEmployee("u-1", "hr::u-1", "sealed:Ana", payroll_id="17", jobs=(HrJob("j-1", "Server"), HrJob("j-2", "Host")))
BO = HrEmployee("u-2", "hr::u-2", "sealed:Bo", active=False)


def _connected(stage: Stage, **values: object) -> Looked:
    """A till that feeds L3, beside the other point of sale of L1 and L2, and an HR system."""
    stage.connect()
    till = ConnectionId(stage.client, "till")
    chosen = {"objects": ["employee", "job", "location"], "employee_fields": FIELDS, **values}
    facts = (
        ConnectionEstablished("till", "Till", "https://till.example", "0123456789ab", values=chosen),
        LocationAdded("L3", "Quay", ZONE, {"store": "S1"}, "04:00", "0300"),
    )
    stage.record(Recording(till.stream, 0, facts))
    hr = ConnectionEstablished("scim", "HR", "https://hr.example", "0123456789ab")
    stage.record(Recording(ConnectionId(stage.client, "hr").stream, 0, (hr,)))
    elsewhere, stage.connection = stage.connection, till
    people = [Employee(key, f"till:L3:{key}", f"sealed:{key}", payroll_id=key) for key in ("P1", "P2", "P3")]
    stage.roster(*people, Job("J1", "server"), location="L3")
    stage.connection = elsewhere
    stage.roster(Employee("e1", "main:L1:e1", "sealed:Other"), location="L1")
    return Looked({})


def _hr(stage: Stage, *facts: object) -> None:
    stream = PersonnelId(stage.client, "hr").stream
    version = sum(1 for _ in stage.journal.stream(stream))
    stage.record(Recording(stream, version, facts), actor="user:anna")  # type: ignore[arg-type]


def _out(stage: Stage, looked: Looked) -> dict[str, Registering]:
    catch_up(stage.engine, stage.journal)
    found = outgoing(stage.engine, stage.client, {"till": POS}, NEW_BOOKS, looked, {"till"})
    return {one.object.key: one for one in found}


def test_what_hr_says_goes_to_the_point_of_sale_of_the_people(stage: Stage) -> None:
    """Who is matched or linked, with the jobs that both know; no roster of any point of sale, and nobody in doubt."""
    looked = _connected(stage)
    assert set(_out(stage, looked)) == {"location:L3"}
    _hr(
        stage,
        PersonnelChanged(1, (change("u-1", None, ANA), change("u-2", None, BO))),
        EmployeesMatched(
            (
                Match("L3", "P1", "matched", "payroll-id", ("u-1",)),
                Match("L3", "P2", "ambiguous", "email", ("u-1", "u-2")),
                Match("L3", "P3", "suggested", "name-and-birth-date", ("u-2",)),
                Match("L1", "e1", "matched", "email", ("u-2",)),
            )
        ),
    )
    found = _out(stage, looked)
    assert {key: one.type for key, one in found.items()} == {
        "employee:L3:P1": "employee",
        "job:L3:j-1": "job",
        "job:L3:j-2": "job",
    }
    fields = {"payroll_id": "17", "jobs": "J1"}
    assert found["employee:L3:P1"].document == RecordDocument(
        "employee", "P1", "", fields, {"first_name": "sealed:Ana"}, "hr::u-1", counterpart="till:L3:P1"
    )
    assert found["job:L3:j-1"].document == RecordDocument("job", "J1", "Server")
    assert _out(stage, looked) == {}
    _hr(stage, EmployeeLinked("L3", "P3", "u-2"))
    left = _out(stage, looked)["employee:L3:P3"].document
    assert isinstance(left, RecordDocument)
    assert (left.active, left.sealed) == (False, {"first_name": "sealed:Bo"})


def test_who_is_unlinked_forgotten_or_of_two_systems_is_not_told_of(stage: Stage) -> None:
    """Neither anew nor of what was registered and not sent: that is taken back."""
    looked = _connected(stage)
    _hr(stage, PersonnelChanged(1, (change("u-1", None, ANA), change("u-2", None, BO))))
    _hr(stage, EmployeeLinked("L3", "P1", "u-1"), EmployeeLinked("L3", "P2", "u-2"), EmployeeLinked("L3", "P3", "u-2"))
    out = _out(stage, looked)
    for one in out.values():
        if one.type == "employee":
            stage.record(Recording(one.object.stream, 0, (ObjectRegistered(one.type, "d" * 64, "L3"),)))
    _hr(stage, EmployeeUnlinked("L3", "P1", "u-1"))
    whose = PersonId(stage.client, "hr", "", "u-2")
    stage.record(Recording(whose.stream, 0, (PersonRestricted("", "u-2", None, 7, DATE),)))
    back = _out(stage, looked)
    assert {key: one.document for key, one in back.items()} == {
        "employee:L3:P1": None,
        "employee:L3:P2": None,
        "employee:L3:P3": None,
    }
    till = find_connection(stage.engine, stage.client, "till")
    assert till is not None
    assert not any(is_told(stage.engine, till, "L3", key) for key in ("P1", "P2", "P3"))
    _hr(stage, EmployeeLinked("L3", "P1", "u-1"))
    other = ConnectionEstablished("scim", "HR two", "https://hr2.example", "0123456789ab")
    stage.record(Recording(ConnectionId(stage.client, "hr2").stream, 0, (other,)))
    twice = (PersonnelChanged(1, (change("x", None, replace_id(ANA)),)), EmployeesMatched((_match("P1", "x"),)))
    stage.record(Recording(PersonnelId(stage.client, "hr2").stream, 0, twice))
    catch_up(stage.engine, stage.journal)
    assert is_told(stage.engine, till, "L3", "P1")  # a person linked them to one of both
    _hr(stage, EmployeeUnlinked("L3", "P1", "u-1"), EmployeesMatched((_match("P1", "u-1"),)))
    catch_up(stage.engine, stage.journal)
    assert not is_told(stage.engine, till, "L3", "P1")


def test_a_form_that_names_nothing_lets_nothing_out(stage: Stage) -> None:
    """Neither employees nor jobs nor locations."""
    looked = _connected(stage, objects=[])
    _hr(stage, PersonnelChanged(1, (change("u-1", None, ANA),)), EmployeeLinked("L3", "P1", "u-1"))
    assert _out(stage, looked) == {}


def replace_id(employee: HrEmployee) -> HrEmployee:
    """The same at another system."""
    return msgspec.structs.replace(employee, id="x", person="hr2::x")


def _match(employee: str, hr: str) -> Match:
    return Match("L3", employee, "matched", "payroll-id", (hr,))
