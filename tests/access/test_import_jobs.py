"""Data import jobs by people who have some locations: they see, run and change what is of these."""

from typing import Any

from tests.access.test_scope import ALPHA, ALPHA_GAMMA, NOWHERE, pages, rows
from tests.access.town import DATES, HERE, MARK, OPERATOR, THERE, Town, principal

WHOLE, OTHER = f"/v1/import-jobs/whole-{HERE}", f"/v1/import-jobs/beta-{HERE}"


def test_jobs_are_those_of_the_own_locations(town: Town) -> None:
    """In the same order, on full pages; of one about all locations just the own ones are told."""
    for limit in (1, 2, 500):
        found = pages(town, ALPHA, "/v1/import-jobs", limit)
        assert [(row["job"], row["locations"]) for page in found for row in page if row["job"] != "added"] == [
            (f"alpha-{HERE}", ["alpha"]),
            (f"whole-{HERE}", ["alpha"]),
        ]
        assert all(len(page) == limit for page in found[:-1])
    assert rows(town, NOWHERE, "/v1/import-jobs") == []
    assert rows(town, principal("operator", client=THERE), "/v1/import-jobs")[0]["job"] == f"alpha-{THERE}"
    assert len(rows(town, OPERATOR, "/v1/import-jobs")) >= 3


def test_a_run_is_told_as_far_as_it_is_theirs(town: Town) -> None:
    """Its parts, its numbers and what came of it are those of the own locations; other runs are not there."""
    whole = town.get(OPERATOR, f"{WHOLE}/runs/1")
    assert {part["location"] for part in whole["parts"]} == {"alpha", "beta"}
    own = town.get(ALPHA, f"{WHOLE}/runs/1")
    assert ({part["location"] for part in own["parts"]}, own["days"]["planned"]) == ({"alpha"}, 1)
    assert (own["outcome"], [one["location"] for one in own["locations"]]) == ("complete", ["alpha"])
    assert "beta" not in str(own)
    assert [row["run"] for row in rows(town, ALPHA, f"{WHOLE}/runs")] == [1]
    beta = principal("full-access", at=frozenset({"beta"}))
    for who, path in ((ALPHA, OTHER), (beta, f"/v1/import-jobs/alpha-{HERE}"), (NOWHERE, WHOLE)):
        for more in ("", "/runs", "/runs/1"):
            foreign = town.ask(who, "GET", f"{path}{more}")
            absent = town.ask(who, "GET", f"/v1/import-jobs/xyzzy{more}")
            assert foreign.status_code == absent.status_code == 404
            assert foreign.json()["detail"].replace(path.rsplit("/", 1)[1], "xyzzy") == absent.json()["detail"]


def test_they_run_it_at_their_locations(town: Town) -> None:
    """The run has these and no others; to change or end what is about others as well is not theirs."""
    head = town.opened.journal.head()
    answer = town.ask(ALPHA, "POST", f"{WHOLE}/runs", json={"reason": "r"})
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert ([part["location"] for part in told["parts"]], told["outcome"]) == (["alpha"], "complete")
    recorded = town.opened.journal.log(after=head, limit=100)
    assert all("beta" not in str(entry.fact) and "beta" not in entry.stream for entry in recorded)
    town.catch_up()
    for method, path, body in (
        ("PATCH", WHOLE, {"name": "Mine"}),
        ("POST", f"{WHOLE}/ending", {}),
        ("PUT", f"{WHOLE}/schedule", {"at": "05:00"}),
    ):
        for headers in ({}, {"If-Match": '"1"'}):
            refused = town.ask(ALPHA, method, path, json={**body, "reason": "r"}, headers=headers)
            assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-permitted"), refused.text
            assert "beta" not in refused.text
    found = rows(town, ALPHA_GAMMA, f"{WHOLE}/runs")
    assert {one["location"] for row in found for one in row["locations"]} == {"alpha"}


def add(town: Town, who: Any, **body: Any) -> Any:
    """Add a job."""
    given = {"id": "mine", "name": "Mine", "connection": "tray", "period": {"kind": "last-days", "days": 1}}
    return town.ask(who, "POST", "/v1/import-jobs", json={**given, **body, "reason": "r"})


def test_they_add_jobs_about_their_locations(town: Town) -> None:
    """Others are answered as ones that do not exist; companies are for who may edit the connection."""
    for wanted, status in (({"locations": ["beta"]}, 403), ({"locations": ["xyzzy"]}, 403)):
        assert add(town, ALPHA, **wanted).status_code == status
    foreign, absent = (add(town, ALPHA, locations=[name]).json()["detail"] for name in ("beta", "xyzzy"))
    assert foreign.replace("beta", "xyzzy") == absent
    foreign, absent = (add(town, ALPHA, connection=name).json() for name in ("tray-two", "plugh"))
    assert (foreign["status"], foreign["detail"].replace("tray-two", "plugh")) == (404, absent["detail"])
    assert add(town, ALPHA, companies=["o-1"]).status_code == 403
    assert add(town, ALPHA).status_code == 201
    town.catch_up()
    mine = town.get(ALPHA, "/v1/import-jobs/mine")
    assert (mine["locations"], mine["chosen"], mine["companies"]) == (["alpha"], "locations", None)
    assert town.get(OPERATOR, "/v1/import-jobs/mine")["companies"] == []


def test_their_part_of_the_log(town: Town) -> None:
    """What came of days of their locations is among their facts; what a job is as a whole is for who has all."""
    names = {fact["name"] for fact in rows(town, ALPHA, "/v1/facts")}
    assert "import-run.part-done" in names
    assert not {name for name in names if name.startswith("import-job")}
    assert MARK
    assert DATES
