"""One URL opens the database, and Alembic brings it to the schema of this release, whoever comes first."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.database import (
    WRITE_FIRST,
    BadDatabaseUrl,
    current_revision,
    database_url,
    head_revision,
    migrate,
    migrations_folder,
    open_engine,
)
from tests.support.postgres import Server
from tests.support.processes import CONTEXT

ROOT = Path(__file__).parents[2]
TOGETHER = 8


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that was never migrated; on SQLite not even the folder is there."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/new/journal.db"
    server: Server = request.getfixturevalue("postgres")
    name = server.create()
    request.addfinalizer(lambda: server.drop(name))  # noqa: PT021 - the other half of a choice
    return server.url(name)


@pytest.mark.parametrize(
    ("given", "opened"),
    [
        ("sqlite:////data/journal.db", "sqlite:////data/journal.db"),
        ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgres://u@h:5433/d", "postgresql+psycopg://u@h:5433/d"),
        ("postgresql+psycopg://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u@/d?host=/run/postgresql", "postgresql+psycopg://u@/d?host=%2Frun%2Fpostgresql"),
    ],
)
def test_urls_are_taken_as_people_write_them(given: str, opened: str) -> None:
    """Both spellings of PostgreSQL mean the driver that we have; a Unix socket is a host in the query."""
    assert database_url(given).render_as_string(hide_password=False) == opened


@pytest.mark.parametrize(
    "bad",
    ["", "journal.db", "mysql://h/d", "sqlite://", "sqlite:///:memory:", "sqlite:///file:x?mode=memory", "oracle:x"],
)
def test_what_is_no_database_of_ours_is_refused(bad: str) -> None:
    """A URL that names no file and no PostgreSQL is refused with an example of a good one."""
    with pytest.raises(BadDatabaseUrl, match=r"sqlite:////folder/journal\.db"):
        database_url(bad)


def test_a_password_is_not_repeated_in_a_refusal() -> None:
    """The refusal of a URL does not tell what was in it."""
    with pytest.raises(BadDatabaseUrl) as refused:
        database_url("mysql://anna:geheim@host/books")
    assert "geheim" not in str(refused.value)


def test_migrating_brings_an_empty_database_to_the_head(empty_url: str) -> None:
    """Nothing, then everything; migrating again changes nothing."""
    assert current_revision(empty_url) is None
    assert migrate(empty_url) == head_revision() == current_revision(empty_url)
    assert migrate(empty_url) == current_revision(empty_url)


def test_several_processes_may_migrate_at_once(empty_url: str) -> None:
    """Processes that start together all come up, and the schema is made once."""
    processes = [CONTEXT.Process(target=migrate, args=(empty_url,)) for _ in range(TOGETHER)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * TOGETHER
    assert current_revision(empty_url) == head_revision()


def test_migrations_go_down_and_up_again_while_nothing_is_recorded(empty_url: str) -> None:
    """Every migration can be taken back from an empty database and applied again."""
    from alembic import command  # noqa: PLC0415 - the name is also that of our folder

    from adapters.database import _config  # noqa: PLC0415

    migrate(empty_url)
    config = _config()
    config.attributes["engine"] = engine = open_engine(empty_url)
    command.downgrade(config, "base")
    assert current_revision(empty_url) is None
    command.upgrade(config, "head")
    engine.dispose()
    assert current_revision(empty_url) == head_revision()


def test_the_command_line_of_alembic_works(empty_url: str) -> None:
    """``alembic upgrade head`` and ``alembic current`` work with the URL in the environment, and say so without it."""
    environment = {**os.environ, "DAYBOOK_DATABASE_URL": empty_url, "PYTHONPATH": str(ROOT)}
    alembic = [sys.executable, "-m", "alembic"]
    subprocess.run([*alembic, "upgrade", "head"], cwd=ROOT, env=environment, check=True, capture_output=True)
    current = subprocess.run(
        [*alembic, "current"], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    assert current.stdout.startswith(head_revision())
    del environment["DAYBOOK_DATABASE_URL"]
    refused = subprocess.run(
        [*alembic, "current"], cwd=ROOT, env=environment, check=False, capture_output=True, text=True
    )
    assert "DAYBOOK_DATABASE_URL" in refused.stderr


def test_the_migrations_are_one_line_without_branches() -> None:
    """Each migration follows one other, so that there is one head."""
    files = sorted(path.name for path in (migrations_folder() / "versions").glob("*.py"))
    assert [name[:4] for name in files] == [f"{number:04}" for number in range(1, len(files) + 1)]
    assert head_revision() == files[-1][:4]


def test_tables_in_views_are_reached_on_both_databases(database_url: str) -> None:
    """``schema="views"`` means the second file on SQLite and a schema on PostgreSQL; a transaction covers both."""
    engine = open_engine(database_url)
    table = sa.Table("shown_for_test", sa.MetaData(schema="views"), sa.Column("id", sa.Integer, primary_key=True))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("CREATE SCHEMA IF NOT EXISTS views"))
        table.create(connection)
        connection.execute(table.insert().values(id=1))
    with engine.connect() as connection:
        assert connection.execute(sa.select(table.c.id)).scalars().all() == [1]
        assert connection.execute(sa.text("SELECT count(*) FROM facts")).scalar_one() == 0
        connection.execute(table.insert().values(id=2))
        connection.rollback()
        assert connection.execute(sa.select(table.c.id)).scalars().all() == [1]
    engine.dispose()


def test_sqlite_connections_are_set_up_alike(sqlite_url: str) -> None:
    """Every connection has both files in WAL mode, checks foreign keys, and waits for locks."""
    engine = open_engine(sqlite_url)
    with engine.connect() as first, engine.connect() as second:
        for connection in (first, second):
            pragmas = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("main.journal_mode", "views.journal_mode", "foreign_keys", "busy_timeout")
            }
            assert pragmas == {
                "main.journal_mode": "wal",
                "views.journal_mode": "wal",
                "foreign_keys": 1,
                "busy_timeout": 10_000,
            }
    engine.dispose()


def test_sqlite_transactions_are_real_ones(sqlite_url: str) -> None:
    """DDL rolls back, and a transaction that writes first holds the lock from its beginning."""
    engine = open_engine(sqlite_url)
    with engine.connect() as connection:
        connection.execute(sa.text("CREATE TABLE gone (x)"))
        connection.rollback()
        assert "gone" not in sa.inspect(connection).get_table_names()
    impatient = sa.create_engine(sa.make_url(sqlite_url), connect_args={"timeout": 0.05})
    with (
        engine.connect().execution_options(**WRITE_FIRST) as holder,
        holder.begin(),
        impatient.connect() as other,
        pytest.raises(sa.exc.OperationalError, match="locked"),
    ):
        other.execute(
            sa.text("INSERT INTO facts (originator_id, originator_version, topic, state) VALUES ('s', 1, 't', '')")
        )
    impatient.dispose()
    engine.dispose()
