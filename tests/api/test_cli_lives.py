"""The life of connections on the command line: what is said in words and as JSON, and what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api import composition
from api.cli import app
from domain.facts import Venue
from tests.api.site import copy_of_a_store
from tests.support.scripted import Scripted, import_files
from tests.support.scripted_erp import ADDRESS, NORTH, SOUTH, ScriptedErp, profile_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that the tests of this file share; each makes connections of its own."""
    made = tmp_path_factory.mktemp("cli-lives")
    copy_of_a_store(made)
    return made


@pytest.fixture
def erp(folder: Path, monkeypatch: pytest.MonkeyPatch) -> ScriptedErp:
    """The store as the one that commands find, with a scripted catalogue, for the operator."""
    found = ScriptedErp(shows={"s3cret": (NORTH, SOUTH), "narrow": (SOUTH,)})
    pos = ScriptedErp(
        key="pos",
        profile=profile_of("pos"),
        location_ids=("venue",),
        shows={"s3cret": ()},
        venues=(Venue({"venue": "V1"}, "Pier"), Venue({"venue": "V2"})),
    )
    catalogue: dict[str, Any] = {"erp": found, "pos": pos, "mute": Scripted(key="mute"), "files": import_files()}
    monkeypatch.setattr(composition, "load_systems", lambda: (catalogue, {}))
    for name, value in {"DATA_DIR": str(folder), "ROLE": "operator", "SECRET": "s3cret", "ACTOR": "cli:root"}.items():
        monkeypatch.setenv(f"DAYBOOK_{name}", value)
    return found


def run(*arguments: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(app, list(arguments))


def done(*arguments: str) -> str:
    """What a command that succeeds says, remarks included."""
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


def told(*arguments: str) -> Any:
    """What it says as JSON."""
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def made(name: str, *values: str) -> None:
    """A connection to the ERP with its first company."""
    done("connection", "draft", name, "--system", "erp", "--environment", f"{ADDRESS}/{name}", *values)
    done("connection", "test", name)
    done("connection", "establish", name, "--company", "o-1")


def test_from_a_draft_to_its_end(erp: ScriptedErp) -> None:
    """Each step says what came of it and what comes next."""
    draft = ("connection", "draft", "books", "--system", "erp", "--name", "Books", "--environment", ADDRESS)
    assert done(*draft, "--value", "entity=top", "--shared") == "books is drafted; test it next.\n"
    assert done("connection", "test", "books") == (
        "books passed its test, and sees o-1 (North Inc.); o-2 (South LLC).\n"
    )
    assert erp.asked == [(ADDRESS, {"entity": "top"}, "s3cret")]
    assert done("connection", "establish", "books", "--company", "o-1", "--why", "for the books") == (
        "books is established.\n"
    )
    shown = done("connection", "show", "books")
    for line in (
        "name: Books",
        "stage: established",
        "visibility: shared",
        "company: o-1 North Inc.",
        "seen: o-2 South",
    ):
        assert line in shown
    assert "s3cret" not in shown
    assert "books  erp, established, Books: North Inc." in done("connections")
    assert done("connection", "edit", "books", "--name", "Ledger") == "books is edited.\n"
    assert done("connection", "edit", "books", "--name", "Ledger") == "books: so already; nothing is recorded.\n"
    assert done("connection", "edit", "books", "--value", "other=x") == "books is edited.\n"
    assert erp.asked[-1] == (ADDRESS, {"entity": "top", "other": "x"}, "s3cret")
    assert done("connection", "edit", "books", "--value", "entity=") == "books is edited.\n"
    assert erp.asked[-1] == (ADDRESS, {"other": "x"}, "s3cret")
    assert done("connection", "share", "books", "--private") == "books is private.\n"
    assert done("connection", "admin", "books") == "books: so already; nothing is recorded.\n"
    assert "is renewed until 2027-01-31 12:00 UTC" in done(
        "connection", "renew", "books", "--until", "2027-01-31T12:00:00Z"
    )
    assert done("connection", "suspend", "books", "--why", "the contract") == "books is suspended.\n"
    assert "suspended because 'the contract'" in done("connections")
    assert done("connection", "resume", "books") == "books is resumed.\n"
    assert done("connection", "disconnect", "books", "--why", "moved away") == "books is disconnected.\n"
    (row,) = [row for row in told("connections")["data"] if row["connection"] == "books"]
    assert (row["stage"], row["editable"], row["admin"]) == ("disconnected", False, "")


def test_a_secret_comes_from_a_file_or_the_environment(
    erp: ScriptedErp, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never from the command line; what the source no longer shows is said, and a secret it does not know refused."""
    made("keys")
    monkeypatch.setenv("OTHER", "narrow")
    assert done("connection", "rotate", "keys", "--key-env", "OTHER") == "keys has another secret.\n"
    assert "The source no longer shows North Inc." in done("connections")
    assert "(no longer visible)" in done("connection", "show", "keys")
    file = folder / "secret"
    file.write_text("wrong")
    refused = run("connection", "renew", "keys", "--key-file", str(file))
    assert refused.exit_code == 1
    assert "The source did not take it (not-authorized)" in refused.stderr
    assert told("connection", "show", "keys")["credential_version"] == 2
    monkeypatch.setenv("DAYBOOK_SECRET", "wrong")
    done("connection", "draft", "bad", "--system", "erp", "--environment", ADDRESS)
    assert "failed its test (not-authorized)" in done("connection", "test", "bad")
    assert not told("connection", "test", "bad")["passed"]


def test_points_of_sale_have_locations(erp: ScriptedErp) -> None:
    """They are chosen among the venues that the source shows; a second one takes over how the first one polls."""
    done("connection", "draft", "till", "--system", "pos", "--environment", ADDRESS)
    assert "sees V1; V2" in done("connection", "test", "till")
    done(
        *("connection", "establish", "till", "--location", "pier=V1:America/New_York"),
        *("--set", "trim_service_type_name=true"),
    )
    assert told("connection", "show", "till")["locations"] == ["pier"]
    assert "seen: V1 Pier" in done("connection", "show", "till")
    done("connection", "draft", "till-2", "--system", "pos", "--environment", ADDRESS)
    done("connection", "test", "till-2")
    said = done("connection", "establish", "till-2", "--location", "bay=V2", "--zone", "UTC")
    assert "trim_service_type_name = true: inherited from till" in said
    assert done("edit-location", "pier", "--name", "Pier 17", "--day-starts", "04:00").startswith(
        "pier is Pier 17, America/New_York, day from 04:00.\n"
    )
    assert done("edit-location", "pier", "--name", "Pier 17") == "pier: so already; nothing is recorded.\n"
    assert told("edit-location", "pier", "--number", "0100", "--why", "books")["number"] == "0100"
    assert done("edit-location", "pier", "--name", "Pier") == "pier is Pier, America/New_York, day from 04:00.\n"
    done("connection", "draft", "csv", "--system", "files")
    assert "no source that could be asked" in done("connection", "test", "csv")


def test_companies_and_what_has_to_be_renewed(erp: ScriptedErp) -> None:
    """A company that two connections have is told of and listed once; a grant that ends is told in time."""
    erp.profile = profile_of("erp", 3)
    made("one")
    done("connection", "draft", "two", "--system", "erp", "--environment", f"{ADDRESS}/one")
    assert "North Inc. is known already, by one: it stays one company." in done("connection", "test", "two")
    done("connection", "establish", "two", "--company", "o-1")
    assert "North Inc. (erp), by one, two" in done("companies")
    assert any(len(one["connections"]) == 2 for one in told("companies")["data"])
    assert "one: The grant of one ends on" in done("connections")
    assert "The grant of one ends on" in done("connection", "show", "one")
    assert "renew              one  The grant of one ends on" in done("due")
    assert {"one", "two"} <= {one["connection"] for one in told("due")["renewals"]}


def test_clients_of_customers(erp: ScriptedErp) -> None:
    """The first client registers the customer; an id is given once."""
    assert "No client was added" in done("clients")
    add = ("add-client", "harbor-ny", "--customer", "harbor", "--name", "New York")
    assert done(*add, "--customer-name", "Harbor Group") == "harbor-ny is a client of Harbor Group (harbor).\n"
    assert told("add-client", "harbor-la", "--customer", "harbor", "--why", "opened")["name"] == "harbor-la"
    assert run("add-client", "harbor-ny", "--customer", "pier").exit_code == 1
    assert done("rename-client", "harbor-ny", "NYC") == "harbor-ny is called NYC, of Harbor Group (harbor).\n"
    assert done("rename-client", "harbor-ny", "NYC") == "harbor-ny: so already; nothing is recorded.\n"
    assert "harbor-ny  NYC, of Harbor Group (harbor)" in done("clients", "--customer", "harbor")
    assert [row["client"] for row in told("clients")["data"]] == ["harbor-la", "harbor-ny"]
    assert run("rename-client", "nobody", "x").exit_code == 1


MISUSED: list[tuple[list[str], int, str]] = [
    (["connection", "test", "nowhere"], 1, "no connection 'nowhere'"),
    (["connection", "show", "nowhere"], 1, "no connection 'nowhere'"),
    (["connection", "show", "no where"], 2, "is not a connection id"),
    (["connection", "draft", "x", "--system", "nonsense"], 1, "Known systems"),
    (["connection", "draft", "x", "--system", "erp", "--value", "password=x"], 1, "is a secret"),
    (["connection", "renew", "x", "--until", "tomorrow"], 2, "is not an instant"),
    (["connection", "renew", "x", "--until", "2027-01-31T12:00:00"], 2, "is not an instant"),
    (["connection", "suspend", "x"], 2, "--why"),
    (["edit-location", "nowhere", "--name", "x"], 1, "No connection feeds"),
]


@pytest.mark.parametrize(("arguments", "code", "said"), MISUSED, ids=[" ".join(row[0]) for row in MISUSED])
def test_what_cannot_be_done(erp: ScriptedErp, arguments: list[str], code: int, said: str) -> None:
    """What does not fit is said in a sentence."""
    result = run(*arguments)
    assert (result.exit_code, said in " ".join(result.stderr.split())) == (code, True), result.stderr


def test_a_revision_that_was_seen_guards(erp: ScriptedErp) -> None:
    """Only where the connection is as it was seen."""
    made("seen")
    revision = told("connection", "show", "seen")["revision"]
    assert told("connection", "edit", "seen", "--name", "x", "--expect", str(revision))["revision"] == revision + 1
    assert "is at revision" in run("connection", "edit", "seen", "--name", "y", "--expect", str(revision)).stderr


def test_nothing_is_there_yet(erp: ScriptedErp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty store says how to begin."""
    copy_of_a_store(tmp_path / "empty")
    monkeypatch.setenv("DAYBOOK_DATA_DIR", str(tmp_path / "empty"))
    assert "There are no connections yet" in done("connections")
    assert done("companies") == ""
