"""Keys of 32 random bytes: the key file that holds one, and what such a key opens."""

import contextlib
import hmac
import os
import secrets
import stat
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.ports.vault import VaultLocked

KEY_FILE_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class MasterKey:
    """What a key of a client opens: wrapping of persons' keys, encryption of secrets, fingerprints. Never shows itself.

    Earlier releases took the key file itself for it, for all clients alike.
    """

    __slots__ = ("_fingerprint_key", "_secrets", "_wrapping")

    def __init__(self, material: bytes) -> None:
        self._wrapping = AESGCM(derived(material, b"daybook person keys"))
        self._secrets = AESGCM(derived(material, b"daybook secrets"))
        self._fingerprint_key = derived(material, FINGERPRINTS)

    def __repr__(self) -> str:
        return "MasterKey(…)"

    def wrap(self, key: bytes, client: str, person: str) -> bytes:
        """A person's key, encrypted and bound to the person."""
        return encrypt(self._wrapping, key, bound(client, person))

    def unwrap(self, wrapped: bytes, client: str, person: str) -> bytes:
        """A person's key.

        Raises:
            VaultLocked: the key file is not the one it was wrapped with, or the row is damaged.
        """
        return decrypt(self._wrapping, wrapped, bound(client, person))

    def encrypt(self, secret: str, client: str, name: str) -> bytes:
        """A secret, encrypted and bound to its name."""
        return encrypt(self._secrets, secret.encode(), bound(client, name))

    def decrypt(self, ciphertext: bytes, client: str, name: str) -> str:
        """A secret.

        Raises:
            VaultLocked: the key file is not the one it was encrypted with, or the row is damaged.
        """
        return decrypt(self._secrets, ciphertext, bound(client, name)).decode()

    def fingerprint(self, client: str, secret: str) -> str:
        """12 hex digits that tell a client's secrets apart and say nothing to those without the key file."""
        return fingerprint_of(self._fingerprint_key, client, secret)


FINGERPRINTS: Final = b"daybook fingerprints"
"""The purpose of the key that fingerprints are taken with."""


def fingerprint_of(key: bytes, client: str, secret: str) -> str:
    """12 hex digits that tell a client's secrets apart."""
    return hmac.new(key, bound(client, secret), sha256).hexdigest()[:12]


def read_key_file(path: Path) -> bytes | None:
    """The 32 bytes of a key file, or None where there is no such file.

    Raises:
        VaultLocked: it is not a key file, cannot be read, or others may read it.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            material = file.read(KEY_FILE_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise VaultLocked(f"The key file {path} cannot be read: {error.strerror}.") from None
    if stat.S_IMODE(mode) & 0o077:
        raise VaultLocked(f"The key file {path} can be read or changed by other users: run `chmod 600` on it.")
    if len(material) != KEY_FILE_BYTES:
        raise VaultLocked(f"The key file {path} is not a vault key: it must hold exactly {KEY_FILE_BYTES} bytes.")
    return material


def make_key_file(path: Path) -> bytes:
    """Make a key file that only its owner can read, whole from its first moment; answers the one that is there then.

    Raises:
        VaultLocked: the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(KEY_FILE_BYTES))
                file.flush()
                os.fsync(file.fileno())
            # A link does not replace: of two processes that start at once, both read the winner's key.
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
        finally:
            os.unlink(draft)  # noqa: PTH108 — mkstemp answers a string
        sync_folder(path.parent)
    except OSError as error:
        raise VaultLocked(f"The key file {path} cannot be made: {error.strerror}.") from None
    material = read_key_file(path)
    if material is None:
        raise VaultLocked(f"The key file {path} vanished while it was made.")
    return material


def sync_folder(folder: Path) -> None:
    """Make sure that what was named in a folder is named so after a power cut as well."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def derived(material: bytes, purpose: bytes) -> bytes:
    """A key of 32 bytes for one purpose, of which nobody gets back to the material or to another purpose's."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(material)


def bound(*parts: str) -> bytes:
    """Texts joined so that no other texts join to the same bytes."""
    encoded = [part.encode() for part in parts]
    return b"".join(len(part).to_bytes(4) + part for part in encoded)


def encrypt(cipher: AESGCM, data: bytes, place: bytes) -> bytes:
    """A random nonce and what the cipher makes of the data, bound to its place."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, data, place)


def decrypt(cipher: AESGCM, data: bytes, place: bytes) -> bytes:
    """What was encrypted.

    Raises:
        VaultLocked: with another key or for another place, or it is damaged.
    """
    try:
        return cipher.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], place)
    except (InvalidTag, ValueError):
        raise VaultLocked(
            "What the vault stores does not open with this key file: "
            "put back the key file that belongs to this database."
        ) from None
