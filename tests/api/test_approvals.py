"""Approved days over HTTP and on the command line: what waits, what it would do, and what was approved."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from adapters.pos.tray.simulator import Edits
from api.cli import app
from api.http import approval_models
from domain.facts import DayApproved
from domain.ports.journal import Recording
from tests.api.scene import MONDAY, TUESDAY, VENUE, ZONE, Scene, a_scene

PIER = f"pier={VENUE}:{ZONE}"
TRAY = {"use_item_level_taxes": True}
WAITING = f"/v1/days/pier/{MONDAY}/changes-after-approval"


@pytest.fixture
def scene(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """A daybook with one approved day, on each kind of database."""
    url = "" if database_url.startswith("sqlite") else database_url
    with a_scene(tmp_path / "data", url, monkeypatch) as opened:
        opened.connect("tray", PIER, options=TRAY)
        opened.poll("pier", MONDAY)
        opened.settle("pier", MONDAY, "completed")
        opened.settle("pier", MONDAY, "approved")
        yield opened


def edited(scene: Scene) -> dict[str, Any]:
    """Edit the approved day at the POS and poll it again."""
    scene.pos.pos.edit(Edits(venue=VENUE, business_date=MONDAY, tickets=2, punches=1, tickets_removed=1))
    return scene.poll("pier", MONDAY)


def get(scene: Scene, path: str, **parameters: Any) -> dict[str, Any]:
    """What a route answers."""
    answer = scene.client.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def run(*arguments: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(app, list(arguments), env={"DAYBOOK_ROLE": "operator"})


def test_changes_after_approval_are_listed_with_their_amounts(scene: Scene) -> None:
    """Each with where it comes from; in all they come to what reopening then changes in figures and journal lines."""
    told = edited(scene)
    before, entries = scene.summary("pier", MONDAY), scene.get("pier", MONDAY, "journal-entries")
    found = get(scene, WAITING)
    approval_models.AfterApproval.model_validate(found, strict=False)
    count = told["added"] + told["changed"] + told["removed"]
    assert (found["count"], len(found["data"]), found["unlisted"], found["closings"]) == (count, count, 0, 1)
    assert {line["origin"] for line in found["data"]} == {"poll"}
    assert {line["position"] for line in found["data"]} == {told["position"]}
    assert {line["amount_of"] for line in found["data"]} >= {"net_sales", "pay"}
    listed = [line for line in found["data"] if line["record"].startswith("ticket/")]
    assert sum(round(float(line["amount"]) * 100) for line in listed) == round(float(found["amounts"]["ticket"]) * 100)
    of_all = get(scene, "/v1/changes-after-approval", location="pier")
    approval_models.LateChanges.model_validate(of_all, strict=False)
    alike = [{name: line[name] for name in line if name not in {"location", "date"}} for line in of_all["data"]]
    assert alike == found["data"]
    assert get(scene, "/v1/changes-after-approval", location="quay")["data"] == []
    scene.settle("pier", MONDAY, "in progress")
    after = scene.summary("pier", MONDAY)
    figures = {figure["figure"]: (figure["before"], figure["after"]) for figure in found["effect"]["figures"]}
    assert figures["net_sales"] == (before["net_sales"], after["net_sales"])
    assert round(float(after["net_sales"]) * 100 - float(before["net_sales"]) * 100) == round(
        float(found["amounts"]["ticket"]) * 100
    )
    lines = {(line["entry"], line["key"]): line["after"] for line in found["effect"]["journal_lines"]}
    assert len(lines) == found["effect"]["journal_line_count"] > 0
    again = _signed(scene.get("pier", MONDAY, "journal-entries"))
    was = _signed(entries)
    assert {line: amount for line, amount in again.items() if was.get(line) != amount} == {
        line: _amount(after) for line, after in lines.items() if after is not None
    }
    assert {line for line in was if line not in again} == {line for line, after in lines.items() if after is None}
    assert (get(scene, WAITING)["count"], get(scene, "/v1/changes-after-approval")["data"]) == (0, [])
    assert after["net_sales"] == scene.pos.pos.truth(VENUE, MONDAY)["netSales"]
    scene.assert_sound()


def _amount(line: dict[str, Any]) -> str:
    """The amount of a journal line, credits below zero."""
    amount: str = line["amount"]
    return f"-{amount}" if line["side"] == "credit" else amount


def _signed(answer: dict[str, Any]) -> dict[tuple[str, str], str]:
    """Amounts of journal lines, credits below zero."""
    entries = answer["journal_entries"]
    found = {}
    for entry in ("sales", "labor"):
        for line in entries[entry]["lines"]:
            found[entry, line["key"]] = _amount(line)
    for line in entries["statistical"]["lines"]:
        found["statistical", line["key"]] = line["quantity"]
    return found


def test_the_lists_come_in_pages(scene: Scene) -> None:
    """Page by page every change is told once, of a day and of all days."""
    edited(scene)
    for path in (WAITING, "/v1/changes-after-approval"):
        whole = get(scene, path)["data"]
        found: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            page = get(scene, path, limit=2, **cursor)
            found += page["data"]
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
        assert found == whole
        assert scene.client.get(path, params={"cursor": "nonsense"}).status_code == 400


def test_what_waited_at_a_moment(scene: Scene) -> None:
    """As of the approval nothing waited; as of the poll everything did, also after the day was reopened."""
    head = scene.opened.journal.head()
    told = edited(scene)
    scene.settle("pier", MONDAY, "in progress")
    assert get(scene, WAITING, as_of=head)["count"] == 0
    assert get(scene, WAITING, as_of=told["position"])["count"] > 0
    assert scene.client.get(f"/v1/days/pier/{TUESDAY}/changes-after-approval").status_code == 404


def test_a_closing_is_read_again(scene: Scene) -> None:
    """Approving again is closing 2 with another digest; both are read as they were approved, and verified."""
    first = scene.summary("pier", MONDAY)
    edited(scene)
    for state in ("in progress", "completed", "approved"):
        scene.settle("pier", MONDAY, state)
    row = get(scene, f"/v1/days/pier/{MONDAY}")
    one, two = (get(scene, f"/v1/days/pier/{MONDAY}/closings/{number}") for number in (1, 2))
    for closing in (one, two):
        approval_models.Closing.model_validate(closing, strict=False)
        assert (closing["matches"], closing["recomputed"], "message" in closing) == (True, closing["digest"], False)
    assert (one["summary"], one["number"], one["reason"]) == (first, 1, "a story")
    assert (row["closings"], row["closing"]) == (2, two["digest"])
    assert one["digest"] != two["digest"]
    assert two["summary"] == scene.summary("pier", MONDAY)
    assert scene.client.get(f"/v1/days/pier/{MONDAY}/closings/3").status_code == 404
    assert scene.client.get(f"/v1/days/pier/{TUESDAY}/closings/1").status_code == 404


def test_a_closing_that_does_not_match_says_so(scene: Scene) -> None:
    """Where the facts lead to another summary than the digest is of, it is said, and the command fails."""
    scene.settle("pier", MONDAY, "in progress")
    scene.settle("pier", MONDAY, "completed")
    day = scene.day("pier", MONDAY)
    stream = f"business-day:main:pier:{MONDAY}"
    entry = next(iter(scene.opened.journal.stream(stream)))
    forged = Recording(stream, day.version, (DayApproved(day.generation, "0" * 64, 2),))
    scene.opened.journal.append([forged], entry.provenance.__class__("test", "forged"))
    closing = get(scene, f"/v1/days/pier/{MONDAY}/closings/2")
    approval_models.Closing.model_validate(closing, strict=False)
    assert (closing["matches"], "daybook check" in closing["message"]) == (False, True)
    told = run("closing", "pier", str(MONDAY))
    assert (told.exit_code, "another summary than the one that was approved" in told.stderr) == (1, True)
    assert json.loads(run("closing", "pier", str(MONDAY), "2", "--json").stdout)["message"]


def test_what_waits_on_the_command_line(scene: Scene) -> None:
    """One line for each change, what all would do, and nothing where nothing waits."""
    assert "nothing waits on it" in run("late-changes", "pier", str(MONDAY)).stdout
    assert "Nothing came to light" in run("late-changes").stdout
    edited(scene)
    told = run("late-changes", "pier", str(MONDAY)).stdout
    assert "came to light afterwards" in told
    assert "net sales by " in told
    assert "figure net_sales: " in told
    assert "sales entry " in told
    assert json.loads(run("late-changes", "pier", str(MONDAY), "--json").stdout)["count"] > 0
    of_all = run("late-changes", "pier").stdout
    assert of_all.count(f"pier {MONDAY}  ") == len(json.loads(run("late-changes", "--json").stdout)["data"])
    missing = run("late-changes", "pier", str(TUESDAY))
    assert (missing.exit_code, "Nothing is recorded" in missing.stderr) == (1, True)


def test_a_closing_on_the_command_line(scene: Scene) -> None:
    """The report says which closing it is, who approved it and its digest; so does the report of the day."""
    told = run("closing", "pier", str(MONDAY)).stdout
    assert "closing 1, approved " in told
    assert "DAILY SALES SUMMARY" in told
    digest = get(scene, f"/v1/days/pier/{MONDAY}")["closing"]
    assert f"closing 1, digest {digest[:16]}" in run("dss", "pier", str(MONDAY)).stdout
    plain = json.loads(run("dss", "pier", str(MONDAY), "--json").stdout)
    assert plain["closing"] == {"number": 1, "digest": digest}
    assert json.loads(run("closing", "pier", str(MONDAY), "1", "--json").stdout)["matches"]
    none = run("closing", "pier", str(TUESDAY))
    assert (none.exit_code, "has 0 closings" in none.stderr) == (1, True)


def test_a_poll_of_an_approved_day_says_that_it_waits(scene: Scene) -> None:
    """On the command line and in the list of attempts, and a repoll that says the same is unchanged."""
    scene.pos.pos.edit(Edits(venue=VENUE, business_date=MONDAY, tickets=1))
    told = run("repoll", "pier", str(MONDAY), "--why", "the manager fixed a check").stdout
    assert "the day is approved, and 1 record would differ: they wait as generation 2" in told
    (attempt,) = get(scene, "/v1/polls", outcome="staged")["data"]
    assert (attempt["changed"], attempt["generation"]) == (1, 2)
    assert scene.poll("pier", MONDAY)["outcome"] == "unchanged"
