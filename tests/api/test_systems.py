"""The catalogue over HTTP and on the command line: finding systems, their forms, and testing credentials."""

import json
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from adapters.pos.tray import SYSTEM
from api import catalogue, composition
from api.catalogue import MOST_SYSTEMS, found_systems, load_systems
from api.cli import app
from api.settings import BadSettings, load_settings
from api.supplying import read_supplied
from domain.ports.systems import Profile
from tests.api.site import KEY, Site, copy_of_a_store
from tests.support.scripted import Scripted, import_files

ADMIN = {"Daybook-Role": "pos-admin"}


def test_the_catalogue(site: Site) -> None:
    """Every installed system with what it says of itself; words of the query are looked for in all of it."""
    found = site.client.get("/v1/systems")
    assert found.status_code == 200
    known = {entry["key"]: entry for entry in found.json()["data"]}
    kinds = {"files": "files", "sage-intacct": "erp", "tray": "pos"}
    assert {key: known[key]["kind"] for key in kinds} == kinds
    assert found.json()["broken"] == []
    tray = known["tray"]
    assert (tray["renewal_days"], tray["budget"]) == (None, {"at_once": 8, "per_minute": 600})
    assert "labor-lookback" in tray["capabilities"]
    for query, expected in [
        ("TRAY", ["tray"]),
        ("point sale", ["files", "tray"]),
        ("consolidated labor", ["tray"]),
        ("accounting intacct journal", ["sage-intacct"]),
        ("no such words", []),
    ]:
        listed = site.client.get("/v1/systems", params={"q": query}).json()["data"]
        assert [entry["key"] for entry in listed] == expected, query


def test_one_system(site: Site) -> None:
    """The form with its secrets marked, hosts, identity, ids of locations and polling options."""
    found = site.client.get("/v1/systems/tray").json()
    assert found["form"] == json.loads(json.dumps(SYSTEM.profile.form))
    assert found["form"]["properties"]["api_key"]["writeOnly"] is True
    assert (found["hosts"], found["location_ids"]) == (["*.tray.com"], ["venue"])
    assert "organizationId" in found["identity"]
    assert set(found["presets"]) == {"ihop"}
    missing = site.client.get("/v1/systems/nowhere")
    assert (missing.status_code, missing.json()["type"]) == (404, "/problems/unknown-system")


def values(site: Site, **fields: Any) -> dict[str, Any]:
    """The form of the site's POS, filled in."""
    return {"values": {"environment": site.pos.url, "api_key": KEY, **fields}}


def test_credentials_are_tested_by_calling(site: Site) -> None:
    """Accepted: companies and venues; nothing is recorded, and the answer is kept nowhere."""
    head = site.opened.journal.head()
    answer = site.client.post("/v1/systems/tray/test", values(site), headers=ADMIN)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    told = answer.json()
    assert (told["accepted"], told["failure"], told["environment"]) == (True, None, site.pos.url)
    (company,) = told["companies"]
    assert (company["organization"], company["name"]) == ("ORG-1", "Harbor Restaurants")
    assert [place["source"] for place in company["places"]] == [{"venue": "V100"}, {"venue": "V101"}]
    assert site.opened.journal.head() == head
    assert site.pos.pos.requests[-1]["path"] == "/kernel/v1/venues"


def test_credentials_that_are_not_accepted(site: Site) -> None:
    """An answer with why; the key is in none of it."""
    answer = site.client.post("/v1/systems/tray/test", values(site, api_key="wr0ng-key"), headers=ADMIN)
    assert answer.status_code == 200
    assert (answer.json()["accepted"], answer.json()["failure"]) == (False, "not-authorized")
    assert "wr0ng-key" not in answer.text
    named = site.client.post("/v1/systems/tray/test", values(site, venues=["V900"]), headers=ADMIN).json()
    assert (named["failure"], "V900" in named["message"]) == ("unknown-venue", True)
    inside = site.client.post(
        "/v1/systems/tray/test", values(site, environment="https://169.254.169.254"), headers=ADMIN
    ).json()
    assert (inside["failure"], inside["requests"]) == ("bad-endpoint", 0)


BAD: list[tuple[str, Any, int, str]] = [
    ("/v1/systems/tray/test", {"values": {"api_key": "s3cret key"}}, 422, "bad-form"),
    ("/v1/systems/tray/test", {"values": {"environment": 1, "api_key": ["s3cret key"]}}, 422, "bad-form"),
    ("/v1/systems/tray/test", {"values": "s3cret key"}, 422, "invalid-request"),
    ("/v1/systems/tray/test", {"values": {}, "reason": "s3cret key"}, 422, "invalid-request"),
    ("/v1/systems/tray/test", {"values": {f"f{n}": "s3cret key" for n in range(60)}}, 422, "invalid-request"),
    ("/v1/systems/files/test", {"values": {}}, 422, "nothing-to-examine"),
    ("/v1/systems/nowhere/test", {"values": {}}, 404, "unknown-system"),
]


@pytest.mark.parametrize(("path", "body", "status", "kind"), BAD)
def test_what_is_not_filled_in_as_the_form_asks(site: Site, path: str, body: Any, status: int, kind: str) -> None:
    """Problems name fields and never show a value; nothing is called."""
    before = len(site.pos.pos.requests)
    answer = site.client.post(path, body, headers=ADMIN)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")
    assert "s3cret" not in answer.text
    assert len(site.pos.pos.requests) == before


def test_every_problem_of_a_form_is_told_at_once(site: Site) -> None:
    """Field by field, with its title and its hint."""
    errors = site.client.post("/v1/systems/tray/test", {"values": {"api_key": "two words"}}).json()["errors"]
    assert [(error["field"], error["title"]) for error in errors] == [
        ("environment", "Environment URL"),
        ("api_key", "Kernel API key"),
    ]
    assert errors[1]["message"].startswith("it cannot be one: the key as Tray sent it")


@pytest.mark.parametrize(
    ("role", "sees", "tests"),
    [("auditor", 200, 403), ("pos-sync", 200, 403), ("pos-admin", 200, 200), ("payroll", 403, 403)],
)
def test_who_may(site: Site, role: str, sees: int, tests: int) -> None:
    """Whoever sees connections sees the catalogue; whoever connects points of sale tests credentials."""
    headers = {"Daybook-Role": role}
    assert site.client.get("/v1/systems", headers=headers).status_code == sees
    assert site.client.get("/v1/systems/tray", headers=headers).status_code == sees
    assert site.client.post("/v1/systems/tray/test", values(site), headers=headers).status_code == tests


def test_adapters_that_lack_something(monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be shown or checked is left out with the reason, and takes nobody with it."""
    bare = Profile(kind="pos", summary="x", capabilities=frozenset())
    broken: dict[str, Any] = {
        "no profile": Scripted(profile=None),  # type: ignore[arg-type]
        "kind": Scripted(profile=Profile(kind="x", summary="", capabilities=frozenset())),  # type: ignore[arg-type]
        "capability": Scripted(
            profile=Profile(kind="pos", summary="", capabilities=frozenset({"x"}))  # type: ignore[arg-type]
        ),
        "form": Scripted(profile=Profile(kind="pos", summary="", capabilities=frozenset(), form={"type": "array"})),
        "host": Scripted(profile=Profile(kind="pos", summary="", capabilities=frozenset(), hosts=("https://x",))),
        "key": Scripted(key="a b", profile=bare),
        "method": object(),
        "good": Scripted(profile=bare),
    }
    entries = []
    for number, (name, system) in enumerate(broken.items()):
        monkeypatch.setattr(catalogue, f"broken_{number}", system, raising=False)
        entries.append(EntryPoint(name, f"api.catalogue:broken_{number}", catalogue.SYSTEMS))
    systems, left_out = load_systems(entries)
    assert list(systems) == ["scripted"]
    assert set(left_out) == set(broken) - {"good"}
    assert "'connect'" in left_out["method"] or "key" in left_out["method"]
    monkeypatch.setattr(catalogue, "MOST_SYSTEMS", 0)
    assert "already" in load_systems(entries[-1:])[1]["good"]
    assert MOST_SYSTEMS >= 100


def test_finding() -> None:
    """By title, whatever the case of the words."""
    systems = {"b": Scripted(key="b", title="Zulu"), "a": Scripted(key="a", title="alpha"), "files": import_files()}
    assert [system.key for system in found_systems(systems)] == ["a", "files", "b"]
    assert [system.key for system in found_systems(systems, "zulu POS")] == ["b"]


# On the command line.


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty store that commands find."""
    copy_of_a_store(tmp_path / "data")
    monkeypatch.setenv("DAYBOOK_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DAYBOOK_ROLE", "operator")
    return tmp_path


def run(*arguments: str, said: str = "") -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(app, list(arguments), input=said)


def test_systems_on_the_command_line(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line for each, the form in words, both as JSON; what could not be loaded is a remark."""
    listed = run("systems")
    assert (listed.exit_code, len(listed.stdout.splitlines())) == (0, len(load_systems()[0]))
    assert "tray" in run("systems", "TRAY labor").stdout
    assert "No system" in run("systems", "nothing-like-this").stderr
    form = run("systems", "tray", "--form").stdout
    assert "api_key, secret: Kernel API key." in form
    assert "Help: https://" in form
    whole = json.loads(run("systems", "tray", "--form", "--json").stdout)
    assert whole["form"]["properties"]["api_key"]["writeOnly"] is True
    assert run("systems", "nowhere", "--form").exit_code == 1
    installed, _ = load_systems()
    renewed = Scripted(profile=Profile(kind="erp", summary="Books.", capabilities=frozenset(), renewal_days=30))
    monkeypatch.setattr(
        composition, "load_systems", lambda: ({**installed, "scripted": renewed}, {"lost": "no module"})
    )
    assert "every 30 days" in run("systems", "scripted", "--form").stdout
    both = run("systems", "--json")
    assert json.loads(both.stdout)["broken"] == [{"name": "lost", "reason": "no module"}]
    assert "'lost' is left out" in both.stderr


def test_testing_a_connection(store: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Values from a file or options, the secret from a variable, a file or DAYBOOK_SECRET; exit code 1 if not valid."""
    (store / "form.json").write_text(json.dumps({"environment": site.pos.url, "venues": ["V100"]}))
    (store / "key").write_text(f"{KEY}\n")
    (store / "none.json").write_text('{"environment": "https://kernel.tray.com", "api_key": "x"}')
    monkeypatch.setenv("TRAY_KEY", KEY)
    from_file = run("test-connection", "tray", str(store / "form.json"), "--key-file", str(store / "key"))
    assert from_file.exit_code == 0, from_file.output
    assert "Harbor Restaurants (ORG-1)" in from_file.stdout
    assert "venue V100, America/New_York" in from_file.stdout
    assert "V101" not in from_file.stdout
    address = ("--set", f"environment={site.pos.url}")
    by_options = run("test-connection", "tray", *address, "--set", "ihop=false", "--key-env", "TRAY_KEY", "--json")
    assert json.loads(by_options.stdout)["accepted"] is True
    named = run("test-connection", "tray", *address, "--set", "venues=V100,V101", "--key-env", "api_key=TRAY_KEY")
    assert "V101" in named.stdout
    monkeypatch.setenv("DAYBOOK_SECRET", "wr0ng-key")
    wrong = run("test-connection", "tray", *address)
    assert (wrong.exit_code, "wr0ng-key" in wrong.output) == (1, False)
    assert "does not accept the API key" in wrong.stderr
    refused = json.loads(run("test-connection", "tray", *address, "--json").stdout)
    assert (refused["accepted"], refused["failure"]) == (False, "not-authorized")


def test_mistakes_in_testing_a_connection(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is a sentence that says what to do; none shows a secret."""
    monkeypatch.delenv("DAYBOOK_SECRET", raising=False)
    (store / "secret.json").write_text('{"environment": "https://kernel.tray.com", "api_key": "s3cret"}')
    address = ("--set", "environment=https://kernel.tray.com")
    table: list[tuple[tuple[str, ...], int, str]] = [
        (("tray", str(store / "secret.json")), 2, "is a secret"),
        (("tray", "--set", "api_key=s3cret"), 2, "is a secret"),
        (("tray", "--set", "nonsense"), 2, "FIELD=VALUE"),
        (("tray", "--key-env", "other=X"), 2, "a secret of the form"),
        (("tray", *address), 1, "no terminal to ask"),
        (("tray", *address, "--key-env", "NOT_SET"), 1, "holds no secret"),
        (("tray", *address, "--key-file", str(store / "none")), 1, "cannot be read"),
        (("tray", "--set", "ihop=maybe"), 1, "yes or no"),
        (("files",), 1, "no credentials to test"),
        (("nowhere",), 1, "no adapter"),
    ]
    for arguments, code, sentence in table:
        result = run("test-connection", *arguments)
        assert (arguments, result.exit_code) == (arguments, code), result.output
        assert sentence in " ".join(result.stderr.replace("│", " ").split()), arguments
        assert "s3cret" not in result.output


def test_ihop_takes_what_the_operator_supplies(store: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """IHOP needs the venue ids alone: address and key come from a file that only daybook can read."""
    alone = ("test-connection", "tray", "--set", "ihop=true", "--set", "venues=V101")
    missing = run(*alone)
    assert (missing.exit_code, "DAYBOOK_SUPPLIED_FILE" in missing.stderr) == (1, True)
    supplied = store / "supplied.json"
    entry = {"system": "tray", "where": {"ihop": True}, "values": {"environment": site.pos.url, "api_key": KEY}}
    supplied.write_text(json.dumps([entry]))
    supplied.chmod(0o600)
    monkeypatch.setenv("DAYBOOK_SUPPLIED_FILE", str(supplied))
    answer = run(*alone)
    assert answer.exit_code == 0, answer.output
    assert "V101" in answer.stdout
    assert KEY not in answer.output


@pytest.mark.parametrize(
    ("content", "mode", "reason"),
    [
        (None, 0o600, "cannot be read"),
        ("[]", 0o644, "chmod 600"),
        ("no json, s3cret", 0o600, "not JSON"),
        ('{"system": "s3cret"}', 0o600, "a list of"),
        ('[{"system": "s3cret"}]', 0o600, "a list of"),
        ('[{"system": "nowhere", "where": {}, "values": {}}]', 0o600, "not installed"),
        ('[{"system": "tray", "where": {"x": 1}, "values": {"api_key": "s3cret"}}]', 0o600, "does not have, 'x'"),
        ("[" + " " * 2**20 + "]", 0o600, "too large"),
    ],
)
def test_bad_files_of_the_operator(tmp_path: Path, content: str | None, mode: int, reason: str) -> None:
    """Daybook does not start with a file that others can read, or that it does not understand; no value is shown."""
    path = tmp_path / "supplied.json"
    if content is not None:
        path.write_text(content)
        path.chmod(mode)
    with pytest.raises(BadSettings, match=reason) as refused:
        read_supplied(path, {"tray": SYSTEM})
    assert "s3cret" not in str(refused.value)


def test_settings_of_the_way_out() -> None:
    """Hosts are read and checked when daybook starts; without any setting nothing but the systems' own is reached."""
    assert load_settings(allow_loopback=False, system_hosts="").reach.hosts == ()
    reach = load_settings(allow_loopback=True, system_hosts=" tray=a.example.com, *.b.example.com ,").reach
    assert (reach.loopback, reach.hosts) == (True, ("tray=a.example.com", "*.b.example.com"))
    with pytest.raises(BadSettings, match="DAYBOOK_SYSTEM_HOSTS"):
        load_settings(system_hosts="https://a.example.com")
