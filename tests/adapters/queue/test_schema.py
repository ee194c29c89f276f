"""The queue's tables are those that the library would make, in a schema of their own."""

import psycopg
import pytest
from procrastinate.schema import SchemaManager

from adapters.queue import NEWEST, SCHEMA, statements

QUESTIONS = {
    "columns": """SELECT table_name, column_name, data_type, udt_name, is_nullable,
        replace(column_default, %(schema)s || '.', '')
        FROM information_schema.columns WHERE table_schema = %(schema)s ORDER BY 1, 2""",
    "indexes": """SELECT indexname, replace(indexdef, %(schema)s || '.', '')
        FROM pg_indexes WHERE schemaname = %(schema)s ORDER BY 1""",
    "constraints": """SELECT conname, replace(pg_get_constraintdef(oid), %(schema)s || '.', '')
        FROM pg_constraint WHERE connamespace = %(schema)s::regnamespace ORDER BY 1, 2""",
    "functions": """SELECT proname, pg_get_function_identity_arguments(oid), replace(prosrc, %(schema)s || '.', '')
        FROM pg_proc WHERE pronamespace = %(schema)s::regnamespace ORDER BY 1, 2""",
    "values": """SELECT typname, enumlabel FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid
        WHERE typnamespace = %(schema)s::regnamespace ORDER BY 1, enumsortorder""",
    "triggers": """SELECT tgname, replace(pg_get_triggerdef(pg_trigger.oid), %(schema)s || '.', '')
        FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE NOT tgisinternal AND relnamespace = %(schema)s::regnamespace ORDER BY 1""",
}


def described(connection: "psycopg.Connection[tuple[object, ...]]", schema: str) -> dict[str, list[tuple[str, ...]]]:
    """Everything about a schema, as text."""
    connection.execute(f"SET search_path = {schema}".encode())
    return {
        name: sorted(
            [tuple(str(cell) for cell in row) for row in connection.execute(question.encode(), {"schema": schema})]
        )
        for name, question in QUESTIONS.items()
    }


def test_the_migrated_schema_is_what_the_library_would_create(postgres_url: str) -> None:
    """Columns, indexes, constraints, functions, values and triggers are the same."""
    with psycopg.connect(postgres_url) as connection:
        connection.execute(b"CREATE SCHEMA made")
        connection.execute(b"SET search_path = made")
        connection.execute(SchemaManager.get_schema().encode())
        made, migrated = described(connection, "made"), described(connection, SCHEMA)
        assert migrated == made
        assert all(made.values())
        connection.rollback()


def test_nothing_of_it_lies_beside_the_journal(postgres_url: str) -> None:
    """The public schema has no table of the library."""
    with psycopg.connect(postgres_url) as connection:
        found = connection.execute(
            b"SELECT DISTINCT relnamespace::regnamespace::text FROM pg_class WHERE relname LIKE 'procrastinate%'"
        ).fetchall()
    assert found == [(SCHEMA,)]


def test_ours_is_the_librarys_newest(postgres_url: str) -> None:
    """A release of the library with another migration asks for one of ours; one that is not there is an error."""
    assert list(statements(until=NEWEST, after=NEWEST)) == []
    assert len(list(statements(until=NEWEST))) > 30
    with pytest.raises(FileNotFoundError, match="99"):
        list(statements(until="99.sql"))
