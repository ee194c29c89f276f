"""Overtime: what of a punch is paid more than its rate; daybook's own record, which no source states."""

from decimal import ROUND_HALF_UP, Decimal

import msgspec


class Overtime(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """The overtime in one punch, or in the part of one that is of this business day.

    Key: that of the punch.

    Attributes:
        punch: the punch's key.
        employee: whose it is.
        seconds: of the punch that are overtime.
        rate: the punch's pay per hour.
        multiplier: what an hour of overtime is paid, in hours.
        rule: ``daily``, ``weekly``, or ``daily and weekly`` where some are by one and some by the other.
    """

    punch: str
    employee: str
    seconds: int
    rate: Decimal
    multiplier: Decimal
    rule: str

    @property
    def key(self) -> str:
        """The record's key."""
        return self.punch


def premium_cents(overtime: Overtime) -> int:
    """What overtime is paid on top of the rate, rounded half-up once: 2 h at 15.00, 1.5 times, are 1500."""
    more = Decimal(overtime.seconds) * overtime.rate * (overtime.multiplier - 1) / 36
    return int(more.quantize(Decimal(1), ROUND_HALF_UP))
