"""Traps: data that changes under a reader's hands, between two polls or between two pages."""

import datetime as dt

import pytest

from tests.adapters.pos.tray.simulator.tray_reader import DAY, Tray

_DATE = DAY.isoformat()


def test_a_void_after_the_close_happens_under_the_reader(tray: Tray) -> None:
    """Between two polls an item of the day is voided, with a time on the day after."""
    before = tray.day("checks")
    tray.arm("void_after_close", resource="checks")
    after = tray.day("checks")
    changed = [row for row in after if row not in before]
    assert len(changed) == 1
    assert {item["void"]["at"][:10] for item in changed[0]["items"] if item["void"]} == {"2026-11-04"}
    assert changed[0]["id"] in {row["checkId"] for row in tray.day("voids", dt.date(2026, 11, 4))}


def test_a_tip_comes_late(tray: Tray) -> None:
    """Between two polls a tip of the day grows."""
    before = tray.pos.truth("V100", DAY)["tips"]
    tray.arm("late_tip")
    tray.day("payments")
    after = tray.pos.truth("V100", DAY)
    assert float(after["tips"]) > float(before)
    assert after["residual"] == "0.00"


@pytest.mark.parametrize(("name", "more"), [("split_check", 1), ("transferred_item", 0)])
def test_lines_change_hands(tray: Tray, name: str, more: int) -> None:
    """A line moves to a new or another check, net sales and the identity stay, and a transfer says so in its name."""
    before, checks = tray.pos.truth("V100", DAY), tray.day("checks")
    tray.arm(name, resource="checks")
    after_checks = tray.day("checks")
    after = tray.pos.truth("V100", DAY)
    changed = [row for row in after_checks if row not in checks]
    assert len(changed) == 2
    assert len(after_checks) == len(checks) + more
    assert [after[key] for key in ("netSales", "checkTaxTotal", "paymentsTotal", "residual")] == [
        before[key] for key in ("netSales", "checkTaxTotal", "paymentsTotal", "residual")
    ]
    transferred = sum(item["name"].startswith("Transferred - ") for row in after_checks for item in row["items"])
    earlier = sum(item["name"].startswith("Transferred - ") for row in checks for item in row["items"])
    assert transferred - earlier == 1 - more


def test_somebody_becomes_inactive_and_keeps_the_punch(tray: Tray) -> None:
    """The time entry stays, its person is no longer listed."""
    active = {row["id"] for row in tray.rows("staff")}
    tray.arm("inactive_punch", resource="time-entries")
    punched = {row["staffId"] for row in tray.rows("time-entries", **tray.window())}
    gone = active - {row["id"] for row in tray.rows("staff")}
    assert len(gone) == 1
    assert gone <= punched


def test_an_automatic_clock_out_hides_itself(tray: Tray) -> None:
    """An out changes although modifiedAt does not, so that modifiedSince misses it."""
    before = {row["id"]: row for row in tray.rows("time-entries", **tray.window())}
    tray.arm("auto_clock_out")
    after = {row["id"]: row for row in tray.rows("time-entries", **tray.window())}
    changed = [row_id for row_id in after if after[row_id] != before[row_id]]
    assert len(changed) == 1
    assert after[changed[0]]["out"] != before[changed[0]]["out"]
    assert after[changed[0]]["modifiedAt"] == before[changed[0]]["modifiedAt"]
    assert tray.rows("time-entries", modifiedSince="2026-11-20T12:00:00Z", **tray.window()) == []


def test_sales_change_while_labor_is_read(tray: Tray) -> None:
    """A check that was read is another one once the time entries have come."""
    before = tray.day("checks")
    tray.arm("sales_change_under_labor")
    tray.rows("time-entries", **tray.window())
    after = tray.day("checks")
    assert sum(row not in before for row in after) == 1
    assert len(after) == len(before)


_PAGED: list[tuple[str, dict[str, str]]] = [
    ("checks", {"businessDate": _DATE}),
    ("payments", {"businessDate": _DATE}),
    ("staff", {}),
]


@pytest.mark.parametrize(("resource", "query"), [*_PAGED, ("time-entries", {})])
def test_a_row_inserted_between_pages_repeats_another(tray: Tray, resource: str, query: dict[str, str]) -> None:
    """The rows shift down, so that the last row of page one comes again at the head of page two."""
    query = query or (tray.window() if resource == "time-entries" else {})
    tray.arm("row_inserted_between_pages")
    rows = [row["id"] for row in tray.rows(resource, limit="5", **query)]
    assert rows[4] == rows[5]
    assert tray.pos.board.armed[0].fired == 1


@pytest.mark.parametrize(("resource", "query"), [*_PAGED, ("time-entries", {})])
def test_a_row_deleted_between_pages_hides_another(tray: Tray, resource: str, query: dict[str, str]) -> None:
    """The rows shift up, so that one that is alive is never seen."""
    query = query or (tray.window() if resource == "time-entries" else {})
    tray.arm("row_deleted_between_pages")
    seen = {row["id"] for row in tray.rows(resource, limit="5", **query)}
    assert {row["id"] for row in tray.rows(resource, limit="5", **query)} - seen


@pytest.mark.parametrize(("resource", "query"), [*_PAGED, ("time-entries", {})])
def test_a_row_edited_between_pages_differs_on_a_second_look(tray: Tray, resource: str, query: dict[str, str]) -> None:
    """Some row is another one after page two was asked for."""
    query = query or (tray.window() if resource == "time-entries" else {})
    before = tray.rows(resource, limit="500", **query)
    tray.arm("row_edited_between_pages")
    tray.rows(resource, limit="5", **query)
    assert tray.rows(resource, limit="500", **query) != before
