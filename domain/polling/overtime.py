"""Overtime: which seconds of an employee's punches in a workweek are paid more, and by which rule.

Pure: punches by business day and a rule give the overtime of each punch. What a punch of another day takes of the forty
hours moves the overtime of later days, so that whoever changes punches works out the days after them again.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile
from typing import Final

from domain.polling.configuration import WEEKDAYS, Options
from domain.records import Overtime, Punch
from domain.records.punch import worked_seconds

DAYS_A_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class OvertimeRule:
    """From when on hours are overtime, and what they are paid.

    Attributes:
        weekly_seconds: past which the seconds of a workweek are overtime; 0: no such rule.
        daily_seconds: the same of a business day. What is overtime by it does not count towards the week's.
        multiplier: what an hour of overtime is paid, in hours.
        weekday: that the workweek begins with, 0 is Monday.
    """

    weekly_seconds: int = 40 * 3600
    daily_seconds: int = 0
    multiplier: Decimal = Decimal("1.5")
    weekday: int = 0

    def week_of(self, date: dt.date) -> list[dt.date]:
        """The seven business days of the workweek that a date is in, oldest first."""
        begins = date - dt.timedelta(days=(date.weekday() - self.weekday) % DAYS_A_WEEK)
        return [begins + dt.timedelta(days=day) for day in range(DAYS_A_WEEK)]


def rule_of(options: Options) -> OvertimeRule:
    """The rule of the options in force at a location."""
    return OvertimeRule(
        weekly_seconds=int(Decimal(str(options.overtime_weekly_hours)) * 3600),
        daily_seconds=int(Decimal(str(options.overtime_daily_hours)) * 3600),
        multiplier=Decimal(str(options.overtime_multiplier)),
        weekday=WEEKDAYS.index(options.workweek_starts),
    )


def overtime_of(
    date: dt.date,
    punches: Mapping[dt.date, Iterable[Punch]],
    rule: OvertimeRule,
    employees: frozenset[str] | None = None,
) -> list[Overtime]:
    """The overtime of the punches of a business day, in the order of their keys.

    Hours count in the order in which they were worked, elapsed time, by the business day that a punch or a part of one
    is booked on; what counts no hours (open, excluded) counts none here. The last hours are the ones that are overtime.

    Args:
        date: the business day.
        punches: of it and of the earlier days of its workweek, by business day; others are not looked at.
        rule: that counts.
        employees: whose; None for everybody's.
    """
    if not (rule.weekly_seconds or rule.daily_seconds) or rule.multiplier == 1:
        return []
    worked: dict[str, int] = {}
    for earlier in takewhile(lambda earlier: earlier < date, rule.week_of(date)):
        for employee, seconds in _regular(punches.get(earlier, ()), rule, employees).items():
            worked[employee] = worked.get(employee, 0) + seconds
    return _on_day(punches.get(date, ()), rule, worked, employees)


def _regular(punches: Iterable[Punch], rule: OvertimeRule, employees: frozenset[str] | None) -> dict[str, int]:
    """Seconds of a day that count towards the week's, by employee."""
    worked: dict[str, int] = {}
    for punch in punches:
        if employees is None or punch.employee in employees:
            worked[punch.employee] = worked.get(punch.employee, 0) + worked_seconds(punch)
    if not rule.daily_seconds:
        return worked
    return {employee: min(seconds, rule.daily_seconds) for employee, seconds in worked.items()}


def _on_day(
    punches: Iterable[Punch], rule: OvertimeRule, week: Mapping[str, int], employees: frozenset[str] | None
) -> list[Overtime]:
    found = []
    today: dict[str, int] = {}
    for punch in sorted(punches, key=lambda punch: (punch.clock_in, punch.key)):
        seconds = worked_seconds(punch)
        if not seconds or (employees is not None and punch.employee not in employees):
            continue
        before = today.get(punch.employee, 0)
        today[punch.employee] = before + seconds
        daily = _past(rule.daily_seconds, before, seconds)
        # What is overtime of the day is its end: up to there the day fills the week.
        regular, filled = seconds - daily, min(before, rule.daily_seconds) if rule.daily_seconds else before
        weekly = _past(rule.weekly_seconds, week.get(punch.employee, 0) + filled, regular)
        if daily or weekly:
            found.append(
                Overtime(
                    punch.key,
                    punch.employee,
                    seconds=daily + weekly,
                    rate=punch.rate,
                    multiplier=rule.multiplier,
                    rule=" and ".join([name for name, part in (("daily", daily), ("weekly", weekly)) if part]),
                )
            )
    return sorted(found, key=lambda overtime: overtime.key)


def _past(limit: int, before: int, seconds: int) -> int:
    """How many of the seconds that follow on others lie past a limit; none where there is no limit."""
    return min(max(before + seconds - limit, 0), seconds) if limit else 0
