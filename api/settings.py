"""Settings: everything that an operator may choose, from environment variables that begin with DAYBOOK_."""

import getpass
import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.due.renewing import WARNING_DAYS
from domain.identifiers import plain
from domain.permissions import Role
from domain.ports.house import WINDOW_DAYS
from domain.refusals import Refusal

PREFIX: Final = "DAYBOOK_"
MOST_ROWS: Final = 500
"""Rows on one page of any list, at most."""


class BadSettings(Refusal):
    """A setting is not of its kind, or out of its bounds."""


class NotLoopback(Refusal):
    """The address to listen on can be reached from other machines, and daybook has no access control yet."""


class Settings(BaseSettings):
    """What an operator may choose. Times in seconds, sizes in bytes."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True, hide_input_in_errors=True)

    database_url: str = Field(
        default="",
        repr=False,
        max_length=2000,
        description="Where the store is: `postgresql://user@host/name` or `sqlite:////folder/journal.db`. "
        "Empty: SQLite in the data folder.",
    )
    data_dir: Path = Field(
        default=Path("data"),
        description="The data folder: `journal.db`, `views.db` and the key file `key` of the embedded store.",
    )
    key_file: Path | None = Field(
        default=None, description="The file with the master key of the vault. Empty: `key` in the data folder."
    )
    client: str = Field(default="main", description="The client (tenant) that commands and the API work for.")
    actor: str = Field(
        default="",
        max_length=100,
        description="Who is recorded as the actor of commands. Empty: `cli:` and the name of the system's user.",
    )
    role: Role = Field(
        default="manager",
        description="The role in which commands act, for example `manager` (the daily work), `support` (also days that "
        "are too old for others), `auditor` (reads only) or `operator` (everything). Requests may name theirs in the "
        "header `Daybook-Role`.",
    )
    host: str = Field(
        default="127.0.0.1",
        description="Where `daybook serve` listens. Only this machine: `127.0.0.1`, `::1` or `localhost`.",
    )
    port: int = Field(default=8200, ge=0, le=65535, description="The port of `daybook serve`; 0 takes a free one.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least severe log line that is written to standard error."
    )
    log_format: Literal["auto", "console", "json"] = Field(
        default="auto", description="How log lines look. `auto`: `console` on a terminal, else `json`."
    )
    threads: int = Field(default=10, ge=1, le=14, description="Requests that are worked on at the same time.")
    wait: float = Field(
        default=2.0,
        ge=0,
        le=30,
        description="Seconds that a read with `min_position` waits at most for the views to catch up.",
    )
    body_bytes: int = Field(
        default=1_048_576, ge=1024, le=64 * 2**20, description="Bytes of a request's body at most; more is refused."
    )
    body_seconds: float = Field(
        default=10.0, gt=0, le=300, description="Seconds in which a request's body has to arrive."
    )
    import_bytes: int = Field(
        default=256 * 2**20,
        ge=1024,
        le=4 * 2**30,
        description="Bytes of one upload of import files at most.",
    )
    import_seconds: float = Field(
        default=300.0, gt=0, le=3600, description="Seconds in which an upload of import files has to arrive."
    )
    facts_bytes: int = Field(
        default=4 * 2**20,
        ge=65536,
        le=64 * 2**20,
        description="Bytes after which a page of facts ends early (one fact more may go past it).",
    )
    ready_lag: float = Field(
        default=30.0, ge=1, le=3600, description="Seconds that the views may be behind the journal for `/readyz`."
    )
    shutdown: float = Field(
        default=8.0,
        ge=0,
        le=60,
        description="Seconds that running requests and polls get when `daybook serve` or `daybook worker` is stopped.",
    )

    window_days: int = Field(
        default=WINDOW_DAYS,
        ge=1,
        le=366,
        description="Business days back that are looked after; older ones are polled, repolled and deleted by support "
        "alone.",
    )
    grace: int = Field(
        default=900, ge=0, le=86400, description="Seconds after a business day's close until its daily poll is due."
    )
    scan: int = Field(
        default=900, ge=1, le=86400, description="Seconds after which a worker looks for missing days again, at most."
    )
    retry: int = Field(
        default=900,
        ge=1,
        le=86400,
        description="Seconds after which a day is tried again that failed or had no sales; doubled with every further "
        "time.",
    )
    retry_longest: int = Field(
        default=21600, ge=1, le=604800, description="Seconds that these pauses grow to, at most."
    )
    renewal_days: int = Field(
        default=WARNING_DAYS,
        ge=1,
        le=366,
        description="Days before a source's grant ends from which on it is told that the connection has to be renewed.",
    )
    worker: Literal["off", "on"] = Field(
        default="off", description="`on`: `daybook serve` also polls what is due, as `daybook worker` does."
    )
    worker_threads: int = Field(default=4, ge=1, le=8, description="Polls that a worker runs at the same time.")

    @field_validator("client")
    @classmethod
    def _client(cls, text: str) -> str:
        return plain(text, "client")

    @field_validator("actor")
    @classmethod
    def _actor(cls, text: str) -> str:
        if not text.isprintable():
            raise ValueError("it must be printable text on one line")
        return text

    @property
    def url(self) -> str:
        """The URL of the store."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'journal.db').absolute()}"

    @property
    def key_path(self) -> Path:
        """The file with the vault's master key."""
        return (self.key_file or self.data_dir / "key").absolute()

    @property
    def who(self) -> str:
        """The actor of commands that come from the command line."""
        return self.actor or f"cli:{_user()}"


def load_settings(**given: Any) -> Settings:
    """Settings from the environment; what is given by name (and is not None) goes before it.

    Raises:
        BadSettings: one of them does not fit; the message names it and never shows a value.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        raise BadSettings(_sentence(error)) from None
    except Refusal as refusal:
        raise BadSettings(f"The setting {PREFIX}CLIENT does not fit: {refusal}") from None


def check_loopback(host: str) -> str:
    """The address, if only this machine can reach it.

    Raises:
        NotLoopback: it is any other, names of other machines and ``0.0.0.0`` included.
    """
    try:
        local = host == "localhost" or ipaddress.ip_address(host) in _LOOPBACK
    except ValueError:
        local = False
    if local:
        return host
    raise NotLoopback(
        f"daybook does not listen on {host[:60]!r}: there is no access control yet, so whoever reaches the port could "
        f"read and poll everything. Use 127.0.0.1, ::1 or localhost ({PREFIX}HOST)."
    )


# Just the addresses whose names the Host header may carry; 127.0.0.2 is loopback too, and nobody needs it.
_LOOPBACK: Final = frozenset({ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1")})


@dataclass(frozen=True, slots=True)
class Documented:
    """One setting as the documentation shows it."""

    variable: str
    default: str
    description: str


def documented() -> Iterator[Documented]:
    """Every setting, in the order of the documentation."""
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else str(field.default)
        yield Documented(f"{PREFIX}{name.upper()}", default, field.description or "")


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    name = str(first["loc"][0]) if first["loc"] else "?"
    message = first["msg"].removeprefix("Value error, ").rstrip(".")
    return f"The setting {PREFIX}{name.upper()} does not fit: {message[:1].lower()}{message[1:]}."


def _user() -> str:
    try:
        name = getpass.getuser()
    except (KeyError, OSError, ImportError):  # a process whose user has no name
        return "unknown"
    return name if name.isprintable() else "unknown"
