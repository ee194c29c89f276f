"""The vault: keys of persons, and secrets of connections. What it holds never enters a fact."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Protocol

from domain.refusals import NotFound, Refusal


class VaultLocked(Refusal):
    """The key file is missing or does not fit the keys that are stored."""


class PersonForgotten(NotFound):
    """The person is forgotten: what was sealed for them opens no more."""


class Vault(Protocol):
    """Seals personal data per person, deterministically, and keeps secrets of connections.

    Of the field ``ssn`` it seals what the installation keeps of social security numbers, which may be less than given.

    A sealed value is the text ``sealed:`` and base64 without padding. It is bound to client, person and field: moved
    elsewhere it does not open.
    The same value of the same person and field seals to the same text, so that an unchanged person makes no difference.
    """

    def seal(self, client: str, person: str, fields: Mapping[str, str]) -> dict[str, str]:
        """Seal a person's fields; empty values stay empty. Makes the person's key if there is none.

        Raises:
            PersonForgotten: the person's key was destroyed; it is never made again.
        """
        ...

    def open(self, client: str, person: str, fields: Mapping[str, str]) -> dict[str, str]:
        """What sealed fields say; empty values stay empty.

        Raises:
            PersonForgotten: the person is restricted, or the key was destroyed.
            VaultLocked: the sealed value does not fit (damaged, or moved from another person or field).
        """
        ...

    def seal_all(self, client: str, people: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str] | None]:
        """Seal the fields of many persons, as :meth:`seal` does; None for those whose keys were destroyed."""
        ...

    def open_all(self, client: str, people: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str] | None]:
        """What the sealed fields of many persons say, as :meth:`open` tells; None for those who are forgotten.

        Raises:
            VaultLocked: a sealed value does not fit.
        """
        ...

    def with_ssn(self, client: str, number: str) -> list[str]:
        """The persons whose social security number, when it was sealed last, was this one; however both are written.

        At most 100, and none who is restricted. Found by a keyed hash: which number it is, nobody can tell from it.
        """
        ...

    def same_ssn(self, client: str, persons: Collection[str]) -> dict[str, str]:
        """Who of these persons has the same social security number, as it was sealed last.

        Each is given the name of the first who has it; who has none, is restricted or forgotten is left out.
        """
        ...

    def restrict(self, client: str, person: str) -> bool:
        """Let nothing of a person open any more, though the key is kept; whether something did until now.

        Sealing goes on, so that an unchanged person makes no difference.
        """
        ...

    def forget(self, client: str, person: str) -> bool:
        """Destroy a person's key; whether there was one."""
        ...

    def keep_secret(self, client: str, name: str, secret: str) -> str:
        """Keep a secret, encrypted; a later one of the same name replaces it.

        Answers its fingerprint: 12 hex digits.
        """
        ...

    def fingerprint(self, client: str, secret: str) -> str:
        """The fingerprint that a client's secret has, whether it is kept or not."""
        ...

    def secret(self, client: str, name: str) -> str:
        """A secret that was kept.

        Raises:
            NotFound: there is none of that name.
            VaultLocked: it cannot be decrypted with this key file.
        """
        ...

    def secret_names(self, client: str, *, before: dt.datetime, after: str = "", limit: int = 500) -> list[str]:
        """The names of the client's secrets that were kept before a moment and are kept still, past the name ``after``.

        In the vault's order of names; fewer than ``limit`` are the last.
        """
        ...

    def destroy_secret(self, client: str, name: str) -> bool:
        """Destroy a secret, so that nothing of it is left but its fingerprint; whether there was one."""
        ...
