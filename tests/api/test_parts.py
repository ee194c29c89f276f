"""The small parts of the ways in: settings, composition, moments and entity tags."""

import datetime as dt
import json
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from api import catalogue, composition, days
from api.catalogue import load_systems
from api.composition import open_house
from api.http.etags import expected_version, not_modified
from api.logs import configure_logs
from api.refusals import BadMoment, BadVersion, NotInitialized
from api.settings import NotLoopback, Settings, check_listening, documented, is_loopback, load_settings
from domain.commands.recording import NotTheVersion
from tests.api.site import DATES, a_site


def test_every_setting_is_documented() -> None:
    """Each setting says what it is for, in a sentence or more, under its variable's name."""
    shown = list(documented())
    assert len(shown) == len(Settings.model_fields)
    for setting in shown:
        assert setting.variable.startswith("DAYBOOK_")
        assert setting.description.endswith("."), setting.variable


def test_default_store_is_in_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without settings the store is SQLite in the folder data, and the key lies beside it."""
    monkeypatch.chdir(tmp_path)
    settings = load_settings(database_url="", data_dir=Path("data"))
    assert settings.url == f"sqlite:///{tmp_path}/data/journal.db"
    assert settings.key_path == tmp_path / "data" / "key"
    assert settings.who.startswith("cli:")


def test_password_is_not_in_the_settings_repr() -> None:
    """A URL with a password is in no repr of the settings."""
    assert "hunter2" not in repr(load_settings(database_url="postgresql://u:hunter2@h/d"))


HOSTS = [
    ("0.0.0.0", False),  # noqa: S104 - refused is what it is
    ("::", False),
    ("192.168.1.2", False),
    ("127.0.0.2", False),
    ("example.com", False),
    ("", False),
    ("127.0.0.1\n", False),
    ("127.0.0.1", True),
    ("::1", True),
    ("localhost", True),
]


@pytest.mark.parametrize(("host", "local"), HOSTS)
def test_only_loopback(host: str, local: bool) -> None:
    """Where access is open only addresses of this machine are listened on; where it is not, others under a name."""
    assert is_loopback(host) is local
    open_, required = load_settings(host=host, access="open"), load_settings(host=host, access="required")
    named = load_settings(host=host, access="required", hosts="daybook.example")
    check_listening(named)
    if local:
        check_listening(open_)
        check_listening(required)
        return
    with pytest.raises(NotLoopback, match="DAYBOOK_ACCESS=open"):
        check_listening(open_)
    with pytest.raises(NotLoopback, match="DAYBOOK_PUBLIC_URL or DAYBOOK_HOSTS"):
        check_listening(required)


def test_broken_systems_are_left_out() -> None:
    """An adapter that cannot be loaded, or is none, is reported and takes nobody else with it."""
    entries = [
        EntryPoint("broken", "no.such.module:SYSTEM", catalogue.SYSTEMS),
        EntryPoint("none", "json:dumps", catalogue.SYSTEMS),
        EntryPoint("again", "adapters.pos.tray:SYSTEM", catalogue.SYSTEMS),
        EntryPoint("tray", "adapters.pos.tray:SYSTEM", catalogue.SYSTEMS),
    ]
    systems, broken = load_systems(entries)
    assert list(systems) == ["tray"]
    assert set(broken) == {"broken", "none", "tray"}
    assert "no" in broken["broken"]


def test_installed_systems() -> None:
    """The installed package registers Tray through its entry point."""
    systems, broken = load_systems()
    assert "tray" in systems
    assert broken == {}


def test_store_of_another_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store at another schema is not opened: init is what brings it there."""
    with a_site(tmp_path, projecting=False) as site:
        settings = site.settings
    monkeypatch.setattr(composition, "head_revision", lambda: "9999")
    with pytest.raises(NotInitialized, match="9999"), open_house(settings):
        pass


def test_whole_story_on_both_databases(tmp_path: Path, database_url: str) -> None:
    """Polling, repolling, reading, summarizing as of then and replaying work alike on SQLite and PostgreSQL."""
    with a_site(tmp_path, url=database_url) as site:
        first = site.poll(DATES[0], Idempotency_Key="one")
        assert first.status_code == 201
        assert site.poll(DATES[0]).status_code == 200
        assert site.poll(DATES[0], Idempotency_Key="one").headers["idempotent-replayed"] == "true"
        asked = {"min_position": first.headers["daybook-position"]}
        path = f"/v1/days/alpha/{DATES[0]}"
        for part in ("", "/dss", "/journal-entries", "/tickets", "/labor", "/history"):
            answer = site.client.get(path + part, params=asked)
            assert answer.status_code == 200, answer.text
        now = site.client.get(f"{path}/dss").json()["summary"]
        then = site.client.get(f"{path}/dss", params={"as_of": first.json()["recorded_at"]}).json()["summary"]
        assert then == now
        assert site.client.post(f"{path}/replays").json()["differs"] is False
        for list_ in ("/v1/dss", "/v1/employees", "/v1/polls", "/v1/facts", "/v1/locations", "/v1/connections"):
            assert site.client.get(list_, params={"limit": 2}).json()["data"]
        assert site.client.get("/readyz").json()["status"] == "ready"
        assert site.opened.journal.verify().faults == ()


TAGS: list[tuple[str, int, Any]] = [
    ("", 3, BadVersion),
    ("3", 3, BadVersion),
    ('"3', 3, BadVersion),
    (", ".join(['"3"'] * 51), 3, BadVersion),
    ('"2"', 3, NotTheVersion),
    ('W/"3"', 3, NotTheVersion),
    ('"03"', 3, NotTheVersion),
    ("*", 0, NotTheVersion),
    ("*", 3, 3),
    ('"3"', 3, 3),
    ('"1", "3"', 3, 3),
    ('"0"', 0, 0),
]


@pytest.mark.parametrize(("header", "current", "expected"), TAGS)
def test_if_match(header: str, current: int, expected: Any) -> None:
    """If-Match holds where a strong tag is the current version."""
    if isinstance(expected, int):
        assert expected_version(header, current) == expected
    else:
        with pytest.raises(expected):
            expected_version(header, current)


def test_no_conditions() -> None:
    """Without a header nothing is expected, and nothing is known."""
    assert expected_version(None, 3) is None
    assert not not_modified(None, 3)


class _Log:
    """A journal of which only the end is known."""

    def head(self) -> int:
        return 10

    def position_at(self, moment: dt.datetime | int) -> int:
        return moment if isinstance(moment, int) else int(moment.timestamp())


MOMENTS: list[tuple[str, int | None]] = [
    ("", None),
    ("-1", None),
    ("11", None),
    ("1.5", None),
    ("٣", None),
    ("1" * 30, None),
    ("now", None),
    ("2026-01-01", None),
    ("1970-01-01T00:00:07", None),
    ("1970-01-01T00:00:07+99:00", None),
    ("0001-01-01T00:00:00+14:00", None),
    ("0", 0),
    ("10", 10),
    ("@10", 10),
    ("@", None),
    ("@@10", None),
    ("1970-01-01T00:00:07Z", 7),
    ("1970-01-01T01:00:07+01:00", 7),
    ("1970-01-01 00:00:07.5Z", 7),
]


@pytest.mark.parametrize(("text", "position"), MOMENTS)
def test_moments(text: str, position: int | None) -> None:
    """A moment is a position that was reached, or an instant with its offset that has passed."""
    log: Any = _Log()
    if position is None:
        with pytest.raises(BadMoment):
            days.moment(log, text)
    else:
        assert days.moment(log, text) == position


@pytest.mark.parametrize("form", ["json", "console"])
def test_log_lines(capsys: pytest.CaptureFixture[str], form: Any) -> None:
    """Each line goes to standard error; a traceback in it shows no values of variables."""
    import structlog  # noqa: PLC0415

    configure_logs(load_settings(log_format=form))
    password = "hunter2"
    try:
        raise RuntimeError(f"failed {len(password)}")
    except RuntimeError:
        structlog.get_logger("test").exception("gone wrong", where="here")
    said = capsys.readouterr()
    assert said.out == ""
    assert "gone wrong" in said.err
    assert "hunter2" not in said.err.replace('password = "hunter2"', "")
    if form == "json":
        assert json.loads(said.err.splitlines()[0])["where"] == "here"
