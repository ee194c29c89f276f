"""Overtime on a business day: what its records should be, and the facts that bring them there."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

import msgspec

from domain.business_day.day import APPROVED, OVERTIME, BusinessDay
from domain.business_day.generations import compensated, numbered, observed
from domain.differences import changes, operations, parts
from domain.facts import Change, DayPolled, RecordsChanged
from domain.facts.catalogue import Fact
from domain.polling.overtime import OvertimeRule, overtime_of
from domain.records import Overtime, Punch, canonical, decode

Employees = frozenset[str] | None
"""Whose overtime is worked out; None: everybody's."""


def punches_of(day: BusinessDay) -> list[Punch]:
    """The punches of a day as people see them."""
    found = [decode("punch", data) for data in day.merged.get("punch", {}).values()]
    return [punch for punch in found if isinstance(punch, Punch)]


def employees_in(changed: Iterable[Change]) -> frozenset[str]:
    """Whose punches changed: before, after, or both."""
    punches = [
        decode("punch", data)
        for change in changed
        if change.kind == "punch"
        for data in (change.before, change.after)
        if bytes(data) != b"null"
    ]
    return frozenset([punch.employee for punch in punches if isinstance(punch, Punch)])


def recorded_overtime(day: BusinessDay, employees: Employees) -> dict[str, bytes]:
    """The day's overtime of these employees."""
    known = day.records.get(OVERTIME, {})
    return {key: data for key, data in known.items() if employees is None or _employee(data) in employees}


def overtime_changes(
    day: BusinessDay,
    date: dt.date,
    punches: Mapping[dt.date, Sequence[Punch]],
    rule: OvertimeRule,
    employees: Employees = None,
) -> list[Change]:
    """What turns the recorded overtime of a day into what follows from the punches of its workweek.

    Args:
        day: as it will be, but for its overtime.
        date: its date.
        punches: of it and of the days of its workweek before it, as they will be.
        rule: that the day was recorded under.
        employees: whose.
    """
    should = {entry.key: canonical(entry)[2] for entry in overtime_of(date, punches, rule, employees)}
    return changes({OVERTIME: recorded_overtime(day, employees)}, {OVERTIME: should})


def decide_overtime(
    day: BusinessDay,
    found: list[Change],
    *,
    read_date: dt.date,
    connection: str = "",
    configuration: int = 0,
    capture: str = "",
) -> tuple[Fact, ...]:
    """The facts of other overtime on a day: a compensation, or an observation where it is approved.

    Args:
        day: as it will be, but for its overtime.
        found: what differs, at least one.
        read_date: the business day whose punches led to it.
        connection: that was read; empty where a person changed punches.
        configuration: the version of it that the rule is of.
        capture: the digest of what was read.
    """
    if day.settled == APPROVED:
        return tuple(observed(day, found, OVERTIME, read_date, connection, capture))
    return tuple(compensated(day.generation + 1, found, OVERTIME, read_date, connection, configuration, capture))


def in_its_generation(facts: tuple[Fact, ...], found: list[Change]) -> tuple[Fact, ...]:
    """The facts of a poll that begins a generation, with the day's overtime in it."""
    polled, *rest = facts
    made = [change for fact in rest if isinstance(fact, RecordsChanged) for change in fact.changes]
    made = sorted([*made, *found], key=lambda change: (change.kind, change.key))
    lots = parts(made)
    whole = msgspec.structs.replace(cast("DayPolled", polled), **operations(made), parts=len(lots))
    return (whole, *numbered(whole.generation, lots))


def _employee(data: bytes) -> str:
    overtime = decode(OVERTIME, data)
    return overtime.employee if isinstance(overtime, Overtime) else ""
