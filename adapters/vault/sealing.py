"""Sealing one person's fields: deterministic, and bound to client, person and field."""

import base64
import binascii
from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from domain.ports.vault import VaultLocked

PREFIX: Final = "sealed:"
PERSON_KEY_BYTES: Final = 64


def seal(key: AESSIV, client: str, person: str, fields: Mapping[str, str]) -> dict[str, str]:
    """The fields sealed as ``sealed:`` and base64 without padding; empty values stay empty."""
    owner = [client.encode(), person.encode()]
    return {
        name: PREFIX + base64.b64encode(key.encrypt(value.encode(), [*owner, name.encode()])).decode().rstrip("=")
        if value
        else ""
        for name, value in fields.items()
    }


def unseal(key: AESSIV, client: str, person: str, fields: Mapping[str, str]) -> dict[str, str]:
    """What sealed fields say; empty values stay empty.

    Raises:
        VaultLocked: a value is not sealed, is damaged, or was sealed for another client, person or field.
    """
    return {name: _unsealed(key, client, person, name, text) if text else "" for name, text in fields.items()}


def _unsealed(key: AESSIV, client: str, person: str, name: str, text: str) -> str:
    body = text.removeprefix(PREFIX)
    try:
        if body == text:
            raise ValueError  # clear text is no sealed value, whoever put it there
        sealed = base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
        return key.decrypt(sealed, [client.encode(), person.encode(), name.encode()]).decode()
    except (ValueError, binascii.Error, InvalidTag):
        raise VaultLocked(
            f"The sealed value of the field {name!r} does not open: "
            "it is damaged, or belongs to another person or field."
        ) from None
