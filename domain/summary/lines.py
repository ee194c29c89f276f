"""The lines of the Daily Sales Summary: one shape for each table that it has."""

from decimal import Decimal
from typing import Any, Final

import msgspec


class SalesLine(msgspec.Struct, frozen=True):
    """Sales of one service type, revenue center, daypart or hour.

    Tickets and guests are counted where the ticket is; a line that was sold elsewhere takes its amount there.
    """

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


class CategoryServiceLine(msgspec.Struct, frozen=True):
    """Gross sales of one category in one service type: what the journal credits."""

    category: str
    service_type: str
    quantity_milli: int
    gross_cents: int


class TenderLine(msgspec.Struct, frozen=True):
    """Payments with one tender.

    Attributes:
        name: the tender's name.
        type: its type, as the source says it, or empty.
        cash: it is cash, by its type or else by its name.
        count: payments.
        amount_cents: without tips and gratuities, less what was given back by it.
        tips_cents: tips on it, automatic gratuities included.
        gratuities_cents: the part of the tips that are automatic gratuities.
        refunds_cents: what was given back by it and is listed beside the tickets' lines, as a positive amount.
    """

    name: str
    type: str
    cash: bool
    count: int
    amount_cents: int
    tips_cents: int
    gratuities_cents: int
    refunds_cents: int


class AmountLine(msgspec.Struct, frozen=True):
    """Something counted and summed under a name: taxes, voids by reason, surcharges, adjustments by cause."""

    name: str
    count: int
    amount_cents: int


class DiscountLine(msgspec.Struct, frozen=True):
    """Discounts, comps or promos of one name."""

    name: str
    kind: str
    count: int
    amount_cents: int


class RefundLine(msgspec.Struct, frozen=True):
    """Refunds of one name that the source lists beside the tickets' lines.

    Attributes:
        name: what they are called.
        in_details: the tickets' lines hold them already: they count there, and are only shown here.
        count: how many.
        amount_cents: all that was given back, tax included, positive.
        tax_cents: the tax in it.
    """

    name: str
    in_details: bool
    count: int
    amount_cents: int
    tax_cents: int


class PaidLine(msgspec.Struct, frozen=True):
    """Paid ins or paid outs of one name.

    Attributes:
        affects_cash: they moved the cash in the drawer.
    """

    name: str
    affects_cash: bool
    count: int
    amount_cents: int


class TillLine(msgspec.Struct, frozen=True):
    """A cash drawer.

    Attributes:
        drawer: its number.
        closed: it was closed.
        expected_cents: the cash that should be in it, as the source states it.
        cash_cents: the cash payments with their tips that are booked on it, less refunds; None where the source books
            no payment on any drawer.
        difference_cents: that less what the source expects; None likewise. Cash that moved beside the payments, for
            example the float that the drawer began with, shows here.
    """

    drawer: str
    closed: bool
    expected_cents: int
    cash_cents: int | None
    difference_cents: int | None


NO_HOURS: Final = Decimal("0.0000")
"""This very object is left out of a document, so that days without overtime have the bytes that they always had."""


class LaborLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """Labor of one job.

    Attributes:
        name: the job's name, or its id where the source gave none.
        punches: counted, excluded ones too.
        hours: worked, without unpaid breaks, to four places.
        pay_cents: our hours × rate, rounded per punch, and the premium.
        stated_hours: what the source says, of the punches of which it says something.
        stated_pay_cents: likewise.
        hours_variance: our hours less the source's, of the punches of which it states hours; None where of none.
        pay_variance_cents: our pay without the premium less the source's, of the punches of which it states pay; None
            where of none.
        overtime_hours: of the hours, those that are overtime.
        premium_cents: what these are paid on top of the rate, rounded per punch.
    """

    name: str
    punches: int
    hours: Decimal
    pay_cents: int
    stated_hours: Decimal
    stated_pay_cents: int
    hours_variance: Decimal | None
    pay_variance_cents: int | None
    overtime_hours: Decimal = NO_HOURS
    premium_cents: int = 0


class RemainderLine(msgspec.Struct, frozen=True):
    """What of the venue's day another revenue center has, which this location does not keep.

    Attributes:
        center: the revenue center.
        location: the location that keeps it, or empty: then it is unassigned.
        tickets: tickets that have a part there.
        guests: guest count.
        gross_cents: sales details that were not voided; refunds listed beside them are not taken off here.
        discounts_cents: discounts, comps and promos.
        late_voids_cents: voids of tickets of earlier days.
        net_cents: gross − discounts − late voids.
        refunds_cents: refunds listed beside the lines, tax included.
        surcharges_cents: surcharges.
        non_sales_cents: non-sales revenue.
        tax_cents: of all names.
        facilitator_tax_cents: tax that marketplaces collect and pay, where it counts.
        payments_cents: of all tenders, without tips and gratuities.
        tips_cents: tips and gratuities.
        adjustments_cents: what the tickets' identity left.
        deposits_cents: deposits that name the center.
    """

    center: str
    location: str
    tickets: int
    guests: int
    gross_cents: int
    discounts_cents: int
    late_voids_cents: int
    net_cents: int
    refunds_cents: int
    surcharges_cents: int
    non_sales_cents: int
    tax_cents: int
    facilitator_tax_cents: int
    payments_cents: int
    tips_cents: int
    adjustments_cents: int
    deposits_cents: int


class FeedLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """A connection that brought records to the day.

    Attributes:
        connection: its id.
        configuration: the version of its configuration that its newest answer was translated with.
        capture: the digest of that answer.
        kinds: the kinds of records that it feeds.
        options: polling options that a replay put over that version; not written where there are none.
    """

    connection: str
    configuration: int
    capture: str
    kinds: tuple[str, ...]
    options: dict[str, Any] = {}


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


class CommentLine(msgspec.Struct, frozen=True):
    """A comment that somebody entered on the day.

    Attributes:
        key: under which it was entered.
        text: on one line.
        by: who entered it, as provenance names them.
    """

    key: str
    text: str
    by: str
