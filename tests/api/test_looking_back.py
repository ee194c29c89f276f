"""Looking back over HTTP: generations, comparisons, figures, traces, and every answer as of a moment."""

import datetime as dt
import json
from typing import Any
from urllib.parse import quote

import pytest
from pydantic import BaseModel

from adapters.pos.tray.simulator import Edits
from api.http import history_models, models, reading_models, reference_models
from tests.api.site import DATES, LAST, Client, Site

D = DATES[0]
DAY = f"/v1/days/alpha/{D}"


@pytest.fixture(scope="module")
def edited(site: Site) -> Site:
    """A day that was polled, edited at the source and polled again; and another location's."""
    assert site.poll(D).status_code == 201
    assert site.poll(D, "beta").status_code == 201
    site.pos.pos.edit(Edits(venue="V100", business_date=D, tickets=2, punches=1))
    assert site.poll(D).status_code == 201
    assert site.opened.projector is not None
    assert site.opened.projector.wait_for(site.opened.journal.head(), 10)
    return site


def get(site: Site, path: str, **parameters: Any) -> Any:
    """The JSON of a good answer."""
    answer = site.client.get(path, params=parameters or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


SHAPES: list[tuple[str, type[BaseModel]]] = [
    (f"{DAY}/generations", reading_models.Generations),
    (f"{DAY}/generations/2", reading_models.WholeGeneration),
    (f"{DAY}/compare?left=1&right=2", reading_models.Comparison),
    (f"{DAY}/figures", reading_models.Figures),
    (f"{DAY}/figures/net_sales", reading_models.FigureExplained),
    (f"{DAY}/figures/labor_percent", reading_models.FigureExplained),
    (f"{DAY}/figures/by_category.quantity%2FFood", reading_models.FigureExplained),
    (f"{DAY}/figures/by_category/Food", reading_models.FigureExplained),
    (f"{DAY}/journal-entries/sales/lines/tips-payable", reading_models.LineExplained),
    (f"{DAY}/journal-entries/sales/lines/sales/Food/Dine%20In", reading_models.LineExplained),
    (f"{DAY}/journal-entries/statistical/lines/guests", reading_models.LineExplained),
    (f"{DAY}/history", history_models.History),
    ("/v1/trace/alpha", reading_models.Trace),
    ("/v1/jobs", reference_models.Jobs),
    ("/v1/employees", models.Employees),
]


@pytest.mark.parametrize(("path", "shape"), SHAPES, ids=[path for path, _ in SHAPES])
def test_shapes(edited: Site, path: str, shape: type[BaseModel]) -> None:
    """Each route answers exactly the members of its model, says how fresh it is, and holds something."""
    answer = edited.client.get(path)
    assert answer.status_code == 200, answer.text
    shape.model_validate_json(answer.content)
    assert answer.json()["data"] or "labor_percent" in path
    assert int(answer.headers["daybook-position"]) == edited.opened.journal.head()


VERSIONED = [path for path, _ in SHAPES if path.startswith(DAY) and not path.endswith("/generations")]


@pytest.mark.parametrize("path", VERSIONED)
def test_etags(edited: Site, path: str) -> None:
    """Whoever has an answer is told so without a body."""
    tag = edited.client.get(path).headers["etag"]
    again = edited.client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert edited.client.get(path, headers={"If-None-Match": '"nothing"'}).status_code == 200


def test_a_generation_says_what_it_changed(edited: Site) -> None:
    """Records with fields, the effect on figures and lines, who asked, and which answer says so."""
    listed = get(edited, f"{DAY}/generations")["data"]
    assert [(one["generation"], one["kind"], one["actor"]) for one in listed] == [
        (1, "poll", "api:anonymous"),
        (2, "repoll", "api:anonymous"),
    ]
    found = get(edited, f"{DAY}/generations/2")
    assert found["generation"] == listed[1]
    assert len(found["data"]) == listed[1]["added"] + listed[1]["changed"] + listed[1]["removed"]
    assert all(record["fields"] for record in found["data"])
    assert listed[1]["capture"] == get(edited, DAY)["capture"]
    assert listed[1]["attempt"]["kind"] == "repoll"
    assert found["effect"]["figures"]
    for entry in ("sales", "labor"):
        lines = [line for line in found["effect"]["journal_lines"] if line["entry"] == entry]
        assert sum(_cents(line["difference"]) for line in lines) == 0
    compared = get(edited, f"{DAY}/compare", left=1, right=2)
    assert (compared["effect"], compared["data"]) == (found["effect"], found["data"])
    now = get(edited, f"{DAY}/compare", left=1)
    assert (now["effect"], now["right"]["version"]) == (found["effect"], get(edited, DAY)["version"])
    then = listed[0]["recorded_at"]
    mixed = get(edited, f"{DAY}/compare", left_as_of=then, right=2)
    assert mixed["effect"] == found["effect"]
    none = get(edited, f"{DAY}/compare", left=2, right_as_of=edited.opened.journal.head())
    nothing = {"figures": [], "figure_count": 0, "journal_lines": [], "journal_line_count": 0}
    assert (none["data"], none["effect"]) == ([], nothing)
    same = {"added": 0, "changed": 0, "removed": 0}
    assert (none["changes"], none["left"]["capture"]) == (same, none["right"]["capture"])


def _cents(amount: str) -> int:
    return int(amount.replace(".", ""))


PAGED = [
    (f"{DAY}/generations", {}),
    (f"{DAY}/generations/1", {}),
    (f"{DAY}/compare", {"left_as_of": "0"}),
    (f"{DAY}/figures/net_sales", {}),
    (f"{DAY}/journal-entries/labor/lines/accrued-payroll", {}),
    (f"{DAY}/tickets", {"as_of": "head"}),
    ("/v1/trace/alpha", {}),
    ("/v1/jobs", {}),
    ("/v1/jobs", {"as_of": "head"}),
    ("/v1/employees", {"as_of": "head"}),
    ("/v1/dss", {"as_of": "head"}),
]


@pytest.mark.parametrize(("path", "asked"), PAGED)
def test_pages_hold_every_row_once(edited: Site, path: str, asked: dict[str, str]) -> None:
    """Following the Link header or `next` gives every row once, in the order of the whole list."""
    asked = {name: str(edited.opened.journal.head()) if value == "head" else value for name, value in asked.items()}
    whole = get(edited, path, **asked, limit=500)["data"]
    assert len(whole) > 1
    seen: list[Any] = []
    answer = edited.client.get(path, params={**asked, "limit": 1})
    while True:
        page = answer.json()
        assert len(page["data"]) <= 1
        seen += page["data"]
        if page["next"] is None:
            assert "link" not in answer.headers
            break
        by_link = edited.client.get(answer.headers["link"].split(">")[0].removeprefix("<"))
        name = "after" if isinstance(page["next"], int) else "cursor"
        answer = edited.client.get(path, params={**asked, "limit": 1, name: page["next"]})
        assert answer.json()["data"] == by_link.json()["data"]
    assert seen == whole


def test_every_figure_is_explained(edited: Site) -> None:
    """Of every figure of the day, asked for by its name, the shares of all records add up to its value."""
    figures = get(edited, f"{DAY}/figures")["data"]
    assert {figure["figure"] for figure in figures} > {"net_sales", "over_short", "labor_hours"}
    for figure in figures:
        found = get(edited, f"{DAY}/figures/{quote(figure['figure'])}", limit=500)
        assert {name: found[name] for name in figure} == figure
        assert found["records"] == len(found["data"])
        if figure["value"] is not None and figure["unit"] == "amount":
            assert sum(_cents(one["share"]) for one in found["data"]) == _cents(figure["value"])
        for one in found["data"]:
            assert one["record"] == "" or one["origin"]["capture"]


def test_from_a_journal_line_to_the_poll(edited: Site) -> None:
    """Every line of every entry leads to records, and each record to the fact, the capture and the attempt."""
    entries = get(edited, f"{DAY}/journal-entries")["journal_entries"]
    for entry in ("sales", "labor", "statistical"):
        for line in entries[entry]["lines"]:
            found = get(edited, f"{DAY}/journal-entries/{entry}/lines/{quote(line['key'])}", limit=500)
            assert (found["entry"], found["key"], found["account"]) == (entry, line["key"], line["account"])
            if entry != "statistical":
                sign = 1 if line["side"] == "debit" else -1
                shares = sum(_cents(one["share"]) for one in found["data"])
                assert shares == sign * _cents(line["amount"]) == _cents(found["value"])
            last = found["data"][-1]
            (fact,) = get(edited, "/v1/facts", after=last["said"]["position"] - 1, limit=1)["data"]
            assert fact["name"] == "business-day.records-changed"
            polls = get(edited, "/v1/polls", location="alpha")["data"]
            assert last["origin"]["capture"] in {poll["capture"] for poll in polls}
            assert last["origin"]["attempt"]["started_at"] in {poll["started_at"] for poll in polls}


def test_figures_as_of_a_moment(edited: Site) -> None:
    """As of the first generation a figure is what it was then, with the records of then."""
    first = get(edited, f"{DAY}/generations")["data"][0]["recorded_at"]
    summary = get(edited, f"{DAY}/dss", as_of=first)["summary"]
    found = get(edited, f"{DAY}/figures/net_sales", as_of=first, limit=500)
    assert found["value"] == summary["net_sales"]
    assert {one["origin"]["generation"] for one in found["data"]} == {1}
    line = get(edited, f"{DAY}/journal-entries/sales/lines/tips-payable", as_of=first)
    assert line["value"] == f"-{summary['tips']}"
    listed = {figure["figure"]: figure["value"] for figure in get(edited, f"{DAY}/figures", as_of=first)["data"]}
    assert listed["net_sales"] == summary["net_sales"]
    assert len(get(edited, f"{DAY}/generations", as_of=first)["data"]) == 1


def test_tracing_leads_on(edited: Site) -> None:
    """What is found links to where it can be read; an id with a slash or an accent is an id."""
    ticket = get(edited, f"{DAY}/tickets", limit=1)["data"][0]
    (found,) = get(edited, f"/v1/trace/ticket/{ticket['ticket']}")["data"]
    assert (found["location"], found["date"], found["record"]) == ("alpha", str(D), f"ticket/{ticket['ticket']}")
    assert get(edited, found["link"])["data"][0]["operation"] == "added"
    assert get(edited, found["log"])["data"][0]["position"] == found["first"]
    by_number = get(edited, f"/v1/trace/{ticket['number']}")["data"]
    assert found["record"] in {one["record"] for one in by_number}
    capture = get(edited, DAY)["capture"]
    assert {one["meaning"] for one in get(edited, f"/v1/trace/{capture}")["data"]} == {"capture"}
    fact = edited.opened.journal.head()
    assert get(edited, f"/v1/trace/{fact}")["data"][0]["meaning"]
    roster = [one for one in get(edited, f"/v1/trace/{ticket['server']}")["data"] if one["connection"]]
    assert get(edited, roster[0]["link"])["data"]
    for id_ in ("nobody", "caf%C3%A9"):
        answer = edited.client.get(f"/v1/trace/{id_}")
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/never-mentioned")


AS_OF = [
    ("", {}),
    ("/tickets", {}),
    ("/tickets", {"limit": "2"}),
    ("/labor", {}),
    ("/history", {}),
    ("/dss", {}),
    ("/journal-entries", {}),
]
DIRECTORY = ["/v1/employees", "/v1/jobs", "/v1/dss", "/v1/reference/tenders"]


def _shown(client: Client, path: str, parameters: dict[str, str]) -> tuple[bytes, str]:
    answer = client.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.content, answer.headers.get("etag", "")


def test_every_answer_as_of_a_moment_is_what_was_answered_then(fresh: Site) -> None:
    """Each endpoint, asked later as of a position or an instant, answers to the byte what it answered then.

    Where an answer says as of when it is (the summary, journal entries) or leads to the next page, only that differs.
    """
    kept: list[tuple[dict[str, str], dict[Any, tuple[bytes, str]]]] = []
    fresh.poll(D)
    for step in range(3):
        fresh.catch_up()
        asked = [(f"{DAY}{part}", parameters) for part, parameters in AS_OF] + [(path, {}) for path in DIRECTORY]
        told = {(path, *parameters): _shown(fresh.client, path, parameters) for path, parameters in asked}
        recorded_at = get(fresh, "/v1/facts", limit=500)["data"][-1]["recorded_at"]
        kept += [({"as_of": str(fresh.opened.journal.head())}, told), ({"as_of": recorded_at}, told)]
        fresh.pos.pos.edit(Edits(venue="V100", business_date=D, tickets=1, punches=1))
        fresh.poll(D)
        fresh.client.post(f"{DAY}/state", {"state": "completed", "reason": "done"})
        if step == 1:
            fresh.poll(DATES[1])
    fresh.catch_up()
    for moment, told in kept:
        for (path, *names), (content, tag) in told.items():
            parameters = {"limit": "2"} if names else {}
            found, newer = _shown(fresh.client, path, {**parameters, **moment})
            assert _without_moment(found) == _without_moment(content), (path, moment)
            if "history" not in path:
                assert newer == tag


def _without_moment(content: bytes) -> Any:
    told = json.loads(content)
    return {name: value for name, value in told.items() if name not in {"as_of", "next"}}


def test_pages_as_of_a_moment_stay_of_that_moment(fresh: Site) -> None:
    """A list that was begun as of a moment goes on as of it, whatever is recorded between its pages."""
    first = fresh.poll(D).json()
    fresh.catch_up()
    whole = get(fresh, f"{DAY}/tickets", limit=500)["data"]
    answer = fresh.client.get(f"{DAY}/tickets", params={"limit": 5, "as_of": first["recorded_at"]})
    fresh.pos.pos.edit(Edits(venue="V100", business_date=D, tickets=5))
    assert fresh.poll(D).json()["outcome"] == "polled"
    fresh.catch_up()
    seen = answer.json()["data"]
    while answer.json()["next"]:
        answer = fresh.client.get(answer.headers["link"].split(">")[0].removeprefix("<"))
        seen += answer.json()["data"]
    assert seen == whole
    cursor = fresh.client.get(f"{DAY}/tickets", params={"limit": 5, "as_of": first["position"]}).json()["next"]
    other = fresh.client.get(f"{DAY}/tickets", params={"limit": 5, "cursor": cursor})
    assert (other.status_code, other.json()["type"]) == (400, "/problems/bad-cursor")


def test_a_field_over_http(edited: Site) -> None:
    """The history of one field of a record, and the refusals of what is none."""
    changed = [one for one in get(edited, f"{DAY}/generations/2")["data"] if one["operation"] == "changed"]
    for record in changed:
        path = record["fields"][0]["path"]
        found = get(edited, f"{DAY}/history", record=record["record"], field=path)
        assert found["field"] == path
        last = found["data"][-1]
        assert (last["operation"], last["fields"]) == ("changed", record["fields"][:1])
        assert (last["origin"]["generation"], last["origin"]["attempt"]["kind"]) == (2, "repoll")
        before = found["data"][0]
        assert (
            get(edited, f"{DAY}/history", record=record["record"], field=path, as_of=before["position"])["data"] == []
        )


PROBLEMS: list[tuple[str, int, str]] = [
    (f"{DAY}/generations/9", 404, "no-such-generation"),
    (f"{DAY}/generations/0", 422, "invalid-request"),
    (f"{DAY}/compare", 422, "bad-comparison"),
    (f"{DAY}/compare?left=1&left_as_of=3", 422, "bad-comparison"),
    (f"{DAY}/compare?left=7", 404, "no-such-generation"),
    (f"{DAY}/compare?left_as_of=yesterday", 400, "bad-moment"),
    (f"{DAY}/compare?left=1&cursor=x", 400, "bad-cursor"),
    (f"{DAY}/figures/nonsense", 404, "no-such-figure"),
    (f"{DAY}/figures/by_category/Nothing", 404, "no-such-figure"),
    (f"{DAY}/figures/net_sales?as_of=0", 404, "nothing-recorded"),
    (f"{DAY}/figures/net_sales?nonsense=1", 422, "invalid-request"),
    (f"{DAY}/figures?as_of=0", 404, "nothing-recorded"),
    (f"{DAY}/journal-entries/sales/lines/tender/Nothing", 404, "no-such-line"),
    (f"{DAY}/journal-entries/bank/lines/x", 422, "invalid-request"),
    (f"{DAY}/history?field=guests", 422, "bad-field"),
    (f"{DAY}/history?record=ticket/x&field=nonsense", 404, "no-such-field"),
    (f"{DAY}?as_of=0", 404, "nothing-recorded"),
    (f"{DAY}/tickets?as_of=2999-01-01T00:00:00Z", 400, "bad-moment"),
    ("/v1/employees?as_of=999999", 400, "bad-moment"),
    (f"/v1/days/alpha/{LAST + dt.timedelta(days=1)}/generations", 404, "nothing-recorded"),
    (f"/v1/days/alpha/{LAST + dt.timedelta(days=1)}/compare?left=1", 404, "nothing-recorded"),
    (f"/v1/days/alpha/{LAST + dt.timedelta(days=1)}/figures", 404, "nothing-recorded"),
    ("/v1/trace/x?cursor=zz", 400, "bad-cursor"),
]


@pytest.mark.parametrize(("path", "status", "kind"), PROBLEMS, ids=[path for path, *_ in PROBLEMS])
def test_problems(edited: Site, path: str, status: int, kind: str) -> None:
    """What cannot be answered says what is wrong, under a stable type."""
    answer = edited.client.get(path)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}"), answer.text


def test_a_day_on_which_every_attempt_failed(fresh: Site) -> None:
    """It has a history and no generations; its figures are not there yet."""
    fresh.pos.pos.arm("truncated_json", times=None)
    assert fresh.poll(D).status_code == 502
    fresh.catch_up()
    assert get(fresh, f"{DAY}/generations")["data"] == []
    assert get(fresh, DAY, as_of=fresh.opened.journal.head())["state"] == "missing"
    for part in ("figures", "figures/net_sales", "journal-entries/sales/lines/tips-payable"):
        assert fresh.client.get(f"{DAY}/{part}").json()["type"] == "/problems/nothing-recorded"
