"""What the names and headers of files say."""

import datetime as dt

import pytest

from adapters.files import KINDS, Kind
from adapters.files.naming import date_of_name, kind_of_headers, kind_of_name

NAMES = [
    ("Sales Detail 2026-11-20.csv", "sales-detail"),
    ("sales_detail.csv", "sales-detail"),
    ("SalesDetail_0120.csv", "sales-detail"),
    ("SALESDETAIL.CSV", "sales-detail"),
    ("salesdetails (2).xlsx", "sales-detail"),
    ("2026-11-20/pier-39 - Sales-Detail.csv", "sales-detail"),
    ("PierSalesDetail20261120.csv", "sales-detail"),
    ("Paid In Outs.csv", "paid-in-outs"),
    ("paid_ins_and_outs.csv", "paid-in-outs"),
    ("PaidInOut.csv", "paid-in-outs"),
    ("NonSalesRevenue.csv", "non-sales-revenue"),
    ("Tax Definition.csv", "tax-definitions"),
    ("TaxDetails.csv", "tax-details"),
    ("labor.csv", "labor-detail"),
    ("Labor Detail.csv", "labor-detail"),
    ("items.csv", "menu-items"),
    ("menu_items.csv", "menu-items"),
    ("employee.csv", "employees"),
    ("house accounts.csv", "house-accounts"),
    ("export.csv", ""),
    ("Jobs Street deposits.csv", ""),
    ("sales.csv", ""),
    ("20261120.csv", ""),
    ("Tenders", ""),
    ("", ""),
]

DATES = [
    ("Sales Detail 2026-11-20.csv", dt.date(2026, 11, 20)),
    ("20261120_voids.csv", dt.date(2026, 11, 20)),
    ("voids_20261120.csv", dt.date(2026, 11, 20)),
    ("voids 11-20-2026.csv", dt.date(2026, 11, 20)),
    ("voids 2026_11_20.csv", dt.date(2026, 11, 20)),
    ("2026-11-20/voids.csv", dt.date(2026, 11, 20)),
    ("2026-11-20/voids 2026-11-21.csv", dt.date(2026, 11, 21)),
    ("2026-11/20/voids.csv", None),
    ("voids 2026-11-01 to 2026-11-30.csv", None),
    ("voids 2026-11-01 2026-11-01.csv", dt.date(2026, 11, 1)),
    ("voids 2026-02-30.csv", None),
    ("voids 20-11-2026.csv", None),
    ("voids 0120.csv", None),
    ("voids 202611201.csv", None),
    ("voids 1899-11-20.csv", None),
    ("voids.csv", None),
]


@pytest.mark.parametrize(("name", "key"), NAMES)
def test_the_kind_is_read_from_the_name(name: str, key: str) -> None:
    """In whatever spelling; where it says several or none it is not guessed."""
    kind = kind_of_name(name)
    assert (kind.key if kind else "") == key


@pytest.mark.parametrize(("name", "date"), DATES)
def test_the_date_is_read_from_the_name(name: str, date: dt.date | None) -> None:
    """The file's name before its folders'; where it has two dates it has none."""
    assert date_of_name(name) == date


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key)
def test_the_kind_is_read_from_the_headers(kind: Kind) -> None:
    """All official headers, in any order and case, are those of one kind; with some unknown ones too."""
    assert kind_of_headers(list(kind.headers)) is kind
    assert kind_of_headers([name.upper() for name in reversed(kind.headers)] + ["Extra", ""]) is kind
    assert kind_of_name(f"{kind.title}.csv".replace("/", "")) is kind


@pytest.mark.parametrize(
    ("headers", "key"),
    [
        (["Number", "Name"], ""),  # tenders as well as tax definitions
        (["Number", "Name", "Type"], "tenders"),
        (["Number", "Name", "Rate"], "tax-definitions"),
        (["Number"], ""),
        ([], ""),
        (["CompPromo_CheckNumber"], ""),
        (["CompPromo_CheckNumber", "Promo_PromoName", "Promo_Amount"], "discounts"),
    ],
)
def test_headers_that_fit_several_kinds_fit_none(headers: list[str], key: str) -> None:
    """It is not guessed."""
    kind = kind_of_headers(headers)
    assert (kind.key if kind else "") == key
