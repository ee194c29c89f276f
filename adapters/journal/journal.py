"""The journal: the domain's port on the recorders of both databases."""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from eventsourcing.persistence import IntegrityError

from adapters.database import database_url
from adapters.journal.committing import Commit, Recorder
from adapters.journal.mapping import StoredFact, leaf_of, read
from adapters.journal.postgres import open_postgres
from adapters.journal.sealing import Verifier
from adapters.journal.settings import JournalSettings, refuse_unsafe
from adapters.journal.sqlite import open_sqlite
from domain.facts import Entry, Provenance
from domain.identifiers import client_of
from domain.ports.journal import Journal, Receipt, Recording, Seal, StreamMoved, Verification

COMMIT_FACTS: Final = 100_000
"""No commit may have more facts."""

TEXT_LENGTH: Final = 300
"""No name of a stream and no id of a command may be longer."""

_SETTLING: Final = dt.timedelta(minutes=1)
"""Commits are bounded to seconds; databases' clocks differ from ours by less than the rest."""

_STREAM_PAGE: Final = 200
_STREAMS_AT_ONCE: Final = 200
_SEALS_PAGE: Final = 500
_VERIFY_PAGE: Final = 500
_EVERYTHING: Final = 2**63 - 1


def open_journal(url: str, settings: JournalSettings | None = None) -> Journal:
    """The journal in a migrated database.

    Safe to share between threads. A PostgreSQL server is connected to with the first call, not here.

    Args:
        url: ``sqlite:////folder/journal.db`` or ``postgresql://…``; see :func:`adapters.database.database_url`.
        settings: bounds; the defaults are meant to fit.

    Raises:
        BadDatabaseUrl: the URL names no database that daybook can use.
        NotMigrated: the SQLite file is not there or has no journal in it.
        UnsafeSetting: the environment switches on what would lose facts.
    """
    refuse_unsafe()
    where, bounds = database_url(url), settings or JournalSettings()
    if where.drivername == "sqlite":
        return RecordedJournal(open_sqlite(Path(str(where.database)), bounds))
    return RecordedJournal(open_postgres(where, bounds))


class RecordedJournal:
    """Keeps facts by a recorder; see :class:`domain.ports.journal.Journal`."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._read = recorder.read

    def append(self, recordings: Sequence[Recording], provenance: Provenance) -> Receipt:
        """Record facts of one command in one commit, or answer the receipt that the command has already.

        Raises:
            StreamMoved: a stream is not at its expected version.
            JournalUnavailable: the database did not answer in time; recording again is safe.
            ValueError: the recordings are of two clients or none, name a stream twice, or are too large.
        """
        commit = _commit(recordings, provenance)
        try:
            return _receipt(self._recorder.record(commit))
        except IntegrityError as error:
            # The ordering lock keeps this from happening; it is for whoever writes to the tables without it.
            known = self.receipt(commit.client, provenance.command)
            if known:
                return known
            raise StreamMoved(
                "Somebody else recorded in a stream meanwhile: decide again on its fresh state."
            ) from error

    def receipt(self, client: str, command: str) -> Receipt | None:
        """The receipt of a command that was recorded, or None."""
        seal = self._read.seal_of(client, command)
        return _receipt(seal) if seal else None

    def stream(self, stream: str, *, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        """The entries of one stream, read in pages: nothing stays open between two entries.

        Raises:
            UnknownFact: a newer release wrote one of them.
            UnreadableFact: the bytes of one are damaged.
        """
        highest = _EVERYTHING if until is None else until
        while True:
            page = self._read.stream_facts(stream, after=after, until=highest, limit=_STREAM_PAGE)
            for stored, recorded_at in page:
                if recorded_at is None:
                    raise LookupError(
                        f"The fact at position {stored.position} belongs to no commit: verify the journal."
                    )
                yield read(stored, recorded_at)
            if len(page) < _STREAM_PAGE:
                return
            after = page[-1][0].version

    def versions(self, streams: Iterable[str]) -> dict[str, int]:
        """The versions that these streams are at, asked for together; one that does not exist is left out."""
        names = sorted(set(streams))
        found: dict[str, int] = {}
        for start in range(0, len(names), _STREAMS_AT_ONCE):
            found |= self._read.versions(names[start : start + _STREAMS_AT_ONCE])
        return found

    def log(self, *, after: int, limit: int, client: str | None = None) -> list[Entry]:
        """Entries of the log past a position: whole commits, or exactly up to ``limit`` of one client.

        Raises:
            UnknownFact: a newer release wrote one of them.
            UnreadableFact: the bytes of one are damaged.
        """
        seals, stop = self._seals_for(after, limit, client)
        if not seals:
            return []
        first = max(after + 1, seals[0].first_position)
        if client is None:
            stored = self._read.facts_between(first, stop)
        else:
            stored = self._read.client_facts_between(client, first, stop)
        return list(_entries(stored, seals))

    def head(self) -> int:
        """The position of the last entry, 0 when there is none."""
        seal = self._read.last_seal()
        return seal.last_position if seal else 0

    def position_at(self, moment: dt.datetime | int) -> int:
        """The end of the last commit that was whole at an instant or a position, 0 when there was none."""
        if isinstance(moment, int):
            seal = self._read.seal_until(moment)
        else:
            # A commit has its time before others can read it; an answer about the last seconds must not change by it.
            if moment > dt.datetime.now(dt.UTC) - _SETTLING:
                self._recorder.settle()
            seal = self._read.seal_at(moment)
        return seal.last_position if seal else 0

    def seals(self, *, after: int = 0, limit: int = 1000) -> list[Seal]:
        """Seals in order, past commit ``after``."""
        return self._read.seals_after(after, limit=limit)

    def next_seal(self, position: int) -> Seal | None:
        """The seal of the first commit that reaches past a position, or None."""
        return next(iter(self._read.seals_past(position, limit=1)), None)

    def verify(self) -> Verification:
        """Recompute every leaf, root and seal from the stored bytes and compare.

        What is recorded while it runs is checked too, or not yet; it never counts as a fault.
        """
        verifier = Verifier()
        commit = 0
        while seals := self._read.seals_after(commit, limit=_SEALS_PAGE):
            stored = self._facts_past(verifier.position, seals[-1].last_position)
            waiting = next(stored, None)
            for seal in seals:
                facts = []
                while waiting is not None and waiting.position <= seal.last_position:
                    facts.append(leaf_of(waiting))
                    waiting = next(stored, None)
                verifier.check(seal, facts)
            commit = seals[-1].commit
        for position in self._read.unsealed_positions(after=verifier.position, limit=_VERIFY_PAGE):
            verifier.unsealed(position)
        return verifier.verification()

    def close(self) -> None:
        """Give back connections."""
        self._recorder.close()

    def _seals_for(self, after: int, limit: int, client: str | None) -> tuple[list[Seal], int]:
        """The commits that a reading of the log takes, and the position that it ends with."""
        seals: list[Seal] = []
        count, reached = 0, after
        while count < limit:
            page = self._read.seals_past(reached, limit=min(limit - count, _SEALS_PAGE), client=client)
            for seal in page:
                seals.append(seal)
                count += seal.last_position - max(after, seal.first_position - 1)
                if count >= limit:
                    # Commits stay whole, but for a client: there the last one is cut so that it fits.
                    return seals, seal.last_position if client is None else seal.last_position - (count - limit)
            if not page:
                break
            reached = page[-1].last_position
        return seals, reached

    def _facts_past(self, position: int, last: int) -> Iterator[StoredFact]:
        for first in range(position + 1, last + 1, _VERIFY_PAGE):
            yield from self._read.facts_between(first, min(first + _VERIFY_PAGE - 1, last))


def _commit(recordings: Sequence[Recording], provenance: Provenance) -> Commit:
    """What is to be recorded, checked.

    Raises:
        ValueError: the recordings are of two clients or none, name a stream twice, or are too large.
    """
    streams = {recording.stream for recording in recordings}
    if len(streams) != len(recordings):
        raise ValueError("A commit names each stream once: give all its facts in one recording.")
    client = _client(streams)
    for text in (provenance.command, *sorted(streams)):
        if not 0 < len(text) <= TEXT_LENGTH or "\0" in text:
            raise ValueError(
                f"{text[:80]!r} is no name for a stream or command: 1 to {TEXT_LENGTH} characters, no NUL."
            )
    if not all(recording.facts for recording in recordings):
        raise ValueError("A recording has at least one fact.")
    commit = Commit(client, recordings, provenance)
    if len(commit) > COMMIT_FACTS:
        raise ValueError(f"A commit has at most {COMMIT_FACTS:,} facts: divide it.")
    return commit


def _client(streams: Iterable[str]) -> str:
    try:
        clients = {client_of(stream) for stream in streams}
    except IndexError as error:
        raise ValueError("The name of a stream is AGGREGATE:CLIENT:…, for example connection:C1:main.") from error
    if len(clients) != 1:
        raise ValueError(f"A commit is of one client, and this one is of {', '.join(sorted(clients)) or 'none'}.")
    return clients.pop()


def _entries(stored: Sequence[StoredFact], seals: Sequence[Seal]) -> Iterator[Entry]:
    """Entries of facts in order of position, with the times of the commits that they are in."""
    ends = [seal.last_position for seal in seals]
    for index, facts in groupby(stored, key=lambda fact: bisect_left(ends, fact.position)):
        for fact in facts:
            yield read(fact, seals[index].recorded_at)


def _receipt(seal: Seal) -> Receipt:
    return Receipt(seal.last_position, seal.recorded_at, seal.commit)
