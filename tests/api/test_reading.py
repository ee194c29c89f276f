"""Reading over HTTP: each route answers the shape that the document promises, as fresh as it says."""

import datetime as dt
from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from adapters.pos.tray.simulator import Edits
from api.http import connection_models, history_models, ledger_models, models, summary_models
from domain.identifiers import DayId
from projections import queries
from tests.api.site import DATES, KEY, LAST, Site

D = DATES[0]

SHAPES: list[tuple[str, type[BaseModel]]] = [
    ("/healthz", models.Health),
    ("/readyz", models.Readiness),
    ("/problems", models.ProblemKinds),
    ("/v1/locations", models.Locations),
    ("/v1/connections", models.Connections),
    ("/v1/connections/tray", connection_models.WholeConnection),
    ("/v1/connections/tray/configuration", connection_models.Configuration),
    (f"/v1/days/alpha/{D}", models.Day),
    (f"/v1/days/alpha/{D}/dss", summary_models.DaySummary),
    (f"/v1/days/alpha/{D}/tickets", models.Tickets),
    (f"/v1/days/alpha/{D}/labor", models.Labor),
    (f"/v1/days/alpha/{D}/history", history_models.History),
    (f"/v1/days/alpha/{D}/journal-entries", ledger_models.DayEntries),
    ("/v1/accounts", ledger_models.Accounts),
    ("/v1/dss", summary_models.DayList),
    ("/v1/employees", models.Employees),
    ("/v1/polls", models.Polls),
    ("/v1/facts?limit=3", models.Facts),
]


@pytest.mark.parametrize(("path", "shape"), SHAPES, ids=[path for path, _ in SHAPES])
def test_shapes(polled: Site, path: str, shape: type[BaseModel]) -> None:
    """Each route answers exactly the members of its model."""
    answer = polled.client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    shape.model_validate_json(answer.content)
    rows = answer.json().get("data")
    assert rows is None or rows


READS = [path for path, _ in SHAPES if path.startswith("/v1")]


@pytest.mark.parametrize("path", READS)
def test_position_and_safety_headers(polled: Site, path: str) -> None:
    """Each read says how fresh it is, and is neither sniffed nor kept by others."""
    headers = polled.client.get(path).headers
    assert int(headers["daybook-position"]) == polled.opened.journal.head()
    assert headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in headers
    assert headers["cache-control"] in {"no-store", "private, no-cache"}


VERSIONED = [f"/v1/days/alpha/{D}{part}" for part in ("", "/dss", "/labor", "/history")]


@pytest.mark.parametrize("path", VERSIONED)
def test_etag(polled: Site, path: str) -> None:
    """The ETag is the version of the day's stream, and whoever has it is answered 304 without a body."""
    answer = polled.client.get(path)
    version = len(list(polled.opened.journal.stream(f"business-day:main:alpha:{D}")))
    assert answer.headers["etag"] == f'"{version}"'
    for known in (f'"{version}"', f'W/"{version}"', f'"1", "{version}"', "*"):
        again = polled.client.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == answer.headers["etag"]
        assert "daybook-position" in again.headers
    for other in ('"0"', "17", "", '"'):
        assert polled.client.get(path, headers={"If-None-Match": other}).status_code == 200


@pytest.mark.parametrize("path", READS)
def test_min_position_that_is_reached(polled: Site, path: str) -> None:
    """A read that wants what is there is answered at once, by parameter and by header."""
    head = polled.opened.journal.head()
    assert polled.client.get(path, params=_with(path, min_position=str(head))).status_code == 200
    assert polled.client.get(path, headers={"Daybook-Min-Position": str(head)}).status_code == 200


def _with(path: str, **parameters: str) -> dict[str, str]:
    own = dict(pair.split("=") for pair in path.partition("?")[2].split("&") if pair)
    return {**own, **parameters}


def test_own_write_is_read(fresh: Site) -> None:
    """What a poll answered as its position is in the next read that asks for it."""
    for date in DATES:
        position = fresh.poll(date).headers["daybook-position"]
        answer = fresh.client.get(f"/v1/days/alpha/{date}", params={"min_position": position})
        assert (answer.status_code, answer.json()["generation"]) == (200, 1)
        assert int(answer.headers["daybook-position"]) >= int(position)


def test_summary_as_of(fresh: Site) -> None:
    """The summary as of a position or an instant is the one of then, whatever came later."""
    first = fresh.poll(D).json()
    path = f"/v1/days/alpha/{D}/dss"
    before = fresh.client.get(path, params={"as_of": first["position"]})
    venue = fresh.pos.pos.settings.venues[0].id
    _edit(fresh, venue)
    second = fresh.poll(D).json()
    assert second["outcome"] == "polled"
    fresh.catch_up()
    then = fresh.client.get(path, params={"as_of": first["position"]})
    assert (then.json()["summary"], then.headers["etag"]) == (before.json()["summary"], before.headers["etag"])
    assert then.json()["summary"]["generation"] == 1
    by_time = fresh.client.get(path, params={"as_of": first["recorded_at"]})
    assert by_time.json()["summary"] == then.json()["summary"]
    now = fresh.client.get(path).json()["summary"]
    assert now["generation"] == 2
    assert now != then.json()["summary"]
    newest = fresh.client.get(path, params={"as_of": second["position"]})
    assert newest.json()["summary"] == now
    early = fresh.client.get(path, params={"as_of": "0"})
    assert (early.status_code, early.json()["type"]) == (404, "/problems/nothing-recorded")
    assert "position 0" in early.json()["detail"]


def _edit(site: Site, venue: str) -> None:
    site.pos.pos.edit(Edits(venue=venue, business_date=D, tickets=2, punches=1))


def test_facts_are_the_log(polled: Site) -> None:
    """The pages of the log hold every fact of the client once, in order, with provenance."""
    seen: list[dict[str, Any]] = []
    after = 0
    while True:
        page = polled.client.get("/v1/facts", params={"after": after, "limit": 2}).json()
        if not page["data"]:
            assert page["next"] == after
            break
        seen += page["data"]
        after = page["next"]
    expected = polled.opened.journal.log(after=0, limit=10_000, client="main")
    assert [fact["position"] for fact in seen] == [entry.position for entry in expected]
    assert {fact["name"] for fact in seen} >= {"connection.established", "business-day.polled"}
    assert {fact["provenance"]["actor"] for fact in seen} == {"test", "api:anonymous"}
    assert all(fact["recorded_at"].endswith("Z") for fact in seen)


def test_facts_page_ends_by_bytes(polled: Site) -> None:
    """A page of large facts ends early, and the next one goes on behind it."""
    opened = polled.opened
    small = opened.settings.model_copy(update={"facts_bytes": 65_536})
    object.__setattr__(opened, "settings", small)
    first = polled.client.get("/v1/facts", params={"limit": 500})
    object.__setattr__(opened, "settings", opened.settings.model_copy(update={"facts_bytes": 4 * 2**20}))
    count = len(first.json()["data"])
    assert 0 < count < len(opened.journal.log(after=0, limit=10_000, client="main"))
    assert f"after={first.json()['next']}" in first.headers["link"]


def test_personal_data_never_leaves(polled: Site) -> None:
    """No answer holds a sealed value, and of employees only names are open."""
    head = polled.opened.journal.head()
    employee = polled.client.get("/v1/employees").json()["data"][0]
    assert employee["first_name"]
    assert employee["last_name"]
    assert employee["personal"]["ssn"] == "sealed"
    record = f"employee/{employee['employee']}"
    paths = [
        "/v1/employees?limit=500",
        f"/v1/facts?limit=500&min_position={head}",
        f"/v1/days/alpha/{D}/history?record={record}",
    ]
    staff = _staff(polled)
    assert staff
    for path in paths:
        answer = polled.client.get(path)
        assert answer.status_code == 200
        assert "sealed:" not in answer.text
        for person in staff:
            assert person["ssn"] not in answer.text
            assert person["address"] not in answer.text
            assert person["dateOfBirth"] not in answer.text


def _staff(site: Site) -> list[dict[str, Any]]:
    """The staff as the POS tells it, in clear."""
    url = f"{site.pos.url}/kernel/v1/venues/V100/staff?limit=500"
    rows: list[dict[str, Any]] = httpx.get(url, headers={"X-Api-Key": KEY}).json()["data"]
    return rows


def test_forgotten_person(fresh: Site) -> None:
    """Once a person is forgotten the names are null, and the list still stands."""
    fresh.poll(D)
    fresh.catch_up()
    row = queries.employees(fresh.opened.engine, "main")[0]
    assert fresh.opened.house.vault.forget("main", row.person)
    shown = {one["employee"]: one for one in fresh.client.get("/v1/employees").json()["data"]}
    gone = shown.pop(row.employee)
    assert (gone["first_name"], gone["last_name"], gone["forgotten"]) == (None, None, True)
    assert all(one["first_name"] and not one["forgotten"] for one in shown.values())


def test_history_of_a_record(fresh: Site) -> None:
    """The history of an edited ticket says who, when and each field before and after."""
    fresh.poll(D)
    _edit(fresh, "V100")
    fresh.poll(D)
    fresh.catch_up()
    facts = [entry.fact for entry in fresh.opened.journal.stream(DayId("main", "alpha", D).stream)]
    key = next(
        change.key
        for fact in facts
        for change in getattr(fact, "changes", ())
        if (change.kind, change.operation) == ("ticket", "changed")
    )
    steps = fresh.client.get(f"/v1/days/alpha/{D}/history", params={"record": f"ticket/{key}"}).json()["data"]
    assert [step["operation"] for step in steps] == ["added", "changed"]
    assert steps[1]["fields"]
    assert all(field["before"] != field["after"] for field in steps[1]["fields"])
    assert steps[1]["reason"] == "a test"


def test_unknown_days_are_404(polled: Site) -> None:
    """A day that was never polled is a problem on every route of it, and no empty answer."""
    for part in ("", "/dss", "/tickets", "/labor", "/history"):
        answer = polled.client.get(f"/v1/days/alpha/{LAST + dt.timedelta(days=1)}{part}")
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/nothing-recorded")


PAGED = [
    ("/v1/dss", {}, ("date", "location")),
    ("/v1/dss", {"location": "alpha"}, ("date", "location")),
    ("/v1/dss", {"from": str(DATES[1]), "to": str(DATES[2])}, ("date", "location")),
    (f"/v1/days/alpha/{D}/tickets", {}, ("ticket",)),
    ("/v1/employees", {}, ("location", "employee")),
    ("/v1/locations", {}, ("location",)),
    ("/v1/connections", {}, ("connection",)),
    ("/v1/polls", {}, ("position",)),
    (f"/v1/days/alpha/{D}/history", {}, ("position",)),
]


@pytest.mark.parametrize(("path", "asked", "key"), PAGED)
@pytest.mark.parametrize("limit", [1, 3])
def test_pages_hold_every_row_once(
    polled: Site, path: str, asked: dict[str, str], key: tuple[str, ...], limit: int
) -> None:
    """Following `next` or the Link header gives every row once, in the order of the whole list."""
    whole = [_key(row, key) for row in polled.client.get(path, params={**asked, "limit": 500}).json()["data"]]
    assert whole
    for link in (False, True):
        seen: list[Any] = []
        answer = polled.client.get(path, params={**asked, "limit": limit})
        while True:
            page = answer.json()
            assert len(page["data"]) <= limit
            seen += [_key(row, key) for row in page["data"]]
            if page["next"] is None:
                assert "link" not in answer.headers
                break
            if link:
                answer = polled.client.get(answer.headers["link"].split(">")[0].removeprefix("<"))
            else:
                name = "after" if isinstance(page["next"], int) else "cursor"
                answer = polled.client.get(path, params={**asked, "limit": limit, name: page["next"]})
        assert seen == whole
        assert len(set(seen)) == len(seen)


def _key(row: dict[str, Any], names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


def test_cursor_of_another_question(polled: Site) -> None:
    """A cursor is good for the question that it was given for, and for no other; a forged one is refused."""
    cursor = polled.client.get("/v1/dss", params={"limit": 1}).json()["next"]
    forged = [cursor[:-2] + ("AA" if not cursor.endswith("AA") else "BB"), "x", "e30", "a" * 900, "é", cursor + "="]
    for path, params in [("/v1/dss", {"location": "alpha"}), ("/v1/employees", {})]:
        answer = polled.client.get(path, params={**params, "cursor": cursor})
        assert (answer.status_code, answer.json()["type"]) == (400, "/problems/bad-cursor")
    for one in forged:
        assert polled.client.get("/v1/dss", params={"cursor": one}).status_code == 400


def test_filters_of_attempts(polled: Site) -> None:
    """Attempts are listed newest first, by location, date and outcome."""
    rows = polled.client.get("/v1/polls").json()["data"]
    assert [row["position"] for row in rows] == sorted((row["position"] for row in rows), reverse=True)
    found = polled.client.get("/v1/polls", params={"location": "beta", "date": str(D), "outcome": "polled"}).json()
    assert [(row["location"], row["date"]) for row in found["data"]] == [("beta", str(D))]
    assert polled.client.get("/v1/polls", params={"outcome": "failed"}).json()["data"] == []
