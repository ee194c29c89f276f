"""The command line: exit codes, sentences instead of tracebacks, and JSON that other programs can rely on."""

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from adapters.pos.tray.simulator import Edits
from api.cli import app
from api.cli.connecting import SECRET_VARIABLE, ConnectionFile, LocationEntry, read_connection
from api.cli.simulating import SIMULATED
from api.composition import init_store
from api.settings import load_settings
from projections.views import ALL
from tests.api.site import DATES, KEY, LAST, Site, a_site, copy_of_a_store

D = str(DATES[0])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty store that commands find by their settings."""
    copy_of_a_store(tmp_path / "data")
    monkeypatch.setenv("DAYBOOK_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture(scope="module")
def cli_site(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A daybook with a polled and an edited day, which commands work on beside the server."""
    with a_site(tmp_path_factory.mktemp("cli")) as site:
        assert site.poll(DATES[0]).status_code == 201
        site.pos.pos.edit(Edits(venue="V100", business_date=DATES[0], tickets=1, punches=1))
        assert site.poll(DATES[0]).status_code == 201
        site.catch_up()
        yield site


@pytest.fixture
def here(cli_site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The same, as the store that commands find."""
    monkeypatch.setenv("DAYBOOK_DATA_DIR", str(cli_site.folder))
    return cli_site


def run(*arguments: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(app, list(arguments))


EXITS: list[tuple[list[str], int, str]] = [
    # Wrong usage.
    (["nonsense"], 2, "No such command"),
    (["dss"], 2, "Missing argument"),
    (["dss", "alpha", D, "--nonsense"], 2, "No such option"),
    (["repoll", "alpha", D], 2, "--why"),
    (["serve", "--port", "70000"], 2, "port"),
    (["connect"], 2, "--id"),
    (["connect", "--id", "x", "--environment", "http://127.0.0.1:1", "--location", "a"], 2, "ID=VENUE"),
    (["connect", "--id", "x", "--environment", "http://127.0.0.1:1", "--location", "a=V1"], 2, "time zone"),
    (["demo", "--days", "0"], 2, "days"),
    # Refused.
    (["dss", "alpha", "yesterday"], 2, "write it YYYY-MM-DD"),
    (["dss", "al pha", D], 2, "is not a location id"),
    (["dss", "alpha", str(LAST)], 1, "poll it first"),
    (["dss", "alpha", D, "--as-of", "0"], 1, "as of 0"),
    (["dss", "alpha", D, "--as-of", "tomorrow"], 2, "is no moment"),
    (["dss", "alpha", D, "--as-of", "2026-01-01T00:00:00"], 2, "no offset"),
    (["history", "alpha", D, "--record", "ticket"], 2, "KIND/KEY"),
    (["history", "alpha", D, "--record", "ticket/none"], 1, "Nothing is recorded"),
    (["replay", "alpha", str(LAST)], 1, "nothing to replay"),
    (["replay", "gamma", D], 1, "no location"),
    (["poll", "gamma", D], 1, "daybook locations"),
    (["poll", "alpha", "2199-12-31"], 1, "poll it then"),
    (["repoll", "alpha", D, "--why", " "], 2, "reason"),
    (["repoll", "alpha", D, "--why", "two\nlines"], 2, "one line"),
    (["rebuild", "nonsense"], 2, "no view"),
    (["serve", "--host", "0.0.0.0"], 1, "DAYBOOK_ACCESS=open"),  # noqa: S104 - refused is what it is
    (["serve", "--host", "daybook.example.com"], 1, "DAYBOOK_ACCESS=open"),
    (["locations", "--client", "a:b"], 1, "DAYBOOK_CLIENT"),
    (["worker", "--client", "a:b"], 1, "DAYBOOK_WORKER_CLIENT"),
    (["connect", "nowhere.json"], 1, "cannot be read"),
    (["simulate", "tray", "--last", "x"], 2, "YYYY-MM-DD"),
    # Fine.
    (["--help"], 0, ""),
    (["--version"], 0, ""),
    (["dss", "alpha", D], 0, ""),
    (["history", "alpha", D], 0, ""),
    (["replay", "alpha", D], 0, ""),
    (["locations"], 0, ""),
    (["check"], 0, ""),
    (["init"], 0, "Keep a copy"),
]


@pytest.mark.parametrize(("arguments", "code", "said"), EXITS, ids=[" ".join(row[0]) for row in EXITS])
def test_exit_codes(here: Site, arguments: list[str], code: int, said: str) -> None:
    """0 is fine, 1 refused or failed, 2 wrong usage; what went wrong is said on standard error, without a traceback."""
    result = run(*arguments)
    assert result.exit_code == code, result.output
    assert said in re.sub(r"\s+", " ", result.stderr)
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    if code == 1:
        assert result.stdout == ""
        assert result.stderr.startswith("daybook: ")
        assert result.stderr.rstrip().endswith((".", "}"))


COMMANDS = [
    "demo",
    "init",
    "connect",
    "add-location",
    "configure",
    "locations",
    "poll",
    "repoll",
    "dss",
    "entries",
    "history",
    "generations",
    "compare",
    "explain",
    "trace",
    "replay",
    "complete",
    "approve",
    "reopen",
    "accounts",
    "users",
    "add-user",
    "change-user",
    "link-user",
    "disable-user",
    "set-password",
    "keys",
    "issue-key",
    "revoke-key",
    "rebuild",
    "check",
    "serve",
]


@pytest.mark.parametrize("command", [*COMMANDS, "simulate", *(f"simulate {system}" for system in SIMULATED)])
def test_help(command: str) -> None:
    """Every command explains itself and each of its options."""
    result = run(*command.split(), "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.stdout
    for line in result.stdout.splitlines():
        assert not re.fullmatch(r"  --[a-z-]+( [A-Z:|.]+)?", line), line


JSON: list[tuple[list[str], set[str]]] = [
    (["dss", "alpha", D, "--json"], {"location", "date", "version", "as_of", "closing", "summary", "journal_entries"}),
    (["entries", "alpha", D, "--json"], {"location", "date", "version", "as_of", "journal_entries"}),
    (["accounts", "--json"], {"version", "accounts", "defaults", "default_accounts", "over_short_limit"}),
    (["history", "alpha", D, "--json"], {"location", "date", "record", "field", "as_of", "data"}),
    (
        ["replay", "alpha", D, "--json"],
        {
            "location",
            "date",
            "generation",
            "capture",
            "configuration",
            "approved",
            "derivations",
            "differs",
            "to_record",
            "changes",
            "records",
            "effect",
            "standing",
            "beside",
        },
    ),
    (["locations", "--json"], {"data"}),
    (["check", "--json"], {"sound", "commits", "facts", "faults", "claimed_twice", "head"}),
    (["rebuild", "days", "--json"], {"views", "position"}),
    (["init", "--json"], {"revision", "store", "key_file", "owner", "walls"}),
    (
        ["repoll", "alpha", D, "--why", "again", "--json"],
        {
            "location",
            "date",
            "outcome",
            "generation",
            "added",
            "changed",
            "removed",
            "position",
            "recorded_at",
            "failure",
        },
    ),
]


@pytest.mark.parametrize(("arguments", "members"), JSON, ids=[row[0][0] for row in JSON])
def test_json_is_stable(here: Site, arguments: list[str], members: set[str]) -> None:
    """With --json standard output is one JSON document with just these members."""
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    assert set(json.loads(result.stdout)) == members


def test_connection_file_is_documented(tmp_path: Path) -> None:
    """The help of connect shows a file that connect takes, names every member, and where the key may come from."""
    text = run("connect", "--help").stdout
    shown = re.search(r"^ *(\{.*?\]\})$", text, re.DOTALL | re.MULTILINE)
    assert shown
    file = tmp_path / "connection.json"
    file.write_text(shown[1])
    assert read_connection(file).id == "tray-main"
    for member in (*ConnectionFile.__struct_fields__, *LocationEntry.__struct_fields__, SECRET_VARIABLE):
        assert member in text


def test_dss_report(here: Site) -> None:
    """The report shows the same figures as the JSON, and unknown over/short as unknown."""
    figures = json.loads(run("dss", "alpha", D, "--json").stdout)["summary"]
    text = run("dss", "alpha", D).stdout
    assert "DAILY SALES SUMMARY  Alpha (alpha)" in text
    net = next(line for line in text.splitlines() if "Net sales" in line)
    assert net.endswith(figures["net_sales"])
    assert all(len(line) <= 78 for line in text.splitlines())


def test_dss_as_of(here: Site) -> None:
    """--as-of shows the summary of then, by position and by time."""
    first = json.loads(run("history", "alpha", D, "--json").stdout)["data"][0]
    by_position = json.loads(run("dss", "alpha", D, "--as-of", str(first["position"] + 100), "--json").stdout or "null")
    assert by_position is None or by_position["summary"]["generation"] >= 1
    by_time = json.loads(run("dss", "alpha", D, "--as-of", first["recorded_at"], "--json").stdout)
    assert by_time["summary"]["generation"] == 1
    assert json.loads(run("dss", "alpha", D, "--json").stdout)["summary"]["generation"] == 2


def test_history_is_one_sentence_a_line(here: Site) -> None:
    """Each line of a history has the time, the actor and a sentence."""
    lines = run("history", "alpha", D).stdout.splitlines()
    assert len(lines) >= 4
    for line in lines:
        assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ  \S+  .+\.", line), line


def test_replay_says_that_nothing_differs(here: Site) -> None:
    """Replaying what is recorded finds no difference."""
    assert run("replay", "alpha", D).stdout.startswith("Nothing differs")


def test_poll_then_unchanged(here: Site) -> None:
    """A command line poll and the server share the store: one polls, the other sees it."""
    first = run("poll", "beta", str(DATES[1]))
    assert (first.exit_code, "generation 1" in first.stdout) == (0, True)
    again = run("repoll", "beta", str(DATES[1]), "--why", "to be sure")
    assert (again.exit_code, "nothing differs" in again.stdout) == (0, True)
    seen = here.client.get(f"/v1/days/beta/{DATES[1]}").json()
    assert (seen["generation"], seen["attempts"]) == (1, 2)


def test_failed_poll(here: Site) -> None:
    """A failed poll is recorded, said in a sentence, and exit code 1; as JSON it is one document all the same."""
    here.pos.pos.arm("truncated_json", times=None)
    plain = run("poll", "beta", str(DATES[2]))
    as_json = run("poll", "beta", str(DATES[2]), "--json")
    here.pos.pos.disarm()
    assert (plain.exit_code, plain.stdout) == (1, "")
    assert "malformed" in plain.stderr
    assert as_json.exit_code == 1
    assert json.loads(as_json.stdout)["failure"]["failure"] == "malformed"


@pytest.mark.parametrize("view", [None, *[view.name for view in ALL]])
def test_rebuild(here: Site, view: str | None) -> None:
    """Rebuilding a view, or all, leaves every answer as it was."""
    before = here.client.get("/v1/dss").json()
    result = run("rebuild", *([view] if view else []))
    assert (result.exit_code, result.stdout.startswith("Rebuilt")) == (0, True)
    assert here.client.get("/v1/dss").json() == before


def test_store_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command but init says that init is missing, and makes nothing."""
    monkeypatch.setenv("DAYBOOK_DATA_DIR", str(tmp_path / "none"))
    for command in ("locations", "check", "serve --port 0", "rebuild", f"poll a {D}", f"dss a {D}"):
        result = run(*command.split())
        assert (result.exit_code, "daybook init" in result.stderr) == (1, True)
    assert not (tmp_path / "none").exists()


def test_views_that_were_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Views are a cache: where they are gone, init makes them again; beside a new journal old ones are dropped."""
    monkeypatch.setenv("DAYBOOK_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DAYBOOK_DATABASE_URL", "")
    for lost in ("views.db", "journal.db"):
        assert run("init").exit_code == 0
        for file in tmp_path.glob(f"{lost}*"):
            file.unlink()
        missing = run("locations")
        assert (missing.exit_code, "daybook init" in missing.stderr) == (1, True)
        assert run("init").exit_code == 0
        assert run("locations").exit_code == 0


def test_init_twice(tmp_path: Path) -> None:
    """Making a store that is there changes nothing, the key file included."""
    settings = load_settings(data_dir=tmp_path / "a" / "b", database_url="")
    revision = init_store(settings)
    key = settings.key_path.read_bytes()
    assert init_store(settings) == revision
    assert settings.key_path.read_bytes() == key


def test_lost_key_file(here: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A store without its key file is refused with what to do, and no new key is made over it."""
    monkeypatch.setenv("DAYBOOK_KEY_FILE", str(tmp_path / "key"))
    result = run("locations")
    assert (result.exit_code, "put back the key file" in result.stderr) == (1, True)
    assert not (tmp_path / "key").exists()


SETTINGS = [
    ("PORT", "eight"),
    ("PORT", "70000"),
    ("WAIT", "-1"),
    ("LOG_LEVEL", "loud"),
    ("CLIENT", "a b"),
    ("CLIENT", ""),
    ("THREADS", "0"),
    ("BODY_BYTES", "1"),
    ("ACTOR", "two\nlines"),
    ("DATABASE_URL", "mysql://root:hunter2@db/x"),
    ("DATABASE_URL", "sqlite://"),
    ("DATABASE_URL", "hunter2"),
]


@pytest.mark.parametrize(("name", "value"), SETTINGS)
def test_bad_settings(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """A setting that does not fit is a sentence that never shows a secret."""
    monkeypatch.setenv(f"DAYBOOK_{name}", value)
    result = run("locations")
    assert result.exit_code == 1
    assert result.stderr.startswith("daybook: ")
    assert "hunter2" not in result.output
    if name != "DATABASE_URL":
        assert f"DAYBOOK_{name}" in result.stderr


GOOD_FILE = {
    "id": "tray-main",
    "environment": "http://127.0.0.1:9",
    "locations": [{"id": "harbor", "zone": "America/New_York", "source": {"venue": "V100"}}],
}

FILES: list[tuple[Any, str]] = [
    (b"{", "is not JSON"),
    (b"\xff\xfe", "is not JSON"),
    ({}, "missing required field"),
    ({**GOOD_FILE, "key": "secret"}, "unknown field"),
    ({**GOOD_FILE, "locations": [{"id": "harbor"}]}, "missing required field"),
    ({**GOOD_FILE, "locations": [{**GOOD_FILE["locations"][0], "zone": "Mars/Olympus"}]}, "IANA"),  # type: ignore[dict-item]
    ({**GOOD_FILE, "locations": [{**GOOD_FILE["locations"][0], "day_starts": "4"}]}, "HH:MM"),  # type: ignore[dict-item]
    ({**GOOD_FILE, "locations": [{**GOOD_FILE["locations"][0], "source": {}}]}, "lacks the source id"),  # type: ignore[dict-item]
    ({**GOOD_FILE, "locations": GOOD_FILE["locations"] * 2}, "already"),  # type: ignore[operator]
    ({**GOOD_FILE, "environment": "http://user:pw@127.0.0.1"}, "environment URL"),
    ({**GOOD_FILE, "system": "nonsense"}, "Known systems"),
    ({**GOOD_FILE, "id": "a b"}, "connection id"),
    ({**GOOD_FILE, "options": {"nonsense": True}}, "The options are"),
]


@pytest.mark.parametrize(("content", "said"), FILES)
def test_bad_connection_files(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: Any, said: str
) -> None:
    """A connection file that is wrong is refused in a sentence, and nothing is recorded."""
    monkeypatch.setenv("DAYBOOK_SECRET", KEY)
    file = tmp_path / "connection.json"
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    result = run("connect", str(file))
    # An id that no id can be is wrong usage wherever it stands; the rest is refused.
    code = 2 if said == "connection id" else 1
    assert (result.exit_code, said in result.stderr) == (code, True), result.stderr
    assert json.loads(run("check", "--json").stdout)["facts"] == 0


def test_connect_by_file(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection file and a key in the environment make a connection; the key is in no output and no fact."""
    file = tmp_path / "connection.json"
    file.write_text(json.dumps(GOOD_FILE))
    assert "terminal" in run("connect", str(file)).stderr
    monkeypatch.setenv("MY_KEY", "tray-key-hunter2")
    result = run("connect", str(file), "--key-env", "MY_KEY", "--json")
    assert json.loads(result.stdout) == {"connection": "tray-main", "locations": ["harbor"], "position": 3}
    assert [row["location"] for row in json.loads(run("locations", "--json").stdout)["data"]] == ["harbor"]
    again = run("connect", str(file), "--key-env", "MY_KEY")
    assert (again.exit_code, "already" in again.stderr) == (1, True)
    assert b"hunter2" not in b"".join(path.read_bytes() for path in folder.iterdir())


def test_connect_by_options(folder: Path, tmp_path: Path) -> None:
    """Options make the same connection; the key may come from a file, and zones for each location or for all."""
    (tmp_path / "key").write_text(f"{KEY}\n")
    result = run(
        "connect",
        *("--id", "t", "--environment", "http://127.0.0.1:9", "--zone", "America/Chicago"),
        *("--location", "a=V1", "--location", "b=V2:America/New_York", "--day-starts", "04:00"),
        *("--key-file", str(tmp_path / "key")),
    )
    assert result.exit_code == 0, result.output
    rows = json.loads(run("locations", "--json").stdout)["data"]
    assert [(row["location"], row["zone"], row["day_starts"]) for row in rows] == [
        ("a", "America/Chicago", "04:00"),
        ("b", "America/New_York", "04:00"),
    ]
    other = run(
        "connect",
        "--id",
        "u",
        "--environment",
        "http://127.0.0.1:9",
        "--location",
        "a=V1:UTC",
        "--key-file",
        str(tmp_path / "key"),
    )
    assert (other.exit_code, "fed by the connection 't'" in other.stderr) == (1, True)


def test_clients_are_apart(here: Site) -> None:
    """What one client has recorded is nothing to another."""
    assert json.loads(run("locations", "--client", "other", "--json").stdout) == {"data": []}
    assert run("dss", "alpha", D, "--client", "other").exit_code == 1
    assert run("poll", "alpha", D, "--client", "other").exit_code == 1


def test_check_finds_tampering(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fact that was changed behind the journal's back is found, with exit code 1."""
    monkeypatch.setenv("DAYBOOK_DATA_DIR", str(tmp_path / "data"))
    with a_site(tmp_path / "data", projecting=False) as site:
        assert site.poll(DATES[0]).status_code == 201
    assert run("check").exit_code == 0
    with sqlite3.connect(tmp_path / "data" / "journal.db") as database:
        for (trigger,) in list(database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")):
            database.execute(f'DROP TRIGGER "{trigger}"')
        database.execute("UPDATE facts SET state = CAST(replace(CAST(state AS TEXT), 'tray', 'trAy') AS BLOB)")
    database.close()
    result = run("check", "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert (found["sound"], bool(found["faults"])) == (False, True)


def test_database_that_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that does not answer is a sentence without its password, and exit code 1."""
    monkeypatch.setenv("DAYBOOK_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DAYBOOK_DATABASE_URL", "postgresql://somebody:hunter2@127.0.0.1:9/none")
    for arguments in (["init"], ["check"], ["locations"]):
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("daybook: The database cannot be reached")
        assert "hunter2" not in result.stderr
