"""Root keys: what everything in the vault hangs on, outside the database; while they are rotated there are two."""

import base64
import binascii
import hashlib
import os
from pathlib import Path
from typing import Final, Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from adapters.vault.key_file import (
    KEY_FILE_BYTES,
    bound,
    decrypt,
    derived,
    encrypt,
    make_key_file,
    read_key_file,
    sync_folder,
)
from domain.ports.vault import VaultLocked


class RootKey:
    """Wraps the keys of clients, and nothing else. Never shows itself."""

    __slots__ = ("_material", "_wrapping", "id")

    def __init__(self, material: bytes) -> None:
        self._material = material
        self._wrapping = AESGCM(derived(material, b"daybook client keys"))
        self.id: Final = hashlib.sha256(derived(material, b"daybook root key id")).hexdigest()[:16]

    def __repr__(self) -> str:
        return "RootKey(…)"

    @property
    def material(self) -> bytes:
        """The 32 bytes, which earlier releases wrapped the keys of persons with."""
        return self._material

    def wrap(self, key: bytes, client: str, purpose: str, version: int) -> bytes:
        """A client's key, encrypted and bound to client, purpose and version."""
        return encrypt(self._wrapping, key, bound(client, purpose, str(version)))

    def unwrap(self, wrapped: bytes, client: str, purpose: str, version: int) -> bytes:
        """A client's key.

        Raises:
            VaultLocked: it was wrapped with another root key, or the row is damaged or was moved.
        """
        return decrypt(self._wrapping, wrapped, bound(client, purpose, str(version)))


class Roots(Protocol):
    """Where root keys come from."""

    def known(self) -> list[RootKey]:
        """The key in use, and while it is rotated the next one; read anew each time. Empty where there is none."""
        ...

    def make(self) -> RootKey:
        """The first key of a new store.

        Raises:
            VaultLocked: none can be made.
        """
        ...

    def next(self) -> RootKey:
        """The key to rotate to: the same until it is in use.

        Raises:
            VaultLocked: there is none, and none can be made.
        """
        ...

    def is_rotating(self) -> bool:
        """There is a next key."""
        ...

    def advance(self) -> None:
        """The next key is in use from now on, and the one before is gone."""
        ...

    def __str__(self) -> str:
        """What people call the place."""
        ...


class FileRoots:
    """The key file, and beside it ``….next`` while it is rotated."""

    def __init__(self, path: Path) -> None:
        self._path: Final = path
        self._next: Final = path.with_name(f"{path.name}.next")

    def __str__(self) -> str:
        return f"the key file {self._path}"

    def known(self) -> list[RootKey]:
        """What is in the files."""
        following = read_key_file(self._next)  # first: it may be put in the place of the other one meanwhile
        found = [read_key_file(self._path), following]
        return [RootKey(material) for material in found if material is not None]

    def make(self) -> RootKey:
        """Make the key file; answers the one that is there then."""
        return RootKey(make_key_file(self._path))

    def next(self) -> RootKey:
        """The key beside, made where there is none."""
        return RootKey(read_key_file(self._next) or make_key_file(self._next))

    def is_rotating(self) -> bool:
        """The file beside is there."""
        return self._next.exists()

    def advance(self) -> None:
        """Put the next key in the place of the one before."""
        os.replace(self._next, self._path)  # noqa: PTH105 - atomic, whatever is there
        sync_folder(self._path.parent)


class GivenRoots:
    """Root keys that somebody else keeps, and gives in base64.

    Args:
        current: the key in use.
        following: the one to rotate to, or empty.

    Raises:
        VaultLocked: one of them is not base64 of 32 bytes.
    """

    def __init__(self, current: str, following: str = "") -> None:
        self._current: Final = _given(current, "DAYBOOK_ROOT_KEY")
        self._following: Final = _given(following, "DAYBOOK_NEXT_ROOT_KEY") if following else None

    def __str__(self) -> str:
        return "the root key of DAYBOOK_ROOT_KEY"

    def known(self) -> list[RootKey]:
        """What was given."""
        return [self._current] if self._following is None else [self._current, self._following]

    def make(self) -> RootKey:
        """The key that was given is there already."""
        return self._current

    def next(self) -> RootKey:
        """The one that was given to rotate to."""
        if self._following is None:
            raise VaultLocked(
                "The root key comes from DAYBOOK_ROOT_KEY: give the one to rotate to in DAYBOOK_NEXT_ROOT_KEY, base64 "
                "of 32 random bytes, to every process of daybook; then rotate, then take the older one away."
            )
        return self._following

    def is_rotating(self) -> bool:
        """Whoever gives the keys says when one is to be used no longer."""
        return False

    def advance(self) -> None:
        """Nothing to do here: whoever gives the keys takes the older one away."""


def _given(text: str, variable: str) -> RootKey:
    try:
        material = base64.b64decode(text.strip(), validate=True)
    except (ValueError, binascii.Error):
        material = b""
    if len(material) != KEY_FILE_BYTES:
        raise VaultLocked(f"{variable} is not a root key: it must be base64 of exactly {KEY_FILE_BYTES} bytes.")
    return RootKey(material)
