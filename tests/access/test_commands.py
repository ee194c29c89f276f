"""Commands with the key of somebody who has one location: no command of them all tells of another one."""

import json
import re
from typing import Final

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.cli.permitting import COMMANDS
from domain.permissions import Permission
from tests.access.town import DATES, OPERATOR, D, Town

DAY: Final = str(D)
LATER: Final = str(DATES[1])
FOREIGN: Final = re.compile(r"beta|gamma|omega|tray.two|of other\b|-other\b", re.IGNORECASE)
"""What is at other locations, of other connections or of the other client has their names in it."""

WHY: Final = ("--why", "a test")

ASKED: Final[dict[str, tuple[str, ...]]] = {
    "connections": (),
    "connection show": ("tray",),
    "companies": (),
    "systems": (),
    "locations": (),
    "configure": ("tray",),
    "dss": ("alpha", DAY),
    "entries": ("alpha", DAY),
    "history": ("alpha", DAY),
    "generations": ("alpha", DAY),
    "compare": ("alpha", DAY, "1", "now"),
    "explain": ("alpha", DAY),
    "trace": ("tray",),
    "replay": ("--connection", "tray", "--from", DAY, "--to", LATER),
    "entered": ("alpha", DAY),
    "conflicts": (),
    "late-changes": (),
    "closing": ("alpha", DAY),
    "due": (),
    "accounts": (),
    "users": (),
    "keys": (),
    "readings": (),
    "find-employee": WHY,
    "export-person": ("alpha", "{employee}", *WHY),
    "reveal": ("alpha", "{employee}", "address", *WHY),
    "retention": (),
    "objects": (),
    "schedule": ("alpha", "2026-11-02"),
    "hr-employee": ("alpha", "{employee}"),
    "import-jobs": (),
    "import-job show": ("{job}",),
    "hr-employees": (),
    "employee-matches": (),
    "sync": ("tray",),
    "poll": ("alpha", LATER),
    "repoll": ("alpha", LATER, *WHY),
    "comment": ("alpha", LATER, "fine", *WHY),
    "complete": ("alpha", LATER, *WHY),
    "shred": (),
}
"""What is read, and some of what is done, at the location alpha or of all that is one's own."""

DONE: Final = frozenset(
    {
        "connect", "connection draft", "connection test", "connection establish", "connection edit",
        "connection rotate", "connection renew", "connection share", "connection admin", "connection suspend",
        "connection resume", "connection disconnect", "rename-client", "edit-location", "test-connection",
        "add-location", "import", "edit-punch", "add-punch", "strike-punch", "deposit", "tag", "withdraw", "resolve",
        "approve", "reopen", "delete", "confirm-closed", "add-user", "change-user", "link-user", "disable-user",
        "issue-key", "revoke-key", "forget", "forget-hr-employee", "hold", "import-job add", "import-job change",
        "import-job schedule",
        "import-job run", "import-job continue", "import-job end", "import-schedule", "publish-schedule", "pull",
        "link-employee", "unlink-employee", "review-objects",
    }
)  # fmt: skip
"""What is done, and asks the domain, which asks for every location: see tests/access/test_matrix.py."""

WITHOUT: Final = frozenset(
    {
        "demo", "init", "serve", "set-password", "worker",
        "simulate tray", "simulate sage-intacct", "simulate 24sevenoffice", "simulate scim",
        "simulate webhook",
    }
)  # fmt: skip
"""What no key is asked for: it opens no store, makes one, acts as itself, or is for who has a one-time secret."""

OPERATING: Final[dict[str, tuple[str, ...]]] = {
    "clients": (),
    "add-client": ("new", "--customer", "c"),
    "rotate-key": (),
    "rebuild": (),
    "check": (),
}
"""What concerns the whole installation."""


@pytest.fixture(scope="module")
def key(town: Town) -> str:
    """The API key of somebody who may everything, at alpha."""
    given = {"name": "alpha's", "roles": ["full-access", "payroll"], "locations": ["alpha"], "reason": "a test"}
    answer = town.ask(OPERATOR, "POST", "/v1/keys", json=given)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["secret"])


def run(town: Town, key: str, *arguments: str) -> Result:
    """A command, in the name of whoever has the key."""
    env = {"DAYBOOK_DATA_DIR": str(town.folder), "DAYBOOK_DATABASE_URL": "", "DAYBOOK_KEY": key, "COLUMNS": "400"}
    filled = [argument.format(**town.ids) for argument in arguments]
    return CliRunner().invoke(app, filled, env=env, input="900-11-0001\n")


def test_every_command_is_here() -> None:
    """So that a new one is looked at."""
    assert ASKED.keys() | DONE | WITHOUT | OPERATING.keys() == COMMANDS.keys()
    assert all(Permission.OPERATE in COMMANDS[name] for name in OPERATING)


@pytest.mark.parametrize("name", ASKED)
def test_no_command_tells_of_another_location(town: Town, key: str, name: str) -> None:
    """Neither in sentences nor as JSON; and it does tell of one's own."""
    for form in ((), ("--json",)):
        if form and name in {"reveal", "export-person"}:
            continue
        result = run(town, key, *name.split(), *ASKED[name], *form)
        assert result.exit_code == 0, result.output
        assert not FOREIGN.search(result.output.replace(DAY, "").replace(LATER, "")), result.output


@pytest.mark.parametrize("name", [name for name, arguments in ASKED.items() if arguments[:1] == ("alpha",)])
def test_a_location_that_is_not_theirs_does_not_exist(town: Town, key: str, name: str) -> None:
    """A command about it is answered as one about a location that nobody has, to the letter."""
    told = []
    for place in ("beta", "xyzzy"):
        result = run(town, key, *name.split(), place, *ASKED[name][1:])
        assert result.exit_code == 1, result.output
        told.append(result.output.replace(place, "?"))
    assert told[0] == told[1]
    assert "There is no location" in told[0]


@pytest.mark.parametrize(
    "arguments",
    [
        ("conflicts", "--location", "beta"),
        ("due", "--location", "beta"),
        ("readings", "--location", "beta"),
        ("retention", "--location", "beta"),
        ("late-changes", "beta"),
        ("late-changes", "beta", DAY),
        ("configure", "tray", "--location", "beta"),
        ("configure", "tray-two"),
        ("connection", "show", "tray-two"),
        ("replay", "beta", "--from", DAY, "--to", DAY),
        ("replay", "--connection", "tray-two", "--from", DAY, "--to", DAY),
        ("replay", "alpha", DAY, "--connection", "tray-two"),
        ("sync", "tray-two"),
    ],
    ids=" ".join,
)
def test_nothing_of_others_can_be_named(town: Town, key: str, arguments: tuple[str, ...]) -> None:
    """A location or a connection that is not theirs is not there."""
    result = run(town, key, *arguments)
    assert (result.exit_code, result.output[:18]) == (1, "daybook: There is "), result.output


@pytest.mark.parametrize("name", OPERATING)
def test_what_concerns_the_installation_is_not_theirs(town: Town, key: str, name: str) -> None:
    """With a key that is bounded to locations nobody looks after all of it, though they have the files."""
    result = run(town, key, name, *OPERATING[name])
    assert (result.exit_code, "takes the permission" in result.output) == (1, True), result.output


def test_the_operator_sees_everything(town: Town) -> None:
    """The tests above would see what is foreign, were it told."""
    env = {"DAYBOOK_DATA_DIR": str(town.folder), "DAYBOOK_DATABASE_URL": "", "DAYBOOK_ROLE": "operator"}
    for name in ("locations", "connections", "users", "keys", "trace tray"):
        result = CliRunner().invoke(app, [*name.split(), "--json"], env=env)
        assert FOREIGN.search(result.output), name
        assert json.loads(result.output)["data"]
