"""Secrets that no connection uses any more are destroyed: at once, and where a crash left one, later."""

import datetime as dt
from typing import Any

import pytest

from domain.commands.changing import Changed
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.destroying import GRACE, destroy_unused
from domain.commands.disconnect_system import DisconnectSystem, disconnect_system
from domain.commands.draft_connection import DraftConnection, draft_connection
from domain.commands.edit_connection import EditConnection, edit_connection
from domain.commands.establish_connection import EstablishConnection, establish_connection
from domain.commands.intent import Intent
from domain.commands.loading import load_connection
from domain.commands.poll_day import PollDay, poll_day
from domain.commands.rotate_credentials import RotateCredentials, rotate_credentials
from domain.commands.try_connection import TryConnection, try_connection
from domain.connection.living import ChangedMeanwhile
from domain.facts import CredentialsRotated, LocationAdded, Provenance
from domain.identifiers import ConnectionId, DayId
from domain.ports.house import House, connection_of_secret, secret_name
from domain.ports.journal import Recording
from domain.refusals import NotFound
from tests.domain.build import DATE, ticket
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.fakes import MemoryJournal
from tests.support.scripted import Scripted, StoppedClock
from tests.support.scripted_erp import ADDRESS, NORTH, Life, who

BOOKS = ConnectionId("main", "books")


@pytest.fixture
def life() -> Life:
    """A connection that is established with a secret, and a source that takes another as well."""
    made = Life()
    made.erp.shows["other-s3cret"] = (NORTH,)
    draft(made, BOOKS, "s3cret")
    try_connection(TryConnection(BOOKS, who("root")), made.house)
    establish_connection(EstablishConnection(BOOKS, who("root"), companies=("o-1",)), made.house)
    return made


def draft(life: Life, connection: ConnectionId, secret: str) -> Changed:
    """Draft a connection."""
    command = DraftConnection(connection, who("root"), system="erp", name="Books", environment=ADDRESS, secret=secret)
    return draft_connection(command, life.house)


def rotate(life: Life, secret: str, by: Intent | None = None) -> Any:
    """Give it another secret."""
    return rotate_credentials(RotateCredentials(BOOKS, by or who("root"), secret=secret), life.house)


def kept(life: Life) -> list[str]:
    """What the vault keeps."""
    return sorted(life.vault._secrets.values())


def grow_old(life: Life) -> None:
    """All that is kept was kept a while ago."""
    long_ago = life.clock.now() - GRACE - dt.timedelta(seconds=1)
    life.vault._kept_at = dict.fromkeys(life.vault._kept_at, long_ago)


def test_a_rotation_destroys_the_secret_that_it_replaces(life: Life) -> None:
    """The fact keeps fingerprint and version; the vault keeps what is in use."""
    rotate(life, "other-s3cret")
    assert kept(life) == ["other-s3cret"]
    assert load_connection(life.journal, BOOKS).life.credential_version == 2


def test_a_rotation_that_the_source_refuses_destroys_nothing(life: Life) -> None:
    """What is in use stays in use."""
    assert rotate(life, "wrong").refused is not None
    assert kept(life) == ["s3cret"]


def test_an_edit_without_a_secret_destroys_nothing(life: Life) -> None:
    """Another name is no other secret."""
    edit_connection(EditConnection(BOOKS, who("root"), name="Ledger"), life.house)
    assert kept(life) == ["s3cret"]


def test_a_draft_that_is_given_another_secret(life: Life) -> None:
    """The first one is gone, though it was never in use."""
    other = ConnectionId("main", "next")
    draft(life, other, "first-s3cret")
    edit_connection(EditConnection(other, who("root"), secret="second-s3cret"), life.house)
    assert kept(life) == ["s3cret", "second-s3cret"]


def test_what_is_over_needs_no_secret(life: Life) -> None:
    """Disconnecting destroys it."""
    disconnect_system(DisconnectSystem(BOOKS, who("root")), life.house)
    assert kept(life) == []


class Away(Exception):
    """The process ends here."""


def test_a_crash_between_the_fact_and_the_destruction(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old secret is left over; the command given again destroys it, and so does the sweep."""

    def crash(*_: str) -> bool:
        raise Away

    by = who("root", command="c-1")
    with monkeypatch.context() as patch:
        patch.setattr(life.vault, "destroy_secret", crash)
        with pytest.raises(Away):
            rotate(life, "other-s3cret", by)
    assert kept(life) == ["other-s3cret", "s3cret"]
    assert rotate(life, "other-s3cret", by).change.again
    assert kept(life) == ["other-s3cret"]


def test_the_sweep(life: Life) -> None:
    """It destroys what is out of use and what no fact ever named, and neither what is in use nor what is young."""
    vault, stream = life.vault, load_connection(life.journal, BOOKS)
    vault.keep_secret("main", secret_name("books", "crashed"), "left over")
    vault.keep_secret("main", secret_name("never", "crashed"), "of no connection")
    vault.keep_secret("main", "something/else", "of somebody else")
    vault.keep_secret("main", "connection/", "of no name")
    vault.keep_secret("other", secret_name("books", "theirs"), "of another client")
    grow_old(life)
    vault.keep_secret("main", secret_name("books", "young"), "being tried")
    assert destroy_unused("main", life.house) == 2
    assert kept(life) == ["being tried", "of another client", "of no name", "of somebody else", "s3cret"]
    assert destroy_unused("main", life.house) == 0
    assert load_connection(life.journal, BOOKS) == stream
    disconnect_system(DisconnectSystem(BOOKS, who("root")), life.house)
    vault.keep_secret("main", stream.secret, "s3cret")
    grow_old(life)
    assert destroy_unused("main", life.house) == 2
    assert destroy_unused("other", life.house) == 1


def test_names_say_whose_they_are() -> None:
    """And other names say nothing."""
    assert connection_of_secret(secret_name("books", "c-1")) == "books"
    assert [connection_of_secret(name) for name in ("", "books", "connection/books", "erp/books/c")] == [""] * 4


def test_who_still_knows_the_secret_that_was_replaced(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that began before it, and comes to the vault after it, is told that the connection changed meanwhile."""
    known = load_connection(life.journal, BOOKS)
    rotate(life, "other-s3cret")
    monkeypatch.setattr("domain.commands.try_connection.load_connection", lambda *_: known)
    with pytest.raises(ChangedMeanwhile):
        try_connection(TryConnection(BOOKS, who("root")), life.house)


class Rotating(MemoryVault):
    """A vault whose secret another takes the place of while somebody comes for it."""

    def __init__(self, journal: MemoryJournal, place: ConnectionId) -> None:
        super().__init__()
        self._journal, self._place = journal, place
        self.asked: list[str] = []

    def secret(self, client: str, name: str) -> str:
        """A secret that was kept; the first time it is being replaced."""
        self.asked.append(name)
        if len(self.asked) == 1:
            self.keep_secret(client, "connection/pos/next", "k2")
            self.destroy_secret(client, name)
            version = load_connection(self._journal, self._place).version
            fact = CredentialsRotated("0" * 12, 2, "connection/pos/next")
            self._journal.append([Recording(self._place.stream, version, (fact,))], Provenance("root", "rotate"))
        return super().secret(client, name)


@pytest.mark.parametrize("lost", [False, True])
def test_a_poll_that_comes_for_a_secret_that_was_just_replaced(lost: bool) -> None:
    """It looks at the connection again and polls with the new one; a secret that is lost is told."""
    journal, place, source = MemoryJournal(), ConnectionId("main", "pos"), Scripted()
    vault = MemoryVault() if lost else Rotating(journal, place)
    house = House(journal, MemoryCaptures(), vault, StoppedClock(), {"scripted": source})
    location = LocationAdded("pier", "Pier", "America/New_York", {"venue": "V1"})
    connect_system(
        ConnectSystem(place, "scripted", "POS", "https://pos.example.com", "k", (location,), who("root")), house
    )
    source.says(DATE, ticket("t1"))
    command = PollDay(DayId("main", "pier", DATE), place, who("root"))
    if lost:
        vault._secrets.clear()
        with pytest.raises(NotFound, match="No secret"):
            poll_day(command, house)
        return
    assert poll_day(command, house).outcome == "polled"
    assert isinstance(vault, Rotating)
    assert vault.asked[1:] == ["connection/pos/next"]


def test_a_secret_that_the_vault_lost_is_told(life: Life) -> None:
    """Nothing changed meanwhile: somebody has to give it again."""
    life.vault._secrets.clear()
    with pytest.raises(NotFound, match="No secret"):
        try_connection(TryConnection(BOOKS, who("root")), life.house)
