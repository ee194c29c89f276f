"""Sending once: one request that may change something there, told apart by whether anything was sent."""

import datetime as dt
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from adapters.http.addresses import NotAllowed
from adapters.http.bodies import CutOff, read_body
from adapters.http.transport import TIMEOUTS, TRANSPORT_ERRORS, deadline
from adapters.http.waiting import told_wait
from domain.ports.source import Limits, SourceFailure
from domain.ports.target import Failure, OutcomeUncertain, TargetFailure

Clock = Callable[[], dt.datetime]
"""What time it is, UTC."""

_BEGINS: Final = "send_request_headers.started"
_TOO_LATE: Final = "The time for it was over before it could be sent."


class _TooLate(Exception):
    """The request was about to be sent after the last moment."""


def utc_now() -> dt.datetime:
    """The machine's time."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Answered:
    """A whole answer, of whatever status.

    Attributes:
        status: of HTTP.
        headers: of the answer.
        body: unpacked; it may hold personal data.
    """

    status: int
    headers: httpx.Headers
    body: bytes = field(repr=False)


def send(
    http: httpx.Client,
    method: str,
    url: str,
    limits: Limits,
    *,
    until: dt.datetime,
    content: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    parameters: Mapping[str, str] | None = None,
    changes: bool = True,
    now: Clock = utc_now,
) -> Answered:
    """Send one request, and answer what came back, whatever its status; see :func:`check_answered`.

    Args:
        http: from :func:`open_client`.
        method: of HTTP.
        url: absolute.
        limits: bounds on the request and its answer.
        until: nothing is sent after it, and no answer is waited for.
        content: the body.
        headers: besides those of the client.
        parameters: of the query.
        changes: it may change something there: once it was sent, whatever goes wrong leaves the outcome uncertain.
        now: what time it is.

    Raises:
        TargetFailure: nothing was sent, or nothing that changes anything; neither address nor answer is shown.
        OutcomeUncertain: it was sent, and there is no whole answer.
    """
    seconds = min(limits.request_timeout, (until - now()).total_seconds())
    if seconds <= 0:
        raise TargetFailure("connection-failed", _TOO_LATE)
    began: list[str] = []

    def trace(event: str, _: Any) -> None:
        if event.endswith(_BEGINS):
            if now() >= until:  # whatever it waited for until here
                raise _TooLate
            began.append(event)

    asked = http.build_request(
        method,
        url,
        content=content,
        headers=headers,
        params=parameters,
        timeout=httpx.Timeout(limits.read_timeout, connect=limits.connect_timeout, pool=seconds),
        extensions={"trace": trace},
    )
    return _sent(http, asked, limits, seconds, began, changes=changes)


def _sent(
    http: httpx.Client, asked: httpx.Request, limits: Limits, seconds: float, began: list[str], *, changes: bool
) -> Answered:
    try:
        with deadline(time.monotonic() + seconds):
            response = http.send(asked, stream=True)
            try:
                return Answered(response.status_code, response.headers, read_body(response, limits.answer_bytes))
            finally:
                response.close()
    except NotAllowed as refused:
        raise TargetFailure("bad-endpoint", str(refused)) from None
    except TIMEOUTS:
        raise _ended("unavailable", f"There was no answer within {seconds:.3g} seconds.", began, changes) from None
    except _TooLate:
        raise TargetFailure("connection-failed", _TOO_LATE) from None
    except SourceFailure as failure:
        if failure.failure == "rate-limited" and not began:
            raise TargetFailure("rate-limited", failure.message, retry_at=failure.retry_at) from None
        kind: Failure = "too-large" if failure.failure == "too-large" else "unexpected-answer"
        raise _ended(kind, failure.message, began, changes) from None
    except CutOff:
        raise _ended("unexpected-answer", "The answer ended early.", began, changes) from None
    except TRANSPORT_ERRORS as error:
        message = f"The connection was cut ({type(error).__name__})."
        raise _ended("unexpected-answer", message, began, changes, error) from None


def _ended(
    failure: Failure, message: str, began: list[str], changes: bool, error: BaseException | None = None
) -> Exception:
    if not began:
        how = f" ({type(error).__name__})" if error else ""
        return TargetFailure("connection-failed", f"The system was not reached{how}: nothing was sent.")
    return OutcomeUncertain(message) if changes else TargetFailure(failure, message)


def check_answered(answered: Answered, *, changes: bool = True, now: Clock = utc_now) -> None:
    """Raise what an answer's status says for every system alike; others are the adapter's to judge.

    A gateway answers 5xx also for what was done behind it, so that after a change all of them are uncertain.

    Raises:
        TargetFailure: 401, 403, 429, 3xx; and 408 and 5xx of what changes nothing.
        OutcomeUncertain: 408 and 5xx of what may change something.
    """
    status = answered.status
    if status == 429:
        told = told_wait(answered.headers, now())
        retry_at = None if told is None else now() + dt.timedelta(seconds=told)
        raise TargetFailure("rate-limited", "The system has had too many requests.", retry_at=retry_at)
    if status in {401, 403}:
        message = "The system does not accept the credentials: they are wrong, were revoked, or do not open this."
        raise TargetFailure("not-authorized", message)
    if 300 <= status < 400:
        raise TargetFailure("bad-endpoint", "The system points to another address: check the environment URL.")
    if status == 408 or status >= 500:
        if changes:
            raise OutcomeUncertain(f"The answer has status {status}: whether it was done is not known.")
        raise TargetFailure("unavailable", f"The system cannot answer at the moment (status {status}).")
