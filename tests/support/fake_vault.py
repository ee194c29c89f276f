"""A vault in memory, with real sealing and nothing else: for tests of everything that needs a vault."""

import secrets
from collections.abc import Callable, Mapping

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from adapters.vault.key_file import MasterKey
from adapters.vault.sealing import PERSON_KEY_BYTES, seal, unseal
from domain.ports.vault import PersonForgotten, VaultLocked
from domain.refusals import NotFound


class MemoryVault:
    """Behaves as the port says, for as long as it lives.

    Args:
        random_bytes: makes the keys; with bytes of a seed everything sealed is the same in every run.
    """

    def __init__(self, random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._random_bytes = random_bytes
        self._keys: dict[tuple[str, str], AESSIV | None] = {}
        self._secrets: dict[tuple[str, str], str] = {}
        self._master = MasterKey(random_bytes(32))

    def seal(self, client: str, person: str, fields: Mapping[str, str]) -> dict[str, str]:
        """Seal a person's fields."""
        if (client, person) not in self._keys:
            self._keys[client, person] = AESSIV(self._random_bytes(PERSON_KEY_BYTES))
        return seal(self._key(client, person), client, person, fields)

    def open(self, client: str, person: str, fields: Mapping[str, str]) -> dict[str, str]:
        """What sealed fields say."""
        if not any(fields.values()):
            return dict.fromkeys(fields, "")
        return unseal(self._key(client, person), client, person, fields)

    def forget(self, client: str, person: str) -> bool:
        """Destroy a person's key."""
        if self._keys.get((client, person)) is None:
            return False
        self._keys[client, person] = None
        return True

    def keep_secret(self, client: str, name: str, secret: str) -> str:
        """Keep a secret."""
        self._secrets[client, name] = secret
        return self._master.fingerprint(client, secret)

    def secret(self, client: str, name: str) -> str:
        """A secret that was kept."""
        if (client, name) not in self._secrets:
            raise NotFound(f"No secret is kept under the name {name!r}.")
        return self._secrets[client, name]

    def _key(self, client: str, person: str) -> AESSIV:
        if (client, person) not in self._keys:
            raise VaultLocked("The sealed value does not open: no key was ever made for this person.")
        key = self._keys[client, person]
        if key is None:
            raise PersonForgotten("The person's key was destroyed: their data can neither be read nor kept again.")
        return key
