"""Putting the walls up on a server of its own, since roles are of a whole one: who may, who may not, many at once."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from alembic import command
from sqlalchemy import Engine, Integer, MetaData, Table, insert, text

from adapters.database import _config, head_revision, migrate, open_engine
from adapters.walls import READER, Walls, reading, walls
from tests.api.site import daybook
from tests.support.postgres import Server, postgres_server
from tests.support.processes import CONTEXT


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server on which nobody has used daybook yet; its own, whatever server the other tests are given."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DAYBOOK_TEST_DATABASE_URL", raising=False)
        with postgres_server() as running:
            yield running


def administrate(server: Server, *statements: str) -> None:
    """What somebody does by hand, as the server's superuser."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def database_of(server: Server, owner: str, *rights: str) -> str:
    """The URL of a new database of a new role, as that role."""
    administrate(server, f"CREATE ROLE {owner} LOGIN {' '.join(rights)}", f"CREATE DATABASE {owner} OWNER {owner}")
    return server.tcp.set(database=owner, username=owner).render_as_string()


def state(url: str) -> Walls:
    """How the walls of a database stand, once it is migrated."""
    migrate(url)
    engine = open_engine(url)
    try:
        return walls(engine)
    finally:
        engine.dispose()


def fill(engine: Engine) -> None:
    """A connection of each of two clients, whatever release the database is of."""
    connections = Table("connection", MetaData(schema="views"), autoload_with=engine)
    row = {
        column.name: 1 if isinstance(column.type, Integer) else "main" if column.name == "connection" else ""
        for column in connections.columns
    }
    with engine.begin() as connection:
        connection.execute(insert(connections), [row | {"client": client} for client in ("ours", "theirs")])


def seen(engine: Engine) -> set[str]:
    """Whose connections a reader for ours can see."""
    with reading(engine, "ours") as connection:
        return set(connection.scalars(text("SELECT client FROM views.connection")))


def test_an_owner_who_may_make_no_role_waits_for_who_may(server: Server, tmp_path: Path) -> None:
    """Until then the first wall stands alone, and that is told; afterwards `daybook init` puts up the second."""
    url = database_of(server, "plain")
    made = daybook("init", folder=tmp_path, DAYBOOK_DATABASE_URL=url)
    assert "Row-level security between clients is off (no role)" in made.stderr
    assert (made.returncode, state(url)) == (0, "no role")
    engine = open_engine(url)
    fill(engine)
    assert seen(engine) == {"ours", "theirs"}
    engine.dispose()
    administrate(server, f"CREATE ROLE {READER} BYPASSRLS")
    assert state(url) == "role bypasses them"
    administrate(server, f"ALTER ROLE {READER} NOBYPASSRLS")
    assert state(url) == "role not granted"
    administrate(server, f"GRANT {READER} TO plain")
    assert state(url) == "up"
    engine = open_engine(url)
    assert seen(engine) == {"ours"}
    engine.dispose()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM views.connection").fetchone() == (2,)
    administrate(server, "DROP DATABASE plain", f"DROP ROLE {READER}")


def test_an_owner_who_may_make_roles_needs_nobody(server: Server) -> None:
    """The role is made and granted; another owner on the same server has to be granted it."""
    assert state(database_of(server, "maker", "CREATEROLE")) == "up"
    other = database_of(server, "other")
    assert state(other) == "role not granted"
    administrate(server, f"GRANT {READER} TO other")
    assert state(other) == "up"
    administrate(server, "DROP DATABASE maker", "DROP DATABASE other", f"DROP ROLE {READER}")


def test_databases_of_one_server_migrated_at_once(server: Server) -> None:
    """Each puts up its walls, whichever makes the role."""
    names = [server.create() for _ in range(3)]
    processes = [CONTEXT.Process(target=migrate, args=(server.url(name),)) for name in names]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0] * 3
    assert [state(server.url(name)) for name in names] == ["up"] * 3


def test_walls_can_be_taken_down(server: Server) -> None:
    """Going back a release leaves neither policies nor grants, and going on puts them up again."""
    url = server.url(server.create())
    assert state(url) == "up"
    downgrade(url, "0010")
    engine = open_engine(url)
    fill(engine)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM pg_policies")) == 0
        assert connection.scalar(text("SELECT count(*) FROM pg_class WHERE relrowsecurity")) == 0
    assert (walls(engine), seen(engine)) == ("nothing granted", {"ours", "theirs"})
    engine.dispose()
    assert migrate(url) == head_revision()
    assert state(url) == "up"


def test_tables_of_an_earlier_revision_are_walled_in(server: Server) -> None:
    """Going back one revision makes tables anew, and leaves the walls up around these."""
    url = server.url(server.create())
    migrate(url)
    downgrade(url, "0013")
    engine = open_engine(url)
    fill(engine)
    assert (walls(engine), seen(engine)) == ("up", {"ours"})
    engine.dispose()
    assert state(url) == "up"


def test_going_back_and_on_without_walls(tmp_path: Path) -> None:
    """On SQLite every revision of these can be taken back and made again."""
    url = f"sqlite:///{tmp_path}/journal.db"
    migrate(url)
    for revision in ("0013", "0012", "0011", "0010"):
        downgrade(url, revision)
    assert migrate(url) == head_revision()


def downgrade(url: str, revision: str) -> None:
    """Go back to a revision."""
    config = _config()
    config.attributes["engine"] = open_engine(url)
    command.downgrade(config, revision)
    config.attributes["engine"].dispose()
