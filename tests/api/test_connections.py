"""Connections over HTTP: looking at one, configuring it, adding locations, and what a configuration would change."""

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from api.connections import existing, files_connection
from api.http import connection_models, models, replay_models
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.intent import Intent
from domain.commands.loading import load_connection
from domain.facts import LocationAdded
from domain.identifiers import ConnectionId
from tests.api.site import DATES, Site
from tests.domain.build import ticket
from tests.support.scripted import Scripted, import_files

D = DATES[0]
CONFIGURATION = "/v1/connections/tray/configuration"
TRAY = {"use_item_level_taxes": True}


def put(site: Site, body: dict[str, Any], tag: str | None = '"1"', **headers: str) -> httpx.Response:
    """Replace the configuration."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    if tag is not None:
        given["If-Match"] = tag
    return site.client.send("PUT", CONFIGURATION, json={"reason": "a test", **body}, headers=given)


def version(site: Site) -> int:
    """The newest version of the configuration."""
    return load_connection(site.opened.journal, ConnectionId("main", "tray")).configuration.version


def test_a_connection(polled: Site) -> None:
    """A connection is shown with its locations and versions, without its secret."""
    answer = polled.client.get("/v1/connections/tray")
    shape = connection_models.WholeConnection.model_validate_json(answer.content)
    assert answer.headers["daybook-position"] == str(polled.opened.journal.head())
    assert [(place.location, place.source["venue"]) for place in shape.locations] == [
        ("alpha", "V100"),
        ("beta", "V101"),
    ]
    assert [(row.version, row.actor, row.reason) for row in shape.configurations] == [(1, "test", "set up")]
    assert "secret" not in answer.json()


def test_a_configuration(polled: Site) -> None:
    """The configuration is shown as it was set and with everything in force; its version is the ETag."""
    answer = polled.client.get(CONFIGURATION)
    shape = connection_models.Configuration.model_validate_json(answer.content)
    assert (answer.headers["etag"], shape.version, shape.options, shape.overrides) == ('"1"', 1, TRAY, {})
    in_force = {entry.option: (entry.value, entry.default, entry.named) for entry in shape.in_force.all}
    assert in_force["use_item_level_taxes"] == (True, True, True)
    assert in_force["open_time"] == (False, True, False)
    assert polled.client.get(CONFIGURATION, headers={"If-None-Match": '"1"'}).status_code == 304
    assert polled.client.get(CONFIGURATION, params={"version": 1}).json() == answer.json()


MISSING = [
    ("GET", "/v1/connections/nowhere", None, 404, "not-connected"),
    ("GET", "/v1/connections/nowhere/configuration", None, 404, "not-connected"),
    ("GET", f"{CONFIGURATION}?version=9", None, 404, "no-such-configuration"),
    ("GET", f"{CONFIGURATION}?version=0", None, 422, "invalid-request"),
    ("GET", "/v1/connections/no:where", None, 400, "bad-identifier"),
    ("PUT", "/v1/connections/nowhere/configuration", {"options": {}, "reason": "x"}, 404, "not-connected"),
    ("PUT", "/v1/connections/no:where/configuration", {"options": {}, "reason": "x"}, 400, "bad-identifier"),
    (
        "POST",
        "/v1/connections/nowhere/locations",
        {"locations": [{"id": "x", "zone": "UTC", "source": {"venue": "V1"}}], "reason": "x"},
        404,
        "not-connected",
    ),
    ("DELETE", CONFIGURATION, None, 405, "method-not-allowed"),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "code"), MISSING)
def test_what_is_not_there(polled: Site, method: str, path: str, body: Any, status: int, code: str) -> None:
    """Connections and versions that there are not are problems of their own."""
    arguments = {} if body is None else {"json": body, "headers": {"If-Match": '"1"'}}
    answer = polled.client.send(method, path, **arguments)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}")


def test_replacing_needs_the_version_that_was_seen(fresh: Site) -> None:
    """Without If-Match 428, with another version 412, and nothing is recorded; with the newest it is replaced."""
    head = fresh.opened.journal.head()
    refused = [put(fresh, {"options": {"open_time": True}}, tag) for tag in (None, "1", '"0"', '"2"', 'W/"1"')]
    assert [answer.status_code for answer in refused] == [428, 400, 412, 412, 412]
    assert refused[0].json()["type"] == "/problems/no-version-given"
    assert "configuration is at version 1" in refused[2].json()["detail"]
    assert fresh.opened.journal.head() == head
    done = put(fresh, {"options": {"open_time": True}}, '"7", "1"')
    assert (done.status_code, done.headers["etag"]) == (200, '"2"')
    assert put(fresh, {"options": {}}, "*").json()["version"] == 3


def test_a_new_version_offers_a_replay(fresh: Site) -> None:
    """Saving changes no recorded day; it says where other options are in force, and how to see what would change."""
    for date in DATES[:2]:
        fresh.poll(date)
    fresh.catch_up()
    before = [fresh.client.get(f"/v1/days/alpha/{date}/dss").json() for date in DATES[:2]]
    answer = put(fresh, {"options": {"use_item_level_taxes": False}, "overrides": {"beta": TRAY}})
    shape = connection_models.ConfigurationAnswer.model_validate_json(answer.content)
    assert (shape.outcome, shape.version, shape.replay.configuration, shape.replay.concerned) == ("configured", 2, 2, 1)
    (offered,) = shape.replay.locations
    assert (offered.location, offered.days, offered.newest) == ("alpha", 2, DATES[1])
    assert offered.command == f"daybook replay alpha {DATES[1]} --configuration 2"
    fresh.catch_up()
    assert [fresh.client.get(f"/v1/days/alpha/{date}/dss").json() for date in DATES[:2]] == before
    assert answer.headers["daybook-position"] == str(shape.position) == str(fresh.opened.journal.head())
    shown = fresh.client.get(CONFIGURATION, params={"min_position": shape.position}).json()
    assert (shown["version"], shown["overrides"]) == (2, {"beta": TRAY})
    assert fresh.client.get(CONFIGURATION, params={"version": 1}).json()["options"] == TRAY
    assert offered.url
    result = fresh.client.post(offered.url, offered.body)
    replay = replay_models.ReplayAnswer.model_validate_json(result.content)
    assert (result.status_code, replay.configuration) == (200, 2)
    (derivation,) = replay.derivations
    assert (derivation.connection, derivation.recorded, derivation.configuration) == ("tray", 1, 2)
    assert fresh.opened.journal.head() == shape.position


def test_a_replay_with_options_to_try(fresh: Site) -> None:
    """Options are tried over a version: the answer says what would change and under what, and nothing is written."""
    fresh.poll(D)
    fresh.catch_up()
    head = fresh.opened.journal.head()
    path = f"/v1/days/alpha/{D}/replays"
    tried = fresh.client.post(path, {"options": {"use_item_level_taxes": False}}).json()
    assert tried["derivations"][0]["options"] == {"use_item_level_taxes": False}
    assert tried["configuration"] == 1
    same = fresh.client.post(path, {"configuration": 1, "connection": "tray", "options": {}}).json()
    assert same["differs"] is False
    refused = {
        "no-such-configuration": {"configuration": 5},
        "bad-configuration": {"options": {"nonsense": 1}},
        "brought-nothing": {"connection": "files", "configuration": 1},
        "invalid-request": {"configuration": 0},
        "bad-identifier": {"connection": "a b"},
    }
    for code, body in refused.items():
        assert fresh.client.post(path, body).json()["type"] == f"/problems/{code}"
    assert fresh.opened.journal.head() == head


def test_what_is_there_already(fresh: Site) -> None:
    """A configuration that says what the newest says is 200 and unchanged, and nothing is recorded."""
    head = fresh.opened.journal.head()
    answer = put(fresh, {"options": {**TRAY, "open_time": False}})
    shape = connection_models.ConfigurationAnswer.model_validate_json(answer.content)
    assert (answer.status_code, shape.outcome, shape.version, shape.position) == (200, "unchanged", 1, None)
    assert shape.replay.locations == []
    assert "daybook-position" not in answer.headers
    assert fresh.opened.journal.head() == head


BAD: list[tuple[dict[str, Any], int, str, str]] = [
    ({}, 422, "invalid-request", "body.options"),
    ({"options": []}, 422, "invalid-request", "body.options"),
    ({"options": {}, "option": {}}, 422, "invalid-request", "body.option"),
    ({"options": {}, "overrides": {"alpha": []}}, 422, "invalid-request", "body.overrides.alpha"),
    ({"options": {}, "reason": ""}, 422, "invalid-request", "body.reason"),
    ({"options": {}, "reason": "two\nlines"}, 422, "bad-reason", "one line"),
    ({"options": {"nonsense": True}}, 422, "bad-configuration", "no polling option 'nonsense'"),
    ({"options": {"open_time": 1}}, 422, "bad-configuration", "$.open_time"),
    ({"options": {"offset_time_zone": 0.5}}, 422, "bad-configuration", "$.offset_time_zone"),
    ({"options": {"specify_business_day_start_time": "4"}}, 422, "bad-configuration", "write it HH:MM"),
    ({"options": {"number_of_lookback_days": 10**30}}, 422, "bad-configuration", "number_of_lookback_days"),
    ({"options": {"split_sales_detail": [{"match": "\ud800"}]}}, 422, "bad-configuration", "split_sales_detail"),
    ({"options": {"\ud800": 1}}, 422, "bad-configuration", "no polling option"),
    ({"options": {}, "overrides": {"alpha": {"open_time": 1}}}, 422, "bad-configuration", "At the location 'alpha'"),
    ({"options": {}, "overrides": {"gamma": {"open_time": True}}}, 422, "bad-configuration", "'gamma'"),
    ({"options": {}, "overrides": {"\ud800": {"open_time": True}}}, 422, "bad-configuration", "does not feed"),
]


@pytest.mark.parametrize(("body", "status", "code", "said"), BAD, ids=range(len(BAD)))
def test_bad_configurations(polled: Site, body: dict[str, Any], status: int, code: str, said: str) -> None:
    """What does not fit is refused with the place, the option and the rule, and records nothing."""
    head = polled.opened.journal.head()
    content = json.dumps({"reason": "a test", **body}).encode()
    headers = {"Content-Type": "application/json", "If-Match": '"1"'}
    answer = polled.client.send("PUT", CONFIGURATION, content=content, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}"), answer.text
    assert said in answer.json()["detail"]
    assert polled.opened.journal.head() == head


def test_an_idempotency_key(fresh: Site) -> None:
    """The same key again answers what was recorded, whatever came since; for anything else it is refused."""
    body = {"options": {"open_time": True}}
    first = put(fresh, body, Idempotency_Key="k-1")
    assert put(fresh, {"options": {}}, '"2"').json()["version"] == 3
    again = put(fresh, body, Idempotency_Key="k-1")
    assert (again.status_code, again.headers["idempotent-replayed"], again.json()) == (200, "true", first.json())
    assert "idempotent-replayed" not in first.headers
    others: list[dict[str, Any]] = [{"options": {}}, {**body, "reason": "another"}, {"options": {"nonsense": 1}}]
    for other in others:
        refused = put(fresh, other, Idempotency_Key="k-1")
        assert (refused.status_code, refused.json()["type"]) == (422, "/problems/key-reused")
    assert fresh.poll(D, Idempotency_Key="k-2").status_code == 201
    assert put(fresh, body, '"3"', Idempotency_Key="k-2").json()["type"] == "/problems/key-reused"
    assert put(fresh, body, '"3"', Idempotency_Key="").json()["type"] == "/problems/bad-idempotency-key"
    assert version(fresh) == 3


def test_a_race_for_a_version_has_one_winner(fresh: Site) -> None:
    """Of two admins who replace the same version one does, and the other is told to look again."""
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(put, fresh, {"options": {"number_of_lookback_days": days}}) for days in range(1, 5)]
        answers = sorted(future.result().status_code for future in asked)
    assert answers == [200, 412, 412, 412]
    assert version(fresh) == 2


def add(site: Site, *places: dict[str, Any], reason: str = "a new place", **headers: str) -> httpx.Response:
    """Add locations to the connection."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    body = {"locations": list(places), "reason": reason}
    return site.client.post("/v1/connections/tray/locations", body, headers=given)


def place(name: str, **fields: Any) -> dict[str, Any]:
    """A location of a venue that the POS may have or not."""
    return {"id": name, "zone": "America/New_York", "source": {"venue": f"V-{name}"}, **fields}


def test_adding_locations(fresh: Site) -> None:
    """Added locations poll as the others do, unless a preset or options say otherwise; a key does it once."""
    both = {"open_time": True}
    assert put(fresh, {"options": {}, "overrides": {"alpha": both, "beta": both}}).status_code == 200
    answer = add(
        fresh, place("gamma"), place("delta", preset="ihop", options={"open_time": False}), Idempotency_Key="k"
    )
    shape = connection_models.LocationsAnswer.model_validate_json(answer.content)
    assert (answer.status_code, answer.headers["location"]) == (201, "/v1/connections/tray")
    assert (shape.locations, shape.configuration, shape.remarks) == (["delta", "gamma"], 3, [])
    plain = add(fresh, place("epsilon")).json()
    assert plain["inherited"] == []
    connection = load_connection(fresh.opened.journal, ConnectionId("main", "tray"))
    at = connection.configuration.at
    assert [at(name).open_time for name in ("gamma", "delta", "epsilon")] == [True, False, False]
    assert [rule.category for rule in at("delta").item_category_override] == ["Online fee", "Bag fee"]
    again = add(fresh, place("gamma"), place("delta", preset="ihop", options={"open_time": False}), Idempotency_Key="k")
    assert (again.status_code, again.headers["idempotent-replayed"], again.json()) == (201, "true", answer.json())
    listed = fresh.client.get("/v1/locations", params={"min_position": plain["position"]}).json()["data"]
    assert [row["location"] for row in listed] == ["alpha", "beta", "delta", "epsilon", "gamma"]


def test_what_all_others_have_is_told(fresh: Site) -> None:
    """What a new location takes over is named, with how many locations have it and where."""
    both = {"open_time": True}
    put(fresh, {"options": {}, "overrides": {"alpha": both, "beta": both}})
    assert add(fresh, place("gamma")).json()["inherited"] == [
        {"option": "open_time", "value": True, "connection": "tray", "agreeing": 2, "locations": 2}
    ]


NOT_ADDED: list[tuple[list[dict[str, Any]], int, str]] = [
    ([], 422, "invalid-request"),
    ([{"id": "gamma"}], 422, "invalid-request"),
    ([place("gamma", surprise=1)], 422, "invalid-request"),
    ([place("ga:mma")], 400, "bad-identifier"),
    ([place("gamma", zone="Mars/Base")], 422, "unknown-zone"),
    ([place("gamma", day_starts="4")], 422, "bad-time-of-day"),
    ([place("gamma", source={})], 422, "bad-source-ids"),
    ([place("gamma", preset="diner")], 422, "unknown-preset"),
    ([place("gamma", options={"nonsense": 1})], 422, "bad-configuration"),
    ([place("gamma"), place("gamma")], 409, "already-connected"),
    ([place("alpha")], 409, "already-connected"),
]


@pytest.mark.parametrize(("places", "status", "code"), NOT_ADDED)
def test_locations_that_are_not_added(polled: Site, places: list[dict[str, Any]], status: int, code: str) -> None:
    """What does not fit is refused, and nothing is recorded."""
    head = polled.opened.journal.head()
    answer = add(polled, *places)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}"), answer.text
    assert polled.opened.journal.head() == head


def test_two_locations_of_one_venue_are_remarked_on(fresh: Site) -> None:
    """Until each says which centers it keeps, the answer says that sales count more than once; then it is quiet."""
    added = add(fresh, place("bar", source={"venue": "V100"}))
    assert "alpha, bar have one venue" in added.json()["remarks"][0]
    bar, rest = {"use_revenue_centers": ["Bar"]}, {"use_revenue_centers": ["Dining", "Patio"]}
    clash = put(fresh, {"options": {}, "overrides": {"bar": bar, "alpha": bar}})
    assert (clash.status_code, clash.json()["type"]) == (422, "/problems/bad-configuration")
    assert "'alpha' and 'bar' have one venue" in clash.json()["detail"]
    assert put(fresh, {"options": {}, "overrides": {"bar": bar, "alpha": rest}}).json()["remarks"] == []


def test_files_beside_a_poll(fresh: Site) -> None:
    """A connection of files feeds a location beside the one that polls it; its configuration is replayed by name."""
    fresh.opened.house.systems["files"] = import_files()  # type: ignore[index]
    _connect_files(fresh)
    fresh.poll(D)
    fresh.catch_up()
    row = next(row for row in fresh.client.get("/v1/locations").json()["data"] if row["location"] == "alpha")
    assert (row["connection"], row["system"]) == ("tray", "tray")
    path = "/v1/connections/files/configuration"
    body = {"options": {"number_of_lookback_days": 2}, "reason": "x"}
    (offered,) = fresh.client.send("PUT", path, json=body, headers={"If-Match": '"1"'}).json()["replay"]["locations"]
    assert offered["command"] == f"daybook replay alpha {D} --configuration 2 --connection files"
    assert offered["body"] == {"configuration": 2, "connection": "files"}
    assert fresh.client.post(offered["url"], offered["body"]).json()["type"] == "/problems/brought-nothing"


def _connect_files(site: Site) -> None:
    known = existing(site.opened, "main")
    alpha = known["tray"].at("alpha")
    where = LocationAdded("alpha", "Alpha", alpha.zone, {}, day_starts=f"{alpha.day_starts:%H:%M}")
    assert files_connection(site.opened, "main", "alpha") is None
    named = ConnectionId("main", "files")
    connect_system(
        ConnectSystem(named, "files", "Files", "", "", (where,), Intent("test"), existing=known), site.opened.house
    )
    site.catch_up()
    assert files_connection(site.opened, "main", "alpha") == named


def test_a_poll_tells_of_other_days(fresh: Site) -> None:
    """A poll that changes other business days, or brings what an approved one does not take, says so in its answer."""
    pos = Scripted(key="tray")
    fresh.opened.house.systems["tray"] = pos  # type: ignore[index]
    put(fresh, {"options": {"open_time": True}})
    following = DATES[1]
    pos.says(D, ticket("t1", business_date=D, opened_at=_noon(D), closed_at=_noon(D)))
    pos.says(following, ticket("t2", business_date=following, opened_at=_noon(D), closed_at=_noon(following)))
    plain = fresh.poll(D)
    assert models.PollAnswer.model_validate_json(plain.content).compensated == []
    assert {"compensated", "observed"}.isdisjoint(plain.json())
    answer = fresh.poll(following, Idempotency_Key="k")
    shape = models.PollAnswer.model_validate_json(answer.content)
    assert [(day.date, day.records) for day in shape.compensated] == [(D, 1)]
    assert answer.json()["compensated"] == [{"date": str(D), "records": 1}]
    assert fresh.poll(following, Idempotency_Key="k").json() == answer.json()
    fresh.catch_up()
    assert fresh.client.get(f"/v1/days/alpha/{D}").json()["tickets"] == 2


def _noon(date: dt.date) -> dt.datetime:
    return dt.datetime.combine(date, dt.time(17), dt.UTC)
