"""Secrets of connections: versions of a name, of which only the newest is kept."""

import datetime as dt
import hmac
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from adapters.vault.client_keys import ClientKeys, KeyRetired
from adapters.vault.key_file import fingerprint_of
from adapters.vault.tables import SECRETS, is_kept
from adapters.vault.writing import now, wipe, writing
from adapters.walls import reading
from domain.refusals import Conflict, NotFound

_RACES: Final = 10


class Kept:
    """Secrets in one table, each encrypted with a key of the client.

    Args:
        engine: of the migrated database.
        keys: of clients.
    """

    def __init__(self, engine: sa.Engine, keys: ClientKeys) -> None:
        self._engine: Final = engine
        self._keys: Final = keys
        self._insert: Final[Any] = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert

    def keep(self, client: str, name: str, secret: str) -> str:
        """Keep a secret in place of the one before; answers its fingerprint. The same secret again changes nothing."""
        fingerprint = fingerprint_of(self._keys.fingerprints, client, secret)
        for _ in range(_RACES):
            version, stored = self._latest(client, name)
            if _same(stored, secret) or self._replaced(client, name, version + 1, secret, fingerprint):
                return fingerprint
        raise Conflict(f"The secret {name!r} is being replaced by several others at once: try again.")

    def get(self, client: str, name: str) -> str:
        """A secret that was kept.

        Raises:
            NotFound: there is none of that name.
            VaultLocked: it cannot be decrypted.
        """
        _, stored = self._latest(client, name)
        if stored is None:
            raise NotFound(f"No secret is kept under the name {name!r}.")
        return stored

    def names(self, client: str, before: dt.datetime, after: str, limit: int) -> list[str]:
        """The names of secrets that were kept before a moment and are still, in order, past a name."""
        columns = SECRETS.c
        kept = (columns.client == client, columns.ciphertext.is_not(None), columns.created_at < before)
        asked = sa.select(columns.name).where(*kept, columns.name > after).order_by(columns.name).limit(limit)
        with reading(self._engine, client) as connection:
            return list(connection.scalars(asked))

    def destroy(self, client: str, name: str) -> bool:
        """Overwrite a secret, all versions of it; whether there was one. Name, version and fingerprint stay.

        It is named among those that are kept until it is in no file any more: what an interrupted call left lying about
        goes the next time.
        """
        columns = SECRETS.c
        here = (columns.client == client, columns.name == name)
        left = (*here, sa.func.length(columns.ciphertext) == 0)
        with writing(self._engine) as connection:
            gone = sa.update(SECRETS).where(*here, is_kept(columns.ciphertext)).values(ciphertext=b"")
            destroyed = connection.execute(gone).rowcount > 0
            lies_about = connection.execute(sa.select(columns.name).where(*left)).first() is not None
        if lies_about:
            wipe(self._engine, SECRETS)
            with writing(self._engine) as connection:
                connection.execute(sa.update(SECRETS).where(*left).values(ciphertext=None))
        return destroyed

    def _latest(self, client: str, name: str) -> tuple[int, str | None]:
        columns = SECRETS.c
        asked = (
            sa.select(columns.version, columns.ciphertext, columns.key_version)
            .where(columns.client == client, columns.name == name)
            .order_by(columns.version.desc())
            .limit(1)
        )
        for tries in range(1, _RACES + 1):
            with reading(self._engine, client) as connection:
                row = connection.execute(asked).first()
            if row is None or not row.ciphertext:
                return (0 if row is None else row.version), None
            try:
                return row.version, self._keys.wrapping(client, row.key_version).decrypt(row.ciphertext, client, name)
            except KeyRetired:  # keys were rotated after the row was read
                if tries == _RACES:
                    raise
        raise AssertionError("unreachable: the last failure is raised")

    def _replaced(self, client: str, name: str, version: int, secret: str, fingerprint: str) -> bool:
        """Whether this process was the one to write the version; the ciphertext of earlier ones is wiped with it."""
        key_version, key = self._keys.newest(client)
        row = {
            "client": client,
            "name": name,
            "version": version,
            "ciphertext": key.encrypt(secret, client, name),
            "fingerprint": fingerprint,
            "created_at": now(),
            "key_version": key_version,
        }
        with writing(self._engine) as connection:
            if not self._keys.holds(connection, client, key_version):
                return False
            insert = self._insert(SECRETS).values(row).on_conflict_do_nothing().returning(SECRETS.c.version)
            inserted = connection.execute(insert).first() is not None
            if inserted:
                earlier = (SECRETS.c.client == client) & (SECRETS.c.name == name) & (SECRETS.c.version < version)
                kept = is_kept(SECRETS.c.ciphertext)
                connection.execute(sa.update(SECRETS).where(earlier, kept).values(ciphertext=None))
        return inserted


def _same(stored: str | None, secret: str) -> bool:
    return stored is not None and hmac.compare_digest(stored.encode(), secret.encode())
