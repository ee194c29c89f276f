"""Tray's words in ours: rows of a capture become punches, employees and the other records of a day."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TypeVar

from adapters.pos.tray import wire
from adapters.pos.tray.conventions import settle
from adapters.pos.tray.questions import DAY_ALONE
from adapters.pos.tray.tickets import tickets_of
from adapters.pos.tray.words import date, decimal, instant, maybe_instant, text
from domain.business_date import STANDARD, Window
from domain.money import cents
from domain.polling.source_day import SourceDay
from domain.ports.captures import Capture
from domain.records import Break, Deposit, Employee, Job, JobRate, LateVoid, PaidInOut, Punch, Record

T = TypeVar("T")


def read_day(capture: Capture, window: Window) -> SourceDay:
    """What a capture says about a day; tickets are decoded page by page, when they are asked for.

    Raises:
        ValueError: a row has a word that means nothing (from the tickets' iterator: when it is reached).
        msgspec.DecodeError: a page is not of the contract.
    """
    pages = [page.data for page in capture.of("checks")]
    first = [wire.CHECKS.decode(data) for data in pages[:1]]
    # The first page is decoded once for both: on most days it is all that settling needs, and often the whole day.
    convention = settle(chain(first, map(wire.CHECKS.decode, pages[1:])))
    notes = [] if convention == "contract" else [f"convention:{convention}"]
    entries = list(_rows(wire.TIME_ENTRIES.decode, capture, "time-entries"))
    zones = {check.zone for checks in first for check in checks} | {entry.zone for entry in entries}
    if zones - {window.zone.removeprefix(STANDARD)}:
        notes.append("zone-differs")
    if capture.parameters.get("labor") == DAY_ALONE:
        notes.append("lookback-left-out")
    employees = tuple([_employee(row) for row in _rows(wire.SEALED_STAFF.decode, capture, "staff")])
    jobs = tuple([_job(row) for row in _rows(wire.JOBS.decode, capture, "jobs")])
    names = {job.id: job.name for job in jobs}
    listed = frozenset([employee.id for employee in employees])
    day = window.date.isoformat()
    paid = _rows(wire.PAID_IN_OUTS.decode, capture, "paid-in-out")
    posted = list(_rows(wire.VOIDS.decode, capture, "voids"))
    # Of every date that was read: what is late must not hang on which day's reading tells the check.
    in_time = frozenset([(row.check_id, row.item_id) for row in posted if row.check_business_date == row.business_date])
    voids = [row for row in posted if row.check_business_date < row.business_date == day]
    records: dict[str, Iterable[Record]] = {
        "ticket": tickets_of(chain(first, map(wire.CHECKS.decode, pages[1:])), window, convention, in_time),
        "punch": tuple([_punch(row, names, listed) for row in entries]),
        "employee": employees,
        "job": jobs,
        "paid-in-out": tuple([_paid(row) for row in paid if row.business_date == day]),
        "late-void": tuple([_late_void(row) for row in voids]),
    }
    if any(True for _ in capture.of("deposits")):
        records["deposit"] = tuple([_deposit(row) for row in _rows(wire.DEPOSITS.decode, capture, "deposits")])
    dates = frozenset(map(date, capture.parameters.get("businessDates", day).split()))
    return SourceDay(records, tuple(notes), dates, _labor_hours(capture))


def _labor_hours(capture: Capture) -> tuple[dt.datetime, dt.datetime] | None:
    """The hours whose time entries were asked for; they reach further back than the day where somebody looked back."""
    begin, end = capture.parameters.get("from"), capture.parameters.get("to")
    return (instant(begin), instant(end)) if begin and end else None


def _rows(decode: Callable[[bytes], list[T]], capture: Capture, resource: str) -> Iterator[T]:
    return chain.from_iterable([decode(page.data) for page in capture.of(resource)])


def _punch(row: wire.TimeEntry, job_names: dict[str, str], listed: frozenset[str]) -> Punch:
    return Punch(
        id=row.id,
        employee=row.staff_id,
        job=row.job_id,
        clock_in=instant(row.start),
        business_date=date(row.business_date),
        clock_out=maybe_instant(row.end),
        job_name=job_names.get(row.job_id, ""),
        rate=decimal(row.actual_rate),
        breaks=tuple([Break(instant(rest.start), maybe_instant(rest.end), rest.paid) for rest in row.breaks]),
        declared_tips_cents=cents(row.declared_tips),
        charge_tips_cents=cents(row.charge_tips),
        terminal=text(row.terminal),
        stated_hours=decimal(row.hours),
        stated_pay_cents=cents(row.pay),
        unknown_employee=row.staff_id not in listed,
    )


def _employee(row: wire.SealedStaff) -> Employee:
    return Employee(
        id=row.id,
        person=row.person,
        first_name=row.first_name,
        last_name=row.last_name,
        address=row.address,
        phone=row.phone,
        ssn=row.ssn,
        email=row.email,
        date_of_birth=row.date_of_birth,
        pos_id=row.pos_id,
        payroll_id=row.payroll_id,
        hire_date=row.hire_date,
        active=row.active,
        jobs=tuple([JobRate(job.job_id, decimal(job.rate)) for job in row.jobs]),
    )


def _job(row: wire.Job) -> Job:
    return Job(id=row.id, name=row.name, code=text(row.code), rate=decimal(row.rate))


def _deposit(row: wire.Deposit) -> Deposit:
    return Deposit(
        id=row.id,
        amount_cents=cents(row.amount),
        business_date=date(row.business_date),
        number=text(row.number),
        created_at=instant(row.created_at),
        by=text(row.by),
    )


def _paid(row: wire.PaidInOut) -> PaidInOut:
    return PaidInOut(
        id=row.id,
        direction=row.type,
        name=row.name,
        amount_cents=cents(row.amount),
        affects_cash=row.affects_cash,
        purpose=text(row.purpose),
        at=instant(row.at),
        by=text(row.by),
        notes=text(row.notes),
    )


def _late_void(row: wire.VoidRow) -> LateVoid:
    return LateVoid(
        id=row.id,
        ticket=row.check_id,
        ticket_date=date(row.check_business_date),
        amount_cents=cents(row.amount),
        item=text(row.item_id),
        reason=text(row.reason),
        at=instant(row.at),
        by=text(row.by),
    )
