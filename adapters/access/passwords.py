"""Passwords: hashed with argon2id, a few at a time, and an unknown user costs what a wrong password costs."""

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from domain.refusals import NotYet

AT_ONCE: Final = 2
"""Hashes that are worked out at the same time: each takes 64 MiB."""

PATIENCE_SECONDS: Final = 3.0
"""How long somebody waits for their turn."""


class TooManySignIns(NotYet):
    """More people sign in at the same moment than passwords can be checked."""


class Passwords:
    """Hashes and checks passwords.

    Args:
        cheap: costs nearly nothing: for tests alone.
    """

    def __init__(self, *, cheap: bool = False) -> None:
        usual = RFC_9106_LOW_MEMORY
        self._hasher = (
            PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, type=Type.ID)
            if cheap
            else PasswordHasher(usual.time_cost, usual.memory_cost, usual.parallelism, type=Type.ID)
        )
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        # What nobody's password hashes to, with the same parameters.
        self._nobodys: str | None = None

    def hash(self, password: str) -> str:
        """The hash of a password, with its salt and parameters.

        Raises:
            TooManySignIns: it did not get its turn in time.
        """
        with self._turn():
            return self._hasher.hash(_normal(password))

    def fits(self, hash_: str | None, password: str) -> bool:
        """Whether a password fits; where there is no hash it takes the same time, and is False.

        Raises:
            TooManySignIns: it did not get its turn in time.
        """
        with self._turn():
            if self._nobodys is None:
                self._nobodys = self._hasher.hash("nobody's password")
            try:
                self._hasher.verify(self._nobodys if hash_ is None else hash_, _normal(password))
            except (VerificationError, InvalidHashError):
                return False
            return hash_ is not None

    def is_stale(self, hash_: str) -> bool:
        """A hash was made with other parameters than those of today."""
        return self._hasher.check_needs_rehash(hash_)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=PATIENCE_SECONDS):
            raise TooManySignIns("Many people are signing in at this moment: try again.")
        try:
            yield
        finally:
            self._turns.release()


def _normal(password: str) -> str:
    """The same password, however a keyboard composes its letters."""
    return unicodedata.normalize("NFKC", password)
