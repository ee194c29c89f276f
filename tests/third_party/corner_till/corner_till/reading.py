"""Their words in daybook's: what a capture says, as records. Pure."""

from decimal import Decimal, InvalidOperation
from typing import TypeVar

import msgspec

from domain.business_date import Window
from domain.money import cents
from domain.polling.source_day import SourceDay
from domain.ports.captures import Capture
from domain.ports.source import SourceFailure
from domain.records import Employee, Item, Job, Payment, Punch, Tax, Ticket
from domain.records.people import JobRate

from . import wire
from .wire import Sale, SealedPerson, Shift

S = TypeVar("S")


def read_day(capture: Capture, window: Window) -> SourceDay:
    """The records of a day.

    Raises:
        SourceFailure: ``malformed``: a row does not say what the till promises.
    """
    try:
        return SourceDay(
            {
                "ticket": [_ticket(sale, window) for sale in _rows(capture, "sales", Sale)],
                "punch": [_punch(shift, window) for shift in _rows(capture, "shifts", Shift)],
                "employee": [_employee(person) for person in _rows(capture, "people", SealedPerson)],
                "job": [Job(job.id, job.name, listed=job.active) for job in _rows(capture, "jobs", wire.Job)],
            }
        )
    except (msgspec.DecodeError, InvalidOperation, ValueError):
        raise SourceFailure("malformed", "A row of the capture cannot be read.") from None


def _rows(capture: Capture, resource: str, shape: type[S]) -> list[S]:
    return [row for page in capture.of(resource) for row in msgspec.json.decode(page.data, type=list[shape])]  # type: ignore[valid-type]


def _ticket(sale: Sale, window: Window) -> Ticket:
    tax = cents(sale.tax)
    return Ticket(
        id=sale.id,
        number=sale.number,
        business_date=window.date,
        opened_at=sale.opened,
        closed_at=sale.closed,
        guests=sale.guests,
        items=tuple(
            Item(line.id, line.name, line.category, cents(line.amount), cents(line.amount)) for line in sale.lines
        ),
        payments=tuple(Payment(paid.id, paid.tender, cents(paid.amount)) for paid in sale.payments),
        taxes=(Tax("Sales tax", tax),) if tax else (),
        stated_tax_cents=tax,
        tax_cents=tax,
    )


def _punch(shift: Shift, window: Window) -> Punch:
    return Punch(
        shift.id,
        shift.person,
        shift.job,
        shift.begins,
        window.date,
        clock_out=shift.ends,
        job_name=shift.job,
        rate=Decimal(shift.rate),
    )


def _employee(person: SealedPerson) -> Employee:
    return Employee(
        person.id,
        person.person,
        first_name=person.first_name,
        last_name=person.last_name,
        middle_name=person.middle_name,
        email=person.email,
        phone=person.phone,
        payroll_id=person.payroll_id,
        hire_date=person.hired,
        active=person.active,
        jobs=tuple(JobRate(job, Decimal(person.rates.get(job, "0"))) for job in sorted(person.jobs)),
    )
