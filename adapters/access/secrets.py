"""Secrets as texts: ``dbk_<id>_<secret>_<crc>``. Made here, shown once, and kept as a digest."""

import hashlib
import re
import secrets
import zlib
from dataclasses import dataclass, field
from typing import Final

KEY: Final = "dbk"
"""Begins an API key."""

ONE_TIME: Final = "dbo"
"""Begins a one-time secret."""

_BYTES: Final = 32
_FORM: Final = re.compile(r"(dbk|dbo)_([0-9a-f]{16})_([0-9a-f]{64})_([0-9a-f]{8})")
_TOKEN: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret.

    Attributes:
        kind: :data:`KEY` or :data:`ONE_TIME`.
        id: its public part, 16 hex digits.
        text: all of it; shown to its owner once.
    """

    kind: str
    id: str
    text: str = field(repr=False)

    @property
    def digest(self) -> bytes:
        """What is kept of it. It has 256 bits of its own, so that a slow hash would add nothing."""
        return digest_of(self.text)


def new_secret(kind: str, id_: str) -> Secret:
    """A new secret under an id."""
    body = f"{kind}_{id_}_{secrets.token_hex(_BYTES)}"
    return Secret(kind, id_, f"{body}_{_check(body)}")


def read_secret(text: str) -> Secret | None:
    """The secret of a text, or None where it cannot be one: a typo is told without asking the database."""
    found = _FORM.fullmatch(text)
    if found is None or _check(text.rpartition("_")[0]) != found[4]:
        return None
    return Secret(found[1], found[2], text)


def new_token() -> str:
    """A new token of a session: 256 bits in hex."""
    return secrets.token_hex(_BYTES)


def is_token(text: str) -> bool:
    """It has the form of a session's token."""
    return _TOKEN.fullmatch(text) is not None


def digest_of(text: str) -> bytes:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode()).digest()


def _check(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"
