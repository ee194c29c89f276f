"""Fixtures that every test may ask for: migrated databases of both kinds, and a journal on them."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from adapters.database import migrate
from adapters.journal import open_journal
from domain.ports.journal import Journal
from tests.support.postgres import NoPostgres, Server, postgres_server

# Most tests are about what daybook does, and not about who may ask for it.
os.environ["DAYBOOK_ACCESS"] = "open"
# The simulated systems of the tests are on this machine; processes that tests start inherit it.
os.environ.setdefault("DAYBOOK_ALLOW_LOOPBACK", "true")


TESTS: Final = Path(__file__).parent
UNMEASURED: Final = frozenset({"access", "api", "authz", "bola", "contract", "security"})
"""Folders of tests of the ways in."""


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A case that is bytes has a number in its name: archives made while tests are collected hold the time.

    Otherwise two workers that begin in different seconds would have tests of different names, and none would run.
    """
    return argname if isinstance(val, bytes | bytearray) else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share a store go to one worker; neither slow tests nor those of the ways in are measured.

    Slow ones are of chance, or of processes that die; those of the ways in pass through everything, whatever they are
    about. Without being measured they take half the time, and the gate on coverage hangs on tests that are meant.
    """
    for item in items:
        if _is_unmeasured(item):
            item.add_marker("no_cover")
        if isinstance(item, pytest.Function) and _shares(item):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.split("::")[0]))


def _is_unmeasured(item: pytest.Item) -> bool:
    if os.environ.get("DAYBOOK_TEST_MEASURE") == "all":
        return False
    return bool(item.get_closest_marker("slow")) or item.path.relative_to(TESTS).parts[0] in UNMEASURED


def _shares(item: pytest.Function) -> bool:
    """It uses something that other tests of its file use too."""
    known = item._fixtureinfo.name2fixturedefs.values()
    return any(one.scope == "module" for found in known for one in found)


@pytest.fixture(autouse=True)
def _unmeasured_processes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that such a test starts are not measured either."""
    if request.node.get_closest_marker("no_cover"):
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
