"""Personnel: what pulls add, who is whom, and what people say about it."""

import datetime as dt
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.differences import MOST_CHANGES
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
from domain.personnel import (
    KIND,
    NEW_PERSONNEL,
    LinkedAlready,
    NoSuchHrEmployee,
    NotLinked,
    Personnel,
    Traits,
    Whom,
    decide_link,
    decide_matches,
    decide_pull,
    decide_unlink,
    fold,
)
from domain.records import HrEmployee, decode
from tests.domain.personnel.people import NOW, person, reading

P1, P2, P3 = ("pier", "1"), ("pier", "2"), ("dock", "1")


def employee(personnel: Personnel, key: str) -> HrEmployee:
    """An employee as recorded."""
    return cast("HrEmployee", decode(KIND, personnel.employees[key]))


def pulled(*employees: HrEmployee, personnel: Personnel = NEW_PERSONNEL, way: str = "whole") -> Personnel:
    """The personnel after a pull."""
    return fold(decide_pull(personnel, reading(*employees, way=way)), personnel)  # type: ignore[arg-type]


def test_a_first_pull_adds_everybody() -> None:
    """In parts of a bounded size, each before and after."""
    facts = decide_pull(NEW_PERSONNEL, reading(*(person(number) for number in range(MOST_CHANGES + 1))))
    first = facts[0]
    assert isinstance(first, PersonnelPulled)
    assert (first.added, first.changed, first.gone) == (MOST_CHANGES + 1, 0, 0)
    assert [fact.part for fact in facts if isinstance(fact, PersonnelChanged)] == [1, 2]
    after = fold(facts)
    assert (len(after.employees), after.version, after.pulls) == (MOST_CHANGES + 1, 3, 1)
    assert (after.watermark, after.whole_at) == ("2026-11-02T11:00:00Z", NOW)


def test_an_unchanged_pull_records_itself_and_nothing_else() -> None:
    """Who is the same makes no difference."""
    known = pulled(person(1), person(2))
    assert len(decide_pull(known, reading(person(1), person(2)))) == 1


def test_who_is_gone_is_deactivated_and_stays() -> None:
    """Only where everybody was read; who comes back is who they were."""
    known = pulled(person(1), person(2))
    some = fold(decide_pull(known, reading(person(1, title="Cook"), way="incremental", watermark="")), known)
    assert employee(some, "u-2").active
    assert (some.watermark, employee(some, "u-1").title) == ("2026-11-02T11:00:00Z", "Cook")
    facts = decide_pull(some, reading(person(1, title="Cook")))
    assert (facts[0].gone, facts[0].changed) == (1, 0)  # type: ignore[union-attr]
    after = fold(facts, some)
    gone = employee(after, "u-2")
    assert (gone.active, gone.listed, gone.payroll_id) == (False, False, "2")
    assert len(decide_pull(after, reading(person(1, title="Cook")))) == 1
    assert employee(pulled(person(1), person(2), personnel=after), "u-2").listed


def matched(
    ours: dict[Whom, Traits], theirs: dict[str, Traits], personnel: Personnel = NEW_PERSONNEL
) -> dict[Whom, Match]:
    """What the rules find, as it is recorded."""
    facts = decide_matches(personnel, ours, theirs)
    after = fold(facts, personnel)
    assert decide_matches(after, ours, theirs) == ()
    return dict(after.matches)


ANN = ("ann", "bell")

CASES = {
    "by payroll id": (Traits("17"), {"u": Traits("17")}, "matched", "payroll-id", ("u",)),
    "by ssn": (Traits(ssn="s"), {"u": Traits(ssn="s")}, "matched", "ssn", ("u",)),
    "by e-mail": (Traits(email="a@b"), {"u": Traits(email="a@b")}, "matched", "email", ("u",)),
    "the strongest rule is told": (Traits("17", "s"), {"u": Traits("17", "s")}, "matched", "payroll-id", ("u",)),
    "rules that disagree": (
        Traits("17", "s"),
        {"u": Traits("17"), "v": Traits(ssn="s")},
        "ambiguous",
        "payroll-id",
        ("u", "v"),
    ),
    "two of one number": (Traits("17"), {"u": Traits("17"), "v": Traits("17")}, "ambiguous", "payroll-id", ("u", "v")),
    "who left and came back": (
        Traits("17"),
        {"u": Traits("17", active=False), "v": Traits("17")},
        "matched",
        "payroll-id",
        ("v",),
    ),
    "who left": (Traits("17"), {"u": Traits("17", active=False)}, "matched", "payroll-id", ("u",)),
    "name and birth date only suggest": (
        Traits(name=ANN, born="1990-01-02"),
        {"u": Traits(name=ANN, born="1990-01-02")},
        "suggested",
        "name-and-birth-date",
        ("u",),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_rules(name: str) -> None:
    """What each leads to."""
    ours, theirs, state, rule, candidates = CASES[name]
    assert matched({P1: ours}, theirs) == {P1: Match(*P1, state, rule, candidates)}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Traits(), Traits()),
        (Traits("17"), Traits("18")),
        (Traits(name=ANN), Traits(name=ANN)),
        (Traits(born="1990-01-02"), Traits(born="1990-01-02")),
        (Traits(name=("ann", ""), born="1990-01-02"), Traits(name=("ann", ""), born="1990-01-02")),
    ],
)
def test_what_is_not_known_matches_nobody(ours: Traits, theirs: Traits) -> None:
    """Two who both have no number are not the same."""
    assert matched({P1: ours}, {"u": theirs}) == {}


def test_one_person_may_work_at_several_locations_and_is_one_at_each() -> None:
    """Of two at one location who are found to be the same, whoever is at work is; of two at work nobody says which."""
    theirs = {"u": Traits("17")}
    assert {match.state for match in matched({P1: Traits("17"), P3: Traits("17")}, theirs).values()} == {"matched"}
    both = matched({P1: Traits("17"), P2: Traits("17")}, theirs)
    assert {match.state for match in both.values()} == {"ambiguous"}
    left = matched({P1: Traits("17", active=False), P2: Traits("17")}, theirs)
    assert (left[P1].state, left[P2].state) == ("ambiguous", "matched")


def test_what_people_say_stands() -> None:
    """A link against every rule; what was unlinked is not found again; who is linked is nobody else's there."""
    known = pulled(person(1), person(2))
    linked = fold(decide_link(known, P1, "u-2"), known)
    ours = {P1: Traits("1"), P2: Traits("2")}
    theirs = {"u-1": Traits("1"), "u-2": Traits("2")}
    found = matched(ours, theirs, linked)
    assert (found[P1].state, found[P1].hr) == ("linked", "u-2")
    assert (found[P2].state, found[P2].hr) == ("ambiguous", "")
    unlinked = fold(decide_unlink(linked, P1, "u-2"), linked)
    assert P1 not in unlinked.matches
    refused = fold(decide_unlink(fold(decide_matches(unlinked, ours, theirs), unlinked), P1, "u-1"), unlinked)
    assert P1 not in matched(ours, theirs, refused)
    assert fold(decide_link(refused, P1, "u-1"), refused).refused == {(P1, "u-2")}


def test_what_is_found_no_longer_is_told() -> None:
    """Whoever lost their number is unmatched."""
    known = fold(decide_matches(NEW_PERSONNEL, {P1: Traits("17")}, {"u": Traits("17")}))
    (fact,) = decide_matches(known, {P1: Traits("")}, {"u": Traits("17")})
    assert fact == EmployeesMatched((Match(*P1, "unmatched"),))
    assert fold([fact], known).matches == {}


def test_many_matches_come_in_parts() -> None:
    """A fact has a bounded size."""
    ours = {("pier", str(number)): Traits(str(number)) for number in range(MOST_CHANGES + 1)}
    theirs = {f"u-{number}": Traits(str(number)) for number in range(MOST_CHANGES + 1)}
    assert [len(fact.matches) for fact in decide_matches(NEW_PERSONNEL, ours, theirs)] == [MOST_CHANGES, 1]


def test_links_that_cannot_be() -> None:
    """To nobody, or to somebody whom another employee of the location is linked to; twice records nothing."""
    known = pulled(person(1))
    with pytest.raises(NoSuchHrEmployee):
        decide_link(known, P1, "u-9")
    linked = fold(decide_link(known, P1, "u-1"), known)
    assert decide_link(linked, P1, "u-1") == ()
    assert decide_link(linked, P3, "u-1") == (EmployeeLinked(*P3, "u-1"),)
    with pytest.raises(LinkedAlready):
        decide_link(linked, P2, "u-1")


def test_unlinking_what_nobody_said() -> None:
    """Is refused; twice records nothing."""
    known = pulled(person(1))
    with pytest.raises(NotLinked):
        decide_unlink(known, P1, "u-1")
    linked = fold(decide_link(known, P1, "u-1"), known)
    facts = decide_unlink(linked, P1, "u-1")
    assert facts == (EmployeeUnlinked(*P1, "u-1"),)
    assert decide_unlink(fold(facts, linked), P1, "u-1") == ()


def test_the_fold_guards_nothing() -> None:
    """Whatever was recorded is loaded."""
    odd: list[PersonnelFact] = [
        EmployeeUnlinked("x", "y", "z"),
        EmployeesMatched((Match("x", "y", "unmatched"),)),
        PullFailed("whole", "timeout", "No answer.", NOW, NOW),
        PersonnelPulled("incremental", NOW, NOW, 0, 1, 0),
    ]
    after = fold(odd)
    assert (after.version, after.pulls, after.whole_at) == (4, 1, None)
    assert repr(Traits("17")) == "Traits(…)"


TRAITS = st.builds(
    Traits,
    payroll_id=st.sampled_from(["", "1", "2"]),
    ssn=st.sampled_from(["", "a", "b"]),
    email=st.sampled_from(["", "x"]),
    name=st.just(ANN),
    born=st.sampled_from(["", "1990-01-02"]),
    active=st.booleans(),
)


@given(
    st.dictionaries(st.tuples(st.sampled_from(["pier", "dock"]), st.sampled_from("123")), TRAITS, max_size=6),
    st.dictionaries(st.sampled_from(["u", "v", "w"]), TRAITS, max_size=3),
    st.lists(st.tuples(st.sampled_from(["pier", "dock"]), st.sampled_from("123"), st.sampled_from("uvw")), max_size=3),
)
def test_whatever_the_rules_find_nobody_is_two(
    ours: dict[Whom, Traits], theirs: dict[str, Traits], said: list[tuple[str, str, str]]
) -> None:
    """At one location each employee of the HR system is at most one, settled are single ones, and it is found once."""
    known = NEW_PERSONNEL
    for location, one, hr in said:
        if not any(match.hr == hr for (place, _), match in known.matches.items() if place == location):
            known = fold([EmployeeLinked(location, one, hr)], known)
    after = fold(decide_matches(known, ours, theirs), known)
    assert decide_matches(after, ours, theirs) == ()
    settled = [(whom[0], match.hr) for whom, match in after.matches.items() if match.hr]
    assert len(set(settled)) == len(settled)
    for whom, match in after.matches.items():
        assert match.candidates
        assert match.state != "matched" or len(match.candidates) == 1
        assert known.matches.get(whom, match).state != "linked" or match == known.matches[whom]


def test_the_clock_is_not_asked() -> None:
    """What is decided depends on what was read alone."""
    assert decide_pull(NEW_PERSONNEL, reading()) == decide_pull(NEW_PERSONNEL, reading())
    assert reading().pulled.started_at == dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)
