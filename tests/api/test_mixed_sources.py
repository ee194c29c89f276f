"""Days of several sources, under all options at once, and settled: stories over HTTP, on both databases."""

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from adapters.pos.tray.simulator import Edits
from domain.commands.replay_day import ReplayDay, replay_day
from domain.differences import apply
from domain.facts import ChangesStaged, GenerationStaged
from domain.identifiers import ConnectionId, DayId
from projections.tables import metadata
from tests.api.scene import DAYS, MONDAY, TUESDAY, VENUE, ZONE, Scene, a_scene, cents
from tests.support.postgres import Server

TRAY = {"use_item_level_taxes": True}
PIER = f"pier={VENUE}:{ZONE}"
EVERYTHING: dict[str, Any] = {
    "specify_business_day_start_time": "04:00",
    "trim_service_type_name": True,
    "split_sales_detail": [{"match": "Soda", "name": "Syrup", "category": "Bar", "percent": "15"}],
    "use_revenue_centers": ["Dining", "Bar"],
    "menu_item_category_override": [{"item": "Coffee", "category": "Hot Drinks"}],
    "item_category_override": [{"item": "Bag fee", "category": "Fees"}],
    "number_of_lookback_days": 4,
    "custom_payroll_id_field": "pos_id",
    "vsd_for_actual": True,
    "allow_24_hour_punches": True,
    "observes_daylight_savings_time": False,
    "offset_time_zone": "-0.5",
    "use_consolidate_api": True,
    "open_time": True,
    "skip_unmatched_void_entries": True,
    "remove_transferred_prefix": True,
    "use_item_level_taxes": True,
    "skip_tax_on_discount": True,
    "has_mpf_tax": True,
    "use_sales_item_level_tax": True,
    "use_detailed_discount_reasons": True,
    "include_inactive_employees": True,
}
"""Every option but the one that switches deposits off: another one looks for them."""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """A store's address on each kind of database."""
    if request.param == "sqlite":
        return ""
    server: Server = request.getfixturevalue("postgres")
    return server.url(server.create())


@pytest.fixture
def scene(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """A daybook and a POS of ordinary days."""
    with a_scene(tmp_path / "data", url, monkeypatch) as opened:
        yield opened


def _views(scene: Scene) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every view, as it stands."""
    scene.catch_up()
    with scene.opened.engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
            if table.name != "bookmark"
        }


def _assert_balanced(scene: Scene, location: str, date: dt.date) -> None:
    """Debits are credits, line by line, and the identity leaves nothing that has no cause."""
    entries = scene.get(location, date, "journal-entries")["journal_entries"]
    for name in ("sales", "labor"):
        sides = {"debit": 0, "credit": 0}
        for line in entries[name]["lines"]:
            sides[line["side"]] += cents(line["amount"])
        assert sides["debit"] == sides["credit"] == cents(entries[name]["debits"]) == cents(entries[name]["credits"])
    assert all(line["name"] for line in scene.summary(location, date)["adjustments"])


@pytest.mark.slow
@pytest.mark.parametrize("seed", [101, 2027])
def test_everything_on_at_once(seed: int, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the POS holds: what was polled polls unchanged, replays alike, balances, and rebuilds to the same."""
    odd = {
        "tax_difference_share": 0.3,
        "unmatched_void_share": 0.5,
        "item_center_share": 0.3,
        "surcharge_share": 0.2,
        "non_sale_share": 0.2,
        "gratuity_share": 0.2,
    }
    with a_scene(tmp_path / "data", url, monkeypatch, seed=seed, tickets=60, **odd) as scene:
        zones = {venue.id: venue.zone for venue in scene.pos.pos.settings.venues}
        scene.connect("tray", PIER, f"prairie=V101:{zones['V101']}", options=EVERYTHING)
        places = [(location, date) for location in ("pier", "prairie") for date in DAYS[:3]]
        for location, date in places:
            assert scene.poll(location, date)["outcome"] == "polled"
        for location, date in places:
            assert scene.poll(location, date)["outcome"] == "unchanged", (location, date)
            replayed = scene.replay(location, date)
            assert (replayed["differs"], replayed["records"]) == (False, [])
            _assert_balanced(scene, location, date)
        scene.assert_sound()
        _edit(scene)
        for location, date in places:
            scene.poll(location, date)
        for location, date in places:
            assert scene.poll(location, date)["outcome"] == "unchanged", (location, date)
            assert scene.replay(location, date)["differs"] is False
            _assert_balanced(scene, location, date)
        before = _views(scene)
        scene.run("rebuild")
        assert _views(scene) == before
        scene.assert_sound()


def _edit(scene: Scene) -> None:
    """All kinds of edits at both venues, on a day in the middle."""
    for venue in ("V100", "V101"):
        scene.pos.pos.edit(
            Edits(
                venue=venue,
                business_date=TUESDAY,
                tickets=3,
                voids=2,
                tips=2,
                tickets_added=2,
                tickets_removed=2,
                punches=3,
                punches_added=1,
                punches_removed=1,
                staff_changed=1,
                staff_left=1,
                deposits_added=1,
            )
        )


def _with_fees(scene: Scene, date: dt.date) -> int:
    """Put a bag fee and an online fee of 0.10, under Food, on some checks, paid for; answers on how many."""
    rows = scene.rows("checks", date)
    priced = [row for row in rows if any(not payment["void"] for payment in row["payments"])][:7]
    for number, row in enumerate(priced):
        fee = {**row["items"][0], "id": f"{row['id']}-fee", "parentId": None, "quantity": 1, "price": "0.10"}
        fee |= {"name": ("Bag fee", "Online fee")[number % 2], "category": "Food", "taxes": [], "void": None}
        row["items"].append(fee)
        paid = next(payment for payment in row["payments"] if not payment["void"])
        paid["amount"] = str(Decimal(paid["amount"]) + Decimal("0.10"))
    scene.put("checks", date, rows)
    return len(priced)


def test_the_fees_of_an_ihop_have_categories_of_their_own(scene: Scene) -> None:
    """Connected by the preset, fee items leave Food for their own names, and gross sales stay what they are."""
    assert _with_fees(scene, MONDAY) == 7
    scene.connect("plain", PIER, options=TRAY)
    scene.connect("ihop", f"house={VENUE}:{ZONE}", preset="ihop")
    for location in ("pier", "house"):
        scene.poll(location, MONDAY)
    plain, ihop = scene.summary("pier", MONDAY), scene.summary("house", MONDAY)
    gross = {
        name: {line["name"]: cents(line["gross"]) for line in one["by_category"]}
        for name, one in (("plain", plain), ("ihop", ihop))
    }
    assert (gross["ihop"]["Bag fee"], gross["ihop"]["Online fee"]) == (40, 30)
    assert gross["plain"]["Food"] - gross["ihop"]["Food"] == 70
    assert (plain["gross_sales"], plain["net_sales"]) == (ihop["gross_sales"], ihop["net_sales"])
    replayed = scene.replay(
        "pier", MONDAY, options={"item_category_override": [{"item": "Bag fee", "category": "Fees"}]}
    )
    assert replayed["changes"] == {"added": 0, "changed": 4, "removed": 0}


def _send(scene: Scene, name: str, text: str) -> dict[str, Any]:
    """Import a file of Monday."""
    answer = scene.client.send(
        "POST",
        "/v1/imports",
        data={"location": "pier", "date": str(MONDAY)},
        files=[("file", (name, text.encode()))],
    )
    assert answer.status_code in {200, 201, 409}, answer.text
    scene.catch_up()
    told: dict[str, Any] = answer.json()
    return told


def test_files_bring_what_the_poll_leaves_to_them(scene: Scene) -> None:
    """Deposits that Tray does not import come in a file, are never overwritten by a poll, and make over/short known."""
    scene.connect("tray", PIER, options={**TRAY, "disable_deposits_import": True})
    scene.run("connect", "--system", "files", "--id", "files", "--location", f"pier:{ZONE}")
    scene.catch_up()
    scene.poll("pier", MONDAY)
    summary = scene.summary("pier", MONDAY)
    assert summary["over_short"] is None
    owed = Decimal(summary["expected_cash"])
    text = f"DepositDate,Amount,Number\n11/17/2025,{owed - 5},D-1\n11/17/2025,5.00,D-2\n"
    assert _send(scene, "deposits.csv", text)["outcome"] == "imported"
    summary = scene.summary("pier", MONDAY)
    assert (Decimal(summary["total_deposit"]), summary["over_short"]) == (owed, "0.00")
    feeds = {feed["connection"]: set(feed["kinds"]) for feed in summary["feeds"]}
    assert feeds["files"] == {"deposit"}
    assert "deposit" not in feeds["tray"]
    assert {"ticket", "punch"} <= feeds["tray"]
    assert scene.poll("pier", MONDAY)["outcome"] == "unchanged"
    assert scene.replay("pier", MONDAY)["differs"] is False
    scene.configure("tray", TRAY)
    scene.poll("pier", MONDAY)  # the POS has deposits of its own: they are passed over, and the day says so
    summary = scene.summary("pier", MONDAY)
    assert (Decimal(summary["total_deposit"]), summary["over_short"]) == (owed, "0.00")
    assert "fed_by_another" in {issue["code"] for issue in summary["issues"]}
    assert [day["outcome"] for day in _send(scene, "deposits.csv", text)["days"]] == ["unchanged"]
    _assert_balanced(scene, "pier", MONDAY)
    before = _views(scene)
    scene.run("rebuild")
    assert _views(scene) == before


def test_a_file_may_not_overwrite_what_is_polled(scene: Scene) -> None:
    """A deposits file beside deposits of the POS is refused in a sentence that says what to switch off."""
    scene.connect("tray", PIER, options=TRAY)
    scene.run("connect", "--system", "files", "--id", "files", "--location", f"pier:{ZONE}")
    scene.catch_up()
    scene.put("deposits", MONDAY, [_deposit()])
    scene.poll("pier", MONDAY)
    before = scene.day("pier", MONDAY).records
    assert before["deposit"]
    told = _send(scene, "deposits.csv", "DepositDate,Amount,Number\n11/17/2025,1.00,D-1\n")
    assert "disable_deposits_import" in json.dumps(told)
    assert scene.day("pier", MONDAY).records == before


def _deposit() -> dict[str, Any]:
    return {
        "id": "d-1",
        "number": "1",
        "amount": "100.00",
        "businessDate": str(MONDAY),
        "createdAt": "2025-11-18T15:00:00Z",
        "closedAt": None,
        "by": None,
        "zone": ZONE,
    }


TRIED: list[dict[str, Any]] = [
    {"use_item_level_taxes": False},
    {"use_sales_item_level_tax": True},
    {"split_sales_detail": [{"match": "Soda", "name": "Syrup", "percent": "15"}]},
    {"menu_item_category_override": [{"item": "Coffee", "category": "Hot Drinks"}]},
    {"use_revenue_centers": ["Dining"]},
    {"use_detailed_discount_reasons": True, "has_mpf_tax": True, "skip_tax_on_discount": True},
    {"vsd_for_actual": True, "allow_24_hour_punches": True},
    {"custom_payroll_id_field": "pos_id"},
]
"""Options under which a day's own capture says everything."""


@pytest.mark.parametrize("tried", TRIED, ids="+".join)
def test_a_replay_shows_what_a_repoll_then_makes(
    tried: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Options that were tried by a replay, configured and repolled, come to just the records that it showed."""
    odd = {"tax_difference_share": 0.4, "item_center_share": 0.4}
    with a_scene(tmp_path / "data", "", monkeypatch, **odd) as scene:
        scene.connect("tray", PIER, options=TRAY)
        scene.poll("pier", MONDAY)
        shown = scene.replay("pier", MONDAY, options=tried)
        day = DayId("main", "pier", MONDAY)
        found = replay_day(ReplayDay(day, ConnectionId("main", "tray"), options=tried), scene.opened.house)
        assert sum(shown["changes"].values()) == len(found.changes)
        expected = {kind: dict(records) for kind, records in scene.day("pier", MONDAY).records.items()}
        apply(expected, found.changes)
        figures = {figure["figure"]: figure["after"] for figure in shown["effect"]["figures"]}
        version = scene.configure("tray", {**TRAY, **tried})
        saved = scene.replay("pier", MONDAY, configuration=version)
        assert (saved["changes"], saved["records"]) == (shown["changes"], shown["records"])
        told = scene.poll("pier", MONDAY)
        assert {name: told[name] for name in shown["changes"]} == shown["changes"]
        recorded = scene.day("pier", MONDAY).records
        assert {kind: records for kind, records in recorded.items() if records} == {
            kind: records for kind, records in expected.items() if records
        }
        summary = scene.summary("pier", MONDAY)
        for name, after in figures.items():
            if name in summary:
                assert str(summary[name]) == str(after), name
        assert scene.replay("pier", MONDAY)["differs"] is False


def test_an_approved_day_changes_no_more_until_it_is_reopened(scene: Scene) -> None:
    """What the POS changes after approval is staged, listed and counted nowhere; reopened, the day has it at once."""
    scene.connect("tray", PIER, options=TRAY)
    scene.poll("pier", MONDAY)
    scene.settle("pier", MONDAY, "completed")
    scene.settle("pier", MONDAY, "approved")
    before, records = scene.summary("pier", MONDAY), scene.day("pier", MONDAY).records
    scene.pos.pos.edit(Edits(venue=VENUE, business_date=MONDAY, tickets=2, punches=1, tickets_removed=1))
    told = scene.poll("pier", MONDAY)
    count = told["added"] + told["changed"] + told["removed"]
    assert (told["outcome"], told["generation"], count >= 4) == ("staged", 2, True)
    day = scene.day("pier", MONDAY)
    assert (day.records, day.state, day.generation) == (records, "approved", 1)
    (staged, part) = scene.facts("pier", MONDAY)[-2:]
    assert isinstance(staged, GenerationStaged)
    assert isinstance(part, ChangesStaged)
    assert len(part.changes) == count
    after = scene.summary("pier", MONDAY)
    assert after["late_changes"] == count
    issues = [issue for issue in after["issues"] if issue["code"] == "changes_after_approval"]
    assert len(issues) == 1
    told_of_them = {"late_changes", "issues", "issue_count"}
    assert {name: value for name, value in after.items() if name not in told_of_them} == {
        name: value for name, value in before.items() if name not in told_of_them
    }
    _assert_balanced(scene, "pier", MONDAY)
    scene.settle("pier", MONDAY, "in progress")
    again = scene.poll("pier", MONDAY)
    assert (again["outcome"], again["generation"]) == ("unchanged", 2)
    final = scene.summary("pier", MONDAY)
    assert (final["state"], final["late_changes"]) == ("in progress", 0)
    assert final["net_sales"] == scene.pos.pos.truth(VENUE, MONDAY)["netSales"]
    scene.assert_sound()
