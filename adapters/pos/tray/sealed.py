"""Sealed archives: bytes that open only with the key of their company, and only as the answer to what was asked."""

from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.ports.source import SourceFailure

MAGIC: Final = b"TRAYARC"
VERSION: Final = b"1"
_INFO: Final = b"tray consolidated archive"
_KEY_BYTES: Final = 32
_SALT_BYTES: Final = 16
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16
_SALT_AT: Final = len(MAGIC) + len(VERSION)
_NONCE_AT: Final = _SALT_AT + _SALT_BYTES
_DATA_AT: Final = _NONCE_AT + _NONCE_BYTES


class ArchiveKey:
    """Opens the archives of one company; shows its key to nobody."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode("ascii")

    def open(self, sealed: bytes, bound: bytes) -> bytes:
        """What was sealed, once it is proved to be exactly what the holder of the key sealed for ``bound``.

        Args:
            sealed: magic, version, salt, nonce, and what AES-256-GCM made of the data.
            bound: the question that it has to be the answer to, by :func:`bound_to`.

        Raises:
            SourceFailure: ``malformed``: it is no such archive, or not a byte for byte whole one.
        """
        if not sealed.startswith(MAGIC) or len(sealed) < _DATA_AT + _TAG_BYTES:
            raise SourceFailure("malformed", "Tray's answer is not a sealed archive, or ends before its seal.")
        if sealed[len(MAGIC) : _SALT_AT] != VERSION:
            raise SourceFailure("malformed", "Tray's archive is sealed in a way that this version does not know.")
        derived = HKDF(SHA256(), _KEY_BYTES, sealed[_SALT_AT:_NONCE_AT], _INFO).derive(self._secret)
        try:
            return AESGCM(derived).decrypt(sealed[_NONCE_AT:_DATA_AT], memoryview(sealed)[_DATA_AT:], bound)
        except InvalidTag:
            raise SourceFailure(
                "malformed",
                "Tray's archive does not open: it was cut or changed on the way, sealed with another key, or made for "
                "another question.",
            ) from None


def bound_to(venue: str, part: str, parameters: Mapping[str, str]) -> bytes:
    """The additional data of an archive: all that was asked, so that the answer to anything else does not open."""
    asked = [("venue", venue), ("part", part), *sorted(parameters.items())]
    return b"\n".join([MAGIC + VERSION, *[f"{name}={value}".encode() for name, value in asked]])


def mark_of(sealed: bytes) -> bytes:
    """Salt and nonce: drawn anew for every archive, so that two answers with the same ones are one answer."""
    return sealed[_SALT_AT:_DATA_AT]
