"""Edits of a day that was over."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from adapters.pos.tray.simulator import Edits, TrayPos
from adapters.pos.tray.simulator.wall import MICRO, micros_of
from tests.adapters.pos.tray.simulator.test_simulated_days import residual
from tests.adapters.pos.tray.simulator.tray_reader import DAY, NOW, Tray, settings

_DATE = DAY.isoformat()
_NOW = "2026-11-20T12:00:00Z"


def _edit(tray: Tray, **counts: Any) -> list[Any]:
    answer = tray.http.post("/simulator/edits", json={"venue": "V100", "businessDate": _DATE, **counts})
    assert answer.status_code == 200, answer.text
    assert answer.json()["modifiedAt"] == _NOW
    changes: list[Any] = answer.json()["changes"]
    return changes


def _by_id(rows: list[Any]) -> dict[str, Any]:
    return {row["id"]: row for row in rows}


@pytest.mark.parametrize("kind", ["tickets", "voids", "tips", "ticketsAdded"])
def test_edited_checks_keep_the_identity(tray: Tray, kind: str) -> None:
    """After an edit every check still balances, exactly the named ones differ, and they are found as modified."""
    before = _by_id(tray.day("checks"))
    changes = _edit(tray, **{kind: 4})
    after = _by_id(tray.day("checks"))
    assert len(changes) == 4
    assert {row_id for row_id in after if after[row_id] != before.get(row_id)} == {change["id"] for change in changes}
    assert {row["id"] for row in tray.day("checks", modifiedSince=_NOW)} == {change["id"] for change in changes}
    assert {residual(check) for check in after.values()} == {Decimal("0.00")}
    assert tray.pos.truth("V100", DAY)["residual"] == "0.00"


def test_an_edit_tells_what_was_before_and_after(tray: Tray) -> None:
    """The price and the payment that the edit names are those of the rows before and after."""
    before = _by_id(tray.day("checks"))
    for change in _edit(tray, tickets=3):
        for check, told in ((before, change["before"]), (_by_id(tray.day("checks")), change["after"])):
            row = check[change["id"]]
            assert _by_id(row["items"])[told["itemId"]]["price"] == told["price"]
            assert _by_id(row["payments"])[told["paymentId"]]["amount"] == told["payment"]
            assert row["taxTotal"] == told["taxTotal"]


def test_a_removed_ticket_leaves_no_trace(tray: Tray) -> None:
    """Its check, its payments and its voids are gone."""
    gone = {change["id"] for change in _edit(tray, ticketsRemoved=5)}
    assert len(gone) == 5
    assert not gone & {row["id"] for row in tray.day("checks")}
    assert not gone & {row["checkId"] for row in tray.day("payments")}
    assert not gone & {row["checkId"] for row in tray.day("voids")}


def test_a_void_after_the_close_is_posted_later(tray: Tray) -> None:
    """The check of the day shows the void, the voids of the next day list it, and the day's own do not."""
    voided = _edit(tray, voids=1)[0]
    item_id = voided["after"]["itemId"]
    check = _by_id(tray.day("checks"))[voided["id"]]
    assert _by_id(check["items"])[item_id]["void"]["at"] == "2026-11-04T17:00:00Z"
    assert {payment["void"]["itemId"] for payment in check["payments"] if payment["void"]} >= {item_id}
    assert item_id not in {row["itemId"] for row in tray.day("voids")}
    late = [row for row in tray.day("voids", dt.date(2026, 11, 4)) if row["itemId"] == item_id]
    assert [(row["businessDate"], row["checkBusinessDate"]) for row in late] == [("2026-11-04", _DATE)]
    assert tray.pos.truth("V100", dt.date(2026, 11, 4))["lateVoids"]["amount"] != "0.00"


def test_punches_are_edited_from_head_office(tray: Tray) -> None:
    """Edited and added punches come from the terminal HQ, with hours and pay restated; removed ones are gone."""
    before = _by_id(tray.rows("time-entries", **tray.window()))
    changes = _edit(tray, punches=2, punchesAdded=1, punchesRemoved=1)
    after = _by_id(tray.rows("time-entries", **tray.window()))
    kinds = {change["kind"]: change for change in changes}
    assert [change["kind"] for change in changes] == ["punch-removed", "punch-changed", "punch-changed", "punch-added"]
    assert set(before) - set(after) == {kinds["punch-removed"]["id"]}
    assert set(after) - set(before) == {kinds["punch-added"]["id"]}
    for change in changes[1:]:
        row = after[change["id"]]
        told = (row["terminal"], row["modifiedAt"], row["in"], row["out"], row["hours"], row["pay"])
        assert told == ("HQ", _NOW, *(change["after"][name] for name in ("in", "out", "hours", "pay")))
    labor = tray.pos.truth("V100", DAY)["labor"]
    assert (labor["hours"], labor["pay"]) == (labor["reckonedHours"], labor["reckonedPay"])
    modified = {row["id"] for row in tray.rows("time-entries", modifiedSince=_NOW, **tray.window())}
    assert modified == {change["id"] for change in changes[1:]}


def test_people_come_change_and_leave(tray: Tray) -> None:
    """An added person is listed, a changed one has another phone, one who left is listed on demand only."""
    before = _by_id(tray.rows("staff"))
    changes = _edit(tray, staffAdded=1, staffChanged=1, staffLeft=1)
    kinds = {change["kind"]: change["id"] for change in changes}
    active, everybody = _by_id(tray.rows("staff")), _by_id(tray.rows("staff", includeInactive="true"))
    assert kinds["person-added"] in active
    assert kinds["person-left"] not in active
    assert everybody[kinds["person-left"]]["active"] is False
    assert everybody[kinds["person-changed"]]["phone"] != before[kinds["person-changed"]]["phone"]


def test_a_late_deposit_is_for_the_day(tray: Tray) -> None:
    """An added deposit is created two mornings later and counts for its day."""
    before = Decimal(tray.pos.truth("V100", DAY)["deposits"]["total"])
    added = _edit(tray, depositsAdded=1)[0]
    window = {"createdFrom": "2026-11-05T05:00:00Z", "createdTo": "2026-11-06T05:00:00Z"}
    assert added["id"] in {row["id"] for row in tray.rows("deposits", **window)}
    total = Decimal(tray.pos.truth("V100", DAY)["deposits"]["total"])
    assert total - before == Decimal(added["after"]["amount"])


def test_a_punch_stays_on_the_business_date_of_clocking_in(tray: Tray) -> None:
    """However often it is moved: also one that was clocked in at the very moment when the day began."""
    wall = tray.pos.book("V100").shop.wall
    _edit(tray, punchesAdded=2, early=True)
    for _ in range(20):
        _edit(tray, punches=99)
    entries = tray.pos.day("V100", DAY).entries()
    begun = [(micros_of(entry.start) or 0) // MICRO for entry in entries]
    assert {wall.business_date(second) for second in begun} == {DAY}
    assert min(begun) == wall.opening(DAY)
    assert {entry.business_date for entry in entries} == {_DATE}


def test_edits_are_deterministic() -> None:
    """The same edits of the same POS change the same; the next ones differ; a seed repeats."""
    edits = Edits(venue="V100", business_date=DAY, tickets=2, punches=2, voids=1)
    first, second = TrayPos(settings()), TrayPos(settings())
    told = first.edit(edits)
    assert told == second.edit(edits)
    assert first.edit(edits) != told
    seeded = Edits(venue="V100", business_date=DAY, tickets=2, seed=7)
    assert TrayPos(settings()).edit(seeded) == TrayPos(settings()).edit(seeded)


def test_edits_do_not_change_other_days(tray: Tray) -> None:
    """A neighbouring day that is drawn after an edit is what it would have been."""
    _edit(tray, tickets=3, staffAdded=2, staffLeft=3, punches=2)
    untouched = TrayPos(settings())
    following = dt.date(2026, 11, 5)
    for name in ("checks", "time-entries", "deposits", "paid-in-out"):
        assert tray.pos.day("V100", following).rows(name) == untouched.day("V100", following).rows(name)


def test_a_reset_undoes_everything(tray: Tray) -> None:
    """One resource, a day, or all of it can go back to what it was."""
    before = tray.day("checks")
    _edit(tray, tickets=3, voids=2)
    tray.http.delete(f"/simulator/days/V100/{_DATE}/checks")
    assert tray.day("checks") == before
    _edit(tray, ticketsAdded=3, voids=2)
    tray.http.delete(f"/simulator/days/V100/{_DATE}")
    assert tray.day("checks") == before
    assert {row["checkBusinessDate"] for row in tray.day("voids", dt.date(2026, 11, 4))} <= {"2026-11-04"}
    _edit(tray, ticketsRemoved=3)
    tray.http.delete("/simulator/days")
    assert tray.day("checks") == before


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"venue": "V555", "businessDate": _DATE}, 404),
        ({"venue": "V100"}, 400),
        ({"venue": "V100", "businessDate": "today"}, 400),
        ({"venue": "V100", "businessDate": _DATE, "ticket": 3}, 400),
    ],
)
def test_edits_that_mean_nothing_are_refused(tray: Tray, body: dict[str, Any], status: int) -> None:
    """An unknown venue, a missing date and a misspelt count are said to be so."""
    assert tray.http.post("/simulator/edits", json=body).status_code == status


def test_rows_put_by_hand_have_a_modification_time(tray: Tray) -> None:
    """Rows put are modified now, or when the query says."""
    rows = tray.day("checks")[:2]
    tray.http.put(f"/simulator/days/V100/{_DATE}/checks", json=rows, params={"modifiedAt": "2026-11-09T00:00:00Z"})
    assert len(tray.day("checks", modifiedSince="2026-11-09T00:00:00Z")) == 2
    assert tray.day("checks", modifiedSince="2026-11-09T00:00:01Z") == []
    tray.http.put(f"/simulator/days/V100/{_DATE}/checks", json=rows)
    assert len(tray.day("checks", modifiedSince=f"{NOW:%Y-%m-%dT%H:%M:%SZ}")) == 2


@pytest.mark.parametrize("resource", ["payments", "voids", "deposits", "paid-in-out", "staff", "jobs"])
def test_any_resource_can_be_put(tray: Tray, resource: str) -> None:
    """Even a row that is no row of the contract comes back as it was put."""
    created = {"createdFrom": "2026-11-03T00:00:00Z", "createdTo": "2026-11-04T00:00:00Z"}
    query = {"deposits": created, "staff": {}, "jobs": {}}.get(resource, {"businessDate": _DATE})
    row = {"id": "x", "createdAt": "2026-11-03T12:00:00Z", "amount": ["odd"], "businessDate": _DATE}
    tray.http.put(f"/simulator/days/V100/{_DATE}/{resource}", json=[row])
    assert row in tray.rows(resource, **query)
    tray.http.delete(f"/simulator/days/V100/{_DATE}/{resource}")
    assert row not in tray.rows(resource, **query)
