"""Asking a SCIM service: one request at a time, bounded, tried again where that can help."""

import datetime as dt
import email.utils
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx
import structlog

from adapters.hris.scim.wire import Object, error_type, read_object
from adapters.http import TIMEOUTS, TRANSPORT_ERRORS, CutOff, NotAllowed, deadline, read_body
from domain.ports.source import Failure, Limits, SourceFailure

ACCEPT: Final = "application/scim+json, application/json;q=0.9"
_KINDS: Final = frozenset({"application/scim+json", "application/json"})
_FIRST_PAUSE: Final = 0.5
_LOG: Final = structlog.get_logger("daybook.scim")

_REFUSED: Final[Mapping[int, tuple[Failure, str]]] = {
    401: ("not-authorized", "The service does not accept the token: it is wrong, or was revoked. Enter another one."),
    403: ("forbidden", "The token may not read users: let the HR system give it that right."),
}


@dataclass(frozen=True, slots=True)
class Timing:
    """Time and chance, so that tests can hold both.

    Attributes:
        sleep: waits seconds.
        monotonic: seconds that never go back.
        now: the time, UTC.
        random: a number from 0 up to 1.
    """

    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)
    random: Callable[[], float] = random.random


REAL_TIME: Final = Timing()


class NotUnderstood(Exception):
    """The service does not take the question (400).

    Attributes:
        kind: its ``scimType``, in small letters, or empty.
    """

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class _Again(Exception):
    """The request can be tried again, after so many seconds at least."""

    def __init__(self, failure: Failure, message: str, told: float | None = None) -> None:
        super().__init__(message)
        self.failure: Failure = failure
        self.message = message
        self.told = told


class Caller:
    """Asks a service on behalf of one pull or examination, within its limits.

    Args:
        http: adds the token on the way out.
        base: the base address.
        limits: bounds.
        timing: time and chance.
    """

    def __init__(self, http: httpx.Client, base: str, limits: Limits, timing: Timing) -> None:
        self._http = http
        self._base = base
        self._limits = limits
        self._timing = timing
        self._ends_at = timing.monotonic() + limits.fetch_timeout
        self.requests = 0
        self.read_bytes = 0

    @property
    def most_pages(self) -> int:
        """Pages of one list that are read at most."""
        return self._limits.pages

    def ask(self, path: str, parameters: Mapping[str, str] | None = None) -> Object | None:
        """What the service answers; None where there is nothing at the address.

        Args:
            path: below the base address, percent-encoded.
            parameters: of the query.

        Raises:
            NotUnderstood: it does not take the question.
            SourceFailure: there is no answer that can be used.
        """
        for attempt in range(1, self._limits.attempts + 1):
            try:
                return self._once(path, parameters or {})
            except _Again as again:
                self._wait_after(again, attempt)
        raise AssertionError("unreachable: the last attempt raises its failure")

    def need(self, path: str, parameters: Mapping[str, str] | None = None) -> Object:
        """As :meth:`ask`, of what has to be there.

        Raises:
            SourceFailure: it is not, or the question is not taken.
        """
        try:
            found = self.ask(path, parameters)
        except NotUnderstood:
            raise SourceFailure("bad-request", "The service does not accept what was asked for.") from None
        if found is None:
            message = f"The service has no {path.partition('/')[0]}: check the SCIM base URL."
            raise SourceFailure("bad-endpoint", message)
        return found

    def _wait_after(self, again: _Again, attempt: int) -> None:
        doubled = _FIRST_PAUSE * float(2 ** (attempt - 1))
        pause = (again.told or 0.0) + self._timing.random() * min(self._limits.longest_pause, doubled)
        if attempt >= self._limits.attempts or pause >= self._ends_at - self._timing.monotonic():
            retry_at = None
            if again.told is not None:
                retry_at = self._timing.now() + dt.timedelta(seconds=again.told)
            raise SourceFailure(again.failure, again.message, retry_at=retry_at)
        _LOG.warning("scim.retry", failure=again.failure, attempt=attempt, pause_s=round(pause, 3))
        self._timing.sleep(pause)

    def _once(self, path: str, parameters: Mapping[str, str]) -> Object | None:
        left = self._ends_at - self._timing.monotonic()
        if left <= 0:
            message = f"The employees were not read within {self._limits.fetch_timeout:g} seconds."
            raise SourceFailure("timeout", message)
        self.requests += 1
        seconds = min(self._limits.request_timeout, left)
        try:
            with (
                deadline(time.monotonic() + seconds),
                self._http.stream("GET", f"{self._base}/{path}", params=parameters) as response,
            ):
                if response.status_code == 404:
                    return None
                self._check(response)
                most = min(self._limits.answer_bytes, self._limits.fetch_bytes - self.read_bytes)
                body = read_body(response, most)
        except NotAllowed as refused:
            raise SourceFailure("bad-endpoint", str(refused)) from None
        except TIMEOUTS:
            raise _Again("timeout", f"The service did not answer within {seconds:g} seconds.") from None
        except CutOff:
            raise _Again("connection-failed", "The answer ended early.") from None
        except TRANSPORT_ERRORS as error:
            message = f"The service was not reached, or hung up ({type(error).__name__})."
            raise _Again("connection-failed", message) from None
        self.read_bytes += len(body)
        return read_object(body)

    def _check(self, response: httpx.Response) -> None:
        status = response.status_code
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if status == 200 and kind in _KINDS:
            return
        if status == 400:
            raise NotUnderstood(error_type(read_body(response, self._limits.answer_bytes)))
        if status in _REFUSED:
            raise SourceFailure(*_REFUSED[status])
        if status == 429:
            told = told_wait(response.headers, self._timing.now())
            raise _Again("rate-limited", "The service has had too many requests.", 2.0 if told is None else told)
        if status >= 500 or status == 408:
            told = told_wait(response.headers, self._timing.now())
            raise _Again("unavailable", f"The service cannot answer at the moment (status {status}).", told)
        if 300 <= status < 400:
            raise SourceFailure("redirected", "The service points to another address: check the SCIM base URL.")
        raise SourceFailure("unexpected-answer", f"The answer is none of SCIM (status {status}): check the base URL.")


def told_wait(headers: Mapping[str, Any], now: dt.datetime) -> float | None:
    """Seconds that ``Retry-After`` asks for, as a number or as an HTTP date; None where it is missing or neither."""
    text = str(headers.get("retry-after", "")).strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text[:9]), 604_800))
    try:
        until = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=dt.UTC)
    return min(max((until - now).total_seconds(), 0.0), 604_800.0)
