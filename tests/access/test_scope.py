"""Who has some locations sees exactly what is of these: in lists, in the log, in traces and connections."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli import app
from domain.permissions import Principal
from tests.access.town import DATES, HERE, MARK, OPERATOR, THERE, D, Town, principal

ALPHA = principal("full-access", at=frozenset({"alpha"}))
ALPHA_GAMMA = principal("full-access", at=frozenset({"alpha", "gamma"}))
NOWHERE = principal("full-access", at=frozenset())


def pages(town: Town, who: Principal, path: str, limit: int, **parameters: Any) -> list[list[dict[str, Any]]]:
    """Every page of a list, following the Link of each."""
    found: list[list[dict[str, Any]]] = []
    answer = town.ask(who, "GET", path, params={"limit": limit, **parameters})
    while True:
        assert answer.status_code == 200, answer.text
        found.append(answer.json()["data"])
        if "next" not in answer.links:
            return found
        answer = town.ask(who, "GET", answer.links["next"]["url"])


def rows(town: Town, who: Principal, path: str, limit: int = 500, **parameters: Any) -> list[dict[str, Any]]:
    """All rows of a list."""
    return [row for page in pages(town, who, path, limit, **parameters) for row in page]


def day_location(stream: str) -> str:
    """The location of a day's stream, or empty."""
    return stream.split(":")[2] if stream.startswith("business-day:") else ""


LISTS = (
    "/v1/dss",
    "/v1/polls",
    "/v1/employees",
    "/v1/jobs",
    "/v1/reference/tenders",
    "/v1/locations",
    "/v1/due",
    "/v1/conflicts",
    "/v1/changes-after-approval",
)


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("limit", [1, 3, 500])
def test_a_list_is_that_of_everybody_without_the_others(town: Town, path: str, limit: int) -> None:
    """In the same order, on full pages: what is left out takes no room on them."""
    everything = rows(town, OPERATOR, path)
    for who in (ALPHA, ALPHA_GAMMA, NOWHERE):
        found = pages(town, who, path, limit)
        expected = [row for row in everything if who.rights.reach(row["location"])]
        assert [row for page in found for row in page] == expected
        assert all(len(page) == limit for page in found[:-1])


@pytest.mark.parametrize("path", ["/v1/dss", "/v1/employees", "/v1/jobs"])
def test_as_of_a_moment_likewise(town: Town, path: str) -> None:
    """Lists as of a position of the log show one's own locations, as they were."""
    moment = str(town.opened.journal.head())
    expected = [row for row in rows(town, OPERATOR, path, as_of=moment) if row["location"] == "alpha"]
    assert rows(town, ALPHA, path, 2, as_of=moment) == expected


@pytest.mark.parametrize("path", [path for path in LISTS if path != "/v1/locations"])
def test_a_filter_for_another_location_finds_what_it_finds_for_none(town: Town, path: str) -> None:
    """Nothing, as for a location that does not exist."""
    for who in (ALPHA, principal("full-access", client=THERE)):
        foreign = town.ask(who, "GET", path, params={"location": "gamma"}).json()
        absent = town.ask(who, "GET", path, params={"location": "xyzzy"}).json()
        assert foreign["data"] == absent["data"] == []


@pytest.mark.parametrize("limit", [1, 7, 500])
def test_the_log_of_facts_shows_what_is_of_the_own_locations(town: Town, limit: int) -> None:
    """In the order of the log, every fact of one of them once; not what is of a connection or the client as a whole."""
    everything = rows(town, OPERATOR, "/v1/facts")
    assert {"connection.configuration-changed", "connection.established"} <= {fact["name"] for fact in everything}
    for who in (ALPHA, ALPHA_GAMMA, NOWHERE):
        expected = [
            fact
            for fact in everything
            if (place := fact["data"].get("location") or day_location(fact["stream"]))
            and place in (who.rights.locations or ())
        ]
        assert rows(town, who, "/v1/facts", limit) == expected
        assert not expected or any(fact["name"] == "connection.roster-changed" for fact in expected)


def test_a_trace_leads_only_there(town: Town) -> None:
    """What an id touched elsewhere is not told, and an id that touched nothing here is one that nobody ever named."""
    command = rows(town, OPERATOR, "/v1/polls", location="gamma")[0]
    position = str(command["position"])
    digest = town.get(OPERATOR, f"/v1/days/gamma/{D}")["capture"]
    for wanted in ("gamma", "beta", position, digest, "tray-two"):
        assert rows(town, OPERATOR, f"/v1/trace/{wanted}")
        foreign, absent = (town.ask(ALPHA, "GET", f"/v1/trace/{one}") for one in (wanted, "xyzzy"))
        assert (foreign.status_code, foreign.json()["type"]) == (404, absent.json()["type"])
        assert foreign.json()["detail"].replace(wanted, "xyzzy") == absent.json()["detail"]
    own = rows(town, ALPHA, "/v1/trace/tray")
    assert own
    assert all("beta" not in one["stream"] for one in own)
    # Of a connection's stream just the facts that are of the own location count.
    everything = rows(town, OPERATOR, "/v1/trace/tray")
    mine = {(one["meaning"], one["stream"], one["record"]): one["facts"] for one in own}
    theirs = {(one["meaning"], one["stream"], one["record"]): one["facts"] for one in everything}
    stream = ("connection", f"connection:{HERE}:tray", None)
    assert 0 < mine[stream] < theirs[stream]
    page = pages(town, ALPHA, "/v1/trace/tray", 1)
    assert [row for rows_ in page for row in rows_] == own


def test_the_trace_of_an_own_position(town: Town) -> None:
    """The fact at it is told."""
    position = str(rows(town, ALPHA, "/v1/polls")[0]["position"])
    assert any(one["meaning"] == "fact" for one in rows(town, ALPHA, f"/v1/trace/{position}"))


def test_a_connection_shows_the_own_locations(town: Town) -> None:
    """Neither locations nor options of others; one that feeds none of the own is not there at all."""
    options = {"tray": {"overrides": {"beta": {"skip_tax_on_discount": True}, "alpha": {"skip_tax_on_discount": True}}}}
    put = town.ask(
        OPERATOR,
        "PUT",
        "/v1/connections/tray/configuration",
        json={"options": {}, **options["tray"], "reason": "r"},
        headers={"If-Match": "*"},
    )
    assert put.status_code == 200, put.text
    town.catch_up()
    listed = rows(town, ALPHA, "/v1/connections")
    assert [(row["connection"], list(row["overrides"])) for row in listed] == [("tray", ["alpha"])]
    whole = town.get(ALPHA, "/v1/connections/tray")
    assert [place["location"] for place in whole["locations"]] == ["alpha"]
    assert list(whole["overrides"]) == ["alpha"]
    configuration = town.get(ALPHA, "/v1/connections/tray/configuration")
    assert list(configuration["overrides"]) == ["alpha"]
    assert [place["location"] for place in configuration["in_force"]["locations"]] == ["alpha"]
    assert rows(town, NOWHERE, "/v1/connections") == []
    assert {row["connection"] for row in rows(town, ALPHA_GAMMA, "/v1/connections", 1)} == {"tray", "tray-two"}


def configure(town: Town, who: Principal, options: dict[str, Any], overrides: dict[str, Any]) -> tuple[int, Any]:
    """Put a configuration of the connection tray."""
    body = {"options": options, "overrides": overrides, "reason": "r"}
    path = "/v1/connections/tray/configuration"
    answer = town.ask(who, "PUT", path, json=body, headers={"If-Match": "*"})
    town.catch_up()
    return answer.status_code, answer.json()


def test_who_has_some_locations_configures_these(town: Town) -> None:
    """Options of the others stay, though nobody showed them; what holds for all of them is not theirs to change."""
    before = {"beta": {"skip_tax_on_discount": True}}
    assert configure(town, OPERATOR, {}, before)[0] == 200
    in_force = town.get(OPERATOR, "/v1/connections/tray/configuration")["options"]
    status, told = configure(town, ALPHA, in_force, {"alpha": {"skip_tax_on_discount": True}})
    assert (status, told["overrides"]) == (200, {"alpha": {"skip_tax_on_discount": True}})
    after = town.get(OPERATOR, "/v1/connections/tray/configuration")
    assert after["overrides"] == {**before, "alpha": {"skip_tax_on_discount": True}}
    for options, overrides in (
        ({**in_force, "skip_tax_on_discount": True}, {}),
        (in_force, {"beta": {"skip_tax_on_discount": False}}),
        (in_force, {"xyzzy": {"skip_tax_on_discount": False}}),
    ):
        status, told = configure(town, ALPHA, options, overrides)
        assert status in {403, 404}, told
        assert "beta" not in str(told)
    assert town.get(OPERATOR, "/v1/connections/tray/configuration")["version"] == after["version"]


def test_locations_are_added_by_who_has_all_of_them(town: Town) -> None:
    """A new location is nobody's yet; whether one of that id exists is not told either."""
    for name in ("gamma", "xyzzy"):
        body = {"locations": [{"id": name, "zone": "UTC", "source": {"venue": "V900"}}], "reason": "r"}
        answer = town.ask(ALPHA, "POST", "/v1/connections/tray/locations", json=body)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-permitted")


def test_a_range_is_replayed_at_the_own_locations(town: Town) -> None:
    """Of a connection's locations those that are the caller's, and no others."""
    body = {"from": str(DATES[0]), "to": str(DATES[1])}
    for who, locations in ((ALPHA, {"alpha"}), (OPERATOR, {"alpha", "beta"})):
        found = town.ask(who, "POST", "/v1/connections/tray/replays", json=body).json()
        assert {day["location"] for day in found["days"]} == locations


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"/v1/days/alpha/{DATES[1]}/replays", {}),
        ("/v1/locations/alpha/replays", {"from": str(DATES[0]), "to": str(DATES[1])}),
    ],
)
def test_a_connection_named_in_a_body_is_one_that_is_seen(town: Town, path: str, body: dict[str, str]) -> None:
    """One that feeds none of the own locations is answered as one that does not exist."""
    foreign, absent = (
        town.ask(ALPHA, "POST", path, json={**body, "connection": name}).json() for name in ("tray-two", "xyzzy")
    )
    assert foreign["status"] == 404
    assert foreign["detail"].replace("tray-two", "xyzzy") == absent["detail"]
    assert town.ask(ALPHA, "POST", path, json={**body, "connection": "tray"}).status_code == 200


def test_a_cursor_of_another_does_not_widen_what_is_seen(town: Town) -> None:
    """It says where a page begins, and nothing else: what follows is one's own."""
    for path in ("/v1/dss", "/v1/due", "/v1/employees"):
        cursor = town.get(OPERATOR, path, limit=1)["next"]
        answer = town.ask(ALPHA, "GET", path, params={"cursor": cursor})
        assert answer.status_code == 200
        assert {row["location"] for row in answer.json()["data"]} <= {"alpha"}


def test_nothing_of_anybody_else_in_a_day(town: Town) -> None:
    """Everything that a day shows is of that day alone."""
    for path in ("", "/dss", "/tickets", "/labor", "/history", "/generations", "/overlays", "/figures", "/conflicts"):
        text = town.ask(ALPHA, "GET", f"/v1/days/alpha/{D}{path}").text
        for mark in ("beta", "gamma", "omega", f"{MARK}-alpha-other"):
            assert mark not in text, path


@pytest.mark.parametrize("path", ["/v1/users", "/v1/keys"])
@pytest.mark.parametrize("limit", [1, 500])
def test_people_are_those_of_the_own_locations(town: Town, path: str, limit: int) -> None:
    """Who acts everywhere, or at one of them; of where else somebody acts nothing is told."""
    everybody = rows(town, OPERATOR, path)
    for who in (ALPHA, ALPHA_GAMMA, NOWHERE):
        mine = who.rights.locations or frozenset()
        expected = [
            row if row["locations"] is None else {**row, "locations": [one for one in row["locations"] if one in mine]}
            for row in everybody
            if row["locations"] is None or mine & set(row["locations"])
        ]
        found = pages(town, who, path, limit)
        assert [row for page in found for row in page] == expected
        assert len(expected) < len(everybody)
        assert all(len(page) == limit for page in found[:-1])


def test_a_user_of_other_locations_is_not_there(town: Town) -> None:
    """As one of a login that nobody has; of one who acts at others too just the own ones are told."""
    foreign, absent = (town.ask(ALPHA, "GET", f"/v1/users/{login}") for login in ("elsa-beta-main", "xyzzy"))
    assert foreign.status_code == 404
    assert foreign.json()["detail"].replace("elsa-beta-main", "xyzzy") == absent.json()["detail"]
    assert town.get(ALPHA, "/v1/users/carla-main")["locations"] == ["alpha"]
    assert town.get(OPERATOR, "/v1/users/elsa-beta-main")["locations"] == ["beta"]


def test_readings_and_retention_are_those_of_the_own_locations(town: Town) -> None:
    """What was opened and held of people elsewhere is told to nobody but who has these locations."""
    for location in ("alpha", "beta", "gamma"):
        employee = rows(town, OPERATOR, "/v1/employees", location=location)[0]["employee"]
        for path, body in (("openings", {"fields": ["address"]}), ("holds", {"held": True})):
            address = f"/v1/employees/{location}/{employee}/{path}"
            assert town.ask(OPERATOR, "POST", address, json={**body, "reason": "r"}).status_code == 200
    searched = town.ask(OPERATOR, "POST", "/v1/employees/searches", json={"ssn": "900-99-9999", "reason": "r"})
    assert searched.status_code == 200
    town.catch_up()
    for path in ("/v1/readings", "/v1/retention"):
        everything = rows(town, OPERATOR, path)
        for who in (ALPHA, ALPHA_GAMMA, NOWHERE):
            expected = [row for row in everything if row["location"] in (who.rights.locations or ())]
            for limit in (1, 500):
                assert rows(town, who, path, limit) == expected
            assert len(expected) < len(everything)


def test_the_command_line_lists_people_alike(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator at the machine sees all of them."""
    monkeypatch.setenv("DAYBOOK_DATA_DIR", str(town.folder))
    monkeypatch.setenv("DAYBOOK_ROLE", "operator")
    for command, path in (("users", "/v1/users"), ("keys", "/v1/keys")):
        said = CliRunner().invoke(app, [command, "--json"])
        assert said.exit_code == 0, said.output
        assert len(json.loads(said.stdout)["data"]) == len(rows(town, OPERATOR, path))
