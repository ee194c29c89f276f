"""Synchronizing by hand: exactly the caller's locations, and a confirmation that lists them and nobody else's."""

import json
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from api import syncing
from api.cli import app
from domain.commands.poll_day import NotPolled, poll_day
from domain.permissions import Principal
from tests.access.town import OPERATOR, Town, principal

ALPHA = principal("pos-sync", at=frozenset({"alpha"}))


def sync(town: Town, who: Principal, connection: str = "tray", **headers: str) -> httpx.Response:
    """Synchronize, and wait for the views."""
    path = f"/v1/connections/{connection}/sync"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = town.ask(who, "POST", path, json={"reason": "now"}, headers=named)
    town.catch_up()
    return answer


def polled(town: Town, after: int) -> set[str]:
    """The locations with facts past a position."""
    entries = town.opened.journal.log(after=after, limit=1000)
    return {entry.stream.split(":")[2] for entry in entries if entry.stream.startswith("business-day:")}


def days_of(told: dict[str, Any]) -> dict[str, list[str]]:
    """The dates of a confirmation, by location."""
    return {place["location"]: [day["date"] for day in place["days"]] for place in told["locations"]}


def test_exactly_the_locations_of_the_caller(town: Town) -> None:
    """What others have is neither polled nor told; who has all of them polls all; a day that is over comes first."""
    head = town.opened.journal.head()
    answer = sync(town, ALPHA)
    told = answer.json()
    assert answer.status_code == 200, answer.text
    assert list(days_of(told)) == ["alpha"]
    assert told["confirmation"].startswith("tray of main: synchronized 1 location (alpha); days: ")
    assert polled(town, head) == {"alpha"}
    assert "beta" not in answer.text
    place = told["locations"][0]
    assert len(place["days"]) == syncing.MOST_TRIED
    assert place["left"] > 0
    assert {day["outcome"] for day in place["days"]} <= {"polled", "unchanged", "failed"}
    attempts = town.get(OPERATOR, "/v1/polls", location="alpha", limit=1)["data"]
    assert (attempts[0]["actor"], attempts[0]["reason"]) == ("user:test", "now")
    everybody = sync(town, OPERATOR).json()
    assert list(days_of(everybody)) == ["alpha", "beta"]
    # The last day that is over is polled whatever is recorded of it, others only while they are due.
    first = days_of(told)["alpha"][0]
    assert days_of(everybody)["alpha"][0] == first
    assert not set(days_of(everybody)["alpha"][1:]) & set(days_of(told)["alpha"])


def test_bounded(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """At most so many days at once; the others are counted where they are left."""
    monkeypatch.setattr(syncing, "MOST_DAYS", 3)
    told = sync(town, OPERATOR).json()
    assert sum(len(dates) for dates in days_of(told).values()) == 3
    assert all(dates for dates in days_of(told).values()), "the last day of each location goes first"
    assert sum(place["left"] for place in told["locations"]) > 0
    assert "more days are due" in told["confirmation"]


def test_one_day_that_fails_does_not_stop_the_others(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure is told with its message, a refusal with its reason, and nothing of either counts."""
    refused = NotPolled("Not today.")
    real = poll_day
    seen: list[str] = []

    def failing(command: Any, house: Any) -> Any:
        seen.append(command.day.location)
        if len(seen) == 1:
            raise refused
        return real(command, house)

    monkeypatch.setattr(syncing, "poll_day", failing)
    told = sync(town, OPERATOR).json()
    days = [day for place in told["locations"] for day in place["days"]]
    first = next(day for day in days if day["outcome"] == "refused")
    assert first == {"date": first["date"], "outcome": "refused", "message": "Not today."}
    assert sum(day["outcome"] == "refused" for day in days) == 1
    assert "1 refused" in told["confirmation"]


@pytest.mark.parametrize(
    ("who", "connection", "status", "code"),
    [
        (ALPHA, "tray-two", 404, "not-connected"),
        (ALPHA, "xyzzy", 404, "not-connected"),
        (ALPHA, "x y", 400, "bad-identifier"),
        (principal("auditor"), "tray", 403, "not-permitted"),
        (principal("pos-sync", at=frozenset()), "tray", 404, "not-connected"),
        (principal("pos-sync", client="third"), "tray", 404, "not-connected"),
    ],
)
def test_refused(town: Town, who: Principal, connection: str, status: int, code: str) -> None:
    """Who may not, what is not theirs and what is not there; nothing is recorded."""
    head = town.opened.journal.head()
    answer = sync(town, who, connection)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}")
    assert town.opened.journal.head() == head


def test_a_key_of_something_else(town: Town) -> None:
    """A key that named another command, another connection or another reason is refused."""
    headers = {"Idempotency-Key": "of-a-comment"}
    day = f"/v1/days/alpha/{town.get(OPERATOR, '/v1/dss')['data'][-1]['date']}"
    town.ask(OPERATOR, "POST", f"{day}/comments", json={"text": "x", "reason": "r"}, headers=headers)
    assert sync(town, OPERATOR, Idempotency_Key="of-a-comment").json()["type"] == "/problems/key-reused"
    assert sync(town, OPERATOR, "tray-two", Idempotency_Key="of-two").status_code == 200
    assert sync(town, OPERATOR, "tray", Idempotency_Key="of-two").json()["type"] == "/problems/key-reused"


def test_on_the_command_line(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line for each day and the confirmation, or JSON; the role of the settings has to give it."""
    monkeypatch.setenv("DAYBOOK_DATA_DIR", str(town.folder))
    said = CliRunner().invoke(app, ["sync", "tray-two", "--why", "now"])
    assert said.exit_code == 0, said.output
    assert "gamma" in said.output
    assert "tray-two of main: synchronized 1 location (gamma)" in said.output
    told = json.loads(CliRunner().invoke(app, ["sync", "tray-two", "--json"]).stdout)
    assert list(days_of(told)) == ["gamma"]
    assert CliRunner().invoke(app, ["sync", "xyzzy"]).exit_code == 1
    assert CliRunner().invoke(app, ["sync", "tray"], env={"DAYBOOK_ROLE": "auditor"}).exit_code == 1
