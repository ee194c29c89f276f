"""Canonical rows of the import files: the columns that a day is made of, and no others.

All cells are text, and a cell that is not there was empty. Columns that nothing is made of are passed over: dayparts of
checks (the times say them), the center of a comp (its item says it), notes of voids.

Fields stand in the official order of their columns: so they are found at once.
"""

import msgspec


class SaleRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A row of Sales Detail: an item, perhaps with one of its modifiers."""

    opened: str = msgspec.field(name="OpenTime", default="")
    closed: str = msgspec.field(name="CloseTime")
    center: str = msgspec.field(name="RevenueCenterName", default="")
    mode: str = msgspec.field(name="OrderModeName", default="")
    server: str = msgspec.field(name="EmployeeNumber", default="")
    guests: str = msgspec.field(name="GuestCount", default="")
    table: str = msgspec.field(name="TableName", default="")
    by: str = msgspec.field(name="ItemSale_EmployeeNumber", default="")
    ordinal: str = msgspec.field(name="ItemSale_TicketItemNumber")
    number: str = msgspec.field(name="ItemSale_ItemNumber")
    item_center: str = msgspec.field(name="ItemSale_RevenueCenterName", default="")
    sold_at: str = msgspec.field(name="ItemSale_Time", default="")
    quantity: str = msgspec.field(name="ItemSale_Quantity", default="")
    gross: str = msgspec.field(name="ItemSale_GrossAmount")
    modifier: str = msgspec.field(name="ItemSale_Modifiers_ItemNumber", default="")
    modifier_quantity: str = msgspec.field(name="ItemSale_Modifiers_Quantity", default="")
    modifier_gross: str = msgspec.field(name="ItemSale_Modfiers_GrossAmount", default="")
    comp: str = msgspec.field(name="ItemSale_Comp_CompName", default="")
    comp_by: str = msgspec.field(name="ItemSale_Comp_EmployeeNumber", default="")
    comp_at: str = msgspec.field(name="ItemSale_Comp_Time", default="")
    comp_amount: str = msgspec.field(name="ItemSale_Comp_Amount", default="")
    comp_drawer: str = msgspec.field(name="ItemSale_Comp_DrawerNumber", default="")
    promo: str = msgspec.field(name="ItemSale_Promo_PromoName", default="")
    promo_by: str = msgspec.field(name="ItemSale_Promo_EmployeeNumber", default="")
    promo_at: str = msgspec.field(name="ItemSale_Promo_Time", default="")
    promo_amount: str = msgspec.field(name="ItemSale_Promo_Amount", default="")
    promo_drawer: str = msgspec.field(name="ItemSale_Promo_DrawerNumber", default="")


class SaleHead(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a row of Sales Detail refers to."""

    check: str = msgspec.field(name="CheckNumber")
    server: str = msgspec.field(name="EmployeeNumber", default="")
    by: str = msgspec.field(name="ItemSale_EmployeeNumber", default="")
    number: str = msgspec.field(name="ItemSale_ItemNumber")
    modifier: str = msgspec.field(name="ItemSale_Modifiers_ItemNumber", default="")
    comp_by: str = msgspec.field(name="ItemSale_Comp_EmployeeNumber", default="")
    promo_by: str = msgspec.field(name="ItemSale_Promo_EmployeeNumber", default="")


class PaymentRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A row of Payments."""

    check: str = msgspec.field(name="Payment_CheckNumber")
    by: str = msgspec.field(name="Payment_EmployeeNumber", default="")
    card: str = msgspec.field(name="Payment_TenderIdentity", default="")
    tender: str = msgspec.field(name="Payment_TenderNumber")
    at: str = msgspec.field(name="Payment_Time", default="")
    tip: str = msgspec.field(name="Payment_Tip", default="")
    center: str = msgspec.field(name="Payment_RevenueCenterName", default="")
    amount: str = msgspec.field(name="Payment_BaseAmount")
    drawer: str = msgspec.field(name="Payment_DrawerNumber", default="")
    gratuity_name: str = msgspec.field(name="Payment_AutoGratuityName", default="")
    gratuity: str = msgspec.field(name="Payment_AutogratuityAmount", default="")


class DiscountRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A row of Discounts: a comp, a promo, or one of each."""

    check: str = msgspec.field(name="CompPromo_CheckNumber")
    comp: str = msgspec.field(name="Comp_CompName", default="")
    comp_by: str = msgspec.field(name="Comp_EmployeeNumber", default="")
    comp_center: str = msgspec.field(name="Comp_RevenueCenterName", default="")
    comp_at: str = msgspec.field(name="Comp_Time", default="")
    comp_amount: str = msgspec.field(name="Comp_Amount", default="")
    comp_drawer: str = msgspec.field(name="Comp_DrawerNumber", default="")
    promo: str = msgspec.field(name="Promo_PromoName", default="")
    promo_by: str = msgspec.field(name="Promo_EmployeeNumber", default="")
    promo_center: str = msgspec.field(name="Promo_RevenueCenterName", default="")
    promo_at: str = msgspec.field(name="Promo_Time", default="")
    promo_amount: str = msgspec.field(name="Promo_Amount", default="")
    promo_drawer: str = msgspec.field(name="Promo_DrawerNumber", default="")


class VoidRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A row of Voids."""

    check: str = msgspec.field(name="Void_CheckNumber")
    number: str = msgspec.field(name="Void_ItemNumber", default="")
    by: str = msgspec.field(name="Void_EmployeeNumber", default="")
    center: str = msgspec.field(name="Void_RevenueCenterName", default="")
    at: str = msgspec.field(name="Void_Time", default="")
    amount: str = msgspec.field(name="Void_Amount")
    quantity: str = msgspec.field(name="Void_Quantity", default="")
    name: str = msgspec.field(name="Void_Name", default="")


class RefundRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A row of Refunds."""

    check: str = msgspec.field(name="Refund_CheckNumber")
    by: str = msgspec.field(name="Refund_EmployeeNumber", default="")
    at: str = msgspec.field(name="Refund_Time", default="")
    center: str = msgspec.field(name="Refund_RevenueCenterName", default="")
    number: str = msgspec.field(name="Refund_ItemNumber", default="")
    manager: str = msgspec.field(name="Refund_ManagerEmployeeNumber", default="")
    mode: str = msgspec.field(name="Refund_OrderModeName", default="")
    name: str = msgspec.field(name="Refund_RefundName", default="")
    tender: str = msgspec.field(name="Refund_TenderNumber", default="")
    drawer: str = msgspec.field(name="Refund_DrawerNumber", default="")
    notes: str = msgspec.field(name="Refund_Notes", default="")
    tax: str = msgspec.field(name="Refund_TaxAmount", default="")
    tax_number: str = msgspec.field(name="Refund_TaxNumber", default="")
    amount: str = msgspec.field(name="Refund_Amount")
    quantity: str = msgspec.field(name="Refund_Quantity", default="")


class SurchargeRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A row of Surcharges."""

    check: str = msgspec.field(name="Surcharge_CheckNumber")
    amount: str = msgspec.field(name="Surcharge_Amount")
    by: str = msgspec.field(name="Surcharge_EmployeeNumber", default="")
    center: str = msgspec.field(name="Surcharge_RevenueCenterNumber", default="")
    at: str = msgspec.field(name="Surcharge_Time", default="")
    name: str = msgspec.field(name="Surcharge_Name")


class NonSaleRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A row of Non Sales Revenue."""

    check: str = msgspec.field(name="NonSalesRevenue_CheckNumber")
    amount: str = msgspec.field(name="NonSalesRevenue_Amount")
    quantity: str = msgspec.field(name="NonSalesRevenue_Quantity", default="")
    by: str = msgspec.field(name="NonSalesRevenue_EmployeeNumber", default="")
    center: str = msgspec.field(name="NonSalesRevenue_RevenueCenterName", default="")
    at: str = msgspec.field(name="NonSalesRevenue_Time", default="")
    name: str = msgspec.field(name="NonSalesRevenue_Name")


class TaxRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A row of Tax Details."""

    check: str = msgspec.field(name="CheckNumber")
    number: str = msgspec.field(name="Tax_TaxNumber")
    center: str = msgspec.field(name="Tax_RevenueCenterName", default="")
    amount: str = msgspec.field(name="Tax_Amount")
    inclusive: str = msgspec.field(name="IsInclusive", default="")


class DepositRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A row of Deposits."""

    date: str = msgspec.field(name="DepositDate")
    amount: str = msgspec.field(name="Amount")
    daypart: str = msgspec.field(name="DaypartName", default="")
    by: str = msgspec.field(name="EmployeeNumber", default="")
    number: str = msgspec.field(name="Number", default="")
    center: str = msgspec.field(name="RevenueCenterName", default="")
    closed: str = msgspec.field(name="ClosedTime", default="")


class PaidInOutRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A row of Paid In / Outs."""

    amount: str = msgspec.field(name="Amount")
    affects_cash: str = msgspec.field(name="AffectsCash", default="")
    daypart: str = msgspec.field(name="DaypartName", default="")
    by: str = msgspec.field(name="EmployeeNumber", default="")
    name: str = msgspec.field(name="PaidInOutName")
    at: str = msgspec.field(name="Time", default="")
    notes: str = msgspec.field(name="Notes", default="")


class TillRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A row of Tills."""

    drawer: str = msgspec.field(name="DrawerNumber")
    expected: str = msgspec.field(name="ExpectedAmount")
    by: str = msgspec.field(name="EmployeeNumber", default="")
    closed: str = msgspec.field(name="IsClosed")
    closed_at: str = msgspec.field(name="ClosedTime", default="")


class LaborRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A row of Labor Detail: a shift, or a break in one."""

    employee: str = msgspec.field(name="EmployeeNumber")
    shift: str = msgspec.field(name="ShiftNumber")
    date: str = msgspec.field(name="ClockInDate")
    start: str = msgspec.field(name="ClockInTime")
    end: str = msgspec.field(name="ClockOutTime")
    charge_tips: str = msgspec.field(name="CreditTips", default="")
    declared_tips: str = msgspec.field(name="DeclaredTips", default="")
    sales: str = msgspec.field(name="Sales", default="")
    job: str = msgspec.field(name="JobCode", default="")
    job_name: str = msgspec.field(name="JobName", default="")
    rate: str = msgspec.field(name="PayRate", default="")
    hours: str = msgspec.field(name="RegularHours", default="")
    unpaid_break: str = msgspec.field(name="IsUnpaidBreak", default="")
    paid_break: str = msgspec.field(name="IsPaidBreak", default="")


class EmployeeRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A row of Employees, sealed."""

    number: str = msgspec.field(name="EmployeeId")
    person: str = msgspec.field(name="person")
    first_name: str = msgspec.field(name="FirstName", default="")
    middle_name: str = msgspec.field(name="MiddleName", default="")
    last_name: str = msgspec.field(name="LastName", default="")
    payroll_id: str = msgspec.field(name="PayrollId", default="")
    email: str = msgspec.field(name="Email", default="")
    phone: str = msgspec.field(name="Phone", default="")
    address: str = msgspec.field(name="Address", default="")
    date_of_birth: str = msgspec.field(name="Birthdate", default="")
    inactive: str = msgspec.field(name="IsInactive", default="")


class HouseAccountRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A row of House Accounts, sealed."""

    number: str = msgspec.field(name="HouseAccountNumber")
    name: str = msgspec.field(name="HouseAccountName")
    person: str = msgspec.field(name="person")
    address: str = msgspec.field(name="Address", default="")
    city: str = msgspec.field(name="City", default="")
    state: str = msgspec.field(name="State", default="")
    postal_code: str = msgspec.field(name="PostalCode", default="")
    first_name: str = msgspec.field(name="FirstName", default="")
    last_name: str = msgspec.field(name="LastName", default="")
    phone: str = msgspec.field(name="PhoneNumber", default="")
    email: str = msgspec.field(name="EmailAddress", default="")


class JobRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A row of Jobs."""

    code: str = msgspec.field(name="JobCode")
    name: str = msgspec.field(name="JobName")
    rate: str = msgspec.field(name="DefaultPayRate", default="")
    description: str = msgspec.field(name="JobDescription", default="")


class MenuItemRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A row of Menu Items."""

    number: str = msgspec.field(name="ItemNumber")
    name: str = msgspec.field(name="ItemName")
    plu: str = msgspec.field(name="PLU", default="")
    category: str = msgspec.field(name="CategoryName", default="")
    cost: str = msgspec.field(name="ItemCost", default="")
    sku: str = msgspec.field(name="SKU", default="")


class TaxDefinitionRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A row of Tax Definitions."""

    number: str = msgspec.field(name="Number")
    name: str = msgspec.field(name="Name")
    rate: str = msgspec.field(name="Rate", default="")
    rate_type: str = msgspec.field(name="RateType", default="")
    inclusive: str = msgspec.field(name="IsInclusive", default="")


class TenderRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A row of Tenders."""

    number: str = msgspec.field(name="Number")
    name: str = msgspec.field(name="Name")
    type: str = msgspec.field(name="Type", default="")
