"""The Daily Sales Summary as one document, and its canonical bytes."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec

from domain.records import plain_fields
from domain.summary.lines import (
    NO_HOURS,
    AmountLine,
    CategoryLine,
    CategoryServiceLine,
    CommentLine,
    DiscountLine,
    FeedLine,
    Issue,
    LaborLine,
    PaidLine,
    RefundLine,
    RemainderLine,
    SalesLine,
    TenderLine,
    TillLine,
)

# Fields with a default came later. They are left out while they say nothing, so that the bytes of what was approved
# before stay what they were.
_LATER: Final[dict[str, Any]] = {
    "labor_overtime_hours": str(NO_HOURS),
    "labor_premium": "0.00",
    "comments": [],
    "tags": [],
}
"""What came to the summary later, as it reads where a document does not say it: documents of before have none of it."""

_LATER_OF_LABOR: Final = {"overtime_hours": str(NO_HOURS), "premium": "0.00"}
"""The same of a line of labor."""


class DailySalesSummary(msgspec.Struct, frozen=True, omit_defaults=True):
    """One business day of one location, summed up. Amounts in cents.

    Attributes:
        state: ``missing``, ``in progress``, ``completed`` or ``approved``.
        generation: which reading of the day this is.
        configuration: the version it was translated with, of the connection that feeds the tickets.
        capture: the digest of that source's newest answer.
        feeds: every connection that brought something, with its configuration and capture.
        late_changes: changes that came to light after the approval, and change nothing.
        gross_sales_cents: sales details that were not voided, without taxes; refunds lower it.
        discounts_cents: discounts, comps and promos.
        late_voids_cents: voids of tickets of earlier days, which count today.
        net_sales_cents: gross − discounts − late voids.
        tax_cents: as the configuration counts it, less the tax of refunds; never a marketplace's.
        facilitator_tax_cents: tax that marketplaces collect and pay, where it stands on both sides of the tickets.
        tips_cents: on payments, automatic gratuities included.
        gratuities_cents: the part of the tips that are automatic gratuities.
        surcharges_cents: charges on top of the sales that are no sales.
        non_sales_cents: revenue that is no sale yet, for example gift cards sold.
        refunds_cents: what refunds took from the gross sales, as a positive amount: negative lines, and those listed
            beside the lines.
        by_category_and_service_type: the cross of both.
        taxes: our own, by name.
        facilitator_taxes: under their own name.
        payments: by tender.
        refunds_by_name: those that the source lists beside the lines.
        adjustments: what the tickets' identity leaves, by cause.
        tips_paid_out_cents: charge tips that were paid out in cash.
        cash_payments_cents: with their tips, less cash refunds.
        expected_cash_cents: cash payments + paid ins − paid outs − charge tips paid out in cash.
        total_deposit_cents: None while there is no deposit.
        over_short_cents: deposits − expected cash; None (unknown) while there is no deposit, or they are not imported.
        tills_expected_cents: what the source expects in all tills; None where it lists none.
        tills_difference_cents: our expected cash less that; None likewise.
        labor_hours_variance: ours less the source's, of the punches of which it states hours; None where of none.
        labor_pay_variance_cents: likewise of pay, without the premium of overtime.
        labor_percent: labor pay in percent of net sales, two places; None where net sales are not positive.
        remainders: what of the venue's day other revenue centers have.
        unassigned_cents: the net sales of those that no location keeps.
        issue_count: all issues, also those past the bound of the list.
        labor_overtime_hours: of the hours, those that are overtime.
        labor_premium_cents: of the pay, what overtime is paid on top of the rate.
        comments: that people entered, in the order of entering.
        tags: likewise, in alphabetical order.
    """

    state: str
    generation: int
    configuration: int
    capture: str
    feeds: tuple[FeedLine, ...]
    late_changes: int
    zone: str
    tickets: int
    open_tickets: int
    guests: int
    gross_sales_cents: int
    discounts_cents: int
    late_voids_cents: int
    net_sales_cents: int
    tax_cents: int
    facilitator_tax_cents: int
    tips_cents: int
    gratuities_cents: int
    surcharges_cents: int
    non_sales_cents: int
    refunds_cents: int
    by_category: tuple[CategoryLine, ...]
    by_category_and_service_type: tuple[CategoryServiceLine, ...]
    by_service_type: tuple[SalesLine, ...]
    by_revenue_center: tuple[SalesLine, ...]
    by_daypart: tuple[SalesLine, ...]
    by_hour: tuple[SalesLine, ...]
    payments: tuple[TenderLine, ...]
    taxes: tuple[AmountLine, ...]
    facilitator_taxes: tuple[AmountLine, ...]
    discounts_by_name: tuple[DiscountLine, ...]
    surcharges_by_name: tuple[AmountLine, ...]
    non_sales_by_name: tuple[AmountLine, ...]
    refunds_by_name: tuple[RefundLine, ...]
    voids_by_reason: tuple[AmountLine, ...]
    late_voids_by_reason: tuple[AmountLine, ...]
    adjustments: tuple[AmountLine, ...]
    paid_ins: tuple[PaidLine, ...]
    paid_outs: tuple[PaidLine, ...]
    tips_paid_out_cents: int
    deposits: tuple[AmountLine, ...]
    tills: tuple[TillLine, ...]
    cash_payments_cents: int
    expected_cash_cents: int
    total_deposit_cents: int | None
    over_short_cents: int | None
    tills_expected_cents: int | None
    tills_difference_cents: int | None
    labor: tuple[LaborLine, ...]
    labor_hours: Decimal
    labor_pay_cents: int
    stated_labor_hours: Decimal
    stated_labor_pay_cents: int
    labor_hours_variance: Decimal | None
    labor_pay_variance_cents: int | None
    labor_percent: Decimal | None
    remainders: tuple[RemainderLine, ...]
    unassigned_cents: int
    issue_count: int
    issues: tuple[Issue, ...]
    labor_overtime_hours: Decimal = NO_HOURS
    labor_premium_cents: int = 0
    comments: tuple[CommentLine, ...] = ()
    tags: tuple[str, ...] = ()


_ENCODE: Final = msgspec.json.Encoder(decimal_format="string").encode
_DECODE: Final = msgspec.json.Decoder(DailySalesSummary).decode


def summary_bytes(summary: DailySalesSummary) -> bytes:
    """The summary's canonical bytes: equal summaries have equal bytes."""
    return _ENCODE(summary)


def summary_of_bytes(document: bytes) -> DailySalesSummary:
    """The summary of its canonical bytes."""
    return _DECODE(document)


def plain_summary(summary: DailySalesSummary | bytes) -> dict[str, Any]:
    """The summary as plain JSON with decimal strings: ``net_sales_cents: 48000`` becomes ``net_sales: "480.00"``."""
    plain: dict[str, Any] = plain_fields(summary if isinstance(summary, bytes) else _ENCODE(summary))
    before = {name: value for name, value in plain.items() if name not in _LATER}
    before["labor"] = [{**line, **_said_later(line, _LATER_OF_LABOR)} for line in plain["labor"]]
    return {**before, **_said_later(plain, _LATER)}


def _said_later(plain: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain.get(name, default) for name, default in later.items()}
