"""Deleting days and confirming them as closed, over HTTP and on the command line: what is said, and what refused."""

import datetime as dt
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from tests.api.site import DATES, Site, daybook

DAY = f"/v1/days/alpha/{DATES[0]}"
WHY = {"reason": "the till was wrong"}


@pytest.fixture
def polled_once(fresh: Site) -> Site:
    """A daybook with one polled day."""
    assert fresh.poll().status_code == 201
    fresh.catch_up()
    return fresh


def test_a_deleted_day_says_so_everywhere(polled_once: Site) -> None:
    """Its state and who deleted it; no summary, entries, tickets or labor; lists show it; earlier moments still do."""
    site = polled_once
    before = site.opened.journal.head()
    done = site.client.post(f"{DAY}/deletions", WHY)
    told = done.json()
    assert (done.status_code, told["state"], told["deleted"], told["changed"]) == (200, "missing", True, True)
    assert (done.headers["ETag"], done.headers["Daybook-Position"]) == (f'"{told["version"]}"', str(told["position"]))
    fresh = {"min_position": told["position"]}
    day = site.client.get(DAY, params=fresh).json()
    assert (day["state"], day["generation"], day["net_sales"]) == ("missing", 1, "0.00")
    assert (day["deletion"]["by"], day["deletion"]["reason"]) == ("api:anonymous", "the till was wrong")
    for what in ("dss", "journal-entries"):
        for moment in ({}, {"as_of": str(told["position"])}):
            answer = site.client.get(f"{DAY}/{what}", params=moment)
            assert (answer.status_code, answer.json()["type"]) == (404, "/problems/day-is-deleted")
            assert "Somebody (api) deleted the business day" in answer.json()["detail"]
        assert site.client.get(f"{DAY}/{what}", params={"as_of": str(before)}).status_code == 200
    assert site.client.get(f"{DAY}/tickets").json()["data"] == []
    assert site.client.get(f"{DAY}/labor").json()["punches"] == 0
    (row,) = site.client.get("/v1/dss").json()["data"]
    assert (row["state"], row["deleted"]) == ("missing", True)
    assert site.client.post(f"{DAY}/replays").status_code == 404
    assert site.poll().status_code == 201
    site.catch_up()
    back = site.client.get(DAY).json()
    assert (back["state"], back["generation"], back["deletion"]) == ("in progress", 2, None)


def test_a_deletion_is_done_once_and_on_what_was_seen(polled_once: Site) -> None:
    """A key is answered again, another request with it refused; an old version is 412; a second deletion is nothing."""
    site = polled_once
    assert site.client.post(f"{DAY}/deletions", WHY, headers={"If-Match": '"1"'}).status_code == 412
    key = {"Idempotency-Key": "once"}
    first = site.client.post(f"{DAY}/deletions", WHY, headers=key)
    again = site.client.post(f"{DAY}/deletions", WHY, headers=key)
    assert (again.headers["Idempotent-Replayed"], again.json()) == ("true", first.json())
    other = site.client.post(f"{DAY}/deletions", {"reason": "another"}, headers=key)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/key-reused")
    assert site.client.post(f"{DAY}/deletions", WHY).json()["changed"] is False


def test_what_is_refused(polled_once: Site) -> None:
    """Who may not, a day that is too old, one that was never read, one with sales, and a request without a reason."""
    site = polled_once
    old = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=60)
    cases: list[tuple[str, dict[str, str], dict[str, str], int, str]] = [
        (f"{DAY}/deletions", WHY, {"Daybook-Role": "auditor"}, 403, "not-permitted"),
        (f"{DAY}/closed", WHY, {"Daybook-Role": "auditor"}, 403, "not-permitted"),
        (f"{DAY}/closed", WHY, {}, 409, "has-sales"),
        (f"/v1/days/alpha/{DATES[1]}/deletions", WHY, {}, 409, "not-in-that-state"),
        (f"/v1/days/alpha/{DATES[1]}/closed", WHY, {}, 409, "not-in-that-state"),
        (f"/v1/days/alpha/{old}/deletions", WHY, {}, 403, "day-too-old"),
        (f"/v1/days/alpha/{old}/polls", WHY, {}, 403, "day-too-old"),
        (f"/v1/days/nowhere/{DATES[0]}/deletions", WHY, {}, 404, "no-such-location"),
        (f"{DAY}/deletions", {"reason": " "}, {}, 422, "bad-reason"),
        (f"{DAY}/deletions", {}, {}, 422, "invalid-request"),
    ]
    for path, body, headers, status, kind in cases:
        answer = site.client.post(path, body, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}"), path
    assert "Ask support" in site.client.post(f"/v1/days/alpha/{old}/polls", WHY).json()["detail"]
    support = site.client.post(f"/v1/days/alpha/{old}/polls", WHY, headers={"Daybook-Role": "support"})
    assert support.status_code in {200, 201}


def test_what_is_due_comes_in_pages(fresh: Site) -> None:
    """Cursors lead through all of it; one of another question is refused."""
    whole = fresh.client.get("/v1/due", params={"limit": 500}).json()["data"]
    assert len(whole) == 60
    paged: list[object] = []
    cursor: dict[str, str] = {}
    while True:
        page = fresh.client.get("/v1/due", params={"limit": "25", **cursor}).json()
        paged += page["data"]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert paged == whole
    foreign = fresh.client.get("/v1/due", params={"location": "alpha", **cursor})
    assert (foreign.status_code, foreign.json()["type"]) == (400, "/problems/bad-cursor")


def run(site: Site, *arguments: str, **environment: str) -> Result:
    """A command on the site's store."""
    return CliRunner().invoke(app, list(arguments), env={"DAYBOOK_DATA_DIR": str(site.folder), **environment})


def test_the_commands(polled_once: Site) -> None:
    """They say what came of it; refusals are sentences and exit code 1."""
    site = polled_once
    where = ("alpha", str(DATES[0]))
    refused = run(site, "confirm-closed", *where, "--why", "a holiday")
    assert (refused.exit_code, "has net sales of" in refused.output) == (1, True)
    done = run(site, "delete", *where, "--why", "the till was wrong", DAYBOOK_ACTOR="cli:anna")
    assert done.output == f"alpha {DATES[0]}: deleted; it is missing until it is polled again.\n"
    assert "so already; nothing is recorded" in run(site, "delete", *where, "--why", "again").output
    for command in ("dss", "entries"):
        gone = run(site, command, *where)
        assert (gone.exit_code, "Anna deleted the business day" in gone.output) == (1, True)
    listed = run(site, "due", "--location", "alpha")
    assert "missing: deleted by Anna because 'the till was wrong'" in listed.output.splitlines()[1]
    as_json = run(site, "due", "--json", "--location", "alpha")
    assert '"why": "deleted"' in as_json.output
    assert '"deleted": true' in run(site, "delete", *where, "--why", "again", "--json").output
    assert "... and" not in listed.output


def test_a_long_list_is_cut(fresh: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command prints the first, and says how many there are."""
    monkeypatch.setattr("api.cli.keeping.MOST_SHOWN", 7)
    lines = run(fresh, "due").output.splitlines()
    assert (lines[0], lines[-1], len(lines)) == (
        "60 due now, 0 waiting.",
        "... and 53 more: --json has them all.",
        9,
    )


def test_support_acts_on_old_days_on_the_command_line(fresh: Site, tmp_path: Path) -> None:
    """By the setting of the role; a manager is told whom to ask."""
    old = str(dt.datetime.now(dt.UTC).date() - dt.timedelta(days=60))
    refused = daybook("poll", "alpha", old, folder=fresh.folder)
    assert (refused.returncode, "Ask support" in refused.stderr) == (1, True)
    done = daybook("poll", "alpha", old, folder=fresh.folder, DAYBOOK_ROLE="support")
    assert done.returncode == 0, done.stderr
    assert tmp_path
