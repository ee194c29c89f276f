"""Tokens: one of each organization, kept until shortly before it ends, and fetched by one thread at a time."""

import datetime as dt
import hmac
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

import httpx

from adapters.erp.office_24seven.wire import Token, decode
from adapters.http import check_answered, send
from adapters.http.sending import Clock, utc_now
from domain.ports.source import Limits
from domain.ports.target import TargetFailure

AUDIENCE: Final = "https://api.24sevenoffice.com"

_EARLY_SECONDS: Final = 60.0
_LONGEST_SECONDS: Final = 86_400.0
_LONGEST_TOKEN: Final = 8_192
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Credentials:
    """Of an application.

    Attributes:
        client_id: which.
        client_secret: never shown.
    """

    client_id: str
    client_secret: str = field(repr=False)


@dataclass(slots=True)
class _Kept:
    token: str
    until: float


class Tokens:
    """The tokens of an application. May be used by several threads at once.

    Args:
        http: calls the token endpoint.
        url: of the token endpoint.
        credentials: of the application.
        limits: bounds on each request.
        turns: what every request waits for, so that there are never more of them than connections.
        now: what time it is.
        monotonic: seconds that never go back.
    """

    def __init__(
        self,
        http: httpx.Client,
        url: str,
        credentials: Credentials,
        limits: Limits,
        turns: threading.Semaphore,
        now: Clock = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http = http
        self._url = url
        self._credentials = credentials
        self._limits = limits
        self._turns = turns
        self._now = now
        self._monotonic = monotonic
        self._kept: dict[str, _Kept] = {}
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._lock = threading.Lock()

    def of(self, organization: str, until: dt.datetime) -> str:
        """The token of an organization; a new one is fetched where the old one ends within a minute.

        Raises:
            TargetFailure: there is none: the credentials are not accepted, or the endpoint does not answer.
        """
        with self._lock:
            turn = self._locks[organization]
        with turn:
            kept = self._kept.get(organization)
            if kept is not None and self._monotonic() < kept.until:
                return kept.token
            answered = self._fetch(organization, until)
            lasts = min(max(answered.expires_in - _EARLY_SECONDS, 0.0), _LONGEST_SECONDS)
            self._kept[organization] = _Kept(answered.access_token, self._monotonic() + lasts)
            return answered.access_token

    def drop(self, organization: str, token: str) -> None:
        """Forget a token that was not accepted, unless another took its place already."""
        kept = self._kept.get(organization)
        if kept is not None and hmac.compare_digest(kept.token.encode(), token.encode()):
            self._kept.pop(organization, None)

    def _fetch(self, organization: str, until: dt.datetime) -> Token:
        asked = {
            "grant_type": "client_credentials",
            "client_id": self._credentials.client_id,
            "client_secret": self._credentials.client_secret,
            "audience": AUDIENCE,
            "login_organization": organization,
        }
        body = urlencode(asked).encode()
        # A token that is issued twice changes nothing in the books.
        with self._turns:
            answered = send(
                self._http,
                "POST",
                self._url,
                self._limits,
                until=until,
                content=body,
                headers=_FORM,
                changes=False,
                now=self._now,
            )
        if answered.status in {400, 401, 403}:
            raise TargetFailure(
                "not-authorized",
                "24SevenOffice does not accept the client id and secret for the organization "
                f"{organization}: check them, and that the organization has connected the application.",
            )
        check_answered(answered, changes=False, now=self._now)
        if answered.status != 200:
            raise TargetFailure("unexpected-answer", f"The token endpoint answered with status {answered.status}.")
        token = decode(answered.body, Token)
        usable = all("!" <= letter <= "~" for letter in token.access_token)
        if not usable or not 0 < len(token.access_token) <= _LONGEST_TOKEN:
            raise TargetFailure("unexpected-answer", "The token endpoint answered a token that cannot be one.")
        return token
