"""People: personal data is sealed before a row enters a capture, and never shows in clear after it."""

import io
import json

import pytest

from adapters.files import KINDS, SYSTEM, read
from adapters.files.assembling import Owner, sealer
from domain.ports.captures import Capture
from domain.ports.source import SourceFailure
from domain.ports.vault import VaultLocked
from domain.records import Employee, HouseAccount, canonical
from domain.records.people import PERSONAL_FIELDS
from domain.records.reference import HOUSE_ACCOUNT_PERSONAL_FIELDS
from tests.adapters.files.assembling.build import DAY, Row, captured, page, row
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


def sealed_row(kind: str, cells: Row, vault: MemoryVault) -> Row:
    """A row as it is captured: what is sealed in the place of personal data, the rest as it is."""
    seal = sealer(kind, OWNER, vault)
    assert seal is not None
    return {**{name: cell for name, cell in cells.items() if name not in KINDS[kind].personal}, **seal(cells)}


def sealed_capture(kind: str, cells: Row, vault: MemoryVault) -> Capture:
    """A capture of one sealed row."""
    parameters = {"connection": OWNER.connection, "location": OWNER.location}
    return Capture("files", 1, parameters, (page(kind, [sealed_row(kind, cells, vault)]),))


def employee(cells: Row, vault: MemoryVault) -> Employee:
    """The employee of a row that was sealed and captured."""
    (found,) = SYSTEM.read(sealed_capture("employees", cells, vault), DAY).records["employee"]
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
    """Its name may be a person's, so everything but the number is sealed, under a key of its own."""
    vault = MemoryVault()
    (found,) = SYSTEM.read(sealed_capture("house-accounts", EXAMPLE, vault), DAY).records["house-account"]
    assert isinstance(found, HouseAccount)
    assert (found.number, found.person) == ("H-1", "house:files:pier:H-1")
    sealed = {name: getattr(found, name) for name in HOUSE_ACCOUNT_PERSONAL_FIELDS}
    assert vault.open("acme", found.person, sealed) == {
        "name": "Example & Sons",
        "first_name": "Ed",
        "last_name": "Example",
        "address": "2 Example Street",
        "city": "Springfield",
        "state": "NY",
        "postal_code": "00501",
        "phone": "555-0101",
        "email": "ed@example.com",
    }


@pytest.mark.parametrize(("kind", "cells"), [("employees", ANN), ("house-accounts", EXAMPLE)])
def test_no_personal_data_is_in_a_sealed_page(kind: str, cells: Row) -> None:
    """Neither in the page nor in the records that are made of it."""
    personal = {"Example", "Street", "@example.com", "555-010", "1988-02", "Springfield"}
    capture = sealed_capture(kind, cells, MemoryVault())
    records = [canonical(record)[2] for found in SYSTEM.read(capture, DAY).records.values() for record in found]
    for data in (capture.pages[0].data, *records):
        assert [text for text in personal if text in data.decode()] == []


@pytest.mark.parametrize(("kind", "cells"), [("employees", ANN), ("house-accounts", EXAMPLE)])
def test_a_file_of_people_is_sealed_while_it_is_read(kind: str, cells: Row) -> None:
    """What a file's rows are kept as is what its sealed rows are; without a seal the personal cells are left out."""
    text = ",".join(cells) + "\n" + ",".join(f'"{_as_typed(name, cell)}"' for name, cell in cells.items()) + "\n"
    vault = MemoryVault()
    report, content = read(io.BytesIO(text.encode()), KINDS[kind], seal=sealer(kind, OWNER, vault))
    with content:
        assert report.good
        (found,) = content.pages()
        assert json.loads(found.data) == json.loads(page(kind, [sealed_row(kind, cells, vault)]).data)
    _, bare = read(io.BytesIO(text.encode()), KINDS[kind])
    with bare:
        assert "sealed:" not in next(bare.pages()).data.decode()
        assert "Example" not in next(bare.pages()).data.decode()


def _as_typed(name: str, cell: str) -> str:
    return cell.replace("-", "/") if name == "Birthdate" else cell


@pytest.mark.parametrize(("kind", "cells"), [("employees", ANN), ("house-accounts", EXAMPLE)])
def test_the_same_people_make_the_same_rows(kind: str, cells: Row) -> None:
    """So an unchanged file makes no difference."""
    vault = MemoryVault()
    assert sealed_row(kind, cells, vault) == sealed_row(kind, dict(cells), vault)


@pytest.mark.parametrize(
    ("kind", "cells", "person"),
    [("employees", ANN, OWNER.employee("101")), ("house-accounts", EXAMPLE, OWNER.house_account("H-1"))],
)
def test_who_was_forgotten_stays_forgotten(kind: str, cells: Row, person: str) -> None:
    """The file still lists them: their fields stay empty, and everybody else is read."""
    vault = MemoryVault()
    assert [cell for cell in sealed_row(kind, cells, vault).values() if cell.startswith("sealed:")]
    vault.forget("acme", person)
    after = sealed_row(kind, cells, vault)
    assert [cell for cell in after.values() if cell.startswith("sealed:")] == []
    assert {"Ann", "Ed", "Example & Sons"}.isdisjoint(after.values())


@pytest.mark.parametrize(("flag", "active"), [("true", False), ("false", True), ("", True)])
def test_an_employee_is_active_unless_the_file_says_otherwise(flag: str, active: bool) -> None:
    """IsInactive, the other way round."""
    assert employee(row(**{**ANN, "IsInactive": flag}), MemoryVault()).active is active


def test_the_guest_of_a_payment_is_not_kept() -> None:
    """No figure needs the name: nothing seals it, so it is left out while the file is read."""
    assert sealer("payments", OWNER, MemoryVault()) is None
    assert sealer("tenders", OWNER, MemoryVault()) is None
    assert KINDS["payments"].personal == ("Payment_GuestName",)


@pytest.mark.parametrize(
    "files",
    [
        {"employees": [row(EmployeeId="101", FirstName="Ann")]},
        {"house_accounts": [row(HouseAccountNumber="1", HouseAccountName="sealed:x", FirstName="Ann")]},
        {"house_accounts": [row(HouseAccountNumber="1", HouseAccountName="Ann & Sons")]},
    ],
)
def test_what_is_not_sealed_is_not_read(files: dict[str, list[Row]]) -> None:
    """A page with personal data in clear gets no further; nor does what it says."""
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
        sealed_row("employees", ANN, Locked())
