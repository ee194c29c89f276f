"""The kinds that outlast a day: what the other files point to."""

from typing import Final

from adapters.files.kinds.columns import Column, Kind

TAX_DEFINITIONS: Final = Kind(
    "tax-definitions",
    "Tax Definitions",
    (
        Column("Number", "key", required=True, sample="1"),
        Column("Name", "name", required=True, sample="Sales Tax"),
        Column("Rate", "measure", sample="8.25"),
        Column("RateType", "rate-type", sample="Percentage"),
        Column("IsInclusive", "flag", sample="False"),
    ),
    order=10,
    reference=True,
    identity=("Number",),
)

TENDERS: Final = Kind(
    "tenders",
    "Tenders",
    (
        Column("Number", "key", required=True, sample="2"),
        Column("Name", "name", required=True, sample="Visa"),
        Column("Type", "name", sample="non-cash"),
    ),
    order=11,
    reference=True,
    identity=("Number",),
)

MENU_ITEMS: Final = Kind(
    "menu-items",
    "Menu Items",
    (
        Column("ItemNumber", "key", required=True, sample="2001"),
        Column("ItemName", "name", required=True, sample="Burger"),
        Column("PLU", "key", sample="501"),
        Column("CategoryName", "name", sample="Food"),
        Column("ItemCost", "price", sample="3.10"),
        Column("SKU", "key", sample="BRG-1"),
    ),
    order=12,
    reference=True,
    identity=("ItemNumber",),
)

JOBS: Final = Kind(
    "jobs",
    "Jobs",
    (
        Column("JobCode", "key", required=True, sample="SRV"),
        Column("JobName", "name", required=True, sample="Server"),
        Column("DefaultPayRate", "price", sample="14.00"),
        Column("JobDescription", "text", sample="Waits on tables"),
    ),
    order=13,
    reference=True,
    identity=("JobCode",),
)

EMPLOYEES: Final = Kind(
    "employees",
    "Employees",
    (
        Column("EmployeeId", "key", required=True, sample="101"),
        Column("FirstName", "name", required=True, personal=True, sample="Ann"),
        Column("MiddleName", "name", personal=True, sample="B."),
        Column("LastName", "name", required=True, personal=True, sample="Example"),
        Column("PayrollId", "key", sample="P-101"),
        Column("Email", "name", personal=True, sample="ann@example.com"),
        Column("Phone", "name", personal=True, sample="555-0100"),
        Column("Address", "text", personal=True, sample="1 Example Street"),
        Column("City", "name", personal=True, sample="Springfield"),
        Column("State", "name", personal=True, sample="NY"),
        Column("Zip", "name", personal=True, sample="00501"),
        Column("Birthdate", "birthdate", personal=True, sample="1988/02/13"),
        Column("IsInactive", "flag", sample="False"),
    ),
    order=14,
    reference=True,
    identity=("EmployeeId",),
    private=True,
)

HOUSE_ACCOUNTS: Final = Kind(
    "house-accounts",
    "House Accounts",
    (
        Column("HouseAccountNumber", "key", required=True, sample="H-1"),
        Column("HouseAccountName", "name", required=True, personal=True, sample="Example & Sons"),
        Column("Address", "text", personal=True, sample="2 Example Street"),
        Column("City", "name", personal=True, sample="Springfield"),
        Column("State", "name", personal=True, sample="NY"),
        Column("PostalCode", "name", personal=True, sample="00501"),
        Column("FirstName", "name", personal=True, sample="Ed"),
        Column("LastName", "name", personal=True, sample="Example"),
        Column("PhoneNumber", "name", personal=True, sample="555-0101"),
        Column("EmailAddress", "name", personal=True, sample="ed@example.com"),
    ),
    order=15,
    reference=True,
    identity=("HouseAccountNumber",),
    private=True,
)
