"""A client's books over HTTP and on the command line: entries, accounts, states, reference data."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from adapters.pos.tray.simulator import Edits
from api.cli import app
from api.http import ledger_models, reference_models, settling_models, summary_models
from domain.accounts import DEFAULT_ACCOUNTS
from domain.commands.loading import load_connection
from domain.connection import decide_roster
from domain.facts import Provenance
from domain.identifiers import ConnectionId
from domain.ports.journal import Recording
from domain.records import HouseAccount, MenuItem, TaxDefinition, Tender, canonical
from tests.api.site import DATES, LAST, Site, a_site

D = DATES[0]
DAY = f"/v1/days/alpha/{D}"


@pytest.fixture
def day(fresh: Site) -> Site:
    """A daybook with one polled day."""
    assert fresh.poll(D).status_code == 201
    fresh.catch_up()
    return fresh


def entries(site: Site, **parameters: Any) -> dict[str, Any]:
    """The journal entries of the day."""
    answer = site.client.get(f"{DAY}/journal-entries", params=parameters)
    assert answer.status_code == 200, answer.text
    ledger_models.DayEntries.model_validate_json(answer.content)
    found: dict[str, Any] = answer.json()["journal_entries"]
    return found


def put(site: Site, accounts: dict[str, str], version: int | str | None, **fields: Any) -> httpx.Response:
    """Replace the client's own accounts, of a version where one is given."""
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    body = {"accounts": accounts, "reason": "a test", **fields}
    return site.client.send("PUT", "/v1/accounts", json=body, headers=headers)


def state(site: Site, wanted: str, reason: str = "a test", **headers: str) -> httpx.Response:
    """Settle the day."""
    named = {name.replace("_", "-"): headers[name] for name in headers}
    return site.client.post(f"{DAY}/state", {"state": wanted, "reason": reason}, headers=named)


def test_the_entries_of_a_real_day_balance_and_come_to_its_figures(day: Site) -> None:
    """Of a polled day the debits are the credits, the sales are its gross sales, and every line has an account."""
    found = entries(day)
    summary = day.client.get(f"{DAY}/dss").json()["summary"]
    assert found["sales"]["debits"] == found["sales"]["credits"] > "0"
    lines = found["sales"]["lines"]
    gross = sum(Decimal(line["amount"]) for line in lines if line["key"].startswith("sales/"))
    assert gross == Decimal(summary["gross_sales"])
    assert all(line["account"] for line in lines)
    assert found["labor"]["credits"] == summary["labor_pay"]
    assert {line["key"] for line in found["statistical"]["lines"]} >= {"guests", "tickets"}
    assert found["over_short"] == summary["over_short"]


def test_the_tag_of_entries_is_of_the_day_and_the_books(day: Site) -> None:
    """Whoever has the entries is answered 304 until the day or the accounts change; then there are new ones."""
    path = f"{DAY}/journal-entries"
    first = day.client.get(path)
    tag = first.headers["etag"]
    assert tag == f'"{first.json()["version"]}.0"'
    assert day.client.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert put(day, {"tender/*": "1199"}, 0).status_code == 200
    second = day.client.get(path, headers={"If-None-Match": tag})
    assert (second.status_code, second.headers["etag"]) == (200, f'"{first.json()["version"]}.1"')
    accounts = {line["account"] for line in second.json()["journal_entries"]["sales"]["lines"]}
    assert "1199" in accounts
    day.poll(D)
    day.catch_up()
    assert day.client.get(path, headers={"If-None-Match": second.headers["etag"]}).status_code == 200


def test_entries_as_of_a_moment(day: Site) -> None:
    """As known at a position: the day as it was then, in the accounts of then."""
    before = entries(day)
    position = day.opened.journal.head()
    put(day, {"sales/*": "4999"}, 0)
    day.pos.pos.edit(Edits(venue="V100", business_date=D, tickets=2))
    assert day.poll(D).json()["outcome"] == "polled"
    day.catch_up()
    assert entries(day, as_of=position) == before
    now = entries(day)
    assert now != before
    assert now["books"] == 1
    early = day.client.get(f"{DAY}/journal-entries", params={"as_of": 0})
    assert (early.status_code, early.json()["type"]) == (404, "/problems/nothing-recorded")


def test_a_day_that_was_never_read_has_no_entries(day: Site) -> None:
    """Neither a day that nobody polled nor one whose polls all failed has any."""
    day.pos.pos.arm("truncated_json", times=None)
    assert day.poll(LAST).status_code == 502
    day.catch_up()
    for date in (LAST, DATES[1]):
        answer = day.client.get(f"/v1/days/alpha/{date}/journal-entries")
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/nothing-recorded")


def test_accounts_begin_with_the_defaults(day: Site) -> None:
    """Before anybody mapped anything the books are at version 0, with the default accounts and a limit of 5.00."""
    answer = day.client.get("/v1/accounts")
    ledger_models.Accounts.model_validate_json(answer.content)
    assert answer.headers["etag"] == '"0"'
    assert answer.json() == {
        "version": 0,
        "accounts": {},
        "defaults": True,
        "default_accounts": DEFAULT_ACCOUNTS,
        "over_short_limit": "5.00",
    }
    assert day.client.get("/v1/accounts", headers={"If-None-Match": '"0"'}).status_code == 304


def test_accounts_are_replaced_whole(day: Site) -> None:
    """Each PUT is a version of the books with all of the client's own accounts; the same again records nothing."""
    first = put(day, {"sales/Food/*": "4011", "tips-payable": "2399"}, 0)
    ledger_models.Accounts.model_validate_json(first.content)
    assert (first.status_code, first.headers["etag"], first.json()["version"]) == (200, '"1"', 1)
    head = day.opened.journal.head()
    assert int(first.headers["daybook-position"]) == head
    again = put(day, {"sales/Food/*": "4011", "tips-payable": "2399"}, 1)
    assert (again.status_code, again.headers["etag"], day.opened.journal.head()) == (200, '"1"', head)
    second = put(day, {"tips-payable": "2400"}, 1, defaults=False, over_short_limit="0.01").json()
    assert (second["version"], second["accounts"]) == (2, {"tips-payable": "2400"})
    assert (second["defaults"], second["default_accounts"], second["over_short_limit"]) == (False, {}, "0.01")
    assert second == day.client.get("/v1/accounts").json()
    found = entries(day)
    assert [line["account"] for line in found["sales"]["lines"] if line["account"]] == ["2400"]
    assert found["sales"]["blocked"] == len(found["sales"]["lines"]) - 1
    assert {"unmapped_key"} <= {issue["code"] for issue in found["issues"]}
    facts = day.client.get("/v1/facts", params={"limit": 500}).json()["data"]
    (mapped,) = [fact for fact in facts if fact["name"] == "books.accounts-mapped" and fact["version"] == 2]
    assert (mapped["provenance"]["actor"], mapped["provenance"]["reason"]) == ("api:anonymous", "a test")


def test_two_admins_do_not_overwrite_each_other(day: Site) -> None:
    """Whoever replaces a version that is no longer the newest is told so, and so is one who names none."""
    assert put(day, {"sales/*": "1"}, 0).status_code == 200
    for version, status, code in ((0, 412, "not-the-version"), (None, 428, "no-version-given"), (7, 412, None)):
        answer = put(day, {"sales/*": "2"}, version)
        assert answer.status_code == status
        assert code is None or answer.json()["type"] == f"/problems/{code}"
    assert "mapping is at version 1" in put(day, {}, 0).json()["detail"]
    assert day.client.get("/v1/accounts").json()["accounts"] == {"sales/*": "1"}


BAD: list[tuple[dict[str, Any], str]] = [
    ({"accounts": []}, "invalid-request"),
    ({"accounts": {"sales/*": 4010}}, "invalid-request"),
    ({"accounts": {"sales/*": "4" * 41}}, "invalid-request"),
    ({"accounts": {"s" * 301: "1"}}, "invalid-request"),
    ({"accounts": {f"tender/{number}": "1" for number in range(2001)}}, "invalid-request"),
    ({"accounts": {}, "nonsense": 1}, "invalid-request"),
    ({"accounts": {}, "reason": ""}, "invalid-request"),
    ({"accounts": {}, "reason": " "}, "bad-reason"),
    ({"accounts": {}, "over_short_limit": 5}, "invalid-request"),
    ({"accounts": {}, "over_short_limit": "much"}, "bad-limit"),
    ({"accounts": {}, "over_short_limit": "-1"}, "bad-limit"),
    ({"accounts": {"nonsense/*": "1"}}, "bad-account-key"),
    ({"accounts": {"sales/Food": "1"}}, "bad-account-key"),
    ({"accounts": {"sales/*": ""}}, "bad-account"),
    ({"accounts": {"sales/*": "40\u202810"}}, "bad-account"),
]


@pytest.mark.parametrize(("body", "code"), BAD, ids=[f"{place}-{row[1]}" for place, row in enumerate(BAD)])
def test_mappings_that_do_not_fit(polled: Site, body: dict[str, Any], code: str) -> None:
    """A mapping with a wrong form, an unknown key or an ill-formed account is 422, and records nothing."""
    head = polled.opened.journal.head()
    answer = polled.client.send("PUT", "/v1/accounts", json={"reason": "a test", **body}, headers={"If-Match": '"0"'})
    assert (answer.status_code, answer.json()["type"]) == (422, f"/problems/{code}"), answer.text
    assert polled.opened.journal.head() == head


def test_a_day_is_settled_step_by_step(day: Site) -> None:
    """Completed, approved, and in progress again; each answer says where the day stands, and the views follow."""
    for wanted in ("completed", "approved", "in progress"):
        answer = state(day, wanted, f"now {wanted}")
        assert answer.status_code == 200, answer.text
        told = settling_models.StateAnswer.model_validate_json(answer.content)
        assert (told.state, told.changed, told.generation) == (wanted, True, 1)
        assert answer.headers["etag"] == f'"{told.version}"'
        assert answer.headers["daybook-position"] == str(told.position)
        read = day.client.get(DAY, params={"min_position": str(told.position)}).json()
        assert (read["state"], read["version"]) == (wanted, told.version)
        summary = day.client.get(f"{DAY}/dss").json()
        summary_models.DaySummary.model_validate(summary, strict=False)
        assert summary["summary"]["state"] == wanted
    sentences = [step["sentence"] for step in day.client.get(f"{DAY}/history").json()["data"]]
    assert "approved the day at generation 1 because 'now approved'" in sentences[-2]


def test_an_approved_day_lists_what_came_too_late(day: Site) -> None:
    """A repoll of an approved day changes none of its figures, and tells how many changes wait."""
    state(day, "completed")
    state(day, "approved")
    before = entries(day)
    day.pos.pos.edit(Edits(venue="V100", business_date=D, tickets=2))
    told = day.poll(D)
    assert (told.status_code, told.json()["outcome"]) == (201, "staged")
    day.catch_up()
    summary = day.client.get(f"{DAY}/dss").json()["summary"]
    assert summary["late_changes"] > 0
    assert "changes_after_approval" in {issue["code"] for issue in summary["issues"]}
    assert entries(day) == before


def test_settling_the_same_again_records_nothing(day: Site) -> None:
    """Completing a completed day answers where it stands, without a position of its own."""
    state(day, "completed")
    head = day.opened.journal.head()
    again = state(day, "completed")
    assert (again.status_code, again.json()["changed"], again.json()["position"]) == (200, False, None)
    assert "daybook-position" not in again.headers
    assert day.opened.journal.head() == head


def test_settling_with_a_key(day: Site) -> None:
    """The same Idempotency-Key again answers what was recorded, word for word; for anything else it is refused."""
    first = state(day, "completed", Idempotency_Key="k-1")
    assert "idempotent-replayed" not in first.headers
    state(day, "in progress")
    again = state(day, "completed", Idempotency_Key="k-1")
    assert (again.content, again.headers["idempotent-replayed"]) == (first.content, "true")
    assert day.client.get(DAY, params={"min_position": day.opened.journal.head()}).json()["state"] == "in progress"
    for wanted, reason in (("approved", "a test"), ("completed", "another reason")):
        reused = state(day, wanted, reason, Idempotency_Key="k-1")
        assert (reused.status_code, reused.json()["type"]) == (422, "/problems/key-reused")


def test_auditors_change_nothing(day: Site) -> None:
    """A request in the role of an auditor may read, and neither settle nor poll; a role that is none is refused."""
    auditor = {"Daybook-Role": "auditor"}
    where = f"/v1/days/alpha/{D}"
    for address, body in (("state", {"state": "completed", "reason": "r"}), ("polls", {"reason": "r"})):
        refused = day.client.post(f"{where}/{address}", json=body, headers=auditor)
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-permitted")
    assert day.client.get(f"{where}/dss", headers=auditor).status_code == 200
    odd = day.client.post(
        f"{where}/state", json={"state": "completed", "reason": "r"}, headers={"Daybook-Role": "boss"}
    )
    assert odd.status_code == 422


def test_settling_a_version(day: Site) -> None:
    """If-Match makes sure that the day is the one that was looked at."""
    tag = day.client.get(DAY).headers["etag"]
    for other, status in (('"0"', 412), ("nonsense", 400)):
        assert state(day, "completed", If_Match=other).status_code == status
    assert state(day, "completed", If_Match=tag).status_code == 200
    assert state(day, "approved", If_Match=tag).status_code == 412


WRONG: list[tuple[str, Any, int, str]] = [
    (DAY, {"state": "approved", "reason": "x"}, 409, "not-in-that-state"),
    (DAY, {"state": "in progress", "reason": "x"}, 409, "not-in-that-state"),
    (DAY, {"state": "missing", "reason": "x"}, 422, "invalid-request"),
    (DAY, {"state": "completed"}, 422, "invalid-request"),
    (DAY, {"state": "completed", "reason": "two\nlines"}, 422, "bad-reason"),
    (DAY, {"state": "completed", "reason": "x", "actor": "root"}, 422, "invalid-request"),
    (f"/v1/days/alpha/{LAST}", {"state": "completed", "reason": "x"}, 404, "nothing-recorded"),
    ("/v1/days/alpha/0", {"state": "completed", "reason": "x"}, 400, "not-a-business-date"),
]


@pytest.mark.parametrize(("path", "body", "status", "code"), WRONG)
def test_what_cannot_be_settled(polled: Site, path: str, body: Any, status: int, code: str) -> None:
    """What the day's state does not allow is a conflict; what nobody can mean is refused; nothing is recorded."""
    head = polled.opened.journal.head()
    answer = polled.client.post(f"{path}/state", body)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}"), answer.text
    assert polled.opened.journal.head() == head


REFERENCE: tuple[Any, ...] = (
    MenuItem("10", "Burger", "Food", cost=Decimal("2.50")),
    MenuItem("11", "Soda", "Beverage"),
    Tender("01", "Cash", "cash"),
    Tender("1", "Visa", "non-cash"),
    TaxDefinition("9", "State Tax", Decimal("8.25"), "percentage"),
    HouseAccount("77", "sealed:Pier Club", "person-1", "sealed:Ann", "", "sealed:1 Pier", city="sealed:Boston"),
)


@pytest.fixture
def stocked(fresh: Site) -> Site:
    """A daybook whose source listed reference data."""
    connection = ConnectionId("main", "tray")
    known = load_connection(fresh.opened.journal, connection)
    roster: dict[str, dict[str, bytes]] = {}
    for record in REFERENCE:
        kind, key, data = canonical(record)
        roster.setdefault(kind, {})[key] = data
    facts = decide_roster(known, "alpha", roster, capture="r")
    fresh.opened.journal.append([Recording(connection.stream, known.version, facts)], Provenance("test", "roster"))
    fresh.catch_up()
    return fresh


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [("menu-items", ["10", "11"]), ("tenders", ["01", "1"]), ("tax-definitions", ["9"]), ("house-accounts", ["77"])],
)
def test_reference_data(stocked: Site, kind: str, numbers: list[str]) -> None:
    """Each kind is listed by location and number, in pages, with all that its source says."""
    head = stocked.opened.journal.head()
    answer = stocked.client.get(f"/v1/reference/{kind}", params={"min_position": head})
    reference_models.References.model_validate_json(answer.content)
    assert [row["number"] for row in answer.json()["data"]] == numbers
    assert int(answer.headers["daybook-position"]) == head
    seen: list[str] = []
    page = stocked.client.get(f"/v1/reference/{kind}", params={"limit": 1, "location": "alpha"})
    while page.json()["data"]:
        seen += [row["number"] for row in page.json()["data"]]
        cursor = page.json()["next"]
        page = stocked.client.get(f"/v1/reference/{kind}", params={"limit": 1, "location": "alpha", "cursor": cursor})
    assert seen == numbers
    assert stocked.client.get(f"/v1/reference/{kind}", params={"location": "beta"}).json()["data"] == []


def test_what_a_row_of_reference_data_says(stocked: Site) -> None:
    """A tender says its type; of a house account the name and all that is personal are sealed or null."""
    (cash, _) = stocked.client.get("/v1/reference/tenders").json()["data"]
    assert (cash["name"], cash["listed"], cash["record"]) == ("Cash", True, {"type": "cash"})
    answer = stocked.client.get("/v1/reference/house-accounts")
    (club,) = answer.json()["data"]
    assert (club["number"], club["name"]) == ("77", "sealed")
    assert club["record"] == {
        "first_name": "sealed",
        "last_name": None,
        "address": "sealed",
        "phone": None,
        "email": None,
        "city": "sealed",
        "state": None,
        "postal_code": None,
    }
    assert "sealed:" not in answer.text
    assert "person-1" not in answer.text


def test_reference_data_of_no_kind(polled: Site) -> None:
    """There are four kinds; another is refused."""
    answer = polled.client.get("/v1/reference/ships")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-request")


@pytest.fixture(scope="module")
def books_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A daybook with a polled day, which commands work on beside the server."""
    with a_site(tmp_path_factory.mktemp("books")) as site:
        assert site.poll(D).status_code == 201
        site.catch_up()
        yield site


@pytest.fixture
def here(books_site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The same, as the store that commands find."""
    monkeypatch.setenv("DAYBOOK_DATA_DIR", str(books_site.folder))
    return books_site


def run(*arguments: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(app, list(arguments))


def accounts_now() -> dict[str, Any]:
    """The accounts as the command line tells them."""
    found: dict[str, Any] = json.loads(run("accounts", "--json").stdout)
    return found


def test_accounts_on_the_command_line(here: Site) -> None:
    """--set and --unset change the client's own, and keep the others; what is shown is what counts."""
    start = accounts_now()["version"]
    assert run("accounts", "--set", "sales/Food/*=4011", "--set", "discount/a=b=4599", "--why", "x").exit_code == 0
    assert accounts_now()["accounts"] == {"sales/Food/*": "4011", "discount/a=b": "4599"}
    assert run("accounts", "--unset", "discount/a=b", "--set", "tips-payable=2399").exit_code == 0
    assert accounts_now()["accounts"] == {"sales/Food/*": "4011", "tips-payable": "2399"}
    same = run("accounts", "--set", "tips-payable=2399")
    assert (same.exit_code, "nothing is recorded" in same.stderr) == (0, True)
    text = run("accounts", "--over-short-limit", "7.50", "--no-defaults").stdout
    assert "over/short beyond 7.50 is flagged" in text
    assert "default" not in text
    assert "  sales/Food/*  4011" in text
    assert accounts_now()["version"] == start + 3
    shown = run("accounts", "--defaults", "--unset", "sales/Food/*", "--unset", "tips-payable").stdout
    assert f"{len(DEFAULT_ACCOUNTS)}" == str(shown.count("  default"))
    assert run("accounts", "--no-defaults").exit_code == 0
    assert len(run("accounts").stdout.splitlines()) == 1
    assert run("accounts", "--defaults", "--over-short-limit", "5").exit_code == 0


MISUSED: list[tuple[list[str], int, str]] = [
    (["accounts", "--set", "sales/*"], 2, "KEY=ACCOUNT"),
    (["accounts", "--set", "nonsense=1"], 2, "No journal line begins with"),
    (["accounts", "--set", "sales/*=-"], 2, "is no account"),
    (["accounts", "--over-short-limit", "much"], 2, "is no amount"),
    (["accounts", "--unset", "sales/*"], 1, "no account of your own"),
    (["accounts", "--set", "sales/*=1", "--why", "two\nlines"], 2, "one line"),
    (["complete", "alpha", str(D)], 2, "--why"),
    (["complete", "alpha", str(LAST), "--why", "x"], 1, "never polled"),
    (["approve", "alpha", str(D), "--why", "x"], 1, "only a completed day"),
    (["reopen", "alpha", str(D), "--why", "x"], 1, "nothing to reopen"),
    (["reopen", "alpha", str(D), "--why", " "], 2, "reason"),
    (["entries", "alpha", str(LAST)], 1, "poll it first"),
    (["entries", "alpha", str(D), "--as-of", "0"], 1, "as of 0"),
    (["entries", "alpha", "yesterday"], 2, "YYYY-MM-DD"),
]


@pytest.mark.parametrize(("arguments", "code", "said"), MISUSED, ids=[" ".join(row[0]) for row in MISUSED])
def test_exit_codes(here: Site, arguments: list[str], code: int, said: str) -> None:
    """What cannot be is said in a sentence: 1 where it is refused, 2 where it could not be meant."""
    result = run(*arguments)
    assert (result.exit_code, said in " ".join(result.stderr.split())) == (code, True), result.output
    assert result.stdout == ""


def test_settling_on_the_command_line(here: Site) -> None:
    """complete, approve and reopen say where the day stands; the same again says that it does already."""
    done = run("complete", "alpha", str(D), "--why", "all in")
    assert done.stdout == f"alpha {D}: completed at generation 1.\n"
    assert "completed already" in run("complete", "alpha", str(D), "--why", "all in").stdout
    approved = json.loads(run("approve", "alpha", str(D), "--why", "fine", "--json").stdout)
    assert set(approved) == {
        "location",
        "date",
        "state",
        "generation",
        "version",
        "changed",
        "position",
        "recorded_at",
    }
    assert (approved["state"], approved["changed"]) == ("approved", True)
    again = json.loads(run("approve", "alpha", str(D), "--why", "fine", "--json").stdout)
    assert (again["changed"], again["position"], again["recorded_at"]) == (False, None, None)
    assert run("dss", "alpha", str(D)).stdout.splitlines()[2].startswith("approved, generation 1")
    assert "because 'fine'" in run("history", "alpha", str(D)).stdout
    assert "in progress" in run("reopen", "alpha", str(D), "--why", "an invoice came").stdout


def test_entries_on_the_command_line(here: Site) -> None:
    """The report, the entries alone and their JSON say the same, in 78 columns."""
    as_json = json.loads(run("entries", "alpha", str(D), "--json").stdout)
    entries_alone = run("entries", "alpha", str(D)).stdout
    report = run("dss", "alpha", str(D)).stdout
    both = json.loads(run("dss", "alpha", str(D), "--json").stdout)
    assert both["journal_entries"] == as_json["journal_entries"]
    assert entries_alone.split("SALES JOURNAL ENTRY")[1] == report.split("SALES JOURNAL ENTRY")[1]
    total = next(line for line in entries_alone.splitlines() if line.startswith("  Total"))
    assert total.split()[1:] == [as_json["journal_entries"]["sales"]["debits"]] * 2
    for line in (*report.splitlines(), *entries_alone.splitlines()):
        assert len(line) <= 78, line
    head = here.opened.journal.head()
    then = run("entries", "alpha", str(D), "--as-of", str(head)).stdout
    assert f"as known at position {head}" in then


def test_clients_have_books_of_their_own(here: Site, tmp_path: Path) -> None:
    """What one client maps is nothing to another."""
    assert run("accounts", "--set", "sales/*=1", "--client", "other").exit_code == 0
    assert "sales/*" not in accounts_now()["accounts"]
