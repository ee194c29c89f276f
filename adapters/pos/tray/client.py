"""Tray's calls: one request at a time with retries, and all pages of a resource."""

import datetime as dt
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, NoReturn

import httpx
import msgspec
import structlog

from adapters.http import TIMEOUTS, TRANSPORT_ERRORS, CutOff, NotAllowed, deadline, read_body, told_wait
from adapters.pos.tray.patience import Timing, backoff, blind_wait
from adapters.pos.tray.strict import NotStrict
from adapters.pos.tray.wire import Envelope, ErrorAnswer, decode_envelope, decode_rows
from domain.ports.source import Failure, Limits, SourceFailure

_LONGEST_CURSOR: Final = 4096
_LOG: Final = structlog.get_logger("daybook.tray")


class _Kind(NamedTuple):
    """A kind of answer: what has to be said to get it, and what it has to say of itself."""

    content_type: str
    headers: Mapping[str, str]
    word: str


_PAGE: Final = _Kind("application/json", {}, "JSON")
# An archive is packed inside, and whatever keeps answers on the way must not give the one that it has.
_ASKED_SEALED: Final = {
    "Accept": "application/octet-stream",
    "Accept-Encoding": "identity",
    "Cache-Control": "no-cache",
}
_ARCHIVE: Final = _Kind("application/octet-stream", _ASKED_SEALED, "an archive")

_REFUSED: Final[Mapping[int, tuple[Failure, str]]] = {
    400: ("bad-request", "Tray does not accept what was asked for."),
    401: ("not-authorized", "Tray does not accept the API key: it is wrong, or was revoked. Enter the current one."),
    403: ("forbidden", "The API key does not open this venue: it belongs to another company."),
    404: ("unknown-venue", "Tray has no such venue: check the location's venue id and the environment URL."),
    409: ("day-not-closed", "The business date is not closed at Tray yet."),
}
_NO_ARCHIVES: Final = (
    "Tray has no such venue, or no consolidated API for it: check the location's venue id and the environment URL, or "
    "switch the polling option off."
)


@dataclass(slots=True)
class Counters:
    """How far a fetch has come: requests with retries, bytes unpacked, rows by resource."""

    requests: int = 0
    read_bytes: int = 0
    rows: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RawPage:
    """One page: its rows in canonical bytes and decoded, and Tray's clock."""

    data: bytes
    rows: list[Any]
    server_time: str


class _Again(Exception):
    """The request can be tried again."""

    def __init__(self, failure: Failure, message: str, *, told: float | None = None, blind: bool = False) -> None:
        super().__init__(message)
        self.failure: Failure = failure
        self.message = message
        self.told = told
        self.blind = blind


class Caller:
    """Asks Tray on behalf of one fetch, within its limits.

    Every method raises :class:`SourceFailure` with the resource.
    """

    def __init__(self, http: httpx.Client, base: str, limits: Limits, timing: Timing) -> None:
        self._http = http
        self._base = base
        self._limits = limits
        self._timing = timing
        self._ends_at = timing.monotonic() + limits.fetch_timeout
        self.counters = Counters()

    def pages(self, resource: str, parameters: Mapping[str, str]) -> Iterator[RawPage]:
        """All pages of a resource, in order.

        A cursor that came before, pages without rows that lead on and on, and more pages than the limit end the fetch.
        """
        seen: set[str] = set()
        asked = {**parameters, "limit": str(self._limits.page_rows)}
        empty = 0
        for _ in range(self._limits.pages):
            page, cursor = self._page(resource, asked)
            empty = 0 if page.rows else empty + 1
            if empty > self._limits.empty_pages:
                raise SourceFailure("repeated-cursor", "Tray leads on to page after page without rows.")
            yield page
            if cursor is None:
                return
            if cursor in seen:
                raise SourceFailure("repeated-cursor", "Tray answered a cursor that it had answered before.")
            if not 0 < len(cursor) <= _LONGEST_CURSOR:
                raise SourceFailure("malformed", "Tray's cursor is empty or too long.")
            seen.add(cursor)
            asked["cursor"] = cursor
        raise SourceFailure("too-large", f"Tray has more than {self._limits.pages:,} pages, the most that are read.")

    def archive(self, part: str, parameters: Mapping[str, str]) -> bytes:
        """The sealed archive of one part of the consolidated API, as it came."""
        return self._ask(f"consolidated/{part}", parameters, _ARCHIVE)

    @property
    def left_bytes(self) -> int:
        """How much may still be read or unpacked within this fetch."""
        return self._limits.fetch_bytes - self.counters.read_bytes

    @property
    def answer_bytes(self) -> int:
        """How much one answer may be, or the rows of an archive that make up what one answer would be."""
        return self._limits.answer_bytes

    def _page(self, resource: str, parameters: Mapping[str, str]) -> tuple[RawPage, str | None]:
        body = self._ask(resource, parameters, _PAGE)
        try:
            envelope = _envelope(body)
            rows, canonical = decode_rows(resource, bytes(envelope.data))
            return RawPage(canonical, rows, envelope.server_time), envelope.next_cursor
        except NotStrict as error:
            raise SourceFailure("malformed", f"Tray's answer is not what its contract promises: {error}.") from None

    def _ask(self, resource: str, parameters: Mapping[str, str], kind: _Kind) -> bytes:
        """The body of one answer, after as many attempts as it takes and the limits allow."""
        for attempt in range(1, self._limits.attempts + 1):
            try:
                return self._once(resource, parameters, kind)
            except _Again as again:
                self._wait_after(again, attempt, resource)
        raise AssertionError("unreachable: the last attempt raises its failure")

    def _wait_after(self, again: _Again, attempt: int, resource: str) -> None:
        """Wait as long as it takes, or raise the failure where attempts or time would run out."""
        longest = self._limits.longest_pause
        pause = blind_wait(attempt, longest, self._timing) if again.blind else backoff(attempt, longest, self._timing)
        if again.told is not None:
            pause += again.told  # never earlier than told, and not all at the same moment
        left = self._ends_at - self._timing.monotonic()
        if attempt >= self._limits.attempts or pause >= left:
            knows_when = again.told is not None or again.blind
            retry_at = self._timing.now() + dt.timedelta(seconds=again.told or pause) if knows_when else None
            raise SourceFailure(again.failure, again.message, retry_at=retry_at)
        _LOG.warning("tray.retry", resource=resource, failure=again.failure, attempt=attempt, pause_s=round(pause, 3))
        self._timing.sleep(pause)

    def _once(self, resource: str, parameters: Mapping[str, str], kind: _Kind) -> bytes:
        left = self._ends_at - self._timing.monotonic()
        if left <= 0:
            raise SourceFailure("timeout", f"The day was not read within {self._limits.fetch_timeout:g} seconds.")
        self.counters.requests += 1
        seconds = min(self._limits.request_timeout, left)
        try:
            with (
                deadline(time.monotonic() + seconds),
                self._http.stream(
                    "GET", f"{self._base}/{resource}", params=parameters, headers=kind.headers
                ) as response,
            ):
                self._check(response, kind)
                body = read_body(response, min(self._limits.answer_bytes, self.left_bytes), plain=kind is _ARCHIVE)
        except TIMEOUTS:
            raise _Again("timeout", f"Tray did not answer within {seconds:g} seconds.") from None
        except NotAllowed as refused:
            raise SourceFailure("bad-endpoint", str(refused)) from None
        except CutOff:
            raise _Again("connection-failed", "Tray's answer ended early.") from None
        except TRANSPORT_ERRORS as error:
            raise _Again("connection-failed", f"Tray was not reached, or hung up ({type(error).__name__}).") from None
        self.counters.read_bytes += len(body)
        return body

    def _check(self, response: httpx.Response, kind: _Kind) -> None:
        """Pass an answer of status 200 that is of the kind asked for."""
        status = response.status_code
        if status == 200:
            content_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            if content_type != kind.content_type:
                raise SourceFailure("unexpected-answer", f"Tray answered something that is not {kind.word}.")
            return
        if status == 429:
            told = told_wait(response.headers, self._timing.now())
            raise _Again("rate-limited", "Tray has had too many requests.", told=told, blind=told is None)
        if status >= 500 or status == 408:
            told = told_wait(response.headers, self._timing.now())
            raise _Again("unavailable", f"Tray cannot answer at the moment (status {status}).", told=told)
        if status == 404 and kind is _ARCHIVE:
            raise SourceFailure("unknown-venue", _NO_ARCHIVES)
        _raise_refusal(status)


def _raise_refusal(status: int) -> NoReturn:
    if status in _REFUSED:
        raise SourceFailure(*_REFUSED[status])
    if 300 <= status < 400:
        raise SourceFailure("redirected", "Tray points to another address: check the environment URL.")
    raise SourceFailure("unexpected-answer", f"Tray answered with status {status}, which its contract does not know.")


def _envelope(body: bytes) -> Envelope:
    try:
        return decode_envelope(body)
    except NotStrict:
        if _is_error(body):
            raise SourceFailure("unexpected-answer", "Tray answered an error with the status of a success.") from None
        raise


def _is_error(body: bytes) -> bool:
    try:
        msgspec.json.decode(body, type=ErrorAnswer)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return False
    return True
