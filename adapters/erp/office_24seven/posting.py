"""Posting: journal entries as transactions, each once, also where one becomes several."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from adapters.erp.office_24seven.client import Office
from adapters.erp.office_24seven.naming import comment, part_of
from adapters.erp.office_24seven.searching import search
from adapters.erp.office_24seven.splitting import parts_of
from adapters.erp.office_24seven.wire import (
    MOST_LINES,
    Account,
    NewLine,
    NewTransaction,
    Posted,
    Tax,
    decode,
    encode,
    told,
)
from domain.outward import EntryDocument, EntryLine
from domain.ports.target import Done, Effect, OutcomeUncertain, PartDone, TargetFailure

TRANSACTIONS: Final = "/transactions"
ACCOUNTS: Final = "/accounts"
MOST_ENTRY_LINES: Final = 50_000

_ACCOUNT: Final = re.compile(r"[1-9][0-9]{0,8}")
_CLOSED: Final = re.compile(r"period|fiscal|financial year|\bclosed\b|\blocked\b")
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Types:
    """How transactions are posted.

    Attributes:
        sales: the number of the type of sales entries.
        labor: of labor entries.
        tax: the number of the tax code of every line.
    """

    sales: int
    labor: int
    tax: int = 0


@dataclass(frozen=True, slots=True)
class _Part:
    reference: str
    transaction: NewTransaction


class Posting:
    """Posts entries into the ledgers of organizations.

    Args:
        office: calls the API.
        types: how transactions are posted.
    """

    def __init__(self, office: Office, types: Types) -> None:
        self._office = office
        self._types = types

    def write(self, effect: Effect, entry: EntryDocument, organization: str, until: dt.datetime) -> Done:
        """Post what is not there yet of an entry; see the port.

        What was searched for and found is not posted again, so that an entry of which a part is missing is continued.
        """
        parts = self._parts(effect, entry)
        if effect.step == "reverse":
            self._check_original(effect, entry, organization, until)
        found = self._search(parts, organization, until)
        if not found and len(parts) > 1:
            self._check_accounts(parts, organization, until)
        ids = dict(found)
        for part in parts:
            if part.reference not in ids:
                ids[part.reference] = self._post(part, organization, until, begun=len(ids), of=len(parts))
        return _done(parts, ids, found=len(found) == len(parts))

    def look_up(self, effect: Effect, entry: EntryDocument, organization: str, until: dt.datetime) -> Done | None:
        """The transactions of an entry, where all of them are there; see the port."""
        parts = self._parts(effect, entry)
        found = self._search(parts, organization, until)
        return _done(parts, found, found=True) if len(found) == len(parts) else None

    def _search(self, parts: Sequence[_Part], organization: str, until: dt.datetime) -> dict[str, str]:
        references = [part.reference for part in parts]
        return search(self._office, organization, parts[0].transaction.date, references, until)

    def _parts(self, effect: Effect, entry: EntryDocument) -> list[_Part]:
        """The transactions that an entry becomes.

        Raises:
            TargetFailure: it cannot be one.
        """
        lines = tuple(line for line in _checked(entry) if line.cents)
        sign = -1 if effect.step == "reverse" else 1
        split = parts_of(lines, MOST_LINES)
        text = f"reverses {effect.related}" if effect.step == "reverse" and effect.related else entry.title
        kind = self._types.labor if entry.kind == "labor" else self._types.sales
        parts = []
        for number, of_part in enumerate(split, 1):
            reference = part_of(effect.reference, number, len(split))
            posted = tuple(self._line(reference, line, sign) for line in of_part)
            date = effect.date or entry.date
            parts.append(_Part(reference, NewTransaction(kind, date, comment(reference, text), posted)))
        return parts

    def _line(self, reference: str, line: EntryLine, sign: int) -> NewLine:
        amount = Decimal(sign * line.cents).scaleb(-2).quantize(_CENT)
        return NewLine(int(line.account), amount, Tax(self._types.tax), comment(reference, line.key))

    def _check_original(self, effect: Effect, entry: EntryDocument, organization: str, until: dt.datetime) -> None:
        """What is taken back has to be there whole: else the reversal would be more than it.

        Raises:
            TargetFailure: ``not-there``.
        """
        if not effect.related:
            return
        count = len(parts_of([line for line in entry.lines if line.cents], MOST_LINES))
        references = [part_of(effect.related, number, count) for number in range(1, count + 1)]
        found = search(self._office, organization, entry.date, references, until)
        if len(found) == count:
            return
        message = f"Of {effect.related}, which is to be reversed, {len(found)} of {count} transactions are shown."
        if found or effect.external_id:
            # It was there: a ledger that does not show it yet must not be taken for one that lost it.
            raise TargetFailure("unavailable", message)
        raise TargetFailure("not-there", message)

    def _check_accounts(self, parts: Sequence[_Part], organization: str, until: dt.datetime) -> None:
        """Before the first of several parts: so that none is refused when others are posted already.

        Raises:
            TargetFailure: ``rejected``: the chart does not have an account.
        """
        rows = decode(self._office.read(organization, ACCOUNTS, until).body, list[Account])
        known = {account.number for account in rows}
        used = {line.account_number for part in parts for line in part.transaction.lines}
        missing = sorted(used - known)
        if missing:
            shown = ", ".join(str(number) for number in missing[:5])
            raise TargetFailure("rejected", f"24SevenOffice has no account {shown}: nothing was posted.")

    def _post(self, part: _Part, organization: str, until: dt.datetime, *, begun: int, of: int) -> str:
        """Post one transaction; where others of its entry stand already, nothing is certain of the whole.

        Raises:
            TargetFailure: it was not posted, and no other part is there.
            OutcomeUncertain: it may have been posted, or others were.
        """
        try:
            answered = self._office.send(organization, "POST", TRANSACTIONS, encode(part.transaction), until)
            if answered.status == 201:
                return _id_of(answered.body)
            if 200 <= answered.status < 300:
                raise OutcomeUncertain(f"24SevenOffice answered with status {answered.status} instead of 201.")
            raise _refused(answered.status, answered.body)
        except TargetFailure as failure:
            if not begun:
                raise
            message = f"{begun} of {of} transactions stand already, and the next was not posted: {failure.message}"
            raise OutcomeUncertain(message) from None


def _checked(entry: EntryDocument) -> tuple[EntryLine, ...]:
    """The lines of an entry that can be posted.

    Raises:
        TargetFailure: it cannot be.
    """
    if entry.kind == "statistical":
        raise TargetFailure("not-taken", "24SevenOffice has no statistical entries.")
    if len(entry.lines) > MOST_ENTRY_LINES:
        raise TargetFailure("too-large", f"The entry has more than {MOST_ENTRY_LINES:,} lines.")
    bare = [line.key for line in entry.lines if line.cents and not line.account]
    if bare:
        raise TargetFailure("unmapped", f"Lines without an account: {', '.join(bare[:5])}. Nothing was sent.")
    odd = [line.account for line in entry.lines if line.cents and not _ACCOUNT.fullmatch(line.account)]
    if odd:
        message = f"Accounts of 24SevenOffice are numbers: {', '.join(odd[:5])} cannot be one. Nothing was sent."
        raise TargetFailure("rejected", message)
    if sum(line.cents for line in entry.lines):
        raise TargetFailure("rejected", "Debits are not credits. Nothing was sent.")
    if not any(line.cents for line in entry.lines):
        raise TargetFailure("rejected", "The entry has no lines. Nothing was sent.")
    return entry.lines


def _id_of(body: bytes) -> str:
    """The id of what was posted.

    Raises:
        OutcomeUncertain: the answer says that it was, and not under which.
    """
    try:
        return decode(body, Posted).transaction_id
    except TargetFailure:
        raise OutcomeUncertain("24SevenOffice says that it was posted, in an answer that cannot be read.") from None


def _refused(status: int, body: bytes) -> TargetFailure:
    """The failure of a transaction that was refused: then nothing of it stands."""
    said, words = told(body)
    why = f": {said}" if said else "."
    if status == 404:
        return TargetFailure("bad-endpoint", "24SevenOffice does not know this address: check the address of the API.")
    if status == 413:
        return TargetFailure("too-large", "24SevenOffice says that the transaction is too large.")
    if _CLOSED.search(words):
        return TargetFailure("closed-period", f"The period of the date is closed in 24SevenOffice{why}")
    return TargetFailure("rejected", f"24SevenOffice refused the transaction (status {status}){why}")


def _done(parts: Sequence[_Part], ids: dict[str, str], *, found: bool) -> Done:
    external = [ids[part.reference] for part in parts]
    told_apart = tuple(PartDone(part.reference, done=True) for part in parts) if len(parts) > 1 else ()
    return Done(",".join(external), found=found, parts=told_apart)
