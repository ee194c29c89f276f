"""Employees and jobs: the roster that a source keeps for a location."""

from decimal import Decimal

import msgspec

PERSONAL_FIELDS = ("first_name", "last_name", "address", "phone", "ssn", "email", "date_of_birth", "middle_name")
"""Fields of :class:`Employee` that are sealed per person before they enter any fact, capture or view."""


class JobRate(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What an employee is paid per hour in one job."""

    job: str
    rate: Decimal


class Employee(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """An employee as the point of sale knows them. Key: :attr:`id`.

    The personal fields hold sealed values (``sealed:…``): equal exactly when what they seal is equal, and unreadable
    once the person's key is destroyed.

    Attributes:
        id: the source's staff id.
        person: the name of the person's key in the vault.
        pos_id: the number that the employee enters at the point of sale.
        payroll_id: the number for payroll.
        hire_date: as the source states it.
        active: not terminated.
        listed: the source's list still has them; the records of those who vanish stay.
        jobs: pay rates by job.
        middle_name: sealed as the other names are.
        source_payroll_id: the source's payroll id where an option put another field in its place.
    """

    id: str
    person: str
    first_name: str = ""
    last_name: str = ""
    address: str = ""
    phone: str = ""
    ssn: str = ""
    email: str = ""
    date_of_birth: str = ""
    pos_id: str = ""
    payroll_id: str = ""
    hire_date: str = ""
    active: bool = True
    listed: bool = True
    jobs: tuple[JobRate, ...] = ()
    middle_name: str = ""
    source_payroll_id: str = ""

    @property
    def key(self) -> str:
        """The record's key."""
        return self.id


class Job(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A job that employees work in. Key: :attr:`id`.

    Attributes:
        id: the source's job id.
        name: for example ``Server``.
        code: the job code, where it differs from the id.
        rate: the default pay per hour.
        listed: the source's list still has it.
        description: as the source has it.
    """

    id: str
    name: str
    code: str = ""
    rate: Decimal = Decimal(0)
    listed: bool = True
    description: str = ""

    @property
    def key(self) -> str:
        """The record's key."""
        return self.id
