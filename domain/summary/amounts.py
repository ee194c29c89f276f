"""What a record amounts to on the day: the one figure that a change of it is told by."""

from typing import Final

from domain.facts import ABSENT, Change
from domain.records import Deposit, LateVoid, PaidInOut, Punch, Remainder, Till, decode
from domain.records.punch import pay_cents
from domain.summary.sold import decode_sold
from domain.summary.tally import Tally

AMOUNTS: Final = {
    "ticket": "net_sales",
    "punch": "pay",
    "deposit": "amount",
    "paid-in-out": "amount",
    "late-void": "amount",
    "till": "expected",
    "remainder": "net_sales",
}
"""Which figure of a record of each kind it is; records of other kinds have none."""

_GONE: Final = bytes(ABSENT)


def amount_cents(kind: str, key: str, data: bytes) -> int:
    """The figure of a record's canonical bytes, in cents; 0 where there is no record, or none of its kind."""
    if data == _GONE:
        return 0
    if kind == "ticket":
        gross, discounts, *_ = Tally("UTC").sales.ticket(key, decode_sold(data))
        return gross - discounts
    match decode(kind, data):
        case Punch() as punch:
            return pay_cents(punch)
        case Till() as till:
            return till.expected_cents
        case Remainder() as left:
            return left.gross_cents - left.discounts_cents - left.late_voids_cents
        case Deposit() | PaidInOut() | LateVoid() as moved:
            return moved.amount_cents
        case _:
            return 0


def changed_by(change: Change) -> int:
    """By how many cents a change moves the figure of its record."""
    before, after = bytes(change.before), bytes(change.after)
    return amount_cents(change.kind, change.key, after) - amount_cents(change.kind, change.key, before)
