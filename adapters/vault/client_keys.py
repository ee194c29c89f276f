"""Keys of clients: between the root key and the keys of persons, so that changing a root key wraps only these anew."""

import secrets
import threading
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from adapters.vault.key_file import FINGERPRINTS, KEY_FILE_BYTES, MasterKey, derived
from adapters.vault.roots import RootKey, Roots
from adapters.vault.tables import CLIENT_KEYS, LEGACY, PERSON_KEYS, SECRETS
from adapters.vault.writing import now, writing
from domain.ports.vault import VaultLocked

WRAPPING: Final = "wrapping"
"""Wraps the keys of a client's persons, and encrypts its secrets."""

MARKING: Final = "marking"
"""Marks values of a client's persons, so that equal ones are found."""

FINGERPRINTING: Final = "fingerprints"
"""Takes fingerprints of secrets. One for the whole installation, and for ever, because facts hold what it took."""

EVERYBODY: Final = ""
"""The client of keys that are the whole installation's."""

_RACES: Final = 20

Place = tuple[str, str, int]
"""Client, purpose and version of a key."""


class ClientKeys:
    """The keys of clients, unwrapped and remembered: they never change, a new one has another version.

    Args:
        engine: of the migrated database.
        roots: where root keys come from.

    Raises:
        VaultLocked: there is no root key that fits what is stored.
    """

    def __init__(self, engine: sa.Engine, roots: Roots) -> None:
        self._engine: Final = engine
        self._roots: Final = roots
        self._insert: Final[Any] = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
        self._lock: Final = threading.Lock()
        self._known: dict[Place, bytes] = {}
        self._wrapping: dict[Place, MasterKey] = {}
        self._newest: dict[str, int] = {}
        self._root = self._unlocked()
        self.fingerprints: Final = self._key(EVERYBODY, FINGERPRINTING, 1)

    def __repr__(self) -> str:
        return "ClientKeys(…)"

    @property
    def roots(self) -> Roots:
        """Where root keys come from."""
        return self._roots

    def newest(self, client: str) -> tuple[int, MasterKey]:
        """The key that new things are wrapped with, and its version; made where the client has none."""
        version = self._newest.get(client, 0)
        if not version:
            version = self._newest_stored(client) or self._made(client, WRAPPING)
            self._newest[client] = version
        return version, self.wrapping(client, version)

    def wrapping(self, client: str, version: int) -> MasterKey:
        """The key of a version.

        Raises:
            KeyRetired: there is none any more: what it wrapped is wrapped with a later one.
        """
        place = (EVERYBODY if version == LEGACY else client, WRAPPING, version)
        known = self._wrapping.get(place)
        if known is None:
            known = self._wrapping[place] = MasterKey(self._key(*place))
        return known

    def marking(self, client: str) -> bytes:
        """The key that marks a client's values; made where it has none."""
        try:
            return self._key(client, MARKING, 1)
        except KeyRetired:
            return self._key(client, MARKING, self._made(client, MARKING))

    def unwrapped(self, row: sa.Row[Any]) -> bytes:
        """The key of a row of the table."""
        return self._root_of(row.root).unwrap(row.wrapped_key, row.client, row.purpose, row.version)

    def holds(self, connection: sa.Connection, client: str, version: int) -> bool:
        """The version may wrap: for the rest of the transaction nobody retires it."""
        where = place_is((client, WRAPPING, version))
        row = connection.execute(sa.select(CLIENT_KEYS.c.version).where(where).with_for_update(read=True)).first()
        if row is None:
            self.look_again(client)
        return row is not None

    def look_again(self, client: str) -> None:
        """Forget which version is a client's newest: keys were rotated."""
        with self._lock:
            self._newest.pop(client, None)

    def _newest_stored(self, client: str) -> int:
        with self._engine.connect() as connection:
            return _newest(connection, client, WRAPPING)

    def _key(self, client: str, purpose: str, version: int) -> bytes:
        place = (client, purpose, version)
        known = self._known.get(place)
        if known is None:
            with self._engine.connect() as connection:
                row = connection.execute(sa.select(CLIENT_KEYS).where(place_is(place))).first()
            if row is None:
                raise KeyRetired("A key of the vault is not there: it was rotated, or somebody deletes rows.")
            known = self._known[place] = self.unwrapped(row)
        return known

    def _root_of(self, root: str) -> RootKey:
        """The root key of an id: keys may have been rotated since this process began."""
        if root != self._root.id:
            self._root = self._fitting(root)
        return self._root

    def _fitting(self, root: str) -> RootKey:
        for known in self._roots.known():
            if known.id == root:
                return known
        raise VaultLocked(
            f"What the vault stores does not open with this key file: {self._roots} is not the one that belongs to "
            "this database, or was rotated elsewhere. Put back the key file that belongs to it."
        )

    def _made(self, client: str, purpose: str) -> int:
        """Make the first key of a client for a purpose, or find the one that another process made first."""
        for _ in range(_RACES):
            root = self._root
            place = (client, purpose, 1)
            with writing(self._engine) as connection:
                in_use = root_in_use(connection)
                if in_use == root.id:
                    if not _newest(connection, client, purpose):
                        row = row_of(place, secrets.token_bytes(KEY_FILE_BYTES), root)
                        connection.execute(self._insert(CLIENT_KEYS).values(row).on_conflict_do_nothing())
                    return _newest(connection, client, purpose)
            self._root_of(in_use)
        raise VaultLocked("The root key is rotated again and again: try later.")

    def _unlocked(self) -> RootKey:
        with self._engine.connect() as connection:
            in_use = root_in_use(connection)
        known = self._roots.known()
        if not known:
            if _holds_anything(self._engine):
                raise VaultLocked(
                    f"{_begun(str(self._roots))} is missing, and what the vault stores cannot be read without it: "
                    "put back the key file that belongs to this database."
                )
            known = [self._roots.make()]
            _drop_keys_of_others(self._engine, known[0])
            in_use = ""
        if not in_use:
            self._begin(known[0])
            with self._engine.connect() as connection:
                in_use = root_in_use(connection)
        return self._fitting(in_use)

    def _begin(self, root: RootKey) -> None:
        """Give the installation its keys; what earlier releases wrapped opens with the root key's own bytes.

        Raises:
            VaultLocked: the root key is not the one that they wrapped with.
        """
        with writing(self._engine) as connection:
            legacy = _proven(connection, root)
            taken = derived(root.material, FINGERPRINTS) if legacy else secrets.token_bytes(KEY_FILE_BYTES)
            rows = [row_of((EVERYBODY, FINGERPRINTING, 1), taken, root)]
            if legacy:
                rows.append(row_of((EVERYBODY, WRAPPING, LEGACY), root.material, root))
            connection.execute(self._insert(CLIENT_KEYS).values(rows).on_conflict_do_nothing())
            connection.execute(sa.delete(SECRETS).where(_PROOF))


class KeyRetired(VaultLocked):
    """A key of the vault is not there any more: what it wrapped was wrapped anew."""


_PROOF: Final = (SECRETS.c.client == EVERYBODY) & (SECRETS.c.name == "key-file")
"""The row by which earlier releases knew that the key file belongs to the database."""


def _proven(connection: sa.Connection, root: RootKey) -> bool:
    """Earlier releases stored something, and the root key opens it."""
    proof = connection.scalar(sa.select(SECRETS.c.ciphertext).where(_PROOF, SECRETS.c.ciphertext.is_not(None)))
    if proof is not None:
        MasterKey(root.material).decrypt(proof, EVERYBODY, "key-file")
    return proof is not None


def root_in_use(connection: sa.Connection) -> str:
    """The id of the root key that all keys of clients are wrapped with; it stays so for the rest of a transaction."""
    asked = sa.select(CLIENT_KEYS.c.root).where(place_is((EVERYBODY, FINGERPRINTING, 1))).with_for_update(read=True)
    return connection.scalar(asked) or ""


def _newest(connection: sa.Connection, client: str, purpose: str) -> int:
    asked = sa.select(sa.func.max(CLIENT_KEYS.c.version)).where(
        CLIENT_KEYS.c.client == client, CLIENT_KEYS.c.purpose == purpose
    )
    return connection.scalar(asked) or 0


def _holds_anything(engine: sa.Engine) -> bool:
    keys = sa.select(sa.literal(1)).where(PERSON_KEYS.c.wrapped_key.is_not(None)).limit(1)
    kept = sa.select(sa.literal(1)).where(SECRETS.c.client != EVERYBODY).limit(1)
    with engine.connect() as connection:
        return any(connection.execute(query).first() is not None for query in (keys, kept))


def _drop_keys_of_others(engine: sa.Engine, root: RootKey) -> None:
    """Drop what hung on a root key that is gone; what fits is another process's, which made the key file first."""
    with writing(engine) as connection:
        proof = connection.scalar(sa.select(SECRETS.c.ciphertext).where(_PROOF))
        if proof is not None:
            try:
                MasterKey(root.material).decrypt(proof, EVERYBODY, "key-file")
            except VaultLocked:
                connection.execute(sa.delete(SECRETS).where(_PROOF))
        connection.execute(sa.delete(CLIENT_KEYS).where(CLIENT_KEYS.c.root != root.id))


def row_of(place: Place, key: bytes, root: RootKey) -> dict[str, Any]:
    """A row of the table, the key wrapped."""
    client, purpose, version = place
    return {
        "client": client,
        "purpose": purpose,
        "version": version,
        "wrapped_key": root.wrap(key, *place),
        "root": root.id,
        "created_at": now(),
    }


def place_is(place: Place) -> sa.ColumnElement[bool]:
    """The row of a place in the table."""
    client, purpose, version = place
    columns = CLIENT_KEYS.c
    return (columns.client == client) & (columns.purpose == purpose) & (columns.version == version)


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]
