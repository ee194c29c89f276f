"""Polling options as their users meet them: each a story, over HTTP, against a simulated POS, on both databases."""

import datetime as dt
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from adapters.pos.tray.simulator import Edits
from domain.differences import RecordMap
from domain.facts import PollFailed
from domain.records import Remainder, Ticket
from tests.api.scene import DAYS, MONDAY, THURSDAY, TUESDAY, VENUE, WEDNESDAY, ZONE, Scene, a_scene, cents
from tests.support.postgres import Server

TRAY = {"use_item_level_taxes": True}
PIER = f"pier={VENUE}:{ZONE}"


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


def test_archives_say_what_the_split_endpoints_say(scene: Scene) -> None:
    """One venue polled both ways is the same records to the byte, and switching between them changes nothing at all."""
    scene.connect("split", PIER)
    scene.connect("packed", f"quay={VENUE}:{ZONE}", options={"use_consolidate_api": True})
    for date in DAYS[:2]:
        assert scene.poll("pier", date)["generation"] == scene.poll("quay", date)["generation"] == 1
        assert scene.day("quay", date).records == scene.day("pier", date).records
    rosters = scene.roster("split", "pier"), scene.roster("packed", "quay")
    assert _known(rosters[0]) == _known(rosters[1])
    scene.configure("split", {**TRAY, "use_consolidate_api": True})
    scene.configure("packed", TRAY)
    for date in DAYS[:2]:
        for location in ("pier", "quay"):
            assert scene.poll(location, date)["outcome"] == "unchanged"
    assert (scene.roster("split", "pier"), scene.roster("packed", "quay")) == rosters
    asked = {entry["path"].rpartition("/")[2] for entry in scene.pos.pos.requests}
    assert {"sales", "labor", "checks", "staff"} <= asked


def _known(roster: RecordMap) -> dict[str, Any]:
    """A roster but for who sealed the personal data in it: that is of the connection and the location."""
    return {
        f"{kind}/{key}": {
            name: "sealed" if str(value).startswith("sealed:") else value
            for name, value in json.loads(data).items()
            if name != "person"
        }
        for kind, records in roster.items()
        for key, data in records.items()
    }


def test_an_archive_with_a_wrong_tag_is_a_failed_attempt_and_nothing_else(scene: Scene) -> None:
    """The poll answers that it failed; records, generation and roster stay, and the next poll reads the day."""
    scene.connect("tray", PIER, options={"use_consolidate_api": True})
    scene.poll("pier", MONDAY)
    before, roster = scene.day("pier", MONDAY), scene.roster("tray", "pier")
    scene.pos.pos.arm("archive_wrong_tag", times=None)
    answer = scene.client.post(f"/v1/days/pier/{MONDAY}/polls", {"reason": "a story"})
    assert (answer.status_code, answer.json()["type"]) == (502, "/problems/poll-failed")
    after = scene.day("pier", MONDAY)
    assert (after.records, after.generation, after.version) == (before.records, 1, before.version + 1)
    assert scene.roster("tray", "pier") == roster
    failed = scene.facts("pier", MONDAY)[-1]
    assert isinstance(failed, PollFailed)
    assert (failed.failure, failed.attempt.rows) == ("malformed", {})
    scene.pos.pos.disarm()
    assert scene.poll("pier", MONDAY)["outcome"] == "unchanged"


FIGURES = ("gross_sales", "discounts", "net_sales", "tax", "tips", "surcharges", "non_sales", "late_voids")


def test_a_venue_is_split_over_locations(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two locations of one venue and what neither keeps are the venue, in every figure, for each tender and tax."""
    shares = {"item_center_share": 0.5, "surcharge_share": 0.3, "non_sale_share": 0.3, "gratuity_share": 0.3}
    with a_scene(tmp_path / "data", url, monkeypatch, **shares) as scene:
        scene.connect("split", f"dining={VENUE}:{ZONE}", f"bar={VENUE}:{ZONE}")
        scene.connect("venue", f"whole={VENUE}:{ZONE}", options=TRAY)
        kept = {"dining": ["Dining"], "bar": ["Bar"]}
        scene.configure("split", TRAY, {name: {"use_revenue_centers": centers} for name, centers in kept.items()})
        for location in ("dining", "bar", "whole"):
            scene.poll(location, MONDAY)
        _assert_shared_out(scene, MONDAY)
        whole = {ticket.id: ticket for ticket in _tickets(scene, "whole", MONDAY)}
        parts = [ticket for name in kept for ticket in _tickets(scene, name, MONDAY) if ticket.share]
        assert parts  # some checks are of several centers
        for part in parts:
            assert 0 < _lines(part) < _lines(whole[part.id])
        scene.assert_sound()


def _lines(ticket: Ticket) -> int:
    return len(ticket.items) + len(ticket.surcharges) + len(ticket.non_sales)


def _tickets(scene: Scene, location: str, date: dt.date) -> list[Ticket]:
    return cast("list[Ticket]", scene.records("ticket", location, date))


def _assert_shared_out(scene: Scene, date: dt.date) -> None:
    """Dining, the bar and the remainders that nobody keeps are the venue; what one keeps is the other's remainder."""
    summaries = {name: scene.summary(name, date) for name in ("dining", "bar", "whole")}
    left = {
        name: {
            cast("Remainder", line).center: cast("Remainder", line) for line in scene.records("remainder", name, date)
        }
        for name in ("dining", "bar")
    }
    unassigned = {center: line for center, line in left["dining"].items() if not line.location}
    assert unassigned == {center: line for center, line in left["bar"].items() if not line.location}
    lines = {line["center"]: line for line in summaries["dining"]["remainders"]}
    for figure in FIGURES:
        kept = sum(cents(summaries[name][figure]) for name in ("dining", "bar"))
        shown = {"gross_sales": "gross", "net_sales": "net"}.get(figure, figure)
        beside = sum(cents(lines[center][shown]) for center in unassigned)
        assert kept + beside == cents(summaries["whole"][figure]), figure
    for shown, amount in (("payments", "amount"), ("payments", "tips"), ("taxes", "amount")):
        totals = {line["name"]: cents(line[amount]) for line in summaries["whole"][shown]}
        found: dict[str, int] = dict.fromkeys(totals, 0)
        for name in ("dining", "bar"):
            for line in summaries[name][shown]:
                found[line["name"]] += cents(line[amount])
        for remainder in unassigned.values():
            for share in remainder.tenders if shown == "payments" else remainder.taxes:
                found[share.name] += getattr(share, f"{amount}_cents")
        assert found == totals, (shown, amount)
    others = [line for line in summaries["dining"]["remainders"] if line["location"] == "bar"]
    for figure, shown in {"gross_sales": "gross", "tips": "tips", "tax": "tax", "discounts": "discounts"}.items():
        assert sum(cents(line[shown]) for line in others) == cents(summaries["bar"][figure]), figure


def test_a_renamed_revenue_center_does_not_vanish(scene: Scene) -> None:
    """Where the POS calls the bar something else, its revenue is unassigned, and the day says so."""
    scene.connect("split", f"dining={VENUE}:{ZONE}", f"bar={VENUE}:{ZONE}")
    centers = {"dining": ["Dining", "Patio", "Online"], "bar": ["Bar"]}
    scene.configure("split", TRAY, {name: {"use_revenue_centers": kept} for name, kept in centers.items()})
    for name in centers:
        scene.poll(name, MONDAY)
        assert cents(scene.summary(name, MONDAY)["unassigned"]) == 0
    before = scene.summary("bar", MONDAY)
    assert cents(before["net_sales"]) > 0
    rows = scene.rows("checks", MONDAY)
    for row in rows:
        row["revenueCenter"] = {"Bar": "Lounge"}.get(row["revenueCenter"], row["revenueCenter"])
    scene.put("checks", MONDAY, rows)
    for name in centers:
        scene.poll(name, MONDAY)
        after = scene.summary(name, MONDAY)
        assert after["unassigned"] == before["net_sales"]
        issues = [issue for issue in after["issues"] if issue["code"] == "unassigned_revenue"]
        assert [("Lounge" in issue["message"], issue["record"]) for issue in issues] == [(True, "remainder/Lounge")]
    assert scene.summary("bar", MONDAY)["net_sales"] == "0.00"


NIGHT: dict[str, Any] = {
    "id": "night",
    "staffId": "V100-E001",
    "jobId": "V100-J01",
    "actualRate": "12.00",
    "in": "2025-11-18T03:00:00Z",  # 22:00 on Monday
    "out": "2025-11-18T11:00:00Z",  # 06:00 on Tuesday
    "zone": ZONE,
    "businessDate": str(MONDAY),
    "breaks": [{"in": "2025-11-18T08:45:00Z", "out": "2025-11-18T09:15:00Z", "paid": False}],
    "declaredTips": "5.00",
    "chargeTips": "0.00",
    "terminal": "POS 1",
    "modifiedAt": "2025-11-18T11:00:00Z",
    "hours": "7.50",
    "pay": "90.00",
}
"""Eight hours over the start of the day at 04:00, with an unpaid break over it as well."""


def _night_parts(scene: Scene, date: dt.date) -> list[tuple[str, str, str]]:
    punches = scene.get("pier", date, "labor")["data"]
    return [(line["punch"], line["hours"], line["pay"]) for line in punches if line["punch"].startswith("night")]


def test_a_shift_is_split_over_two_days_and_compensated(scene: Scene) -> None:
    """Its parts are 69.00 and 21.00 of 90.00; where it is cut at the POS, reading its day takes the other part off."""
    options = {**TRAY, "vsd_for_actual": True, "specify_business_day_start_time": "04:00"}
    scene.connect("tray", PIER, options=options)
    scene.put("time-entries", MONDAY, [NIGHT])
    for date in (MONDAY, TUESDAY):
        scene.poll("pier", date)
    assert _night_parts(scene, MONDAY) == [("night#1", "5.7500", "69.00")]
    assert _night_parts(scene, TUESDAY) == [("night#2", "1.7500", "21.00")]
    for date in (MONDAY, TUESDAY):
        assert scene.poll("pier", date)["outcome"] == "unchanged"
    before = scene.get("pier", TUESDAY, "labor")
    cut = {**NIGHT, "out": "2025-11-18T08:30:00Z", "breaks": [], "hours": "5.50", "pay": "66.00", "terminal": "HQ"}
    scene.put("time-entries", MONDAY, [cut])
    told = scene.poll("pier", MONDAY)
    assert (told["outcome"], told["compensated"]) == ("polled", [{"date": str(TUESDAY), "records": 1}])
    assert _night_parts(scene, MONDAY) == [("night", "5.5000", "66.00")]
    assert _night_parts(scene, TUESDAY) == []
    after = scene.get("pier", TUESDAY, "labor")
    assert after["punches"] == before["punches"] - 1
    assert cents(after["pay"]) == cents(before["pay"]) - 2100
    sentences = [step["sentence"] for step in scene.get("pier", TUESDAY, "history")["data"]]
    assert str(MONDAY) in sentences[-2]
    (step,) = scene.get("pier", TUESDAY, "history", record="punch/night#2")["data"][-1:]
    assert step["operation"] == "removed"
    assert scene.poll("pier", TUESDAY)["outcome"] == "unchanged"
    scene.assert_sound()


DATINGS: list[tuple[dict[str, Any], dt.date]] = [
    ({"open_time": True}, MONDAY),
    ({"specify_business_day_start_time": "04:00"}, TUESDAY),
    ({"open_time": True, "specify_business_day_start_time": "04:00"}, TUESDAY),
    ({"offset_time_zone": "-3"}, MONDAY),
]
"""What changes how tickets are dated, and which of two neighbouring days is read first after it."""


@pytest.mark.slow
@pytest.mark.parametrize(("dating", "first"), DATINGS, ids=["+".join(dating) for dating, _ in DATINGS])
def test_a_switch_of_dating_loses_and_doubles_no_ticket(scene: Scene, dating: dict[str, Any], first: dt.date) -> None:
    """Between polls of neighbouring days tickets are dated anew: none is on two days, and each is where it belongs."""
    scene.connect("tray", PIER, options=TRAY)
    days = DAYS[:4]
    for date in days:
        scene.poll("pier", date)
    everything = [row for date in DAYS for row in scene.rows("checks", date)]
    assert _placed(scene) == {
        row["id"]: row["businessDate"] for row in everything if row["businessDate"] <= str(days[-1])
    }
    scene.configure("tray", {**TRAY, **dating})
    where = partial(_date_by_rule, dating)
    scene.poll("pier", first)
    scene.assert_sound()
    placed, belong = _placed(scene), {row["id"]: str(where(row)) for row in everything}
    assert {ticket for ticket, date in placed.items() if date == str(first)} == {
        ticket for ticket, date in belong.items() if date == str(first)
    }
    recorded = {str(date) for date in days}
    lost = {ticket for ticket, date in belong.items() if date in recorded} - placed.keys()
    assert {row["businessDate"] for row in everything if row["id"] in lost} <= {str(DAYS[4])}
    for date in (*[day for day in days if day != first], first):
        scene.poll("pier", date)
        scene.assert_once()
    placed = _placed(scene)
    assert placed == {ticket: date for ticket, date in belong.items() if date in recorded}
    scene.configure("tray", TRAY)
    for date in reversed(days):
        scene.poll("pier", date)
        scene.assert_once()
    scene.assert_sound()
    assert _placed(scene) == {row["id"]: row["businessDate"] for row in everything if row["businessDate"] in recorded}


@pytest.mark.parametrize("starts", ["", "06:30"])
def test_a_void_counts_once_wherever_our_day_begins(scene: Scene, starts: str) -> None:
    """Voided at 03:00 on the POS's next day, a line goes off the net sales of that day, and not of the sale's too."""
    scene.connect("tray", PIER, options={**TRAY, "specify_business_day_start_time": starts})
    for date in DAYS[:2]:
        scene.poll("pier", date)
    net = sum(cents(scene.summary("pier", date)["net_sales"]) for date in DAYS[:2])
    night = dt.datetime(2025, 11, 18, 8, tzinfo=dt.UTC)
    scene.pos.pos.edit(Edits(venue=VENUE, business_date=MONDAY, voids=1, void_at=night))
    for date in DAYS[:2]:
        scene.poll("pier", date)
    voided = sum(
        cents(row["amount"]) for row in scene.rows("voids", TUESDAY) if row["checkBusinessDate"] == str(MONDAY)
    )
    assert voided > 0
    assert cents(scene.summary("pier", TUESDAY)["late_voids"]) == voided
    assert sum(cents(scene.summary("pier", date)["net_sales"]) for date in DAYS[:2]) == net - voided


def _date_by_rule(dating: dict[str, Any], row: dict[str, Any]) -> dt.date:
    moment = dt.datetime.fromisoformat(row["openedAt"] if "open_time" in dating else row["closedAt"])
    starts = dt.timedelta(hours=int(dating.get("specify_business_day_start_time", "00:00")[:2]))
    hours = dt.timedelta(hours=int(dating.get("offset_time_zone", "0")))
    return (moment.astimezone(ZoneInfo(ZONE)) + hours - starts).date()


def _placed(scene: Scene) -> dict[str, str]:
    """The business day of every ticket that is recorded."""
    return {ticket: str(date) for date in DAYS for ticket in scene.day("pier", date).records.get("ticket", {})}


def _deposit(amount: str, created: str) -> dict[str, Any]:
    return {
        "id": "late-deposit",
        "number": "9",
        "amount": amount,
        "businessDate": str(MONDAY),
        "createdAt": created,
        "closedAt": None,
        "by": None,
        "zone": ZONE,
    }


def test_a_deposit_that_was_entered_late_is_found_by_looking_back(scene: Scene) -> None:
    """Entered on Wednesday for Monday, Thursday's poll attaches it: Monday's over/short goes from unknown to 0.00."""
    scene.connect("tray", PIER, options=TRAY)
    scene.configure("tray", {**TRAY, "number_of_lookback_days": 3})
    for date in DAYS:
        scene.put("deposits", date, [])
    for date in DAYS[:3]:
        scene.poll("pier", date)
    before = scene.summary("pier", MONDAY)
    assert (before["total_deposit"], before["over_short"]) == (None, None)
    scene.put("deposits", MONDAY, [_deposit(before["expected_cash"], "2025-11-19T16:00:00Z")])
    assert scene.poll("pier", THURSDAY)["compensated"] == [{"date": str(MONDAY), "records": 1}]
    after = scene.summary("pier", MONDAY)
    assert (after["total_deposit"], after["over_short"]) == (before["expected_cash"], "0.00")
    assert scene.poll("pier", MONDAY)["outcome"] == "unchanged"
    assert scene.poll("pier", THURSDAY)["outcome"] == "unchanged"
    assert [len(scene.records("deposit", "pier", date)) for date in DAYS[:4]] == [1, 0, 0, 0]


def test_an_approved_day_takes_nothing_from_readings_of_other_days(scene: Scene) -> None:
    """A late deposit and a cut shift that other days tell are observed there; reopened, it has them at once."""
    options = {**TRAY, "vsd_for_actual": True, "specify_business_day_start_time": "04:00", "number_of_lookback_days": 3}
    options["labor_lookback_days"] = 0  # Tuesday's own poll tells of the shift
    scene.connect("tray", PIER, options=options)
    night = {
        **NIGHT,
        "businessDate": str(TUESDAY),
        **{name: NIGHT[name].replace("18T", "19T") for name in ("in", "out")},
    }
    scene.put("time-entries", TUESDAY, [{**night, "breaks": []}])
    for date in DAYS[:3]:
        scene.put("deposits", date, [])
    for date in DAYS[:3]:
        scene.poll("pier", date)
    assert _night_parts(scene, WEDNESDAY) == [("night#2", "2.0000", "24.00")]
    owed = {date: scene.summary("pier", date)["expected_cash"] for date in (MONDAY, WEDNESDAY)}
    for date in (MONDAY, WEDNESDAY):
        scene.settle("pier", date, "completed")
        scene.settle("pier", date, "approved")
    before = {date: scene.day("pier", date).records for date in (MONDAY, WEDNESDAY)}
    scene.put("deposits", MONDAY, [_deposit(owed[MONDAY], "2025-11-20T16:00:00Z")])
    scene.put("time-entries", TUESDAY, [{**night, "breaks": [], "out": "2025-11-19T08:00:00Z"}])
    for date, concerned in ((THURSDAY, MONDAY), (TUESDAY, WEDNESDAY)):
        told = scene.poll("pier", date)
        assert ("compensated" in told, told["observed"]) == (False, 1)
        assert scene.day("pier", concerned).records == before[concerned]
        summary = scene.summary("pier", concerned)
        assert summary["late_changes"] == 1
        assert "changes_after_approval" in {issue["code"] for issue in summary["issues"]}
        scene.settle("pier", concerned, "in progress")
        assert scene.summary("pier", concerned)["late_changes"] == 0
        assert scene.poll("pier", concerned)["outcome"] == "unchanged"
    assert scene.summary("pier", MONDAY)["over_short"] == "0.00"
    assert _night_parts(scene, WEDNESDAY) == []
    scene.assert_sound()


def test_without_looking_back_a_late_deposit_waits_for_its_own_day(scene: Scene) -> None:
    """Another day's poll says nothing about it."""
    scene.connect("tray", PIER, options=TRAY)
    scene.put("deposits", MONDAY, [])
    scene.poll("pier", MONDAY)
    owed = scene.summary("pier", MONDAY)["expected_cash"]
    scene.put("deposits", MONDAY, [_deposit(owed, "2025-11-19T16:00:00Z")])
    assert "compensated" not in scene.poll("pier", THURSDAY)
    assert scene.summary("pier", MONDAY)["over_short"] is None
    scene.poll("pier", MONDAY)
    assert scene.summary("pier", MONDAY)["over_short"] == "0.00"


def test_without_deposits_over_short_is_unknown(scene: Scene) -> None:
    """Deposits that are not imported are no shortage; switched on again, a repoll knows it."""
    scene.connect("tray", PIER, options={**TRAY, "disable_deposits_import": True})
    scene.put("deposits", MONDAY, [])
    scene.poll("pier", MONDAY)
    owed = scene.summary("pier", MONDAY)
    scene.put("deposits", MONDAY, [_deposit(owed["expected_cash"], "2025-11-18T16:00:00Z")])
    assert scene.poll("pier", MONDAY)["outcome"] == "unchanged"
    assert (owed["total_deposit"], owed["over_short"]) == (None, None)
    scene.configure("tray", TRAY)
    scene.poll("pier", MONDAY)
    assert scene.summary("pier", MONDAY)["over_short"] == "0.00"
