"""Walls between clients: the same ports, for whoever works for one client, and nothing of another's behind them."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from domain.facts import Entry, Provenance
from domain.identifiers import client_of
from domain.permissions import Rights
from domain.ports.captures import Capture, Captures
from domain.ports.journal import Journal, Receipt, Recording, Seal, Verification
from domain.ports.people import People
from domain.ports.vault import Vault
from domain.refusals import NotFound

FOR_CLIENT: Final = "daybook_client"
"""Under this name whoever reads tables says for which client: a database that can shows no rows of others."""


class AnotherClients(NotFound):
    """What was asked for is another client's: for this one it does not exist."""


class _OneClients:
    def __init__(self, client: str) -> None:
        self._client: Final = client

    def _check(self, client: str) -> None:
        """Go on, if it is this client's.

        Raises:
            AnotherClients: it is not.
        """
        if client != self._client:
            raise AnotherClients("There is no such thing here.")


class OneClientsJournal(_OneClients):
    """A journal in which one client's streams are all there are; see :class:`domain.ports.journal.Journal`.

    Every method raises :class:`AnotherClients` where another client's is asked for. Positions and commits are those of
    the whole log.

    Args:
        journal: of all clients.
        client: whose streams are reached.
    """

    def __init__(self, journal: Journal, client: str) -> None:
        super().__init__(client)
        self._journal: Final = journal

    def append(self, recordings: Sequence[Recording], provenance: Provenance) -> Receipt:
        """Record facts of the client's streams."""
        for recording in recordings:
            self._check(client_of(recording.stream))
        return self._journal.append(recordings, provenance)

    def receipt(self, client: str, command: str) -> Receipt | None:
        """The receipt of a command of the client."""
        self._check(client)
        return self._journal.receipt(client, command)

    def stream(self, stream: str, *, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        """The entries of one of the client's streams."""
        self._check(client_of(stream))
        return self._journal.stream(stream, after=after, until=until)

    def versions(self, streams: Iterable[str]) -> dict[str, int]:
        """The versions of some of the client's streams."""
        names = list(streams)
        for stream in names:
            self._check(client_of(stream))
        return self._journal.versions(names)

    def log(self, *, after: int, limit: int, client: str | None = None) -> list[Entry]:
        """Entries of the client's log; that of all clients is nobody's here."""
        self._check("" if client is None else client)
        return self._journal.log(after=after, limit=limit, client=client)

    def head(self) -> int:
        """The position of the last entry of the whole log."""
        return self._journal.head()

    def position_at(self, moment: dt.datetime | int) -> int:
        """The end of the last commit of the whole log that was whole at a moment."""
        return self._journal.position_at(moment)

    def seals(self, *, after: int = 0, limit: int = 1000) -> list[Seal]:
        """Of so many seals of the whole log, those of the client's commits."""
        return [seal for seal in self._journal.seals(after=after, limit=limit) if seal.client == self._client]

    def next_seal(self, position: int) -> Seal | None:
        """The seal of the next commit, if it is the client's."""
        seal = self._journal.next_seal(position)
        return seal if seal and seal.client == self._client else None

    def verify(self) -> Verification:
        """The whole log is verified by who has all of it."""
        raise AnotherClients("The journal of all clients is verified by `daybook check`, not for one of them.")

    def close(self) -> None:
        """The journal is not ours to close."""


class OneClientsCaptures(_OneClients):
    """Captures of one client; see :class:`domain.ports.captures.Captures`."""

    def __init__(self, captures: Captures, client: str) -> None:
        super().__init__(client)
        self._captures: Final = captures

    def keep(self, client: str, capture: Capture) -> str:
        """Keep a capture of the client."""
        self._check(client)
        return self._captures.keep(client, capture)

    def get(self, client: str, digest: str) -> Capture:
        """A capture of the client."""
        self._check(client)
        return self._captures.get(client, digest)


class OneClientsPeople(_OneClients):
    """The users of one client; see :class:`domain.ports.people.People`."""

    def __init__(self, people: People, client: str) -> None:
        super().__init__(client)
        self._people: Final = people

    def users(self, client: str) -> Mapping[str, Rights]:
        """What each user of the client may do."""
        self._check(client)
        return self._people.users(client)


class OneClientsVault(_OneClients):
    """The vault of one client; see :class:`domain.ports.vault.Vault`."""

    def __init__(self, vault: Vault, client: str) -> None:
        super().__init__(client)
        self._vault: Final = vault

    def seal(self, client: str, person: str, fields: Mapping[str, str]) -> dict[str, str]:
        """Seal fields of a person of the client."""
        self._check(client)
        return self._vault.seal(client, person, fields)

    def open(self, client: str, person: str, fields: Mapping[str, str]) -> dict[str, str]:
        """What sealed fields of a person of the client say."""
        self._check(client)
        return self._vault.open(client, person, fields)

    def seal_all(self, client: str, people: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str] | None]:
        """Seal fields of many persons of the client."""
        self._check(client)
        return self._vault.seal_all(client, people)

    def open_all(self, client: str, people: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str] | None]:
        """What sealed fields of many persons of the client say."""
        self._check(client)
        return self._vault.open_all(client, people)

    def with_ssn(self, client: str, number: str) -> list[str]:
        """The persons of the client whose number this is."""
        self._check(client)
        return self._vault.with_ssn(client, number)

    def same_ssn(self, client: str, persons: Collection[str]) -> dict[str, str]:
        """Who of these persons of the client has the same number."""
        self._check(client)
        return self._vault.same_ssn(client, persons)

    def restrict(self, client: str, person: str) -> bool:
        """Let nothing of a person of the client open any more."""
        self._check(client)
        return self._vault.restrict(client, person)

    def forget(self, client: str, person: str) -> bool:
        """Destroy the key of a person of the client."""
        self._check(client)
        return self._vault.forget(client, person)

    def keep_secret(self, client: str, name: str, secret: str) -> str:
        """Keep a secret of the client."""
        self._check(client)
        return self._vault.keep_secret(client, name, secret)

    def fingerprint(self, client: str, secret: str) -> str:
        """The fingerprint of a secret of the client."""
        self._check(client)
        return self._vault.fingerprint(client, secret)

    def secret_names(self, client: str, *, before: dt.datetime, after: str = "", limit: int = 500) -> list[str]:
        """The names of the client's secrets."""
        self._check(client)
        return self._vault.secret_names(client, before=before, after=after, limit=limit)

    def destroy_secret(self, client: str, name: str) -> bool:
        """Destroy a secret of the client."""
        self._check(client)
        return self._vault.destroy_secret(client, name)

    def secret(self, client: str, name: str) -> str:
        """A secret of the client."""
        self._check(client)
        return self._vault.secret(client, name)
