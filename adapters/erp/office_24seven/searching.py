"""Searching: which of some references the ledger has on a date."""

import datetime as dt
from collections.abc import Iterable
from typing import Final


from adapters.erp.office_24seven.client import Office
from adapters.erp.office_24seven.naming import holds
from adapters.erp.office_24seven.wire import Line, decode
from domain.business_date import NotABusinessDate, business_date
from domain.ports.target import TargetFailure

LINES: Final = "/transactionlines"
_DAY: Final = dt.timedelta(days=1)


def search(
    office: Office, organization: str, date: str, references: Iterable[str], until: dt.datetime
) -> dict[str, str]:
    """The ids of the transactions that have these references, by reference; those that are not there are left out.

    Where one of them is missing and the list has several pages, it is read twice: lines that move from page to page
    while it is read could hide what is there, and then the two readings differ.

    Raises:
        TargetFailure: the list cannot be read, or moved while it was.
    """
    wanted = list(references)
    lines = _read(office, organization, date, until)
    found = {reference: transaction for reference in wanted if (transaction := _of(lines, reference))}
    if len(found) < len(wanted) and len(lines) > 1:
        again = _read(office, organization, date, until)
        if [line.id for line in again] != [line.id for line in lines]:
            raise TargetFailure("unexpected-answer", "Transactions of that date were posted while they were read.")
    return found


def _read(office: Office, organization: str, date: str, until: dt.datetime) -> list[Line]:
    try:
        begins = business_date(date)
    except NotABusinessDate:
        raise TargetFailure("rejected", "The entry has no date that can be one.") from None
    asked = {"dateFrom": begins.isoformat(), "dateTo": (begins + _DAY).isoformat()}
    return [decode(bytes(row), Line) for row in office.rows(organization, LINES, until, **asked)]


def _of(lines: Iterable[Line], reference: str) -> str:
    for line in lines:
        if line.transaction is not None and holds(line.comment, reference):
            return str(line.transaction.id)
    return ""


