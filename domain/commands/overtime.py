"""Overtime after a decision: what it makes of the workweeks of the employees whose punches it changes."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from domain.business_day import BusinessDay
from domain.business_day.overtime import (
    Employees,
    decide_overtime,
    employees_in,
    in_its_generation,
    overtime_changes,
    punches_of,
    recorded_overtime,
)
from domain.commands.around import Around
from domain.commands.loading import load_connection
from domain.connection import Connection
from domain.facts import Change, DayPolled, RecordsChanged
from domain.facts.catalogue import DayFact, Fact
from domain.identifiers import ConnectionId, DayId
from domain.polling import PollingConfiguration
from domain.polling.looking_back import LookedBack
from domain.polling.overtime import DAYS_A_WEEK, OvertimeRule, rule_of
from domain.ports.house import House
from domain.ports.journal import Recording
from domain.records import Punch

Touched = Mapping[dt.date, Employees]
"""By business day, whose punches change on it."""

_A_DAY: Final = dt.timedelta(days=1)
_NOBODY: Final[frozenset[str]] = frozenset()


@dataclass
class Rules:
    """The rules that days are recorded under: of the configuration that their punches were translated with.

    A version that is configured later counts on a day once that is polled again.

    Attributes:
        house: the ports.
        day: a day of the location.
        connections: that are loaded already, by id.
    """

    house: House
    day: DayId
    connections: dict[str, Connection] = field(default_factory=dict)

    def of(self, day: BusinessDay) -> tuple[OvertimeRule, int]:
        """The rule of a day, and the version that it is of."""
        name = day.feeder("punch") or day.connection
        version = day.feeds[name].configuration if name in day.feeds else 0
        connection = self._connection(name)
        known = connection.configurations.get(version) if connection else None
        return rule_of((known or PollingConfiguration()).at(self.day.location)), version

    def _connection(self, name: str) -> Connection | None:
        if name and name not in self.connections:
            self.connections[name] = load_connection(self.house.journal, ConnectionId(self.day.client, name))
        return self.connections.get(name)


def last_of(house: House) -> dt.date:
    """The last business day that anything can be recorded on, in any zone."""
    return house.clock.now().date() + _A_DAY


def overtime_recordings(
    house: House,
    day: DayId,
    before: BusinessDay,
    after: BusinessDay,
    employees: Employees = None,
    others: Mapping[DayId, tuple[BusinessDay, tuple[DayFact, ...]]] = MappingProxyType({}),
) -> list[Recording]:
    """What a decision of a person on punches makes of overtime: on that day, and on later days of the workweek.

    For :func:`domain.commands.changing_day.change_day`: the recordings belong into the same commit, those on the day
    itself behind its own facts.

    Args:
        house: the ports.
        day: on which punches change.
        before: as it was decided on.
        after: the day with the facts of the decision.
        employees: whose punches change; None: everybody's who has some there, before or after.
        others: what the decision adds to other days: each as it is recorded, and its facts. They are recorded as well.
    """
    around = Around(house.journal, day)
    around.put(day.date, after)
    whose = employees
    if whose is None:
        whose = frozenset([punch.employee for state in (before, after) for punch in punches_of(state)])
    touched: dict[dt.date, Employees] = {day.date: whose}
    for other, (recorded, added) in others.items():
        around.put(other.date, recorded)
        around.decided(other.date, added)
        touched[other.date] = employees_in(_changes(added))
    made = settled(around, Rules(house, day), touched, latest=last_of(house), read_date=day.date)
    for other, (_, added) in others.items():
        made[other.date] = (*added, *made.get(other.date, ()))
    return [
        Recording(around.id_of(date).stream, around.at(date).version, facts) for date, facts in sorted(made.items())
    ]


def with_overtime(
    facts: tuple[Fact, ...],
    made: dict[dt.date, tuple[Fact, ...]],
    around: Around,
    rules: Rules,
    *,
    labor: LookedBack,
    connection: str,
    capture: str,
) -> tuple[tuple[Fact, ...], dict[dt.date, tuple[Fact, ...]]]:
    """The facts of a reading on its day and on others, with the overtime that follows from all of them.

    On the day itself it is worked out for everybody, on days that were looked back on as well: so it comes right
    whatever other polls did meanwhile, and by the rule that the day is recorded under now.

    Args:
        facts: of the day that was read.
        made: of others, by date.
        around: the days as they are recorded.
        rules: of these days.
        labor: what the reading says about the labor of other days.
        connection: that was read.
        capture: the digest of what was read.
    """
    date = rules.day.date
    told = {date: facts, **made}
    for other, added in told.items():
        around.decided(other, added)
    changed = {other: employees_in(_changes(added)) for other, added in told.items()}
    touched = {other: employees for other, employees in changed.items() if employees}
    settling = settled(
        around,
        rules,
        touched,
        latest=last_of(rules.house),
        read_date=date,
        checked=[date, *[other for other in labor.dates if labor.since and other >= labor.since]],
        connection=connection,
        capture=capture,
    )
    own = settling.pop(date, ())
    begins = bool(own) and isinstance(facts[0], DayPolled)
    facts = in_its_generation(facts, list(_changes(own))) if begins else (*facts, *own)
    return facts, {other: (*made.get(other, ()), *settling.get(other, ())) for other in {*made, *settling}}


def _changes(facts: Iterable[Fact]) -> Iterator[Change]:
    return (change for fact in facts if isinstance(fact, RecordsChanged) for change in fact.changes)


def settled(
    around: Around,
    rules: Rules,
    touched: Touched,
    *,
    latest: dt.date,
    read_date: dt.date,
    checked: Iterable[dt.date] = (),
    connection: str = "",
    capture: str = "",
) -> dict[dt.date, tuple[Fact, ...]]:
    """The facts by which the overtime of days becomes what follows from all punches; only recorded days have some.

    Args:
        around: the days, as they will be but for their overtime.
        rules: of these days.
        touched: whose punches change on which day.
        latest: nothing is recorded of days after it.
        checked: days whose own overtime is worked out for everybody.
        read_date: the business day whose punches led to it.
        connection: that was read; empty where a person changed punches.
        capture: the digest of what was read.
    """
    found = {}
    for date, version, changed in overtime_differences(around, rules, touched, latest=latest, checked=checked):
        day = around.after(date)
        facts = decide_overtime(
            day, changed, read_date=read_date, connection=connection, configuration=version, capture=capture
        )
        if facts:
            found[date] = facts
    return found


def overtime_differences(
    around: Around, rules: Rules, touched: Touched, *, latest: dt.date, checked: Iterable[dt.date] = ()
) -> Iterator[tuple[dt.date, int, list[Change]]]:
    """By day, with the version whose rule counts there: what turns its overtime into what it should be.

    Days on which the employees neither worked nor have overtime are passed over before anything else is loaded.
    """
    punches: dict[dt.date, list[Punch]] = {}

    def on(date: dt.date) -> list[Punch]:
        if date not in punches:
            punches[date] = punches_of(around.after(date)) if around.after(date).generation else []
        return punches[date]

    for date, reasons in sorted(_asked(touched, checked, latest).items()):
        day = around.after(date)
        if not day.generation or day.deleted or not (on(date) or recorded_overtime(day, None)):
            continue
        rule, version = rules.of(day)
        week = rule.week_of(date)
        whose = _together(employees for since, employees in reasons if since >= week[0])
        if whose == _NOBODY:
            continue
        worked = any(whose is None or punch.employee in whose for punch in on(date))
        if worked or recorded_overtime(day, whose):
            known = {earlier: on(earlier) for earlier in week if earlier <= date}
            changed = overtime_changes(day, date, known, rule, whose)
            if changed:
                yield date, version, changed


def _asked(
    touched: Touched, checked: Iterable[dt.date], latest: dt.date
) -> dict[dt.date, list[tuple[dt.date, Employees]]]:
    """By day whose overtime may move: since which day, and whose. Hours move the overtime of later days only."""
    asked: dict[dt.date, list[tuple[dt.date, Employees]]] = {date: [(date, None)] for date in checked}
    for since, employees in touched.items():
        for step in range(DAYS_A_WEEK):
            date = since + step * _A_DAY
            if date <= latest:
                asked.setdefault(date, []).append((since, employees))
    return asked


def _together(several: Iterable[Employees]) -> Employees:
    whose = _NOBODY
    for employees in several:
        if employees is None:
            return None
        whose |= employees
    return whose
