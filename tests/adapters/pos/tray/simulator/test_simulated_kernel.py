"""The simulated kernel API: pages, parameters, statuses, and what it keeps to itself."""

import datetime as dt

import httpx
import pytest

from adapters.pos.tray.simulator import TrayPos, running
from tests.adapters.pos.tray.simulator.tray_reader import DAY, KEY, TICKETS, Tray, settings

_DATE = DAY.isoformat()
_WINDOW = {"from_": "2026-11-03T05:00:00Z", "to": "2026-11-04T05:00:00Z"}


@pytest.mark.parametrize("limit", ["1", "7", "60", "500"])
def test_pages_of_any_size_give_the_same_rows(tray: Tray, limit: str) -> None:
    """Following the cursors gives every row once, in order."""
    assert tray.rows("checks", businessDate=_DATE, limit=limit) == tray.day("checks")


@pytest.mark.parametrize(
    ("resource", "query"),
    [
        ("payments", {"businessDate": _DATE}),
        ("voids", {"businessDate": _DATE}),
        ("paid-in-out", {"businessDate": _DATE}),
        ("time-entries", _WINDOW),
        ("deposits", {"createdFrom": "2026-11-01T00:00:00Z", "createdTo": "2026-11-08T00:00:00Z"}),
        ("staff", {}),
        ("jobs", {}),
    ],
)
def test_every_resource_is_paged(tray: Tray, resource: str, query: dict[str, str]) -> None:
    """Two rows at a time come to the same as all at once."""
    whole = tray.rows(resource, limit="500", **query)
    assert whole
    assert tray.rows(resource, limit="2", **query) == whole


def test_the_default_limit_is_a_hundred() -> None:
    """A page without a limit has a hundred rows."""
    with running(TrayPos(settings(tickets=101))) as served:
        tray = Tray(served)
        assert len(tray.page("checks", businessDate=_DATE)["data"]) == 100
        tray.http.close()


_BAD = [
    # resource, query, code
    ("checks", {}, "missing_parameter"),
    ("checks", {"businessDate": "0"}, "bad_date"),
    ("checks", {"businessDate": "2026-02-30"}, "bad_date"),
    ("checks", {"businessDate": "20261103"}, "bad_date"),
    ("checks", {"businessDate": _DATE, "limit": "0"}, "bad_limit"),
    ("checks", {"businessDate": _DATE, "limit": "501"}, "bad_limit"),
    ("checks", {"businessDate": _DATE, "limit": "-1"}, "bad_limit"),
    ("checks", {"businessDate": _DATE, "limit": "١"}, "bad_limit"),
    ("checks", {"businessDate": _DATE, "page": "2"}, "unknown_parameter"),
    ("checks", {"businessDate": _DATE, "modifiedSince": "yesterday"}, "bad_instant"),
    ("checks", {"businessDate": _DATE, "cursor": "AAAA"}, "bad_cursor"),
    ("checks", {"businessDate": _DATE, "cursor": "é%"}, "bad_cursor"),
    ("time-entries", {"from_": "2026-11-03T05:00:00Z"}, "missing_parameter"),
    ("time-entries", {**_WINDOW, "to": "2026-11-03T05:00:00+00:00"}, "bad_instant"),
    ("time-entries", {**_WINDOW, "to": "2026-11-03T05:00:00Z"}, "bad_window"),
    ("time-entries", {**_WINDOW, "businessDate": _DATE}, "unknown_parameter"),
    ("staff", {"includeInactive": "yes"}, "bad_parameter"),
    ("jobs", {"modifiedSince": "2026-11-03T05:00:00Z"}, "unknown_parameter"),
]


@pytest.mark.parametrize(("resource", "query", "code"), _BAD)
def test_bad_parameters_are_refused(tray: Tray, resource: str, query: dict[str, str], code: str) -> None:
    """A parameter that is unknown, missing or malformed is a 400 that says which."""
    answer = tray.ask(resource, **query)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
    assert answer.json()["error"]["message"]


def test_a_cursor_belongs_to_its_question(tray: Tray) -> None:
    """A cursor of one business date, venue or resource is none of another's."""
    cursor = tray.page("checks", businessDate=_DATE, limit="10")["nextCursor"]
    assert tray.ask("checks", businessDate="2026-11-04", limit="10", cursor=cursor).status_code == 400
    assert tray.ask("payments", businessDate=_DATE, limit="10", cursor=cursor).status_code == 400
    assert tray.ask("checks", "V101", businessDate=_DATE, limit="10", cursor=cursor).status_code == 400
    assert tray.ask("checks", businessDate=_DATE, limit="20", cursor=cursor).status_code == 200


@pytest.mark.parametrize(
    ("key", "venue", "resource", "status"),
    [
        ("", "V100", "jobs", 401),
        ("wrong", "V100", "jobs", 401),
        (KEY, "V555", "jobs", 404),
        (KEY, "V900", "jobs", 403),
        ("tray-key-other", "V100", "jobs", 403),
        (KEY, "V100", "rosters", 404),
        ("tray-key-other", "V900", "jobs", 200),
        (KEY, "V100", "jobs", 200),
    ],
)
def test_who_may_ask_what(tray: Tray, key: str, venue: str, resource: str, status: int) -> None:
    """A key opens the venues of its own company, and nothing else."""
    answer = tray.http.get(f"/kernel/v1/venues/{venue}/{resource}", headers={"X-Api-Key": key})
    assert answer.status_code == status


def test_a_day_that_has_not_ended_is_not_closed(tray: Tray) -> None:
    """Until the business date is over in the venue's zone it answers 409, then what it has."""
    question = {"businessDate": "2026-11-10"}
    for now, venue, status in (
        ("2026-11-11T04:59:59Z", "V100", 409),
        ("2026-11-11T05:00:00Z", "V100", 200),
        ("2026-11-11T09:59:59Z", "V101", 409),  # 04:00 in Chicago is 10:00 UTC
        ("2026-11-11T10:00:00Z", "V101", 200),
    ):
        tray.http.put("/simulator/clock", json={"now": now})
        answer = tray.ask("checks", venue, **question)
        assert (now, venue, answer.status_code) == (now, venue, status)
    tray.http.put("/simulator/clock", json={"now": "2026-11-11T04:59:59Z"})
    assert tray.ask("voids", **question).json()["error"]["code"] == "day_not_closed"


def test_dates_without_data_are_empty(tray: Tray) -> None:
    """Before the first and after the last business date there is nothing, and that is no error."""
    assert tray.day("checks", dt.date(2026, 1, 1)) == []
    assert tray.day("payments", dt.date(2026, 11, 17)) == []


def test_modified_since_is_inclusive(tray: Tray) -> None:
    """A day that was never edited counts as modified at its close."""
    close = tray.window()["to"]
    assert len(tray.day("checks", modifiedSince=close)) == TICKETS
    assert tray.day("checks", modifiedSince=close.replace("00Z", "01Z")) == []


def test_deposits_appear_when_they_are_entered(tray: Tray) -> None:
    """A deposit that is entered later is not there before."""
    window = {"createdFrom": "2026-11-03T05:00:00Z", "createdTo": "2026-11-09T05:00:00Z"}
    late = [row["createdAt"] for row in tray.rows("deposits", **window)]
    tray.http.put("/simulator/clock", json={"now": "2026-11-05T06:00:00Z"})
    early = [row["createdAt"] for row in tray.rows("deposits", **window)]
    assert early == [created for created in late if created <= "2026-11-05T06:00:00Z"]
    assert len(early) < len(late)


def test_the_log_knows_requests_but_no_key(tray: Tray) -> None:
    """Method, path, query and status are kept, the key is not."""
    tray.page("jobs", limit="3")
    tray.http.get("/kernel/v1/venues/V100/jobs", headers={"X-Api-Key": "wrong"})
    log = tray.http.get("/simulator/requests")
    assert [(entry["method"], entry["path"], entry["query"], entry["status"]) for entry in log.json()] == [
        ("GET", "/kernel/v1/venues/V100/jobs", "limit=3", 200),
        ("GET", "/kernel/v1/venues/V100/jobs", "", 401),
    ]
    assert KEY not in log.text
    assert "wrong" not in log.text
    tray.http.delete("/simulator/requests")
    assert tray.http.get("/simulator/requests").json() == []


def test_the_simulator_listens_to_this_machine_only(tray: Tray) -> None:
    """The address is the loopback's, and the health says so much."""
    assert tray.http.base_url.host == "127.0.0.1"
    assert tray.http.get("/simulator/healthz").json()["status"] == "ok"
    assert [venue["id"] for venue in tray.http.get("/simulator/venues").json()] == ["V100", "V101", "V102", "V900"]
    assert KEY not in tray.http.get("/simulator/venues").text


def test_days_can_be_drawn_ahead(tray: Tray) -> None:
    """Warming draws the days asked for and says how many rows they have."""
    answer = tray.http.post("/simulator/warm", json={"venue": "V100", "first": _DATE, "last": _DATE})
    assert answer.json()["rows"] > 120


def test_a_stopped_simulator_is_gone() -> None:
    """After the block the port answers nobody."""
    with running(TrayPos(settings())) as served:
        assert httpx.get(f"{served.url}/simulator/healthz").status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{served.url}/simulator/healthz")
