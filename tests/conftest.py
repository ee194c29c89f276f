"""Fixtures that every test may ask for: migrated databases of both kinds, and a journal on them."""

import functools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import typer.main
import typer.testing
from hypothesis import is_hypothesis_test, settings

from adapters.database import migrate
from adapters.journal import open_journal
from domain.ports.journal import Journal
from tests.support.laws import examples
from tests.support.postgres import NoPostgres, Server, postgres_server

# Most tests are about what daybook does, and not about who may ask for it.
os.environ["DAYBOOK_ACCESS"] = "open"
# The simulated systems of the tests are on this machine; processes that tests start inherit it.
os.environ.setdefault("DAYBOOK_ALLOW_LOOPBACK", "true")
# For laws that do not say how many examples they want.
settings.register_profile("daybook", max_examples=examples(100))
settings.load_profile("daybook")

# The command line is made once and not for every command that a test gives: it keeps nothing between two of them.
typer.testing._get_command = functools.cache(typer.main.get_command)  # type: ignore[attr-defined]

EVERYTHING: Final = os.environ.get("DAYBOOK_TEST_MEASURE") == "all"
"""Every test is measured, as `make coverage` wants it."""

TESTS: Final = Path(__file__).parent
MEASURED: Final = frozenset({"domain"})
"""Folders of tests that are measured: the gate on coverage is the domain's, and its own tests have to cover it."""


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A case that is bytes has a number in its name: archives made while tests are collected hold the time.

    Otherwise two workers that begin in different seconds would have tests of different names, and none would run.
    """
    return argname if isinstance(val, bytes | bytearray) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Among workers files with slow tests come first, so that none is last. A file is one worker's, in its order."""
    if hasattr(config, "workerinput"):
        slow = {item.path for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: item.path not in slow)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Only what the gate on coverage hangs on is measured, which takes half as long again: no fixture of other tests.

    Tests of other folders pass through everything, whatever they are about; slow ones and laws are of chance.
    """
    plugin: Any = item.config.pluginmanager.get_plugin("_cov")
    measuring = plugin and plugin.cov_controller
    if not measuring or _is_measured(item):
        return (yield)
    measuring.pause()
    try:
        return (yield)
    finally:
        measuring.resume()


def _is_measured(item: pytest.Item) -> bool:
    if EVERYTHING:
        return True
    by_chance = item.get_closest_marker("slow") or (isinstance(item, pytest.Function) and is_hypothesis_test(item.obj))
    return not by_chance and item.path.relative_to(TESTS).parts[0] in MEASURED


@pytest.fixture(autouse=True)
def _unmeasured_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that tests start are measured where everything is."""
    if not EVERYTHING:
        monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """One PostgreSQL server for the session (for each worker of pytest-xdist). Without any the tests fail."""
    try:
        with postgres_server() as server:
            yield server
    except NoPostgres as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def postgres_template(postgres: Server) -> Iterator[str]:
    """The name of a migrated database that others are copied from."""
    name = postgres.create()
    migrate(postgres.url(name))
    yield name
    postgres.drop(name)


@pytest.fixture
def postgres_database(postgres: Server, postgres_template: str) -> Iterator[str]:
    """The name of a freshly migrated database."""
    name = postgres.create(template=postgres_template)
    yield name
    postgres.drop(name)


@pytest.fixture
def postgres_url(postgres: Server, postgres_database: str) -> str:
    """A freshly migrated PostgreSQL database over TCP."""
    return postgres.url(postgres_database)


@pytest.fixture
def postgres_socket_url(postgres: Server, postgres_database: str) -> str:
    """The same database as ``postgres_url``, over a Unix socket (over TCP where the server is somebody else's)."""
    return postgres.url(postgres_database, unix=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a migrated database that others are copied from."""
    folder = tmp_path_factory.mktemp("template")
    migrate(f"sqlite:///{folder / 'journal.db'}")
    return folder


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """A freshly migrated SQLite database in a folder of its own."""
    folder = tmp_path / "database"
    shutil.copytree(sqlite_template, folder)
    return f"sqlite:///{folder / 'journal.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A freshly migrated database, once of each kind."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture
def journal(database_url: str) -> Iterator[Journal]:
    """An open journal on ``database_url``, once on each kind of database."""
    opened = open_journal(database_url)
    yield opened
    opened.close()
