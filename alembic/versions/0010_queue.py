"""The queue of workers on PostgreSQL: the library's tables and functions, in a schema of their own.

Revision ID: 0010
Revises: 0009

The library's own migrations make them, up to the one that this release knows: a test proves that they are what the
library would create today.
"""

from alembic import op

from adapters.queue import statements

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NEWEST = "03.04.00_50_post_add_retry_failed_job_procedure.sql"


def upgrade() -> None:
    """Make the schema; SQLite has one process and no queue."""
    bind = op.get_bind()
    if bind.dialect.name != "postgresql":
        return
    path = bind.exec_driver_sql("SHOW search_path").scalar_one()
    bind.exec_driver_sql("CREATE SCHEMA queue")
    bind.exec_driver_sql("SET LOCAL search_path = queue")
    driver = bind.connection.driver_connection
    for statement in statements(until=NEWEST):
        driver.execute(statement.encode())
    bind.exec_driver_sql("SELECT set_config('search_path', %s, true)", (path,))


def downgrade() -> None:
    """Take it away: what it held is still due."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP SCHEMA queue CASCADE")
