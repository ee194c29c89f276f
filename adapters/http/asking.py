"""Asking once: one request and its whole answer, bounded, with every way in which it can go wrong as a failure."""

import time
from collections.abc import Mapping
from typing import Final

import httpx

from adapters.http.addresses import NotAllowed
from adapters.http.bodies import CutOff, read_body
from adapters.http.transport import TIMEOUTS, TRANSPORT_ERRORS, deadline
from domain.ports.source import Failure, Limits, SourceFailure

JSON: Final = "application/json"

_REFUSED: Final[Mapping[int, tuple[Failure, str]]] = {
    400: ("bad-request", "The source does not accept what was asked for."),
    401: ("not-authorized", "The source does not accept the credentials: they are wrong, or were revoked."),
    403: ("forbidden", "The credentials do not open this: it belongs to another company."),
    404: ("unknown-venue", "The source has nothing of that id: check the location's ids and the environment URL."),
    409: ("day-not-closed", "The business date is not closed at the source yet."),
    429: ("rate-limited", "The source has had too many requests."),
}


def answer_of(
    http: httpx.Client, url: str, limits: Limits, *, parameters: Mapping[str, str] | None = None, media_type: str = JSON
) -> bytes:
    """The body of an answer of status 200.

    An adapter that retries, pages, or knows more of its source's statuses does so around this.

    Args:
        http: from :func:`open_client`.
        url: absolute.
        limits: bounds on the request and its answer.
        parameters: of the query.
        media_type: what the answer has to be.

    Raises:
        SourceFailure: there is no such answer; the message has nothing of the address, the credentials or the answer.
    """
    try:
        with (
            deadline(time.monotonic() + limits.request_timeout),
            http.stream("GET", url, params=parameters) as response,
        ):
            _check(response, media_type)
            return read_body(response, limits.answer_bytes)
    except NotAllowed as refused:
        raise SourceFailure("bad-endpoint", str(refused)) from None
    except TIMEOUTS:
        raise SourceFailure("timeout", f"There was no answer within {limits.request_timeout:g} seconds.") from None
    except CutOff:
        raise SourceFailure("connection-failed", "The answer ended early.") from None
    except TRANSPORT_ERRORS as error:
        message = f"The source was not reached, or hung up ({type(error).__name__})."
        raise SourceFailure("connection-failed", message) from None


def _check(response: httpx.Response, media_type: str) -> None:
    status = response.status_code
    if status in _REFUSED:
        raise SourceFailure(*_REFUSED[status])
    if status >= 500 or status == 408:
        raise SourceFailure("unavailable", f"The source cannot answer at the moment (status {status}).")
    if 300 <= status < 400:
        raise SourceFailure("redirected", "The source points to another address: check the environment URL.")
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if status != 200 or kind != media_type:
        raise SourceFailure("unexpected-answer", f"The answer is not what was asked for (status {status}).")
