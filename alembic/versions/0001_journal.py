"""The journal: facts in the table layout of the eventsourcing library, and a seal for every commit.

Revision ID: 0001
Revises: nothing

The statements are frozen: what the library's recorders print was copied here once, and a test prints it again and
compares.
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQLITE_FACTS = [
    (
        "CREATE TABLE IF NOT EXISTS facts ("
        "rowid INTEGER PRIMARY KEY AUTOINCREMENT, "
        "originator_id TEXT NOT NULL, "
        "originator_version INTEGER NOT NULL, "
        "topic TEXT NOT NULL, "
        "state BLOB NOT NULL, "
        "UNIQUE (originator_id, originator_version))"
    )
]

POSTGRES_FACTS = [
    (
        'CREATE TABLE IF NOT EXISTS "public"."facts" ('
        'originator_id "text" NOT NULL, '
        "originator_version bigint NOT NULL, "
        "topic text, "
        "state bytea, "
        "notification_id bigserial, "
        "PRIMARY KEY (originator_id, originator_version)) "
        "WITH ("
        "    autovacuum_enabled = true,"
        "    autovacuum_vacuum_threshold = 100000000,"
        "    autovacuum_vacuum_scale_factor = 0.5,"
        "    autovacuum_analyze_threshold = 1000,"
        "    autovacuum_analyze_scale_factor = 0.01"
        ")"
    ),
    'CREATE UNIQUE INDEX IF NOT EXISTS "facts_notification_id_idx" ON "public"."facts" (notification_id ASC);',
]

SEALS = """
CREATE TABLE {schema}seals (
    "commit" {integer} PRIMARY KEY CHECK ("commit" > 0),
    first_position {integer} NOT NULL,
    last_position {integer} NOT NULL UNIQUE,
    leaves {integer} NOT NULL CHECK (leaves = last_position - first_position + 1),
    root {binary} NOT NULL CHECK (length(root) = 32),
    seal {binary} NOT NULL CHECK (length(seal) = 32),
    recorded_at {moment} NOT NULL,
    client text NOT NULL,
    command text NOT NULL,
    UNIQUE (client, command)
)
"""
"""``recorded_at`` is UTC with microseconds; as text on SQLite, always of the same length, so that it sorts."""

SEAL_INDEXES = (
    'CREATE INDEX seals_recorded_at_idx ON {schema}seals (recorded_at, "commit")',
    "CREATE INDEX seals_client_idx ON {schema}seals (client, last_position)",
)

SQLITE_GUARD = """
CREATE TRIGGER {table}_no_{event} BEFORE {event} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} are only ever added to: {event} is refused'); END
"""

POSTGRES_REFUSE = """
CREATE FUNCTION public.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION USING
        MESSAGE = TG_TABLE_NAME || ' are only ever added to, ' || TG_OP || ' is refused',
        ERRCODE = 'insufficient_privilege';
END
$body$
"""

POSTGRES_GUARD = """
CREATE TRIGGER {table}_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON public.{table}
FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change()
"""

POSTGRES_LZ4 = """
DO $body$
BEGIN
    ALTER TABLE public.facts ALTER COLUMN state SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported OR invalid_parameter_value OR syntax_error THEN
    NULL;  -- a server built without lz4, or before version 14, goes on with its own compression
END
$body$
"""


def upgrade() -> None:
    """Add facts and seals, and the triggers that keep both from being changed."""
    execute = op.get_bind().exec_driver_sql
    if op.get_bind().dialect.name == "sqlite":
        words = {"schema": "", "integer": "INTEGER", "binary": "BLOB", "moment": "TEXT"}
        facts = SQLITE_FACTS
        tables_and_events = [(table, event) for table in ("facts", "seals") for event in ("UPDATE", "DELETE")]
        guards = [SQLITE_GUARD.format(table=table, event=event) for table, event in tables_and_events]
    else:
        words = {"schema": "public.", "integer": "bigint", "binary": "bytea", "moment": "timestamptz"}
        facts = POSTGRES_FACTS
        guards = [POSTGRES_LZ4, POSTGRES_REFUSE, *(POSTGRES_GUARD.format(table=table) for table in ("facts", "seals"))]
    for statement in (*facts, SEALS.format(**words), *(index.format(**words) for index in SEAL_INDEXES), *guards):
        execute(statement)


def downgrade() -> None:
    """Take the tables away again, but only while nothing is recorded."""
    execute = op.get_bind().exec_driver_sql
    if execute("SELECT count(*) FROM facts").scalar_one():
        raise RuntimeError("The journal holds facts, and what happened cannot be taken back: restore a backup instead.")
    execute("DROP TABLE seals")
    execute("DROP TABLE facts")
    if op.get_bind().dialect.name == "postgresql":
        execute("DROP FUNCTION public.refuse_change()")
