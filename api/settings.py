"""Settings: everything that an operator may choose, from environment variables that begin with DAYBOOK_."""

import getpass
import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from adapters.http.addresses import allowed_host
from domain.due.pulling import EVERY
from domain.due.renewing import WARNING_DAYS
from domain.identifiers import plain
from domain.permissions import Role
from domain.person import RETENTION_YEARS
from domain.ports.house import WINDOW_DAYS
from domain.ports.reach import Reach
from domain.refusals import Refusal

PREFIX: Final = "DAYBOOK_"
_HOST_NAME: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9a-fA-F:.]{2,45}\]")
MOST_ROWS: Final = 500
"""Rows on one page of any list, at most."""


class BadSettings(Refusal):
    """A setting is not of its kind, or out of its bounds."""


class NotLoopback(Refusal):
    """The address to listen on can be reached from other machines, and nothing says who may ask or by which name."""


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
        default=None, description="The file with the root key of the vault. Empty: `key` in the data folder."
    )
    root_key: str = Field(
        default="",
        repr=False,
        max_length=100,
        description="The vault's root key itself, base64 of 32 random bytes, in place of the file.",
    )
    next_root_key: str = Field(
        default="",
        repr=False,
        max_length=100,
        description="While the root key is rotated the one to rotate to, beside `DAYBOOK_ROOT_KEY`.",
    )
    store_ssn: Literal["none", "last4", "vault"] = Field(
        default="last4",
        description="How much of social security numbers is kept: nothing (`none`), the last four digits and a keyed "
        "hash by which a person is found (`last4`), or the number as well (`vault`). Counts from the next reading on.",
    )
    retention_years: int = Field(
        default=RETENTION_YEARS,
        ge=0,
        le=100,
        description="Years after the last punch for which the data of somebody who is to be forgotten is kept.",
    )
    client: str = Field(
        default="main",
        description="The client (tenant) that commands work for, and requests of whom nobody knows who they are.",
    )
    actor: str = Field(
        default="",
        max_length=100,
        description="Who is recorded as the actor of commands. Empty: `cli:` and the name of the system's user.",
    )
    role: Role = Field(
        default="accounting-admin",
        description="The role in which commands act, for example `accounting-admin` (the daily work, connections and "
        "accounts), `manager` (the daily work alone), `support` (also days that are too old for others), `auditor` "
        "(reads only) or `operator` (everything). Where `DAYBOOK_ACCESS` is `open`, requests act in it too, and may "
        "name theirs in the header `Daybook-Role`.",
    )
    key: str = Field(
        default="",
        repr=False,
        max_length=200,
        description="An API key: commands act with its rights, for its client, instead of those of `DAYBOOK_ROLE`.",
    )
    access: Literal["required", "open"] = Field(
        default="required",
        description="`required`: whoever asks the API signs in or has a key. `open`: nobody has to; on this machine "
        "only, to try things out.",
    )
    host: str = Field(
        default="127.0.0.1",
        description="Where `daybook serve` listens. Others than `127.0.0.1`, `::1` and `localhost` take "
        "`DAYBOOK_ACCESS` `required` and `DAYBOOK_PUBLIC_URL` or `DAYBOOK_HOSTS`.",
    )
    public_url: str = Field(
        default="",
        max_length=300,
        description="Under which address browsers reach it, for example `https://daybook.example`; with `https` (a "
        "proxy in front) cookies are for `https` alone.",
    )
    hosts: str = Field(
        default="",
        max_length=2000,
        description="Names, comma-separated, that a request's Host header may have besides those of this machine and "
        "of `DAYBOOK_PUBLIC_URL`.",
    )
    proxies: str = Field(
        default="",
        max_length=2000,
        description="Addresses, comma-separated, of proxies in front whose last entry in X-Forwarded-For is believed, "
        "so that failed sign-ins are counted by who made them.",
    )
    session_hours: float = Field(
        default=12.0, gt=0, le=720, description="Hours after which somebody who signed in has to do so again."
    )
    oidc_issuer: str = Field(
        default="",
        max_length=300,
        description="The OpenID provider through which people sign in beside passwords. Its keys have to be at the "
        "same address.",
    )
    oidc_client_id: str = Field(default="", max_length=300, description="The id of daybook at the OpenID provider.")
    oidc_secret_file: Path | None = Field(
        default=None, description="The file with daybook's secret at the OpenID provider. Empty: it has none."
    )
    oidc_audience: str = Field(
        default="",
        max_length=300,
        description="Whom the bearer tokens of an OpenID provider have to be for. Empty: `DAYBOOK_OIDC_CLIENT_ID`.",
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
    pull_every: int = Field(
        default=EVERY,
        ge=60,
        le=86_400,
        description="Seconds after a pull of an HR system until the next one, of who changed meanwhile.",
    )
    pull_night: str = Field(
        default="02:00",
        pattern=r"^([01]\d|2[0-3]):[0-5]\d$",
        description="From when on, UTC, everybody in an HR system is read once a day, so that who is missing is gone.",
    )
    worker: Literal["off", "on"] = Field(
        default="off", description="`on`: `daybook serve` also polls what is due, as `daybook worker` does."
    )
    worker_threads: int = Field(default=4, ge=1, le=8, description="Polls that a worker runs at the same time.")
    objects_at_once: int = Field(
        default=2,
        ge=1,
        le=8,
        description="Objects that are sent to one company at the same time, at most; fewer where its system says so.",
    )
    objects_late: float = Field(
        default=300.0,
        ge=1,
        le=600,
        description="Seconds after which what was sent and is not shown at the other system counts as not arrived.",
    )
    objects_review: float = Field(
        default=7.0,
        ge=0,
        le=365,
        description="Days after which a worker looks whether an entry still stands at the other system as it was "
        "written, and again after as many. 0: nobody looks by themselves.",
    )
    objects_reviewed: int = Field(
        default=35, ge=1, le=3660, description="Days after its business date for which an entry is looked at so."
    )
    worker_client: str = Field(
        default="", description="The one client that workers poll for. Empty: all clients that the store has."
    )

    allow_loopback: bool = Field(
        default=False,
        description="`true`: systems may be on this machine, over plain `http` and at any port. For simulators and "
        "tests only: whoever may connect systems could reach every service of this machine.",
    )
    system_hosts: str = Field(
        default="",
        max_length=2000,
        description="Further hosts that systems may be called at, with commas between: `pos.example.com`, "
        "`*.example.com` for all below it, `pos.example.com:8443`; `tray=pos.example.com` for one system alone. All of "
        "them must be on the public internet.",
    )
    supplied_file: Path | None = Field(
        default=None,
        description="A JSON file, readable by daybook alone, with what its operator supplies so that forms of systems "
        'need not ask for it: `[{"system": "tray", "where": {"ihop": true}, "values": '
        '{"environment": …, "api_key": …}}]`.',
    )

    @field_validator("client")
    @classmethod
    def _client(cls, text: str) -> str:
        return plain(text, "client")

    @field_validator("worker_client")
    @classmethod
    def _worker_client(cls, text: str) -> str:
        return text and plain(text, "client")

    @field_validator("actor")
    @classmethod
    def _actor(cls, text: str) -> str:
        if not text.isprintable():
            raise ValueError("it must be printable text on one line")
        return text

    @field_validator("public_url", "oidc_issuer")
    @classmethod
    def _address(cls, text: str) -> str:
        parts = urlsplit(text)
        if text and (parts.scheme not in {"https", "http"} or not parts.hostname or parts.username or parts.query):
            raise ValueError("it must be an address such as https://daybook.example")
        return text

    @field_validator("hosts")
    @classmethod
    def _hosts(cls, text: str) -> str:
        if not all(_HOST_NAME.fullmatch(name) for name in _listed(text)):
            raise ValueError("it must be names of hosts, comma-separated, without ports")
        return text

    @property
    def host_names(self) -> frozenset[str]:
        """The names by which others than this machine reach the API, in small letters."""
        public = urlsplit(self.public_url).hostname if self.public_url else None
        return frozenset({name.lower() for name in _listed(self.hosts)} | ({public} if public else set()))

    @property
    def trusted_proxies(self) -> frozenset[str]:
        """Addresses of proxies that are believed about whom they speak for."""
        return frozenset(_listed(self.proxies))

    @property
    def secure(self) -> bool:
        """Browsers reach it by https."""
        return self.public_url.startswith("https://")

    @field_validator("system_hosts")
    @classmethod
    def _system_hosts(cls, text: str) -> str:
        for host in filter(None, (part.strip() for part in text.split(","))):
            allowed_host(host)
        return text

    @property
    def reach(self) -> Reach:
        """Which addresses outside may be called, beside the systems' own hosts."""
        return Reach(self.allow_loopback, tuple(filter(None, (part.strip() for part in self.system_hosts.split(",")))))

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


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


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
        raise BadSettings(f"The setting {PREFIX}CLIENT or {PREFIX}WORKER_CLIENT does not fit: {refusal}") from None


def is_loopback(host: str) -> bool:
    """Only this machine can reach the address; names of other machines and ``0.0.0.0`` are others."""
    try:
        return host == "localhost" or ipaddress.ip_address(host) in _LOOPBACK
    except ValueError:
        return False


def check_listening(settings: Settings) -> None:
    """Make sure that nobody reaches the API who does not have to say who they are.

    Raises:
        NotLoopback: other machines could reach it, and access is open, or nothing says by which name they do.
    """
    if is_loopback(settings.host):
        return
    if settings.access == "open":
        raise NotLoopback(
            f"daybook does not listen on {settings.host[:60]!r} with {PREFIX}ACCESS=open: whoever reaches the port "
            f"could read and poll everything. Use 127.0.0.1, ::1 or localhost ({PREFIX}HOST), or "
            f"{PREFIX}ACCESS=required."
        )
    if not settings.host_names:
        raise NotLoopback(
            f"daybook does not listen on {settings.host[:60]!r} before it is said under which name others reach it: "
            f"set {PREFIX}PUBLIC_URL or {PREFIX}HOSTS, or use 127.0.0.1, ::1 or localhost ({PREFIX}HOST)."
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
