"""The tables are those that the library would make, frozen in a migration, and guarded."""

import importlib.util
import sqlite3
from pathlib import Path
from types import ModuleType

import psycopg
import pytest

from adapters.database import database_url, migrations_folder
from adapters.journal.postgres import PostgresRecorder, open_postgres
from adapters.journal.settings import JournalSettings
from adapters.journal.sqlite import SQLiteRecorder, open_sqlite
from tests.support.postgres import Server

COLUMNS = """
SELECT column_name, data_type, is_nullable, column_default FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = 'facts' ORDER BY ordinal_position
"""
INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = 'facts' ORDER BY 1"
OPTIONS = "SELECT reloptions FROM pg_class WHERE oid = 'facts'::regclass"


@pytest.fixture
def migration() -> ModuleType:
    """The migration, as Alembic loads it."""
    spec = importlib.util.spec_from_file_location("journal_migration", migrations_folder() / "versions/0001_journal.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def sqlite_recorder(sqlite_url: str) -> SQLiteRecorder:
    """The recorder on a migrated file."""
    return open_sqlite(Path(str(database_url(sqlite_url).database)), JournalSettings())


@pytest.fixture
def postgres_recorder(postgres_url: str) -> PostgresRecorder:
    """The recorder on a migrated database."""
    return open_postgres(database_url(postgres_url), JournalSettings())


def squeeze(statement: str) -> str:
    """The statement with single spaces."""
    return " ".join(statement.split())


def test_the_frozen_statements_are_what_the_recorders_print(
    migration: ModuleType, sqlite_recorder: SQLiteRecorder, postgres_recorder: PostgresRecorder
) -> None:
    """The migration holds word for word what the recorders of this release of the library would execute."""
    printed = [squeeze(statement) for statement in sqlite_recorder.create_table_statements]
    assert printed == [squeeze(statement) for statement in migration.SQLITE_FACTS]
    statements = [squeeze(statement.as_string()) for statement in postgres_recorder.sql_create_statements]
    assert statements == [squeeze(statement) for statement in migration.POSTGRES_FACTS]
    sqlite_recorder.close()


def test_the_migrated_table_is_the_one_that_the_recorder_makes_on_sqlite(
    tmp_path: Path, sqlite_url: str, sqlite_recorder: SQLiteRecorder
) -> None:
    """SQLite remembers the same statement for both."""
    made = sqlite3.connect(tmp_path / "made.db")
    for statement in sqlite_recorder.create_table_statements:
        made.execute(statement)
    migrated = sqlite3.connect(str(database_url(sqlite_url).database))
    question = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'facts'"
    assert migrated.execute(question).fetchall() == made.execute(question).fetchall()
    made.close()
    migrated.close()
    sqlite_recorder.close()


def test_the_migrated_table_is_the_one_that_the_recorder_makes_on_postgresql(
    postgres: Server, postgres_url: str
) -> None:
    """Columns, indexes and storage options are the same; the function that takes no lock is not there."""
    name = postgres.create()
    recorder = open_postgres(database_url(postgres.url(name)), JournalSettings())
    recorder.create_table()
    recorder.close()
    with psycopg.connect(postgres.url(name)) as made, psycopg.connect(postgres_url) as migrated:
        for question in (COLUMNS, INDEXES, OPTIONS):
            assert migrated.execute(question.encode()).fetchall() == made.execute(question.encode()).fetchall()
        library = "SELECT count(*) FROM pg_proc WHERE proname LIKE 'es\\_%'"
        assert migrated.execute(library).fetchall() == [(0,)] == made.execute(library).fetchall()
    postgres.drop(name)


def test_states_are_compressed_with_lz4_where_the_server_can(postgres_url: str) -> None:
    """The column says lz4 on a server that was built with it, and is left alone on another."""
    with psycopg.connect(postgres_url) as connection:
        (able,) = connection.execute(
            "SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression'"
        ).fetchone() or (False,)
        (chosen,) = connection.execute(
            "SELECT attcompression::text FROM pg_attribute WHERE attrelid = 'facts'::regclass AND attname = 'state'"
        ).fetchone() or ("?",)
    assert chosen == ("l" if able else "")


def test_positions_of_deleted_facts_are_never_used_again(sqlite_url: str) -> None:
    """On SQLite too a position belongs to one fact for ever, even where somebody deleted it."""
    path = str(database_url(sqlite_url).database)
    insert = "INSERT INTO facts (originator_id, originator_version, topic, state) VALUES ('s', ?, 't', x'7b7d')"
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TRIGGER facts_no_DELETE")
        for version in (1, 2, 3):
            connection.execute(insert, (version,))
        connection.execute("DELETE FROM facts WHERE originator_version > 1")
        connection.execute(insert, (2,))
        assert connection.execute("SELECT max(rowid) FROM facts").fetchone() == (4,)
    connection.close()
