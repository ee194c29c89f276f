"""Import files on the command line: what is read, what is said, and with which exit code."""

import csv
import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from adapters.files import KINDS
from api.cli import app
from tests.api.site import copy_of_a_store

DEPOSITS = "DepositDate,Amount,Number\n11/20/2026,640.25,D-17\n"


def run(*arguments: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a store that has the location pier, fed by files."""
    monkeypatch.setenv("DAYBOOK_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DAYBOOK_DATABASE_URL", "")
    monkeypatch.chdir(tmp_path)
    copy_of_a_store(tmp_path / "data")
    connected = run("connect", "--system", "files", "--id", "files", "--location", "pier:America/New_York")
    assert connected.exit_code == 0, connected.output
    return tmp_path


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_can_be_imported(here: Path, kind: str) -> None:
    """The sample row of every kind is one that daybook takes, by the name of its file."""
    printed = run("import", "--template", kind)
    assert printed.exit_code == 0
    (here / f"{kind}.csv").write_text(printed.stdout)
    checked = run("import", f"{kind}.csv", "--location", "pier", "--date", "2026-11-20", "--check")
    assert (checked.exit_code, "can be imported as they are" in checked.stdout) == (0, True), checked.output
    done = run("import", f"{kind}.csv", "--location", "pier", "--date", "2026-11-20")
    assert done.exit_code == 0, done.output
    again = run("import", kind, f"{kind}.csv", "--location", "pier", "--date", "2026-11-20", "--json")
    told = json.loads(again.stdout)
    assert [day["outcome"] for day in told["days"]] == ([] if KINDS[kind].reference else ["unchanged"])
    assert told["reference"] == ({"added": 0, "changed": 0} if KINDS[kind].reference else None)


def test_a_folder_and_a_zip_are_the_same_session(here: Path) -> None:
    """All 18 templates in a folder are one day; the same files zipped differ in nothing."""
    folder = here / "exports"
    folder.mkdir()
    for kind in KINDS:
        (folder / f"{kind} 2026-11-20.csv").write_text(run("import", "--template", kind).stdout)
    first = run("import", "exports", "--location", "pier", "--why", "month end")
    assert (first.exit_code, "2026-11-20: generation 1, 5 added" in first.stdout) == (0, True), first.output
    with zipfile.ZipFile(here / "exports.zip", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, path.name)
    second = run("import", "exports.zip", "--location", "pier")
    assert "nothing differs from generation 1" in second.stdout
    history = run("history", "pier", "2026-11-20").stdout
    assert "imported sales-detail, payments" in history
    assert "tax-details, and 4 more for the day because 'month end'" in history
    assert "because 'month end'" in history


def test_a_bad_file_is_told_with_a_copy(here: Path) -> None:
    """Exit code 1, every error on a line, and the copy has what is wrong in its first column."""
    (here / "bad.csv").write_text(DEPOSITS + "11/20/2026,1e3,D-18\n")
    result = run("import", "deposits", "bad.csv", "--location", "pier", "--date", "2026-11-20", "--errors", "copy.csv")
    assert result.exit_code == 1
    assert 'row 3, Amount "1e3"' in result.stdout
    assert "Nothing was imported. See copy.csv." in result.stderr
    rows = list(csv.reader((here / "copy.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [bool(row[0]) for row in rows] == [True, False, True]
    told = json.loads(
        run("import", "deposits", "bad.csv", "--location", "pier", "--date", "2026-11-20", "--json").stdout
    )
    assert (told["outcome"], told["files"][0]["error_count"], told["days"]) == ("refused", 1, [])


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["import"], 2, "KIND FILE"),
        (["import", "deposits"], 2, "--location"),
        (["import", "a", "b", "c", "--location", "pier"], 2, "KIND FILE"),
        (["import", "nonsense", "x.csv", "--location", "pier"], 1, "no kind of import file"),
        (["import", "--template", "nonsense"], 1, "no kind of import file"),
        (["import", "deposits", "x.csv", "--location", "pier"], 1, "There is no file x.csv"),
        (["import", "x", "--location", "pier"], 1, "There is no file or folder x"),
        (["import", "data", "--location", "pier"], 1, "Nothing was imported"),
        (["import", "empty", "--location", "pier"], 1, "There is no import file in what was given"),
        (["import", "deposits", "d.csv", "--location", "nowhere"], 1, "There is no location 'nowhere'"),
        (
            ["import", "deposits", "d.csv", "--location", "pier", "--date", "2026-02-30"],
            2,
            "not a date of the calendar",
        ),
        (["import", "deposits", "d.csv", "--location", "pier", "--why", ""], 0, ""),
    ],
)
def test_what_is_refused(here: Path, arguments: list[str], code: int, said: str) -> None:
    """Wrong usage is 2, what cannot be done is 1, each with a sentence that says what to do."""
    (here / "d.csv").write_text(DEPOSITS)
    (here / "empty").mkdir()
    result = run(*arguments)
    assert (result.exit_code, said in result.stderr) == (code, True), result.output


def test_a_file_without_rows_says_that_there_is_nothing(here: Path) -> None:
    """Beside files of one day it is of that day, and takes away what was there; alone it needs a date."""
    paid = "Amount,AffectsCash,PaidInOutName\n"
    folder = here / "night"
    folder.mkdir()
    (folder / "Deposits.csv").write_text(DEPOSITS)
    (folder / "Paid In Outs.csv").write_text(paid + "-5.00,1,Ice\n")
    assert "generation 1, 2 added" in run("import", "night", "--location", "pier").stdout
    (folder / "Paid In Outs.csv").write_text(paid)
    assert "generation 2, 0 added, 0 changed, 1 removed" in run("import", "night", "--location", "pier").stdout
    alone = run("import", "night/Paid In Outs.csv", "--location", "pier")
    assert (alone.exit_code, "has no rows, and nothing says which business day" in alone.stderr) == (1, True)
    (folder / "Deposits.csv").write_text(DEPOSITS + "11/19/2026,1.00,D-16\n")
    (folder / "Paid In Outs.csv").write_text(paid)
    several = run("import", "night", "--location", "pier", "--json")
    assert [day["removed"] for day in json.loads(several.stdout)["days"]] == [0, 0]


def test_what_an_approved_day_no_longer_takes_is_said(here: Path) -> None:
    """An import that changes nothing because the day is approved says what it kept and why."""
    (here / "d.csv").write_text(DEPOSITS)
    at = ("--location", "pier", "--date", "2026-11-20")
    assert run("import", "deposits", "d.csv", *at).exit_code == 0
    assert run("complete", "pier", "2026-11-20", "--why", "counted").exit_code == 0
    assert run("approve", "pier", "2026-11-20", "--why", "counted").exit_code == 0
    (here / "d.csv").write_text(DEPOSITS.replace("640.25", "640.20"))
    assert "approved, and 1 record would differ" in run("import", "deposits", "d.csv", *at).stdout
    (here / "d.csv").write_text(DEPOSITS.replace("640.25", "640.10"))
    (told,) = json.loads(run("import", "deposits", "d.csv", *at, "--json").stdout)["days"]
    assert (told["outcome"], told["changed"], "observed" in told) == ("staged", 1, False)
