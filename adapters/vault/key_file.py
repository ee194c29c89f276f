"""The key file: 32 random bytes that everything in the vault hangs on, outside the database and its backups."""

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
    """What the key file opens: wrapping of persons' keys, encryption of secrets, fingerprints. Never shows itself."""

    __slots__ = ("_fingerprint_key", "_secrets", "_wrapping", "signing")

    def __init__(self, material: bytes) -> None:
        self._wrapping = AESGCM(_derived(material, b"daybook person keys"))
        self._secrets = AESGCM(_derived(material, b"daybook secrets"))
        self._fingerprint_key = _derived(material, b"daybook fingerprints")
        self.signing = _derived(material, b"daybook cursors")

    def __repr__(self) -> str:
        return "MasterKey(…)"

    def wrap(self, key: bytes, client: str, person: str) -> bytes:
        """A person's key, encrypted and bound to the person."""
        return _encrypt(self._wrapping, key, client, person)

    def unwrap(self, wrapped: bytes, client: str, person: str) -> bytes:
        """A person's key.

        Raises:
            VaultLocked: the key file is not the one it was wrapped with, or the row is damaged.
        """
        return _decrypt(self._wrapping, wrapped, client, person)

    def encrypt(self, secret: str, client: str, name: str) -> bytes:
        """A secret, encrypted and bound to its name."""
        return _encrypt(self._secrets, secret.encode(), client, name)

    def decrypt(self, ciphertext: bytes, client: str, name: str) -> str:
        """A secret.

        Raises:
            VaultLocked: the key file is not the one it was encrypted with, or the row is damaged.
        """
        return _decrypt(self._secrets, ciphertext, client, name).decode()

    def fingerprint(self, client: str, secret: str) -> str:
        """12 hex digits that tell a client's secrets apart and say nothing to those without the key file."""
        return hmac.new(self._fingerprint_key, _bound(client, secret), sha256).hexdigest()[:12]


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
        _sync_folder(path.parent)
    except OSError as error:
        raise VaultLocked(f"The key file {path} cannot be made: {error.strerror}.") from None
    material = read_key_file(path)
    if material is None:
        raise VaultLocked(f"The key file {path} vanished while it was made.")
    return material


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _derived(material: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(material)


def _bound(*parts: str) -> bytes:
    """Texts joined so that no other texts join to the same bytes."""
    encoded = [part.encode() for part in parts]
    return b"".join(len(part).to_bytes(4) + part for part in encoded)


def _encrypt(cipher: AESGCM, data: bytes, *bound_to: str) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, data, _bound(*bound_to))


def _decrypt(cipher: AESGCM, data: bytes, *bound_to: str) -> bytes:
    try:
        return cipher.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], _bound(*bound_to))
    except (InvalidTag, ValueError):
        raise VaultLocked(
            "What the vault stores does not open with this key file: "
            "put back the key file that belongs to this database."
        ) from None
