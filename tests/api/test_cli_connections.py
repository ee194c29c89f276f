"""Connections on the command line: presets, files, adding locations, configuring, trying a replay."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from api import composition
from api.catalogue import load_systems
from api.cli import app
from api.cli.choosing import chosen, fields_given, shown
from api.cli.day import outcome_sentence, plain_outcome
from api.http.models import PollAnswer
from domain.commands.recording import Outcome
from domain.identifiers import DayId
from domain.ports.journal import Receipt
from tests.api.site import DATES, KEY, Site, a_site, copy_of_a_store
from tests.support.scripted import import_files

D = str(DATES[0])
ENVIRONMENT = ("--environment", "http://127.0.0.1:9", "--zone", "America/New_York")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty store that commands find, with Tray and import files in the catalogue, and a key in the environment."""
    copy_of_a_store(tmp_path / "data")
    monkeypatch.setenv("DAYBOOK_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DAYBOOK_SECRET", KEY)
    installed, _ = load_systems()
    catalogue = {**installed, "files": import_files()}
    monkeypatch.setattr(composition, "load_systems", lambda: (catalogue, {}))
    return tmp_path


@pytest.fixture(scope="module")
def cli_site(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A daybook with a polled day."""
    with a_site(tmp_path_factory.mktemp("cli")) as site:
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


def done(*arguments: str) -> str:
    """What a command that succeeds says."""
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def told(*arguments: str) -> Any:
    """What it says as JSON."""
    return json.loads(done(*arguments, "--json"))


def options(connection: str, location: str = "") -> dict[str, Any]:
    """What is in force: everywhere, or at a location."""
    found = told("configure", connection, *(("--location", location) if location else ()))["in_force"]
    entries = found["locations"][0]["options"] if location else found["all"]
    return {entry["option"]: entry["value"] for entry in entries}


VALUES: list[tuple[str, dict[str, Any]]] = [
    ("trim_service_type_name=true", {"trim_service_type_name": True}),
    ("specify_business_day_start_time=04:00", {"specify_business_day_start_time": "04:00"}),
    ('specify_business_day_start_time="04:00"', {"specify_business_day_start_time": "04:00"}),
    ("specify_business_day_start_time=", {"specify_business_day_start_time": ""}),
    ("custom_payroll_id_field=pos_id", {"custom_payroll_id_field": "pos_id"}),
    ("custom_payroll_id_field=null", {"custom_payroll_id_field": "null"}),
    ("offset_time_zone=-1", {"offset_time_zone": "-1"}),
    ("offset_time_zone=0.5", {"offset_time_zone": "0.5"}),
    ("number_of_lookback_days=3", {"number_of_lookback_days": 3}),
    ('use_revenue_centers=["Bar","=x"]', {"use_revenue_centers": ["Bar", "=x"]}),
    ('split_sales_detail=[{"match":"A"}]', {"split_sales_detail": [{"match": "A"}]}),
    ("nonsense=hello", {"nonsense": "hello"}),
]


@pytest.mark.parametrize(("text", "expected"), VALUES, ids=[row[0] for row in VALUES])
def test_values(text: str, expected: dict[str, Any]) -> None:
    """A value is JSON where it reads as such; the options that are texts stand for themselves, never as a float."""
    assert chosen([text]) == expected
    assert chosen([f"{name}={shown(value)}" for name, value in expected.items()]) == expected


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["open_time"], "OPTION=VALUE"),
        (["=true"], "OPTION=VALUE"),
        (["open_time=yes"], "is not JSON"),
        (["open_time="], "is not JSON"),
        (["use_revenue_centers=Bar"], "is not JSON"),
        (["use_revenue_centers=" + "[" * 100_000], "is not JSON"),
        (["open_time=\udcff"], "is not JSON"),
        (["open_time=true", "open_time=false"], "set twice"),
    ],
)
def test_values_that_cannot_be_meant(texts: list[str], said: str) -> None:
    """What is no OPTION=VALUE, no JSON, or said twice is wrong usage."""
    with pytest.raises(typer.BadParameter, match=said):
        chosen(texts)


def test_import_files_need_no_address_and_no_key(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are connected with an id and locations alone, in any of the forms, and no key is asked for."""
    monkeypatch.delenv("DAYBOOK_SECRET")
    done("connect", "--system", "files", "--id", "files", "--location", "pier:America/New_York")
    done("connect", "--system", "files", "--id", "more", "--location", "bay", "--zone", "America/Chicago")
    file = store / "files.json"
    file.write_text(json.dumps({"id": "third", "system": "files", "locations": [{"id": "cove", "zone": "UTC"}]}))
    done("connect", str(file))
    rows = told("locations")["data"]
    assert [(row["location"], row["system"], row["zone"], row["source"]) for row in rows] == [
        ("bay", "files", "America/Chicago", {}),
        ("cove", "files", "UTC", {}),
        ("pier", "files", "America/New_York", {}),
    ]


def test_files_beside_a_poll(store: Path) -> None:
    """For a location that is polled nothing has to be said again; it stays with the connection that polls it."""
    done("connect", "--id", "tray", *ENVIRONMENT, "--location", "pier=V100", "--day-starts", "04:00")
    done("connect", "--system", "files", "--id", "files", "--location", "pier")
    (row,) = told("locations")["data"]
    assert (row["connection"], row["day_starts"]) == ("tray", "04:00")
    second = run("connect", "--system", "files", "--id", "again", "--location", "pier")
    assert (second.exit_code, "fed by the connection 'files' already" in second.stderr) == (1, True)
    other = run("connect", "--system", "files", "--id", "again", "--location", "pier", "--day-starts", "00:00")
    assert other.exit_code == 1


MISUSED: list[tuple[list[str], int, str]] = [
    (["connect", "--system", "files", "--id", "f"], 2, "--location"),
    (["connect", "--system", "files", "--id", "f", "--location", "pier=V1:UTC"], 2, "write ID or ID:ZONE"),
    (["connect", "--system", "files", "--id", "f", "--location", ":UTC"], 2, "write ID or ID:ZONE"),
    (["connect", "--system", "files", "--id", "f", "--location", "pier"], 2, "has no time zone"),
    (
        ["connect", "--system", "nonsense", "--id", "f", "--location", "pier"],
        1,
        "Known systems: 24sevenoffice, files, sage-intacct",
    ),
    (
        ["connect", "--system", "files", "--id", "f", "--location", "p:UTC", "--environment", "http://127.0.0.1:9"],
        1,
        "leave out the address and the key",
    ),
    (
        ["connect", "--system", "files", "--id", "f", "--location", "p:UTC", "--key-env", "DAYBOOK_SECRET"],
        1,
        "leave out the address and the key",
    ),
    (["connect", "--id", "t", *ENVIRONMENT, "--location", "a=V1", "--preset", "diner"], 1, "Its presets: ihop"),
    (["connect", "--id", "t", *ENVIRONMENT, "--location", "a=V1", "--set", "nonsense=1"], 1, "no polling option"),
    (["connect", "--id", "t", *ENVIRONMENT, "--location", "a=V1", "--set", "open_time=1"], 1, "$.open_time"),
    (["add-location", "nowhere", "a=V1:UTC"], 1, "no connection 'nowhere'"),
    (["add-location", "no where", "a=V1:UTC"], 2, "is not a connection id"),
    (["add-location", "nowhere"], 2, "either locations or a file"),
    (["add-location", "nowhere", "a=V1:UTC", "--why", "two\nlines"], 2, "one line"),
    (["configure", "nowhere"], 1, "no connection 'nowhere'"),
    (["configure", "nowhere", "--set", "open_time=true"], 1, "no connection 'nowhere'"),
    (["configure", "nowhere", "--set", "open_time=true", "--unset", "open_time"], 2, "set and unset at once"),
    (["configure", "nowhere", "--file", "x.json", "--set", "open_time=true"], 2, "either a file"),
    (["configure", "nowhere", "--file", "x.json"], 1, "cannot be read"),
    (["configure", "nowhere", "--expect", "-1", "--set", "open_time=true"], 2, "expect"),
]


@pytest.mark.parametrize(("arguments", "code", "said"), MISUSED, ids=[" ".join(row[0]) for row in MISUSED])
def test_what_cannot_be_done(store: Path, arguments: list[str], code: int, said: str) -> None:
    """What does not fit is said in a sentence, and nothing is recorded."""
    result = run(*arguments)
    assert (result.exit_code, said in re.sub(r"\s+", " ", result.stderr)) == (code, True), result.stderr
    assert "Traceback" not in result.output
    assert told("check")["facts"] == 0


def test_presets_and_options(store: Path) -> None:
    """A preset and options of the command line go over those of the file; a location's own over both."""
    fees = [{"item": "Bag fee", "category": "Fees"}]
    file = store / "connection.json"
    content = {
        "id": "tray",
        "environment": "http://127.0.0.1:9",
        "options": {"open_time": True},
        "locations": [
            {"id": "pier", "zone": "UTC", "source": {"venue": "V1"}, "preset": "ihop"},
            {"id": "bay", "zone": "UTC", "source": {"venue": "V2"}, "options": {"item_category_override": fees}},
            {"id": "cove", "zone": "UTC", "source": {"venue": "V3"}},
        ],
    }
    file.write_text(json.dumps(content))
    done("connect", str(file), "--set", "trim_service_type_name=true", "--set", "open_time=false")
    everywhere = options("tray")
    assert (everywhere["open_time"], everywhere["trim_service_type_name"]) == (False, True)
    assert [len(options("tray", name)["item_category_override"]) for name in ("pier", "bay", "cove")] == [2, 1, 0]
    done("connect", "--id", "ihop", *ENVIRONMENT, "--location", "west=V4", "--preset", "ihop")
    assert len(options("ihop")["item_category_override"]) == 2


def test_a_new_connection_says_what_it_inherits(store: Path) -> None:
    """What the existing locations of the system poll with is taken over, and said; the first one inherits nothing."""
    first = told("connect", "--id", "old", *ENVIRONMENT, "--location", "pier=V1", "--set", "open_time=true")
    assert set(first) == {"connection", "locations", "position"}
    second = told("connect", "--id", "new", *ENVIRONMENT, "--location", "bay=V2")
    assert second["inherited"] == [
        {"option": "open_time", "value": True, "connection": "old", "agreeing": 1, "locations": 1}
    ]
    third = done("connect", "--id", "more", *ENVIRONMENT, "--location", "cove=V3")
    assert "open_time = true: inherited from old (in force at 2 of 2)" in third
    assert options("more")["open_time"] is True


def test_adding_locations(store: Path) -> None:
    """Locations are added by arguments or a file, poll as the others do, and a preset goes over that."""
    done("connect", "--id", "tray", *ENVIRONMENT, "--location", "pier=V1")
    done("configure", "tray", "--location", "pier", "--set", "open_time=true")
    added = done("add-location", "tray", "bay=V2:America/Chicago", "cove=V3", "--zone", "UTC", "--why", "two more")
    assert "Added bay, cove to tray." in added
    assert "open_time = true: inherited from tray (in force at 1 of 1)" in added
    file = store / "more.json"
    place = {"id": "west", "zone": "UTC", "source": {"venue": "V4"}, "preset": "ihop"}
    file.write_text(json.dumps({"locations": [place]}))
    answer = told("add-location", "tray", "--file", str(file), "--set", "open_time=false")
    assert (answer["connection"], answer["locations"], "inherited" in answer) == ("tray", ["west"], False)
    assert [options("tray", name)["open_time"] for name in ("pier", "bay", "cove", "west")] == [True, True, True, False]
    assert len(options("tray", "west")["item_category_override"]) == 2
    assert [row["zone"] for row in told("locations")["data"]] == ["America/Chicago", "UTC", "America/New_York", "UTC"]
    bad = store / "bad.json"
    bad.write_text(json.dumps({"places": []}))
    assert "does not describe locations" in run("add-location", "tray", "--file", str(bad)).stderr
    deep = "[" * 100_000
    bad.write_text(f'{{"locations": [{{"id": "a", "zone": "UTC", "options": {{"x": {deep}')
    assert "nested deeper" in run("add-location", "tray", "--file", str(bad)).stderr


def test_two_locations_of_one_venue_are_remarked_on(store: Path) -> None:
    """Sales that would count more than once are remarked on beside the answer, until each location has its centers."""
    done("connect", "--id", "tray", *ENVIRONMENT, "--location", "bar=V1")
    result = run("add-location", "tray", "rest=V1:America/New_York")
    assert (result.exit_code, "bar, rest have one venue" in result.stderr) == (0, True)
    bar = run("configure", "tray", "--location", "bar", "--set", 'use_revenue_centers=["Bar"]')
    assert "bar, rest have one venue" in bar.stderr
    assert "one venue" in run("configure", "tray").stderr
    clash = run("configure", "tray", "--location", "rest", "--set", 'use_revenue_centers=["Bar","Dining"]')
    assert (clash.exit_code, "count twice" in clash.stderr) == (1, True)
    assert run("configure", "tray", "--location", "rest", "--set", 'use_revenue_centers=["Dining"]').stderr == ""


def test_configuring(store: Path) -> None:
    """Options are set, shown with defaults and versions, unset, and replaced by a file; a version may be expected."""
    done("connect", "--id", "tray", *ENVIRONMENT, "--location", "pier=V1", "--location", "bay=V2")
    answer = told("configure", "tray", "--set", "open_time=true", "--why", "late checks", "--expect", "1")
    assert (answer["outcome"], answer["version"], answer["options"]["open_time"]) == ("configured", 2, True)
    assert [(place["location"], place["days"], place["command"]) for place in answer["replay"]["locations"]] == [
        ("bay", 0, None),
        ("pier", 0, None),
    ]
    stale = run("configure", "tray", "--set", "open_time=false", "--expect", "1")
    assert (stale.exit_code, "at version 2, not 1" in stale.stderr) == (1, True)
    assert "Nothing changed: version 2" in done("configure", "tray", "--set", "open_time=true")
    assert told("configure", "tray", "--set", "open_time=true")["outcome"] == "unchanged"
    done("configure", "tray", "--location", "bay", "--set", "specify_business_day_start_time=04:00")
    text = done("configure", "tray")
    assert re.search(r"^  open_time +true$", text, re.MULTILINE)
    assert re.search(r"^  use_item_level_taxes +true  \(default\)$", text, re.MULTILINE)
    assert re.search(r"at bay, otherwise as for all:\n  specify_business_day_start_time +04:00\n", text)
    versions = text.split("versions:\n")[1].splitlines()
    assert [line.split()[0] for line in versions] == ["3", "2", "1"]
    assert versions[1].endswith("late checks")
    at_bay = done("configure", "tray", "--location", "bay")
    assert ("for all" in at_bay, "open_time" in at_bay) == (False, True)
    assert "'nowhere'" in run("configure", "tray", "--location", "nowhere").stderr
    file = store / "configuration.json"
    file.write_text(json.dumps({"options": {"trim_service_type_name": True}}))
    done("configure", "tray", "--file", str(file))
    shown_now = told("configure", "tray")
    assert shown_now["options"] == {"use_item_level_taxes": True, "trim_service_type_name": True}
    assert (shown_now["version"], shown_now["overrides"]) == (4, {})
    assert "No location has other options" not in done("configure", "tray", "--unset", "trim_service_type_name")
    pinned = done("configure", "tray", "--location", "bay", "--set", "open_time=false")
    assert "No location has other options in force than before." in pinned


def test_a_replay_of_what_was_offered(here: Site) -> None:
    """The command that configuring offers says what would change, from which capture and under which version."""
    text = done("configure", "tray", "--set", "use_item_level_taxes=false")
    assert "Recorded days stay as they are." in text
    (command,) = re.findall(rf"alpha: 1 day recorded. What it would change: daybook (replay alpha {D}.*)", text)
    said = done(*command.split())
    assert re.search(
        r"^From tray \(tray\): capture [0-9a-f]{16} under configuration 2 instead of 1\.$", said, re.MULTILINE
    )
    answer = told(*command.split())
    assert answer["derivations"][0]["recorded"] == 1
    tried = done("replay", "alpha", D, "--set", "use_item_level_taxes=false", "--set", "open_time=false")
    assert "under configuration 1 with use_item_level_taxes = false, open_time = false." in tried
    nothing = done("replay", "alpha", D, "--set", "include_inactive_employees=true")
    assert "Nothing would differ from generation 1" in nothing
    assert done("replay", "alpha", D).startswith("Nothing differs")
    for arguments, words in [
        (("--configuration", "9"), "no configuration 9"),
        (("--configuration", "0"), "--configuration"),
        (("--connection", "files", "--configuration", "1"), "but from: tray"),
        (("--set", "nonsense=1"), "no polling option"),
    ]:
        refused = run("replay", "alpha", D, *arguments)
        assert (refused.exit_code in {1, 2}, words in refused.stderr) == (True, True), refused.output


RECEIPT = Receipt(7, dt.datetime(2026, 11, 2, tzinfo=dt.UTC), 3)
DAY = DayId("main", "pier", dt.date(2026, 10, 31))
OUTCOMES: list[tuple[Outcome, str, dict[str, Any]]] = [
    (
        Outcome("polled", 2, RECEIPT, 1, 2, 3),
        "pier 2026-10-31: generation 2, 1 record added, 2 changed, 3 removed.",
        {},
    ),
    (
        Outcome("polled", 1, RECEIPT, 4, compensated={dt.date(2026, 11, 1): 3, dt.date(2026, 10, 30): 1}),
        (
            "pier 2026-10-31: generation 1, 4 records added, 0 changed, 0 removed. It changed other business days: "
            "2026-10-30 (1 record), 2026-11-01 (3 records)."
        ),
        {"compensated": [{"date": "2026-10-30", "records": 1}, {"date": "2026-11-01", "records": 3}]},
    ),
    (
        Outcome("unchanged", 1, RECEIPT, observed=1),
        (
            "pier 2026-10-31: nothing differs from generation 1. 1 change of other days came after their approval: "
            "kept, and not counted until these are reopened."
        ),
        {"observed": 1},
    ),
    (
        Outcome("staged", 2, RECEIPT, 1, 2),
        (
            "pier 2026-10-31: the day is approved, and 3 records would differ: they wait as generation 2 until it is "
            "reopened."
        ),
        {},
    ),
    (
        Outcome("staged", 2, RECEIPT),
        "pier 2026-10-31: the day is approved, and no record differs from that.",
        {},
    ),
]


@pytest.mark.parametrize(("outcome", "sentence", "members"), OUTCOMES)
def test_what_a_poll_says_of_other_days(outcome: Outcome, sentence: str, members: dict[str, Any]) -> None:
    """Other days that changed, and changes after an approval, are said in words and JSON, where there are any."""
    assert outcome_sentence(DAY, outcome) == sentence
    plain = plain_outcome(DAY, outcome)
    assert {name: plain[name] for name in ("compensated", "observed") if name in plain} == members
    assert set(members) <= set(PollAnswer.model_fields)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("name=12", "12"),
        ("name=", ""),
        ("many=3", 3),
        ("many=three", "three"),
        ("yes=true", True),
        ("books=12345", ["12345"]),
        ("books=1, 2", ["1", "2"]),
        ('books=["1", "2"]', ["1", "2"]),
        ("books=", ""),
        ("counts=1,2", [1, 2]),
        ("other=x=y", "x=y"),
    ],
)
def test_a_field_of_a_form_means_what_the_form_declares(text: str, value: object) -> None:
    """Texts stand for themselves, lists may have commas, all else is JSON; what is not is refused with the form."""
    kinds = {"name": "string", "many": "integer", "yes": "boolean"}
    lists = {
        name: {"type": "array", "items": {"type": kind}}
        for name, kind in {"books": "string", "counts": "integer"}.items()
    }
    form = {"properties": {**{name: {"type": kind} for name, kind in kinds.items()}, **lists}}
    assert fields_given(form, [text]) == {text.partition("=")[0]: value}


@pytest.mark.parametrize("texts", [["name"], ["=x"], ["name=1", "name=2"]])
def test_a_field_is_given_once_and_with_its_name(texts: list[str]) -> None:
    """All else would be chance."""
    with pytest.raises(typer.BadParameter):
        fields_given({"properties": {"name": {"type": "string"}}}, texts)
