"""Captures: kept once, read back whole, and refused when damaged."""

import hashlib
import random
import threading
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
import zstandard

from adapters.captures import CaptureDamaged, SqlCaptures
from adapters.captures.sql import MOST_PAGE_BYTES, unpack
from adapters.captures.tables import CAPTURES, METADATA, PAGES
from adapters.database import open_engine
from domain.ports.captures import Capture, Captures, NoCapture, Page
from tests.support.fake_captures import MemoryCaptures


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    """A migrated database of each kind."""
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def captures(request: pytest.FixtureRequest) -> Iterator[Captures]:
    """A store of every make."""
    if request.param == "memory":
        yield MemoryCaptures()
        return
    engine = open_engine(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))
    yield SqlCaptures(engine)
    engine.dispose()


def capture(*pages: bytes, **parameters: str) -> Capture:
    """A capture of these pages."""
    return Capture("tray", 1, parameters, tuple(Page("checks", number, data) for number, data in enumerate(pages)))


def counted(engine: sa.Engine, table: sa.Table) -> int:
    """Rows of a table."""
    with engine.connect() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


@pytest.mark.parametrize(
    "kept",
    [
        capture(b"[]", venue="V100"),
        capture(b'[{"id":"1"}]', b"[]", b'[{"id":"1"}]', venue="V100", businessDate="2026-11-01"),
        capture(b"", bytes(range(256)) * 40, note="é \x7f"),
        capture(),
    ],
    ids=["one page", "the same page twice", "empty and binary pages", "no pages"],
)
def test_what_is_kept_is_got_back(captures: Captures, kept: Capture) -> None:
    """A capture comes back equal, under its own digest."""
    digest = captures.keep("acme", kept)
    assert digest == kept.digest
    assert captures.get("acme", digest) == kept


def test_a_capture_belongs_to_one_client(captures: Captures) -> None:
    """Who knows a digest cannot read another client's capture by it."""
    digest = captures.keep("acme", capture(b"[1]"))
    with pytest.raises(NoCapture):
        captures.get("other", digest)


def test_keeping_twice_is_keeping_once(captures: Captures) -> None:
    """The digest is the same, and so is what comes back."""
    assert captures.keep("acme", capture(b"[1]")) == captures.keep("acme", capture(b"[1]"))


def test_the_migration_makes_the_tables_that_the_code_uses(engine: sa.Engine) -> None:
    """Columns, nullability and primary keys of the migrated database are the code's."""
    inspector = sa.inspect(engine)
    for table in METADATA.sorted_tables:
        columns = {column["name"]: column["nullable"] for column in inspector.get_columns(table.name)}
        assert columns == {column.name: column.nullable for column in table.columns}
        assert inspector.get_pk_constraint(table.name)["constrained_columns"] == [c.name for c in table.primary_key]


def test_a_page_is_kept_once_per_client(engine: sa.Engine) -> None:
    """A repoll that changed one page of three adds one page."""
    store = SqlCaptures(engine)
    store.keep("acme", capture(b"[1]", b"[2]", b"[3]"))
    store.keep("acme", capture(b"[1]", b"[20]", b"[3]"))
    assert (counted(engine, PAGES), counted(engine, CAPTURES)) == (4, 2)
    store.keep("other", capture(b"[1]"))
    assert counted(engine, PAGES) == 5


def test_processes_that_keep_the_same_agree(engine: sa.Engine) -> None:
    """Eight writers of overlapping captures at once: none fails, none waits in a circle, each page is there once."""
    pages = [b"[%d]" % number * 200 for number in range(60)]
    failures: list[BaseException] = []
    start = threading.Barrier(8)

    def work(number: int) -> None:
        mixed = random.Random(number).sample(pages, len(pages))
        try:
            start.wait()
            SqlCaptures(engine).keep("acme", capture(*mixed))
        except BaseException as error:  # noqa: BLE001 — the thread's failure is the test's
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number % 4,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert (counted(engine, PAGES), counted(engine, CAPTURES)) == (60, 4)


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (sa.delete(PAGES), "pages of the capture are missing"),
        (sa.update(PAGES).values(data=b"\x00\x01"), "cannot be unpacked"),
        (sa.update(PAGES).values(data=zstandard.compress(b"[2]")), "does not fit its digest"),
        (sa.update(PAGES).values(size=4), "does not have the size"),
        (sa.update(CAPTURES).values(manifest=b"{}"), "manifest of capture"),
    ],
    ids=["page gone", "page overwritten", "page exchanged", "size wrong", "manifest overwritten"],
)
def test_a_damaged_capture_is_refused(engine: sa.Engine, damage: sa.Executable, says: str) -> None:
    """Whatever was changed in the database, it is noticed before anybody reads a figure."""
    store = SqlCaptures(engine)
    digest = store.keep("acme", capture(b"[1]"))
    with engine.begin() as connection:
        connection.execute(damage)
    with pytest.raises(CaptureDamaged, match=says):
        store.get("acme", digest)


def test_a_page_that_unpacks_to_a_bomb_is_refused_before_it_is_unpacked() -> None:
    """A frame that states more than was kept, or more than any page, is never allocated."""
    bomb = zstandard.compress(b"\x00" * (MOST_PAGE_BYTES + 1))
    digest = hashlib.sha256(b"").hexdigest()
    for size in (10, MOST_PAGE_BYTES + 1):
        with pytest.raises(CaptureDamaged, match="size"):
            unpack(digest, bomb, size)


def test_a_page_past_the_limit_is_not_kept(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be read back is refused when it is kept, and leaves nothing."""
    monkeypatch.setattr("adapters.captures.sql.MOST_PAGE_BYTES", 100)
    with pytest.raises(ValueError, match="larger than captures keep"):
        SqlCaptures(engine).keep("acme", capture(b"[1]", b"x" * 101))
    assert counted(engine, PAGES) == 0


def test_sixteen_megabytes_are_kept_at_once(engine: sa.Engine) -> None:
    """A day of many pages is compressed and inserted in a fraction of a second, and comes back."""
    rows = b",".join(b'{"id":"c-%d","amount":"%d.25","name":"Burger"}' % (n, n * 7919 % 10_000) for n in range(21_000))
    pages = [b'[{"page":%d},' % number + rows + b"]" for number in range(16)]
    kept = capture(*pages)
    began = time.perf_counter()
    digest = SqlCaptures(engine).keep("acme", kept)
    took = time.perf_counter() - began
    assert sum(map(len, pages)) > 15_000_000
    assert took < 2.0, took  # 0.1 s on a quiet machine
    assert SqlCaptures(engine).get("acme", digest) == kept
