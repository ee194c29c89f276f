"""Walls between clients: row-level security on every table that says whose its rows are.

Revision ID: 0013
Revises: 0010

Two functions put the walls up. They are called at the end of every migration, for tables that came since and for a
role that an administrator made since, and by whoever makes tables of views anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

WALL_IN = """
CREATE FUNCTION public.wall_in(walled regclass, readable boolean) RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
    IF NOT (SELECT relrowsecurity FROM pg_class WHERE oid = walled) THEN
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', walled);
    END IF;
    IF to_regrole('daybook_reader') IS NULL THEN
        RETURN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = walled AND polname = 'of_the_client') THEN
        EXECUTE format(
            'CREATE POLICY of_the_client ON %s FOR SELECT TO daybook_reader '
            'USING (client = NULLIF(current_setting(''daybook.client'', true), ''''))', walled
        );
    END IF;
    IF readable AND NOT has_table_privilege('daybook_reader', walled, 'SELECT') THEN
        EXECUTE format('GRANT SELECT ON %s TO daybook_reader', walled);
    END IF;
END
$body$
"""
"""A setting of one transaction is empty in the next ones of its session, not unset: nobody's client is either."""

RAISE_WALLS = """
CREATE FUNCTION public.raise_walls() RETURNS void LANGUAGE plpgsql AS $body$
DECLARE
    found record;
    -- Before version 16 whoever is a member of a role may be it.
    may_be text := CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END;
BEGIN
    BEGIN
        IF to_regrole('daybook_reader') IS NULL THEN
            CREATE ROLE daybook_reader NOLOGIN NOSUPERUSER NOBYPASSRLS NOINHERIT;
        END IF;
    EXCEPTION
        WHEN duplicate_object OR unique_violation THEN
            NULL;  -- roles are of the whole cluster: another of its databases was quicker
        WHEN insufficient_privilege THEN
            NULL;  -- an administrator has to
    END;
    BEGIN
        IF to_regrole('daybook_reader') IS NOT NULL AND NOT pg_has_role(current_user, 'daybook_reader', may_be) THEN
            EXECUTE format('GRANT daybook_reader TO %I', current_user);
        END IF;
    EXCEPTION
        WHEN unique_violation OR internal_error OR insufficient_privilege THEN
            NULL;
    END;
    FOR found IN
        SELECT tables.oid::regclass AS walled,
            schemas.nspname = 'views'
            OR tables.relname IN ('capture_pages', 'captures', 'person_keys', 'secrets') AS readable
        FROM pg_class AS tables
        JOIN pg_namespace AS schemas ON schemas.oid = tables.relnamespace
        JOIN pg_attribute AS columns ON columns.attrelid = tables.oid
        WHERE tables.relkind IN ('r', 'p') AND schemas.nspname IN ('public', 'views')
            AND columns.attname = 'client' AND NOT columns.attisdropped
            AND tables.relname <> 'seals'  -- the journal is written by roles that own nothing, and no reader reaches it
        ORDER BY 1
    LOOP
        PERFORM public.wall_in(found.walled, found.readable);
    END LOOP;
    IF to_regrole('daybook_reader') IS NULL THEN
        RETURN;
    END IF;
    IF to_regclass('views.bookmark') IS NOT NULL
        AND NOT has_table_privilege('daybook_reader', 'views.bookmark', 'SELECT') THEN
        GRANT SELECT ON views.bookmark TO daybook_reader;
    END IF;
    IF to_regnamespace('views') IS NOT NULL AND NOT has_schema_privilege('daybook_reader', 'views', 'USAGE') THEN
        GRANT USAGE ON SCHEMA views TO daybook_reader;
    END IF;
END
$body$
"""

LOWER = """
DO $body$
DECLARE
    walled regclass;
BEGIN
    FOR walled IN SELECT polrelid FROM pg_policy WHERE polname = 'of_the_client' LOOP
        EXECUTE format('DROP POLICY of_the_client ON %s', walled);
        EXECUTE format('REVOKE ALL ON %s FROM daybook_reader', walled);
    END LOOP;
    FOR walled IN
        SELECT oid FROM pg_class
        WHERE relrowsecurity AND relnamespace IN ('public'::regnamespace, 'views'::regnamespace)
    LOOP
        EXECUTE format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', walled);
    END LOOP;
    IF to_regrole('daybook_reader') IS NOT NULL THEN
        REVOKE ALL ON views.bookmark FROM daybook_reader;
        REVOKE ALL ON SCHEMA views FROM daybook_reader;
    END IF;
END
$body$
"""


def upgrade() -> None:
    """Make the functions; SQLite has no roles."""
    if op.get_bind().dialect.name == "postgresql":
        for statement in (WALL_IN, RAISE_WALLS):
            op.execute(sa.text(statement))


def downgrade() -> None:
    """Take the walls down. The role stays: other databases of the cluster may have it too."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text(LOWER))
        op.execute("DROP FUNCTION public.raise_walls()")
        op.execute("DROP FUNCTION public.wall_in(regclass, boolean)")
