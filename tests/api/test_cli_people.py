"""Commands about people, and commands by somebody's API key."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from tests.api.site import copy_of_a_store

WORDS = "several words of mine"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh store that commands of this process find, given by the operator."""
    copy_of_a_store(tmp_path)
    monkeypatch.setenv("DAYBOOK_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DAYBOOK_DATABASE_URL", "")
    monkeypatch.setenv("DAYBOOK_ROLE", "operator")
    return tmp_path


def run(*arguments: str, **env: str) -> Result:
    """Run a command."""
    return CliRunner().invoke(app, list(arguments), env=env)


def fine(*arguments: str, **env: str) -> str:
    """Run a command; it has to succeed. Answers what it says."""
    result = run(*arguments, **env)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(*arguments: str, **env: str) -> str:
    """Run a command; it has to be refused in a sentence. Answers that."""
    result = run(*arguments, **env)
    assert (result.exit_code, result.stderr[:9]) == (1, "daybook: "), result.output
    return re.sub(r"\s+", " ", result.stderr)


def secret_in(text: str) -> str:
    """The secret that was shown."""
    return str(re.findall(r"\bdb[ko]_\w+", text)[0])


def test_init_makes_the_owner_once(folder: Path) -> None:
    """The first time with a one-time secret, with which the owner chooses a password; later there is one."""
    first = json.loads(fine("init", "--json"))
    assert first["owner"]["login"] == "owner"
    assert json.loads(fine("init", "--json"))["owner"] is None
    assert "One-time" not in fine("init")
    told = fine("set-password", DAYBOOK_ONE_TIME_SECRET=first["owner"]["secret"], DAYBOOK_NEW_PASSWORD=WORDS)
    assert told == "owner of the client main can sign in with the password now.\n"
    again = refused("set-password", DAYBOOK_ONE_TIME_SECRET=first["owner"]["secret"], DAYBOOK_NEW_PASSWORD=WORDS)
    assert "no one-time secret" in again
    assert "owner  full-access everywhere, password, Owner" in fine("users")


def test_people_from_the_command_line(folder: Path, tmp_path: Path) -> None:
    """Added, changed, linked, disabled, enabled and invited again; each change with its reason."""
    added = fine("add-user", "Berta", "--role", "manager", "--location", "pier", "--name", "Berta B.", "--why", "new")
    assert "Added the user berta." in added
    assert "cannot sign in" not in fine("users")
    secret, password = tmp_path / "secret", tmp_path / "password"
    secret.write_text(f"{secret_in(added)}\n")
    password.write_text(f"{WORDS}\n")
    told = fine("set-password", "--secret-file", str(secret), "--password-file", str(password), "--json")
    assert json.loads(told) == {"client": "main", "login": "berta"}
    fine("change-user", "berta", "--role", "auditor", "--role", "pos-sync", "--everywhere", "--why", "more to do")
    link = ("link-user", "berta", "s-1", "--why", "single sign-on")
    assert "--issuer" in refused(*link)
    fine(*link, "--issuer", "https://id.example")
    assert "berta  pos-sync, auditor everywhere, password and OpenID, Berta B." in fine("users")
    fine(*link, "--issuer", "https://id.example", "--back")
    assert "Nothing is another" in fine("change-user", "berta", "--name", "Berta B.", "--why", "the same")
    disabled = run("disable-user", "berta", "--why", "left")
    assert (disabled.exit_code, disabled.stdout) == (0, "Disabled the user berta.\n")
    assert "berta  pos-sync, auditor everywhere, disabled" in fine("users")
    back = fine("change-user", "berta", "--enable", "--invite", "--why", "came back", "--json")
    assert json.loads(back)["secret"].startswith("dbo_")
    (row,) = json.loads(fine("users", "--json"))["data"]
    assert (row["login"], row["enabled"], row["identities"]) == ("berta", True, [])
    assert json.loads(fine("disable-user", "berta", "--with-keys", "--why", "left", "--json"))["login"] == "berta"


def test_keys_from_the_command_line(folder: Path) -> None:
    """Issued and shown once, listed without their secret, revoked once."""
    issued = fine("issue-key", "nightly report", "--role", "auditor", "--days", "7", "--location", "pier", "--why", "x")
    secret = secret_in(issued)
    id_ = secret.split("_")[1]
    listed = fine("keys")
    assert re.search(rf"{id_}  nightly report: auditor at pier, good until \d{{4}}-\d\d-\d\d, issued by cli:", listed)
    assert secret not in listed
    assert fine("revoke-key", id_, "--why", "done") == f"Revoked the API key {id_}.\n"
    assert "was revoked before" in fine("revoke-key", id_, "--why", "done")
    assert "revoked on" in fine("keys")
    (row,) = json.loads(fine("keys", "--json"))["data"]
    assert (row["key"], row["revoked_at"] is None) == (id_, False)
    made = json.loads(fine("issue-key", "other", "--role", "support", "--why", "x", "--json"))
    assert made["secret"].startswith(f"dbk_{made['key']}_")
    assert json.loads(fine("revoke-key", made["key"], "--why", "done", "--json"))["key"] == made["key"]


def test_a_key_bounds_what_a_command_may(folder: Path) -> None:
    """With DAYBOOK_KEY a command acts as the key, for its client and with its rights; a bad one stops every command."""

    def key(*more: str) -> str:
        return secret_in(fine("issue-key", "k", "--why", "x", *more))

    admin, auditor = key("--role", "full-access"), key("--role", "auditor")
    there = key("--role", "full-access", "--client", "other")
    fine("add-user", "carl", "--role", "manager", "--why", "x", DAYBOOK_KEY=admin)
    (row,) = json.loads(fine("users", "--json", DAYBOOK_KEY=admin))["data"]
    assert row["added_by"] == f"key:{admin.split('_')[1]}"
    assert "people.manage" in refused("users", DAYBOOK_KEY=auditor)
    assert "people.manage" in refused("add-user", "dora", "--role", "auditor", "--why", "x", DAYBOOK_KEY=auditor)
    assert "reveal" in refused("add-user", "dora", "--role", "payroll", "--why", "x", DAYBOOK_KEY=admin)
    assert json.loads(fine("users", "--json", DAYBOOK_KEY=there))["data"] == []
    assert "is of the client 'other'" in refused("users", "--client", "main", DAYBOOK_KEY=there)
    for command in (["users"], ["locations"], ["due"], ["check"]):
        for bad in ("dbk_x", f"{admin[:-1]}0" if admin[-1] != "0" else f"{admin[:-1]}1"):
            assert "no API key" in refused(*command, DAYBOOK_KEY=bad)
    fine("revoke-key", admin.split("_")[1], "--why", "x")
    assert "expired or was revoked" in refused("locations", DAYBOOK_KEY=admin)


REFUSED = [
    (["add-user", "berta", "--role", "operator", "--why", "x"], "no role that can be given"),
    (["change-user", "nobody", "--name", "N", "--why", "x"], "no user"),
    (["change-user", "nobody", "--why", "x"], "Say what is to be another"),
    (["disable-user", "nobody", "--why", "x"], "no user"),
    (["issue-key", "k", "--role", "auditor", "--days", "400", "--why", "x"], "1 to 365"),
    (["revoke-key", "nothing", "--why", "x"], "no API key"),
    (["set-password"], "no terminal"),
    (["set-password", "--secret-file", "/none/such"], "cannot be read"),
]


@pytest.mark.parametrize(("arguments", "said"), REFUSED, ids=[" ".join(row[0][:2]) for row in REFUSED])
def test_what_is_refused_is_said(folder: Path, arguments: list[str], said: str) -> None:
    """In a sentence, with exit code 1."""
    assert said in refused(*arguments)


def test_empty_lists_say_what_to_do(folder: Path) -> None:
    """Of no users and no keys it is said how there come to be some."""
    assert "daybook init" in run("users").stderr
    assert "daybook issue-key" in run("keys").stderr


def test_managers_manage_no_people(folder: Path) -> None:
    """The operator's usual role is that of a manager: people take another."""
    assert "people.manage" in refused("users", DAYBOOK_ROLE="manager")
    assert "people.manage" in refused("keys", DAYBOOK_ROLE="manager")
