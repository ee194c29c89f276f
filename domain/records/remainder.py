"""Remainders: what of a venue's day a location leaves out because it is of other revenue centers."""

import msgspec


class TenderShare(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Payments with one tender: amounts without tips and gratuities, and these."""

    name: str
    amount_cents: int
    tips_cents: int = 0


class TaxShare(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Tax of one name."""

    name: str
    amount_cents: int


class Remainder(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """The part of a venue's day that is of one revenue center which this location does not keep. Key: :attr:`center`.

    What the location keeps and all its remainders together are the venue's day, to the cent.

    Attributes:
        center: the revenue center's name; ``(none)`` for what has none.
        location: the location that keeps it, or empty where none does: then the revenue is *unassigned*.
        tickets: tickets that have a part here.
        gross_cents: sales details that were not voided.
        discounts_cents: discounts, comps and promos.
        surcharges_cents: surcharges.
        non_sales_cents: non-sales revenue.
        taxes: by name.
        tenders: payments by tender.
        guests: guest count.
        refunds_cents: refunds that are listed beside the lines, tax included.
        late_voids_cents: voids of tickets of earlier days, which count today; the source names no center with them.
        facilitator_tax_cents: tax that marketplaces collect and pay, where it counts.
        adjustments_cents: what the identity left, by whatever cause.
        deposits_cents: deposits that name this center.
    """

    center: str
    location: str = ""
    tickets: int = 0
    gross_cents: int = 0
    discounts_cents: int = 0
    surcharges_cents: int = 0
    non_sales_cents: int = 0
    taxes: tuple[TaxShare, ...] = ()
    tenders: tuple[TenderShare, ...] = ()
    guests: int = 0
    refunds_cents: int = 0
    late_voids_cents: int = 0
    facilitator_tax_cents: int = 0
    adjustments_cents: int = 0
    deposits_cents: int = 0

    @property
    def key(self) -> str:
        """The record's key."""
        return self.center
