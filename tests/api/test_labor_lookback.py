"""Labor lookback and overtime as users meet them: a POS that edits, polls that look back, on both databases."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.scene import DAYS, FRIDAY, MONDAY, VENUE, ZONE, Scene, a_scene, cents

PIER = f"pier={VENUE}:{ZONE}"
SATURDAY = FRIDAY + dt.timedelta(days=1)


@pytest.fixture
def scene(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """A daybook on either database, and a POS whose days go from Monday to Saturday."""
    with a_scene(tmp_path / "data", database_url, monkeypatch, tickets=6, last=SATURDAY) as scene:
        yield scene


def punch(date: dt.date, hours: int = 8, **fields: Any) -> dict[str, Any]:
    """Ann's shift of a day at 15.00, from 8:00 in New York."""
    return {
        "id": f"ann-{date}",
        "staffId": "ann",
        "jobId": "cook",
        "actualRate": "15.00",
        "in": f"{date}T13:00:00Z",
        "out": f"{date}T{13 + hours:02d}:00:00Z",
        "zone": ZONE,
        "businessDate": str(date),
        "breaks": [],
        "declaredTips": "0.00",
        "chargeTips": "0.00",
        "terminal": "POS 1",
        "modifiedAt": f"{date}T23:00:00Z",
        "hours": f"{hours}.00",
        "pay": f"{hours * 15}.00",
        **fields,
    }


def pays(scene: Scene) -> dict[dt.date, int]:
    """Labor pay by day, in cents, which the labor of the day and its journal entry say as well."""
    found = {}
    for date in DAYS:
        summary = scene.summary("pier", date)
        found[date] = cents(summary["labor_pay"])
        labor = scene.get("pier", date, "labor")
        assert (labor["pay"], labor["premium"]) == (summary["labor_pay"], summary["labor_premium"])
        assert scene.get("pier", date, "journal-entries")["journal_entries"]["labor"]["debits"] == summary["labor_pay"]
    return found


def test_monday_edited_above_store_costs_overtime_on_friday(scene: Scene) -> None:
    """600.00 become 645.00: Monday +30.00 and Friday +15.00 by Saturday's poll, each said in a sentence, once."""
    scene.connect("tray", PIER)
    for date in DAYS:
        scene.put("time-entries", date, [punch(date)])
        scene.poll("pier", date)
    assert sum(pays(scene).values()) == 60_000
    before = pays(scene)
    scene.put("time-entries", MONDAY, [punch(MONDAY, 10, terminal="HQ")])
    scene.put("time-entries", SATURDAY, [])
    told = scene.poll("pier", SATURDAY)
    assert told["compensated"] == [{"date": str(MONDAY), "records": 1}, {"date": str(FRIDAY), "records": 1}]
    after = pays(scene)
    assert {date: after[date] - before[date] for date in DAYS if after[date] != before[date]} == {
        MONDAY: 3000,
        FRIDAY: 1500,
    }
    (line,) = scene.get("pier", FRIDAY, "labor")["data"]
    assert (line["overtime_hours"], line["premium"], line["overtime_rule"]) == ("2.0000", "15.00", "weekly")
    history = [step["sentence"] for step in scene.get("pier", MONDAY, "history")["data"]]
    assert history[-2].startswith(f"Reading {SATURDAY} from tray changed this day (labor found by looking back)")
    (edit,) = scene.get("pier", MONDAY, "history", record=f"punch/ann-{MONDAY}")["data"][-1:]
    assert edit["sentence"].startswith(f"Punch ann-{MONDAY} was edited above store: clock_out ")
    (extra,) = scene.get("pier", FRIDAY, "history", record=f"overtime/ann-{FRIDAY}")["data"]
    assert extra["sentence"] == f"Overtime ann-{FRIDAY} was added."
    assert scene.poll("pier", SATURDAY)["outcome"] == "unchanged"
    for date in DAYS:
        assert scene.poll("pier", date)["outcome"] == "unchanged"
        assert scene.replay("pier", date)["differs"] is False
    report = scene.run("dss", "pier", str(FRIDAY)).output
    assert "overtime" in report
    assert "135.00" in report
    scene.assert_sound()


def test_what_vanished_and_what_came_is_found_however_the_day_is_read(scene: Scene) -> None:
    """By archives as by single resources: a punch taken away, one moved to another day, one that came later."""
    scene.connect("tray", PIER, options={"use_consolidate_api": True})
    for date in DAYS:
        scene.put("time-entries", date, [punch(date)])
        scene.poll("pier", date)
    tuesday, wednesday, thursday = DAYS[1:4]
    scene.put("time-entries", tuesday, [])
    scene.put("time-entries", wednesday, [])
    moved = {**punch(wednesday), "in": f"{thursday}T01:00:00Z", "out": f"{thursday}T03:00:00Z"}
    scene.put("time-entries", thursday, [punch(thursday), moved])
    scene.put("time-entries", MONDAY, [punch(MONDAY), punch(MONDAY, id="late", staffId="bob")])
    scene.put("time-entries", SATURDAY, [])
    scene.poll("pier", SATURDAY)
    found = {date: sorted(record.key for record in scene.records("punch", "pier", date)) for date in DAYS}
    assert found == {
        MONDAY: [f"ann-{MONDAY}", "late"],
        tuesday: [],
        wednesday: [f"ann-{wednesday}"],  # at night, by the clock of New York
        thursday: [f"ann-{thursday}"],
        FRIDAY: [f"ann-{FRIDAY}"],
    }
    for date in DAYS:
        assert scene.poll("pier", date)["outcome"] == "unchanged"


def test_a_rebuilt_view_shows_the_same_labor(scene: Scene) -> None:
    """Overtime stands beside the punches, and is built anew with them."""
    scene.connect("tray", PIER, options={"overtime_daily_hours": "7"})
    scene.put("time-entries", MONDAY, [punch(MONDAY)])
    scene.poll("pier", MONDAY)
    shown = scene.get("pier", MONDAY, "labor")
    assert (shown["overtime_hours"], shown["premium"], shown["pay"]) == ("1.0000", "7.50", "127.50")
    scene.run("rebuild", "labor")
    assert scene.get("pier", MONDAY, "labor") == shown
