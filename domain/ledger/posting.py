"""Gathering what an entry holds, signed and by key, and making its lines of it."""

from dataclasses import dataclass
from decimal import Decimal

from domain.accounts import HEADS, AccountMapping, key_text
from domain.accounts.keys import Parts
from domain.ledger.entries import CREDIT, DEBIT, JournalEntry, JournalLine, StatisticalEntry, StatisticalLine
from domain.money import shown
from domain.summary.issues import Issues

_UNMAPPED = "no account is mapped to it"


@dataclass(slots=True)
class _Gathered:
    source: str
    debit: int = 0


class Posting:
    """The amounts of one entry by key, in the order in which the keys first come; a debit is positive."""

    def __init__(self) -> None:
        self._gathered: dict[Parts, _Gathered] = {}

    def debit(self, cents: int, source: str, *parts: str) -> None:
        """Add a debit; one that is negative is a credit."""
        self._gathered.setdefault(parts, _Gathered(source)).debit += cents

    def credit(self, cents: int, source: str, *parts: str) -> None:
        """Add a credit; one that is negative is a debit."""
        self.debit(-cents, source, *parts)

    @property
    def amounts(self) -> dict[Parts, int]:
        """What was gathered by key, in cents: debits positive, credits negative."""
        return {parts: found.debit for parts, found in self._gathered.items()}

    def entry(self, mapping: AccountMapping, issues: Issues) -> JournalEntry:
        """The entry, debits first, without what is zero; what has no account is blocked and noted."""
        lines = [_line(parts, found, mapping) for parts, found in self._gathered.items() if found.debit]
        lines.sort(key=lambda line: line.side == CREDIT)
        for line in lines:
            _note(line, f"{line.side} of {shown(line.amount_cents)}", issues)
        return JournalEntry(
            tuple(lines),
            sum(line.amount_cents for line in lines if line.side == DEBIT),
            sum(line.amount_cents for line in lines if line.side == CREDIT),
            sum(bool(line.blocked) for line in lines),
        )


class Counting:
    """The quantities of the statistical entry."""

    def __init__(self) -> None:
        self._counted: dict[Parts, tuple[str, Decimal]] = {}

    def count(self, quantity: Decimal | int, source: str, *parts: str) -> None:
        """Add a quantity, once for each key."""
        self._counted[parts] = source, Decimal(quantity)

    @property
    def quantities(self) -> dict[Parts, Decimal]:
        """What was counted by key."""
        return {parts: quantity for parts, (_, quantity) in self._counted.items()}

    def entry(self, mapping: AccountMapping, issues: Issues) -> StatisticalEntry:
        """The entry, without what is zero; what has no account is blocked and noted."""
        lines = []
        for parts, (source, quantity) in self._counted.items():
            if quantity:
                account = mapping.account(parts)
                blocked = "" if account else _UNMAPPED
                lines.append(StatisticalLine(key_text(parts), account, quantity, blocked, source, _where(parts)))
        for line in lines:
            _note(line, f"quantity of {line.quantity}", issues)
        return StatisticalEntry(tuple(lines), sum(bool(line.blocked) for line in lines))


def _line(parts: Parts, found: _Gathered, mapping: AccountMapping) -> JournalLine:
    account = mapping.account(parts)
    side = DEBIT if found.debit > 0 else CREDIT
    blocked = "" if account else _UNMAPPED
    return JournalLine(side, key_text(parts), account, abs(found.debit), blocked, found.source, _where(parts))


def _where(parts: Parts) -> dict[str, str]:
    return dict(zip(HEADS[parts[0]], parts[1:], strict=True))


def _note(line: JournalLine | StatisticalLine, what: str, issues: Issues) -> None:
    if line.blocked:
        message = f"The line {line.key}, a {what}, is blocked: {line.blocked}. Map it with `daybook accounts --set`."
        issues.add("unmapped_key", message)
