"""The conformity suite of the journal's port: ours on both databases and the fake in memory pass the same one."""

import datetime as dt
import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from adapters.journal.journal import COMMIT_FACTS
from domain.facts import Entry, Provenance
from domain.ports.journal import Journal, Recording, StreamMoved
from tests.support.facts import EXAMPLES, by, numbered, recording

A, B = "connection:C1:a", "connection:C1:b"
OTHER = "connection:C2:a"


def places(entries: list[Entry]) -> list[tuple[str, int]]:
    """Stream and version of each entry."""
    return [(entry.stream, entry.version) for entry in entries]


def test_an_empty_journal_has_nothing(any_journal: Journal) -> None:
    """Nothing recorded is position 0, no entries, no seals, and verifies."""
    assert any_journal.head() == 0
    assert any_journal.log(after=0, limit=10) == []
    assert list(any_journal.stream(A)) == []
    assert any_journal.position_at(dt.datetime.now(dt.UTC)) == 0
    assert any_journal.seals() == []
    assert any_journal.next_seal(0) is None
    assert any_journal.receipt("C1", "none") is None
    assert any_journal.verify().head == ""


def test_every_fact_comes_back_as_it_was_recorded(any_journal: Journal) -> None:
    """Each fact of the catalogue is read back equal, with its provenance, place and time, from stream and log."""
    facts = tuple(EXAMPLES.values())
    provenance = Provenance("cli:anna", "c-1", reason="why", cause="because", correlation="with")
    receipt = any_journal.append([Recording(A, 0, facts)], provenance)
    entries = list(any_journal.stream(A))
    assert [entry.fact for entry in entries] == list(facts)
    assert {entry.provenance for entry in entries} == {provenance}
    assert [entry.version for entry in entries] == list(range(1, len(facts) + 1))
    assert {entry.recorded_at for entry in entries} == {receipt.recorded_at}
    assert entries[-1].position == receipt.position == any_journal.head()
    assert any_journal.log(after=0, limit=100) == entries


@pytest.mark.parametrize("size", [0, 4_000, 4_096, 100_000, 2_000_000])
def test_facts_of_any_size_come_back(any_journal: Journal, size: int) -> None:
    """Short facts and long ones (which are stored compressed) read back the same."""
    any_journal.append([recording(A, 0, 2, size=size)], by())
    assert [entry.fact for entry in any_journal.stream(A)] == [numbered(1, size), numbered(2, size)]
    assert any_journal.verify().faults == ()


def test_versions_have_no_holes_and_positions_grow(any_journal: Journal) -> None:
    """Versions count each stream from 1; positions grow over all streams."""
    for version in range(3):
        any_journal.append([recording(A, version), recording(B, version * 2, 2)], by())
    assert [entry.version for entry in any_journal.stream(A)] == [1, 2, 3]
    assert [entry.version for entry in any_journal.stream(B)] == [1, 2, 3, 4, 5, 6]
    positions = [entry.position for entry in any_journal.log(after=0, limit=100)]
    assert positions == sorted(set(positions))
    assert len(positions) == 9


@pytest.mark.parametrize("expected", [0, 1, 3, 100])
def test_a_stream_that_is_elsewhere_has_moved(any_journal: Journal, expected: int) -> None:
    """A version behind is refused, and one ahead too (it would leave a hole); nothing of the commit is kept."""
    any_journal.append([recording(A, 0, 2)], by())
    with pytest.raises(StreamMoved, match="version 2"):
        any_journal.append([recording(B, 0), recording(A, expected)], by("lost"))
    assert list(any_journal.stream(B)) == []
    assert len(list(any_journal.stream(A))) == 2
    assert any_journal.receipt("C1", "lost") is None
    assert len(any_journal.seals()) == 1


def test_a_command_counts_once(any_journal: Journal) -> None:
    """A command that comes again is answered with its receipt, even where the stream went on; clients are apart."""
    first = any_journal.append([recording(A, 0)], by("poll-1"))
    any_journal.append([recording(A, 1)], by())
    assert any_journal.append([recording(A, 0)], by("poll-1")) == first == any_journal.receipt("C1", "poll-1")
    assert any_journal.append([recording(A, 2, 5)], by("poll-1")) == first
    other = any_journal.append([recording(OTHER, 0)], by("poll-1"))
    assert other.commit == 3
    assert len(any_journal.log(after=0, limit=100)) == 3


def test_commits_are_of_one_client_and_name_a_stream_once(any_journal: Journal) -> None:
    """What cannot be one commit is refused before anything is stored."""
    for bad in (
        [],
        [recording(A, 0), recording(OTHER, 0)],
        [recording(A, 0), recording(A, 1)],
        [Recording(A, 0, ())],
    ):
        with pytest.raises(ValueError, match=r"commit|fact"):
            any_journal.append(bad, by())
    with pytest.raises(ValueError, match="command"):
        any_journal.append([recording(A, 0)], Provenance("test", ""))
    assert any_journal.head() == 0


def test_a_stream_is_read_from_a_version_and_up_to_a_position(any_journal: Journal) -> None:
    """``after`` leaves versions out, ``until`` shows the stream as it was at a position, over page borders too."""
    middle = any_journal.append([recording(A, 0, 150)], by())
    any_journal.append([recording(B, 0, 10)], by())
    any_journal.append([recording(A, 150, 350)], by())
    assert [entry.version for entry in any_journal.stream(A)] == list(range(1, 501))
    assert [entry.version for entry in any_journal.stream(A, until=middle.position)] == list(range(1, 151))
    assert [entry.version for entry in any_journal.stream(A, after=148, until=middle.position)] == [149, 150]
    assert [entry.version for entry in any_journal.stream(A, after=499)] == [500]
    assert list(any_journal.stream(A, until=0)) == []


def test_the_versions_of_many_streams_are_asked_for_together(any_journal: Journal) -> None:
    """Each stream that exists is at the version of its last entry; however many are named, the others are left out."""
    assert any_journal.versions([A, B]) == {}
    any_journal.append([recording(A, 0, 150)], by())
    any_journal.append([recording(B, 0, 10)], by())
    any_journal.append([recording(A, 150, 7)], by())
    strangers = [f"connection:C1:stranger-{number}" for number in range(450)]
    assert any_journal.versions([*strangers, A, B, A]) == {A: 157, B: 10}
    assert any_journal.versions(iter([B])) == {B: 10}
    assert any_journal.versions([]) == {}


def test_each_entry_of_a_stream_has_the_time_of_its_commit(any_journal: Journal) -> None:
    """Entries of one stream from several commits, with others between, each carry their own commit's time."""
    receipts = []
    for version in range(5):
        receipts.append(any_journal.append([recording(B, version), recording(A, version)], by()))
        any_journal.append([recording(OTHER, version)], by())
    assert [entry.recorded_at for entry in any_journal.stream(A)] == [receipt.recorded_at for receipt in receipts]
    assert [entry.position for entry in any_journal.stream(A)] == [receipt.position for receipt in receipts]


def test_the_log_gives_whole_commits(any_journal: Journal) -> None:
    """Reading past any position with any limit ends where a commit ends, and misses and repeats nothing."""
    ends = list(itertools.accumulate([3, 1, 4, 1, 5]))
    for number, count in enumerate([3, 1, 4, 1, 5]):
        any_journal.append([recording(f"connection:C{number % 2}:{number}", 0, count)], by())
    everything = any_journal.log(after=0, limit=1000)
    positions = [entry.position for entry in everything]
    last = [positions[end - 1] for end in ends]
    for limit in range(1, 16):
        for after in [0, *positions]:
            entries = any_journal.log(after=after, limit=limit)
            assert entries == [entry for entry in everything if entry.position > after][: len(entries)]
            if after < positions[-1]:
                assert entries[-1].position in last
                assert len(entries) >= limit or entries[-1].position == positions[-1]
                assert len(entries) - limit < 5
            else:
                assert entries == []


def test_the_log_of_a_client_holds_exactly_what_was_asked_for(any_journal: Journal) -> None:
    """With a client there are its entries only, exactly up to the limit, from inside a commit too."""
    for number in range(6):
        any_journal.append([recording(A, number * 3, 3)], by())
        any_journal.append([recording(OTHER, number * 2, 2)], by())
    everything = any_journal.log(after=0, limit=1000)
    for client, stream in (("C1", A), ("C2", OTHER), ("C3", "none")):
        mine = [entry for entry in everything if entry.stream == stream]
        for limit in (1, 2, 3, 5, 100):
            seen: list[Entry] = []
            while page := any_journal.log(after=seen[-1].position if seen else 0, limit=limit, client=client):
                assert len(page) == min(limit, len(mine) - len(seen))
                seen += page
            assert seen == mine


def test_a_moment_maps_to_the_last_position_recorded_by_then(any_journal: Journal) -> None:
    """A commit counts from its own time on; the moment before it does not hold it."""
    receipts = [any_journal.append([recording(A, version)], by()) for version in range(4)]
    times = [receipt.recorded_at for receipt in receipts]
    assert times == sorted(times)
    assert all(time.utcoffset() == dt.timedelta(0) for time in times)
    for receipt in receipts:
        last = max(other.position for other in receipts if other.recorded_at <= receipt.recorded_at)
        assert any_journal.position_at(receipt.recorded_at) == last
        offset = receipt.recorded_at.astimezone(dt.timezone(dt.timedelta(hours=-5)))
        assert any_journal.position_at(offset) == last
    assert any_journal.position_at(times[0] - dt.timedelta(microseconds=1)) == 0
    assert any_journal.position_at(times[-1] + dt.timedelta(days=1)) == receipts[-1].position


def test_a_position_inside_a_commit_stands_for_the_commit_before(any_journal: Journal) -> None:
    """Commits are whole: as of a position in the middle of one, nothing of it is known yet."""
    first = any_journal.append([recording(A, 0, 3)], by("c-1"))
    second = any_journal.append([recording(A, 3, 3)], by("c-2"))
    assert [any_journal.position_at(first.position - step) for step in (0, 1, 2)] == [first.position, 0, 0]
    assert any_journal.position_at(second.position - 1) == first.position
    assert any_journal.position_at(second.position + 10) == second.position


def test_what_was_known_now_never_changes(journal: Journal) -> None:
    """While others record, a moment that has passed stands for the same position whenever it is asked again."""
    stop = threading.Event()

    def write() -> None:
        version = 0
        while not stop.is_set():
            journal.append([recording(A, version * 20, 20)], by(f"w-{version}"))
            version += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        asked = []
        for _ in range(40):
            moment = dt.datetime.now(dt.UTC)
            asked.append((moment, journal.position_at(moment)))
    finally:
        stop.set()
        writer.join()
    assert [journal.position_at(moment) for moment, _ in asked] == [position for _, position in asked]


def test_the_next_seal_is_that_of_the_first_commit_past_a_position(any_journal: Journal) -> None:
    """Also from inside a commit; after the last one there is none."""
    for stream in (A, OTHER):
        any_journal.append([recording(stream, 0, 2)], by())
    first, second = any_journal.seals()
    asked = (0, first.first_position, first.last_position, second.last_position)
    assert [any_journal.next_seal(position) for position in asked] == [first, first, second, None]


def test_every_commit_is_sealed_in_a_dense_order(any_journal: Journal) -> None:
    """Seals count from 1 without holes, cover every position once, and agree with the receipts."""
    receipts = [any_journal.append([recording(A, version * 2, 2)], by(f"c-{version}")) for version in range(5)]
    seals = any_journal.seals()
    assert [seal.commit for seal in seals] == [1, 2, 3, 4, 5] == [receipt.commit for receipt in receipts]
    assert [seal.last_position for seal in seals] == [receipt.position for receipt in receipts]
    assert [seal.recorded_at for seal in seals] == [receipt.recorded_at for receipt in receipts]
    assert [seal.command for seal in seals] == [f"c-{version}" for version in range(5)]
    assert {(seal.leaves, seal.client, len(seal.root), len(seal.seal)) for seal in seals} == {(2, "C1", 32, 32)}
    assert any_journal.seals(after=2, limit=2) == seals[2:4]
    verification = any_journal.verify()
    assert (verification.commits, verification.facts, verification.faults) == (5, 10, ())
    assert verification.head == seals[-1].seal.hex()


def test_of_two_writers_who_decided_on_the_same_version_one_wins(any_journal: Journal) -> None:
    """Racing writers on one stream: every round one records, the others are told that the stream moved."""
    writers = 4
    barrier = threading.Barrier(writers)

    def race(round_number: int, writer: int) -> bool:
        barrier.wait()
        try:
            any_journal.append([recording(A, round_number)], by(f"{round_number}-{writer}"))
        except StreamMoved:
            return False
        return True

    with ThreadPoolExecutor(writers) as pool:
        for round_number in range(10):
            won = list(pool.map(race, [round_number] * writers, range(writers)))
            assert sum(won) == 1
    assert [entry.version for entry in any_journal.stream(A)] == list(range(1, 11))
    assert any_journal.verify().faults == ()


def test_the_same_command_from_several_threads_at_once_counts_once(any_journal: Journal) -> None:
    """A command that is sent many times at once is recorded once, and all get the same receipt."""
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: any_journal.append([recording(A, 0, 3)], by("once")), range(24)))
    assert len(set(answers)) == 1
    assert len(any_journal.log(after=0, limit=100)) == 3


def test_there_are_limits(journal: Journal) -> None:
    """Too many facts in a commit, too long a fact, and names that no database takes are refused in words."""
    with pytest.raises(ValueError, match="100,000"):
        journal.append([Recording(A, 0, (numbered(1),) * (COMMIT_FACTS + 1))], by())
    with pytest.raises(ValueError, match="longer than"):
        journal.append([recording(A, 0, 1, size=17 * 2**20)], by())
    for name in ("connection:C1:\0", "connection:C1:" + "x" * 400):
        with pytest.raises(ValueError, match="no name"):
            journal.append([recording(name, 0)], by())
    with pytest.raises(ValueError, match="AGGREGATE:CLIENT"):
        journal.append([recording("nameless", 0)], by())
    assert journal.head() == 0
    assert journal.append([recording(A, 0)], by()).commit == 1
