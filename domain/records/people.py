"""Employees and jobs: the roster that a source keeps for a location."""

from decimal import Decimal

import msgspec

PERSONAL_FIELDS = ("first_name", "last_name", "address", "phone", "ssn", "email", "date_of_birth")
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
    """

    id: str
    name: str
    code: str = ""
    rate: Decimal = Decimal(0)
    listed: bool = True

    @property
    def key(self) -> str:
        """The record's key."""
        return self.id
