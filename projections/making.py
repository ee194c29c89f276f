"""Making views that are not there: they are a cache of the journal, so losing them loses nothing."""

from sqlalchemy import Engine, inspect, text

from projections.tables import SCHEMA, bookmark, metadata
from projections.walls import raise_walls


def missing_views(engine: Engine) -> bool:
    """The views' tables are gone: somebody deleted the file or the schema that they were in."""
    return not inspect(engine).has_table(bookmark.name, schema=SCHEMA)


def make_missing_views(engine: Engine) -> None:
    """Make the tables of the views where there are none; they catch up from the beginning of the log."""
    if missing_views(engine):
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
            metadata.create_all(connection)
            raise_walls(connection)
