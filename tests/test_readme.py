"""The README is a contract: every command, route, setting, option and target stands in it, and what it shows runs."""

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest
import typer

from adapters.files import KINDS
from adapters.pos.tray import SYSTEM
from adapters.pos.tray.simulator import TrayPos, TrayPosSettings, running
from api.cli import app as command_line
from api.cli.simulating import SIMULATED, connecting
from api.composition import init_store, open_house
from api.http.application import create_app
from api.settings import documented, load_settings
from domain.accounts import HEADS, AccountMapping
from domain.polling import Options, options_for
from domain.polling.configuration import OUR_OWN
from tests.api.site import daybook

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def table(heading: str) -> dict[str, list[str]]:
    """The first table under a heading: first cell without its backticks → the other cells."""
    section = README.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in section.splitlines() if line.startswith("|")]
    return {cells[0].strip().strip("`"): [cell.strip() for cell in cells[1:]] for cells in rows[2:]}


def test_every_setting_is_documented_as_it_is() -> None:
    """The table of settings has every setting, its default and its description, and no other."""
    expected = {row.variable: [f"`{row.default}`" if row.default else "", row.description] for row in documented()}
    assert table("Settings") == expected


def test_every_command_is_documented() -> None:
    """The table of commands has every command of the command line, and no other."""
    group = typer.main.get_command(command_line)
    commands = set(getattr(group, "commands", {}))
    assert commands == {row.split()[1] for row in table("The command line")}


def test_every_route_is_documented(tmp_path: Path) -> None:
    """The table of routes has every operation of the OpenAPI document, and no other."""
    settings = load_settings(data_dir=tmp_path)
    init_store(settings)
    with open_house(settings) as opened:
        paths = create_app(opened).openapi()["paths"]
    operations = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert set(table("The HTTP API")) == operations


@pytest.mark.parametrize("system", SIMULATED)
def test_every_simulated_system_is_documented(system: str) -> None:
    """With the command that serves it, and the lines that it prints at its usual port."""
    assert f"daybook simulate {system}" in README
    assert "\n".join(connecting(system, f"http://127.0.0.1:{SIMULATED[system].port}")) in README


def test_every_target_is_documented() -> None:
    """The table of targets has every target of the Makefile that says what it is for."""
    targets = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)) - {"help"}
    assert {row.removeprefix("make ") for row in table("Make")} == targets


def test_every_polling_option_is_documented() -> None:
    """The table of polling options has every option of the product, with Tray's default: 13, 9 and IHOP's."""
    names = [name for name in Options.__struct_fields__ if name not in OUR_OWN]
    assert len(names) == 13 + 9 + 1
    defaults = {name: SYSTEM.default_options.get(name, getattr(Options(), name)) for name in names}
    off = (False, 0, "0", "", ())
    expected = {name: "off" if value in off else "on" for name, value in defaults.items()}
    assert {name: cells[0] for name, cells in table("Polling options").items()} == expected


def test_every_option_of_our_own_is_documented() -> None:
    """The table of daybook's own options has each of them, with its default and a value that it takes."""
    found = table("daybook's own options")
    assert {name: cells[0] for name, cells in found.items()} == {
        name: f"`{json.dumps(getattr(Options(), name))}`" for name in OUR_OWN
    }
    for name, (_, value, meaning) in found.items():
        assert meaning
        assert options_for({name: json.loads(value.strip("`"))}) != Options()


def test_every_value_of_a_polling_option_is_one() -> None:
    """The table shows a value that the option takes, as it stands in a configuration, or says that it is on or off."""
    for name, (_, value, meaning) in {**table("Polling options"), **table("daybook's own options")}.items():
        assert meaning
        if value == "on or off":
            assert isinstance(getattr(Options(), name), bool)
        else:
            assert options_for({name: json.loads(value.strip("`"))}) != Options()


def test_every_key_of_the_journal_entries_is_documented() -> None:
    """The table of keys has every key that a journal line can have, with its default account."""
    expected = {}
    for head, names in HEADS.items():
        account = AccountMapping().account((head, *["x" for _ in names]))
        expected["/".join([head, *[name.upper() for name in names]])] = account
    shown = {key: cells[2] if cells[2].isdecimal() else "" for key, cells in table("Journal entries").items()}
    assert shown == expected


def test_every_kind_of_import_file_is_documented() -> None:
    """The table of import files has all 18 kinds, in the order in which those of one session are imported."""
    assert list(table("Import files")) == list(KINDS)


def test_the_glossary_is_in_use() -> None:
    """The glossary explains the words that the product uses, and sorts none of them out by accident."""
    assert {"poll", "repoll", "replay", "generation", "capture", "fact", "over/short"} <= set(table("Glossary"))


@pytest.mark.slow
def test_the_commands_about_import_files_run(tmp_path: Path) -> None:
    """What the README tells to type about import files works as it stands, one line after the other."""
    block = next(part for part in README.split("```") if "import --template" in part)
    folder = tmp_path / "data"
    said = ""
    for line in block.replace("Deposits.csv", str(tmp_path / "Deposits.csv")).strip().splitlines():
        if line == "export DAYBOOK_DATA_DIR=data/files":
            continue
        command, _, file = line.partition(" > ")
        done = run(command, folder)
        assert (line, done.returncode, done.stderr if done.returncode else "") == (line, 0, "")
        said = done.stdout
        if file:
            Path(file).write_text(said)
    assert "Total deposit" in said


@pytest.mark.slow
def test_the_commands_of_the_quick_start_run(tmp_path: Path) -> None:
    """What the README tells a newcomer to type works as it stands, with a simulated POS beside it."""
    block = next(part for part in README.split("```") if "daybook connect" in part)
    pos = TrayPos(TrayPosSettings(tickets=20))
    with running(pos) as served:
        for line in block.strip().splitlines():
            if line.startswith("export") or line.endswith("serve"):
                continue
            typed = line.replace("http://127.0.0.1:8300", served.url)
            done = run(typed.replace("2026-11-20", pos.settings.last.isoformat()), tmp_path / "data")
            assert (line, done.returncode, done.stderr if done.returncode else "") == (line, 0, "")


def run(line: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """A line as somebody types it, in a process of its own."""
    words = shlex.split(line)
    assert words[0] == ".venv/bin/daybook"
    return daybook(*words[1:], folder=folder, TRAY_KEY="tray-key-one")
