"""Entering over HTTP and on the command line: stories of a manager, against a simulated POS, on both databases."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from api.cli import app
from api.http import overlay_models, summary_models
from tests.api.scene import MONDAY, TUESDAY, VENUE, ZONE, Scene, a_scene
from tests.support.postgres import Server

PIER = f"pier={VENUE}:{ZONE}"
DAY = f"/v1/days/pier/{MONDAY}"
WHY = "forgot to clock out"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """A store's address on each kind of database."""
    if request.param == "sqlite":
        return ""
    server: Server = request.getfixturevalue("postgres")
    return server.url(server.create())


@pytest.fixture
def scene(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """A daybook and a POS of ordinary days, with Monday polled."""
    with a_scene(tmp_path / "data", url, monkeypatch) as opened:
        opened.connect("tray", PIER)
        opened.poll("pier", MONDAY)
        yield opened


def send(scene: Scene, method: str, path: str, **body: Any) -> dict[str, Any]:
    """A request that writes; it has to succeed."""
    headers = body.pop("headers", {})
    answer = scene.client.send(method, f"{DAY}{path}", json={"reason": WHY, **body}, headers=headers)
    assert answer.status_code == 200, answer.text
    overlay_models.EntryAnswer.model_validate_json(answer.content)
    scene.catch_up()
    told: dict[str, Any] = answer.json()
    return told


def labor(scene: Scene, punch: str) -> dict[str, Any]:
    """A punch as the API shows it."""
    (found,) = [row for row in scene.get("pier", MONDAY, "labor")["data"] if row["punch"] == punch]
    row: dict[str, Any] = found
    return row


def clock(scene: Scene, punch: str, **fields: Any) -> None:
    """Edit a punch at the POS."""
    rows = [
        {**row, **fields, "modifiedAt": row["in"]} if row["id"] == punch else row
        for row in scene.rows("time-entries", MONDAY)
    ]
    scene.put("time-entries", MONDAY, rows)


def a_punch(scene: Scene) -> dict[str, Any]:
    """A whole punch of Monday, as the API shows it."""
    rows = scene.get("pier", MONDAY, "labor")["data"]
    return next(row for row in rows if row["clock_out"] and not row["excluded"])


def test_punch_edited_on_both_sides(scene: Scene) -> None:
    """Edited here, then at the POS: ours stands, both sides are listed, somebody decides, the history has it all."""
    known = a_punch(scene)
    punch, before = known["punch"], scene.summary("pier", MONDAY)
    told = send(scene, "PATCH", f"/labor/{punch}", rate="20.00")
    assert (told["record"], told["changed"], told["conflicts"]) == (f"punch/{punch}", True, 0)
    shown = labor(scene, punch)
    assert (shown["rate"], shown["edited_by_us"], shown["conflict"]) == ("20.00", True, False)
    after = scene.summary("pier", MONDAY)
    assert float(after["labor_pay"]) == pytest.approx(
        float(before["labor_pay"]) + float(shown["pay"]) - float(known["pay"])
    )
    assert scene.poll("pier", MONDAY)["outcome"] == "unchanged"
    assert labor(scene, punch)["rate"] == "20.00"
    clock(scene, punch, actualRate="17.00")
    polled = scene.poll("pier", MONDAY)
    assert (polled["outcome"], polled["conflicts"]) == ("polled", 1)
    shown = labor(scene, punch)
    assert (shown["rate"], shown["conflict"]) == ("20.00", True)
    answer = scene.client.get(f"{DAY}/conflicts")
    overlay_models.Conflicts.model_validate_json(answer.content)
    (conflict,) = answer.json()["data"]
    assert (conflict["record"], conflict["ours"]["rate"], conflict["theirs"]["rate"]) == (
        f"punch/{punch}",
        "20.00",
        "17.00",
    )
    assert {"path": "rate", "before": "20.00", "after": "17.00"} in conflict["fields"]
    assert scene.client.get("/v1/conflicts").json()["data"] == [conflict]
    assert scene.client.get("/v1/conflicts", params={"location": "nowhere"}).json()["data"] == []
    assert [issue["code"] for issue in scene.summary("pier", MONDAY)["issues"] if issue["code"] == "conflict"]
    assert "Say which stands with `daybook resolve`" in scene.run("dss", "pier", str(MONDAY)).output.replace(
        "\n    ", " "
    )
    assert "rate 17.00" in scene.run("conflicts").output
    run = scene.run("resolve", "pier", str(MONDAY), f"punch/{punch}", "--side", "theirs", "--why", "payroll says so")
    assert "is recorded" in run.output
    shown = labor(scene, punch)
    assert (shown["rate"], shown["edited_by_us"], shown["conflict"]) == ("17.00", False, False)
    assert scene.run("conflicts").output == "There are no open conflicts.\n"
    steps = scene.get("pier", MONDAY, "history", record=f"punch/{punch}")["data"]
    assert [step["operation"] for step in steps] == [
        "added",
        "entered",
        "changed",
        "conflict-raised",
        "conflict-resolved",
    ]
    assert steps[1]["sentence"] == f"Somebody (api) edited punch {punch} because '{WHY}': rate {known['rate']} → 20.00."
    told_ = scene.run("history", "pier", str(MONDAY), "--record", f"punch/{punch}").output
    assert "because 'payroll says so': the source's stands." in told_
    scene.assert_sound()


def test_a_stated_policy_decides(scene: Scene) -> None:
    """With `punch_conflicts` set to `ours` the poll raises and resolves by itself, and both are in the history."""
    scene.configure("tray", {"use_item_level_taxes": True, "punch_conflicts": "ours"})
    punch = a_punch(scene)["punch"]
    send(scene, "PATCH", f"/labor/{punch}", rate="20.00")
    clock(scene, punch, actualRate="17.00")
    assert scene.poll("pier", MONDAY)["conflicts"] == 1
    assert (labor(scene, punch)["rate"], labor(scene, punch)["conflict"]) == ("20.00", False)
    steps = scene.get("pier", MONDAY, "history", record=f"punch/{punch}")["data"]
    assert steps[-1]["sentence"] == f"The stated policy decided the conflict about punch {punch}: ours stands."


def test_deposit_and_comment_survive(scene: Scene) -> None:
    """Entered by a person, they stand through repolls, replays and edits at the POS."""
    scene.configure("tray", {"use_item_level_taxes": True, "disable_deposits_import": True})
    scene.poll("pier", MONDAY)
    assert scene.summary("pier", MONDAY)["over_short"] is None
    expected = scene.summary("pier", MONDAY)["expected_cash"]
    told = send(scene, "POST", "/deposits", amount=expected, number="17")
    assert told["record"].startswith("deposit/daybook:")
    send(scene, "POST", "/comments", text="The fryer broke at seven.")
    send(scene, "POST", "/tags", tag="street fair")
    send(scene, "PATCH", f"/deposits/{told['record'].partition('/')[2]}", number="18")
    scene.put("paid-in-out", MONDAY, [])
    scene.poll("pier", MONDAY)
    assert scene.replay("pier", MONDAY)["differs"] is False
    summary = scene.summary("pier", MONDAY)
    assert [(line["name"], line["amount"]) for line in summary["deposits"]] == [("18", expected)]
    assert summary["over_short"] is not None
    assert [(line["text"], line["by"]) for line in summary["comments"]] == [
        ("The fryer broke at seven.", "api:anonymous")
    ]
    assert summary["tags"] == ["street fair"]
    summary_models.DaySummary.model_validate(scene.get("pier", MONDAY, "dss"))
    report = scene.run("dss", "pier", str(MONDAY)).output
    assert "COMMENTS AND TAGS\n  The fryer broke at seven. (api:anonymous)\n  Tags: street fair\n" in report
    answer = scene.client.get(f"{DAY}/overlays")
    overlay_models.Overlays.model_validate_json(answer.content)
    assert [row["kind"] for row in answer.json()["data"]] == ["comment", "deposit", "tag"]
    assert {row["reason"] for row in answer.json()["data"]} == {WHY}
    send(scene, "POST", "/withdrawals", kind="tag", key="street fair")
    assert scene.summary("pier", MONDAY)["tags"] == []


def test_a_deposit_never_goes_over_a_manual_one(scene: Scene) -> None:
    """One that the POS brings for a day with a manual deposit waits for a person; both then count."""
    deposits = scene.rows("deposits", MONDAY)
    assert deposits
    scene.put("deposits", MONDAY, [])
    scene.poll("pier", MONDAY)
    send(scene, "POST", "/deposits", amount="240.00")
    scene.put("deposits", MONDAY, deposits)
    assert scene.poll("pier", MONDAY)["conflicts"] == len(deposits)
    assert scene.summary("pier", MONDAY)["total_deposit"] == "240.00"
    (conflict, *_) = scene.client.get(f"{DAY}/conflicts").json()["data"]
    assert conflict["kind"] == "deposit"
    assert [ours["amount"] for ours in conflict["ours"].values()] == ["240.00"]
    for row in scene.client.get(f"{DAY}/conflicts").json()["data"]:
        send(scene, "POST", "/resolutions", kind="deposit", key=row["key"], side="both")
    total = 240 + sum(float(row["amount"]) for row in deposits)
    assert float(scene.summary("pier", MONDAY)["total_deposit"]) == pytest.approx(total)


def test_punches_are_added_and_struck_out(scene: Scene) -> None:
    """Somebody forgot to clock in, and a shift was nobody's: both count as the manager says."""
    known = a_punch(scene)
    before = scene.get("pier", MONDAY, "labor")
    told = send(
        scene,
        "POST",
        "/labor",
        employee=known["employee"],
        job=known["job"],
        clock_in=known["clock_in"],
        clock_out=known["clock_out"],
        rate="10.00",
        breaks=[],
        declared_tips="5.00",
    )
    added = labor(scene, told["record"].partition("/")[2])
    assert (added["rate"], added["declared_tips"], added["edited_by_us"]) == ("10.00", "5.00", True)
    send(scene, "POST", "/strikes", punch=known["punch"])
    after = scene.get("pier", MONDAY, "labor")
    assert after["punches"] == before["punches"]
    assert known["punch"] not in {row["punch"] for row in after["data"]}
    send(scene, "POST", "/withdrawals", kind="punch", key=known["punch"])
    send(scene, "POST", "/withdrawals", kind="punch", key=added["punch"])
    again = scene.get("pier", MONDAY, "labor")["data"]
    assert [{**row, "position": 0} for row in again] == [{**row, "position": 0} for row in before["data"]]


def test_once_and_on_the_version_that_was_seen(scene: Scene) -> None:
    """A key is done once; a version that is not there any more is refused; so is a role that may not."""
    punch = a_punch(scene)["punch"]
    version = scene.day("pier", MONDAY).version
    keyed = {"Idempotency-Key": "edit-1", "If-Match": f'"{version}"'}
    first = send(scene, "PATCH", f"/labor/{punch}", rate="20.00", headers=keyed)
    again = scene.client.send(
        "PATCH", f"{DAY}/labor/{punch}", json={"reason": WHY, "rate": "20.00"}, headers={"Idempotency-Key": "edit-1"}
    )
    assert (again.json(), again.headers["idempotent-replayed"]) == (first, "true")
    assert again.headers["etag"] == f'"{first["version"]}"'
    other = {"reason": WHY, "rate": "21.00"}
    reused = scene.client.send("PATCH", f"{DAY}/labor/{punch}", json=other, headers={"Idempotency-Key": "edit-1"})
    assert (reused.status_code, reused.json()["type"]) == (422, "/problems/key-reused")
    stale = scene.client.send("PATCH", f"{DAY}/labor/{punch}", json=other, headers={"If-Match": f'"{version}"'})
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/not-the-version")
    auditor = scene.client.send("PATCH", f"{DAY}/labor/{punch}", json=other, headers={"Daybook-Role": "auditor"})
    assert (auditor.status_code, auditor.json()["type"]) == (403, "/problems/not-permitted")
    same = send(scene, "PATCH", f"/labor/{punch}", rate="20.00")
    assert (same["changed"], same["record"], same["position"]) == (False, None, None)
    scene.settle("pier", MONDAY, "completed")
    scene.settle("pier", MONDAY, "approved")
    approved = scene.client.send("PATCH", f"{DAY}/labor/{punch}", json=other)
    assert (approved.status_code, approved.json()["type"]) == (409, "/problems/day-is-approved")


BAD: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("PATCH", "/labor/nobody", {"rate": "1.00"}, 404, "no-such-punch"),
    ("PATCH", "/labor/a%2Fb", {"rate": "1.00"}, 404, "no-such-punch"),
    ("PATCH", "/labor/PUNCH", {}, 422, "bad-punch"),
    ("PATCH", "/labor/PUNCH", {"clock_out": "22:00"}, 422, "bad-punch"),
    ("PATCH", "/labor/PUNCH", {"clock_out": "2025-11-17T22:00:00"}, 422, "bad-punch"),
    ("PATCH", "/labor/PUNCH", {"clock_out": "0001-01-01T00:00:00+14:00"}, 422, "bad-punch"),
    ("PATCH", "/labor/PUNCH", {"clock_out": "2025-11-17T25:00:00Z"}, 422, "bad-punch"),
    ("PATCH", "/labor/PUNCH", {"clock_in": "2020-01-01T00:00:00Z"}, 422, "bad-punch"),
    ("PATCH", "/labor/PUNCH", {"rate": "1e3"}, 422, "bad-punch"),
    ("PATCH", "/labor/PUNCH", {"rate": "-1"}, 422, "bad-punch"),
    ("PATCH", "/labor/PUNCH", {"declared_tips": "1.005"}, 422, "bad-punch"),
    ("PATCH", "/labor/PUNCH", {"declared_tips": "x"}, 422, "bad-punch"),
    ("PATCH", "/labor/PUNCH", {"tips": "1.00"}, 422, "invalid-request"),
    ("PATCH", "/labor/PUNCH", {"rate": 20}, 422, "invalid-request"),
    ("POST", "/labor", {"employee": "e", "job": "j", "clock_in": "x"}, 422, "invalid-request"),
    ("POST", "/strikes", {"punch": "nobody"}, 404, "no-such-punch"),
    ("POST", "/deposits", {"amount": "-5.00"}, 422, "bad-entry"),
    ("POST", "/deposits", {"amount": "5.001"}, 422, "bad-entry"),
    ("POST", "/deposits", {"amount": "five"}, 422, "bad-entry"),
    ("PATCH", "/deposits/daybook:9", {"amount": "5.00"}, 404, "nothing-entered"),
    ("POST", "/comments", {"text": "a\x00b"}, 422, "bad-entry"),
    ("POST", "/comments", {"text": "a\nb"}, 422, "bad-entry"),
    ("POST", "/comments", {"text": "x" * 2001}, 422, "bad-entry"),
    ("POST", "/tags", {"tag": "a,b"}, 422, "bad-entry"),
    ("POST", "/withdrawals", {"kind": "ticket", "key": "1"}, 422, "invalid-request"),
    ("POST", "/withdrawals", {"kind": "comment", "key": "daybook:9"}, 404, "nothing-entered"),
    ("POST", "/resolutions", {"kind": "punch", "key": "p", "side": "ours"}, 404, "no-such-conflict"),
    ("POST", "/resolutions", {"kind": "punch", "key": "p", "side": "mine"}, 422, "invalid-request"),
    ("POST", "/tags", {"tag": "fair", "reason": ""}, 422, "invalid-request"),
    ("POST", "/tags", {"tag": "fair", "reason": " "}, 422, "bad-reason"),
]


def test_what_is_refused(scene: Scene) -> None:
    """Bad input is a problem that says what, where and what to do; nothing of it is recorded."""
    punch = a_punch(scene)["punch"]
    head = scene.opened.journal.head()
    for method, path, body, status, kind in BAD:
        answer = scene.client.send(method, f"{DAY}{path.replace('PUNCH', punch)}", json={"reason": WHY, **body})
        assert (path, body, answer.status_code, answer.json()["type"]) == (path, body, status, f"/problems/{kind}")
    for path in ("overlays", "conflicts"):
        unknown = scene.client.get(f"/v1/days/nowhere/{MONDAY}/{path}")
        assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/no-such-location")
    early = scene.client.send("PATCH", f"/v1/days/pier/{TUESDAY}/labor/x", json={"reason": WHY, "rate": "1.00"})
    assert (early.status_code, early.json()["type"]) == (404, "/problems/nothing-recorded")
    assert scene.opened.journal.head() == head


def test_lists_come_in_pages(scene: Scene) -> None:
    """Entries and conflicts are read page by page, each once; a cursor of another question is refused."""
    punches = [row["punch"] for row in scene.get("pier", MONDAY, "labor")["data"]][:3]
    for punch in punches:
        send(scene, "PATCH", f"/labor/{punch}", rate="20.00")
        clock(scene, punch, actualRate="17.00")
    scene.poll("pier", MONDAY)
    for path in (f"{DAY}/overlays", f"{DAY}/conflicts", "/v1/conflicts"):
        seen: list[str] = []
        cursor = None
        while True:
            answer: httpx.Response = scene.client.get(
                path, params={"limit": 1, **({"cursor": cursor} if cursor else {})}
            )
            assert answer.status_code == 200
            seen += [row["key"] for row in answer.json()["data"]]
            cursor = answer.json()["next"]
            if cursor is None:
                break
            assert "link" in answer.headers
            refused = scene.client.get(f"/v1/days/pier/{TUESDAY}/overlays", params={"cursor": cursor})
            assert refused.status_code == 400
        assert seen == sorted(punches)


def test_the_command_line_of_a_manager(scene: Scene) -> None:
    """Every entry has its command, with a sentence for people and JSON for programs."""
    known = a_punch(scene)
    where = ("pier", str(MONDAY))
    why = ("--why", WHY)
    out = scene.run("edit-punch", *where, known["punch"], "--rate", "20.00", "--no-breaks", *why).output
    assert out.startswith(f"pier {MONDAY}: punch/{known['punch']} is recorded, version ")
    assert scene.run("edit-punch", *where, known["punch"], "--rate", "20.00", *why).output == (
        f"pier {MONDAY}: it is so already; nothing is recorded.\n"
    )
    begins = known["clock_in"].removesuffix("Z")
    pause = f"{begins}+00:00/{known['clock_out']}/paid"
    scene.run("edit-punch", *where, known["punch"], "--break", pause, "--declared-tips", "1.00", *why)
    assert labor(scene, known["punch"])["declared_tips"] == "1.00"
    times = ("--clock-in", known["clock_in"], "--clock-out", known["clock_out"])
    added = json.loads(
        scene.run(
            "add-punch", *where, "--employee", known["employee"], "--job", known["job"], *times, *why, "--json"
        ).output
    )
    assert added["changed"] is True
    scene.run("strike-punch", *where, added["record"].partition("/")[2], *why)
    scene.run("comment", *where, "The fryer broke.", *why)
    scene.run("tag", *where, "fair", *why)
    deposit = json.loads(scene.run("deposit", *where, "240.00", "--number", "17", *why, "--json").output)
    scene.run("deposit", *where, "250.00", "--change", deposit["record"].partition("/")[2], *why)
    listed = scene.run("entered", *where).output
    assert f"deposit/{deposit['record'].partition('/')[2]}  amount 250.00, number 17  (cli:" in listed
    rows = json.loads(scene.run("entered", *where, "--json").output)["data"]
    assert [row["kind"] for row in rows] == ["comment", "deposit", "punch", "tag"]
    for row in rows:
        scene.run("withdraw", *where, row["record"], *why)
    assert scene.run("entered", *where).output == f"Nothing is entered on pier {MONDAY}.\n"
    assert json.loads(scene.run("conflicts", "--location", "pier", "--date", str(MONDAY), "--json").output) == {
        "data": []
    }
    scene.assert_sound()


def test_a_poll_says_so_on_the_command_line(scene: Scene) -> None:
    """Who polls is told of conflicts at once, and what is struck out or gone is said in words."""
    first, second = [row["punch"] for row in scene.get("pier", MONDAY, "labor")["data"]][:2]
    send(scene, "PATCH", f"/labor/{first}", rate="20.00")
    send(scene, "POST", "/strikes", punch=second)
    clock(scene, second, actualRate="17.00")
    rows = [row for row in scene.rows("time-entries", MONDAY) if row["id"] != first]
    scene.put("time-entries", MONDAY, rows)
    out = scene.run("repoll", "pier", str(MONDAY), "--why", "again").output
    assert "2 changes to what was entered here: `daybook conflicts` lists what nobody has decided on." in out
    listed = scene.run("conflicts", "--location", "pier").output
    assert "  ours:    struck out\n" in listed
    assert "  theirs:  gone\n" in listed
    assert f"punch/{second}  struck out" in scene.run("entered", "pier", str(MONDAY)).output
    told = scene.run("comment", "pier", str(MONDAY), "x", "--why", "y").output
    assert told.endswith("2 conflicts open.\n")


USAGE: list[tuple[list[str], int, str]] = [
    (["edit-punch", "pier", str(MONDAY), "x", "--why", "y", "--break", "a/b", "--no-breaks"], 2, "either --break"),
    (["edit-punch", "pier", str(MONDAY), "x", "--why", "y", "--break", "noon"], 1, "is no break"),
    (["edit-punch", "pier", str(MONDAY), "x", "--why", "y", "--break", "a/b"], 1, "is no time with its offset"),
    (["edit-punch", "pier", str(MONDAY), "x", "--rate", "1.00"], 2, "--why"),
    (["withdraw", "pier", str(MONDAY), "nonsense", "--why", "y"], 2, "write it KIND/KEY"),
    (["resolve", "pier", str(MONDAY), "punch/x", "--side", "mine", "--why", "y"], 2, "mine"),
    (["deposit", "pier", str(MONDAY), "--why", "y"], 1, "needs an amount"),
    (["conflicts", "--date", "monday"], 2, "is not a business date"),
]


def test_what_the_command_line_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Usage is 2, refusals are 1, each in a sentence."""
    with a_scene(tmp_path / "data", "", monkeypatch) as opened:
        opened.connect("tray", PIER)
        for arguments, code, said in USAGE:
            result = CliRunner().invoke(app, arguments)
            assert (arguments, result.exit_code) == (arguments, code)
            assert said in " ".join(result.output.replace("│", " ").split())
