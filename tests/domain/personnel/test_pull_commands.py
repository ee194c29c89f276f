"""Pulling and linking as commands: once, on the fresh state, by whoever may."""

from dataclasses import replace
from typing import Any

import pytest

from domain.commands.changing import CommandReused
from domain.commands.link_employee import LinkEmployee, link_employee
from domain.commands.loading import load_personnel
from domain.commands.pull_personnel import NoPersonnel, Pulled, PullPersonnel, pull_personnel
from domain.commands.seek_person import SeekPerson, seek_person
from domain.commands.suspend_connection import SuspendConnection, suspend_connection
from domain.connection import NotConnected
from domain.connection.standing import IsSuspended
from domain.facts.personnel import EmployeeLinked, PersonnelPulled, PullFailed
from domain.identifiers import ConnectionId, PersonnelId
from domain.permissions import NotPermitted
from domain.personnel import Personnel
from domain.ports.journal import Recording, StreamMoved
from domain.ports.source import BadEndpoint
from tests.domain.personnel.people import HR, Place, Told, failing, who
from tests.support.facts import by

WHOSE = PersonnelId("main", "hr")
ANN = Told("Ann", "Bell", "Ann@Example.com", "900-11-0001", "1990-01-02", "17")


def pull(place: Place, *ours: Any, command: str = "", **more: Any) -> Pulled:
    """Pull as the operator."""
    return pull_personnel(PullPersonnel(HR, who(command=command), ours=ours, **more), place.house)


def known(place: Place) -> Personnel:
    """What is recorded."""
    return load_personnel(place.journal, WHOSE)


def test_a_pull_reads_records_and_matches() -> None:
    """By what is sealed too, however it is written; no fact and no capture has it."""
    place = Place()
    place.hr.told = {"u-1": ANN, "u-2": Told("Bo", "Cole", ssn="900-11-0002"), "u-3": Told("Cy", "Dean", "cy@x.org")}
    ours = (
        place.ours("pier", "1", Told(payroll_id=" 17 ")),
        place.ours("pier", "2", Told(ssn="900110002")),
        place.ours("pier", "3", Told(email="CY@x.org ")),
        place.ours("pier", "4", Told("ANN ", "bell", date_of_birth="1990/01/02")),
        place.ours("pier", "5", Told("Nobody")),
    )
    done = pull(place, *ours)
    assert isinstance(done.fact, PersonnelPulled)
    assert (done.fact.way, done.fact.added, place.hr.closed) == ("whole", 3, 1)
    found = {whom[1]: (match.state, match.rule, match.hr) for whom, match in known(place).matches.items()}
    assert found == {
        "1": ("matched", "payroll-id", "u-1"),
        "2": ("matched", "ssn", "u-2"),
        "3": ("matched", "email", "u-3"),
        "4": ("suggested", "name-and-birth-date", ""),
    }
    written = repr([entry.fact for entry in place.journal.stream(WHOSE.stream)])
    assert not any(text in written for text in ("Ann", "Example", "900-11", "1990-01-02"))


def test_the_second_pull_asks_who_changed() -> None:
    """Since the watermark, unless everybody is asked for; and it says who is known."""
    place = Place()
    place.hr.told = {"u-1": ANN}
    pull(place)
    pull(place)
    pull(place, way="whole")
    assert [request.since for request in place.hr.asked_for] == ["", "2026-11-02T11:00:00Z", ""]
    assert [request.known for request in place.hr.asked_for] == [frozenset(), {"u-1"}, {"u-1"}]


def test_a_failure_is_recorded_and_changes_nothing() -> None:
    """With its kind, and when to ask again."""
    place = Place()
    place.hr.fails = failing()
    done = pull(place)
    assert isinstance(done.fact, PullFailed)
    assert (done.fact.failure, done.fact.retry_at) == ("rate-limited", failing().retry_at)
    place.hr.fails = BadEndpoint("The environment URL cannot be used.")
    assert pull(place).fact.failure == "bad-endpoint"  # type: ignore[union-attr]
    assert (known(place).employees, known(place).version, place.hr.closed) == ({}, 2, 2)


def test_a_command_is_done_once() -> None:
    """Again it answers what it did, and asks nobody; another command of its id is refused."""
    place = Place()
    place.hr.told = {"u-1": ANN}
    first = pull(place, command="c-1")
    again = pull(place, command="c-1")
    assert (again.again, again.fact, again.receipt) == (True, first.fact, first.receipt)
    assert len(place.hr.asked_for) == 1
    link = LinkEmployee(HR, ("pier", "1"), "u-1", who(command="c-1"))
    with pytest.raises(CommandReused):
        link_employee(link, place.house)
    link_employee(replace(link, intent=who(command="c-2")), place.house)
    with pytest.raises(CommandReused):
        pull(place, command="c-2")


def test_a_lost_race_is_decided_again() -> None:
    """Whoever links somebody while the source answers is not overwritten."""
    place = Place()
    place.hr.told = {"u-1": ANN, "u-2": Told(payroll_id="2")}
    pull(place)
    raced = EmployeeLinked("pier", "1", "u-2")

    def race() -> None:
        place.journal.append([Recording(WHOSE.stream, known(place).version, (raced,))], by())

    place.hr.before = race
    pull(place, place.ours("pier", "1", ANN))
    assert known(place).matches["pier", "1"].hr == "u-2"


def test_a_race_that_is_lost_again_and_again_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The refusal says so, and nothing is recorded."""
    place = Place()
    place.hr.told = {"u-1": ANN}
    pull(place)

    def lost(*_: Any) -> None:
        raise StreamMoved("It moved.")

    monkeypatch.setattr(place.journal, "append", lost)
    with pytest.raises(StreamMoved):
        pull(place)
    with pytest.raises(StreamMoved):
        link_employee(LinkEmployee(HR, ("pier", "1"), "u-1", who()), place.house)


def test_who_is_forgotten_is_known_by_their_number_for_payroll_alone() -> None:
    """Nothing of what is sealed is compared."""
    place = Place()
    place.hr.told = {"u-1": ANN}
    ours = [place.ours("pier", "1", Told(ssn=ANN.ssn, email=ANN.email)), place.ours("dock", "1", Told(payroll_id="17"))]
    pull(place, *ours)
    assert set(known(place).matches) == {("pier", "1"), ("dock", "1")}
    place.vault.restrict("main", "hr::u-1")
    pull(place, *ours)
    assert set(known(place).matches) == {("dock", "1")}


def test_who_is_sought_by_their_number_is_found_there_too() -> None:
    """By who has all locations: an employee of an HR system is of none."""
    place = Place()
    place.hr.told = {"u-1": ANN}
    pull(place, place.ours("pier", "1", ANN))
    everywhere = seek_person(SeekPerson("main", ANN.ssn, who("payroll")), place.house)
    assert [person.person for person in everywhere.people] == ["hr::u-1", "tray:pier:1"]
    here = who("payroll", locations=frozenset({"pier"}))
    assert [one.person for one in seek_person(SeekPerson("main", ANN.ssn, here), place.house).people] == ["tray:pier:1"]


def test_who_may_pull() -> None:
    """Whoever edits the connection; what is suspended or tells of nobody is not pulled."""
    place = Place()
    with pytest.raises(NotPermitted):
        pull_personnel(PullPersonnel(HR, who("manager")), place.house)
    with pytest.raises(NotPermitted):  # it is another's, and private
        pull_personnel(PullPersonnel(HR, who("connection-manager")), place.house)
    with pytest.raises(NotConnected):
        pull_personnel(PullPersonnel(ConnectionId("main", "none"), who()), place.house)
    with pytest.raises(NoPersonnel):
        pull_personnel(PullPersonnel(place.connect("books", "erp"), who()), place.house)
    suspend_connection(SuspendConnection(HR, who()), place.house)
    with pytest.raises(IsSuspended):
        pull(place)


def test_linking_and_unlinking() -> None:
    """Recorded once; by whoever may connect HR systems, at the location."""
    place = Place()
    place.hr.told = {"u-1": ANN}
    pull(place)
    link = LinkEmployee(HR, ("pier", "1"), "u-1", who(command="c-1"))
    with pytest.raises(NotPermitted):
        link_employee(replace(link, intent=who("manager")), place.house)
    with pytest.raises(NotPermitted):
        link_employee(replace(link, intent=who("full-access", locations=frozenset({"dock"}))), place.house)
    done = link_employee(link, place.house)
    assert done.after.matches["pier", "1"].state == "linked"
    assert link_employee(link, place.house).again
    assert link_employee(replace(link, intent=who()), place.house).receipt is None
    gone = link_employee(replace(link, intent=who(), linked=False), place.house)
    assert gone.after.matches == {}
    assert gone.after.refused == {(("pier", "1"), "u-1")}


def test_a_lost_race_of_links_is_decided_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """On what is recorded by then."""
    place = Place()
    place.hr.told = {"u-1": ANN}
    pull(place)
    append, raced = place.journal.append, iter([EmployeeLinked("dock", "9", "u-1")])

    def racing(recordings: Any, provenance: Any) -> Any:
        for fact in raced:
            append([Recording(WHOSE.stream, known(place).version, (fact,))], by())
        return append(recordings, provenance)

    monkeypatch.setattr(place.journal, "append", racing)
    done = link_employee(LinkEmployee(HR, ("pier", "1"), "u-1", who()), place.house)
    assert set(done.after.matches) == {("pier", "1"), ("dock", "9")}
