"""The simulated systems of the command line: each says how it is connected, and accepts just that."""

import os
import shlex
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from adapters.erp.office_24seven.simulator import opening_vendor
from adapters.erp.sage_intacct.simulator import SimulatedGateway, opening_books
from adapters.pos.tray.simulator import TrayPos, TrayPosSettings, some_venues
from api.cli import app, simulating
from api.cli.simulating import SIMULATED, connecting, staff_of_tray
from domain.accounts.defaults import DEFAULT_ACCOUNTS
from tests.api.site import copy_of_a_store

COMMANDS = {
    "tray": lambda: simulating.simulate_tray(port=0, days=1, locations=1, tickets=1),
    "sage-intacct": lambda: simulating.simulate_intacct(port=0),
    "24sevenoffice": lambda: simulating.simulate_office(port=0),
    "scim": lambda: simulating.simulate_scim(port=0, locations=1),
    "webhook": lambda: simulating.simulate_webhook(port=0),
}
SEEN = {"tray": "V100", "sage-intacct": "HARBOR", "24sevenoffice": "12345", "scim": "127.0.0.1", "webhook": "127.0.0.1"}


def test_every_simulated_system_has_a_command() -> None:
    """Under its key in the catalogue."""
    group = typer.main.get_command(app).commands["simulate"]  # type: ignore[attr-defined]
    assert set(group.commands) == SIMULATED.keys() == COMMANDS.keys()
    ports = [one.port for one in SIMULATED.values()]
    assert len(set(ports)) == len(ports)


@pytest.mark.parametrize("system", COMMANDS)
def test_what_it_says_connects_it(
    system: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Line by line: the draft is made, its test sees the company or the venue, and it is established."""
    copy_of_a_store(tmp_path)
    assert CliRunner().invoke(app, ["init"], env={"DAYBOOK_DATA_DIR": str(tmp_path)}).exit_code == 0
    told: list[str] = []

    def meanwhile() -> None:
        lines = capsys.readouterr().out.splitlines()
        assert lines[0].startswith(f"The simulated {SIMULATED[system].title} answers at http://127.0.0.1:")
        exported, *commands = [shlex.split(line) for line in lines if line.startswith("  ")]
        assert exported[0] == "export"
        env = {"DAYBOOK_DATA_DIR": str(tmp_path), "COLUMNS": "400"}
        env |= dict(word.split("=", 1) for word in exported[1:])
        for command in commands:
            assert command[0] == "daybook"
            result = CliRunner().invoke(app, command[1:], env=env)
            assert result.exit_code == 0, (command, result.output)
            told.append(result.output)

    monkeypatch.setattr(simulating, "until_stopped", meanwhile)
    COMMANDS[system]()
    assert [len(told), SEEN[system] in told[1]] == [3, True]
    assert "passed its test" in told[1]
    assert "is established" in told[2]
    assert "Stopped." in capsys.readouterr().err
    assert "DAYBOOK_ROLE" not in os.environ


def test_without_a_name_it_is_the_point_of_sale(monkeypatch: pytest.MonkeyPatch) -> None:
    """`daybook simulate` serves Tray, as it always did where nothing else was said."""
    served: list[str] = []
    monkeypatch.setattr(simulating, "simulate_tray", lambda: served.append("tray"))
    assert CliRunner().invoke(app, ["simulate"]).exit_code == 0
    assert served == ["tray"]


def test_a_fault_that_there_is_not() -> None:
    """It is told with those that there are, and nothing is served."""
    result = CliRunner().invoke(app, ["simulate", "sage-intacct", "--fault", "none"])
    assert result.exit_code == 2
    assert "silent" in result.output


def test_a_fault_and_a_closed_period(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are in place before anybody asks."""
    seen: list[tuple[str, object]] = []
    monkeypatch.setattr(simulating, "until_stopped", lambda: None)
    monkeypatch.setattr(SimulatedGateway, "arm", lambda self, name: seen.append((name, self.books.closed_until)))
    result = CliRunner().invoke(
        app, ["simulate", "sage-intacct", "--port", "0", "--fault", "silent", "--closed-until", "2026-10-31"]
    )
    assert result.exit_code == 0, result.output
    assert [(name, str(until)) for name, until in seen] == [("silent", "2026-10-31")]


def test_the_books_have_the_accounts_that_daybook_posts_to() -> None:
    """So that what a client begins with can be posted without entering accounts anywhere."""
    books = opening_books()
    assert set(DEFAULT_ACCOUNTS.values()) <= books.accounts.keys() | books.statistical_accounts.keys()
    (office,) = opening_vendor().books.values()
    assert {int(number) for number in DEFAULT_ACCOUNTS.values()} <= office.accounts.keys()


def test_the_hr_system_knows_the_staff_of_the_point_of_sale() -> None:
    """Of the same seed: numbers, social security numbers and rates are the same, so that people are found."""
    pos = TrayPos(TrayPosSettings(seed=3, venues=some_venues(2)))
    people = [person for venue in ("V100", "V101") for person in pos.books[venue].people.values()]
    staff = {worker.login: worker for worker in staff_of_tray(3, 2)}
    assert staff.keys() == {person.id.lower() for person in people}
    for person in people:
        worker = staff[person.id.lower()]
        assert (worker.number, worker.ssn, worker.active) == (person.payroll_id or "", person.ssn, person.active)
        assert [job.rate for job in worker.jobs] == [job.rate for job in person.jobs]


def test_the_lines_are_for_a_shell() -> None:
    """Secrets with quotes and spaces are one word."""
    exported = shlex.split(connecting("sage-intacct", "http://127.0.0.1:1")[0])
    assert exported[-1] == 'INTACCT_KEY={"password": "user-pass-word", "sender_password": "sender-pass-word"}'
