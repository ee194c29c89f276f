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

    Where one of them is missing and the list has several pages, it is read twice: lines that move to an earlier page
    while it is read would hide what is there.

    Raises:
        TargetFailure: the list cannot be read, or lost lines while it was.
    """
    wanted = list(references)
    lines, pages = _read(office, organization, date, until)
    if pages > 1 and not all(_of(lines, reference) for reference in wanted):
        again, _ = _read(office, organization, date, until)
        if {line.id for line in lines} - {line.id for line in again}:
            raise TargetFailure("unexpected-answer", "Lines of that date went away while they were read.")
        lines = again
    return {reference: transaction for reference in wanted if (transaction := _of(lines, reference))}


def _read(office: Office, organization: str, date: str, until: dt.datetime) -> tuple[list[Line], int]:
    try:
        begins = business_date(date)
    except NotABusinessDate:
        raise TargetFailure("rejected", "The entry has no date that can be one.") from None
    asked = {"dateFrom": begins.isoformat(), "dateTo": (begins + _DAY).isoformat()}
    rows, pages = office.listed(organization, LINES, until, **asked)
    return [decode(bytes(row), Line) for row in rows], pages


def _of(lines: Iterable[Line], reference: str) -> str:
    for line in lines:
        if line.transaction is not None and holds(line.comment, reference):
            return str(line.transaction.id)
    return ""
