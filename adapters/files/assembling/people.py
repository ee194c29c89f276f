"""Employees and house accounts: their personal data is sealed before a row enters a capture, and stays so."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from adapters.files.assembling.rows import EmployeeRow, HouseAccountRow
from adapters.files.assembling.words import TRUE
from adapters.files.content import Seal
from domain.ports.vault import PersonForgotten, Vault
from domain.records import Employee, HouseAccount

_SEALED: Final = "sealed:"
_EMPLOYEE: Final[Mapping[str, str]] = {
    "first_name": "FirstName",
    "middle_name": "MiddleName",
    "last_name": "LastName",
    "email": "Email",
    "phone": "Phone",
    "address": "Address",
    "date_of_birth": "Birthdate",
}
_HOUSE_ACCOUNT: Final[Mapping[str, str]] = {
    "name": "HouseAccountName",
    "first_name": "FirstName",
    "last_name": "LastName",
    "address": "Address",
    "city": "City",
    "state": "State",
    "postal_code": "PostalCode",
    "phone": "PhoneNumber",
    "email": "EmailAddress",
}
_IN_ADDRESS: Final = ("City", "State", "Zip")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose rows are sealed.

    Attributes:
        client: our id of the client.
        connection: our id of the connection that imports them.
        location: our id of the location.
    """

    client: str
    connection: str
    location: str

    def employee(self, number: str) -> str:
        """The name of an employee's key: the ids of connection and location have no colon, so no two share one."""
        return f"{self.connection}:{self.location}:{number}"

    def house_account(self, number: str) -> str:
        """The name of the key of a house account."""
        return f"house:{self.connection}:{self.location}:{number}"


def sealer(kind: str, owner: Owner, vault: Vault) -> Seal | None:
    """What seals the personal data of a row, per person; None for kinds of which it is left out.

    Of an employee, city, state and zip code are sealed within the address. The same people make the same rows.

    Args:
        kind: of the file, for example ``employees``.
        owner: whose they are.
        vault: seals; it raises VaultLocked where nothing can be sealed.
    """

    def employees(row: Mapping[str, str]) -> Mapping[str, str]:
        # State and zip code are written as on a letter: «Springfield, NY 00501».
        region = " ".join(filter(None, (row.get("State", ""), row.get("Zip", ""))))
        address = ", ".join(filter(None, (row.get("Address", ""), row.get("City", ""), region)))
        person = owner.employee(row["EmployeeId"])
        return _sealed({**row, "Address": address}, _EMPLOYEE, person, owner, vault)

    def house_accounts(row: Mapping[str, str]) -> Mapping[str, str]:
        return _sealed(row, _HOUSE_ACCOUNT, owner.house_account(row["HouseAccountNumber"]), owner, vault)

    sealers: Mapping[str, Seal] = {"employees": employees, "house-accounts": house_accounts}
    return sealers.get(kind)


def _sealed(
    row: Mapping[str, str], columns: Mapping[str, str], person: str, owner: Owner, vault: Vault
) -> dict[str, str]:
    personal = {name: row.get(column, "") for name, column in columns.items()}
    try:
        personal = vault.seal(owner.client, person, personal)
    except PersonForgotten:
        # The file still lists somebody who was erased here: they stay erased, and the roster stays readable.
        personal = {}
    return {column: personal.get(name, "") for name, column in columns.items()}


def employee(row: EmployeeRow, owner: Owner) -> Employee:
    """The employee of a sealed row.

    Raises:
        ValueError: a personal field is not sealed.
    """
    return Employee(
        id=row.number,
        person=owner.employee(row.number),
        first_name=_checked(row.first_name),
        middle_name=_checked(row.middle_name),
        last_name=_checked(row.last_name),
        address=_checked(row.address),
        phone=_checked(row.phone),
        email=_checked(row.email),
        date_of_birth=_checked(row.date_of_birth),
        payroll_id=row.payroll_id,
        active=row.inactive != TRUE,
    )


def house_account(row: HouseAccountRow, owner: Owner) -> HouseAccount:
    """The house account of a sealed row.

    Raises:
        ValueError: a personal field is not sealed.
    """
    return HouseAccount(
        number=row.number,
        name=_checked(row.name),
        person=owner.house_account(row.number),
        first_name=_checked(row.first_name),
        last_name=_checked(row.last_name),
        address=_checked(row.address),
        phone=_checked(row.phone),
        email=_checked(row.email),
        city=_checked(row.city),
        state=_checked(row.state),
        postal_code=_checked(row.postal_code),
    )


def _checked(text: str) -> str:
    """A personal field, if it is sealed: in clear it must not get any further."""
    if text and not text.startswith(_SEALED):
        raise ValueError("A personal field is not sealed.")
    return text
