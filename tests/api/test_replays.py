"""Replays that are recorded, over HTTP and on the command line: one day, many days, all locations of a connection."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api.cli import app, replaying
from api.http import replay_models
from domain.commands.replay_day import Applied, apply_replay
from domain.ports.journal import JournalUnavailable
from tests.api.scene import MONDAY, TUESDAY, VENUE, WEDNESDAY, ZONE, Scene, a_scene

PIER = f"pier={VENUE}:{ZONE}"
QUAY = f"quay=V101:{ZONE}"
TRAY = {"use_item_level_taxes": True}
DAY = f"/v1/days/pier/{MONDAY}"
REPLAY = f"{DAY}/replays"


@pytest.fixture
def scene(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """A daybook with two polled days of one location and one of another, on each kind of database."""
    url = "" if database_url.startswith("sqlite") else database_url
    with a_scene(tmp_path / "data", url, monkeypatch) as opened:
        opened.connect("tray", PIER, QUAY, options=TRAY)
        for location, date in (("pier", MONDAY), ("pier", TUESDAY), ("quay", MONDAY)):
            opened.poll(location, date)
        yield opened


def run(*arguments: str, **fields: Any) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(app, list(arguments), **fields)


def post(scene: Scene, path: str, body: dict[str, Any], code: int = 200, **headers: str) -> dict[str, Any]:
    """What a route answers."""
    named = {name.replace("_", "-"): headers[name] for name in headers}
    answer = scene.client.post(path, body, headers=named)
    assert answer.status_code == code, answer.text
    scene.catch_up()
    found: dict[str, Any] = answer.json()
    return found


def an_option(scene: Scene) -> dict[str, Any]:
    """Options under which the polled days differ."""
    options = {"use_item_level_taxes": False, "use_sales_item_level_tax": False, "skip_tax_on_discount": True}
    names = {item.name for ticket in scene.records("ticket", "pier", MONDAY) for item in ticket.items}  # type: ignore[union-attr]
    return {**options, "menu_item_category_override": [{"item": min(names), "category": "Fizz"}]}


def test_a_replay_over_http_is_applied_when_asked(scene: Scene) -> None:
    """First what would differ, journal lines too; applied, it is recorded with its reason, and nothing is left."""
    options = an_option(scene)
    head = scene.opened.journal.head()
    dry = post(scene, REPLAY, {"options": options})
    replay_models.ReplayAnswer.model_validate(dry, strict=False)
    assert (scene.opened.journal.head(), dry["differs"], dry["to_record"]) == (head, True, True)
    assert any(line["key"].startswith("sales/Fizz/") for line in dry["effect"]["journal_lines"])
    done = post(scene, REPLAY, {"options": options, "apply": True, "reason": "wrong categories"}, 201)
    replay_models.AppliedReplay.model_validate(done, strict=False)
    assert (done["outcome"], done["generation"], done["changed"]) == ("applied", 2, dry["changes"]["changed"])
    summary = scene.summary("pier", MONDAY)
    assert "Fizz" in {line["name"] for line in summary["by_category"]}
    assert summary["feeds"][0]["options"] == options
    again = post(scene, REPLAY, {})
    assert (again["differs"], again["to_record"]) == (False, False)
    same = post(scene, REPLAY, {"options": options, "apply": True, "reason": "again"})
    assert (same["outcome"], same["position"]) == ("unchanged", None)
    sentences = [step["sentence"] for step in scene.get("pier", MONDAY, "history")["data"]]
    assert any("derived the day again from tray under configuration 1 with" in sentence for sentence in sentences)
    back = scene.poll("pier", MONDAY)
    assert back["changed"] == done["changed"]
    assert "options" not in scene.summary("pier", MONDAY)["feeds"][0]
    scene.assert_sound()


def test_applying_needs_a_reason_a_role_and_the_version_that_was_seen(scene: Scene) -> None:
    """What is refused records nothing; a key that was used answers what was recorded."""
    body = {"options": an_option(scene), "apply": True}
    head = scene.opened.journal.head()
    assert post(scene, REPLAY, body, 422)["type"].endswith("bad-reason")
    body["reason"] = "wrong categories"
    assert post(scene, REPLAY, body, 403, Daybook_Role="auditor")["status"] == 403
    assert post(scene, REPLAY, body, 412, If_Match='"1"')["status"] == 412
    moving = {**body, "options": {"open_time": True}}
    assert "daybook configure" in post(scene, REPLAY, moving, 422)["detail"]
    assert scene.opened.journal.head() == head
    version = scene.day("pier", MONDAY).version
    first = post(scene, REPLAY, body, 201, Idempotency_Key="k-1", If_Match=f'"{version}"')
    again = scene.client.post(REPLAY, body, headers={"Idempotency-Key": "k-1"})
    assert (again.json(), again.headers["idempotent-replayed"]) == (first, "true")
    other = {**body, "options": {"trim_service_type_name": True}}
    assert post(scene, REPLAY, other, 422, Idempotency_Key="k-1")["type"].endswith("key-reused")


def test_an_approved_day_stages_it(scene: Scene) -> None:
    """It is listed among the changes after approval, and comes in with the reopening."""
    for state in ("completed", "approved"):
        scene.settle("pier", MONDAY, state)
    options = an_option(scene)
    assert post(scene, REPLAY, {"options": options})["approved"]
    done = post(scene, REPLAY, {"options": options, "apply": True, "reason": "wrong categories"}, 201)
    assert (done["outcome"], done["state"], done["generation"]) == ("staged", "approved", 1)
    waiting = scene.get("pier", MONDAY, "changes-after-approval")
    assert (waiting["count"], {line["origin"] for line in waiting["data"]}) == (done["changed"], {"replay"})
    scene.settle("pier", MONDAY, "in progress")
    assert "Fizz" in {line["name"] for line in scene.summary("pier", MONDAY)["by_category"]}
    scene.assert_sound()


def test_many_days_over_http(scene: Scene) -> None:
    """A location's, then all of a connection: a dry run first, one day that cannot be is listed with its reason."""
    body: dict[str, Any] = {"options": an_option(scene), "from": str(MONDAY), "to": str(WEDNESDAY)}
    dry = post(scene, "/v1/locations/pier/replays", body)
    replay_models.ReplayedRange.model_validate(dry, strict=False)
    assert [day["outcome"] for day in dry["days"]] == ["differs", "differs", "not-replayable"]
    assert dry["outcomes"] == {"differs": 2, "not-replayable": 1}
    whole = {**body, "apply": True, "reason": "wrong categories"}
    done = post(scene, "/v1/locations/pier/replays", whole, Idempotency_Key="k")
    assert done["outcomes"] == {"applied": 2, "not-replayable": 1}
    assert post(scene, "/v1/locations/pier/replays", whole, Idempotency_Key="k")["outcomes"] == done["outcomes"]
    assert post(scene, "/v1/locations/pier/replays", whole)["outcomes"] == {"unchanged": 2, "not-replayable": 1}
    every = post(scene, "/v1/connections/tray/replays", whole)
    assert every["outcomes"] == {"applied": 1, "unchanged": 2, "not-replayable": 3}
    assert [(day["location"], day["date"]) for day in every["days"][:2]] == [
        ("pier", str(MONDAY)),
        ("quay", str(MONDAY)),
    ]
    scene.assert_sound()


def test_ranges_that_are_refused(scene: Scene) -> None:
    """Too many days, none, no such location or connection, and no reason."""
    body: dict[str, Any] = {"from": str(MONDAY), "to": str(MONDAY)}
    many = {**body, "to": "2027-01-01"}
    assert "at most 100" in post(scene, "/v1/locations/pier/replays", many, 422)["detail"]
    assert post(scene, "/v1/locations/pier/replays", {**body, "to": "2025-01-01"}, 422)["status"] == 422
    assert post(scene, "/v1/locations/nowhere/replays", body, 404)["status"] == 404
    assert post(scene, "/v1/connections/nowhere/replays", body, 404)["status"] == 404
    assert post(scene, "/v1/connections/tray/replays", {**body, "apply": True}, 422)["status"] == 422
    assert post(
        scene, "/v1/connections/tray/replays", {**body, "apply": True, "reason": "x"}, 403, Daybook_Role="auditor"
    )


def chosen(scene: Scene) -> list[str]:
    """The same options as a user types them."""
    return [word for name, value in an_option(scene).items() for word in ("--set", f"{name}={json.dumps(value)}")]


def test_one_day_on_the_command_line(scene: Scene) -> None:
    """What would differ with its journal lines, then the generation that it became, then nothing more."""
    options = chosen(scene)
    told = run("replay", "pier", str(MONDAY), *options).stdout
    assert "again would leave" in told
    assert "sales entry sales/Fizz/" in told
    done = run("replay", "pier", str(MONDAY), *options, "--apply", "--why", "wrong categories")
    assert (done.exit_code, "pier" in done.stdout, "generation 2, 0 records added" in done.stdout) == (0, True, True)
    assert "menu_item_category_override = " in run("dss", "pier", str(MONDAY)).stdout
    again = run("replay", "pier", str(MONDAY), *options, "--apply", "--why", "again")
    assert "nothing is recorded" in again.stdout
    plain = json.loads(run("replay", "pier", str(TUESDAY), *options, "--apply", "--why", "x", "--json").stdout)
    assert plain["outcome"] == "applied"
    for state in ("completed", "approved"):
        scene.settle("quay", MONDAY, state)
    assert "applied, what differs would wait" in run("replay", "quay", str(MONDAY), *options).stdout
    staged = run("replay", "quay", str(MONDAY), *options, "--apply", "--why", "wrong categories")
    assert "the day is approved; " in staged.stdout
    no_reason = run("replay", "pier", str(MONDAY), "--apply")
    assert (no_reason.exit_code, "Give a reason" in no_reason.stderr) == (2, True)


def test_many_days_on_the_command_line(scene: Scene) -> None:
    """First a summary; without --yes and a terminal nothing is done; then it is, and a second time there is nothing."""
    days = ("--from", str(MONDAY), "--to", str(WEDNESDAY))
    options = chosen(scene)
    told = run("replay", "pier", *days, *options)
    assert "3 business days: 2 differs, 1 not replayable." in told.stdout
    assert f"pier {WEDNESDAY}  not replayable: " in told.stdout
    asked = run("replay", "pier", *days, *options, "--apply", "--why", "wrong categories")
    assert (asked.exit_code, "say --yes" in asked.stderr) == (2, True)
    assert scene.day("pier", MONDAY).generation == 1
    done = run("replay", "pier", *days, *options, "--apply", "--why", "wrong categories", "--yes")
    assert (done.exit_code, "Done: 2 applied, 1 not replayable." in done.stdout) == (0, True)
    again = run("replay", "pier", *days, *options, "--apply", "--why", "wrong categories")
    assert (again.exit_code, "Done: 1 not replayable, 2 unchanged." in again.stdout) == (0, True)
    every = run("replay", "--connection", "tray", *days, *options, "--apply", "--why", "x", "--yes", "--json")
    assert json.loads(every.stdout)["outcomes"] == {"applied": 1, "not-replayable": 3, "unchanged": 2}
    assert json.loads(run("replay", "pier", *days, "--json").stdout)["applied"] is False


def test_a_question_is_asked_on_a_terminal(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who says no changes nothing."""
    monkeypatch.setattr(replaying, "_on_terminal", lambda: True)
    days = ("--from", str(MONDAY), "--to", str(MONDAY))
    command = ("replay", "pier", *days, *chosen(scene), "--apply", "--why", "wrong categories")
    no = run(*command, input="n\n")
    assert (no.exit_code, scene.day("pier", MONDAY).generation) == (1, 1)
    yes = run(*command, input="y\n")
    assert (yes.exit_code, scene.day("pier", MONDAY).generation) == (0, 2)


@pytest.mark.parametrize("interruption", [KeyboardInterrupt(), JournalUnavailable("The database is away.")])
def test_an_interrupted_replay_says_where_to_go_on(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, interruption: BaseException
) -> None:
    """What was done stays done; going on from there does the rest."""
    days = ("--from", str(MONDAY), "--to", str(TUESDAY))
    command = ("replay", "pier", *days, *chosen(scene), "--apply", "--why", "wrong categories", "--yes")
    with monkeypatch.context() as patch:

        def cut(command: Any, house: Any) -> Applied:
            if command.replay.day.date == TUESDAY:
                raise interruption
            return apply_replay(command, house)

        patch.setattr("domain.commands.replay_range.apply_replay", cut)
        told = run(*command)
    assert told.exit_code != 0
    assert f"1 business day done, and stay so. Go on with --from {TUESDAY}." in told.stderr
    assert (scene.day("pier", MONDAY).generation, scene.day("pier", TUESDAY).generation) == (2, 1)
    assert run(*command).exit_code == 0
    assert scene.day("pier", TUESDAY).generation == 2


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["pier"],
        ["pier", str(MONDAY), "--from", str(MONDAY), "--to", str(MONDAY)],
        ["pier", "--from", str(MONDAY)],
        ["--from", str(MONDAY), "--to", str(MONDAY)],
        ["--connection", "tray"],
    ],
)
def test_what_days_are_meant_has_to_be_said(scene: Scene, arguments: list[str]) -> None:
    """One day, or many with both ends; a location, or a connection."""
    told = run("replay", *arguments)
    assert (told.exit_code, "LOCATION" in told.stderr) == (2, True)
