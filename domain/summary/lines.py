"""The shape of the Daily Sales Summary, line by line."""

from decimal import Decimal
from typing import Any, Final

import msgspec

from domain.records import plain_fields


class SalesLine(msgspec.Struct, frozen=True):
    """Sales of one service type, revenue center, daypart or hour."""

    name: str
    tickets: int
    guests: int
    gross_cents: int
    discounts_cents: int
    net_cents: int


class CategoryLine(msgspec.Struct, frozen=True):
    """Gross sales of one category of items, before discounts; refunds lower it."""

    name: str
    quantity_milli: int
    gross_cents: int


class TenderLine(msgspec.Struct, frozen=True):
    """Payments with one tender: amounts without tips, and the tips."""

    name: str
    count: int
    amount_cents: int
    tips_cents: int


class AmountLine(msgspec.Struct, frozen=True):
    """Something counted and summed under a name: taxes, voids by reason, paid outs, adjustments by cause."""

    name: str
    count: int
    amount_cents: int


class DiscountLine(msgspec.Struct, frozen=True):
    """Discounts, comps or promos of one name."""

    name: str
    kind: str
    count: int
    amount_cents: int


class LaborLine(msgspec.Struct, frozen=True):
    """Labor of one job.

    Attributes:
        name: the job's name, or its id where the source gave none.
        punches: counted, excluded ones too.
        hours: worked, without unpaid breaks, to four places.
        pay_cents: our hours × rate, rounded per punch.
        stated_hours: what the source says.
        stated_pay_cents: what the source says.
    """

    name: str
    punches: int
    hours: Decimal
    pay_cents: int
    stated_hours: Decimal
    stated_pay_cents: int


class Issue(msgspec.Struct, frozen=True):
    """Something that a person should look at; it blocks nothing.

    Attributes:
        code: stable.
        message: a sentence.
        record: what it is about, ``kind/key``, or empty for the day.
    """

    code: str
    message: str
    record: str = ""


class DailySalesSummary(msgspec.Struct, frozen=True):
    """One business day of one location, summed up. Amounts in cents.

    Attributes:
        state: ``missing`` or ``in progress``.
        generation: which reading of the day this is.
        configuration: the version it was translated with.
        capture: the digest of the source's newest answer.
        gross_sales_cents: sales details that were not voided, without taxes; refunds lower it.
        discounts_cents: discounts, comps and promos.
        late_voids_cents: voids of tickets of earlier days, which count today.
        net_sales_cents: gross − discounts − late voids.
        tax_cents: as the configuration counts it.
        tips_cents: on payments.
        refunds_cents: the part of gross that is refunds, as a positive amount.
        cash_payments_cents: with their tips.
        expected_cash_cents: cash payments + paid ins − paid outs − charge tips paid out in cash.
        total_deposit_cents: None while there is no deposit.
        over_short_cents: deposits − expected cash; None (unknown) while there is no deposit.
        labor_percent: labor pay in percent of net sales, two places; None where net sales are not positive.
        issue_count: all issues, also those past the bound of the list.
    """

    state: str
    generation: int
    configuration: int
    capture: str
    zone: str
    tickets: int
    open_tickets: int
    guests: int
    gross_sales_cents: int
    discounts_cents: int
    late_voids_cents: int
    net_sales_cents: int
    tax_cents: int
    tips_cents: int
    refunds_cents: int
    by_category: tuple[CategoryLine, ...]
    by_service_type: tuple[SalesLine, ...]
    by_revenue_center: tuple[SalesLine, ...]
    by_daypart: tuple[SalesLine, ...]
    by_hour: tuple[SalesLine, ...]
    payments: tuple[TenderLine, ...]
    taxes: tuple[AmountLine, ...]
    discounts_by_name: tuple[DiscountLine, ...]
    voids_by_reason: tuple[AmountLine, ...]
    late_voids_by_reason: tuple[AmountLine, ...]
    paid_ins: tuple[AmountLine, ...]
    paid_outs: tuple[AmountLine, ...]
    tips_paid_out_cents: int
    deposits: tuple[AmountLine, ...]
    cash_payments_cents: int
    expected_cash_cents: int
    total_deposit_cents: int | None
    over_short_cents: int | None
    over_short_flagged: bool
    labor: tuple[LaborLine, ...]
    labor_hours: Decimal
    labor_pay_cents: int
    stated_labor_hours: Decimal
    stated_labor_pay_cents: int
    labor_percent: Decimal | None
    adjustments: tuple[AmountLine, ...]
    issue_count: int
    issues: tuple[Issue, ...]


_ENCODE: Final = msgspec.json.Encoder(decimal_format="string").encode


def summary_bytes(summary: DailySalesSummary) -> bytes:
    """The summary's canonical bytes: equal summaries have equal bytes."""
    return _ENCODE(summary)


def plain_summary(summary: DailySalesSummary | bytes) -> dict[str, Any]:
    """The summary as plain JSON with decimal strings: ``net_sales_cents: 48000`` becomes ``net_sales: "480.00"``."""
    plain: dict[str, Any] = plain_fields(summary if isinstance(summary, bytes) else _ENCODE(summary))
    return plain
