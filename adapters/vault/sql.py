"""The vault on SQLite and PostgreSQL."""

import datetime as dt
import hmac
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from adapters.vault.client_keys import EVERYBODY, ClientKeys
from adapters.vault.kept import Kept
from adapters.vault.key_file import derived, fingerprint_of
from adapters.vault.marks import FIELD, Ssn, kept_of, mark_of
from adapters.vault.people import Holder, People
from adapters.vault.roots import FileRoots, Roots
from adapters.vault.rotating import Progress, Rotated, rotate
from adapters.vault.sealing import seal, unseal
from domain.ports.vault import PersonForgotten, VaultLocked

_CACHED_SECONDS: Final = 2.0
MOST_FOUND: Final = 100
"""Persons with one number that are told, at most."""

Fields = Mapping[str, str]


class SqlVault:
    """Keys of clients, keys of persons and secrets of connections in three tables.

    A root key outside the database wraps the keys of clients, these wrap the keys of persons, and those seal. A
    person's unwrapped key is remembered for ``cache_seconds`` (2 by default). That is how long *another* process can
    still seal and open for a person whom this one has forgotten; in the forgetting process it ends at once.

    Forgetting overwrites the key in the database file (SQLite: ``secure_delete`` and a truncated write-ahead log;
    PostgreSQL: the old row version goes with a vacuum). Backups that hold wrapped keys are the operator's to expire;
    after the next rotation they open with the older root key alone.
    """

    def __init__(
        self,
        engine: sa.Engine,
        root: Path | Roots,
        *,
        store_ssn: Ssn = "vault",
        cache_seconds: float = _CACHED_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open the vault; the tables must exist. Makes the key file if nothing is stored that would need an older one.

        Args:
            engine: of the migrated database.
            root: the key file, or where else root keys come from.
            store_ssn: how much of social security numbers is kept.
            cache_seconds: how long unwrapped keys of persons are remembered.
            monotonic: the clock of that.

        Raises:
            VaultLocked: the key file is missing, does not fit what is stored, or can be read by others.
        """
        self._engine = engine
        self._store_ssn: Final[Ssn] = store_ssn
        self._keys = ClientKeys(engine, FileRoots(root) if isinstance(root, Path) else root)
        self._people = People(engine, self._keys, cache_seconds, monotonic)
        self._kept = Kept(engine, self._keys)

    def __repr__(self) -> str:
        return f"SqlVault({self._engine.dialect.name})"

    @property
    def signing(self) -> bytes:
        """A key of 32 bytes for what daybook gives to readers and wants back as it was: cursors."""
        return derived(self._keys.marking(EVERYBODY), b"daybook cursors")

    def seal(self, client: str, person: str, fields: Fields) -> dict[str, str]:
        """Seal a person's fields; see the port."""
        sealed = self.seal_all(client, {person: fields})[person]
        if sealed is None:
            raise PersonForgotten("The person's key was destroyed: their data can neither be read nor kept again.")
        return sealed

    def seal_all(self, client: str, people: Mapping[str, Fields]) -> dict[str, dict[str, str] | None]:
        """Seal the fields of many; see the port."""
        marks = self._marks(client, people)
        holders = self._people.found(client, people)
        missing = {person: marks.get(person) for person in people if person not in holders}
        if missing:
            holders |= self._people.made(client, missing)
        self._people.mark(client, {person: mark for person, mark in marks.items() if _differs(holders[person], mark)})
        return {person: self._sealed(client, person, fields, holders[person]) for person, fields in people.items()}

    def open(self, client: str, person: str, fields: Fields) -> dict[str, str]:
        """What sealed fields say; see the port."""
        if not any(fields.values()):
            return dict.fromkeys(fields, "")
        opened = self.open_all(client, {person: fields})[person]
        if opened is None:
            raise PersonForgotten("The person is forgotten: their data opens no more.")
        return opened

    def open_all(self, client: str, people: Mapping[str, Fields]) -> dict[str, dict[str, str] | None]:
        """What the sealed fields of many say; see the port."""
        holders = self._people.found(client, people)
        return {person: _opened(client, person, fields, holders.get(person)) for person, fields in people.items()}

    def with_ssn(self, client: str, number: str) -> list[str]:
        """The persons with a social security number; see the port."""
        mark = mark_of(self._keys.marking(client), number)
        return [] if mark is None else self._people.marked(client, mark, MOST_FOUND)

    def same_ssn(self, client: str, persons: Collection[str]) -> dict[str, str]:
        """Who of these persons has the same number; see the port."""
        firsts: dict[bytes, str] = {}
        holders = self._people.found(client, sorted(persons))
        marked = {person: holder.mark for person, holder in sorted(holders.items()) if not holder.restricted}
        return {person: firsts.setdefault(mark, person) for person, mark in marked.items() if mark is not None}

    def restrict(self, client: str, person: str) -> bool:
        """Let nothing of a person open any more; see the port."""
        return self._people.restrict(client, person)

    def forget(self, client: str, person: str) -> bool:
        """Destroy a person's key; whether there was one."""
        return self._people.forget(client, person)

    def keep_secret(self, client: str, name: str, secret: str) -> str:
        """Keep a secret in place of the one before; answers its fingerprint. The same secret again changes nothing."""
        return self._kept.keep(client, name, secret)

    def fingerprint(self, client: str, secret: str) -> str:
        """The fingerprint that a client's secret has, whether it is kept or not."""
        return fingerprint_of(self._keys.fingerprints, client, secret)

    def secret_names(self, client: str, *, before: dt.datetime, after: str = "", limit: int = 500) -> list[str]:
        """The names of secrets that are kept; see the port."""
        return self._kept.names(client, before, after, limit)

    def destroy_secret(self, client: str, name: str) -> bool:
        """Destroy a secret; see the port. It leaves the database's files as a destroyed key of a person does."""
        return self._kept.destroy(client, name)

    def secret(self, client: str, name: str) -> str:
        """A secret that was kept; see the port."""
        return self._kept.get(client, name)

    def rotate(self, progress: Progress | None = None) -> Rotated:
        """Take a new root key and new keys of all clients into use, and wrap everything with them anew.

        Others may go on sealing and opening meanwhile. Interrupted, the next call goes on where it was.

        Args:
            progress: told how many keys and secrets were wrapped, and how many there were to wrap.

        Raises:
            VaultLocked: there is no key to rotate to, or something stored does not open.
        """
        return rotate(self._engine, self._keys, progress)

    def _marks(self, client: str, people: Mapping[str, Fields]) -> dict[str, bytes | None]:
        """The marks of those of whom a number is said, be it that there is none."""
        said = {person: fields[FIELD] for person, fields in people.items() if FIELD in fields}
        if self._store_ssn == "none" or not any(said.values()):
            return dict.fromkeys(said)
        key = self._keys.marking(client)
        return {person: mark_of(key, text) for person, text in said.items()}

    def _sealed(self, client: str, person: str, fields: Fields, holder: Holder) -> dict[str, str] | None:
        if holder.key is None:
            return None
        if FIELD in fields:
            fields = {**fields, FIELD: kept_of(fields[FIELD], self._store_ssn)}
        return seal(holder.key, client, person, fields)


def _differs(holder: Holder, mark: bytes | None) -> bool:
    return holder.key is not None and not hmac.compare_digest(holder.mark or b"", mark or b"")


def _opened(client: str, person: str, fields: Fields, holder: Holder | None) -> dict[str, str] | None:
    if holder is not None and (holder.key is None or holder.restricted):
        return None
    if not any(fields.values()):
        return dict.fromkeys(fields, "")
    if holder is None or holder.key is None:
        raise VaultLocked("The sealed value does not open: no key was ever made for this person.")
    return unseal(holder.key, client, person, fields)
