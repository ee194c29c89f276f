"""Rows of Labor Detail become punches: shifts with their breaks."""

import datetime as dt
from collections.abc import Iterable

import msgspec

from adapters.files.assembling.local_time import LocalTime
from adapters.files.assembling.reference import Reference
from adapters.files.assembling.rows import LaborRow
from adapters.files.assembling.shift_times import ShiftTimes
from adapters.files.assembling.words import TRUE, Names, decimal, maybe_cents, of_day, shortened
from domain.business_date import Window
from domain.money import cents
from domain.records import Break, Job, Punch


class Labor:
    """The punches of a business day.

    A row is a shift, or a break in the shift of the same employee and number. A row that is marked as a break and whose
    shift is nowhere is a shift that had one, if it states hours.

    Attributes:
        punches: by employee and shift.
        notes: codes of what stood out.
    """

    def __init__(self, rows: list[LaborRow], window: Window, reference: Reference, clock: LocalTime) -> None:
        """Read the rows, which come sorted.

        Raises:
            ValueError: a row has a word that means nothing.
        """
        self._window = window
        self._reference = reference
        self._clock = clock
        self._times = ShiftTimes(window, clock)
        once = list(dict.fromkeys(rows))
        self._lonely = 0
        shifts: dict[tuple[str, str], list[LaborRow]] = {}
        for row in once:
            shifts.setdefault((row.employee, row.shift), []).append(row)
        self.punches = [punch for alike in shifts.values() for punch in self._shifts(alike)]
        reference.refers_to("employee", {row.employee for row in once})
        counts = {"listed-twice:punch": len(rows) - len(once), "break-without-shift": self._lonely}
        self.notes = [f"{code}:{count}" for code, count in counts.items() if count]

    def _shifts(self, rows: list[LaborRow]) -> Iterable[Punch]:
        """The punches of one employee and shift number: mostly one."""
        shifts = [row for row in rows if not _is_break(row)]
        breaks = [row for row in rows if _is_break(row)]
        if not shifts:
            shifts = [row for row in breaks if decimal(row.hours)]
            self._lonely += len(breaks) - len(shifts)
            breaks = []
        punches = [self._punch(row, name) for row, name in zip(shifts, self._names(shifts), strict=True)]
        return self._with_breaks(punches, breaks) if breaks else punches

    def _names(self, shifts: list[LaborRow]) -> list[str]:
        """Keys of the shifts of one employee and number; more than one are told apart by their clock-in."""
        if not shifts:
            return []
        base = of_day(shortened(f"{shifts[0].employee}-{shifts[0].shift}"), self._window.date)
        if len(shifts) == 1:
            return [base]
        names = Names()
        starts = [self._clock.shown(self._times.start(row).instant) for row in shifts]
        return [names.give(f"{base}T{start:%H:%M:%S}") for start in starts]

    def _punch(self, row: LaborRow, name: str) -> Punch:
        start = self._times.start(row)
        end = self._times.end(row, start.instant)
        job = self._job(row)
        known = "" if job is None else job.name
        rate = decimal(row.rate) if row.rate or job is None else job.rate
        return Punch(
            name,
            row.employee,
            row.job or (row.job_name if job is None else job.id),
            start.instant,
            self._window.date,
            end.instant,
            row.job_name or known,
            rate,
            declared_tips_cents=maybe_cents(row.declared_tips),
            charge_tips_cents=maybe_cents(row.charge_tips),
            stated_hours=decimal(row.hours) if row.hours else None,
            unknown_employee=row.employee not in self._reference.employees,
            shift=row.shift,
            sales_cents=cents(row.sales) if row.sales else None,
            clock=",".join(dict.fromkeys(filter(None, (start.choice, end.choice)))),
        )

    def _job(self, row: LaborRow) -> Job | None:
        """The job of a row, by its code, or by its name where it has only that."""
        reference = self._reference
        if row.job:
            reference.refers_to("job", {row.job})
            return reference.jobs.get(row.job)
        job = reference.jobs_by_name.get(row.job_name)
        if job is None:
            reference.refers_to("job", {row.job_name})
        return job

    def _with_breaks(self, punches: list[Punch], rows: list[LaborRow]) -> list[Punch]:
        """The punches with these breaks, each in the shift that it lies in, else in the last one begun before it."""
        taken: list[list[Break]] = [[] for _ in punches]
        for row in rows:
            place = self._place(punches, row)
            punch = punches[place]
            start = self._times.break_start(row, punch.clock_in, punch.clock_out or punch.clock_in)
            end = self._times.end(row, start)
            taken[place].append(Break(start, end.instant, row.paid_break == TRUE))
        return [
            msgspec.structs.replace(punch, breaks=tuple(sorted(breaks, key=_order)))
            for punch, breaks in zip(punches, taken, strict=True)
        ]

    def _place(self, punches: list[Punch], row: LaborRow) -> int:
        before = 0
        for place, punch in enumerate(punches):
            out = punch.clock_out or punch.clock_in
            start = self._times.break_start(row, punch.clock_in, out)
            if punch.clock_in <= start <= out:
                return place
            if punches[before].clock_in <= punch.clock_in <= start:
                before = place
        return before


def _is_break(row: LaborRow) -> bool:
    return TRUE in {row.paid_break, row.unpaid_break}


def _order(rest: Break) -> tuple[dt.datetime, bool]:
    return rest.starts_at, rest.paid
