"""Counting up the punches of a day: hours and pay by job, with what the source states beside."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import msgspec

from domain.records import Overtime, Punch
from domain.records.overtime import premium_cents
from domain.records.punch import EXCLUDED_AS_BACKWARDS, EXCLUDED_AS_OPEN, hours, pay_cents, worked_seconds
from domain.summary.counting import UNNAMED
from domain.summary.issues import Issues
from domain.summary.lines import NO_HOURS, LaborLine

_EXCLUDED: Final = {
    EXCLUDED_AS_OPEN: ("open_punch", "has no clock-out and counts no hours"),
    EXCLUDED_AS_BACKWARDS: ("backward_punch", "ends before it begins and counts no hours"),
}
_TOO_LONG: Final = ("long_punch", "lasts 24 hours or more and counts no hours")


@dataclass(slots=True)
class _Sums:
    """Of one job; what is compared is of punches of which the source states something."""

    punches: int = 0
    seconds: int = 0
    pay: int = 0
    stated_hours: Decimal = Decimal(0)
    stated_pay: int = 0
    overtime_seconds: int = 0
    premium: int = 0
    compared_seconds: int | None = None
    compared_pay: int | None = None

    def add(self, punch: Punch) -> None:
        seconds, pay = worked_seconds(punch), pay_cents(punch)
        self.punches += 1
        self.seconds += seconds
        self.pay += pay
        if punch.stated_hours is not None:
            self.stated_hours += punch.stated_hours
            self.compared_seconds = (self.compared_seconds or 0) + seconds
        if punch.stated_pay_cents is not None:
            self.stated_pay += punch.stated_pay_cents
            self.compared_pay = (self.compared_pay or 0) + pay

    def add_overtime(self, overtime: Overtime) -> None:
        self.overtime_seconds += overtime.seconds
        self.premium += premium_cents(overtime)

    def line(self, name: str) -> LaborLine:
        return LaborLine(
            name,
            self.punches,
            hours(self.seconds),
            self.pay + self.premium,
            self.stated_hours,
            self.stated_pay,
            None if self.compared_seconds is None else hours(self.compared_seconds) - self.stated_hours,
            None if self.compared_pay is None else self.compared_pay - self.stated_pay,
            hours(self.overtime_seconds) if self.overtime_seconds else NO_HOURS,
            self.premium,
        )


class Labor:
    """Sums of the punches of one day."""

    def __init__(self, issues: Issues) -> None:
        self._issues = issues
        self._jobs: dict[str, _Sums] = {}
        self._whole = _Sums()
        self._job_of: dict[str, str] = {}

    def punch(self, punch: Punch) -> None:
        """Count a punch, and note what is odd about it."""
        job = self._job_of[punch.key] = punch.job_name or punch.job or UNNAMED
        self._jobs.setdefault(job, _Sums()).add(punch)
        self._whole.add(punch)
        about = f"punch/{punch.key}"
        if punch.excluded:
            code, what = _EXCLUDED.get(punch.excluded, _TOO_LONG)
            self._issues.add(code, f"Punch {punch.key} {what}.", about)
        if punch.assumed_out:
            message = f"Punch {punch.key} has no clock-out: 24 hours count until somebody corrects it."
            self._issues.add("assumed_clock_out", message, about)
        if punch.unknown_employee:
            message = f"Punch {punch.key} is of employee {punch.employee}, whom the source does not list."
            self._issues.add("unknown_employee", message, about)

    def overtime(self, overtime: Overtime) -> None:
        """Count what of a punch, which was counted before, is overtime."""
        self._jobs.setdefault(self._job_of.get(overtime.punch, UNNAMED), _Sums()).add_overtime(overtime)
        self._whole.add_overtime(overtime)

    @property
    def lines(self) -> tuple[LaborLine, ...]:
        """A line for each job, in their order."""
        return tuple([sums.line(name) for name, sums in sorted(self._jobs.items())])

    @property
    def whole(self) -> LaborLine:
        """All jobs together: hours are the sum of the jobs' rounded ones, so that what is shown adds up."""
        lines = self.lines
        variances = [line.hours_variance for line in lines if line.hours_variance is not None]
        return msgspec.structs.replace(
            self._whole.line(""),
            hours=sum((line.hours for line in lines), Decimal(0)),
            overtime_hours=sum((line.overtime_hours for line in lines), Decimal(0)),
            hours_variance=sum(variances, Decimal(0)) if variances else None,
        )
