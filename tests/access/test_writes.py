"""Writes: once for each idempotency key however often it is sent at the same moment, and one winner of a version."""

from typing import Any

import pytest

from tests.access.town import DATES, HERE, OPERATOR, D, Town, principal

DAY = f"/v1/days/alpha/{DATES[1]}"
AT_ONCE = 8

Write = tuple[str, str, dict[str, Any], dict[str, str]]

WRITES: dict[str, Write] = {
    "comment": ("POST", f"{DAY}/comments", {"text": "once"}, {}),
    "tag": ("POST", f"{DAY}/tags", {"tag": "once"}, {}),
    "deposit": ("POST", f"{DAY}/deposits", {"amount": "12.00"}, {}),
    "withdrawal": ("POST", f"{DAY}/withdrawals", {"kind": "tag", "key": "once"}, {}),
    "state": ("POST", f"{DAY}/state", {"state": "completed"}, {}),
    "deletion": ("POST", f"/v1/days/beta/{DATES[1]}/deletions", {}, {}),
    "poll": ("POST", f"{DAY}/polls", {}, {}),
    "accounts": ("PUT", "/v1/accounts", {"accounts": {"sales/Food/*": "4010"}}, {"If-Match": '"0"'}),
    "configuration": (
        "PUT",
        "/v1/connections/tray/configuration",
        {"options": {"has_mpf_tax": True}, "overrides": {}},
        {"If-Match": "*"},
    ),
    "locations": (
        "POST",
        "/v1/connections/tray-two/locations",
        {"locations": [{"id": "delta", "zone": "UTC", "source": {"venue": "V900"}}]},
        {},
    ),
    "import job": (
        "POST",
        "/v1/import-jobs",
        {"id": "once", "name": "Once", "connection": "tray", "period": {"kind": "last-days", "days": 2}},
        {},
    ),
    "change of a job": ("PATCH", "/v1/import-jobs/whole-main", {"name": "Whole"}, {}),
    "sync": ("POST", "/v1/connections/tray-two/sync", {}, {}),
}


def commands(town: Town) -> list[str]:
    """The command of every commit."""
    return [seal.command for seal in town.opened.journal.seals(limit=1000)]


@pytest.mark.parametrize("name", WRITES)
def test_duplicates_at_the_same_moment_are_one_write(town: Town, name: str) -> None:
    """Each is told what is recorded, or to wait; afterwards the key answers the same, and nothing else under it."""
    method, path, body, headers = WRITES[name]
    town.catch_up()
    if path.startswith("/v1/days/"):
        # Whoever repeats a request brings the version that it saw at first, though it is not there any more.
        day = path.rpartition("/")[0]
        headers = {**headers, "If-Match": town.ask(OPERATOR, "GET", day).headers["etag"]}
    before = commands(town)
    request = (method, path, {"json": {**body, "reason": "once"}, "headers": {**headers, "Idempotency-Key": name}})
    answers = town.at_once(OPERATOR, [request] * AT_ONCE)
    done = [answer for answer in answers if answer.status_code in {200, 201}]
    others = [answer for answer in answers if answer not in done]
    assert done, answers[0].text
    assert {answer.json()["type"] for answer in others} <= {"/problems/key-in-use", "/problems/too-many-polls"}
    fresh = commands(town)[len(before) :]
    # A day is a commit of its own; nothing is recorded twice.
    expected = sum(len(place["days"]) for place in done[0].json()["locations"]) if name == "sync" else 1
    assert len(fresh) == len(set(fresh)) == expected
    town.catch_up()
    again = town.ask(OPERATOR, method, path, **request[2])
    assert {answer.text for answer in (*done, again)} == {done[0].text}
    assert again.headers["idempotent-replayed"] == "true"
    other = town.ask(OPERATOR, method, path, **{**request[2], "json": {**body, "reason": "another"}})
    assert (other.status_code, other.json()["type"]) == (422, "/problems/key-reused")
    assert commands(town) == [*before, *fresh]


def test_a_key_is_its_clients_own(town: Town) -> None:
    """Another client's same key is another command."""
    body, headers = {"text": "ours", "reason": "r"}, {"Idempotency-Key": "shared"}
    for client in (HERE, "other"):
        who = principal("manager", client=client)
        answer = town.ask(who, "POST", f"/v1/days/alpha/{DATES[1]}/comments", json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        assert "idempotent-replayed" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "seen", "body"),
    [
        ("POST", f"/v1/days/gamma/{DATES[1]}/comments", f"/v1/days/gamma/{DATES[1]}", {"text": "{}"}),
        ("POST", f"/v1/days/gamma/{DATES[1]}/tags", f"/v1/days/gamma/{DATES[1]}", {"tag": "race-{}"}),
        ("PUT", "/v1/accounts", "/v1/accounts", {"accounts": {"sales/Food/*": "40{}"}}),
        (
            "PUT",
            "/v1/connections/tray-two/configuration",
            "/v1/connections/tray-two/configuration",
            {"options": {}, "overrides": {"gamma": {"labor_lookback_days": 1}}},
        ),
    ],
)
def test_a_race_for_a_version_has_one_winner(
    town: Town, method: str, path: str, seen: str, body: dict[str, Any]
) -> None:
    """Of many who saw the same version one writes, and every other is told that it is not there any more."""
    town.catch_up()
    tag = town.ask(OPERATOR, "GET", seen).headers["etag"]
    before = town.opened.journal.head()

    def filled(value: Any, number: int) -> Any:
        if isinstance(value, dict):
            return {name: filled(one, number) for name, one in value.items()}
        return value.format(number) if isinstance(value, str) else number if isinstance(value, int) else value

    requests = [
        (method, path, {"json": {**filled(body, number), "reason": "race"}, "headers": {"If-Match": tag}})
        for number in range(1, AT_ONCE + 1)
    ]
    answers = town.at_once(OPERATOR, requests)
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200, *[412] * (AT_ONCE - 1)], [answer.text for answer in answers]
    recorded = town.opened.journal.log(after=before, limit=100)
    assert len({entry.provenance.command for entry in recorded}) == 1


def test_the_accounts_key_is_for_one_mapping(town: Town) -> None:
    """The same key with another mapping is refused, also where the reason is the same."""
    headers = {"If-Match": "*", "Idempotency-Key": "mapped"}
    town.ask(OPERATOR, "PUT", "/v1/accounts", json={"accounts": {"tax/*": "1"}, "reason": "r"}, headers=headers)
    other = town.ask(OPERATOR, "PUT", "/v1/accounts", json={"accounts": {"tax/*": "2"}, "reason": "r"}, headers=headers)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/key-reused")


def test_a_day_in_the_past_of_others_is_left_alone(town: Town) -> None:
    """Nothing of these writes touched the day that others approved."""
    assert town.get(OPERATOR, f"/v1/days/alpha/{D}")["state"] == "approved"
