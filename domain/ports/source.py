"""Sources: systems that a business day is read from, whole or not at all."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal, Protocol, get_args

from domain.business_date import Window
from domain.forms import Filled
from domain.polling.source_day import SourceDay
from domain.ports.captures import Capture
from domain.ports.reach import PUBLIC, Reach
from domain.ports.systems import Examination, Profile
from domain.ports.vault import Vault
from domain.refusals import Refusal

Failure = Literal[
    # The source refused.
    "not-authorized",  # the key is wrong or was revoked
    "forbidden",  # the key belongs to another company
    "unknown-venue",  # the source has no such venue, or the location has none configured
    "bad-endpoint",  # the environment URL or the key cannot be used at all
    "bad-request",  # the source does not understand what we ask
    "day-not-closed",  # the business date is not closed there yet
    "rate-limited",  # too many requests; `retry_at` says when again
    # The source was not reached, or did not answer properly.
    "unavailable",  # it answers that it cannot work now (5xx), after all retries
    "timeout",  # no answer, or a dripping one, within the deadline
    "connection-failed",  # refused, reset, cut off, no such host, no trust in its certificate
    "redirected",  # it points elsewhere; the key is never sent there
    "unexpected-answer",  # a status or content type that is not of the contract, for example a login page
    # What it answered cannot be trusted.
    "malformed",  # not the JSON of the contract
    "too-large",  # past the limits on bytes, pages or rows
    "out-of-window",  # rows of another day than the one asked for
    "wrong-venue",  # rows of another venue
    "duplicate-rows",  # an id came twice: pages shifted while they were read
    "repeated-cursor",  # paging leads in circles, or nowhere
    "changed-while-reading",  # rows changed between the first request and the last
    "nested-list-cut",  # a list inside a row ends at the source's limit and its sums do not add up
    "bad-file",  # an import file has errors
]
"""The kind of a failure: permanent names, stored with failed attempts."""

FAILURES: Final = frozenset(get_args(Failure))

RETRYABLE: Final[frozenset[Failure]] = frozenset(
    {
        "day-not-closed",
        "rate-limited",
        "unavailable",
        "timeout",
        "connection-failed",
        "unexpected-answer",
        "duplicate-rows",
        "repeated-cursor",
        "changed-while-reading",
    }
)
"""Failures that go away by themselves: the same question later can be answered. The others need somebody to act."""


class BadEndpoint(Refusal):
    """The environment URL or the key cannot be used; the message never shows the key."""


class SourceFailure(Exception):
    """The day was not read whole, so nothing of it counts; says how far the reading came.

    Attributes:
        failure: the kind.
        message: a sentence for a person: no secrets, no personal data, nothing of the answer's body.
        retry_at: not before, UTC, where the source said so.
        resource: the resource that failed, or empty.
        requests: HTTP requests sent, retries included.
        read_bytes: bytes of the answers, decompressed.
        rows: rows by resource, of the pages that arrived.
    """

    def __init__(
        self,
        failure: Failure,
        message: str,
        *,
        resource: str = "",
        retry_at: dt.datetime | None = None,
        requests: int = 0,
        read_bytes: int = 0,
        rows: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        super().__init__(message)
        self.failure: Failure = failure
        self.message = message
        self.resource = resource
        self.retry_at = retry_at
        self.requests = requests
        self.read_bytes = read_bytes
        self.rows = dict(rows)

    @property
    def retryable(self) -> bool:
        """Trying the same again later can help."""
        return self.failure in RETRYABLE


@dataclass(frozen=True, slots=True)
class DayRequest:
    """One business day of one location, as it is asked of its source.

    Attributes:
        client: whose it is.
        connection: our id of the connection.
        location: our id of the location.
        window: the business day: its date, zone and instants.
        source: the system's own ids of the location, for Tray ``{"venue": "V100"}``.
        include_inactive: also list employees who left.
        deposit_days: how many days past the end of the business day deposits may have been entered for it.
        deposit_lookback_days: how many days before its beginning deposits of earlier days are looked for.
        deposits: ask for deposits at all.
        consolidated: ask for the archives of sales and labor instead of every resource by itself.
        dates: business dates of the source to read, where the day's records may be booked on several; empty for the
            day's own. One after the day's own that is not closed at the source yet is passed over, and named nowhere.
        labor_from: the instant from which punches are read, for looking back; None for those of the day alone. Where
            those of earlier days cannot be read whole they are left out, and the capture says from when it holds some.
    """

    client: str
    connection: str
    location: str
    window: Window
    source: Mapping[str, str]
    include_inactive: bool = False
    deposit_days: int = 0
    deposit_lookback_days: int = 0
    deposits: bool = True
    consolidated: bool = False
    dates: tuple[dt.date, ...] = ()
    labor_from: dt.datetime | None = None

    @property
    def labor_hours(self) -> tuple[dt.datetime, dt.datetime]:
        """The hours whose punches are read."""
        return self.labor_from or self.window.starts_at, self.window.ends_at


@dataclass(frozen=True, slots=True)
class Fetched:
    """A business day that was read whole.

    Attributes:
        capture: the answers, personal data sealed. Equal answers to equal questions make equal captures.
        requests: HTTP requests sent, retries included.
        read_bytes: bytes of the answers, decompressed.
        rows: control totals: rows by resource.
    """

    capture: Capture
    requests: int
    read_bytes: int
    rows: dict[str, int]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one fetch, or on one examination. Seconds and bytes, and where requests may go.

    Attributes:
        connect_timeout: for a connection to be made.
        read_timeout: between two pieces of an answer.
        request_timeout: for one request and its whole answer, however it drips.
        fetch_timeout: for the whole fetch, retries and waits included.
        attempts: at one request, the first included.
        longest_pause: the most that one backoff pause may be; what the source asks for is not shortened by it.
        answer_bytes: of one answer, decompressed.
        fetch_bytes: of all answers, decompressed.
        page_rows: rows that one page is asked for.
        pages: of one resource.
        empty_pages: pages without rows but with a cursor, in a row, that are put up with.
        reach: which addresses may be called, beside the hosts of the system itself.
    """

    connect_timeout: float = 5.0
    read_timeout: float = 20.0
    request_timeout: float = 60.0
    fetch_timeout: float = 600.0
    attempts: int = 5
    longest_pause: float = 30.0
    answer_bytes: int = 32 * 2**20
    fetch_bytes: int = 768 * 2**20
    page_rows: int = 500
    pages: int = 2_000
    empty_pages: int = 3
    reach: Reach = PUBLIC


DEFAULT_LIMITS: Final = Limits()


class Source(Protocol):
    """A connected system. May be used by several threads at once."""

    def fetch(self, request: DayRequest) -> Fetched:
        """Read one business day whole.

        Raises:
            SourceFailure: it could not be read whole; there is no part of it to be had.
            VaultLocked: personal data cannot be sealed.
        """
        ...

    def close(self) -> None:
        """Give back connections."""
        ...


class System(Protocol):
    """A kind of source: what the entry point of the group ``daybook.systems`` names."""

    @property
    def key(self) -> str:
        """The permanent name in the catalogue, for example ``tray``."""
        ...

    @property
    def title(self) -> str:
        """What people call it."""
        ...

    @property
    def location_ids(self) -> tuple[str, ...]:
        """The names of the ids that it needs of each location, for Tray ``("venue",)``."""
        ...

    @property
    def default_options(self) -> Mapping[str, Any]:
        """The polling options of a new connection to it."""
        ...

    @property
    def options(self) -> frozenset[str]:
        """The names of the polling options that it has."""
        ...

    @property
    def presets(self) -> Mapping[str, Mapping[str, Any]]:
        """Polling options of kinds of locations, over the defaults, by the kind's name, for Tray ``ihop``."""
        ...

    @property
    def pushes(self) -> bool:
        """It brings its days to us, as import files do: there is no address, no key, and nothing to poll."""
        ...

    @property
    def profile(self) -> Profile:
        """What it says of itself: kind, capabilities, form, hosts, identity, renewal, budget."""
        ...

    def examine(self, filled: Filled, limits: Limits = DEFAULT_LIMITS) -> Examination:
        """Really call the source with what was filled into its form, and say what these credentials see.

        Args:
            filled: the form, checked; secrets are kept in memory only.
            limits: bounds on all of it.

        Raises:
            BadEndpoint: the address or a secret cannot be used.
            SourceFailure: the source does not accept the credentials, or does not answer as it should.
        """
        ...

    def connect(self, environment: str, secret: str, vault: Vault, limits: Limits = DEFAULT_LIMITS) -> Source:
        """A source at a base address; sends nothing yet.

        Args:
            environment: the base URL; it has to be one that the limits let pass.
            secret: the key, in clear; it is kept in memory only.
            vault: seals personal data before it leaves the adapter.
            limits: bounds on each fetch; every request goes where they allow, and nowhere else.

        Raises:
            BadEndpoint: the address or the key cannot be used.
        """
        ...

    def read(self, capture: Capture, window: Window) -> SourceDay:
        """What a capture says, in our words. Pure: the same capture always reads the same.

        Raises:
            SourceFailure: ``malformed``: a row does not say what the contract promises.
        """
        ...
