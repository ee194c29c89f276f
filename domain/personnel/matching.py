"""Matching: which employee of the system of personnel somebody at a point of sale is. Pure, on what is at hand."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from domain.differences import MOST_CHANGES
from domain.facts.personnel import EmployeesMatched, Match, Rule
from domain.personnel.state import Personnel, Whom


@dataclass(frozen=True, slots=True)
class Traits:
    """What somebody is known by, in clear, in memory alone; empty where it is not known.

    Attributes:
        payroll_id: the number for payroll.
        ssn: the same for the same social security number; not the number.
        email: in small letters.
        name: first and last name, in small letters.
        born: date of birth, ``YYYY-MM-DD``.
        active: at work.
    """

    payroll_id: str = ""
    ssn: str = ""
    email: str = ""
    name: tuple[str, str] = ("", "")
    born: str = ""
    active: bool = True

    def by(self, rule: Rule) -> object:
        """What a rule compares; None where it is not known."""
        if rule == "name-and-birth-date":
            return (self.name, self.born) if all(self.name) and self.born else None
        return {"payroll-id": self.payroll_id, "ssn": self.ssn, "email": self.email}[rule] or None

    def __repr__(self) -> str:
        return "Traits(…)"


RULES: Final[tuple[Rule, ...]] = ("payroll-id", "ssn", "email")
"""What settles who somebody is, the strongest first."""

SUGGESTING: Final[Rule] = "name-and-birth-date"
"""What only suggests it: two people may share both."""


def decide_matches(
    personnel: Personnel, ours: Mapping[Whom, Traits], theirs: Mapping[str, Traits]
) -> tuple[EmployeesMatched, ...]:
    """The facts of what the rules find otherwise than before; none where nothing differs.

    Args:
        personnel: as recorded. What people linked stands, and what they unlinked is not found again.
        ours: employees at the points of sale.
        theirs: those of the system of personnel, by its id.
    """
    linked = {whom: match for whom, match in personnel.matches.items() if match.state == "linked"}
    found = dict(_found(personnel, {whom: ours[whom] for whom in ours if whom not in linked}, theirs))
    _settle(found, linked.values(), ours)
    changed = [match for whom, match in sorted(found.items()) if personnel.matches.get(whom) != match]
    lost = sorted(personnel.matches.keys() - found.keys() - linked.keys())
    changed += [Match(*whom, "unmatched") for whom in lost]
    lots = range(0, len(changed), MOST_CHANGES)
    return tuple(EmployeesMatched(tuple(changed[start : start + MOST_CHANGES])) for start in lots)


def _found(
    personnel: Personnel, ours: Mapping[Whom, Traits], theirs: Mapping[str, Traits]
) -> Iterator[tuple[Whom, Match]]:
    known: dict[tuple[Rule, object], list[str]] = defaultdict(list)
    for hr, traits in theirs.items():
        for rule in (*RULES, SUGGESTING):
            value = traits.by(rule)
            if value is not None:
                known[rule, value].append(hr)
    for whom, traits in ours.items():
        led = {rule: _led(personnel, whom, known.get((rule, traits.by(rule)), ()), theirs) for rule in RULES}
        rules = [rule for rule in RULES if led[rule]]
        candidates = tuple(sorted({hr for rule in rules for hr in led[rule]}))
        if candidates:
            yield whom, Match(*whom, "matched" if len(candidates) == 1 else "ambiguous", rules[0], candidates)
            continue
        alike = _led(personnel, whom, known.get((SUGGESTING, traits.by(SUGGESTING)), ()), theirs)
        if alike:
            yield whom, Match(*whom, "suggested", SUGGESTING, tuple(sorted(alike)))


def _led(personnel: Personnel, whom: Whom, found: Iterable[str], theirs: Mapping[str, Traits]) -> list[str]:
    """Who a rule leads to: of somebody who left and came back, the record of today."""
    left = [hr for hr in found if (whom, hr) not in personnel.refused]
    return [hr for hr in left if theirs[hr].active] or left


def _settle(found: dict[Whom, Match], linked: Iterable[Match], ours: Mapping[Whom, Traits]) -> None:
    """At one location nobody is two people: of several who are found to be one, only the one who is at work is."""
    taken = {(match.location, match.hr) for match in linked}
    sharing: dict[tuple[str, str], list[Whom]] = defaultdict(list)
    for whom, match in found.items():
        if match.state == "matched":
            sharing[match.location, match.hr].append(whom)
    for place, whoever in sharing.items():
        at_work = [whom for whom in whoever if ours[whom].active]
        keeps = whoever if len(whoever) == 1 else at_work
        for whom in whoever:
            if place in taken or keeps != [whom]:
                match = found[whom]
                found[whom] = Match(*whom, "ambiguous", match.rule, match.candidates)
