"""Deciding what a pull adds to what is recorded of employees."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import msgspec

from domain.differences import changes, operations, parts
from domain.facts.personnel import PersonnelChanged, PersonnelFact, PersonnelPulled
from domain.personnel.state import KIND, Personnel
from domain.records import HrEmployee, canonical, decode


@dataclass(frozen=True, slots=True)
class Reading:
    """What a pull read.

    Attributes:
        pulled: how it went; its counts are decided here.
        employees: who was read, by the source's id.
    """

    pulled: PersonnelPulled
    employees: Mapping[str, HrEmployee]


def decide_pull(personnel: Personnel, reading: Reading) -> tuple[PersonnelFact, ...]:
    """The facts of a pull: that it was, and what differs.

    Where everybody was read, who is not among them is gone: marked as not listed and not active. People are
    deactivated, never deleted; who was read incrementally says nothing about the others.
    """
    fresh = {key: canonical(employee)[2] for key, employee in reading.employees.items()}
    kept = dict(personnel.employees)
    gone = 0
    if reading.pulled.way == "whole":
        for key in personnel.employees.keys() - fresh.keys():
            kept[key] = _gone(kept[key])
            gone += kept[key] != personnel.employees[key]
    found = changes({KIND: personnel.employees}, {KIND: {**kept, **fresh}})
    counts = operations(found)
    pulled = msgspec.structs.replace(reading.pulled, added=counts["added"], changed=counts["changed"] - gone, gone=gone)
    told = [PersonnelChanged(number, lot) for number, lot in enumerate(parts(found), 1)]
    return (pulled, *told)


def _gone(data: bytes) -> bytes:
    employee = cast("HrEmployee", decode(KIND, data))
    return canonical(msgspec.structs.replace(employee, active=False, listed=False))[2]
