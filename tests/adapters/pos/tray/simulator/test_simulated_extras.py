"""What may stand on simulated checks beside sales, tax and tip, and that a day without it is as it always was."""

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from adapters.pos.tray.simulator import Edits, TrayPos, running
from tests.adapters.pos.tray.simulator.test_simulated_days import residual
from tests.adapters.pos.tray.simulator.tray_reader import DAY, Tray, settings

_SHARES = ("item_center_share", "surcharge_share", "non_sale_share", "gratuity_share")
_ALL = dict.fromkeys(_SHARES, 0.4)


def checks(**changed: Any) -> list[Any]:
    """Answer the checks of a day under these settings."""
    return [msgspec.json.decode(row.text) for row in TrayPos(settings(**changed)).day("V100", DAY).rows("checks")]


def left(check: Any) -> Decimal:
    """Answer what is left of the identity, with everything that stands beside sales."""
    beside = [*check.get("surcharges", ()), *check.get("nonSales", ())]
    return residual(check) + sum(Decimal(charge["amount"]) for charge in beside)


def _seen(check: Any) -> dict[str, bool]:
    return {
        "item_center_share": any("revenueCenter" in item for item in check["items"]),
        "surcharge_share": "surcharges" in check,
        "non_sale_share": "nonSales" in check,
        "gratuity_share": any("gratuity" in payment for payment in check["payments"]),
    }


@pytest.mark.parametrize("share", _SHARES)
def test_a_share_brings_what_it_names_and_nothing_else(share: str) -> None:
    """Of the checks that can have it about so many do; those that have not are as they were."""
    plain, extra = checks(), checks(**{share: 0.4})
    having = [row for row in extra if _seen(row)[share]]
    assert 15 < len(having) < 70
    assert all(_seen(row) == {**dict.fromkeys(_SHARES, False), share: True} for row in having)
    assert [row for row in extra if row not in having] == [
        row for row, other in zip(plain, extra, strict=True) if other not in having
    ]


def test_the_identity_holds_with_everything_on() -> None:
    """What costs more is paid more: nothing is left on any check, nor of the day."""
    assert {left(row) for row in checks(**_ALL)} == {Decimal("0.00")}
    assert TrayPos(settings(**_ALL)).truth("V100", DAY)["residual"] == "0.00"


def test_a_line_that_was_sold_elsewhere_takes_its_modifiers_along() -> None:
    """And elsewhere is another center than the check's."""
    for row in checks(item_center_share=1.0):
        moved = [item for item in row["items"] if "revenueCenter" in item]
        roots = [item["id"] for item in moved if item["parentId"] is None]
        assert len(roots) == 1
        assert {item["id"] for item in moved} == {
            item["id"] for item in row["items"] if roots[0] in (item["id"], item["parentId"])
        }
        assert row["revenueCenter"] not in {item["revenueCenter"] for item in moved}


@pytest.mark.parametrize("kind", ["tickets", "voids", "tips", "tickets_added"])
def test_edits_keep_the_identity_of_checks_with_everything(kind: str) -> None:
    """Prices, voids, tips and new checks."""
    pos = TrayPos(settings(**_ALL))
    edits = {"venue": "V100", "businessDate": DAY.isoformat(), {"tickets_added": "ticketsAdded"}.get(kind, kind): 5}
    assert len(pos.edit(msgspec.convert(edits, Edits))["changes"]) == 5
    rows = [msgspec.json.decode(row.text) for row in pos.day("V100", DAY).rows("checks")]
    assert {left(row) for row in rows} == {Decimal("0.00")}
    assert pos.truth("V100", DAY)["residual"] == "0.00"


@pytest.mark.parametrize("name", ["split_check", "transferred_item"])
def test_lines_change_hands_beside_surcharges(name: str) -> None:
    """The line's own money moves, the surcharge stays."""
    with running(TrayPos(settings(**_ALL))) as served:
        tray = Tray(served)
        before = tray.pos.truth("V100", DAY)
        tray.arm(name)
        rows = tray.day("checks")
        after = tray.pos.truth("V100", DAY)
        tray.http.close()
    assert {left(row) for row in rows} == {Decimal("0.00")}
    assert [after[key] for key in ("surcharges", "nonSales", "netSales", "residual")] == [
        before[key] for key in ("surcharges", "nonSales", "netSales", "residual")
    ]


def test_payments_are_listed_with_their_gratuities() -> None:
    """The resource says of each payment what its check says."""
    pos = TrayPos(settings(gratuity_share=1.0))
    rows = [msgspec.json.decode(row.text) for row in pos.day("V100", DAY).rows("payments")]
    on_checks = [payment for row in checks(gratuity_share=1.0) for payment in row["payments"]]
    assert [row.get("gratuity") for row in rows] == [payment.get("gratuity") for payment in on_checks]
    assert any("gratuity" in row for row in rows)


def test_the_truth_counts_what_stands_beside() -> None:
    """Totals by name, gratuities by tender, and sales by the center of each line."""
    pos = TrayPos(settings(**_ALL))
    rows = checks(**_ALL)
    truth = pos.truth("V100", DAY)
    for key, field in (("surcharges", "surcharges"), ("nonSales", "nonSales")):
        charges = [charge for row in rows for charge in row.get(field, ())]
        assert truth[key]["total"] == str(sum(Decimal(charge["amount"]) for charge in charges))
        assert set(truth[key]["byName"]) == {charge["name"] for charge in charges}
        assert sum(map(Decimal, truth[key]["byName"].values())) == Decimal(truth[key]["total"])
    gratuities = sum(Decimal(tender["gratuity"]) for tender in truth["payments"].values())
    assert truth["gratuities"] == str(gratuities)
    assert gratuities > 0
    assert sum(map(Decimal, truth["byItemCenter"].values())) == Decimal(truth["grossSales"])
    assert truth["byItemCenter"] != {name: group["gross"] for name, group in truth["byRevenueCenter"].items()}


def test_a_check_that_nobody_paid_for_gets_no_charge() -> None:
    """Comped, voided and refunded checks stay as they are, so that the identity does."""
    rows = checks(**dict.fromkeys(_SHARES, 1.0), tickets=400)
    unpaid = [
        row for row in rows if not any(float(paid["amount"]) > 0 and not paid["void"] for paid in row["payments"])
    ]
    assert unpaid
    assert not [row for row in unpaid if "surcharges" in row or "nonSales" in row]
    assert dt.date.fromisoformat(rows[0]["businessDate"]) == DAY
