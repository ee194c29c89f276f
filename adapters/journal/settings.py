"""How the journal reaches its database, and the one setting of the library that must never be on."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from domain.refusals import Refusal

DB_FUNCTIONS: Final = "POSTGRES_ENABLE_DB_FUNCTIONS"


class UnsafeSetting(Refusal):
    """A setting in the environment would make the journal lose facts; daybook does not start with it."""


class NotMigrated(Refusal):
    """The database has no tables for the journal yet: run the migrations first."""


@dataclass(frozen=True, slots=True)
class JournalSettings:
    """Bounds of the journal.

    Attributes:
        deadline_seconds: the longest that a call bears a database that does not answer or is locked.
        connect_seconds: the longest that getting one connection may take (PostgreSQL).
        idle_seconds: a transaction in which we do nothing for so long is ended by the server (PostgreSQL).
        attempts: how often a call is tried when the connection breaks (PostgreSQL).
        connections: at most so many are open; more calls at once wait for one.
    """

    deadline_seconds: float = 10.0
    connect_seconds: float = 2.0
    idle_seconds: float = 5.0
    attempts: int = 3
    connections: int = 10


def refuse_unsafe(environment: Mapping[str, str] = os.environ) -> None:
    """Refuse an environment that switches on the library's insert function in the database.

    The function writes without the lock that orders commits: a reader following the log passes over facts for good.
    We never call it, but who switches it on expects what must not be.

    Raises:
        UnsafeSetting: it is switched on, for all applications or for one.
    """
    for name, value in environment.items():
        if name.endswith(DB_FUNCTIONS) and value.strip().lower() not in {"", "n", "no", "f", "false", "off", "0"}:
            raise UnsafeSetting(
                f"{name} is set to {value!r}. With it facts are written without the lock that orders commits, and "
                "readers of the log lose some. Remove it from the environment and start again."
            )
