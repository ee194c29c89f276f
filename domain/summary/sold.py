"""Tickets as the summary reads them: only what counts, so that a day of fifty thousand is decoded in a moment."""

from collections.abc import Callable
from typing import Final

import msgspec


class VoidReason(msgspec.Struct, gc=False):
    """Why a line was voided."""

    reason: str = ""


class SoldItem(msgspec.Struct, gc=False):
    """A line of sales details; see :class:`domain.records.Item`."""

    category: str
    amount_cents: int
    quantity_milli: int = 1000
    void: VoidReason | None = None


class GivenDiscount(msgspec.Struct, gc=False):
    """A discount; see :class:`domain.records.Discount`."""

    name: str
    amount_cents: int
    kind: str = "discount"


class TakenPayment(msgspec.Struct, gc=False):
    """A payment; see :class:`domain.records.Payment`."""

    tender: str
    amount_cents: int
    tip_cents: int = 0


class NamedAmount(msgspec.Struct, gc=False):
    """A tax by its name."""

    name: str
    amount_cents: int


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
    taxes: tuple[NamedAmount, ...] = ()
    tax_cents: int = 0
    adjustments: tuple[Residual, ...] = ()


decode_sold: Final[Callable[[bytes | msgspec.Raw], SoldTicket]] = msgspec.json.Decoder(SoldTicket).decode
"""The ticket of canonical bytes."""
