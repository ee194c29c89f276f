"""Nobody who follows the log misses a fact, with ten writers at once; and the test would notice if somebody did."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from eventsourcing.persistence import Notification, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

from adapters.database import database_url as parse
from adapters.journal import JournalSettings, UnsafeSetting, open_journal
from adapters.journal.postgres import ORDERING_LOCK
from domain.facts import Entry
from domain.ports.journal import Journal
from tests.support.facts import by, recording
from tests.support.postgres import Server
from tests.support.writer import Writer

PROCESSES, THREADS = 2, 5
COMMITS, FACTS = 15, 3


def write_threads(journal: Journal, clients: list[str]) -> None:
    """Several writers in this process, each with streams of its own."""

    def one(client: str) -> None:
        for number in range(COMMITS):
            streams = [f"connection:{client}:{name}" for name in ("a", "b")]
            journal.append([recording(stream, number * FACTS, FACTS, size=200) for stream in streams], by())

    with ThreadPoolExecutor(len(clients)) as pool:
        list(pool.map(one, clients))


def follow(journal: Journal, wanted: int, seconds: float = 60.0) -> list[Entry]:
    """Follow the log as a projection does until so many entries were seen."""
    seen: list[Entry] = []
    until = time.monotonic() + seconds
    while len(seen) < wanted and time.monotonic() < until:
        seen += journal.log(after=seen[-1].position if seen else 0, limit=40)
    return seen


@pytest.mark.timeout(120)
def test_a_reader_who_follows_ten_writers_sees_each_position_once_in_order(database_url: str, journal: Journal) -> None:
    """Processes and threads write at once; who follows the log gets every fact once and in order."""
    processes = [Writer(database_url, f"P{number}", commits=COMMITS, facts=FACTS) for number in range(PROCESSES * 2)]
    threads = [f"T{number}" for number in range(PROCESSES * THREADS - len(processes))]
    wanted = PROCESSES * THREADS * COMMITS * FACTS * 2
    writing = threading.Thread(target=write_threads, args=(journal, threads))
    writing.start()
    seen = follow(journal, wanted)
    writing.join()
    assert [len(writer.acknowledged()) for writer in processes] == [COMMITS] * len(processes)
    positions = [entry.position for entry in seen]
    assert positions == sorted(set(positions))
    assert len(positions) == wanted
    assert seen == journal.log(after=0, limit=wanted * 2)
    streams: dict[str, int] = {}
    for entry in seen:
        assert entry.version == streams.get(entry.stream, 0) + 1
        streams[entry.stream] = entry.version
    assert set(streams.values()) == {COMMITS * FACTS}
    verification = journal.verify()
    assert (verification.facts, verification.faults) == (wanted, ())


@pytest.fixture
def unsafe(postgres: Server) -> Iterator[PostgresApplicationRecorder]:
    """The library's own recorder with the setting that daybook refuses, in an empty database."""
    name = postgres.create()
    where = postgres.tcp
    datastore = PostgresDatastore(
        name, str(where.host), str(where.port), str(where.username), str(where.password or ""),
        pool_size=3, originator_id_type="text", enable_db_functions=True,
    )  # fmt: skip
    recorder = PostgresApplicationRecorder(datastore)
    recorder.create_table()
    yield recorder
    datastore.close()
    postgres.drop(name)


def event(stream: str) -> StoredEvent:
    """An event of the library."""
    return StoredEvent(stream, 1, "topic", b"{}")


def test_negative_control_the_librarys_insert_function_loses_events(unsafe: PostgresApplicationRecorder) -> None:
    """With the function a position is given out before another one that commits earlier: the reader never sees it.

    The same schedule as in the test below, where nothing is lost: the test above can tell the difference.
    """
    seen: list[Notification] = []

    def read() -> None:
        start = seen[-1].id if seen else None
        seen.extend(unsafe.select_notifications(start, 10, inclusive_of_start=False))

    slow = unsafe.construct_pg_stored_event("slow", 1, "topic", b"{}")
    with unsafe.datastore.transaction(commit=True) as cursor:
        cursor.execute(unsafe.sql_invoke_pg_function_insert_events, ([slow],))  # its id is reserved, and not committed
        unsafe.insert_events([event("quick")])
        read()
    read()
    stored = unsafe.select_notifications(None, 10)
    assert [notification.originator_id for notification in stored] == ["slow", "quick"]
    assert [notification.originator_id for notification in seen] == ["quick"]


def test_a_writer_waits_for_another_whose_positions_are_reserved(postgres_url: str) -> None:
    """While one writer has positions and has not committed, the others wait, and the reader sees neither."""
    journal = open_journal(postgres_url)
    seen: list[Entry] = []

    def read() -> None:
        seen.extend(journal.log(after=seen[-1].position if seen else 0, limit=10))

    quick = threading.Thread(target=journal.append, args=([recording("connection:C1:quick", 0)], by()))
    with psycopg.connect(postgres_url) as slow:
        slow.execute("SELECT pg_advisory_xact_lock(%s)", (ORDERING_LOCK,))
        slow.execute("SELECT nextval('facts_notification_id_seq')")
        quick.start()
        quick.join(0.3)
        assert quick.is_alive()
        read()
        assert seen == []
    quick.join()
    read()
    assert [entry.stream for entry in seen] == ["connection:C1:quick"]
    journal.close()


@pytest.mark.parametrize("name", ["POSTGRES_ENABLE_DB_FUNCTIONS", "DAYBOOK_POSTGRES_ENABLE_DB_FUNCTIONS"])
def test_the_setting_that_loses_facts_is_refused_at_start(
    monkeypatch: pytest.MonkeyPatch, database_url: str, name: str
) -> None:
    """Nothing starts where the environment switches the library's insert function on; off is fine."""
    for value in ("yes", "1", "t", "surely"):
        monkeypatch.setenv(name, value)
        with pytest.raises(UnsafeSetting, match=rf"{name} is set to '{value}'"):
            open_journal(database_url)
    for value in ("", "no", "0", "off"):
        monkeypatch.setenv(name, value)
        open_journal(database_url).close()


def test_a_role_that_may_only_insert_and_select_can_append(postgres: Server, postgres_url: str) -> None:
    """The ordering lock needs no right to change a table: a role without any appends, and changes nothing."""
    role = f"writer_{parse(postgres_url).database}"
    with psycopg.connect(postgres_url, autocommit=True) as owner:
        owner.execute(f"CREATE ROLE {role} LOGIN".encode())
        owner.execute(f"GRANT INSERT, SELECT ON facts, seals TO {role}".encode())
        owner.execute(f"GRANT USAGE ON SEQUENCE facts_notification_id_seq TO {role}".encode())
    url = parse(postgres_url).set(username=role).render_as_string(hide_password=False)
    journal = open_journal(url, JournalSettings(connections=2))
    assert journal.append([recording("connection:C1:a", 0, 3)], by()).commit == 1
    assert journal.verify().faults == ()
    journal.close()
    with psycopg.connect(url.replace("+psycopg", "")) as writer, pytest.raises(psycopg.errors.InsufficientPrivilege):
        writer.execute("DELETE FROM facts")
    with psycopg.connect(postgres_url, autocommit=True) as owner:
        owner.execute(f"DROP OWNED BY {role}".encode())
        owner.execute(f"DROP ROLE {role}".encode())
