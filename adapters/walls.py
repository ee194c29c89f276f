"""Walls between clients on PostgreSQL: rows are read as a role that row-level security shows one client's alone.

The functions of the migration 0013 put the walls up. The role may do nothing but read what is walled in.
"""

from typing import Final, Literal

from sqlalchemy import Connection, Engine, event, text

from domain.ports.walls import FOR_CLIENT

READER: Final = "daybook_reader"
"""The role. It is one of the whole cluster; what it may read it was granted in each database by itself."""

Walls = Literal["up", "no role", "role bypasses them", "role not granted", "nothing granted", "not on this database"]
"""How the walls stand; ``up``, or why they do not. The last is SQLite, where queries alone keep clients apart."""

_ENTER: Final = f"SELECT set_config('role', '{READER}', true), set_config('daybook.client', %s, true)"

# Before version 16 whoever is a member of a role may be it.
_HOW: Final = f"""
SELECT CASE
    WHEN rolsuper OR rolbypassrls THEN 'role bypasses them'
    WHEN NOT pg_has_role(current_user, oid, '%s') THEN 'role not granted'
    WHEN NOT coalesce(has_schema_privilege(oid, to_regnamespace('views'), 'USAGE'), false) THEN 'nothing granted'
    ELSE 'up'
END FROM pg_roles WHERE rolname = '{READER}'
"""  # noqa: S608 - our own name

_RAISE: Final = """
DO $body$
BEGIN
    IF to_regprocedure('public.raise_walls()') IS NOT NULL THEN
        PERFORM public.raise_walls();
    END IF;
END
$body$
"""

_KNOWN: Final = "daybook walls"


def reading(engine: Engine, client: str) -> Connection:
    """A connection that reads for one client: its transactions see no rows of others, where the walls are up."""
    return engine.connect().execution_options(**{FOR_CLIENT: client})


def raise_walls(connection: Connection) -> None:
    """Put up what is missing of the walls, in the caller's transaction, as far as its role may."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_RAISE)


def walls(engine: Engine) -> Walls:
    """How the walls stand now."""
    if engine.dialect.name != "postgresql":
        return "not on this database"
    with engine.connect() as connection:
        return _how(connection)


def keep_behind_walls(engine: Engine) -> None:
    """Have the engine's connections that read for a client begin every transaction behind its walls.

    Connections find out once whether the walls are up: what changes about it counts for those that are opened later.
    """

    def begun(connection: Connection) -> None:
        client = connection.get_execution_options().get(FOR_CLIENT)
        if client is None:
            return
        if _KNOWN not in connection.info:
            connection.info[_KNOWN] = _how(connection)
        if connection.info[_KNOWN] == "up":
            # Of this transaction only: it goes with it, however that ends.
            connection.exec_driver_sql(_ENTER, (client,))

    event.listen(engine, "begin", begun)


def _how(connection: Connection) -> Walls:
    version = connection.dialect.server_version_info or (0,)
    how: Walls | None = connection.scalar(text(_HOW % ("SET" if version >= (16,) else "MEMBER")))
    return how or "no role"
