"""Rows of Payments, Surcharges and Non Sales Revenue: what settles a check, and what is on it beside its sales."""

from collections.abc import Iterable

from adapters.files.assembling.lines import Instant
from adapters.files.assembling.reference import Reference
from adapters.files.assembling.rows import NonSaleRow, PaymentRow, SurchargeRow
from adapters.files.assembling.words import Names, maybe_cents, milli, named_by
from domain.money import cents
from domain.records import NonSale, Payment, Surcharge


def payments_in(rows: Iterable[PaymentRow], reference: Reference, instant: Instant) -> list[Payment]:
    """The payments of a check; the base amount is without tip and gratuity, as its column says."""
    names = Names()
    payments = []
    for row in rows:
        tender, tender_type = reference.tender(row.tender)
        payments.append(
            Payment(
                names.give(named_by(row.tender, row.at, row.amount)),
                tender,
                cents(row.amount),
                maybe_cents(row.tip),
                maybe_cents(row.gratuity),
                row.gratuity_name,
                row.tender,
                tender_type,
                instant(row.at),
                row.by,
                row.card,
                row.drawer,
            )
        )
    return payments


def surcharges_in(rows: Iterable[SurchargeRow], instant: Instant, center: str) -> list[Surcharge]:
    """The surcharges of a check; a center is named where it is another than the check's."""
    names = Names()
    return [
        Surcharge(
            names.give(named_by(row.name, row.at, row.amount)),
            row.name,
            cents(row.amount),
            "" if row.center == center else row.center,
            instant(row.at),
            row.by,
        )
        for row in rows
    ]


def non_sales_in(rows: Iterable[NonSaleRow], instant: Instant, center: str) -> list[NonSale]:
    """The non-sales revenue of a check; a center is named where it is another than the check's."""
    names = Names()
    return [
        NonSale(
            names.give(named_by(row.name, row.at, row.amount)),
            row.name,
            cents(row.amount),
            milli(row.quantity),
            "" if row.center == center else row.center,
            instant(row.at),
            row.by,
        )
        for row in rows
    ]
