"""Hashes, digests and sessions in the database."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa

from adapters.access import KEY, AccessStore, Session, StoredSecret, new_secret
from adapters.access.store import MOST_SESSIONS
from adapters.access.tables import METADATA
from adapters.database import open_engine

NOW = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)
SESSION = Session("acme", "berta", "password", 7, NOW, NOW + dt.timedelta(hours=12))


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    """An engine on each kind of database."""
    opened = open_engine(database_url)
    yield opened
    opened.dispose()


def test_what_is_kept_comes_back_and_goes(engine: sa.Engine) -> None:
    """Digests of secrets, hashes of passwords and sessions, each by its name; the first of a secret's id stays."""
    store = AccessStore(engine)
    first, second = new_secret(KEY, "a" * 16), new_secret(KEY, "a" * 16)
    assert store.keep_secret(first, "acme", NOW)
    assert not store.keep_secret(second, "acme", NOW)
    assert store.secret(first.id) == StoredSecret(KEY, "acme", first.digest)
    store.drop_secret(first.id)
    assert store.secret(first.id) is None
    for id_, hash_ in (("p1", "old"), ("p1", "one"), ("p2", "two")):
        store.keep_password("acme", "berta", id_, hash_, NOW)
    assert [store.password("acme", "berta", id_) for id_ in ("p1", "p2", "p3")] == ["one", "two", None]
    assert store.password("other", "berta", "p1") is None
    store.begin_session(b"1", SESSION)
    store.begin_session(b"2", replace(SESSION, login="carl"))
    assert store.session(b"1") == SESSION
    store.keep_only("acme", "berta", "p2")
    assert [store.password("acme", "berta", id_) for id_ in ("p1", "p2")] == [None, "two"]
    assert (store.session(b"1"), store.session(b"2") is None) == (None, False)
    store.end_session(b"2")
    assert store.session(b"2") is None
    store.begin_session(b"3", SESSION)
    store.end_sessions("acme", "berta")
    assert store.session(b"3") is None


def test_sessions_are_bounded(engine: sa.Engine) -> None:
    """Those that are over go with the next one, and of too many of one user the oldest."""
    store = AccessStore(engine)
    store.begin_session(b"over", replace(SESSION, login="carl", expires_at=NOW))
    for number in range(MOST_SESSIONS + 2):
        begun = NOW + dt.timedelta(seconds=number)
        store.begin_session(str(number).encode(), replace(SESSION, created_at=begun))
    assert store.session(b"over") is None
    assert [store.session(str(number).encode()) is None for number in range(4)] == [True, True, False, False]


def test_the_migrated_tables_are_those_of_the_code(engine: sa.Engine) -> None:
    """Columns, keys and indexes are the same."""
    inspector = sa.inspect(engine)
    for table in METADATA.sorted_tables:
        columns = [(column["name"], column["nullable"]) for column in inspector.get_columns(table.name)]
        assert columns == [(column.name, bool(column.nullable)) for column in table.columns]
        key = inspector.get_pk_constraint(table.name)["constrained_columns"]
        assert key == [column.name for column in table.primary_key.columns]
        indexes = {index["name"] for index in inspector.get_indexes(table.name)}
        assert indexes == {index.name for index in table.indexes}
