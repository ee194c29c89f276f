"""A vault in memory, with real sealing and nothing else: for tests of everything that needs a vault."""

import datetime as dt
import secrets
from collections.abc import Callable, Collection, Mapping

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from adapters.vault.key_file import MasterKey
from adapters.vault.marks import FIELD, mark_of
from adapters.vault.sealing import PERSON_KEY_BYTES, seal, unseal
from domain.ports.vault import PersonForgotten, VaultLocked
from domain.refusals import NotFound

_NOBODY = AESSIV(bytes(PERSON_KEY_BYTES))


class MemoryVault:
    """Behaves as the port says, for as long as it lives.

    Args:
        random_bytes: makes the keys; with bytes of a seed everything sealed is the same in every run.
    """

    def __init__(self, random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._random_bytes = random_bytes
        self._keys: dict[tuple[str, str], AESSIV | None] = {}
        self._restricted: set[tuple[str, str]] = set()
        self._numbers: dict[tuple[str, str], bytes | None] = {}
        self._secrets: dict[tuple[str, str], str] = {}
        self._kept_at: dict[tuple[str, str], dt.datetime] = {}
        self._master = MasterKey(random_bytes(32))

    def seal(self, client: str, person: str, fields: Mapping[str, str]) -> dict[str, str]:
        """Seal a person's fields."""
        if (client, person) not in self._keys:
            self._keys[client, person] = AESSIV(self._random_bytes(PERSON_KEY_BYTES))
        if FIELD in fields:
            self._numbers[client, person] = mark_of(client.encode(), fields[FIELD])
        return seal(self._key(client, person), client, person, fields)

    def open(self, client: str, person: str, fields: Mapping[str, str]) -> dict[str, str]:
        """What sealed fields say."""
        if not any(fields.values()):
            return dict.fromkeys(fields, "")
        if (client, person) in self._restricted:
            raise PersonForgotten("The person is restricted: their data opens no more.")
        return unseal(self._key(client, person), client, person, fields)

    def forget(self, client: str, person: str) -> bool:
        """Destroy a person's key."""
        if self._keys.get((client, person)) is None:
            return False
        self._keys[client, person] = None
        self._numbers.pop((client, person), None)
        return True

    def seal_all(self, client: str, people: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str] | None]:
        """Seal the fields of many."""
        return {person: _or_none(self.seal, client, person, fields) for person, fields in people.items()}

    def open_all(self, client: str, people: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str] | None]:
        """What the sealed fields of many say."""
        return {
            person: None if self._is_gone(client, person) else _or_none(self.open, client, person, fields)
            for person, fields in people.items()
        }

    def with_ssn(self, client: str, number: str) -> list[str]:
        """The persons with a social security number."""
        mark = mark_of(client.encode(), number)
        return sorted(
            person
            for (owner, person), known in self._numbers.items()
            if owner == client and mark is not None and known == mark and (owner, person) not in self._restricted
        )

    def same_ssn(self, client: str, persons: Collection[str]) -> dict[str, str]:
        """Who of these persons has the same number."""
        firsts: dict[bytes, str] = {}
        known = {person: self._numbers.get((client, person)) for person in sorted(persons)}
        return {
            person: firsts.setdefault(mark, person)
            for person, mark in known.items()
            if mark is not None and not self._is_gone(client, person)
        }

    def restrict(self, client: str, person: str) -> bool:
        """Let nothing of a person open any more."""
        known = (client, person) in self._keys and (client, person) not in self._restricted
        if known:
            self._restricted.add((client, person))
        return known

    def keep_secret(self, client: str, name: str, secret: str) -> str:
        """Keep a secret."""
        self._secrets[client, name] = secret
        self._kept_at[client, name] = dt.datetime.now(dt.UTC)
        return self._master.fingerprint(client, secret)

    def secret(self, client: str, name: str) -> str:
        """A secret that was kept."""
        if (client, name) not in self._secrets:
            raise NotFound(f"No secret is kept under the name {name!r}.")
        return self._secrets[client, name]

    def fingerprint(self, client: str, secret: str) -> str:
        """The fingerprint of a secret."""
        return self._master.fingerprint(client, secret)

    def secret_names(self, client: str, *, before: dt.datetime, after: str = "", limit: int = 500) -> list[str]:
        """The names of secrets that are kept."""
        names = [
            name for (owner, name), at in self._kept_at.items() if owner == client and name > after and at < before
        ]
        return sorted(names)[:limit]

    def destroy_secret(self, client: str, name: str) -> bool:
        """Destroy a secret."""
        self._kept_at.pop((client, name), None)
        return self._secrets.pop((client, name), None) is not None

    def _is_gone(self, client: str, person: str) -> bool:
        return (client, person) in self._restricted or self._keys.get((client, person), _NOBODY) is None

    def _key(self, client: str, person: str) -> AESSIV:
        if (client, person) not in self._keys:
            raise VaultLocked("The sealed value does not open: no key was ever made for this person.")
        key = self._keys[client, person]
        if key is None:
            raise PersonForgotten("The person's key was destroyed: their data can neither be read nor kept again.")
        return key


def _or_none(
    do: Callable[[str, str, Mapping[str, str]], dict[str, str]], client: str, person: str, fields: Mapping[str, str]
) -> dict[str, str] | None:
    try:
        return do(client, person, fields)
    except PersonForgotten:
        return None
