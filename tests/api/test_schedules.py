"""Schedules over HTTP and on the command line: entered, published, shown, refused."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from adapters.pos.tray.simulator.scheduling import SCHEDULE_WRITES
from api.cli import app
from api.work.objects import Outbox
from domain.commands.loading import load_connection
from domain.identifiers import ConnectionId
from tests.api.site import DATES, Site

WEEK = DATES[0] + dt.timedelta(days=14 - DATES[0].weekday())
PATH = f"/v1/schedules/alpha/{WEEK}"
WHY = {"reason": "week 48"}


@pytest.fixture
def people(polled: Site) -> list[str]:
    """Ids of the people of alpha, as its roster has them."""
    connection = load_connection(polled.opened.journal, ConnectionId(polled.settings.client, "tray"))
    return sorted(connection.rosters["alpha"]["employee"])


@pytest.fixture
def job(polled: Site) -> str:
    """A job of alpha."""
    connection = load_connection(polled.opened.journal, ConnectionId(polled.settings.client, "tray"))
    return min(connection.rosters["alpha"]["job"])


def shift(employee: str, job: str, day: int, starts: str, ends: str) -> dict[str, Any]:
    """A shift on a day of the week, in UTC; the venue is in New York."""
    date = WEEK + dt.timedelta(days=day)
    return {"employee": employee, "job": job, "starts_at": f"{date}T{starts}Z", "ends_at": f"{date}T{ends}Z"}


def put(site: Site, shifts: list[dict[str, Any]], path: str = PATH, **headers: str) -> Any:
    """Enter a schedule."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return site.client.send("PUT", path, json={"shifts": shifts, **WHY}, headers=named)


def test_a_schedule_is_entered_published_and_shown(polled: Site, people: list[str], job: str) -> None:
    """It has a version, and a state that says whether it is published as it stands; repeating records nothing."""
    site = polled
    empty = site.client.get(PATH)
    assert (empty.status_code, empty.json()["state"], empty.headers["ETag"]) == (200, "draft", '"0"')
    assert site.client.post(f"{PATH}/publish", WHY).status_code == 409
    shifts = [shift(people[0], job, 0, "15:00:00", "21:00:00"), shift(people[1], job, 1, "15:00:00", "21:00:00")]
    first = put(site, shifts, Idempotency_Key="enter-1")
    assert (first.status_code, first.json()["shifts"], first.json()["state"]) == (200, 2, "draft")
    again = put(site, shifts, Idempotency_Key="enter-1")
    assert (again.headers["Idempotent-Replayed"], again.json()) == ("true", first.json())
    assert put(site, shifts[:1], Idempotency_Key="enter-1").status_code == 422
    assert put(site, shifts).json()["changed"] is False
    assert put(site, shifts[:1], If_Match='"7"').status_code == 412
    published = site.client.post(f"{PATH}/publish", WHY, headers={"If-Match": '"1"'})
    assert (published.status_code, published.json()["state"], published.json()["publications"]) == (200, "published", 1)
    assert put(site, shifts[:1]).json()["state"] == "changed"
    told = site.client.get(PATH).json()
    assert (len(told["shifts"]), len(told["published"]), told["shifts"][0]["published"]) == (1, 2, True)
    site.catch_up()
    (row,) = site.client.get("/v1/schedules", params={"location": "alpha"}).json()["data"]
    assert (row["state"], row["shifts"], row["publications"], row["week"]) == ("changed", 1, 1, str(WEEK))
    steps = site.client.get(f"{PATH}/history").json()["data"]
    assert [step["sentence"] for step in steps] == [
        "Somebody (api) entered the schedule because 'week 48': shifts 2 added.",
        "Somebody (api) published the schedule because 'week 48': publication 1, with 2 shifts.",
        "Somebody (api) entered the schedule because 'week 48': shifts 1 removed.",
    ]
    assert site.client.get(f"{PATH}/history", params={"after": 2}).json()["data"] == steps[2:]


def test_lists_go_on(polled: Site, people: list[str], job: str) -> None:
    """The newest week first; a page leads on to the next."""
    site = polled
    for weeks in (2, 3):
        later = WEEK + dt.timedelta(days=7 * weeks)
        one = shift(people[0], job, 7 * weeks, "15:00:00", "21:00:00")
        assert put(site, [one], f"/v1/schedules/alpha/{later}").status_code == 200
    site.catch_up()
    first = site.client.get("/v1/schedules", params={"limit": 1}).json()
    assert first["data"][0]["week"] == str(WEEK + dt.timedelta(days=21))
    second = site.client.get("/v1/schedules", params={"limit": 1, "cursor": first["next"]}).json()
    assert second["data"][0]["week"] == str(WEEK + dt.timedelta(days=14))


def test_problems_are_told_at_once(polled: Site, people: list[str], job: str) -> None:
    """How it is written and what cannot be, place by place; the week has to be one, the location known."""
    bad = [
        {**shift(people[0], job, 0, "10:00:00", "11:00:00"), "starts_at": "yesterday, at around noon"},
        shift("nobody", job, 0, "15:00:00", "21:00:00"),
        {**shift(people[0], job, 0, "15:00:00", "21:00:00"), "employee": "a\nb"},
    ]
    answer = put(polled, bad)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/bad-shifts")
    assert [(one["shift"], one["field"]) for one in answer.json()["errors"]] == [
        (1, "start"),
        (2, "employee"),
        (3, "employee"),
        (3, "employee"),
    ]
    tuesday = WEEK + dt.timedelta(days=1)
    assert put(polled, [], f"/v1/schedules/alpha/{tuesday}").json()["type"] == "/problems/not-a-week"
    assert put(polled, [], f"/v1/schedules/nowhere/{WEEK}").status_code == 404
    assert polled.client.get(f"/v1/schedules/nowhere/{WEEK}").status_code == 404
    assert put(polled, [], "/v1/schedules/alpha/soon").status_code == 400


def run(site: Site, *arguments: str) -> Result:
    """Run a command on the site's store, in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAYBOOK_DATA_DIR", str(site.folder))
        patch.setenv("DAYBOOK_ALLOW_LOOPBACK", "true")
        return CliRunner().invoke(app, list(arguments))


def test_a_file_is_imported(polled: Site, people: list[str], job: str, tmp_path: Path) -> None:
    """By the location's clock; checked, imported and published; entered again it changes nothing."""
    week = WEEK + dt.timedelta(days=7)
    file = tmp_path / "week.csv"
    file.write_bytes(
        f"\ufeffjob,END,Employee,Start\r\n{job},{week} 23:00,{people[0]},{week} 17:00\r\n\r\n"
        f'"{job}","{week} 22:00",{people[1]},{week}T16:00\r\n'.encode()
    )
    given = ("import-schedule", str(file), "--location", "alpha", "--week", str(week), "--why", "week 49")
    checked = run(polled, *given, "--check")
    assert (checked.exit_code, "2 shifts; nothing was recorded" in checked.output) == (0, True), checked.output
    done = run(polled, *given, "--publish")
    assert (done.exit_code, "published, 2 shifts" in done.output) == (0, True), done.output
    assert "so already (published)" in run(polled, *given).output
    told = run(polled, "schedule", "alpha", str(week))
    assert "published, 2 shifts, published 1 time" in told.output
    assert f"{week}T22:00:00Z to {week + dt.timedelta(days=1)}T04:00:00Z" in told.output
    history = run(polled, "schedule", "alpha", str(week), "--history").output
    assert "entered the schedule from week.csv because 'week 49': shifts 2 added." in history
    assert '"state": "published"' in run(polled, "schedule", "alpha", str(week), "--json").output
    assert '"sentence"' in run(polled, "schedule", "alpha", str(week), "--history", "--json").output
    assert "so already" in run(polled, "publish-schedule", "alpha", str(week), "--why", "again").output


def test_a_bad_file_changes_nothing(polled: Site, people: list[str], job: str, tmp_path: Path) -> None:
    """Every error is told, with its row and column: of the file, of its times, and of what cannot be."""
    week = WEEK + dt.timedelta(days=35)
    file = tmp_path / "bad.csv"
    lines = [
        "Employee,Job,Start,End",
        f"{people[0]},{job},{week} 17:00,{week} 16:00",
        f"nobody,{job},{week} 17:00,{week} 23:00",
        f"{people[0]},,{week} 17:00,noon",
        f"{people[0]},{job},tomorrow,{week} 23:00",
        f"{people[1]},{job},{week} 10:00,{week} 14:00,more",
    ]
    file.write_text("\n".join(lines))
    given = ("import-schedule", str(file), "--location", "alpha", "--week", str(week))
    result = run(polled, *given)
    assert result.exit_code == 1
    for place in ("row 2, End", "row 3, Employee", "row 4, Job", "row 5, Start", "row 6:"):
        assert place in result.output
    assert '"row": 2' in run(polled, *given, "--json").output
    assert polled.client.get(f"/v1/schedules/alpha/{week}").json()["version"] == 0
    assert run(polled, "import-schedule", str(tmp_path / "none.csv"), *given[2:]).exit_code == 1
    file.write_text("Employee,Job\n1,2")
    assert "row 1, Start: the column is not there" in run(polled, *given).output


def sent(site: Site) -> list[str]:
    """Do all that is to go out now; answers the states that objects come to."""
    client = site.settings.client
    outbox = Outbox(site.opened)
    site.catch_up()
    outbox.register(client)
    states = []
    while todo := outbox.errands(client)[0]:
        states += [outbox.perform(errand.object) for errand in todo]
        site.catch_up()
    return states


def test_what_is_published_is_written_to_the_point_of_sale(polled: Site, people: list[str], job: str) -> None:
    """Each publication once, shift by shift; what is changed and not published stays here; nobody else's is touched."""
    site = polled
    week = WEEK + dt.timedelta(days=49)
    path = f"/v1/schedules/alpha/{week}"
    sent(site)
    site.pos.pos.requests.clear()
    rota = site.pos.pos.rota("V100")
    by_hand = rota.enter(week, people[0], job, f"{week}T22:00:00Z", f"{week}T23:00:00Z")
    shifts = [shift(people[0], job, 49, "15:00:00", "21:00:00"), shift(people[1], job, 50, "15:00:00", "21:00:00")]
    put(site, shifts, path)
    assert sent(site) == []
    site.client.post(f"{path}/publish", WHY)
    assert sent(site) == ["success"]
    standing = rota.standing(week, "daybook:alpha")
    assert [(row["staffId"], row["startsAt"]) for row in standing] == [
        (one["employee"], one["starts_at"]) for one in shifts
    ]
    put(site, shifts[:1], path)
    assert sent(site) == []
    site.pos.pos.arm("status_502", resource=SCHEDULE_WRITES)
    site.client.post(f"{path}/publish", WHY)
    assert sent(site) == ["verifying"]
    assert [row["externalId"] for row in rota.standing(week, "daybook:alpha")] == [standing[0]["externalId"]]
    assert [row["id"] for row in rota.standing(week, None)] == [by_hand]
    assert sent(site) == []
    writes = [one for one in site.pos.pos.requests if one["method"] == "PUT"]
    assert [one["status"] for one in writes] == [200, 502]
