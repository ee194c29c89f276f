"""The employees that one connection tells of, as of some moment, and who of them is whom at the points of sale."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, assert_never

from domain.differences import apply
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

KIND: Final = "hr-employee"

Whom = tuple[str, str]
"""An employee at a point of sale: location and the point of sale's id."""


@dataclass(frozen=True, slots=True)
class Personnel:
    """What is recorded of one connection's employees.

    Attributes:
        version: how many facts there are.
        employees: canonical bytes by the source's id.
        matches: who somebody is, settled or not.
        refused: who somebody is not, by what people said: employee at a point of sale, and the source's id.
        pulls: that did not fail.
        watermark: the newest change that the source told of; empty where it told none.
        whole_at: when everybody was read last.
    """

    version: int = 0
    employees: Mapping[str, bytes] = field(default_factory=dict)
    matches: Mapping[Whom, Match] = field(default_factory=dict)
    refused: frozenset[tuple[Whom, str]] = frozenset()
    pulls: int = 0
    watermark: str = ""
    whole_at: dt.datetime | None = None


NEW_PERSONNEL: Final = Personnel()


def fold(facts: Iterable[PersonnelFact], personnel: Personnel = NEW_PERSONNEL) -> Personnel:
    """The personnel after these facts, in their order. Total: it accepts whatever was recorded, and guards nothing."""
    records, matches, refused = {KIND: dict(personnel.employees)}, dict(personnel.matches), set(personnel.refused)
    version, pulls = personnel.version, personnel.pulls
    watermark, whole_at = personnel.watermark, personnel.whole_at
    for fact in facts:
        version += 1
        match fact:
            case PersonnelPulled():
                pulls += 1
                watermark = fact.watermark or watermark
                whole_at = fact.ended_at if fact.way == "whole" else whole_at
            case PersonnelChanged():
                apply(records, fact.changes)
            case EmployeesMatched():
                for one in fact.matches:
                    _set(matches, one)
            case EmployeeLinked():
                whom = (fact.location, fact.employee)
                refused.discard((whom, fact.hr))
                _set(matches, Match(*whom, "linked", "manual", (fact.hr,)))
            case EmployeeUnlinked():
                whom = (fact.location, fact.employee)
                refused.add((whom, fact.hr))
                _without(matches, whom, fact.hr)
            case PullFailed():
                pass
            case _:
                assert_never(fact)
    return Personnel(version, records[KIND], matches, frozenset(refused), pulls, watermark, whole_at)


def _set(matches: dict[Whom, Match], one: Match) -> None:
    if one.state == "unmatched":
        matches.pop((one.location, one.employee), None)
    else:
        matches[one.location, one.employee] = one


def _without(matches: dict[Whom, Match], whom: Whom, hr: str) -> None:
    known = matches.get(whom)
    if known is not None and hr in known.candidates:
        del matches[whom]
