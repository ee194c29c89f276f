"""The shape of the Daily Sales Summary as the API answers it."""

from typing import Annotated, Any

from pydantic import Field

from api.http.models import Amount, BusinessDate, Number, Shape


class SalesLine(Shape):
    """Sales of one service type, revenue center, daypart or hour."""

    name: str
    tickets: int
    guests: int
    gross: Amount
    discounts: Amount
    net: Amount


class CategoryLine(Shape):
    """Gross sales of one category of items."""

    name: str
    quantity: Number
    gross: Amount


class CategoryServiceLine(Shape):
    """Gross sales of one category in one service type."""

    category: str
    service_type: str
    quantity: Number
    gross: Amount


class TenderLine(Shape):
    """Payments with one tender; the amount is without tips, less refunds."""

    name: str
    type: str
    cash: bool
    count: int
    amount: Amount
    tips: Amount = Field(description="Automatic gratuities included.")
    gratuities: Amount
    refunds: Amount


class AmountLine(Shape):
    """Something counted and summed under a name."""

    name: str
    count: int
    amount: Amount


class DiscountLine(AmountLine):
    """Discounts, comps or promos of one name."""

    kind: str


class RefundLine(AmountLine):
    """Refunds of one name that the source lists beside the tickets' lines."""

    in_details: bool = Field(description="The tickets' lines hold them already: here they are only shown.")
    tax: Amount


class PaidLine(AmountLine):
    """Paid ins or outs of one name."""

    affects_cash: bool


class TillLine(Shape):
    """A cash drawer: what the source expects in it beside our cash on it."""

    drawer: str
    closed: bool
    expected: Amount
    cash: Amount | None = Field(description="null where the source books no payment on a drawer.")
    difference: Amount | None = Field(description="Our cash less what the source expects.")


class LaborLine(Shape):
    """Labor of one job; variances are ours less the source's, null where it states nothing."""

    name: str
    punches: int
    hours: Number
    pay: Amount
    stated_hours: Number
    stated_pay: Amount
    hours_variance: Number | None
    pay_variance: Amount | None = Field(description="Without the premium.")
    overtime_hours: Number
    premium: Amount = Field(description="What overtime is paid on top of the rate; part of the pay.")


class RemainderLine(Shape):
    """What of the venue's day another revenue center has."""

    center: str
    location: str = Field(description="The location that keeps it; empty: it is unassigned.")
    tickets: int
    guests: int
    gross: Amount = Field(description="Refunds listed beside the lines are not taken off here.")
    discounts: Amount
    late_voids: Amount
    net: Amount
    refunds: Amount
    surcharges: Amount
    non_sales: Amount
    tax: Amount
    facilitator_tax: Amount
    payments: Amount
    tips: Amount
    adjustments: Amount
    deposits: Amount


class FeedLine(Shape):
    """A connection that brought records to the day."""

    connection: str
    configuration: int
    capture: str
    kinds: list[str]
    options: dict[str, Any] = Field(
        default={}, description="Polling options that a replay put over that version; absent: none."
    )


class Issue(Shape):
    """Something that a person should look at."""

    code: str
    message: str
    record: str


class CommentLine(Shape):
    """A comment that somebody entered on the day."""

    key: str
    text: str
    by: str


class Summary(Shape):
    """A Daily Sales Summary."""

    state: str
    generation: int
    configuration: int
    capture: str
    feeds: list[FeedLine]
    late_changes: int = Field(description="Changes that came to light after the approval, and change nothing.")
    zone: str
    tickets: int
    open_tickets: int
    guests: int
    gross_sales: Amount
    discounts: Amount
    late_voids: Amount
    net_sales: Amount
    tax: Amount
    facilitator_tax: Amount = Field(description="A marketplace's tax, on both sides of the tickets; never our own.")
    tips: Amount = Field(description="Automatic gratuities included.")
    gratuities: Amount
    surcharges: Amount
    non_sales: Amount
    refunds: Amount
    by_category: list[CategoryLine]
    by_category_and_service_type: list[CategoryServiceLine]
    by_service_type: list[SalesLine]
    by_revenue_center: list[SalesLine]
    by_daypart: list[SalesLine]
    by_hour: list[SalesLine]
    payments: list[TenderLine]
    taxes: list[AmountLine]
    facilitator_taxes: list[AmountLine]
    discounts_by_name: list[DiscountLine]
    surcharges_by_name: list[AmountLine]
    non_sales_by_name: list[AmountLine]
    refunds_by_name: list[RefundLine]
    voids_by_reason: list[AmountLine]
    late_voids_by_reason: list[AmountLine]
    adjustments: list[AmountLine]
    paid_ins: list[PaidLine]
    paid_outs: list[PaidLine]
    tips_paid_out: Amount
    deposits: list[AmountLine]
    tills: list[TillLine]
    cash_payments: Amount
    expected_cash: Amount
    total_deposit: Amount | None
    over_short: Annotated[
        Amount | None,
        Field(description="null while it is unknown: no deposit has come. Journal entries say whether it is flagged."),
    ]
    tills_expected: Amount | None
    tills_difference: Amount | None
    labor: list[LaborLine]
    labor_hours: Number
    labor_pay: Amount
    stated_labor_hours: Number
    stated_labor_pay: Amount
    labor_hours_variance: Number | None
    labor_pay_variance: Amount | None
    labor_percent: Number | None
    remainders: list[RemainderLine]
    unassigned: Amount = Field(description="Net sales of revenue centers that no location keeps.")
    issue_count: int
    issues: list[Issue]
    comments: list[CommentLine]
    tags: list[str]
    labor_overtime_hours: Number
    labor_premium: Amount = Field(description="Of the labor pay, what overtime is paid on top of the rates.")


class DaySummary(Shape):
    """The Daily Sales Summary of one day, as recorded now or as known at a moment."""

    location: str
    date: BusinessDate
    version: int = Field(description="The version of the day's stream; the ETag.")
    as_of: int | None = Field(description="The log position that was asked for, or null for now.")
    summary: Summary


class DayFigures(Shape):
    """The main figures of one day."""

    location: str
    date: BusinessDate
    state: str
    generation: int
    version: int
    net_sales: Amount
    gross_sales: Amount
    tickets: int
    guests: int
    issue_count: int
    deleted: bool = Field(description="Somebody deleted its summary: it is missing until it is read again.")


class DayList(Shape):
    """A page of days, by date and location."""

    data: list[DayFigures]
    next: str | None = Field(description="The cursor of the next page.")
