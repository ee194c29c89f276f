"""Ports for one client: what they reach is the client's own, and another's does not exist."""

import datetime as dt
import inspect
from collections.abc import Callable
from typing import Any

import pytest

from domain.facts import Provenance
from domain.ports.captures import Capture, Captures
from domain.ports.journal import Journal, Recording
from domain.ports.vault import Vault
from domain.ports.walls import AnotherClients, OneClientsCaptures, OneClientsJournal, OneClientsPeople, OneClientsVault
from domain.refusals import NotFound
from tests.support.facts import recording
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_people import FakePeople
from tests.support.fake_vault import MemoryVault
from tests.support.fakes import MemoryJournal

OURS, THEIRS = "connection:ours:main", "connection:theirs:main"


@pytest.fixture
def journal() -> MemoryJournal:
    """A journal with two facts of each of two clients, in turn."""
    made = MemoryJournal()
    for number in range(2):
        for stream in (OURS, THEIRS):
            made.append([_recording(stream, number)], Provenance("test", f"command-{number}"))
    return made


def _recording(stream: str, version: int) -> Recording:
    return recording(stream, version, 1)


def test_the_clients_own_is_what_the_port_answers(journal: MemoryJournal) -> None:
    """Streams, log, receipts and seals are those of the client; positions are those of the whole log."""
    ours = OneClientsJournal(journal, "ours")
    assert list(ours.stream(OURS)) == list(journal.stream(OURS))
    assert ours.log(after=0, limit=9, client="ours") == journal.log(after=0, limit=9, client="ours")
    assert ours.receipt("ours", "command-1") == journal.receipt("ours", "command-1")
    assert {seal.client for seal in ours.seals()} == {"ours"}
    assert (ours.head(), ours.position_at(2)) == (journal.head(), journal.position_at(2))
    position = ours.append([_recording(OURS, 2)], Provenance("test", "command-2")).position
    assert position == journal.head()
    assert [seal and seal.client for seal in (ours.next_seal(0), ours.next_seal(1))] == ["ours", None]
    ours.close()
    assert journal.head() == position


REFUSED: dict[str, Callable[[Journal], Any]] = {
    "append": lambda journal: journal.append([_recording(THEIRS, 2)], Provenance("test", "c")),
    "append both": lambda journal: journal.append(
        [_recording(OURS, 2), _recording(THEIRS, 2)], Provenance("test", "c")
    ),
    "receipt": lambda journal: journal.receipt("theirs", "command-1"),
    "stream": lambda journal: journal.stream(THEIRS),
    "a stream that never was": lambda journal: journal.stream("business-day:theirs:pier:2026-11-01"),
    "log": lambda journal: journal.log(after=0, limit=9, client="theirs"),
    "the log of all": lambda journal: journal.log(after=0, limit=9),
    "verify": lambda journal: journal.verify(),
}


@pytest.mark.parametrize("name", REFUSED)
def test_another_clients_is_not_there(journal: MemoryJournal, name: str) -> None:
    """Whether or not it exists, it is not found, and nothing is recorded."""
    head = journal.head()
    with pytest.raises(AnotherClients) as refused:
        REFUSED[name](OneClientsJournal(journal, "ours"))
    assert isinstance(refused.value, NotFound)
    assert journal.head() == head


SOME: dict[str, Any] = {
    "client": "theirs",
    "capture": Capture("tray", 1, {}, ()),
    "digest": Capture("tray", 1, {}, ()).digest,
    "person": "p",
    "persons": ("p",),
    "name": "n",
    "secret": "s",
    "number": "000-00-0000",
    "before": dt.datetime(2100, 1, 1, tzinfo=dt.UTC),
    "after": "",
    "limit": 10,
}


@pytest.mark.parametrize(
    ("port", "make", "name"),
    [
        (port, make, name)
        for port, make in ((Captures, OneClientsCaptures), (Vault, OneClientsVault))
        for name, _ in inspect.getmembers(port, inspect.isfunction)
        if not name.startswith("_")
    ],
)
def test_every_method_of_captures_and_vault_asks_whose(port: Any, make: Any, name: str) -> None:
    """Of the client it answers what the port answers, of another nothing, whatever is kept under the same names."""
    inner: Any = MemoryCaptures() if port is Captures else MemoryVault()
    fields: dict[str, str] = {}
    if port is Captures:
        inner.keep("theirs", SOME["capture"])
    else:
        inner.keep_secret("theirs", "n", "s")
        fields = inner.seal("theirs", "p", {"ssn": "000-00-0000"})
    known = {**SOME, "fields": fields, "people": {"p": fields}}
    given = {part: known[part] for part in inspect.signature(getattr(port, name)).parameters if part != "self"}
    with pytest.raises(AnotherClients):
        getattr(make(inner, "ours"), name)(**given)
    answer = getattr(make(inner, "theirs"), name)(**given)
    # These three answer whether there was something to do: the second time there is not.
    assert answer == getattr(inner, name)(**given) or name in {"forget", "restrict", "destroy_secret"}


def test_versions_and_users_are_the_clients_own(journal: MemoryJournal) -> None:
    """Versions of streams and the users who could answer for a connection: nothing of another client's."""
    ours = OneClientsJournal(journal, "ours")
    assert ours.versions([OURS]) == journal.versions([OURS]) == {OURS: 2}
    with pytest.raises(AnotherClients):
        ours.versions([OURS, THEIRS])
    people = FakePeople()
    people.hire("anna", "manager")
    assert OneClientsPeople(people, "ours").users("ours") == people.users("ours")
    with pytest.raises(AnotherClients):
        OneClientsPeople(people, "ours").users("theirs")
