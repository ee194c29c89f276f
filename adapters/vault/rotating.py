"""Rotating keys: a new root key and new keys of clients; what they wrap is wrapped anew, and no fact is touched."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from secrets import token_bytes
from typing import Any, Final

import sqlalchemy as sa

from adapters.vault.client_keys import EVERYBODY, WRAPPING, ClientKeys, place_is, root_in_use, row_of
from adapters.vault.key_file import KEY_FILE_BYTES, MasterKey
from adapters.vault.roots import RootKey
from adapters.vault.tables import CLIENT_KEYS, LEGACY, PERSON_KEYS, SECRETS, is_kept
from adapters.vault.writing import wipe, writing
from domain.ports.vault import VaultLocked

Progress = Callable[[int, int], None]
"""Told how many keys and secrets were wrapped, and how many there were to wrap."""

_MARK: Final = (EVERYBODY, "rotation", 1)
"""The row that is there while keys are rotated, so that an interrupted rotation is finished before another begins."""

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Rotated:
    """What was rotated.

    Attributes:
        clients: whose keys are new.
        keys: of persons that were wrapped anew.
        secrets: of connections that were encrypted anew.
        resumed: an earlier rotation was interrupted; this one finished it, and began none of its own.
    """

    clients: int
    keys: int
    secrets: int
    resumed: bool


def rotate(engine: sa.Engine, keys: ClientKeys, progress: Progress | None = None) -> Rotated:
    """Rotate; see the vault.

    First all keys of clients are wrapped with the next root key, in one transaction that also gives each client a new
    key: from then on the older root key opens nothing. Then that takes its place. At last what older keys of clients
    wrap is wrapped anew, a few hundred rows at a time, and these keys are deleted.
    """
    roots = keys.roots
    resumed = _is_marked(engine)
    if not resumed:
        _take_into_use(engine, keys, roots.next())
    if roots.is_rotating():
        roots.advance()
    rewrapping = _Rewrapping(engine, keys, progress)
    rewrapping.run()
    wipe(engine, CLIENT_KEYS, PERSON_KEYS, SECRETS)
    with writing(engine) as connection:  # not before: whoever is interrupted begins at the mark again, and wipes
        connection.execute(sa.delete(CLIENT_KEYS).where(place_is(_MARK)))
    return Rotated(len(rewrapping.newest), rewrapping.done[PERSON_KEYS.name], rewrapping.done[SECRETS.name], resumed)


def _is_marked(engine: sa.Engine) -> bool:
    with engine.connect() as connection:
        return connection.execute(sa.select(CLIENT_KEYS.c.root).where(place_is(_MARK))).first() is not None


def _take_into_use(engine: sa.Engine, keys: ClientKeys, root: RootKey) -> None:
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            # Whoever makes a key or wraps with one has looked at a row here first, or waits now until he can.
            connection.exec_driver_sql("LOCK TABLE client_keys IN EXCLUSIVE MODE")
        if root_in_use(connection) == root.id:
            raise VaultLocked("The root key to rotate to is in use already: take another one.")
        rows = connection.execute(sa.select(CLIENT_KEYS)).all()
        for row in rows:
            place = (row.client, row.purpose, row.version)
            wrapped = root.wrap(keys.unwrapped(row), *place)
            again = sa.update(CLIENT_KEYS).where(place_is(place)).values(wrapped_key=wrapped, root=root.id)
            connection.execute(again)
        newest = dict.fromkeys(_clients_of_legacy(connection), 0)
        for row in rows:
            if row.purpose == WRAPPING and row.client != EVERYBODY:
                newest[row.client] = max(newest.get(row.client, 0), row.version)
        made = [
            row_of((client, WRAPPING, version + 1), token_bytes(KEY_FILE_BYTES), root)
            for client, version in sorted(newest.items())
        ]
        connection.execute(sa.insert(CLIENT_KEYS), [*made, row_of(_MARK, b"", root)])


def _clients_of_legacy(connection: sa.Connection) -> set[str]:
    found: set[str] = set()
    for table in (PERSON_KEYS, SECRETS):
        found.update(connection.scalars(sa.select(table.c.client).where(table.c.key_version == LEGACY).distinct()))
    return found


class _Rewrapping:
    """Wraps anew whatever is not wrapped with the newest key of its client, and deletes the keys before it."""

    def __init__(self, engine: sa.Engine, keys: ClientKeys, progress: Progress | None) -> None:
        self._engine: Final = engine
        self._keys: Final = keys
        self._progress: Final = progress
        self.done: Final = {PERSON_KEYS.name: 0, SECRETS.name: 0}
        versions = self._versions()
        self.newest: Final = {client: max(found) for client, found in versions.items() if client != EVERYBODY}
        self._older: Final = [
            (client, version)
            for client, found in sorted(versions.items())
            for version in found
            if version != self.newest.get(client)
        ]
        self._goal: Final = self._count() if progress else 0

    def run(self) -> None:
        """Until nothing hangs on an older key, whatever others wrap with it meanwhile."""
        for client in self.newest:
            self._keys.look_again(client)
        for owner, version in self._older:
            clients = list(self.newest) if owner == EVERYBODY else [owner]
            while True:
                for client in clients:
                    self._rewrap(client, version)
                if self._retired(owner, version):
                    break

    def _rewrap(self, client: str, version: int) -> None:
        before, (newest, after) = self._keys.wrapping(client, version), self._keys.newest(client)
        persons = self._batches(PERSON_KEYS, client, version, "wrapped_key")
        for rows in persons:
            again = [
                {
                    "who": row.person,
                    "what": after.wrap(before.unwrap(row.wrapped_key, client, row.person), client, row.person),
                }
                for row in rows
            ]
            self._store(PERSON_KEYS, PERSON_KEYS.c.person == sa.bindparam("who"), client, version, newest, again)
        for rows in self._batches(SECRETS, client, version, "ciphertext"):
            again = [
                {"who": row.name, "turn": row.version, "what": _encrypted_anew(before, after, client, row)}
                for row in rows
            ]
            same = (SECRETS.c.name == sa.bindparam("who")) & (SECRETS.c.version == sa.bindparam("turn"))
            self._store(SECRETS, same, client, version, newest, again)

    def _batches(self, table: sa.Table, client: str, version: int, what: str) -> Iterator[list[sa.Row[Any]]]:
        columns = table.c
        asked = sa.select(table).where(columns.client == client, columns.key_version == version, is_kept(columns[what]))
        while True:
            with self._engine.connect() as connection:
                rows = list(connection.execute(asked.limit(_AT_ONCE)))
            if not rows:
                return
            yield rows

    def _store(
        self,
        table: sa.Table,
        same: sa.ColumnElement[bool],
        client: str,
        version: int,
        newest: int,
        again: list[dict[str, Any]],
    ) -> None:
        """Only rows that are as they were read: who was forgotten meanwhile stays so."""
        columns = table.c
        what = columns.wrapped_key if table is PERSON_KEYS else columns.ciphertext
        statement = (
            sa.update(table)
            .where(columns.client == client, same, columns.key_version == version, is_kept(what))
            .values({what.name: sa.bindparam("what"), "key_version": newest})
        )
        with writing(self._engine) as connection:
            connection.execute(statement, again)
        self.done[table.name] += len(again)
        if self._progress:
            self._progress(sum(self.done.values()), self._goal)

    def _retired(self, owner: str, version: int) -> bool:
        """Delete a key, unless something still hangs on it."""
        place = (owner, WRAPPING, version)
        with writing(self._engine) as connection:
            # Whoever wraps with it holds the row until that is stored; nobody begins to any more.
            connection.execute(sa.select(CLIENT_KEYS.c.version).where(place_is(place)).with_for_update()).first()
            if any(connection.scalar(_left(table, owner, version)) for table in (PERSON_KEYS, SECRETS)):
                return False
            connection.execute(sa.delete(CLIENT_KEYS).where(place_is(place)))
        return True

    def _count(self) -> int:
        with self._engine.connect() as connection:
            return sum(
                connection.scalar(_left(table, owner, version)) or 0
                for owner, version in self._older
                for table in (PERSON_KEYS, SECRETS)
            )

    def _versions(self) -> dict[str, list[int]]:
        columns = CLIENT_KEYS.c
        asked = sa.select(columns.client, columns.version).where(columns.purpose == WRAPPING)
        found: dict[str, list[int]] = {}
        with self._engine.connect() as connection:
            for row in connection.execute(asked.order_by(columns.version)):
                found.setdefault(row.client, []).append(row.version)
        return found


def _left(table: sa.Table, owner: str, version: int) -> sa.Select[tuple[int]]:
    """How many rows hang on a key; on that of earlier releases those of all clients."""
    columns = table.c
    what = columns.wrapped_key if table is PERSON_KEYS else columns.ciphertext
    asked = sa.select(sa.func.count()).where(columns.key_version == version, is_kept(what))
    return asked if owner == EVERYBODY else asked.where(columns.client == owner)


def _encrypted_anew(before: MasterKey, after: MasterKey, client: str, row: sa.Row[Any]) -> bytes:
    return after.encrypt(before.decrypt(row.ciphertext, client, row.name), client, row.name)
