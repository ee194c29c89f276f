"""Personnel as the views show it, on each kind of database, in whatever batches the facts are read."""

import datetime as dt

import msgspec
import pytest

from domain.facts import ABSENT, Change
from domain.facts.personnel import (
    EmployeeLinked,
    EmployeesMatched,
    EmployeeUnlinked,
    Match,
    PersonnelChanged,
    PersonnelFact,
    PersonnelPulled,
    PullFailed,
)
from domain.identifiers import PersonnelId
from domain.ports.journal import Recording
from domain.records import HrEmployee, canonical
from projections import personnel
from projections.catching_up import catch_up
from projections.rebuilding import rebuild
from tests.projections.stage import Stage

NOON = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)


def change(key: str, before: HrEmployee | None, after: HrEmployee | None) -> Change:
    """One employee before and after."""
    raw = [ABSENT if one is None else msgspec.Raw(canonical(one)[2]) for one in (before, after)]
    return Change("hr-employee", key, *raw)


U1, U2, U3 = (HrEmployee(f"u-{number}", f"hr::u-{number}", payroll_id=str(number)) for number in (1, 2, 3))
GONE = msgspec.structs.replace(U3, active=False, listed=False)
STORY: tuple[PersonnelFact, ...] = (
    PullFailed("whole", "timeout", "No answer.", NOON, NOON, 1, NOON + dt.timedelta(hours=1)),
    PullFailed("whole", "unavailable", "Not now.", NOON, NOON, 1),
    PersonnelPulled("whole", NOON, NOON, 3, 2, 3, "2026-11-02T11:00:00Z", "c" * 64, 3),
    PersonnelChanged(1, (change("u-1", None, U1), change("u-2", None, U2), change("u-3", None, U3))),
    EmployeesMatched(
        (
            Match("L1", "1", "matched", "payroll-id", ("u-1",)),
            Match("L1", "2", "ambiguous", "email", ("u-1", "u-2")),
            Match("L2", "1", "matched", "ssn", ("u-2",)),
            Match("L2", "3", "suggested", "name-and-birth-date", ("u-3",)),
        )
    ),
    EmployeeLinked("L1", "2", "u-2"),
    EmployeeUnlinked("L2", "3", "u-3"),
    EmployeeUnlinked("L2", "1", "u-9"),
    PersonnelPulled("incremental", NOON, NOON + dt.timedelta(hours=1), 1, 1, 1, "", "", 0, 1),
    PersonnelChanged(1, (change("u-3", U3, GONE),)),
    EmployeesMatched((Match("L1", "1", "unmatched"),)),
    PullFailed("incremental", "not-authorized", "The token was revoked.", NOON, NOON + dt.timedelta(hours=2)),
)


@pytest.mark.parametrize("together", [True, False])
def test_personnel_as_it_stands(stage: Stage, together: bool) -> None:
    """Employees, who is whom, and how the pulls stand; readers of some locations see who is matched there."""
    whose = PersonnelId("C1", "hr")
    for version, fact in enumerate(STORY):
        stage.record(Recording(whose.stream, version, (fact,)), actor="user:anna")
        if not together and version % 4 == 0:
            catch_up(stage.engine, stage.journal)
    other = PersonnelChanged(1, (change("u-1", None, U1),))
    stage.record(Recording(PersonnelId("C2", "hr").stream, 0, (other,)), actor="user:carl")
    catch_up(stage.engine, stage.journal)
    found = personnel.hr_employees(stage.engine, "C1")
    assert [(row.employee, row.active, row.listed) for row in found] == [
        ("u-1", True, True),
        ("u-2", True, True),
        ("u-3", False, False),
    ]

    def ids(**asked: object) -> list[str]:
        return [row.employee for row in personnel.hr_employees(stage.engine, "C1", **asked)]  # type: ignore[arg-type]

    assert ids(matched=True) == ids(among={"L2"}) == ids(among={"L1"}) == ["u-2"]
    assert (ids(matched=False), ids(active=False), ids(among=set())) == (["u-1", "u-3"], ["u-3"], [])
    assert ids(connection="hr", after=("hr", "u-1"), limit=1) == ["u-2"]
    assert personnel.find_hr_employee(stage.engine, "C1", "hr", "u-1", among={"L1"}) is None
    assert personnel.find_hr_employee(stage.engine, "C2", "hr", "u-2") is None
    matches = personnel.matches_with(stage.engine, "C1", [("hr", "u-2"), ("hr", "u-1")])
    assert [(row.location, row.employee, row.state, row.decided_by) for row in matches["hr", "u-2"]] == [
        ("L1", "2", "linked", "user:anna"),
        ("L2", "1", "matched", ""),
    ]
    assert matches["hr", "u-1"] == personnel.matches_of(stage.engine, "C1", "L1", "1") == []
    assert personnel.matches_with(stage.engine, "C1", []) == {}
    standing = personnel.standing(stage.engine, "C1", "hr")
    assert standing is not None
    assert (standing.failures, standing.failure, standing.version) == (1, "not-authorized", len(STORY))
    assert (standing.whole_at, standing.pulled_at) == (NOON, NOON + dt.timedelta(hours=1))
    assert (standing.watermark, standing.retry_at) == ("2026-11-02T11:00:00Z", None)
    assert personnel.standing(stage.engine, "C1", "none") is None
    before = stage.dump()
    rebuild(stage.engine, stage.journal)
    assert stage.dump() == before


def test_nobody_is_forgotten_on_the_list_of_matches(stage: Stage) -> None:
    """Employees at the points of sale are listed with whom nobody knows; as the roster has them."""
    assert personnel.staff_matches(stage.engine, "C1") == []
    assert list(personnel.everybody(stage.engine, "C1")) == []
