"""Looking back on the command line: sentences and tables for people, JSON for programs."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from adapters.pos.tray.simulator import Edits
from api.cli import app
from api.cli.reading_report import comparison_lines, effect_lines, explanation_lines, record_lines
from tests.api.site import DATES, Site, a_site

D = str(DATES[0])


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A daybook with a day that was polled, edited at the source and polled again."""
    with a_site(tmp_path_factory.mktemp("reading") / "data") as site:
        assert site.poll(DATES[0]).status_code == 201
        site.pos.pos.edit(Edits(venue="V100", business_date=DATES[0], tickets=2, punches=1))
        assert site.poll(DATES[0]).status_code == 201
        site.catch_up()
        yield site


@pytest.fixture
def here(edited: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The same, as the store that commands find."""
    monkeypatch.setenv("DAYBOOK_DATA_DIR", str(edited.folder))
    return edited


def run(*arguments: str, code: int = 0) -> Result:
    """Run a command in this process."""
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == code, result.output
    return result


def plain(*arguments: str) -> Any:
    """What a command answers programs."""
    return json.loads(run(*arguments, "--json").stdout)


def test_generations(here: Site) -> None:
    """A line for each generation; of one its records, figures and journal lines; JSON as HTTP has it."""
    lines = run("generations", "alpha", D).stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["1", "2"]
    assert "api:anonymous  repoll because 'a test': 0 added, 3 changed, 0 removed from tray, capture" in lines[1]
    one = run("generations", "alpha", D, "2").stdout
    assert "changed\n" in one
    assert "  figure net_sales: " in one
    assert "  sales entry " in one
    path = f"/v1/days/alpha/{D}/generations"
    assert plain("generations", "alpha", D)["data"] == here.client.get(path).json()["data"]
    whole = here.client.get(f"{path}/2").json()
    del whole["next"]
    assert plain("generations", "alpha", D, "2") == whole
    assert "no generation 7" in run("generations", "alpha", D, "7", code=1).stderr
    assert "was never polled" in run("generations", "alpha", "2020-01-01", code=1).stderr


def test_compare(here: Site) -> None:
    """Generations, positions, instants and now, in any mixture."""
    whole = run("compare", "alpha", D, "1", "2").stdout
    assert whole.startswith("left: generation 1, in progress, as of position ")
    assert "0 records added, 3 records changed, 0 records removed." in whole
    first = plain("generations", "alpha", D)["data"][0]
    expected = plain("compare", "alpha", D, "1", "2")["effect"]
    position = plain("compare", "alpha", D, "1", "2")["left"]["position"]
    for left, right in [(f"@{position}", "now"), (first["recorded_at"], "2"), ("1", "now")]:
        assert plain("compare", "alpha", D, left, right)["effect"] == expected
    assert run("compare", "alpha", D, "2", "now").stdout.endswith("Nothing differs.\n")
    assert "is no moment" in run("compare", "alpha", D, "1", "tomorrow", code=2).stderr


def test_explain(here: Site) -> None:
    """All figures, one of them with its records, and a journal line; as of a moment too."""
    listed = run("explain", "alpha", D).stdout
    assert "net_sales  " in listed
    assert "over_short  " in listed
    assert plain("explain", "alpha", D)["data"] == here.client.get(f"/v1/days/alpha/{D}/figures").json()["data"]
    one = run("explain", "alpha", D, "net_sales").stdout
    assert one.startswith("net_sales = ")
    assert "  from gross_sales = " in one
    assert "ticket/V100-" in one
    assert ", repoll of " in one
    found = plain("explain", "alpha", D, "by_category/Food")
    assert (found["figure"], found["records"]) == ("by_category.gross/Food", len(found["data"]))
    line = plain("explain", "alpha", D, "tips-payable", "--entry", "sales")
    assert (line["figure"], line["entry"]) == ("tips-payable", "sales")
    first = plain("generations", "alpha", D)["data"][0]
    then = plain("explain", "alpha", D, "net_sales", "--as-of", first["recorded_at"])
    assert then["as_of"]
    assert {one["origin"]["generation"] for one in then["data"]} == {1}
    assert "has no figure 'x'" in run("explain", "alpha", D, "x", code=1).stderr
    assert "never read whole as of 0" in run("explain", "alpha", D, "net_sales", "--as-of", "0", code=1).stderr


def test_trace(here: Site) -> None:
    """A line for each stream, with what the id is there and where it begins and ends."""
    ticket = here.client.get(f"/v1/days/alpha/{D}/tickets", params={"limit": 1}).json()["data"][0]
    lines = run("trace", ticket["ticket"]).stdout.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"ticket  business-day:main:alpha:{D}, ticket/{ticket['ticket']}  (")
    assert plain("trace", ticket["number"]) == {
        name: value for name, value in here.client.get(f"/v1/trace/{ticket['number']}").json().items() if name != "next"
    }
    assert " facts, " in run("trace", "alpha").stdout
    assert "No fact names 'nobody'" in run("trace", "nobody", code=1).stderr


def test_history_of_a_field_as_of_a_moment(here: Site) -> None:
    """The option --field asks for one field, --as-of leaves out what came later."""
    change = next(one for one in plain("generations", "alpha", D, "2")["data"] if one["record"].startswith("ticket/"))
    path = change["fields"][0]["path"]
    asked = ("history", "alpha", D, "--record", change["record"], "--field", path)
    told = plain(*asked)
    assert [step["operation"] for step in told["data"]][-1] == "changed"
    assert told["data"][-1]["fields"] == change["fields"][:1]
    first = plain("generations", "alpha", D)["data"][0]
    assert [step["operation"] for step in plain(*asked, "--as-of", first["recorded_at"])["data"]] == ["added"]
    assert path in run(*asked).stdout
    assert "as of 0" in run("history", "alpha", D, "--as-of", "0", code=1).stderr
    assert f"the field {path} of the record" in run(*asked, "--as-of", "0", code=1).stderr
    assert "of one record" in run("history", "alpha", D, "--field", "guests", code=1).stderr


def test_a_day_that_only_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no generation yet, and that is said."""
    with a_site(tmp_path / "data", projecting=False) as site:
        site.pos.pos.arm("truncated_json", times=None)
        assert site.poll(DATES[0]).status_code == 502
        monkeypatch.setenv("DAYBOOK_DATA_DIR", str(site.folder))
        assert "no generation yet; every attempt failed" in run("generations", "alpha", D).stdout
        assert "never read whole" in run("explain", "alpha", D, code=1).stderr


def test_long_answers_are_cut() -> None:
    """Of many records fifty are shown and the others counted; what does not print is no letter of ours."""
    records = [{"record": f"ticket/{number}\x07", "operation": "added", "fields": []} for number in range(60)]
    lines = list(record_lines(records))
    assert (len(lines), lines[-1]) == (51, "  ... and 10 more records: --json tells them all")
    assert lines[0] == "  ticket/0? added"
    origin = {"attempt": None, "capture": ""}
    share = {"share": "1", "record": "", "said": None, "origin": origin}
    said = {**share, "record": "punch/p", "said": {"position": 7, "actor": "cli:anna"}}
    found = {"figure": "issue_count", "value": None, "made_of": [], "records": 9, "data": [share, said]}
    assert list(explanation_lines(found)) == [
        "issue_count = none",
        "  1  (the day)",
        "  1  punch/p  position 7, cli:anna",
        "  ... and 7 more records: --json tells them all",
    ]


def test_what_was_not_there_is_none() -> None:
    """Lines and figures that one side does not have say so."""
    side = {"generation": 1, "state": "in progress", "position": 3}
    figure = {"figure": "over_short", "before": None, "after": "5.00", "difference": None}
    line = {
        "entry": "sales",
        "key": "deposit/7",
        "before": None,
        "after": {"side": "debit", "amount": "5.00", "account": "1010"},
        "difference": "5.00",
    }
    effect = {"figures": [figure], "figure_count": 1, "journal_lines": [line], "journal_line_count": 1}
    found = {
        "left": side,
        "right": side,
        "changes": {"added": 1},
        "data": [],
        "effect": effect,
    }
    assert list(comparison_lines(found))[2:] == [
        "1 records added.",
        "  figure over_short: none -> 5.00",
        "  sales entry deposit/7 (1010): none -> debit 5.00 (+5.00)",
    ]


def test_a_line_that_goes_elsewhere() -> None:
    """Both accounts are told, and that there is none."""
    before, after = ({"side": "debit", "amount": "5.00", "account": account} for account in ("1010", ""))
    line = {"entry": "sales", "key": "deposit/7", "before": before, "after": after, "difference": "0.00"}
    effect = {"figures": [], "figure_count": 0, "journal_lines": [line] * 60, "journal_line_count": 60}
    lines = list(effect_lines(effect))
    assert lines[0] == "  sales entry deposit/7 (1010 -> no account): debit 5.00 -> debit 5.00 (+0.00)"
    assert (len(lines), lines[-1]) == (51, "  ... and 10 more journal lines: --json tells them all")
