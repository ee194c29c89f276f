"""Customers: house accounts as companies in their register, under the number that was agreed."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from adapters.erp.office_24seven.client import Office
from adapters.erp.office_24seven.wire import decode, encode
from domain.outward import RecordDocument
from domain.ports.target import Done, OutcomeUncertain, TargetFailure

CUSTOMERS: Final = "/customers"
LONGEST_NAME: Final = 200

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}")


class _Person(msgspec.Struct, frozen=True, rename="camel"):
    first_name: str | None = None
    last_name: str | None = None


class _Email(msgspec.Struct, frozen=True):
    contact: str | None = None


class _Customer(msgspec.Struct, frozen=True, rename="camel"):
    id: int
    name: str | None = None
    is_company: bool = True
    person: _Person | None = None
    organization_number: str | None = None
    email: _Email | None = None
    phone: str | None = None

    @property
    def said(self) -> dict[str, Any]:
        """What daybook says of a customer, as it stands there."""
        person = self.person or _Person()
        return {
            "name": self.name or "",
            "person": {"firstName": person.first_name or "", "lastName": person.last_name or ""},
            "organizationNumber": self.organization_number or "",
            "email": {"contact": (self.email or _Email()).contact or ""},
            "phone": self.phone or "",
        }


class Customers:
    """Writes customers into the registers of organizations; the number is what they are known by.

    Args:
        office: calls the API.
    """

    def __init__(self, office: Office) -> None:
        self._office = office

    def write(self, record: RecordDocument, opened: Mapping[str, str], organization: str, until: dt.datetime) -> Done:
        """Create the customer, or change the one of that number; see the port.

        Args:
            record: what is to stand there.
            opened: personal data in clear.
            organization: in whose register.
            until: nothing is sent after it.
        """
        number, wanted = _checked(record, opened)
        known = self._read(number, organization, until)
        if known is not None and _says(known, wanted):
            return Done(str(number), found=True)
        if known is None:
            content = {**wanted, "id": number, "isCompany": "name" in wanted}
            answered = self._office.send(organization, "POST", CUSTOMERS, encode(content), until)
        else:
            answered = self._office.send(organization, "PATCH", f"{CUSTOMERS}/{number}", encode(wanted), until)
        if answered.status in {200, 201}:
            return Done(str(_written(answered.body, number)))
        # What they say of it could repeat a name, so that it is not shown.
        raise TargetFailure("rejected", f"24SevenOffice refused the customer {number} (status {answered.status}).")

    def look_up(
        self, record: RecordDocument, opened: Mapping[str, str], organization: str, until: dt.datetime
    ) -> Done | None:
        """The customer, where it is as the record says; see the port."""
        number, wanted = _checked(record, opened)
        known = self._read(number, organization, until)
        return Done(str(number), found=True) if known is not None and _says(known, wanted) else None

    def _read(self, number: int, organization: str, until: dt.datetime) -> _Customer | None:
        answered = self._office.read(organization, f"{CUSTOMERS}/{number}", until)
        return None if answered.status == 404 else decode(answered.body, _Customer)


def _checked(record: RecordDocument, opened: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    """The number of a customer, and what is to be said of it: a company where it has a name, else a person.

    Raises:
        TargetFailure: it cannot be one; nothing was sent.
    """
    if not _NUMBER.fullmatch(record.id):
        raise TargetFailure("rejected", "A customer of 24SevenOffice is known by a number. Nothing was sent.")
    if not record.active:
        message = "24SevenOffice has no customers that are out of use, and none is deleted. Nothing was sent."
        raise TargetFailure("rejected", message)
    name = record.name or opened.get("name", "")
    first, last = opened.get("first_name", ""), opened.get("last_name", "")
    longest = max(len(name), len(first), len(last))
    if not (name.strip() or first.strip() or last.strip()) or longest > LONGEST_NAME:
        raise TargetFailure("rejected", f"A customer has a name, of {LONGEST_NAME} characters at most. Not sent.")
    wanted: dict[str, Any] = {"name": name} if name.strip() else {"person": {"firstName": first, "lastName": last}}
    if record.fields.get("organization_number"):
        wanted["organizationNumber"] = record.fields["organization_number"]
    if opened.get("email"):
        wanted["email"] = {"contact": opened["email"]}
    if opened.get("phone"):
        wanted["phone"] = opened["phone"]
    return int(record.id), wanted


def _says(known: _Customer, wanted: dict[str, Any]) -> bool:
    return all(known.said[name] == value for name, value in wanted.items())


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
