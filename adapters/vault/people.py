"""Keys of persons: read, made and destroyed, many at once where many are asked for."""

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from sqlalchemy.dialects import postgresql, sqlite

from adapters.vault.client_keys import ClientKeys, KeyRetired
from adapters.vault.sealing import PERSON_KEY_BYTES
from adapters.vault.tables import PERSON_KEYS
from adapters.vault.writing import now, wipe, writing
from adapters.walls import reading
from domain.ports.vault import VaultLocked

_CACHED_PERSONS: Final = 16384
_AT_ONCE: Final = 400
_RACES: Final = 10


@dataclass(frozen=True, slots=True)
class Holder:
    """What the vault has of one person.

    Attributes:
        key: None once it was destroyed.
        restricted: nothing opens any more.
        mark: of the person's social security number, or None.
    """

    key: AESSIV | None
    restricted: bool = False
    mark: bytes | None = None


class People:
    """Keys of persons in one table, each wrapped with a key of the client.

    Args:
        engine: of the migrated database.
        keys: of clients.
        cache_seconds: how long an unwrapped key is remembered.
        monotonic: the clock of that.
    """

    def __init__(
        self, engine: sa.Engine, keys: ClientKeys, cache_seconds: float, monotonic: Callable[[], float]
    ) -> None:
        self._engine: Final = engine
        self._keys: Final = keys
        self._insert: Final[Any] = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
        self.cache: Final = KeyCache(cache_seconds, monotonic)

    def found(self, client: str, persons: Iterable[str]) -> dict[str, Holder]:
        """Of these persons those that there are."""
        held = {person: self.cache.get(client, person) for person in dict.fromkeys(persons)}
        known = {person: holder for person, holder in held.items() if holder is not None}
        asked = [person for person in held if person not in known]
        drops = self.cache.drops
        for chunk in _chunks(asked):
            for person, holder in self._read(client, chunk).items():
                self.cache.put(client, person, holder, drops)
                known[person] = holder
        return known

    def made(self, client: str, marks: Mapping[str, bytes | None]) -> dict[str, Holder]:
        """Keys for persons that have none yet, with the marks of their numbers; all of them then."""
        for chunk in _chunks(marks):
            self._make(client, {person: marks[person] for person in chunk})
        return self.found(client, marks)

    def mark(self, client: str, marks: Mapping[str, bytes | None]) -> None:
        """Let the marks of persons be these; of one who was forgotten none is kept."""
        if not marks:
            return
        columns = PERSON_KEYS.c
        statement = (
            sa.update(PERSON_KEYS)
            .where(columns.client == client, columns.person == sa.bindparam("who"), columns.wrapped_key.is_not(None))
            .values(ssn_mark=sa.bindparam("what"))
        )
        with writing(self._engine) as connection:
            connection.execute(statement, [{"who": person, "what": mark} for person, mark in sorted(marks.items())])
        for person in marks:
            self.cache.drop(client, person)

    def marked(self, client: str, mark: bytes, limit: int) -> list[str]:
        """The persons with a mark, by name; of restricted ones nothing is told."""
        columns = PERSON_KEYS.c
        asked = sa.select(columns.person).where(
            columns.client == client, columns.ssn_mark == mark, columns.restricted_at.is_(None)
        )
        with reading(self._engine, client) as connection:
            return list(connection.scalars(asked.order_by(columns.person).limit(limit)))

    def restrict(self, client: str, person: str) -> bool:
        """Let nothing of a person open any more; whether something did."""
        columns = PERSON_KEYS.c
        where = (columns.client == client, columns.person == person, columns.restricted_at.is_(None))
        with writing(self._engine) as connection:
            changed = connection.execute(sa.update(PERSON_KEYS).where(*where).values(restricted_at=now())).rowcount
        self.cache.drop(client, person)
        return changed == 1

    def forget(self, client: str, person: str) -> bool:
        """Destroy a person's key and mark; whether there was one.

        It counts as destroyed once it is in no file any more: what an interrupted call left lying about goes the next
        time.
        """
        columns = PERSON_KEYS.c
        here = (columns.client == client, columns.person == person)
        gone = sa.update(PERSON_KEYS).where(*here, columns.wrapped_key.is_not(None))
        with writing(self._engine) as connection:
            destroyed = connection.execute(gone.values(wrapped_key=None, ssn_mark=None)).rowcount == 1
            left = (*here, columns.wrapped_key.is_(None), columns.destroyed_at.is_(None))
            lies_about = connection.execute(sa.select(columns.person).where(*left)).first() is not None
        self.cache.drop(client, person)
        if lies_about:
            wipe(self._engine, PERSON_KEYS)
            with writing(self._engine) as connection:
                connection.execute(sa.update(PERSON_KEYS).where(*here).values(destroyed_at=now()))
        return destroyed

    def _read(self, client: str, persons: Sequence[str]) -> dict[str, Holder]:
        columns = PERSON_KEYS.c
        asked = sa.select(PERSON_KEYS).where(columns.client == client, columns.person.in_(persons))
        for tries in range(1, _RACES + 1):
            with reading(self._engine, client) as connection:
                rows = connection.execute(asked).all()
            try:
                return {row.person: self._holder(client, row) for row in rows}
            except KeyRetired:  # keys were rotated after the rows were read
                if tries == _RACES:
                    raise
        raise AssertionError("unreachable: the last failure is raised")

    def _holder(self, client: str, row: sa.Row[Any]) -> Holder:
        if row.wrapped_key is None:
            return Holder(None, restricted=True)
        material = self._keys.wrapping(client, row.key_version).unwrap(row.wrapped_key, client, row.person)
        return Holder(AESSIV(material), row.restricted_at is not None, row.ssn_mark)

    def _make(self, client: str, marks: Mapping[str, bytes | None]) -> None:
        """Insert keys; where another process inserts first, its key is the one."""
        for _ in range(_RACES):
            version, key = self._keys.newest(client)
            rows = [
                {
                    "client": client,
                    "person": person,
                    "wrapped_key": key.wrap(os.urandom(PERSON_KEY_BYTES), client, person),
                    "created_at": now(),
                    "key_version": version,
                    "ssn_mark": mark,
                }
                for person, mark in sorted(marks.items())
            ]
            with writing(self._engine) as connection:
                if self._keys.holds(connection, client, version):
                    connection.execute(self._insert(PERSON_KEYS).on_conflict_do_nothing(), rows)
                    return
        raise VaultLocked("The keys of the vault are rotated again and again: try later.")


class KeyCache:
    """Unwrapped keys: the most recently used ones, each for a few seconds only."""

    def __init__(self, seconds: float, monotonic: Callable[[], float]) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self.drops = 0
        self._keys: OrderedDict[tuple[str, str], tuple[float, Holder]] = OrderedDict()

    def get(self, client: str, person: str) -> Holder | None:
        """What is remembered of a person, or None."""
        with self._lock:
            known = self._keys.get((client, person))
            if known is None or self._monotonic() >= known[0]:
                self._keys.pop((client, person), None)
                return None
            self._keys.move_to_end((client, person))
            return known[1]

    def put(self, client: str, person: str, holder: Holder, drops: int) -> None:
        """Remember what was read when ``drops`` was the count: one that was forgotten meanwhile stays out."""
        with self._lock:
            if drops != self.drops:
                return
            self._keys[client, person] = (self._monotonic() + self._seconds, holder)
            self._keys.move_to_end((client, person))
            while len(self._keys) > _CACHED_PERSONS:
                self._keys.popitem(last=False)

    def drop(self, client: str, person: str) -> None:
        """Forget what is remembered of a person, and whatever is being read at this moment."""
        with self._lock:
            self.drops += 1
            self._keys.pop((client, person), None)


def _chunks(persons: Iterable[str]) -> Iterable[list[str]]:
    rest = iter(persons)
    while chunk := list(islice(rest, _AT_ONCE)):
        yield chunk
