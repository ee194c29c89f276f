"""The database, the network or the process fails: nothing acknowledged is lost, and nothing waits for ever."""

import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from adapters.database import database_url as parse
from adapters.journal import JournalSettings, NotMigrated, open_journal
from adapters.journal.postgres import ORDERING_LOCK
from adapters.journal.reading import Queries
from domain.ports.journal import Journal, JournalUnavailable, StreamMoved
from tests.support.facts import by, recording
from tests.support.postgres import Server
from tests.support.proxy import Proxy, proxied
from tests.support.writer import Writer

A = "connection:C1:a"
KILLS = 25
PATIENCE = JournalSettings(deadline_seconds=1.5, connect_seconds=1.0)
"""Short bounds, so that the tests need not wait for the ordinary ones."""

LATEST_SECONDS = 6.0
"""So late at most is the answer with those bounds, on a busy machine. The library alone takes minutes."""


@pytest.fixture
def proxy(postgres: Server, postgres_url: str) -> Iterator[Proxy]:
    """A proxy in front of the PostgreSQL server."""
    with proxied(str(postgres.tcp.host), int(postgres.tcp.port or 5432)) as running:
        yield running


@pytest.fixture
def proxied_url(proxy: Proxy, postgres_url: str) -> str:
    """The migrated database by way of the proxy."""
    return parse(postgres_url).set(host="127.0.0.1", port=proxy.port).render_as_string(hide_password=False)


@contextmanager
def opened(url: str, settings: JournalSettings = PATIENCE) -> Iterator[Journal]:
    """A journal that is closed at the end."""
    journal = open_journal(url, settings)
    try:
        yield journal
    finally:
        journal.close()


def every_call(journal: Journal) -> dict[str, Callable[[], object]]:
    """Every method of the port that asks the database something."""
    return {
        "append": lambda: journal.append([recording("connection:C1:new", 0)], by()),
        "receipt": lambda: journal.receipt("C1", "c"),
        "stream": lambda: list(journal.stream(A)),
        "log": lambda: journal.log(after=0, limit=10),
        "head": journal.head,
        "seals": journal.seals,
        "verify": journal.verify,
    }


def test_a_lost_commit_answer_is_recognized_by_its_command(proxied_url: str, proxy: Proxy) -> None:
    """The connection breaks between a commit and its answer, ten times: the receipt comes, facts are there once."""
    with opened(proxied_url, JournalSettings()) as journal:
        for version in range(10):
            proxy.lost_answers = 1
            receipt = journal.append([recording(A, version)], by(f"c-{version}"))
            assert receipt.commit == version + 1
            assert receipt == journal.receipt("C1", f"c-{version}")
        assert proxy.lost == 10
        assert [entry.version for entry in journal.stream(A)] == list(range(1, 11))
        assert journal.verify().faults == ()


def test_an_append_whose_answer_stays_lost_may_be_repeated(proxied_url: str, proxy: Proxy) -> None:
    """Where every attempt loses its answer the call is refused; repeating it later gives the receipt, facts once."""
    with opened(proxied_url) as journal:
        journal.append([recording(A, 0)], by())
        proxy.lost_answers = 100
        with pytest.raises(JournalUnavailable):
            journal.append([recording(A, 1)], by("c-1"))
        proxy.lost_answers = 0
        assert journal.append([recording(A, 1)], by("c-1")).commit == 2
        assert journal.head() == 2


@pytest.mark.parametrize("call", ["append", "receipt", "stream", "log", "head", "seals", "verify"])
def test_a_server_that_is_away_is_told_within_the_deadline(proxied_url: str, proxy: Proxy, call: str) -> None:
    """Where nobody listens every call is refused within the deadline."""
    with opened(proxied_url) as journal:
        journal.head()
        proxy.close()
        began = time.monotonic()
        with pytest.raises(JournalUnavailable):
            every_call(journal)[call]()
        assert time.monotonic() - began < LATEST_SECONDS


@pytest.mark.parametrize("call", ["append", "log"])
def test_a_server_that_falls_silent_is_told_within_the_deadline(proxied_url: str, proxy: Proxy, call: str) -> None:
    """Where the connection stands and nothing comes any more every call is refused within the deadline."""
    with opened(proxied_url) as journal:
        journal.append([recording(A, 0)], by())
        proxy.silent = True
        began = time.monotonic()
        with pytest.raises(JournalUnavailable):
            every_call(journal)[call]()
        assert time.monotonic() - began < LATEST_SECONDS


def test_a_server_that_was_never_there_is_told_within_the_deadline(postgres_url: str) -> None:
    """A journal opens without its server; the first call says that it is away."""
    with opened(parse(postgres_url).set(port=1).render_as_string(hide_password=False)) as journal:
        began = time.monotonic()
        with pytest.raises(JournalUnavailable):
            journal.head()
        assert time.monotonic() - began < LATEST_SECONDS


def test_after_an_outage_the_same_journal_works_on(postgres: Server, postgres_url: str) -> None:
    """All connections of the server are cut again and again: appends go on without opening the journal anew."""
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
    with opened(postgres_url, JournalSettings()) as journal, psycopg.connect(postgres.url("postgres")) as other:
        for version in range(20):
            other.execute(cut, (parse(postgres_url).database,))
            journal.append([recording(A, version)], by())
        assert [entry.version for entry in journal.stream(A)] == list(range(1, 21))


def test_a_journal_that_is_locked_is_told_within_the_deadline(database_url: str) -> None:
    """While another process holds the ordering lock an append is refused within the deadline, and reading goes on."""
    with opened(database_url) as journal:
        journal.append([recording(A, 0)], by())
        if database_url.startswith("sqlite"):
            holder = sqlite3.connect(str(parse(database_url).database), isolation_level=None)
            holder.execute("BEGIN IMMEDIATE")
        else:
            other = psycopg.connect(database_url)
            other.execute("SELECT pg_advisory_xact_lock(%s)", (ORDERING_LOCK,))
        began = time.monotonic()
        with pytest.raises(JournalUnavailable):
            journal.append([recording(A, 1)], by())
        assert time.monotonic() - began < LATEST_SECONDS
        assert len(journal.log(after=0, limit=10)) == 1
        (holder if database_url.startswith("sqlite") else other).close()
        assert journal.append([recording(A, 1)], by()).commit == 2


def test_more_callers_than_connections_wait_their_turn(database_url: str) -> None:
    """Forty threads share two connections: all of them get their answer."""
    with opened(database_url, JournalSettings(connections=2)) as journal:
        threads = [
            threading.Thread(target=journal.append, args=([recording(f"connection:C1:{number}", 0)], by()))
            for number in range(40)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(journal.log(after=0, limit=100)) == 40


@pytest.mark.parametrize("call", ["append", "receipt", "stream", "log", "head", "seals", "verify"])
def test_a_closed_journal_says_so(database_url: str, call: str) -> None:
    """Every call after the journal was closed is refused as unavailable; closing it again does nothing."""
    with opened(database_url) as journal:
        journal.append([recording(A, 0)], by())
        journal.close()
        with pytest.raises(JournalUnavailable):
            every_call(journal)[call]()


@pytest.mark.slow
def test_closing_disturbs_nobody_who_reads_or_writes(database_url: str) -> None:
    """A journal is closed under threads that use it, fifty times: each is answered or refused, the process lives."""
    refused: list[str] = []
    with opened(database_url) as journal:
        journal.append([recording(A, 0, 500)], by("c-0"))

    def use(journal: Journal, stream: str) -> None:
        version = 0
        with suppress(JournalUnavailable):
            while True:
                assert len(journal.log(after=0, limit=500)) == 500
                journal.append([recording(stream, version)], by(f"{stream}-{version}"))
                version += 1
        refused.append(stream)

    for turn in range(50):
        with opened(database_url) as journal:
            threads = [threading.Thread(target=use, args=(journal, f"connection:C1:{turn}-{n}")) for n in range(3)]
            for thread in threads:
                thread.start()
            time.sleep(turn / 5000)  # now before anybody began, now in the middle of all
            journal.close()
            for thread in threads:
                thread.join()
    assert len(refused) == 150
    with opened(database_url) as journal:
        assert journal.verify().faults == ()


def test_a_writer_without_the_lock_is_told_apart_from_a_repeated_command(
    monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    """Where the uniqueness of versions is what refuses, the command's receipt is answered if there is one."""
    with opened(database_url) as journal:
        journal.append([recording(A, 0)], by("c-1"))
        real = Queries.seal_of
        monkeypatch.setattr(Queries, "version", lambda *_: 0)
        with pytest.raises(StreamMoved):
            journal.append([recording(A, 0)], by("c-2"))
        answers = iter([None, "real"])
        monkeypatch.setattr(
            Queries, "seal_of", lambda *arguments: real(*arguments) if next(answers) == "real" else None
        )
        assert journal.append([recording(A, 0)], by("c-1")).commit == 1


@pytest.mark.timeout(120)
def test_killed_writers_lose_nothing_that_was_acknowledged(database_url: str) -> None:
    """Writers are killed at random moments: the store verifies, streams have no holes, acknowledged commands are in."""
    luck = random.Random(7)
    acknowledged: dict[str, list[str]] = {}
    for kill in range(KILLS):
        writer = Writer(database_url, f"K{kill}")
        first = writer.wait_for_one()
        time.sleep(luck.uniform(0, 0.03))
        writer.process.kill()
        acknowledged[writer.client] = [first, *writer.acknowledged()]
    with opened(database_url, JournalSettings()) as journal:
        assert journal.verify().faults == ()
        for client, commands in acknowledged.items():
            assert all(journal.receipt(client, command) for command in commands)
            for name in ("a", "b"):
                versions = [entry.version for entry in journal.stream(f"connection:{client}:{name}")]
                assert versions == list(range(1, len(versions) + 1))
                assert len(versions) in {len(commands) * 3, len(commands) * 3 + 3}
        assert (
            journal.append([recording(A, 0)], by()).commit
            == journal.seals(after=journal.verify().commits - 1)[0].commit
        )


def test_a_database_without_the_tables_is_named(tmp_path: Path, postgres: Server) -> None:
    """A database that was not migrated is refused with what to do: when it is opened, or at the first call."""
    with pytest.raises(NotMigrated, match="run the migrations"):
        open_journal(f"sqlite:///{tmp_path}/none.db")
    sqlite3.connect(tmp_path / "empty.db").close()
    with pytest.raises(NotMigrated, match="run the migrations"):
        open_journal(f"sqlite:///{tmp_path}/empty.db")
    assert not (tmp_path / "none.db").exists()
    name = postgres.create()
    with opened(postgres.url(name)) as journal, pytest.raises(NotMigrated, match="run the migrations"):
        journal.head()
    postgres.drop(name)
