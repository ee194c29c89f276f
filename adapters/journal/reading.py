"""Reading: the queries on facts and seals, written once for both databases."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from adapters.journal.mapping import StoredFact
from domain.ports.journal import Seal

_SEAL = '"commit", first_position, last_position, leaves, root, seal, recorded_at, client, command'

ADD_SEAL = f"INSERT INTO seals ({_SEAL}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - names of columns
"""Parameters as :meth:`Queries.seal_row` gives them."""


class Fetch(Protocol):
    """Runs a query whose parameters are written ``?``; answers its rows, each a sequence."""

    def __call__(self, query: str, parameters: Sequence[Any] = (), /) -> list[Any]:
        """The rows."""
        ...


@dataclass(frozen=True, slots=True)
class Dialect:
    """In what the two databases differ for a reader.

    Attributes:
        position: the library's column for the position in the log.
        client_facts: a client's facts (columns ``{fact}``); parameters are client, lowest and highest position, once
            for the seals and once for the facts.
        to_database: a time as the database compares it.
        to_moment: a stored time, UTC.
    """

    position: str
    client_facts: str
    to_database: Callable[[dt.datetime], Any]
    to_moment: Callable[[Any], dt.datetime]


class Queries:
    """What can be asked of facts and seals. Every method is one short read; nothing stays open between two of them."""

    def __init__(self, dialect: Dialect, fetch: Fetch) -> None:
        self._dialect = dialect
        self._fetch = fetch
        self._fact = f"{dialect.position}, originator_id, originator_version, topic, state"

    def facts_between(self, first: int, last: int) -> list[StoredFact]:
        """Facts by position, both ends included."""
        position = self._dialect.position
        condition = f"WHERE {position} BETWEEN ? AND ? ORDER BY {position}"
        return self._facts(f"SELECT {self._fact} FROM facts {condition}", first, last)  # noqa: S608 - names of columns

    def client_facts_between(self, client: str, first: int, last: int) -> list[StoredFact]:
        """One client's facts by position, both ends included."""
        query = self._dialect.client_facts.format(fact=self._fact)
        return self._facts(query, client, first, last, first, last)

    def stream_facts(
        self, stream: str, *, after: int, until: int, limit: int
    ) -> list[tuple[StoredFact, dt.datetime | None]]:
        """Facts of a stream past a version, up to a position, with the times of their commits.

        Asked for together: the facts of a long stream are of as many commits, and one question each would cost more
        than the facts do. None where no seal covers a fact.
        """
        position = self._dialect.position
        sealed_at = f"SELECT recorded_at FROM seals WHERE last_position >= {position} ORDER BY last_position LIMIT 1"  # noqa: S608 - names of columns
        condition = f"WHERE originator_id = ? AND originator_version > ? AND {position} <= ?"
        query = f"SELECT {self._fact}, ({sealed_at}) FROM facts {condition} ORDER BY originator_version LIMIT ?"  # noqa: S608 - names of columns
        to_moment = self._dialect.to_moment
        rows = self._fetch(query, (stream, after, until, limit))
        return [(StoredFact(*row[:5]), None if row[5] is None else to_moment(row[5])) for row in rows]

    def unsealed_positions(self, *, after: int, limit: int) -> list[int]:
        """Positions past one, of facts that no seal covers."""
        position = self._dialect.position
        covered = f"SELECT 1 FROM seals WHERE last_position >= {position} AND first_position <= {position}"  # noqa: S608 - names of columns
        query = f"SELECT {position} FROM facts WHERE {position} > ? AND NOT EXISTS ({covered}) ORDER BY 1 LIMIT ?"  # noqa: S608 - names of columns
        return [row[0] for row in self._fetch(query, (after, limit))]

    def version(self, stream: str) -> int:
        """The version that a stream is at, 0 where it does not exist."""
        rows = self._fetch("SELECT max(originator_version) FROM facts WHERE originator_id = ?", (stream,))
        return rows[0][0] or 0

    def versions(self, streams: Sequence[str]) -> dict[str, int]:
        """The versions that streams are at; those that do not exist are left out."""
        marks = ", ".join("?" * len(streams))
        condition = f"WHERE originator_id IN ({marks}) GROUP BY originator_id"
        query = f"SELECT originator_id, max(originator_version) FROM facts {condition}"  # noqa: S608 - marks only
        return {row[0]: row[1] for row in self._fetch(query, streams)}

    def last_seal(self) -> Seal | None:
        """The seal of the last commit."""
        return self._seal('ORDER BY "commit" DESC LIMIT 1')

    def seal_of(self, client: str, command: str) -> Seal | None:
        """The seal of a command."""
        return self._seal("WHERE client = ? AND command = ?", client, command)

    def seal_at(self, moment: dt.datetime) -> Seal | None:
        """The last seal at or before a time."""
        latest = self._dialect.to_database(moment)
        return self._seal('WHERE recorded_at <= ? ORDER BY recorded_at DESC, "commit" DESC LIMIT 1', latest)

    def seal_until(self, position: int) -> Seal | None:
        """The last seal whose commit ends at or before a position."""
        return self._seal("WHERE last_position <= ? ORDER BY last_position DESC LIMIT 1", position)

    def seals_after(self, commit: int, *, limit: int) -> list[Seal]:
        """Seals past a commit."""
        return self._seals('WHERE "commit" > ? ORDER BY "commit" LIMIT ?', commit, limit)

    def seals_past(self, position: int, *, limit: int, client: str | None = None) -> list[Seal]:
        """Seals of the commits that reach past a position, of all clients or of one."""
        if client is None:
            return self._seals("WHERE last_position > ? ORDER BY last_position LIMIT ?", position, limit)
        condition = "WHERE client = ? AND last_position > ? ORDER BY last_position LIMIT ?"
        return self._seals(condition, client, position, limit)

    def seal_row(self, seal: Seal) -> tuple[Any, ...]:
        """The parameters of :data:`ADD_SEAL`."""
        numbers = (seal.commit, seal.first_position, seal.last_position, seal.leaves)
        return (*numbers, seal.root, seal.seal, self._dialect.to_database(seal.recorded_at), seal.client, seal.command)

    def _facts(self, query: str, *parameters: Any) -> list[StoredFact]:
        return [StoredFact(*row) for row in self._fetch(query, parameters)]

    def _seal(self, condition: str, *parameters: Any) -> Seal | None:
        found = self._seals(condition, *parameters)
        return found[0] if found else None

    def _seals(self, condition: str, *parameters: Any) -> list[Seal]:
        rows = self._fetch(f"SELECT {_SEAL} FROM seals {condition}", parameters)  # noqa: S608 - our own conditions
        to_moment = self._dialect.to_moment
        return [
            Seal(commit, first, last, leaves, root, seal, to_moment(at), client, command)
            for commit, first, last, leaves, root, seal, at, client, command in rows
        ]
