"""People: personal data is sealed before a row enters a capture, and never shows in clear after it."""

import json

import pytest

from adapters.files import SYSTEM
from adapters.files.assembling import NOT_KEPT, Owner, sealed_rows
from domain.ports.captures import Capture, Page
from domain.ports.source import SourceFailure
from domain.ports.vault import VaultLocked
from domain.records import Employee, HouseAccount, canonical
from domain.records.people import PERSONAL_FIELDS
from domain.records.reference import HOUSE_ACCOUNT_PERSONAL_FIELDS
from tests.adapters.files.assembling.build import DAY, Row, captured, row
from tests.support.fake_vault import MemoryVault

OWNER = Owner("acme", "files", "pier")
ANN = row(
    EmployeeId="101",
    FirstName="Ann",
    MiddleName="B.",
    LastName="Example",
    PayrollId="P-101",
    Email="ann@example.com",
    Phone="555-0100",
    Address="1 Example Street",
    City="Springfield",
    State="NY",
    Zip="00501",
    Birthdate="1988-02-13",
    IsInactive="false",
)
EXAMPLE = row(
    HouseAccountNumber="H-1",
    HouseAccountName="Example & Sons",
    Address="2 Example Street",
    City="Springfield",
    State="NY",
    PostalCode="00501",
    FirstName="Ed",
    LastName="Example",
    PhoneNumber="555-0101",
    EmailAddress="ed@example.com",
)


def page(kind: str, rows: list[Row], vault: MemoryVault) -> Page:
    """A page of sealed rows."""
    return Page(kind, len(rows), json.dumps(sealed_rows(kind, rows, OWNER, vault)).encode())


def employee(cells: Row, vault: MemoryVault) -> Employee:
    """The employee of a row that was sealed and captured."""
    day = SYSTEM.read(Capture("files", 1, {}, (page("employees", [cells], vault),)), DAY)
    (found,) = day.records["employee"]
    assert isinstance(found, Employee)
    return found


def test_an_employee_is_sealed_and_opens_again() -> None:
    """Field by field under the names of the record; the address is one field, as on a letter."""
    vault = MemoryVault()
    found = employee(ANN, vault)
    assert (found.id, found.person, found.payroll_id, found.active) == ("101", "files:pier:101", "P-101", True)
    sealed = {name: getattr(found, name) for name in PERSONAL_FIELDS}
    assert vault.open("acme", found.person, sealed) == {
        "first_name": "Ann",
        "middle_name": "B.",
        "last_name": "Example",
        "email": "ann@example.com",
        "phone": "555-0100",
        "address": "1 Example Street, Springfield, NY 00501",
        "date_of_birth": "1988-02-13",
        "ssn": "",
    }


@pytest.mark.parametrize(
    ("cells", "address"),
    [
        ({"Address": "1 Example Street"}, "1 Example Street"),
        ({"City": "Springfield"}, "Springfield"),
        ({"City": "Springfield", "Zip": "00501"}, "Springfield, 00501"),
        ({"Address": "1 Example Street", "State": "NY"}, "1 Example Street, NY"),
        ({}, ""),
    ],
)
def test_an_address_has_the_parts_that_are_there(cells: dict[str, str], address: str) -> None:
    """Without an address there is nothing to seal."""
    vault = MemoryVault()
    found = employee(row(EmployeeId="101", FirstName="Ann", LastName="Example", **cells), vault)
    assert vault.open("acme", found.person, {"address": found.address}) == {"address": address}


def test_a_house_account_is_sealed_and_opens_again() -> None:
    """Its name and region name no one; the customer's own data is sealed under a key of its own."""
    vault = MemoryVault()
    capture = Capture("files", 1, {}, (page("house-accounts", [EXAMPLE], vault),))
    (found,) = SYSTEM.read(capture, DAY).records["house-account"]
    assert isinstance(found, HouseAccount)
    assert (found.number, found.name, found.person) == ("H-1", "Example & Sons", "house:files:pier:H-1")
    assert (found.city, found.state, found.postal_code) == ("Springfield", "NY", "00501")
    sealed = {name: getattr(found, name) for name in HOUSE_ACCOUNT_PERSONAL_FIELDS}
    assert vault.open("acme", found.person, sealed) == {
        "first_name": "Ed",
        "last_name": "Example",
        "address": "2 Example Street",
        "phone": "555-0101",
        "email": "ed@example.com",
    }


@pytest.mark.parametrize(("kind", "cells"), [("employees", ANN), ("house-accounts", EXAMPLE)])
def test_no_personal_data_is_in_a_sealed_page(kind: str, cells: Row) -> None:
    """Neither in the page nor in the records that are made of it."""
    personal = {"Ann", "B.", "Ed", "Example Street", "@example.com", "555-010", "1988"}
    sealed = page(kind, [cells], MemoryVault())
    records = [
        canonical(record)[2]
        for found in SYSTEM.read(Capture("files", 1, {}, (sealed,)), DAY).records.values()
        for record in found
    ]
    for data in (sealed.data, *records):
        assert [text for text in personal if text in data.decode()] == []


@pytest.mark.parametrize(("kind", "cells"), [("employees", ANN), ("house-accounts", EXAMPLE)])
def test_the_same_people_make_the_same_rows(kind: str, cells: Row) -> None:
    """So an unchanged file makes no difference."""
    vault = MemoryVault()
    assert sealed_rows(kind, [cells], OWNER, vault) == sealed_rows(kind, [dict(cells)], OWNER, vault)


@pytest.mark.parametrize(("kind", "cells"), [("employees", ANN), ("house-accounts", EXAMPLE)])
def test_who_was_forgotten_stays_forgotten(kind: str, cells: Row) -> None:
    """The file still lists them: their fields stay empty, and everybody else is read."""
    vault = MemoryVault()
    (before,) = sealed_rows(kind, [cells], OWNER, vault)
    vault.forget("acme", before["person"])
    (after,) = sealed_rows(kind, [cells], OWNER, vault)
    assert after["person"] == before["person"]
    assert [cell for cell in after.values() if cell.startswith("sealed:")] == []
    assert "Ann" not in after.values()
    assert "Ed" not in after.values()


@pytest.mark.parametrize(("flag", "active"), [("true", False), ("false", True), ("", True)])
def test_an_employee_is_active_unless_the_file_says_otherwise(flag: str, active: bool) -> None:
    """IsInactive, the other way round."""
    assert employee(row(**{**ANN, "IsInactive": flag}), MemoryVault()).active is active


def test_the_guest_of_a_payment_is_not_kept() -> None:
    """No figure needs the name; all other cells and kinds are left as they are."""
    rows = [row(Payment_CheckNumber="1", Payment_GuestName="Ann Example", Payment_BaseAmount="1.00")]
    assert sealed_rows("payments", rows, OWNER, MemoryVault()) == [
        row(Payment_CheckNumber="1", Payment_BaseAmount="1.00")
    ]
    assert sealed_rows("tenders", [row(Number="1", Name="Cash")], OWNER, MemoryVault()) == [
        row(Number="1", Name="Cash")
    ]
    assert {column for columns in NOT_KEPT.values() for column in columns} == {"Payment_GuestName"}


@pytest.mark.parametrize(
    "files",
    [
        {"employees": [row(EmployeeId="101", person="p", FirstName="Ann")]},
        {"house_accounts": [row(HouseAccountNumber="1", HouseAccountName="x", person="p", FirstName="Ann")]},
        {"employees": [row(EmployeeId="101", LastName="sealed:x")]},
    ],
)
def test_what_is_not_sealed_is_not_read(files: dict[str, list[Row]]) -> None:
    """A page with personal data in clear, or without the name of its key, gets no further; nor does what it says."""
    with pytest.raises(SourceFailure) as caught:
        SYSTEM.read(captured(**files), DAY)
    assert caught.value.failure == "malformed"
    assert "Ann" not in str(caught.value)


def test_a_vault_that_is_locked_seals_nothing() -> None:
    """Then nothing is captured either."""

    class Locked(MemoryVault):
        def seal(self, *_: object) -> dict[str, str]:
            raise VaultLocked("The key file is missing.")

    with pytest.raises(VaultLocked):
        sealed_rows("employees", [ANN], OWNER, Locked())
