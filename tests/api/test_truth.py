"""The figures of the Daily Sales Summary against those that the point of sale reckons on its own, to the cent."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import msgspec
import pytest

from adapters.pos.tray.simulator import Edits
from tests.api.site import DATES, Site, a_site

VENUES = {"alpha": "V100", "beta": "V101"}


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A daybook with busier days, all of them polled."""
    with a_site(tmp_path_factory.mktemp("busy"), tickets=150) as site:
        for location in VENUES:
            for date in DATES:
                assert site.poll(date, location).status_code == 201
        site.catch_up()
        yield site


def _late(site: Site, venue: str, date: str) -> Decimal:
    """What was voided on later dates, after the close, of checks of this one: it counts there, and not here."""
    total = Decimal(0)
    for later in DATES:
        for row in site.pos.pos.day(venue, later).rows("voids"):
            void = msgspec.json.decode(row.text)
            if void["checkBusinessDate"] == date < void["businessDate"]:
                total += Decimal(void["amount"])
    return total


@pytest.mark.parametrize("location", VENUES)
@pytest.mark.parametrize("date", DATES)
def test_totals_equal_the_truth(busy: Site, location: str, date: dt.date) -> None:
    """Sales, discounts, taxes, tenders, tips, voids, cash and labor are what the POS says that they are."""
    _assert_true(busy, location, date)


def _assert_true(busy: Site, location: str, date: dt.date) -> None:
    summary = busy.client.get(f"/v1/days/{location}/{date}/dss").json()["summary"]
    truth = busy.pos.pos.truth(VENUES[location], date)
    late = _late(busy, VENUES[location], str(date))
    gross = Decimal(truth["grossSales"]) + late
    expected = {
        "tickets": truth["ticketCount"],
        "guests": truth["guestCount"],
        "gross_sales": str(gross),
        "discounts": truth["discounts"]["total"],
        "late_voids": truth["lateVoids"]["amount"],
        "net_sales": str(gross - Decimal(truth["discounts"]["total"]) - Decimal(truth["lateVoids"]["amount"])),
        "tips": truth["tips"],
        "refunds": truth["refunds"]["amount"],
        "cash_payments": truth["cashPayments"],
        "tips_paid_out": truth["tipsPaidOut"],
        "expected_cash": truth["expectedCash"],
        "stated_labor_pay": truth["labor"]["pay"],
        "stated_labor_hours": truth["labor"]["hours"],
    }
    assert {name: summary[name] for name in expected} == expected
    tenders = {line["name"]: (line["amount"], line["tips"], line["count"]) for line in summary["payments"]}
    assert tenders == {
        name: (tender["amount"], tender["tip"], tender["count"]) for name, tender in truth["payments"].items()
    }
    assert {line["name"]: line["amount"] for line in summary["discounts_by_name"]} == truth["discounts"]["byName"]
    assert sum(line["punches"] for line in summary["labor"]) == truth["labor"]["punches"]
    if not late:
        assert {line["name"]: line["gross"] for line in summary["by_category"]} == truth["byCategory"]
        assert {line["name"]: line["amount"] for line in summary["taxes"]} == truth["taxes"]["byName"]
        assert summary["tax"] == truth["taxes"]["total"]


def test_totals_equal_the_truth_after_edits(busy: Site) -> None:
    """After all kinds of edits at the POS a repoll of the days that differ comes to the new truth, to the cent."""
    date, following = DATES[1], DATES[2]
    noon = dt.datetime.combine(following, dt.time(17), dt.UTC)
    busy.pos.pos.edit(
        Edits(
            venue="V100",
            business_date=date,
            tickets=3,
            voids=2,
            tips=2,
            tickets_added=2,
            tickets_removed=2,
            punches=3,
            punches_added=1,
            punches_removed=1,
            void_at=noon,
        )
    )
    for changed in (date, following):
        assert busy.poll(changed).json()["outcome"] == "polled"
    busy.catch_up()
    for changed in (date, following):
        _assert_true(busy, "alpha", changed)
