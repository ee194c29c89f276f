"""The shape of the Daily Sales Summary as the API answers it."""

from typing import Annotated

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


class TenderLine(Shape):
    """Payments with one tender; the amount is without tips."""

    name: str
    count: int
    amount: Amount
    tips: Amount


class AmountLine(Shape):
    """Something counted and summed under a name."""

    name: str
    count: int
    amount: Amount


class DiscountLine(AmountLine):
    """Discounts, comps or promos of one name."""

    kind: str


class LaborLine(Shape):
    """Labor of one job."""

    name: str
    punches: int
    hours: Number
    pay: Amount
    stated_hours: Number
    stated_pay: Amount


class Issue(Shape):
    """Something that a person should look at."""

    code: str
    message: str
    record: str


class Summary(Shape):
    """A Daily Sales Summary."""

    state: str
    generation: int
    configuration: int
    capture: str
    zone: str
    tickets: int
    open_tickets: int
    guests: int
    gross_sales: Amount
    discounts: Amount
    late_voids: Amount
    net_sales: Amount
    tax: Amount
    tips: Amount
    refunds: Amount
    by_category: list[CategoryLine]
    by_service_type: list[SalesLine]
    by_revenue_center: list[SalesLine]
    by_daypart: list[SalesLine]
    by_hour: list[SalesLine]
    payments: list[TenderLine]
    taxes: list[AmountLine]
    discounts_by_name: list[DiscountLine]
    voids_by_reason: list[AmountLine]
    late_voids_by_reason: list[AmountLine]
    paid_ins: list[AmountLine]
    paid_outs: list[AmountLine]
    tips_paid_out: Amount
    deposits: list[AmountLine]
    cash_payments: Amount
    expected_cash: Amount
    total_deposit: Amount | None
    over_short: Annotated[Amount | None, Field(description="null while it is unknown: no deposit has come.")]
    over_short_flagged: bool
    labor: list[LaborLine]
    labor_hours: Number
    labor_pay: Amount
    stated_labor_hours: Number
    stated_labor_pay: Amount
    labor_percent: Number | None
    adjustments: list[AmountLine]
    issue_count: int
    issues: list[Issue]


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


class DayList(Shape):
    """A page of days, by date and location."""

    data: list[DayFigures]
    next: str | None = Field(description="The cursor of the next page.")
