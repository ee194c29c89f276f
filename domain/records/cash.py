"""Cash that moves beside the tickets: deposits, paid ins and paid outs."""

import datetime as dt

import msgspec


class Deposit(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Money taken to the bank for a business day. Key: :attr:`id`.

    Attributes:
        id: the source's id.
        number: the deposit's number.
        amount_cents: what was deposited.
        business_date: the day that the money is of.
        created_at: UTC, when it was entered at the source.
        by: the employee, by the source's staff id.
    """

    id: str
    amount_cents: int
    business_date: dt.date
    number: str = ""
    created_at: dt.datetime | None = None
    by: str = ""

    @property
    def key(self) -> str:
        """The record's key."""
        return self.id


class PaidInOut(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Money put into or taken out of the drawer. Key: :attr:`id`.

    Attributes:
        id: the source's id.
        direction: ``in`` or ``out``.
        name: what it was for.
        amount_cents: positive in both directions.
        affects_cash: it moved the cash in the drawer.
        purpose: ``tips`` where charge tips were paid out in cash to the staff: then it is no paid out.
        at: UTC.
        by: the employee, by the source's staff id.
        notes: as typed.
    """

    id: str
    direction: str
    name: str
    amount_cents: int
    affects_cash: bool = True
    purpose: str = ""
    at: dt.datetime | None = None
    by: str = ""
    notes: str = ""

    @property
    def key(self) -> str:
        """The record's key."""
        return self.id
