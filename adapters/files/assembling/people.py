"""Employees and house accounts: their personal data is sealed before a row enters a capture, and stays so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from adapters.files.assembling.rows import EmployeeRow, HouseAccountRow
from adapters.files.assembling.words import TRUE
from domain.ports.vault import PersonForgotten, Vault
from domain.records import Employee, HouseAccount

NOT_KEPT: Final[Mapping[str, frozenset[str]]] = {"payments": frozenset({"Payment_GuestName"})}
"""Columns with personal data that no figure needs, by kind of file: they enter no capture."""

PERSON: Final = "person"
"""The member of a sealed row that names the person's key in the vault."""

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
    "first_name": "FirstName",
    "last_name": "LastName",
    "address": "Address",
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


def sealed_rows(kind: str, rows: Iterable[Mapping[str, str]], owner: Owner, vault: Vault) -> list[dict[str, str]]:
    """Rows as they may be captured: personal data sealed per person, or left out where nothing needs it.

    The personal columns of employees and house accounts hold sealed texts then, and :data:`PERSON` names the key. Of
    an employee, city, state and zip code are sealed within the address. The same people make the same rows.

    Args:
        kind: of the file, for example ``employees``.
        rows: canonical, by official column.
        owner: whose they are.
        vault: seals.

    Raises:
        VaultLocked: nothing can be sealed.
    """
    if kind == "employees":
        return [_sealed_employee(row, owner, vault) for row in rows]
    if kind == "house-accounts":
        return [_sealed_account(row, owner, vault) for row in rows]
    dropped = NOT_KEPT.get(kind, frozenset())
    return [{column: cell for column, cell in row.items() if column not in dropped} for row in rows]


def _sealed_employee(row: Mapping[str, str], owner: Owner, vault: Vault) -> dict[str, str]:
    # The ids of connection and location have no colon, so no two people share a name.
    person = f"{owner.connection}:{owner.location}:{row['EmployeeId']}"
    # State and zip code are written as on a letter: «Springfield, NY 00501».
    region = " ".join(filter(None, (row.get("State", ""), row.get("Zip", ""))))
    address = ", ".join(filter(None, (row.get("Address", ""), row.get("City", ""), region)))
    kept = {column: cell for column, cell in row.items() if column not in _IN_ADDRESS}
    return _sealed({**kept, "Address": address}, _EMPLOYEE, person, owner, vault)


def _sealed_account(row: Mapping[str, str], owner: Owner, vault: Vault) -> dict[str, str]:
    person = f"house:{owner.connection}:{owner.location}:{row['HouseAccountNumber']}"
    return _sealed(row, _HOUSE_ACCOUNT, person, owner, vault)


def _sealed(
    row: Mapping[str, str], columns: Mapping[str, str], person: str, owner: Owner, vault: Vault
) -> dict[str, str]:
    personal = {name: row.get(column, "") for name, column in columns.items()}
    try:
        personal = vault.seal(owner.client, person, personal)
    except PersonForgotten:
        # The file still lists somebody who was erased here: they stay erased, and the roster stays readable.
        personal = {}
    sealed = {column: personal.get(name, "") for name, column in columns.items()}
    return {column: cell for column, cell in {**row, **sealed, PERSON: person}.items() if cell}


def employee(row: EmployeeRow) -> Employee:
    """The employee of a sealed row.

    Raises:
        ValueError: a personal field is not sealed.
    """
    return Employee(
        id=row.number,
        person=row.person,
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


def house_account(row: HouseAccountRow) -> HouseAccount:
    """The house account of a sealed row.

    Raises:
        ValueError: a personal field is not sealed.
    """
    return HouseAccount(
        number=row.number,
        name=row.name,
        person=row.person,
        first_name=_checked(row.first_name),
        last_name=_checked(row.last_name),
        address=_checked(row.address),
        phone=_checked(row.phone),
        email=_checked(row.email),
        city=row.city,
        state=row.state,
        postal_code=row.postal_code,
    )


def _checked(text: str) -> str:
    """A personal field, if it is sealed: in clear it must not get any further."""
    if text and not text.startswith(_SEALED):
        raise ValueError("A personal field is not sealed.")
    return text
