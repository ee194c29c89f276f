"""Runs migrations in one transaction, one process at a time.

The engine comes from ``adapters.database.migrate``; on the command line (``alembic upgrade head``) from
DAYBOOK_DATABASE_URL.
"""

import os

from alembic import context
from sqlalchemy import Engine, text

from adapters.database import WRITE_FIRST, engine_to_migrate
from adapters.walls import raise_walls

LOCK = 0x6461_7962_6F6F_6B4D
"""The advisory lock of migrations on PostgreSQL: "daybookM"."""

LOCK_SECONDS = 120


def chosen_engine() -> Engine:
    """The engine that the caller passed, or that of DAYBOOK_DATABASE_URL."""
    passed = context.config.attributes.get("engine")
    if passed is not None:
        return passed
    url = os.environ.get("DAYBOOK_DATABASE_URL")
    if not url:
        raise SystemExit("Say which database to migrate, for example DAYBOOK_DATABASE_URL=sqlite:////folder/journal.db")
    return engine_to_migrate(url)


def run() -> None:
    """Take the lock, then run what is missing: who comes second finds nothing to do."""
    if context.is_offline_mode():
        raise SystemExit("Migrations need a database (they differ between SQLite and PostgreSQL): there is no --sql.")
    with chosen_engine().connect().execution_options(**WRITE_FIRST) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        context.configure(connection=connection, transactional_ddl=True)
        with context.begin_transaction():
            context.run_migrations()
            raise_walls(connection)


run()
