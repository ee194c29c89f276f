"""The vault in the database: races between processes, what is stored, and what nobody may see."""

import datetime as dt
import logging
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.vault import SqlVault
from adapters.vault.tables import METADATA, PERSON_KEYS, SECRETS
from domain.ports.vault import PersonForgotten, VaultLocked
from domain.refusals import NotFound

CANARY = "canary-secret-4711"


class Hands:
    """A monotonic clock that stands until somebody moves it."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        """The time, seconds."""
        return self.at


def test_the_migration_makes_the_tables_that_the_code_uses(engine: sa.Engine) -> None:
    """Columns, nullability and primary keys of the migrated database are the code's."""
    inspector = sa.inspect(engine)
    for table in METADATA.sorted_tables:
        columns = {column["name"]: column["nullable"] for column in inspector.get_columns(table.name)}
        assert columns == {column.name: column.nullable for column in table.columns}
        assert inspector.get_pk_constraint(table.name)["constrained_columns"] == [c.name for c in table.primary_key]


def test_two_processes_that_make_a_persons_key_at_once_agree(engine: sa.Engine, key_file: Path) -> None:
    """Of sixteen vaults that seal for a new person at the same moment, all seal alike."""
    vaults = [SqlVault(engine, key_file) for _ in range(16)]
    start = threading.Barrier(len(vaults))
    sealed: list[str] = []

    def work(vault: SqlVault) -> None:
        start.wait()
        sealed.append(vault.seal("acme", "p", {"a": "x"})["a"])

    threads = [threading.Thread(target=work, args=(vault,)) for vault in vaults]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sealed) == 16
    assert len(set(sealed)) == 1


def test_another_process_notices_forgetting_when_its_cache_expires(engine: sa.Engine, key_file: Path) -> None:
    """A forgotten person's key is used elsewhere for two more seconds, and not longer."""
    clock = Hands()
    here, there = SqlVault(engine, key_file), SqlVault(engine, key_file, monotonic=clock)
    there.seal("acme", "p", {"a": "x"})
    here.forget("acme", "p")
    clock.at = 1.9
    there.seal("acme", "p", {"a": "x"})
    clock.at = 2.0
    with pytest.raises(PersonForgotten):
        there.seal("acme", "p", {"a": "x"})


def test_forgetting_keeps_the_row_and_destroys_the_key(engine: sa.Engine, key_file: Path) -> None:
    """The row stays, with the moment of destruction and without a key."""
    vault = SqlVault(engine, key_file)
    vault.seal("acme", "p", {"a": "x"})
    vault.forget("acme", "p")
    with engine.connect() as connection:
        row = connection.execute(sa.select(PERSON_KEYS)).one()
    assert row.wrapped_key is None
    assert row.destroyed_at is not None


def test_a_destroyed_key_is_in_no_file_of_the_database(lite: sa.Engine, key_file: Path, tmp_path: Path) -> None:
    """On SQLite the wrapped key is overwritten in the file and cut from the log."""
    vault = SqlVault(lite, key_file)
    vault.seal("acme", "p", {"a": "x"})
    with lite.connect() as connection:
        wrapped = connection.scalar(sa.select(PERSON_KEYS.c.wrapped_key))
    assert wrapped is not None
    vault.forget("acme", "p")
    files = list((tmp_path / "database").iterdir())
    assert files
    assert not any(wrapped in file.read_bytes() for file in files)


def test_a_destruction_that_was_interrupted_is_brought_to_its_end(
    lite: sa.Engine, key_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the key was overwritten in its row, it lies in other places: the next call clears them."""
    vault = SqlVault(lite, key_file)
    vault.seal("acme", "p", {"a": "x"})
    with lite.connect() as connection:
        wrapped = connection.scalar(sa.select(PERSON_KEYS.c.wrapped_key))
    assert wrapped is not None

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("adapters.vault.people.wipe", interrupted)
        with pytest.raises(KeyboardInterrupt):
            vault.forget("acme", "p")
    files = list((tmp_path / "database").iterdir())
    assert any(wrapped in file.read_bytes() for file in files)
    assert vault.forget("acme", "p") is False
    assert not any(wrapped in file.read_bytes() for file in files)


def test_a_persons_key_that_was_moved_to_another_row_does_not_open(engine: sa.Engine, key_file: Path) -> None:
    """Whoever can write to the database still cannot give one person another one's key."""
    vault = SqlVault(engine, key_file, cache_seconds=0)
    vault.seal("acme", "p", {"a": "x"})
    with engine.begin() as connection:
        connection.execute(sa.update(PERSON_KEYS).values(person="q"))
    with pytest.raises(VaultLocked):
        vault.seal("acme", "q", {"a": "x"})


def test_a_secret_that_was_moved_to_another_name_does_not_open(engine: sa.Engine, key_file: Path) -> None:
    """A ciphertext is bound to client and name."""
    vault = SqlVault(engine, key_file)
    vault.keep_secret("acme", "one", CANARY)
    with engine.begin() as connection:
        connection.execute(sa.update(SECRETS).where(SECRETS.c.client == "acme").values(name="two"))
    with pytest.raises(VaultLocked) as refused:
        vault.secret("acme", "two")
    assert CANARY not in str(refused.value)


def test_a_replaced_secret_is_wiped_and_its_fingerprint_stays(engine: sa.Engine, key_file: Path) -> None:
    """Versions count up from 1, only the last one holds a ciphertext, and keeping the same again adds none."""
    vault = SqlVault(engine, key_file)
    marks = [vault.keep_secret("acme", "one", secret) for secret in ("first", "second", "second")]
    query = sa.select(SECRETS).where(SECRETS.c.client == "acme").order_by(SECRETS.c.version)
    with engine.connect() as connection:
        rows = connection.execute(query).all()
    assert [(row.version, row.ciphertext is None, row.fingerprint) for row in rows] == [
        (1, True, marks[0]),
        (2, False, marks[1]),
    ]


def test_no_byte_of_a_destroyed_secret_is_left(sqlite_url: str, key_file: Path) -> None:
    """Neither it nor what it was encrypted to stands in any file of the store, though others go on using it."""
    engine, other = sa.create_engine(sqlite_url), sa.create_engine(sqlite_url)
    vault = SqlVault(engine, key_file)
    vault.keep_secret("acme", "one", CANARY)
    vault.keep_secret("acme", "two", "another")
    with engine.connect() as connection:
        kept = dict(connection.execute(sa.select(SECRETS.c.name, SECRETS.c.ciphertext)).tuples().all())
    folder = Path(str(engine.url.database)).parent

    def left() -> set[str]:
        content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
        assert CANARY.encode() not in content
        return {name for name, ciphertext in kept.items() if bytes(ciphertext) in content}

    assert left() == {"one", "two"}
    assert SqlVault(other, key_file).destroy_secret("acme", "one")
    assert left() == {"two"}
    assert vault.secret("acme", "two") == "another"
    for opened in (engine, other):
        opened.dispose()


def test_the_destruction_of_a_secret_that_was_interrupted_is_brought_to_its_end(
    lite: sa.Engine, key_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It opens no more, keys can be rotated, and it is named among those that are kept until it is in no file."""
    vault = SqlVault(lite, key_file)
    vault.keep_secret("acme", "one", CANARY)
    with lite.connect() as connection:
        kept = connection.scalar(sa.select(SECRETS.c.ciphertext).where(SECRETS.c.client == "acme"))
    assert kept is not None

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("adapters.vault.kept.wipe", interrupted)
        with pytest.raises(KeyboardInterrupt):
            vault.destroy_secret("acme", "one")
    files = list((tmp_path / "database").iterdir())
    assert any(kept in file.read_bytes() for file in files)
    with pytest.raises(NotFound):
        vault.secret("acme", "one")
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    assert vault.secret_names("acme", before=later) == ["one"]
    assert vault.destroy_secret("acme", "one") is False
    assert vault.secret_names("acme", before=later) == []
    assert not any(kept in file.read_bytes() for file in files)


def test_secrets_that_are_kept_at_once_leave_one(engine: sa.Engine, key_file: Path) -> None:
    """Eight rotations at the same moment: none fails, and one of them counts."""
    vault = SqlVault(engine, key_file)
    failures: list[BaseException] = []

    def work(secret: str) -> None:
        try:
            vault.keep_secret("acme", "one", secret)
        except BaseException as error:  # noqa: BLE001 — the thread's failure is the test's
            failures.append(error)

    threads = [threading.Thread(target=work, args=(f"secret {number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert vault.secret("acme", "one").startswith("secret ")


def test_the_cache_is_bounded(lite: sa.Engine, key_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The persons used last are remembered, the others are read again."""
    monkeypatch.setattr("adapters.vault.people._CACHED_PERSONS", 3)
    vault = SqlVault(lite, key_file)
    for number in range(5):
        vault.seal("acme", f"p{number}", {"a": "x"})
    assert [person for _, person in vault._people.cache._keys] == ["p2", "p3", "p4"]


def test_neither_logs_nor_reprs_nor_the_database_show_a_secret(
    engine: sa.Engine, key_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A canary that was sealed and kept is found nowhere but behind the port."""
    caplog.set_level(logging.DEBUG)
    engine.echo = True
    vault = SqlVault(engine, key_file)
    vault.keep_secret("acme", "one", CANARY)
    vault.seal("acme", "p", {"ssn": CANARY})
    engine.echo = False
    with engine.connect() as connection:
        stored = [repr(tuple(row)) for table in (PERSON_KEYS, SECRETS) for row in connection.execute(sa.select(table))]
    seen = caplog.text + repr(vault) + repr(vault._keys) + "".join(stored)
    assert CANARY not in seen
    assert key_file.read_bytes().hex() not in seen
