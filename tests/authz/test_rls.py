"""The second wall between clients, on PostgreSQL: given two of them with the same ids, no read sees the other's rows.

The first wall is the ``WHERE`` of every query: here it is taken away from all of them at once.
"""

import ast
import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, DateTime, Engine, LargeBinary, Table, Text, event, select, text
from sqlalchemy.exc import DBAPIError

from adapters.access.tables import METADATA as ACCESS
from adapters.captures import METADATA as CAPTURES
from adapters.captures import SqlCaptures
from adapters.database import open_engine
from adapters.journal import open_journal
from adapters.vault import METADATA as VAULT
from adapters.vault import SqlVault
from adapters.walls import READER, reading, walls
from domain.due import Rules
from domain.ports.captures import Capture, Page
from domain.refusals import Refusal
from projections import asking, due, people, queries, standing, tracing
from projections.history import history
from projections.making import make_missing_views
from projections.rebuilding import rebuild
from projections.tables import metadata
from projections.tracing import trace
from projections.walls import reading as reading_views
from tests.authz.reusing import CLIENTS, Reuse, reuse, two_clients
from tests.projections.stage import DATE, Stage, varied_history
from tests.support.postgres import Server

ROOT = Path(__file__).parents[2]
ROUNDS = 300
NOW = dt.datetime(2026, 11, 2, 18, 0, tzinfo=dt.UTC)
CLOSED = {
    "client_keys": "what opens all of a client's data, which the vault fetches before it reads anything",
    "access_secret": "who comes with a secret is of no client yet",
    "access_password": "hashes are compared before anybody is of a client",
    "access_session": "as with secrets",
}
"""Tables of clients that are no reader's, each with why: their owner alone reaches them, and they have the wall too."""

OF_CLIENTS: list[Table] = [
    table for known in (metadata, CAPTURES, VAULT, ACCESS) for table in known.sorted_tables if "client" in table.columns
]
WALLED = [table for table in OF_CLIENTS if table.name not in CLOSED]
FILTER = re.compile(r'[\w.]*\bclient = (%\(client_\d+\)s::\w+)(?: COLLATE "C")?')


@pytest.fixture(scope="module")
def url(postgres: Server, postgres_template: str) -> Iterator[str]:
    """A store of two clients whose locations, connections, tickets and employees have the same ids."""
    name = postgres.create(template=postgres_template)
    two_clients(postgres.url(name))
    engine = open_engine(postgres.url(name))
    with engine.begin() as connection:
        for table in OF_CLIENTS:
            for client in CLIENTS:
                if not connection.execute(select(table).where(table.c.client == client)).first():
                    connection.execute(table.insert().values(some_row(table, client)))
        ending = text("UPDATE views.connection SET valid_until = '2026-11-02T00:00:00Z', stage = 'established'")
        connection.execute(ending)
    engine.dispose()
    yield postgres.url(name)
    postgres.drop(name)


def some_row(table: Table, client: str) -> dict[str, Any]:
    """A row of a table that the history above leaves empty, such as queries can read."""
    given: dict[str, Any] = {
        "client": client,
        "location": "L1",
        "business_date": DATE.isoformat(),
        "kind": "tender",
        "read_date": "",
    }
    if table.name in CLOSED:
        given |= {"id": client, "digest": client.encode()}  # one key in the store, whoever's it is
    return {column.name: given.get(column.name, some_value(column)) for column in table.columns}


def some_value(column: Any) -> Any:
    """Some value of a column."""
    if isinstance(column.type, Text):
        empty = column.name.endswith(("_at", "_until")) or column.name.startswith("clock_") or column.name == "due"
        return "" if empty else "{}"
    if isinstance(column.type, LargeBinary):
        return b"null"
    return NOW if isinstance(column.type, DateTime) else False if isinstance(column.type, Boolean) else 1


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """An engine on the store."""
    opened = open_engine(url)
    yield opened
    opened.dispose()


@contextmanager
def no_filter(engine: Engine) -> Iterator[list[str]]:
    """Every statement goes to the database without the application's filter by client; answers those that had one."""
    changed: list[str] = []

    def without(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> tuple[str, Any]:
        found = FILTER.sub(r"\1 IS NOT NULL", statement)
        if found != statement:
            changed.append(statement)
        return found, parameters

    event.listen(engine, "before_cursor_execute", without, retval=True)
    try:
        yield changed
    finally:
        event.remove(engine, "before_cursor_execute", without)


def told(url: str, engine: Engine, client: str) -> dict[str, list[Any]]:
    """What every query of the read side answers for a client."""
    known = queries.day(engine, client, "L1", DATE)
    assert known is not None
    (employee, *_), (punch, *_) = queries.employees(engine, client), queries.labor(engine, client, "L1", DATE)
    worker = (punch.location, punch.employee)
    with closing(open_journal(url)) as journal:
        return {
            "locations": queries.locations(engine, client),
            "find_location": [queries.find_location(engine, client, "L1")],
            "connections": queries.connections(engine, client),
            "find_connection": [queries.find_connection(engine, client, "main")],
            "day": [known],
            "days": queries.days(engine, client),
            "tickets": queries.tickets(engine, client, "L1", DATE),
            "find_ticket": [queries.find_ticket(engine, client, "L1", DATE, "5")],
            "labor": queries.labor(engine, client, "L1", DATE),
            "overlays": queries.overlays(engine, client, "L1", DATE),
            "conflicts": queries.conflicts(engine, client),
            "employees": queries.employees(engine, client),
            "jobs": queries.jobs(engine, client),
            "polls": queries.polls(engine, client),
            "late_changes": queries.late_changes(engine, client),
            "references": queries.references(engine, client, "tender"),
            "recorded_days": [queries.recorded_days(engine, client, "L1")],
            "marks": [queries.marks(engine, known)],
            "find_employee": [queries.find_employee(engine, client, employee.location, employee.employee)],
            "companies": standing.companies(engine, client),
            "company_links": standing.company_links(engine, client, ["{}"]),
            "ending": standing.ending(engine, client, NOW),
            "feeds": list(standing.feeds(engine, client, ["main"]).items()),
            "find_tenant": [standing.find_tenant(engine, client)],
            "people": people.people(engine, client),
            "readings": people.readings(engine, client),
            "punch_days": people.punch_days(engine, client, *worker),
            "last_worked": list(people.last_worked(engine, client, [worker]).items()),
            "members": people.members(engine, client),
            "find_member": [people.find_member(engine, client, "{}")],
            "api_keys": people.api_keys(engine, client),
            "due": list(due.due(engine, client, NOW, Rules(30, 0, 60, 60), pushing=())),
            "trace": trace(engine, journal, client, "5"),
            "history": history(journal, engine, client, "L1", DATE, "ticket/5"),
        }


def test_every_query_without_its_filter_answers_the_same(url: str, engine: Engine) -> None:
    """Whatever the application forgets to ask for, each client is told what is its own."""
    expected = {client: told(url, engine, client) for client in CLIENTS}
    assert [name for found in expected.values() for name, rows in found.items() if not rows] == []
    assert expected["ours"]["days"] != expected["theirs"]["days"]
    with no_filter(engine) as changed:
        for client in CLIENTS:
            assert told(url, engine, client) == expected[client]
    assert len(changed) >= 2 * len(expected["ours"])


def test_without_both_walls_the_same_queries_tell_everything(
    url: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above can fail: the second wall is what stands between."""
    for module in (asking, queries, tracing):
        monkeypatch.setattr(module, "reading", lambda engine, _: engine.connect())
    with no_filter(engine), closing(open_journal(url)) as journal:
        assert {row.client for row in queries.days(engine, "ours")} == set(CLIENTS)
        assert {row.stream.split(":")[1] for row in trace(engine, journal, "ours", "5")} >= set(CLIENTS)


@pytest.mark.parametrize("table", WALLED, ids=lambda table: str(table.name))
def test_a_table_shows_one_clients_rows(engine: Engine, table: Table) -> None:
    """Selected whole, it holds rows of the client that is read for, and none where that is nobody."""
    for client in CLIENTS:
        with reading(engine, client) as connection:
            assert {row.client for row in connection.execute(select(table))} == {client}
    for nobody in ("", "nobody"):
        with reading(engine, nobody) as connection:
            assert connection.execute(select(table)).all() == []


@pytest.mark.parametrize("name", CLOSED)
def test_what_opens_data_is_no_readers(engine: Engine, name: str) -> None:
    """Keys, digests, hashes and sessions are not even the own client's to read, though there are rows of it."""
    (table,) = [table for table in OF_CLIENTS if table.name == name]
    with engine.connect() as connection:
        assert {row.client for row in connection.execute(select(table))} >= set(CLIENTS)
    with pytest.raises(DBAPIError, match="permission denied"), reading(engine, "ours") as connection:
        connection.execute(select(table))


def test_a_reader_without_a_client_sees_nothing(engine: Engine) -> None:
    """The setting was never made in the session, or was in a transaction before: no rows either way."""
    statements = [select(table) for table in WALLED]
    with engine.connect() as connection:
        for _ in range(2):
            connection.execute(text(f"SET LOCAL ROLE {READER}"))
            assert [row for asked in statements for row in connection.execute(asked)] == []
            connection.execute(text("SELECT set_config('daybook.client', 'ours', true)"))
            assert connection.execute(statements[0]).first()
            connection.rollback()


def test_a_connection_that_broke_off_is_the_owners_again(url: str) -> None:
    """However a read ends, what the pool hands out next is no reader and reads for nobody, then for the next alone.

    `python -m tests.authz` does it 10,000 times.
    """
    assert reuse(url, CLIENTS, ROUNDS) == Reuse(ROUNDS, leaked=0, backends=1)


UNWALLED = """
SELECT n.nspname || '.' || c.relname FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'client' AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'pg_toast', 'information_schema')
AND NOT (c.relrowsecurity AND EXISTS (
    SELECT FROM pg_policy p WHERE p.polrelid = c.oid
    AND p.polroles = ARRAY[to_regrole('daybook_reader')::oid]
    AND pg_get_expr(p.polqual, p.polrelid)
        = '(client = NULLIF(current_setting(''daybook.client''\\:\\:text, true), ''''\\:\\:text))'
)) ORDER BY 1
"""
PRIVILEGES = """
SELECT table_schema || '.' || table_name, privilege_type FROM information_schema.table_privileges
WHERE grantee = 'daybook_reader'
"""
READABLE = {(f"{table.schema or 'public'}.{table.name}", "SELECT") for table in (*WALLED, *metadata.sorted_tables)}


def check_walls(engine: Engine) -> None:
    """Every table that says whose its rows are has its policy, and the reader may read views, captures and the vault.

    Seals are the journal's, which the reader cannot read at all, and which who records in it need not own.
    """
    assert walls(engine) == "up"
    with engine.connect() as connection:
        assert connection.scalars(text(UNWALLED)).all() == ["public.seals"]
        assert {tuple(row) for row in connection.execute(text(PRIVILEGES))} == READABLE


def test_every_table_of_clients_has_a_policy(postgres_url: str) -> None:
    """Walked from the database's own catalog: after migrating, after rebuilds, and after views that were lost."""
    engine = open_engine(postgres_url)
    check_walls(engine)
    with closing(open_journal(postgres_url)) as journal:
        varied_history(Stage(journal, engine))
        rebuild(engine, journal)
        check_walls(engine)
        rebuild(engine, journal, ["tickets"])
        check_walls(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA views CASCADE"))
    assert walls(engine) == "nothing granted"
    make_missing_views(engine)
    check_walls(engine)
    engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM facts",
        "SELECT * FROM seals",
        "SELECT * FROM queue.procrastinate_jobs",
        "INSERT INTO views.bookmark VALUES ('x', 1)",
        "UPDATE views.day SET client = 'ours'",
        "TRUNCATE secrets",
        "CREATE TABLE views.mine (client text)",
        "ALTER TABLE views.day DISABLE ROW LEVEL SECURITY",
    ],
)
def test_the_reader_can_do_nothing_else(engine: Engine, statement: str) -> None:
    """It cannot write, make or change anything, nor reach the journal and the queue."""
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"), reading(engine, "ours") as connection:
        connection.execute(text(statement))


def test_nobody_signs_in_as_the_reader(engine: Engine) -> None:
    """The role has no right of its own, and passes by no policy."""
    with engine.connect() as connection:
        role = connection.execute(text("SELECT * FROM pg_roles WHERE rolname = :name"), {"name": READER})
        (found,) = role.mappings()
    rights = ("rolcanlogin", "rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolreplication")
    assert [name for name in rights if found[name]] == []


def test_captures_and_secrets_are_not_found_by_guessing(postgres_url: str, tmp_path: Path) -> None:
    """Another client's digest, secret's name or person leads to nothing, with the filter and without it."""
    engine = open_engine(postgres_url)
    captures, vault = SqlCaptures(engine), SqlVault(engine, tmp_path / "key")
    kept = captures.keep("ours", Capture("tray", 1, {"venue": "V1"}, (Page("checks", 1, b'[{"id":"c-1"}]'),)))
    vault.keep_secret("ours", "connection/main/c1", "tray-key")
    sealed = vault.seal("ours", "person-1", {"ssn": "000-00-0000"})
    assert captures.get("ours", kept).pages[0].data == b'[{"id":"c-1"}]'
    asked: list[Callable[[], object]] = [
        lambda: captures.get("theirs", kept),
        lambda: vault.secret("theirs", "connection/main/c1"),
        lambda: vault.open("theirs", "person-1", sealed),
    ]

    def refusals() -> list[str]:
        found = []
        for ask in asked:
            with pytest.raises(Refusal) as refusal:
                ask()
            found.append(type(refusal.value).__name__)
        return found

    assert refusals() == ["NoCapture", "NotFound", "VaultLocked"]
    with no_filter(engine) as changed:
        assert refusals() == ["NoCapture", "NotFound", "VaultLocked"]
    assert len(changed) == len(asked)
    engine.dispose()


OWNERS = {
    "projections/walls.py",  # the wall itself
    "projections/catching_up.py",
    "projections/making.py",
    "projections/rebuilding.py",
    "projections/sites.py",
    "projections/integrity.py",  # it looks through all clients' days
    "projections/queries.py:clients",  # for who works for all of them
    "projections/standing.py:tenants",  # the clients of a customer, and no data of theirs
    "projections/scratch.py:_made_of",  # views in memory
}
"""Who works on the views as their owner."""


def test_views_are_read_by_way_of_the_wall() -> None:
    """Nobody else on the read side, and nobody above it, takes a connection from the engine."""
    found = set()
    for path in [path for folder in ("projections", "api") for path in sorted((ROOT / folder).rglob("*.py"))]:
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and takes_connection(node):
                found.add(name if name in OWNERS else f"{name}:{node.name}")
    assert found <= OWNERS


def takes_connection(function: ast.AST) -> bool:
    """It calls ``….engine.connect()`` or ``engine.begin()``."""
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    named = [call for call in calls if isinstance(call, ast.Attribute) and call.attr in {"connect", "begin"}]
    return any(ast.unparse(call.value).endswith("engine") for call in named)


def test_sqlite_has_no_second_wall(tmp_path: Path) -> None:
    """There it is a plain connection, and says so."""
    engine = open_engine(f"sqlite:///{tmp_path}/journal.db")
    with reading_views(engine, "ours") as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    assert walls(engine) == "not on this database"
    engine.dispose()
