"""Employees as a system of personnel knows them."""

from decimal import Decimal

import msgspec


class HrJob(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A job that somebody is employed in.

    Attributes:
        id: the source's id of it.
        name: what it is called.
        rate: the pay per hour, or None where the source does not say.
    """

    id: str
    name: str = ""
    rate: Decimal | None = None


class HrEmployee(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """An employee as a system of personnel knows them. Key: :attr:`id`.

    The personal fields (those of :data:`domain.records.people.PERSONAL_FIELDS`) hold sealed values: equal exactly when
    what they seal is equal, and unreadable once the person's key is destroyed.

    Attributes:
        id: the source's id.
        person: the name of the person's key in the vault.
        payroll_id: the number for payroll.
        title: what they are called at work.
        department: as the source has it.
        hire_date: ``YYYY-MM-DD``, or as the source states it.
        active: employed.
        listed: the source's list still has them; the records of those who vanish stay.
        jobs: with pay rates, by id.
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
    middle_name: str = ""
    payroll_id: str = ""
    title: str = ""
    department: str = ""
    hire_date: str = ""
    active: bool = True
    listed: bool = True
    jobs: tuple[HrJob, ...] = ()

    @property
    def key(self) -> str:
        """The record's key."""
        return self.id
