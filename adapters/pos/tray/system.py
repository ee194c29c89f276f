"""The Tray system as daybook's catalogue knows it: connecting to it, and reading what was captured from it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, cast

import httpcore
import httpx
import msgspec
import structlog

from adapters.http import PACES, Address, Gate, Paces, base_address, gate, open_client
from adapters.pos.tray.client import Caller
from adapters.pos.tray.consolidated import ConsolidatedDay
from adapters.pos.tray.directory import examined
from adapters.pos.tray.gathering import SYSTEM_KEY
from adapters.pos.tray.patience import REAL_TIME, Timing
from adapters.pos.tray.profile import IHOP, LONGEST_KEY, PROFILE
from adapters.pos.tray.reading import read_day
from adapters.pos.tray.schedules import TAKES, TrayTarget
from adapters.pos.tray.sealed import ArchiveKey
from adapters.pos.tray.whole import WholeDay
from domain.business_date import Window
from domain.forms import Filled
from domain.identifiers import plain
from domain.polling import Options
from domain.polling.source_day import SourceDay
from domain.ports.captures import Capture
from domain.ports.source import DEFAULT_LIMITS, BadEndpoint, DayRequest, Fetched, Limits, SourceFailure
from domain.ports.systems import Examination
from domain.ports.vault import Vault
from domain.records import Ticket
from domain.refusals import BadIdentifier, Refusal

IHOP_FEES: Final = ("Online fee", "Bag fee")
_LOG: Final = structlog.get_logger("daybook.tray")


class TraySource:
    """One Tray environment with one key. May be used by several threads at once."""

    def __init__(
        self,
        address: Address,
        allowed: Gate,
        secret: str,
        vault: Vault,
        limits: Limits,
        timing: Timing,
        network: httpcore.NetworkBackend | None = None,
    ) -> None:
        self._base = address.url
        self._vault = vault
        self._limits = limits
        self._timing = timing
        self._key = ArchiveKey(secret)
        self._http = client(allowed, limits, secret, network, timing)

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


def client(
    allowed: Gate,
    limits: Limits,
    key: str,
    network: httpcore.NetworkBackend | None = None,
    timing: Timing = REAL_TIME,
) -> httpx.Client:
    """What calls Tray with a key: within the gate and its budget."""
    paces = PACES if timing is REAL_TIME else Paces(timing.monotonic, timing.sleep, timing.now)
    secrets = {"X-Api-Key": key}
    return open_client(allowed, limits, secrets=secrets, network=network, budget=PROFILE.budget, paces=paces)


class TraySystem:
    """Tray in the catalogue of systems."""

    key: Final = SYSTEM_KEY
    title: Final = "Tray"
    location_ids: Final = ("venue",)
    profile: Final = PROFILE
    takes: Final = TAKES

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
        allowed = gate(self.key, PROFILE.hosts, limits.reach)
        address = base_address(environment, allowed)
        return TraySource(address, allowed, _usable(secret), vault, limits, timing, network)

    def examine(
        self,
        filled: Filled,
        limits: Limits = DEFAULT_LIMITS,
        *,
        timing: Timing = REAL_TIME,
        network: httpcore.NetworkBackend | None = None,
    ) -> Examination:
        """Ask Tray which venues the key opens; see the port.

        Raises:
            BadEndpoint: the URL or the key cannot be used.
            SourceFailure: Tray does not accept the key, or it does not open a venue that was named.
        """
        allowed, address = self._address(filled, limits)
        with client(allowed, limits, _usable(filled.secret), network, timing) as http:
            return examined(Caller(http, f"{address.url}/kernel/v1", limits, timing), address.url, filled)

    def target(
        self, filled: Filled, limits: Limits = DEFAULT_LIMITS, *, network: httpcore.NetworkBackend | None = None
    ) -> TrayTarget:
        """What schedules are written to; sends nothing yet.

        Raises:
            BadEndpoint: the URL or the key cannot be used.
        """
        allowed, address = self._address(filled, limits)
        return TrayTarget(address.url, client(allowed, limits, _usable(filled.secret), network), limits)

    def _address(self, filled: Filled, limits: Limits) -> tuple[Gate, Address]:
        if filled.plain.get(IHOP) and not filled.environment:
            raise BadEndpoint(
                "For IHOP this installation has neither environment URL nor key yet: whoever operates daybook supplies "
                "them in the file that DAYBOOK_SUPPLIED_FILE names."
            )
        allowed = gate(self.key, PROFILE.hosts, limits.reach)
        return allowed, base_address(filled.environment, allowed)

    def read(self, capture: Capture, window: Window) -> SourceDay:
        """What a capture says, in our words; see the port."""
        try:
            day = read_day(capture, window)
        except (ValueError, Refusal, msgspec.DecodeError):
            raise _unreadable("") from None
        tickets = _readable(cast("Iterator[Ticket]", day.records["ticket"]))
        return replace(day, records={**day.records, "ticket": tickets})


SYSTEM: Final = TraySystem()


def _usable(key: str) -> str:
    """The key, if it can be sent: the HTTP library would show it in its complaint about a header that cannot."""
    if not 0 < len(key) <= LONGEST_KEY or not all("!" <= letter <= "~" for letter in key):
        raise BadEndpoint("The API key is empty, too long, or has characters that no key has: copy it again.")
    return key


def _readable(tickets: Iterator[Ticket]) -> Iterator[Ticket]:
    try:
        yield from tickets
    except (ValueError, Refusal, msgspec.DecodeError):
        raise _unreadable("checks") from None


def _unreadable(resource: str) -> SourceFailure:
    message = "A row of the capture has an amount, a time or a date that cannot be read."
    return SourceFailure("malformed", message, resource=resource)
