"""Counting up the cash beside the tickets: deposits, paid ins and outs, tills."""

from collections.abc import Mapping

from domain.records import Deposit, PaidInOut, Till
from domain.summary.counting import UNNAMED, Named
from domain.summary.issues import Issues
from domain.summary.lines import PaidLine, TillLine

_IN = "in"


class CashBeside:
    """Sums of what moved in and out of the drawers beside the payments.

    Attributes:
        deposits: by number.
        tips_paid_out: charge tips that were paid out in cash, in cents.
        moved: what all of it added to the cash in the drawers, in cents; deposits not counted.
    """

    def __init__(self, issues: Issues) -> None:
        self._issues = issues
        self._paid: dict[tuple[str, str, bool], list[int]] = {}  # direction, name, affects cash → count, amount
        self._tills: list[Till] = []
        self.deposits = Named()
        self.tips_paid_out = 0
        self.moved = 0

    def deposit(self, deposit: Deposit) -> None:
        """Count a deposit."""
        self.deposits.add(deposit.number or deposit.id, deposit.amount_cents)

    def paid(self, paid: PaidInOut) -> None:
        """Count a paid in or out; charge tips that were paid out in cash are neither."""
        sign = 1 if paid.direction == _IN else -1
        if paid.affects_cash:
            self.moved += sign * paid.amount_cents
        if paid.purpose == "tips" and paid.affects_cash:
            self.tips_paid_out -= sign * paid.amount_cents
            return
        sums = self._paid.setdefault((paid.direction, paid.name or UNNAMED, paid.affects_cash), [0, 0])
        sums[0] += 1
        sums[1] += paid.amount_cents

    def till(self, till: Till) -> None:
        """Count a till."""
        self._tills.append(till)
        if not till.closed:
            self._issues.add("open_till", f"Till {till.drawer} was never closed.", f"till/{till.key}")

    @property
    def paid_ins(self) -> tuple[PaidLine, ...]:
        """Paid ins by name."""
        return self._paid_lines(inwards=True)

    @property
    def paid_outs(self) -> tuple[PaidLine, ...]:
        """Paid outs by name."""
        return self._paid_lines(inwards=False)

    def _paid_lines(self, *, inwards: bool) -> tuple[PaidLine, ...]:
        chosen = [(key, sums) for key, sums in sorted(self._paid.items()) if (key[0] == _IN) is inwards]
        return tuple([PaidLine(name, affects_cash, *sums) for (_, name, affects_cash), sums in chosen])

    def tills(self, drawers: Mapping[str, int]) -> tuple[TillLine, ...]:
        """The tills, with the cash that the payments put on each drawer beside what the source expects there."""
        return tuple([_till_line(till, drawers) for till in self._tills])

    @property
    def tills_expected(self) -> int | None:
        """What the source expects in all tills, in cents; None where it lists none."""
        return sum(till.expected_cents for till in self._tills) if self._tills else None


def _till_line(till: Till, drawers: Mapping[str, int]) -> TillLine:
    cash = drawers.get(till.drawer, 0) if drawers else None
    difference = None if cash is None else cash - till.expected_cents
    return TillLine(till.drawer, till.closed, till.expected_cents, cash, difference)
