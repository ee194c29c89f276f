"""Customers: house accounts as companies in their register, under the number that was agreed."""

import datetime as dt
import re
from typing import Any, Final

import msgspec

from adapters.erp.office_24seven.client import Office
from adapters.erp.office_24seven.wire import decode, encode
from domain.outward import RecordDocument
from domain.ports.target import Done, OutcomeUncertain, TargetFailure

CUSTOMERS: Final = "/customers"
LONGEST_NAME: Final = 200

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}")


class _Customer(msgspec.Struct, frozen=True, rename="camel"):
    id: int
    name: str | None = None
    organization_number: str | None = None


class Customers:
    """Writes customers into the registers of organizations; the number is what they are known by.

    Args:
        office: calls the API.
    """

    def __init__(self, office: Office) -> None:
        self._office = office

    def write(self, record: RecordDocument, organization: str, until: dt.datetime) -> Done:
        """Create the customer, or change the one of that number; see the port."""
        number, wanted = _checked(record)
        known = self._read(number, organization, until)
        if known is not None and _says(known, wanted):
            return Done(str(number), found=True)
        if known is None:
            content = {**wanted, "id": number, "isCompany": True}
            answered = self._office.send(organization, "POST", CUSTOMERS, encode(content), until)
        else:
            answered = self._office.send(organization, "PATCH", f"{CUSTOMERS}/{number}", encode(wanted), until)
        if answered.status in {200, 201}:
            return Done(str(_written(answered.body, number)))
        # What they say of it could repeat a name, so that it is not shown.
        raise TargetFailure("rejected", f"24SevenOffice refused the customer {number} (status {answered.status}).")

    def look_up(self, record: RecordDocument, organization: str, until: dt.datetime) -> Done | None:
        """The customer, where it is as the record says; see the port."""
        number, wanted = _checked(record)
        known = self._read(number, organization, until)
        return Done(str(number), found=True) if known is not None and _says(known, wanted) else None

    def _read(self, number: int, organization: str, until: dt.datetime) -> _Customer | None:
        answered = self._office.read(organization, f"{CUSTOMERS}/{number}", until)
        return None if answered.status == 404 else decode(answered.body, _Customer)


def _checked(record: RecordDocument) -> tuple[int, dict[str, Any]]:
    """The number of a customer, and what is to be said of it.

    Raises:
        TargetFailure: it cannot be one; nothing was sent.
    """
    if not _NUMBER.fullmatch(record.id):
        raise TargetFailure("rejected", "A customer of 24SevenOffice is known by a number. Nothing was sent.")
    if not record.active:
        message = "24SevenOffice has no customers that are out of use, and none is deleted. Nothing was sent."
        raise TargetFailure("rejected", message)
    if not record.name.strip() or len(record.name) > LONGEST_NAME:
        raise TargetFailure("rejected", f"A customer has a name, of {LONGEST_NAME} characters at most. Not sent.")
    wanted: dict[str, Any] = {"name": record.name}
    if record.fields.get("organization_number"):
        wanted["organizationNumber"] = record.fields["organization_number"]
    return int(record.id), wanted


def _says(known: _Customer, wanted: dict[str, Any]) -> bool:
    said = {"name": known.name or "", "organizationNumber": known.organization_number or ""}
    return all(said[name] == value for name, value in wanted.items())


def _written(body: bytes, number: int) -> int:
    """The number under which it stands.

    Raises:
        OutcomeUncertain: under another, or the answer cannot be read.
    """
    try:
        written = decode(body, _Customer).id
    except TargetFailure:
        raise OutcomeUncertain("24SevenOffice took the customer, in an answer that cannot be read.") from None
    if written != number:
        raise OutcomeUncertain(f"24SevenOffice gave the customer the number {written} instead of {number}.")
    return written
