"""Cash that moves beside the tickets: deposits, paid ins and paid outs, and the tills it lies in."""

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
        daypart: the part of the day that it is of, where the source says so.
        revenue_center: the center that it is of, where the source says so.
        closed_at: UTC, when it was closed.
    """

    id: str
    amount_cents: int
    business_date: dt.date
    number: str = ""
    created_at: dt.datetime | None = None
    by: str = ""
    daypart: str = ""
    revenue_center: str = ""
    closed_at: dt.datetime | None = None

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
        daypart: the part of the day, where the source says so.
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
    daypart: str = ""

    @property
    def key(self) -> str:
        """The record's key."""
        return self.id


class Till(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A cash drawer at the end of the business day. Key: :attr:`drawer`.

    Attributes:
        drawer: its number.
        expected_cents: the cash that should be in it, as the source states it.
        closed: it was closed.
        by: the employee who is responsible for it, by the source's staff id.
        closed_at: UTC.
    """

    drawer: str
    expected_cents: int
    closed: bool = False
    by: str = ""
    closed_at: dt.datetime | None = None

    @property
    def key(self) -> str:
        """The record's key."""
        return self.drawer
