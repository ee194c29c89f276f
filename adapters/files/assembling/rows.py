"""Canonical rows of the import files, as the structs that they decode to.

A canonical row is an array with the text of every official column, in official order; the text of an empty cell is
empty. A test holds the fields to the columns. What nothing is made of keeps its place under its own name: dayparts of
checks (the times say them), the center of a comp (its item says it), notes of voids.
"""

import msgspec


class SaleHead(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a row of Sales Detail says of the check that it is of: its first cells."""

    check_number: str = ""
    opened: str = ""
    closed: str = ""
    center: str = ""
    mode: str = ""
    server: str = ""
    guests: str = ""
    table: str = ""


class SaleRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A row of Sales Detail without its head: an item, perhaps with one of its modifiers."""

    by: str = ""
    ordinal: str = ""
    number: str = ""
    item_center: str = ""
    sold_at: str = ""
    quantity: str = ""
    gross: str = ""
    modifier: str = ""
    modifier_quantity: str = ""
    modifier_gross: str = ""
    comp: str = ""
    comp_by: str = ""
    revenue_center_name: str = ""
    comp_at: str = ""
    comp_amount: str = ""
    comp_drawer: str = ""
    promo: str = ""
    promo_by: str = ""
    promo_revenue_center_name: str = ""
    promo_at: str = ""
    promo_amount: str = ""
    promo_drawer: str = ""


class PaymentRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A row of Payments."""

    check: str = ""
    by: str = ""
    guest_name: str = ""
    card: str = ""
    tender: str = ""
    at: str = ""
    tip: str = ""
    center: str = ""
    amount: str = ""
    drawer: str = ""
    gratuity_name: str = ""
    gratuity: str = ""


class DiscountRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A row of Discounts: a comp, a promo, or one of each."""

    check: str = ""
    comp: str = ""
    comp_by: str = ""
    comp_center: str = ""
    comp_at: str = ""
    comp_amount: str = ""
    comp_drawer: str = ""
    promo: str = ""
    promo_by: str = ""
    promo_center: str = ""
    promo_at: str = ""
    promo_amount: str = ""
    promo_drawer: str = ""


class VoidRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A row of Voids."""

    check: str = ""
    number: str = ""
    by: str = ""
    center: str = ""
    at: str = ""
    amount: str = ""
    quantity: str = ""
    name: str = ""
    notes: str = ""
    drawer_number: str = ""


class RefundRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A row of Refunds."""

    check: str = ""
    by: str = ""
    at: str = ""
    center: str = ""
    daypart_name: str = ""
    number: str = ""
    manager: str = ""
    mode: str = ""
    name: str = ""
    tender: str = ""
    drawer: str = ""
    notes: str = ""
    tax: str = ""
    tax_number: str = ""
    amount: str = ""
    quantity: str = ""


class SurchargeRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A row of Surcharges."""

    check: str = ""
    amount: str = ""
    daypart_name: str = ""
    by: str = ""
    center: str = ""
    at: str = ""
    name: str = ""


class NonSaleRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A row of Non Sales Revenue."""

    check: str = ""
    amount: str = ""
    quantity: str = ""
    daypart_name: str = ""
    by: str = ""
    center: str = ""
    at: str = ""
    name: str = ""


class TaxRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A row of Tax Details."""

    check: str = ""
    number: str = ""
    center: str = ""
    amount: str = ""
    inclusive: str = ""


class DepositRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A row of Deposits."""

    date: str = ""
    amount: str = ""
    daypart: str = ""
    by: str = ""
    number: str = ""
    center: str = ""
    closed: str = ""


class PaidInOutRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A row of Paid In / Outs."""

    amount: str = ""
    affects_cash: str = ""
    daypart: str = ""
    by: str = ""
    name: str = ""
    at: str = ""
    notes: str = ""


class TillRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A row of Tills."""

    business_date: str = ""
    drawer: str = ""
    expected: str = ""
    by: str = ""
    closed: str = ""
    closed_at: str = ""


class LaborRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A row of Labor Detail: a shift, or a break in one."""

    employee: str = ""
    shift: str = ""
    date: str = ""
    start: str = ""
    end: str = ""
    charge_tips: str = ""
    declared_tips: str = ""
    sales: str = ""
    job: str = ""
    job_name: str = ""
    rate: str = ""
    hours: str = ""
    unpaid_break: str = ""
    paid_break: str = ""


class EmployeeRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A row of Employees, sealed."""

    number: str = ""
    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    payroll_id: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    date_of_birth: str = ""
    inactive: str = ""


class HouseAccountRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A row of House Accounts, sealed."""

    number: str = ""
    name: str = ""
    address: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    email: str = ""


class JobRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A row of Jobs."""

    code: str = ""
    name: str = ""
    rate: str = ""
    description: str = ""


class MenuItemRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A row of Menu Items."""

    number: str = ""
    name: str = ""
    plu: str = ""
    category: str = ""
    cost: str = ""
    sku: str = ""


class TaxDefinitionRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A row of Tax Definitions."""

    number: str = ""
    name: str = ""
    rate: str = ""
    rate_type: str = ""
    inclusive: str = ""


class TenderRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A row of Tenders."""

    number: str = ""
    name: str = ""
    type: str = ""
