"""Sales Detail, and the kinds whose rows hang on a check: payments, discounts, voids, refunds and what else it has."""

from typing import Final

from adapters.files.kinds.columns import Column, Kind
from adapters.files.kinds.rules import OneOf, Together

_CHECK: Final = "sales-detail.CheckNumber"
_ITEM: Final = "menu-items.ItemNumber"
_EMPLOYEE: Final = "employees.EmployeeId"
_TENDER: Final = "tenders.Number"
_DRAWER: Final = "tills.DrawerNumber"
_TAX: Final = "tax-definitions.Number"


def _reductions(prefix: str, *, noun: str, name: str) -> tuple[Column, ...]:
    """The six columns of a comp or promo; the official tables have them four times."""
    return (
        Column(f"{prefix}{noun}_{noun}Name", "name", sample=name),
        Column(f"{prefix}{noun}_EmployeeNumber", "key", joins=_EMPLOYEE, sample="101"),
        Column(f"{prefix}{noun}_RevenueCenterName", "name", sample="Dining Room"),
        Column(f"{prefix}{noun}_Time", "moment", sample="11/20/2026 18:40:00"),
        Column(f"{prefix}{noun}_Amount", "money", sample="2.00"),
        Column(f"{prefix}{noun}_DrawerNumber", "key", joins=_DRAWER, sample="1"),
    )


def _reduction(prefix: str, noun: str) -> Together:
    """The rule of those six columns: a comp or promo has a name and an amount."""
    start = f"{prefix}{noun}_"
    return Together(
        noun.lower(),
        (f"{start}{noun}Name", f"{start}Amount"),
        (f"{start}EmployeeNumber", f"{start}RevenueCenterName", f"{start}Time", f"{start}DrawerNumber"),
    )


_MODIFIER: Final = Together(
    "modifier",
    ("ItemSale_Modifiers_ItemNumber", "ItemSale_Modifiers_Quantity", "ItemSale_Modfiers_GrossAmount"),
)

SALES_DETAIL: Final = Kind(
    "sales-detail",
    "Sales Detail",
    (
        Column("CheckNumber", "key", required=True, sample="1001"),
        Column("OpenTime", "moment", sample="11/20/2026 18:05:00"),
        Column("CloseTime", "moment", required=True, sample="11/20/2026 19:10:30"),
        Column("RevenueCenterName", "name", sample="Dining Room"),
        Column("OrderModeName", "name", sample="Dine In"),
        Column("EmployeeNumber", "key", joins=_EMPLOYEE, sample="101"),
        Column("GuestCount", "integer", sample="2"),
        Column("TableName", "name", sample="12"),
        Column("ItemSale_EmployeeNumber", "key", joins=_EMPLOYEE, sample="101"),
        Column("ItemSale_TicketItemNumber", "ordinal", required=True, sample="1"),
        Column("ItemSale_ItemNumber", "key", required=True, joins=_ITEM, sample="2001"),
        Column("ItemSale_RevenueCenterName", "name", sample="Dining Room"),
        Column("ItemSale_Time", "moment", sample="11/20/2026 18:20:00"),
        Column("ItemSale_Quantity", "integer", sample="1"),
        Column("ItemSale_GrossAmount", "money", required=True, sample="12.50"),
        Column("ItemSale_Modifiers_ItemNumber", "key", joins=_ITEM, sample="2101"),
        Column("ItemSale_Modifiers_Quantity", "integer", sample="1"),
        Column(
            "ItemSale_Modfiers_GrossAmount",  # the official spelling
            "money",
            sample="1.50",
            aliases=("ItemSale_Modifiers_GrossAmount",),
        ),
        *_reductions("ItemSale_", noun="Comp", name="Manager Comp"),
        *_reductions("ItemSale_", noun="Promo", name="Happy Hour"),
    ),
    order=20,
    day_from="moment",
    dated_by=("CloseTime",),
    rules=(_MODIFIER, _reduction("ItemSale_", "Comp"), _reduction("ItemSale_", "Promo")),
    repeats=8,
    seldom=12,
)

PAYMENTS: Final = Kind(
    "payments",
    "Payments",
    (
        Column("Payment_CheckNumber", "key", required=True, joins=_CHECK, sample="1001"),
        Column("Payment_EmployeeNumber", "key", joins=_EMPLOYEE, sample="101"),
        Column("Payment_GuestName", "name", personal=True, sample="A. Guest"),
        Column("Payment_TenderIdentity", "last-four", sample="4242"),
        Column("Payment_TenderNumber", "digits", required=True, joins=_TENDER, sample="2"),
        Column("Payment_Time", "moment", sample="11/20/2026 19:10:00"),
        Column("Payment_Tip", "money", sample="3.00"),
        Column("Payment_RevenueCenterName", "name", sample="Dining Room"),
        Column("Payment_BaseAmount", "money", required=True, sample="14.02"),
        Column("Payment_DrawerNumber", "key", joins=_DRAWER, sample="1"),
        Column("Payment_AutoGratuityName", "name", sample="Large Party"),
        Column("Payment_AutogratuityAmount", "money", sample="0.00"),
    ),
    order=30,
    day_from="moment",
    dated_by=("Payment_Time",),
    slack_days=1,
)

DISCOUNTS: Final = Kind(
    "discounts",
    "Discounts",
    (
        Column("CompPromo_CheckNumber", "key", required=True, joins=_CHECK, sample="1001"),
        *_reductions("", noun="Comp", name="Manager Comp"),
        *_reductions("", noun="Promo", name="Happy Hour"),
    ),
    order=31,
    day_from="moment",
    dated_by=("Comp_Time", "Promo_Time"),
    slack_days=1,
    rules=(
        _reduction("", "Comp"),
        _reduction("", "Promo"),
        OneOf(
            ("Comp_CompName", "Comp_Amount", "Promo_PromoName", "Promo_Amount"),
            "A discount needs a comp (Comp_CompName and Comp_Amount) or a promo (Promo_PromoName and Promo_Amount).",
        ),
    ),
    one_of=(("Comp_CompName", "Comp_Amount"), ("Promo_PromoName", "Promo_Amount")),
)

VOIDS: Final = Kind(
    "voids",
    "Voids",
    (
        Column("Void_CheckNumber", "key", required=True, joins=_CHECK, sample="1001"),
        Column("Void_ItemNumber", "key", joins=_ITEM, sample="2001"),
        Column("Void_EmployeeNumber", "key", joins=_EMPLOYEE, sample="101"),
        Column("Void_RevenueCenterName", "name", sample="Dining Room"),
        Column("Void_Time", "moment", sample="11/20/2026 18:30:00"),
        Column("Void_Amount", "money", required=True, sample="8.00"),
        Column("Void_Quantity", "integer", sample="1"),
        Column("Void_Name", "name", sample="Entry Error"),
        Column("Void_Notes", "text", sample="Rung twice"),
        Column("Void_DrawerNumber", "key", joins=_DRAWER, sample="1"),
    ),
    order=32,
    day_from="moment",
    dated_by=("Void_Time",),
    slack_days=1,
)

REFUNDS: Final = Kind(
    "refunds",
    "Refunds",
    (
        Column("Refund_CheckNumber", "key", required=True, joins=_CHECK, sample="1001"),
        Column("Refund_EmployeeNumber", "key", joins=_EMPLOYEE, sample="101"),
        Column("Refund_Time", "moment", sample="11/20/2026 20:15:00"),
        Column("Refund_RevenueCenterName", "name", sample="Dining Room"),
        Column("Refund_DaypartName", "name", sample="Dinner"),
        Column("Refund_ItemNumber", "key", joins=_ITEM, sample="2001"),
        Column("Refund_ManagerEmployeeNumber", "key", joins=_EMPLOYEE, sample="100"),
        Column("Refund_OrderModeName", "name", sample="Dine In"),
        Column("Refund_RefundName", "name", sample="Cold Food"),
        Column("Refund_TenderNumber", "key", joins=_TENDER, sample="2"),
        Column("Refund_DrawerNumber", "key", joins=_DRAWER, sample="1"),
        Column("Refund_Notes", "text", sample="Sent back"),
        Column("Refund_TaxAmount", "money", sample="1.03"),
        Column("Refund_TaxNumber", "digits", joins=_TAX, sample="1"),
        Column("Refund_Amount", "money", required=True, sample="12.50"),
        Column("Refund_Quantity", "integer", sample="1"),
    ),
    order=33,
    day_from="moment",
    dated_by=("Refund_Time",),
    slack_days=1,
)

SURCHARGES: Final = Kind(
    "surcharges",
    "Surcharges",
    (
        Column("Surcharge_CheckNumber", "key", required=True, joins=_CHECK, sample="1001"),
        Column("Surcharge_Amount", "money", required=True, sample="1.00"),
        Column("Surcharge_DaypartName", "name", sample="Dinner"),
        Column("Surcharge_EmployeeNumber", "key", joins=_EMPLOYEE, sample="101"),
        Column("Surcharge_RevenueCenterNumber", "key", sample="1"),
        Column("Surcharge_Time", "moment", sample="11/20/2026 19:00:00"),
        Column("Surcharge_Name", "name", required=True, sample="Kitchen Fee"),
    ),
    order=34,
    day_from="moment",
    dated_by=("Surcharge_Time",),
    slack_days=1,
)

NON_SALES_REVENUE: Final = Kind(
    "non-sales-revenue",
    "Non Sales Revenue",
    (
        Column("NonSalesRevenue_CheckNumber", "key", required=True, joins=_CHECK, sample="1001"),
        Column("NonSalesRevenue_Amount", "money", required=True, sample="25.00"),
        Column("NonSalesRevenue_Quantity", "integer", sample="1"),
        Column("NonSalesRevenue_DaypartName", "name", sample="Dinner"),
        Column("NonSalesRevenue_EmployeeNumber", "key", joins=_EMPLOYEE, sample="101"),
        Column("NonSalesRevenue_RevenueCenterName", "name", sample="Dining Room"),
        Column("NonSalesRevenue_Time", "moment", sample="11/20/2026 18:45:00"),
        Column("NonSalesRevenue_Name", "name", required=True, sample="Event Deposit"),
    ),
    order=35,
    day_from="moment",
    dated_by=("NonSalesRevenue_Time",),
    slack_days=1,
)

TAX_DETAILS: Final = Kind(
    "tax-details",
    "Tax Details",
    (
        Column("CheckNumber", "key", required=True, joins=_CHECK, sample="1001"),
        Column("Tax_TaxNumber", "key", required=True, joins=_TAX, sample="1"),
        Column("Tax_RevenueCenterName", "name", sample="Dining Room"),
        Column("Tax_Amount", "money", required=True, sample="1.03"),
        Column("IsInclusive", "flag", sample="False"),
    ),
    order=36,
)
