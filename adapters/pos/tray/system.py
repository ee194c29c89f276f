"""The Tray system as daybook's catalogue knows it: connecting to it, and reading what was captured from it."""

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, cast

import httpcore
import httpx
import msgspec
import structlog

from adapters.pos.tray.client import Caller
from adapters.pos.tray.consolidated import ConsolidatedDay
from adapters.pos.tray.gathering import SYSTEM_KEY
from adapters.pos.tray.patience import REAL_TIME, Timing
from adapters.pos.tray.reading import read_day
from adapters.pos.tray.sealed import ArchiveKey
from adapters.pos.tray.transport import KeyedTransport
from adapters.pos.tray.whole import WholeDay
from domain.business_date import Window
from domain.identifiers import plain
from domain.polling import Options
from domain.polling.source_day import SourceDay
from domain.ports.captures import Capture
from domain.ports.source import DEFAULT_LIMITS, BadEndpoint, DayRequest, Fetched, Limits, SourceFailure
from domain.ports.vault import Vault
from domain.records import Ticket
from domain.refusals import BadIdentifier, Refusal

_LONGEST_KEY: Final = 1024
IHOP_FEES: Final = ("Online fee", "Bag fee")
_LOG: Final = structlog.get_logger("daybook.tray")


class TraySource:
    """One Tray environment with one key. May be used by several threads at once."""

    def __init__(
        self,
        base: httpx.URL,
        secret: str,
        vault: Vault,
        limits: Limits,
        timing: Timing,
        network: httpcore.NetworkBackend | None = None,
    ) -> None:
        self._base = str(base).rstrip("/")
        self._vault = vault
        self._limits = limits
        self._timing = timing
        self._key = ArchiveKey(secret)
        self._http = httpx.Client(
            transport=KeyedTransport(secret, tls=base.scheme == "https", network=network),
            timeout=httpx.Timeout(limits.read_timeout, connect=limits.connect_timeout),
            headers={"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "daybook"},
            follow_redirects=False,
            trust_env=False,
        )

    def __repr__(self) -> str:
        return f"TraySource({self._base})"

    def fetch(self, request: DayRequest) -> Fetched:
        """Read one business day whole; see the port."""
        try:
            venue = plain(request.source.get("venue", ""), "venue")
        except BadIdentifier:
            raise SourceFailure(
                "unknown-venue", "The location has no usable venue id: enter the one that Tray shows."
            ) from None
        caller = Caller(self._http, f"{self._base}/kernel/v1/venues/{venue}", self._limits, self._timing)
        counters = caller.counters
        log = _LOG.bind(location=request.location, business_date=request.window.date.isoformat())
        try:
            if request.consolidated:
                capture = ConsolidatedDay(caller, request, venue, self._vault, self._key).capture()
            else:
                capture = WholeDay(caller, request, venue, self._vault).capture()
        except SourceFailure as failure:
            failure.requests, failure.read_bytes = counters.requests, counters.read_bytes
            failure.rows = dict(counters.rows)
            log.warning("tray.failed", failure=failure.failure, resource=failure.resource, requests=failure.requests)
            raise
        log.info("tray.fetched", requests=counters.requests, read_bytes=counters.read_bytes, rows=counters.rows)
        return Fetched(capture, counters.requests, counters.read_bytes, dict(counters.rows))

    def close(self) -> None:
        """Close all connections."""
        self._http.close()


class TraySystem:
    """Tray in the catalogue of systems."""

    key: Final = SYSTEM_KEY
    title: Final = "Tray"
    location_ids: Final = ("venue",)

    @property
    def default_options(self) -> Mapping[str, Any]:
        """The polling options of a new connection."""
        return {"use_item_level_taxes": True}

    @property
    def options(self) -> frozenset[str]:
        """The polling options that Tray has: those of every point of sale and its own."""
        return frozenset(Options.__struct_fields__)

    @property
    def presets(self) -> Mapping[str, Mapping[str, Any]]:
        """IHOP's fee items stand in categories of their own."""
        return {"ihop": {"item_category_override": [{"item": name, "category": name} for name in IHOP_FEES]}}

    @property
    def pushes(self) -> bool:
        """Tray is polled."""
        return False

    def connect(
        self,
        environment: str,
        secret: str,
        vault: Vault,
        limits: Limits = DEFAULT_LIMITS,
        *,
        timing: Timing = REAL_TIME,
        network: httpcore.NetworkBackend | None = None,
    ) -> TraySource:
        """A source at an environment URL; sends nothing yet. Time and network are the machine's, if none are given.

        Raises:
            BadEndpoint: the URL or the key cannot be used.
        """
        base = _base(environment)
        # The HTTP library would show the key in its complaint about a header that cannot be sent.
        if not 0 < len(secret) <= _LONGEST_KEY or not all("!" <= letter <= "~" for letter in secret):
            raise BadEndpoint("The API key is empty, too long, or has characters that no key has: copy it again.")
        return TraySource(base, secret, vault, limits, timing, network)

    def read(self, capture: Capture, window: Window) -> SourceDay:
        """What a capture says, in our words; see the port."""
        try:
            day = read_day(capture, window)
        except (ValueError, Refusal, msgspec.DecodeError):
            raise _unreadable("") from None
        tickets = _readable(cast("Iterator[Ticket]", day.records["ticket"]))
        return replace(day, records={**day.records, "ticket": tickets})


SYSTEM: Final = TraySystem()


def _readable(tickets: Iterator[Ticket]) -> Iterator[Ticket]:
    try:
        yield from tickets
    except (ValueError, Refusal, msgspec.DecodeError):
        raise _unreadable("checks") from None


def _unreadable(resource: str) -> SourceFailure:
    message = "A row of the capture has an amount, a time or a date that cannot be read."
    return SourceFailure("malformed", message, resource=resource)


def _base(environment: str) -> httpx.URL:
    """The environment's URL, if the key may be sent there."""
    try:
        url = httpx.URL(environment.strip())
    except (httpx.InvalidURL, ValueError):
        raise BadEndpoint("The environment URL cannot be read: write it like https://tray.example.com.") from None
    if url.userinfo or url.query or url.fragment or not url.host or url.scheme not in {"https", "http"}:
        raise BadEndpoint(
            "The environment URL is only https://, a host and perhaps a path, without user, query or «#»."
        )
    if url.scheme == "http" and not _on_this_machine(url.host):
        raise BadEndpoint(
            "The environment URL must begin with https://: over http:// anybody on the way reads the key."
        )
    return url


def _on_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
