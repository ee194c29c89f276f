"""The vault on SQLite and PostgreSQL."""

import datetime as dt
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from sqlalchemy.dialects import postgresql, sqlite

from adapters.vault.key_file import MasterKey, make_key_file, read_key_file
from adapters.vault.sealing import PERSON_KEY_BYTES, seal, unseal
from adapters.vault.tables import PERSON_KEYS, SECRETS
from adapters.walls import reading
from domain.ports.vault import PersonForgotten, VaultLocked
from domain.refusals import Conflict, NotFound

_CACHED_PERSONS: Final = 4096
_CACHED_SECONDS: Final = 2.0
_RACES: Final = 10

# A row of our own among the secrets proves that the key file belongs to the database before anything hangs on it.
_PROOF_CLIENT, _PROOF_NAME, _PROOF = "", "key-file", "daybook"


class SqlVault:
    """Keys of persons and secrets of connections in two tables.

    A person's unwrapped key is remembered for ``cache_seconds`` (2 by default). That is how long *another* process can
    still seal and open for a person whom this one has forgotten; in the forgetting process it ends at once.

    Forgetting overwrites the key in the database file (SQLite: ``secure_delete`` and a truncated write-ahead log;
    PostgreSQL: the old row version goes with the next vacuum). Backups that hold wrapped keys are the operator's to
    expire.
    """

    def __init__(
        self,
        engine: sa.Engine,
        key_file: Path,
        *,
        cache_seconds: float = _CACHED_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open the vault; the tables must exist. Makes the key file if nothing is stored that would need an older one.

        Raises:
            VaultLocked: the key file is missing, does not fit what is stored, or can be read by others.
        """
        self._engine = engine
        self._insert: Any = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
        self._cache = _KeyCache(cache_seconds, monotonic)
        self._master = self._unlocked(key_file)

    def __repr__(self) -> str:
        return f"SqlVault({self._engine.dialect.name})"

    @property
    def signing(self) -> bytes:
        """A key of 32 bytes for what daybook gives to readers and wants back as it was: cursors."""
        return self._master.signing

    def seal(self, client: str, person: str, fields: Mapping[str, str]) -> dict[str, str]:
        """Seal a person's fields; see the port."""
        key = self._key(client, person, make=True)
        return seal(key, client, person, fields)

    def open(self, client: str, person: str, fields: Mapping[str, str]) -> dict[str, str]:
        """What sealed fields say; see the port."""
        if not any(fields.values()):
            return dict.fromkeys(fields, "")
        key = self._key(client, person, make=False)
        return unseal(key, client, person, fields)

    def forget(self, client: str, person: str) -> bool:
        """Destroy a person's key; whether there was one."""
        statement = (
            sa.update(PERSON_KEYS)
            .where(
                PERSON_KEYS.c.client == client, PERSON_KEYS.c.person == person, PERSON_KEYS.c.wrapped_key.is_not(None)
            )
            .values(wrapped_key=None, destroyed_at=_now())
        )
        on_sqlite = self._engine.dialect.name == "sqlite"
        with self._engine.begin() as connection:
            if on_sqlite:
                connection.exec_driver_sql("PRAGMA secure_delete = ON")
            destroyed = connection.execute(statement).rowcount == 1
        self._cache.drop(client, person)
        if destroyed and on_sqlite:
            with self._engine.connect() as connection:
                # Best effort: a reader that is busy in an old snapshot keeps the log, and the next checkpoint cuts it.
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return destroyed

    def keep_secret(self, client: str, name: str, secret: str) -> str:
        """Keep a secret in place of the one before; answers its fingerprint. The same secret again changes nothing."""
        fingerprint = self._master.fingerprint(client, secret)
        for _ in range(_RACES):
            version, stored = self._latest(client, name)
            if stored is not None and self._master.decrypt(stored, client, name) == secret:
                return fingerprint
            if self._replace(client, name, version + 1, self._master.encrypt(secret, client, name), fingerprint):
                return fingerprint
        raise Conflict(f"The secret {name!r} is being replaced by several others at once: try again.")

    def secret(self, client: str, name: str) -> str:
        """A secret that was kept; see the port."""
        _, stored = self._latest(client, name)
        if stored is None:
            raise NotFound(f"No secret is kept under the name {name!r}.")
        return self._master.decrypt(stored, client, name)

    def _key(self, client: str, person: str, *, make: bool) -> AESSIV:
        cached = self._cache.get(client, person)
        if cached is not None:
            return cached
        drops = self._cache.drops
        wrapped = self._stored_key(client, person)
        if wrapped is None:
            if not make:
                raise VaultLocked("The sealed value does not open: no key was ever made for this person.")
            wrapped = self._new_key(client, person)
        key = AESSIV(self._master.unwrap(wrapped, client, person))
        self._cache.put(client, person, key, drops)
        return key

    def _stored_key(self, client: str, person: str) -> bytes | None:
        with reading(self._engine, client) as connection:
            return _wrapped_key(connection, client, person)

    def _new_key(self, client: str, person: str) -> bytes:
        """Insert a key, or read the one that another process inserted first; both then use the same."""
        wrapped = self._master.wrap(os.urandom(PERSON_KEY_BYTES), client, person)
        row = {"client": client, "person": person, "wrapped_key": wrapped, "created_at": _now()}
        with self._engine.begin() as connection:
            connection.execute(self._insert(PERSON_KEYS).values(row).on_conflict_do_nothing())
        with reading(self._engine, client) as connection:  # a fresh snapshot, which holds the row of whoever won
            stored = _wrapped_key(connection, client, person)
        if stored is None:
            raise VaultLocked("A person's key vanished while it was made: somebody is deleting rows of the vault.")
        return stored

    def _latest(self, client: str, name: str) -> tuple[int, bytes | None]:
        query = (
            sa.select(SECRETS.c.version, SECRETS.c.ciphertext)
            .where(SECRETS.c.client == client, SECRETS.c.name == name)
            .order_by(SECRETS.c.version.desc())
            .limit(1)
        )
        # The proof is of no client.
        with reading(self._engine, client) if client else self._engine.connect() as connection:
            row = connection.execute(query).first()
        return (0, None) if row is None else (row.version, row.ciphertext)

    def _replace(self, client: str, name: str, version: int, ciphertext: bytes, fingerprint: str) -> bool:
        """Whether this process was the one to write the version; the ciphertext of earlier ones is wiped with it."""
        row = {
            "client": client,
            "name": name,
            "version": version,
            "ciphertext": ciphertext,
            "fingerprint": fingerprint,
            "created_at": _now(),
        }
        with self._engine.begin() as connection:
            insert = self._insert(SECRETS).values(row).on_conflict_do_nothing().returning(SECRETS.c.version)
            inserted = connection.execute(insert).first() is not None
            if inserted:
                earlier = (SECRETS.c.client == client) & (SECRETS.c.name == name) & (SECRETS.c.version < version)
                connection.execute(sa.update(SECRETS).where(earlier).values(ciphertext=None))
        return inserted

    def _unlocked(self, key_file: Path) -> MasterKey:
        material = read_key_file(key_file)
        if material is None:
            if self._holds_keys():
                raise VaultLocked(
                    f"The key file {key_file} is missing, and what the vault stores cannot be read without it: "
                    "put back the key file that belongs to this database."
                )
            master = MasterKey(make_key_file(key_file))
            self._drop_proof_unless(master)
        else:
            master = MasterKey(material)
        _, proof = self._latest(_PROOF_CLIENT, _PROOF_NAME)
        if proof is None:
            sealed = master.encrypt(_PROOF, _PROOF_CLIENT, _PROOF_NAME)
            self._replace(_PROOF_CLIENT, _PROOF_NAME, 1, sealed, master.fingerprint(_PROOF_CLIENT, _PROOF))
            _, proof = self._latest(_PROOF_CLIENT, _PROOF_NAME)
        master.decrypt(proof or b"", _PROOF_CLIENT, _PROOF_NAME)
        return master

    def _drop_proof_unless(self, master: MasterKey) -> None:
        """Drop the proof of a key file that is gone and that nothing hung on; one that fits is another process's."""
        _, proof = self._latest(_PROOF_CLIENT, _PROOF_NAME)
        if proof is None:
            return
        try:
            master.decrypt(proof, _PROOF_CLIENT, _PROOF_NAME)
        except VaultLocked:
            stale = (SECRETS.c.client == _PROOF_CLIENT) & (SECRETS.c.ciphertext == proof)
            with self._engine.begin() as connection:
                connection.execute(sa.delete(SECRETS).where(stale))

    def _holds_keys(self) -> bool:
        keys = sa.select(sa.literal(1)).where(PERSON_KEYS.c.wrapped_key.is_not(None)).limit(1)
        secrets = sa.select(sa.literal(1)).where(SECRETS.c.client != _PROOF_CLIENT).limit(1)
        with self._engine.connect() as connection:
            return any(connection.execute(query).first() is not None for query in (keys, secrets))


class _KeyCache:
    """Unwrapped keys: the most recently used ones, each for a few seconds only."""

    def __init__(self, seconds: float, monotonic: Callable[[], float]) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self.drops = 0
        self._keys: OrderedDict[tuple[str, str], tuple[float, AESSIV]] = OrderedDict()

    def get(self, client: str, person: str) -> AESSIV | None:
        with self._lock:
            expires_at, key = self._keys.get((client, person), (0.0, None))
            if key is None or self._monotonic() >= expires_at:
                self._keys.pop((client, person), None)
                return None
            self._keys.move_to_end((client, person))
            return key

    def put(self, client: str, person: str, key: AESSIV, drops: int) -> None:
        """Remember a key that was read when ``drops`` was the count: one that was forgotten meanwhile stays out."""
        with self._lock:
            if drops != self.drops:
                return
            self._keys[client, person] = (self._monotonic() + self._seconds, key)
            self._keys.move_to_end((client, person))
            while len(self._keys) > _CACHED_PERSONS:
                self._keys.popitem(last=False)

    def drop(self, client: str, person: str) -> None:
        with self._lock:
            self.drops += 1
            self._keys.pop((client, person), None)


def _wrapped_key(connection: sa.Connection, client: str, person: str) -> bytes | None:
    """The wrapped key, or None where there never was one.

    Raises:
        PersonForgotten: it was destroyed.
    """
    query = sa.select(PERSON_KEYS.c.wrapped_key).where(PERSON_KEYS.c.client == client, PERSON_KEYS.c.person == person)
    row = connection.execute(query).first()
    if row is None:
        return None
    if row.wrapped_key is None:
        raise PersonForgotten("The person's key was destroyed: their data can neither be read nor kept again.")
    wrapped: bytes = row.wrapped_key
    return wrapped


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
