"""The tables that the migrations make are those that the views write."""

from pathlib import Path

from sqlalchemy import Connection, Engine, text

from adapters.database import open_engine
from domain.ports.journal import Journal
from projections.rebuilding import rebuild
from projections.sites import NEXT, opened_site
from projections.tables import metadata
from tests.projections.stage import Stage, varied_history

POSTGRES_TABLES = """
SELECT table_name, ordinal_position, column_name, data_type, is_nullable, collation_name, column_default
FROM information_schema.columns WHERE table_schema = :schema ORDER BY table_name, ordinal_position
"""
POSTGRES_INDEXES = "SELECT replace(indexdef, :schema || '.', '') FROM pg_indexes WHERE schemaname = :schema ORDER BY 1"


def postgres_schema(connection: Connection, schema: str) -> list[tuple[object, ...]]:
    """Everything about the tables and indexes of a schema."""
    asked = {"schema": schema}
    found = [*connection.execute(text(POSTGRES_TABLES), asked), *connection.execute(text(POSTGRES_INDEXES), asked)]
    return [tuple(row) for row in found]


def sqlite_schema(engine: Engine) -> list[str]:
    """The statements that made the tables and indexes."""
    with engine.connect() as connection:
        found = connection.execute(
            text("SELECT sql FROM views.sqlite_master WHERE sql IS NOT NULL ORDER BY type, name")
        )
        return [" ".join(row.sql.split()) for row in found]


def test_the_migrated_schema_is_that_of_the_tables(engine: Engine, tmp_path: Path) -> None:
    """Migrating and creating the tables of the views give the same columns, keys, collations and indexes."""
    tables = metadata.sorted_tables
    if engine.dialect.name == "sqlite":
        fresh = open_engine(f"sqlite:///{tmp_path / 'fresh.db'}")
        metadata.create_all(fresh)
        assert sqlite_schema(fresh) == sqlite_schema(engine)
        assert len(sqlite_schema(fresh)) >= len(tables)
        fresh.dispose()
        return
    views = [table for table in tables if table.name != "bookmark"]
    with opened_site(engine, views) as site, site.connection.begin():
        migrated = postgres_schema(site.connection, "views")
        assert postgres_schema(site.connection, NEXT) == migrated
    assert len(migrated) > len(tables)


def test_a_rebuild_leaves_the_schema_as_it_was(engine: Engine, journal: Journal) -> None:
    """Tables that took the place of others have the same columns, keys and indexes, and the same names."""
    varied_history(Stage(journal, engine))

    def schema() -> list[object]:
        if engine.dialect.name == "sqlite":
            return list(sqlite_schema(engine))
        with engine.connect() as connection:
            return list(postgres_schema(connection, "views"))

    before = schema()
    rebuild(engine, journal)
    assert schema() == before


def test_the_client_is_first_in_every_key() -> None:
    """Every key but the bookmark's begins with the client, so that no query crosses clients by accident."""
    keys = {table.name: [column.name for column in table.primary_key.columns] for table in metadata.sorted_tables}
    assert {name for name, key in keys.items() if key[0] != "client"} == {"bookmark"}
