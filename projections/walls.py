"""Reading views for one client: the wall behind the ``WHERE`` of every query."""

from collections.abc import Iterable

from sqlalchemy import Connection, Engine, Table, text

from domain.ports.walls import FOR_CLIENT
from projections.tables import SCHEMA


def reading(engine: Engine, client: str) -> Connection:
    """A connection to read views with, for one client; every query of a request or a command takes it from here.

    On PostgreSQL its transactions see no rows of other clients, whatever a query asks for: a role reads them that
    row-level security lets see one client's alone. On SQLite it is a plain connection.

    Args:
        engine: of the database, or of views in memory.
        client: whose rows.
    """
    return engine.connect().execution_options(**{FOR_CLIENT: client})


def wall_in(connection: Connection, tables: Iterable[Table], schema: str = SCHEMA) -> None:
    """Put walls into tables that were just made, in the caller's transaction: whoever makes tables calls this.

    Args:
        connection: in a transaction, as the owner.
        tables: of views.
        schema: where they are.
    """
    if connection.dialect.name != "postgresql":
        return
    statement = text("SELECT public.wall_in(CAST(:name AS regclass), true)")
    for table in tables:
        if "client" in table.columns:
            connection.execute(statement, {"name": f"{schema}.{table.name}"})


def raise_walls(connection: Connection) -> None:
    """Put up what is missing of all walls, in the caller's transaction: whoever makes the schema anew calls this."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT public.raise_walls()"))
