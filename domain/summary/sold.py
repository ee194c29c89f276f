"""Tickets as the summary reads them: only what counts, so that a day of fifty thousand is decoded in a moment."""

from collections.abc import Callable
from typing import Final

import msgspec


class VoidReason(msgspec.Struct, gc=False):
    """Why a line was voided."""

    reason: str = ""


class SoldItem(msgspec.Struct, gc=False):
    """A line of sales details; see :class:`domain.records.Item`."""

    id: str
    category: str
    amount_cents: int
    quantity_milli: int = 1000
    void: VoidReason | None = None
    revenue_center: str = ""


class GivenDiscount(msgspec.Struct, gc=False):
    """A discount; see :class:`domain.records.Discount`."""

    name: str
    amount_cents: int
    kind: str = "discount"
    item: str = ""


class TakenPayment(msgspec.Struct, gc=False):
    """A payment; see :class:`domain.records.Payment`."""

    tender: str
    amount_cents: int
    tip_cents: int = 0
    gratuity_cents: int = 0
    tender_type: str = ""
    drawer: str = ""


class NamedAmount(msgspec.Struct, gc=False):
    """A tax, a surcharge or non-sales revenue by its name."""

    name: str
    amount_cents: int


class SoldVoid(msgspec.Struct, gc=False):
    """The payment side of a voided line; see :class:`domain.records.VoidEntry`."""

    amount_cents: int
    late: bool = False


class GivenBack(msgspec.Struct, gc=False):
    """A refund; see :class:`domain.records.Refund`."""

    name: str
    amount_cents: int
    tax_cents: int = 0
    tax_name: str = ""
    tender: str = ""
    quantity_milli: int = 1000
    service_type: str = ""
    revenue_center: str = ""
    drawer: str = ""
    category: str = ""
    in_details: bool = False


class Residual(msgspec.Struct, gc=False):
    """An adjustment; see :class:`domain.records.Adjustment`."""

    cause: str
    amount_cents: int
    credits_cents: int
    debits_cents: int


class SoldTicket(msgspec.Struct, gc=False):
    """A ticket; see :class:`domain.records.Ticket`. Instants stay the text that they are stored as."""

    number: str
    opened_at: str
    closed_at: str | None = None
    service_type: str = ""
    revenue_center: str = ""
    server: str = ""
    guests: int = 0
    items: tuple[SoldItem, ...] = ()
    discounts: tuple[GivenDiscount, ...] = ()
    payments: tuple[TakenPayment, ...] = ()
    voids: tuple[SoldVoid, ...] = ()
    taxes: tuple[NamedAmount, ...] = ()
    facilitator_tax_cents: int = 0
    adjustments: tuple[Residual, ...] = ()
    facilitator_tax_counts: bool = False
    surcharges: tuple[NamedAmount, ...] = ()
    non_sales: tuple[NamedAmount, ...] = ()
    refunds: tuple[GivenBack, ...] = ()


decode_sold: Final[Callable[[bytes | msgspec.Raw], SoldTicket]] = msgspec.json.Decoder(SoldTicket).decode
"""The ticket of canonical bytes."""
