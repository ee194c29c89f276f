"""The rows of the contract, as this POS keeps and encodes them."""

from typing import NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

RESOURCES = ("checks", "payments", "voids", "time-entries", "staff", "jobs", "deposits", "paid-in-out")


class _Shape(msgspec.Struct, rename="camel", gc=False):
    """Camel case outside, snake case inside; rows never refer to each other, so the collector need not look at them."""


class Tax(_Shape):
    """A tax of a line."""

    name: str
    amount: str
    inclusive: bool = False


class ItemVoid(_Shape):
    """Why, when and by whom a line was voided."""

    reason: str
    at: str
    at_local: str = ""
    by: str | None = None


class Item(_Shape):
    """A line of a check."""

    id: str
    name: str
    price: str
    quantity: int | str
    parent_id: str | None = None
    category: str | None = None
    taxes: list[Tax] = []
    void: ItemVoid | None = None
    revenue_center: str | UnsetType = UNSET


class Discount(_Shape):
    """An amount taken off a line, or off the whole check where no item is named."""

    id: str
    name: str
    amount: str
    custom_name: str | None = None
    item_id: str | None = None
    type: str | UnsetType = UNSET


class Surcharge(_Shape):
    """A charge on top of the sales."""

    id: str
    name: str
    amount: str


class NonSale(_Shape):
    """Something sold that is no sale yet; the amount is for all of it."""

    id: str
    name: str
    quantity: int | str
    amount: str


class PairedVoid(_Shape):
    """The item that a Void entry pairs."""

    item_id: str


class Payment(_Shape):
    """What was paid with one tender, or the entry that pairs a voided item."""

    id: str
    tender: str
    amount: str
    tip: str = "0.00"
    void: PairedVoid | None = None
    gratuity: str | UnsetType = UNSET


class Check(_Shape):
    """A ticket."""

    id: str
    number: str
    opened_at: str
    opened_at_local: str
    zone: str
    business_date: str
    closed_at: str | None = None
    closed_at_local: str | None = None
    service_type: str | None = None
    revenue_center: str | None = None
    server: str | None = None
    guests: int = 0
    items: list[Item] = []
    discounts: list[Discount] = []
    payments: list[Payment] = []
    tax_total: str = "0.00"
    mpf_tax: str | UnsetType = UNSET
    surcharges: list[Surcharge] | UnsetType = UNSET
    non_sales: list[NonSale] | UnsetType = UNSET


class PaymentRow(_Shape):
    """A payment as the payments resource lists it."""

    id: str
    check_id: str
    business_date: str
    at: str | None
    at_local: str | None
    zone: str
    tender: str
    amount: str
    tip: str
    void: PairedVoid | None
    gratuity: str | UnsetType = UNSET


class VoidRow(_Shape):
    """A void as the voids resource lists it."""

    id: str
    check_id: str
    check_business_date: str
    item_id: str
    amount: str
    reason: str
    at: str
    at_local: str
    by: str | None
    business_date: str
    zone: str


class Break(_Shape):
    """A pause inside a time entry."""

    start: str = msgspec.field(name="in")
    start_local: str = msgspec.field(name="inLocal", default="")
    end: str | None = msgspec.field(name="out", default=None)
    end_local: str | None = msgspec.field(name="outLocal", default=None)
    paid: bool = False


class TimeEntry(_Shape):
    """One person's time at one job, from clocking in to clocking out."""

    id: str
    staff_id: str
    job_id: str
    actual_rate: str
    start: str = msgspec.field(name="in")
    start_local: str = msgspec.field(name="inLocal", default="")
    end: str | None = msgspec.field(name="out", default=None)
    end_local: str | None = msgspec.field(name="outLocal", default=None)
    zone: str = ""
    business_date: str = ""
    breaks: list[Break] = []
    declared_tips: str = "0.00"
    charge_tips: str = "0.00"
    terminal: str | None = None
    modified_at: str = ""
    modified_at_local: str = ""
    hours: str = "0.00"
    pay: str = "0.00"


class StaffJob(_Shape):
    """What a person earns per hour at a job."""

    job_id: str
    rate: str


class Person(_Shape):
    """Somebody on the staff list."""

    id: str
    first_name: str
    last_name: str
    address: str | None = None
    phone: str | None = None
    ssn: str | None = None
    email: str | None = None
    date_of_birth: str | None = None
    pos_id: str | None = None
    hire_date: str | None = None
    payroll_id: str | None = None
    active: bool = True
    jobs: list[StaffJob] = []


class Job(_Shape):
    """A job and its usual hourly rate."""

    id: str
    code: str
    name: str
    rate: str


class Deposit(_Shape):
    """Cash brought to the bank or dropped into the safe."""

    id: str
    number: str
    amount: str
    business_date: str
    created_at: str
    created_at_local: str
    zone: str
    closed_at: str | None = None
    closed_at_local: str | None = None
    by: str | None = None


class PaidInOut(_Shape):
    """Money put into or taken out of a till for anything but a sale."""

    id: str
    type: str
    name: str
    amount: str
    affects_cash: bool
    at: str
    at_local: str
    business_date: str
    zone: str
    by: str | None = None
    notes: str | None = None
    purpose: str | UnsetType = UNSET


class Row(NamedTuple):
    """A row as it is served.

    Attributes:
        at: microseconds since 1970 by which the resource is ordered (0 where it is ordered by id alone).
        id: the row's id, second in the order.
        modified: microseconds since 1970 at which it last changed at the server.
        text: its JSON.
        until: microseconds since 1970 at which it ends, for rows that last; else ``at``.
    """

    at: int
    id: str
    modified: int
    text: bytes
    until: int = 0


_encoder = msgspec.json.Encoder()
encode = _encoder.encode
