"""A stranger's adapter, installed as a package of its own, is found by its entry point and works like ours."""

import datetime as dt
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.scim_server import EXTENSION, person, scim_server
from tests.support.scim_server import TOKEN as HR_TOKEN

ROOT = Path(__file__).parent.parent.parent
PACKAGE = Path(__file__).parent / "corner_till"
TOKEN = "ct-harbor1"
DATE = (dt.datetime.now(dt.UTC).date() - dt.timedelta(days=3)).isoformat()


class Installation:
    """A daybook with the stranger's package beside it, in processes of their own."""

    def __init__(self, folder: Path) -> None:
        self.packages = folder / "packages"
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("DAYBOOK_")}
        self.environment |= {
            "PYTHONPATH": str(self.packages),
            "DAYBOOK_DATA_DIR": str(folder / "data"),
            "DAYBOOK_ALLOW_LOOPBACK": "true",
            "DAYBOOK_ROLE": "operator",
            "TILL_TOKEN": TOKEN,
            "HR_TOKEN": HR_TOKEN,
            "DAYBOOK_WINDOW_DAYS": "2",
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python with the package, at the root of the project."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def daybook(self, *commands: list[str]) -> list[str]:
        """What commands say that succeed, one after the other in one process: each would take seconds to begin.

        One that begins with ``!`` is a request to somebody else: method, URL, token and body.
        """
        done = self.run("-c", _COMMANDS, json.dumps(commands))
        assert done.returncode == 0, done.stderr
        said: list[str] = json.loads(done.stdout)
        return said


_COMMANDS = """
import json, sys
import httpx
from typer.testing import CliRunner
from api.cli import app
said = []
for command in json.loads(sys.argv[1]):
    if command[0] == "!":
        _, method, url, token, body = command
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        said.append(httpx.request(method, url, content=body or None, headers=headers, trust_env=False).text)
        continue
    result = CliRunner().invoke(app, command)
    if result.exit_code:
        sys.exit(f"{command}: {result.output} {result.exception!r}")
    said.append(result.stdout)
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The package, built and installed by pip, without a network, into a folder of its own."""
    installation = Installation(tmp_path_factory.mktemp("third-party"))
    pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--no-deps")
    done = installation.run(*pip, "--no-build-isolation", "--target", str(installation.packages), str(PACKAGE))
    assert done.returncode == 0, done.stderr
    return installation


@pytest.fixture(scope="module")
def till(installed: Installation) -> Iterator[str]:
    """The address of a till that plays."""
    process = subprocess.Popen(
        [sys.executable, "-m", "corner_till.playing", "0"],
        env=installed.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    yield process.stdout.readline().strip()
    process.stdin.close()
    process.wait(20)
    process.stdout.close()


def test_it_is_a_package_of_its_own(installed: Installation) -> None:
    """Pip installed it with its metadata: that is where daybook finds it, and its folder is not on our path."""
    (metadata,) = installed.packages.glob("daybook_corner_till-0.4.0.dist-info")
    assert "corner_till:SYSTEM" in (metadata / "entry_points.txt").read_text()
    assert "corner_till" not in sys.modules


def test_its_author_runs_the_suite_that_daybook_ships(installed: Installation) -> None:
    """Every test of it passes for the stranger's adapter, in the stranger's environment."""
    suite = installed.packages / "corner_till" / "trying.py"
    options = (
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
        "--rootdir",
        str(installed.packages),
        "-c",
        os.devnull,
    )
    done = installed.run("-m", "pytest", *options, str(suite))
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.findall(r"(\d+) passed", done.stdout)[0]) >= 15


def test_from_the_catalogue_to_a_summary(installed: Installation, till: str) -> None:
    """It is found, its credentials are tested, it is connected and polled, and a repoll finds nothing new."""
    token = ["--key-env", "TILL_TOKEN"]
    connection = ["--id", "till", "--system", "corner-till", "--environment", till, *token]
    said = installed.daybook(
        ["init"],
        ["systems", "corner", "--json"],
        ["test-connection", "corner-till", "--set", f"environment={till}", *token, "--json"],
        ["connect", *connection, "--location", "pier=S1:America/New_York"],
        ["poll", "pier", DATE],
        ["repoll", "pier", DATE, "--why", "again", "--json"],
        ["dss", "pier", DATE, "--json"],
    )
    _, listed, tested, _, _, repolled, shown = said
    systems = json.loads(listed)
    assert [(entry["key"], entry["renewal_days"]) for entry in systems["data"]] == [("corner-till", 90)]
    assert systems["broken"] == []
    (company,) = json.loads(tested)["companies"]
    assert (company["organization"], [place["source"] for place in company["places"]]) == (
        "HARBOR",
        [{"store": "S1"}, {"store": "S2"}],
    )
    assert json.loads(repolled)["outcome"] == "unchanged"
    summary = json.loads(shown)["summary"]
    assert summary["net_sales"] == "10.00"
    assert summary["labor_hours"].startswith("4")
    data = b"".join(path.read_bytes() for path in (Path(installed.environment["DAYBOOK_DATA_DIR"])).iterdir())
    assert b"Quintessa" not in data


def test_what_hr_says_is_told_to_the_till(installed: Installation, till: str, tmp_path: Path) -> None:
    """A change in HR is told to the till, once; then both say the same. Of who is unlinked it is told no more."""
    here = Installation(tmp_path)
    here.packages, here.environment = installed.packages, {**installed.environment, "DAYBOOK_DATA_DIR": str(tmp_path)}
    told = ['objects=["employee", "job"]', 'employee_fields=["payroll_id", "jobs", "pay_rates"]']
    values = [part for value in told for part in ("--value", value)]
    token, beside = ["--key-env", "TILL_TOKEN"], ["hr-employee", "pier", "P1", "--json"]
    look = ["!", "GET", f"{till}/stores/S1/people/P1", TOKEN, ""]
    repoll = ["repoll", "pier", DATE, "--why", "again"]
    jobs = (("j-1", "Cook", "18.25"), ("j-2", "Baker", "17"))
    with scim_server() as hr:
        mina = hr.add("Mina Thistle", number="17", email="quin@corner.example", jobs=jobs)
        draft = ["hr", "--system", "scim", "--environment", hr.url, "--key-env", "HR_TOKEN"]

        def change(**fields: Any) -> list[str]:
            body = json.dumps({**person("Mina Thistle", **fields), "id": mina})
            return ["!", "PUT", f"{hr.url}/Users/{mina}", HR_TOKEN, body]

        said = here.daybook(
            ["init"],
            ["connection", "draft", *draft, "--value", f"extension={EXTENSION}"],
            ["connection", "test", "hr"],
            ["connection", "establish", "hr"],
            ["connection", "draft", "till", "--system", "corner-till", "--environment", till, *token, *values],
            ["connection", "test", "till"],
            ["connection", "establish", "till", "--location", "pier=S1:America/New_York"],
            ["poll", "pier", DATE],
            ["pull", "hr"],
            beside,
            ["worker", "--once"],
            look,
            repoll,
            beside,
            change(number="17", active=False, jobs=jobs),
            ["pull", "hr"],
            ["worker", "--once"],
            look,
            ["objects", "employee:pier:P1", "--json"],
            ["unlink-employee", "pier", "P1", mina, "--connection", "hr", "--why", "somebody else"],
            change(number="18", email="mina@elsewhere.example"),
            ["pull", "hr"],
            ["worker", "--once"],
            look,
        )
    before, first, after, left, shown, last = (json.loads(said[at]) for at in (9, 11, 13, 17, 18, 23))
    assert {one["field"] for one in before["data"][0]["conflicts"]} == {"first_name", "last_name", "rate/Cook"}
    assert after["data"][0]["conflicts"] == []
    assert (first["first_name"], first["payroll_id"], first["active"]) == ("Mina", "17", True)
    assert first["rates"]["Cook"] == "18.25"
    assert (left["active"], left["email"]) == (False, "quin@corner.example")
    attempts = {(one["outcome"], one["step"]) for one in shown["attempts"]}
    assert attempts == {("succeeded", "create"), ("succeeded", "update")}
    assert last == left
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert not [name for name in (b"quin@corner", b"mina@elsewhere", b"Thistle") if name in kept]
