"""Data import jobs on the command line: what is said in words and as JSON, and what is refused."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.import_jobs import start
from api.work import Work
from domain.commands.intent import Intent
from domain.identifiers import DayId, ImportJobId
from domain.permissions import EVERYTHING
from tests.api.site import DATES, Site
from tests.api.work_stage import DAYS, a_stage, attempts

PERIOD = f"{DATES[-2]}/{DATES[-1]}"


@pytest.fixture(scope="module")
def cli_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A daybook that commands work on beside the server."""
    with a_stage(tmp_path_factory.mktemp("cli-jobs"), "") as site:
        yield site


@pytest.fixture
def here(cli_site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The same, as the store that commands find, for the operator."""
    monkeypatch.setenv("DAYBOOK_DATA_DIR", str(cli_site.folder))
    monkeypatch.setenv("DAYBOOK_ROLE", "operator")
    monkeypatch.setenv("DAYBOOK_WINDOW_DAYS", str(DAYS))
    return cli_site


def run(*arguments: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(app, list(arguments))


def done(*arguments: str) -> str:
    """What a command that succeeds says."""
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


def told(*arguments: str) -> Any:
    """What it says as JSON."""
    return json.loads(run(*arguments, "--json").stdout)


def test_a_job_from_the_first_day_to_the_last(here: Site) -> None:
    """Each step says what came of it."""
    assert "There are no data import jobs yet" in done("import-jobs")
    add = ("import-job", "add", "nightly", "--connection", "tray", "--name", "Every night", "--location", "alpha")
    assert done(*add, "--period", PERIOD) == "nightly is added; run it, or schedule it.\n"
    assert done("import-job", "change", "nightly", "--data-set", "labor", "--why", "only that") == (
        "nightly is changed.\n"
    )
    assert done("import-job", "change", "nightly", "--data-set", "labor") == (
        "nightly: so already; nothing is recorded.\n"
    )
    assert done("import-jobs") == f"nightly  Every night: labor of {DATES[-2]} to {DATES[-1]}, tray\n"
    refused = run("import-job", "schedule", "nightly", "--at", "05:00")
    assert (refused.exit_code, "Only the last days can be scheduled" in refused.stderr) == (1, True)
    done("import-job", "change", "nightly", "--period", "last-3", "--everywhere")
    assert done("import-job", "schedule", "nightly", "--at", "05:00", "--expect", "3") == (
        "nightly runs every day at 05:00, from the next time on.\n"
    )
    assert "the last 3 days, tray, every day at 05:00 America/New_York" in done("import-jobs")
    assert told("import-job", "schedule", "nightly")["changed"]
    said = done("import-job", "run", "nightly", "--why", "now")
    assert f"alpha {DATES[-1]}: polled, generation 1." in said
    assert "Run 1 of nightly (alpha, beta) is complete: 6 of 6 days read." in said
    shown = done("import-job", "show", "nightly")
    assert "locations: alpha, beta" in shown
    assert "Z  Run 1 of nightly (alpha, beta) is complete" in shown
    assert told("import-job", "show", "nightly", "1")["outcome"] == "complete"
    assert "generation 1." in done("import-job", "show", "nightly", "1")
    assert done("import-job", "end", "nightly", "--why", "moved away") == "nightly is ended.\n"
    assert done("import-jobs").endswith(", tray, ended\n")
    (row,) = told("import-jobs")["data"]
    assert (row["ended"], row["next_at"]) == (True, None)


def test_partial_results_are_told_and_are_no_success(here: Site) -> None:
    """Exit code 1, with what failed and what is left out on standard error."""
    done("import-job", "add", "all", "--connection", "tray", "--location", "beta", "--period", "last-40")
    here.pos.pos.arm("error_body_200", times=1, venue="V101")
    result = CliRunner().invoke(app, ["import-job", "run", "all"], env={"DAYBOOK_ROLE": "accounting-admin"})
    here.pos.pos.disarm()
    assert result.exit_code == 1
    assert "failed (" in result.stderr
    assert "too far back, polled by the role 'support' alone." in result.stderr
    assert "is partial: " in result.stdout
    assert "1 failed, 1 thing left out" in result.stdout


def test_a_run_that_was_left_is_gone_on_with(here: Site) -> None:
    """A second run is refused and names the first; the worker, or who continues it, brings it to its end."""
    done("import-job", "add", "left", "--connection", "tray", "--location", "alpha", "--period", PERIOD)
    begun = start(here.opened, ImportJobId("main", "left"), Intent("cli:anna", rights=EVERYTHING))
    before = {date: len(attempts(here.opened, "alpha", date)) for date in DATES[-2:]}
    refused = run("import-job", "run", "left")
    assert (refused.exit_code, "The run 1 of the data import job 'left' is not over" in refused.stderr) == (1, True)
    assert "is running: 0 of 2 days read, 2 to do still." in done("import-job", "show", "left", "1")
    assert Work(here.opened).perform(DayId("main", "alpha", DATES[-1])) == "unchanged"
    assert "is complete: 2 of 2 days read." in done("import-job", "continue", "left", "1")
    assert "is complete: 2 of 2 days read." in done("import-job", "continue", "left", "1")
    for date, count in before.items():
        assert len(attempts(here.opened, "alpha", date)) == count + 1
    assert begun.id.name == "left/1"


MISUSED: list[tuple[list[str], int, str]] = [
    (["import-job", "add", "x", "--connection", "tray"], 2, "say which days"),
    (["import-job", "add", "x", "--connection", "tray", "--period", "soon"], 2, "is no period"),
    (["import-job", "add", "x", "--connection", "tray", "--period", "2026-1-1/x"], 2, "is not a business date"),
    (["import-job", "add", "x", "--connection", "none", "--period", "everything"], 1, "no connection 'none'"),
    (["import-job", "add", "no job", "--connection", "tray", "--period", "everything"], 2, "is not a data import job"),
    (["import-job", "change", "none", "--everywhere", "--location", "alpha"], 2, "--everywhere goes without"),
    (["import-job", "run", "none"], 1, "There is no data import job 'none'"),
    (["import-job", "show", "none"], 1, "There is no data import job 'none'"),
    (["import-job", "continue", "none", "1"], 1, "There is no data import job 'none'"),
    (["import-job", "end", "none"], 2, "--why"),
]


@pytest.mark.parametrize(("arguments", "code", "said"), MISUSED, ids=[" ".join(row[0]) for row in MISUSED])
def test_what_cannot_be_done(here: Site, arguments: list[str], code: int, said: str) -> None:
    """What does not fit is said in a sentence."""
    result = run(*arguments)
    assert (result.exit_code, said in " ".join(result.stderr.split())) == (code, True), result.stderr
