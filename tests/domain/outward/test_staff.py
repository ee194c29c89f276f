"""What HR says of the people of a point of sale: as documents, registered, and taken back where it is said no more."""

import pytest

from domain.commands.register_objects import RegisterObjects, register_objects
from domain.commands.sending import kept_document
from domain.facts import PersonRestricted
from domain.facts.objects import ObjectType
from domain.identifiers import ObjectId, PersonId
from domain.outward import (
    HrJobOf,
    JobAtPos,
    RecordDocument,
    Registering,
    going_to_pos,
    same_job,
    staff_document,
    staff_job_document,
    staff_location_document,
    told_fields,
)
from domain.ports.journal import Recording
from tests.domain.outward.house import Stage, named, worker
from tests.support.facts import by

COOK, BAKER = JobAtPos("7", "Cook"), JobAtPos("8", "Baker")
TAKES: frozenset[ObjectType] = frozenset({"employee", "job", "location", "schedule"})
ANA = named("employee:pier:P1")


@pytest.mark.parametrize(
    ("values", "types"),
    [
        ({}, {"schedule"}),
        ({"objects": "employee"}, {"schedule"}),
        ({"objects": []}, set()),
        ({"objects": ["employee", "schedule"]}, {"employee", "schedule"}),
        ({"objects": ["account"]}, set()),
    ],
)
def test_a_roster_is_written_over_only_where_the_form_says_so(values: dict[str, object], types: set[str]) -> None:
    """Employees, jobs and locations go out to a point of sale where they are named; all else as to other systems."""
    assert going_to_pos(values, TAKES) == types


def test_what_it_is_told_of_employees() -> None:
    """Names and contact always; numbers, dates, jobs and pay rates as far as the form names them."""
    assert told_fields({}) == told_fields({"employee_fields": "jobs"}) == frozenset()
    assert told_fields({"employee_fields": ["jobs", "shoe_size"]}) == {"jobs"}
    jobs = [(HrJobOf("j2", "Baker", "17"), BAKER), (HrJobOf("j1", "Cook", ""), COOK)]
    said = {"payroll_id": "17", "hire_date": "2024-05-01"}
    sealed = {"first_name": "sealed:x", "email": ""}
    people = ("hr::u-1", "till:pier:P1")
    bare = staff_document("P1", people, sealed, said, jobs, frozenset(), active=False)
    assert bare == RecordDocument(
        "employee", "P1", "", {}, {"first_name": "sealed:x"}, "hr::u-1", active=False, counterpart="till:pier:P1"
    )
    fields = frozenset({"payroll_id", "hire_date", "jobs", "pay_rates"})
    full = staff_document("P1", people, sealed, said, jobs, fields, active=True)
    assert full.fields == {"hire_date": "2024-05-01", "jobs": "7,8", "payroll_id": "17", "rate/8": "17"}


@pytest.mark.parametrize(
    ("job", "known"),
    [
        (HrJobOf("7", "Chef"), COOK),
        (HrJobOf("j1", " BAKER "), BAKER),
        (HrJobOf("j1", ""), None),
        (HrJobOf("j1", "Host"), None),
    ],
)
def test_the_same_job(job: HrJobOf, known: JobAtPos | None) -> None:
    """By id, else by name; of several of one name none is chosen."""
    assert same_job(job, [COOK, BAKER]) == known
    assert same_job(HrJobOf("j1", "Cook"), [COOK, JobAtPos("9", "cook")]) is None


def test_jobs_and_locations() -> None:
    """A job goes by the point of sale's id where it has it; a location is what it is called here."""
    assert staff_job_document(HrJobOf("j1", "Chef"), COOK) == RecordDocument("job", "7", "Chef")
    assert staff_job_document(HrJobOf("j1", "Chef"), None) == RecordDocument("job", "j1", "Chef")
    told = staff_location_document("pier", {"name": "Pier", "number": "", "zone": "UTC", "day_starts": "04:00"})
    assert told == RecordDocument("location", "pier", "Pier", {"day_starts": "04:00", "zone": "UTC"})


def _say(stage: Stage, document: RecordDocument | None, one: ObjectId = ANA) -> int:
    done = register_objects(RegisterObjects([Registering(one, "employee", document, "pier")], worker()), stage.house)
    return len(done.objects)


def _document(**fields: str) -> RecordDocument:
    return RecordDocument("employee", "P1", "", fields, counterpart="till:pier:P1")


def test_what_waits_is_taken_back() -> None:
    """Where nothing more is said of somebody, nothing is sent; said again, it is."""
    stage = Stage()
    assert _say(stage, None) == 0
    assert _say(stage, _document()) == 1
    assert _say(stage, None) == 1
    assert _say(stage, None) == 0
    assert (stage.known(ANA).state, stage.ask("background", ANA).accepted) == ("success", False)
    assert stage.target.books.effects == []
    assert _say(stage, _document()) == 1
    assert stage.ask("background", ANA).accepted
    assert stage.attempt(ANA).state == "success"


def test_what_stands_there_stays() -> None:
    """What was sent is what is to stand there, once nothing more is said; also where another version was under way."""
    stage = Stage()
    _say(stage, _document())
    stage.ask("background", ANA)
    stage.attempt(ANA)
    assert _say(stage, None) == 0
    _say(stage, _document(payroll_id="17"))
    stage.ask("background", ANA)
    stage.target.faults = ["lost after"]
    stage.attempt(ANA)
    assert (_say(stage, None), stage.known(ANA).state) == (1, "verifying")
    stage.later(minutes=2)
    stage.verify(ANA)
    assert (_say(stage, None), stage.known(ANA).state) == (1, "success")
    known = stage.known(ANA)
    assert kept_document(stage.house, ANA, known.document) == _document(payroll_id="17")
    assert [effect.step for effect in stage.target.books.effects] == ["create", "update"]


def test_who_is_forgotten_at_the_point_of_sale_is_not_told_of() -> None:
    """Though HR's own copy opens still: nothing of somebody who is to be forgotten is sent."""
    stage = Stage()
    _say(stage, _document())
    stage.ask("background", ANA)
    person = PersonId("main", "till", "pier", "P1")
    restricted = PersonRestricted("pier", "P1", None, 7, stage.clock.now().date())
    stage.journal.append([Recording(person.stream, 0, (restricted,))], by("anna"))
    came = stage.attempt(ANA)
    assert (came.state, "forgotten" in came.message) == ("error", True)
    assert stage.target.books.effects == []
