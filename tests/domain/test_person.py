"""Personal data: opened on record, held, forgotten and destroyed: given, when, then."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from domain.commands.changing import CommandReused
from domain.commands.forget_person import ForgetPerson, forget_person
from domain.commands.hold_person import HoldPerson, hold_person
from domain.commands.intent import Intent
from domain.commands.loading import load_person
from domain.commands.open_data import OpenData, open_data
from domain.commands.recording import NotTheVersion
from domain.commands.seek_person import BadNumber, SeekPerson, seek_person
from domain.commands.shred_person import ShredPerson, shred_person
from domain.facts import (
    DataOpened,
    Fact,
    PersonHeld,
    PersonReleased,
    PersonRestricted,
    PersonShredded,
    PersonSought,
    Provenance,
)
from domain.identifiers import PersonId, SearchesId, client_of, person_of
from domain.permissions import EVERYTHING, NotPermitted, Role, rights_of
from domain.person import (
    NEW_PERSON,
    BadPersonalField,
    DataRestricted,
    LegalHold,
    RetentionNotOver,
    checked_fields,
    decide_forget,
    decide_hold,
    decide_open,
    decide_release,
    decide_shred,
    due_on,
    fold,
    is_minor,
    last_four,
    later_by,
)
from domain.ports.house import House
from domain.ports.journal import Receipt, Recording, StreamMoved
from domain.ports.vault import PersonForgotten
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.fakes import MemoryJournal
from tests.support.scripted import StoppedClock

NOON = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)
TODAY = NOON.date()
WORKED = dt.date(2019, 11, 1)
WHO = PersonId("main", "tray", "pier", "E:17")
PLACE = ("pier", "E:17")
ANA = {"first_name": "Ana", "ssn": "900-11-0001", "phone": "", "date_of_birth": "2009-01-31"}

OPENED = DataOpened(*PLACE, ("ssn",))
RESTRICTED = PersonRestricted(*PLACE, WORKED, 7, dt.date(2026, 11, 2))
LATER = PersonRestricted(*PLACE, dt.date(2026, 11, 1), 7, dt.date(2033, 11, 2))
HELD, RELEASED, SHREDDED = PersonHeld(*PLACE), PersonReleased(*PLACE), PersonShredded(*PLACE)


class Losing(MemoryJournal):
    """A journal in which somebody else comes first so many times."""

    def __init__(self, losses: int) -> None:
        super().__init__()
        self.losses = losses

    def append(self, recordings: Any, provenance: Provenance) -> Receipt:
        """Record, unless somebody else did just now."""
        if self.losses:
            self.losses -= 1
            raise StreamMoved("Somebody else came first.")
        return super().append(recordings, provenance)


def house_on(journal: MemoryJournal | None = None) -> House:
    """A house of fakes at noon."""
    return House(journal or MemoryJournal(), MemoryCaptures(), MemoryVault(), StoppedClock(NOON), {})


@pytest.fixture
def house() -> House:
    """A house of fakes."""
    return house_on()


def by(role: Role = "operator", *, reason: str = "an audit", **fields: Any) -> Intent:
    """Somebody with a role wants it."""
    return Intent("cli:anna", reason, rights=rights_of(role, locations=fields.pop("locations", None)), **fields)


def recorded(house: House, stream: str = WHO.stream) -> list[Fact]:
    """The facts of a stream."""
    return [entry.fact for entry in house.journal.stream(stream)]


# Names


def test_a_persons_stream_and_key_are_named_by_ids_that_lead_back() -> None:
    """Whatever the source's id of an employee holds."""
    assert WHO.stream == "person:main:tray:pier:E:17"
    assert WHO.person == "tray:pier:E:17"
    assert person_of(WHO.stream) == WHO
    assert person_of("connection:main:tray") is None
    assert client_of(WHO.stream) == client_of(SearchesId("main", TODAY).stream) == "main"


# Decisions

_WHENS: dict[str, Any] = {
    "open": lambda person: decide_open(person, *PLACE, ["ssn"]),
    "forget": lambda person: decide_forget(person, *PLACE, last_worked=WORKED, years=7, today=TODAY),
    "hold": lambda person: decide_hold(person, *PLACE),
    "release": lambda person: decide_release(person, *PLACE),
    "shred": lambda person: decide_shred(person, *PLACE, last_worked=WORKED, years=7, today=TODAY),
}


@pytest.mark.parametrize(
    ("given", "when", "then"),
    [
        ((), "open", (OPENED,)),
        ((OPENED,), "open", (OPENED,)),
        ((HELD,), "open", (OPENED,)),
        ((RESTRICTED,), "open", DataRestricted),
        ((RESTRICTED, SHREDDED), "open", DataRestricted),
        ((), "forget", (RESTRICTED,)),
        ((RESTRICTED,), "forget", ()),
        ((RESTRICTED, SHREDDED), "forget", ()),
        ((HELD,), "forget", LegalHold),
        ((HELD, RELEASED), "forget", (RESTRICTED,)),
        ((), "hold", (HELD,)),
        ((HELD,), "hold", ()),
        ((RESTRICTED,), "hold", (HELD,)),
        ((RESTRICTED, SHREDDED), "hold", DataRestricted),
        ((), "release", ()),
        ((HELD,), "release", (RELEASED,)),
        ((HELD, RELEASED), "release", ()),
        ((), "shred", RetentionNotOver),
        ((RESTRICTED,), "shred", (SHREDDED,)),
        ((RESTRICTED, HELD), "shred", LegalHold),
        ((RESTRICTED, HELD, RELEASED), "shred", (SHREDDED,)),
        ((LATER,), "shred", RetentionNotOver),
        ((RESTRICTED, SHREDDED), "shred", ()),
    ],
)
def test_what_is_decided(given: tuple[Any, ...], when: str, then: Any) -> None:
    """Given what is recorded of a person, a decision is new facts, none, or a refusal."""
    person = fold(given)
    assert person.version == len(given)
    if isinstance(then, type):
        with pytest.raises(then, match="employee 'E:17'"):
            _WHENS[when](person)
    else:
        assert _WHENS[when](person) == then


def test_data_is_kept_until_years_after_the_last_punch_are_over() -> None:
    """The day after is the first on which it may go; without a punch there is nothing to keep."""
    assert due_on(WORKED, 7, TODAY) == dt.date(2026, 11, 2)
    assert due_on(WORKED, 0, TODAY) == dt.date(2019, 11, 2)
    assert due_on(None, 7, TODAY) == TODAY
    assert later_by(dt.date(2024, 2, 29), 1) == dt.date(2025, 2, 28)
    assert later_by(dt.date(2024, 2, 29), 9_000) == dt.date(9999, 2, 28)


def test_who_worked_since_is_kept_for_longer() -> None:
    """What is due is asked anew, and is never before what was said then."""
    person = fold((RESTRICTED,))
    with pytest.raises(RetentionNotOver, match="until 2033-10-31"):
        decide_shred(person, *PLACE, last_worked=dt.date(2026, 10, 30), years=7, today=TODAY)
    with pytest.raises(RetentionNotOver, match="until 2033-11-02"):
        decide_shred(fold((LATER,)), *PLACE, last_worked=WORKED, years=1, today=TODAY)


@pytest.mark.parametrize("fields", [[], ["ssn", "pos_id"], ["SSN"]])
def test_only_personal_fields_are_opened(fields: list[str]) -> None:
    """The sentence names those that there are."""
    with pytest.raises(BadPersonalField, match="date_of_birth"):
        decide_open(NEW_PERSON, *PLACE, fields)


def test_fields_are_recorded_each_once_and_in_one_order() -> None:
    """However they were asked for."""
    assert checked_fields(["ssn", "phone", "ssn"]) == ("phone", "ssn")


@pytest.mark.parametrize(
    ("born", "on", "minor"),
    [
        ("2008-11-02", TODAY, False),
        ("2008-11-03", TODAY, True),
        ("2008/11/03", TODAY, True),
        ("2008-11-03T00:00:00Z", TODAY, True),
        ("2008-02-29", dt.date(2026, 2, 28), True),
        ("2008-02-29", dt.date(2026, 3, 1), False),
        ("", TODAY, None),
        ("11/03/2008", TODAY, None),
        ("unknown", TODAY, None),
        ("2027-01-01", TODAY, None),
    ],
)
def test_a_minor_is_not_18_yet(born: str, on: dt.date, minor: bool | None) -> None:
    """To the day; what cannot be read says nothing."""
    assert is_minor(born, on) is minor


@pytest.mark.parametrize(("number", "shown"), [("900-11-0001", "0001"), ("0001", "0001"), ("x-12", None), ("", None)])
def test_of_a_number_the_last_four_digits_are_shown(number: str, shown: str | None) -> None:
    """Or nothing, where there are not four."""
    assert last_four(number) == shown


# Commands


def test_an_opening_is_recorded_with_who_and_why_and_without_a_value(house: House) -> None:
    """Each opening is one of its own; a field that is not known is empty, and was asked for all the same."""
    sealed = house.vault.seal("main", WHO.person, ANA)
    done = open_data(OpenData(WHO, ["ssn", "phone"], sealed, by("payroll")), house)
    assert done.values == {"phone": "", "ssn": "900-11-0001"}
    open_data(OpenData(WHO, ["ssn"], sealed, by("payroll"), "export"), house)
    entries = list(house.journal.stream(WHO.stream))
    assert [entry.fact for entry in entries] == [
        DataOpened(*PLACE, ("phone", "ssn")),
        DataOpened(*PLACE, ("ssn",), "export"),
    ]
    assert {(entry.provenance.actor, entry.provenance.reason) for entry in entries} == {("cli:anna", "an audit")}


def test_an_opening_that_is_asked_for_again_is_recorded_once(house: House) -> None:
    """The id of a command is good for one command: another field or another reason needs another."""
    sealed = house.vault.seal("main", WHO.person, ANA)
    first = open_data(OpenData(WHO, ["ssn"], sealed, by(command="c-1")), house)
    again = open_data(OpenData(WHO, ["ssn"], sealed, by(command="c-1")), house)
    assert (first.changed.again, again.changed.again, again.values) == (False, True, first.values)
    assert len(recorded(house)) == 1
    with pytest.raises(CommandReused):
        open_data(OpenData(WHO, ["phone"], sealed, by(command="c-1")), house)
    with pytest.raises(CommandReused):
        open_data(OpenData(WHO, ["ssn"], sealed, by(command="c-1", reason="another")), house)
    with pytest.raises(CommandReused):
        hold_person(HoldPerson(WHO, held=False, intent=by(command="c-1")), house)
    forget_person(ForgetPerson(WHO, WORKED, by()), house)
    hold_person(HoldPerson(WHO, held=True, intent=by(command="c-2")), house)
    with pytest.raises(CommandReused):
        open_data(OpenData(WHO, ["ssn"], sealed, by(command="c-2")), house)


def test_without_the_permission_nothing_opens_and_nothing_is_recorded(house: House) -> None:
    """Nor at another location than one's own."""
    sealed = house.vault.seal("main", WHO.person, ANA)
    for intent in (by("full-access"), by("auditor"), by("payroll", locations=frozenset({"harbor"}))):
        with pytest.raises(NotPermitted):
            open_data(OpenData(WHO, ["ssn"], sealed, intent), house)
    for refused in (by("manager"), by("support")):
        with pytest.raises(NotPermitted):
            forget_person(ForgetPerson(WHO, None, refused), house)
        with pytest.raises(NotPermitted):
            hold_person(HoldPerson(WHO, held=True, intent=refused), house)
        with pytest.raises(NotPermitted):
            shred_person(ShredPerson(WHO, None, refused), house)
        with pytest.raises(NotPermitted):
            seek_person(SeekPerson("main", "900-11-0001", refused), house)
    assert house.journal.head() == 0


def test_where_it_cannot_be_recorded_nothing_is_answered() -> None:
    """An opening that nobody would know of does not happen."""
    house = house_on(Losing(10_000))
    sealed = house.vault.seal("main", WHO.person, ANA)
    with pytest.raises(StreamMoved):
        open_data(OpenData(WHO, ["ssn"], sealed, by()), house)


def test_a_lost_race_is_decided_again() -> None:
    """Whoever comes second records as well."""
    house = house_on(Losing(2))
    sealed = house.vault.seal("main", WHO.person, ANA)
    open_data(OpenData(WHO, ["ssn"], sealed, by()), house)
    house = house_on(Losing(2))
    assert seek_person(SeekPerson("main", "900-11-0001", by()), house).people == ()
    house = house_on(Losing(10_000))
    with pytest.raises(StreamMoved):
        seek_person(SeekPerson("main", "900-11-0001", by()), house)


def test_a_forgotten_person_is_restricted_at_once_and_destroyed_when_it_is_due(house: House) -> None:
    """Forgetting again records nothing; destroying before it is due is refused."""
    sealed = house.vault.seal("main", WHO.person, ANA)
    forgotten = forget_person(ForgetPerson(WHO, dt.date(2026, 11, 1), by("full-access")), house)
    assert forgotten.after.due == dt.date(2033, 11, 2)
    with pytest.raises(PersonForgotten):
        house.vault.open("main", WHO.person, sealed)
    assert house.vault.seal("main", WHO.person, ANA) == sealed
    again = forget_person(ForgetPerson(WHO, dt.date(2026, 11, 1), by()), house)
    assert (again.receipt, again.after) == (None, forgotten.after)
    with pytest.raises(RetentionNotOver):
        shred_person(ShredPerson(WHO, dt.date(2026, 11, 1), by()), house)
    late = replace(house, clock=StoppedClock(dt.datetime(2033, 11, 2, tzinfo=dt.UTC)))
    assert shred_person(ShredPerson(WHO, dt.date(2026, 11, 1), by()), late).after.shredded
    with pytest.raises(PersonForgotten):
        house.vault.seal("main", WHO.person, ANA)
    assert recorded(house) == [LATER, SHREDDED]


def test_what_was_recorded_and_not_done_is_done_with_the_next_call(house: House) -> None:
    """A process that ended in between leaves nobody half forgotten."""
    sealed = house.vault.seal("main", WHO.person, ANA)
    house.journal.append([Recording(WHO.stream, 0, (RESTRICTED,))], Provenance("test", "c-1"))
    assert house.vault.open("main", WHO.person, sealed) == ANA
    forget_person(ForgetPerson(WHO, WORKED, by()), house)
    with pytest.raises(PersonForgotten):
        house.vault.open("main", WHO.person, sealed)
    house.journal.append([Recording(WHO.stream, 1, (SHREDDED,))], Provenance("test", "c-2"))
    shred_person(ShredPerson(WHO, WORKED, by()), house)
    with pytest.raises(PersonForgotten):
        house.vault.seal("main", WHO.person, ANA)


def test_a_legal_hold_keeps_the_data_until_it_is_over(house: House) -> None:
    """It refuses forgetting with a sentence, and restricts nothing."""
    sealed = house.vault.seal("main", WHO.person, ANA)
    assert hold_person(HoldPerson(WHO, held=True, intent=by()), house).after.held
    with pytest.raises(LegalHold, match="A legal hold keeps the data"):
        forget_person(ForgetPerson(WHO, None, by()), house)
    assert house.vault.open("main", WHO.person, sealed) == ANA
    hold_person(HoldPerson(WHO, held=False, intent=by()), house)
    assert forget_person(ForgetPerson(WHO, None, by()), house).after.due == TODAY
    assert load_person(house.journal, WHO).version == 3


def test_a_change_of_a_version_that_the_caller_did_not_see_is_refused(house: House) -> None:
    """What is recorded of a person has a version, as a day has."""
    hold_person(HoldPerson(WHO, held=True, intent=by(), expected_version=0), house)
    with pytest.raises(NotTheVersion, match="at version 1, not at 0"):
        hold_person(HoldPerson(WHO, held=False, intent=by(), expected_version=0), house)


def test_people_are_found_at_ones_own_locations_and_every_search_is_recorded(house: House) -> None:
    """Also one that finds nobody; never the number."""
    there = replace(WHO, location="harbor")
    for person in (WHO, there):
        house.vault.seal("main", person.person, ANA)
    assert seek_person(SeekPerson("main", "900110001", by()), house).people == (there, WHO)
    own = by("payroll", locations=frozenset({"pier"}), command="c-1")
    found = seek_person(SeekPerson("main", "900-11-0001", own), house)
    assert (found.people, found.again) == ((WHO,), False)
    assert seek_person(SeekPerson("main", "900-11-0001", own), house).again
    assert seek_person(SeekPerson("main", "900-11-0002", by()), house).people == ()
    assert recorded(house, SearchesId("main", TODAY).stream) == [
        PersonSought("ssn", (there.person, WHO.person)),
        PersonSought("ssn", (WHO.person,)),
        PersonSought("ssn"),
    ]


def test_the_id_of_another_command_finds_nobody(house: House) -> None:
    """A search that would not be recorded is none."""
    hold_person(HoldPerson(WHO, held=True, intent=by(command="c-1")), house)
    with pytest.raises(CommandReused):
        seek_person(SeekPerson("main", "900-11-0001", by(command="c-1")), house)


@pytest.mark.parametrize("number", ["", "0001", "900-11-00012", "nine hundred"])
def test_what_is_no_number_is_refused(house: House, number: str) -> None:
    """Nothing is looked for, nothing is recorded, and the sentence does not repeat it."""
    with pytest.raises(BadNumber, match="nine digits") as refused:
        seek_person(SeekPerson("main", number, Intent("cli:anna", "x", rights=EVERYTHING)), house)
    assert not number or number not in str(refused.value)
    assert house.journal.head() == 0
