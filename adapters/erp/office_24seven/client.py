"""24SevenOffice's calls: one request at a time, with the token of its organization, and all pages of a list."""

import datetime as dt
import threading
from collections.abc import Mapping
from typing import Any, Final, Self

import httpx
import msgspec

from adapters.erp.office_24seven.profile import PROFILE
from adapters.erp.office_24seven.tokens import Credentials, Tokens
from adapters.erp.office_24seven.wire import decode
from adapters.http import Answered, Gate, check_answered, open_client, send
from adapters.http.sending import Clock, utc_now
from domain.ports.source import Limits
from domain.ports.target import TargetFailure

_JSON: Final = {"Content-Type": "application/json"}
_PAGE_LINES: Final = 200


class Office:
    """Calls the API on behalf of one application. May be used by several threads at once.

    Args:
        http: calls the API, and nothing else.
        base: its address.
        tokens: of the application.
        limits: bounds on each request.
        turns: what every request waits for: a pool of connections that has more requests than connections closes
            connections that others are about to use.
        now: what time it is.
    """

    def __init__(
        self,
        http: httpx.Client,
        base: str,
        tokens: Tokens,
        limits: Limits,
        turns: threading.Semaphore,
        now: Clock = utc_now,
    ) -> None:
        self._http = http
        self._base = base
        self._tokens = tokens
        self._turns = turns
        self._now = now
        self._limits = limits

    def read(self, organization: str, path: str, until: dt.datetime, **parameters: str) -> Answered:
        """A whole answer to a question that changes nothing: of status 200, or 404.

        Raises:
            TargetFailure: there is none.
        """
        answered = self._call(organization, "GET", path, until, parameters=parameters, changes=False)
        check_answered(answered, changes=False, now=self._now)
        if answered.status not in {200, 404}:
            message = f"24SevenOffice answered with status {answered.status}, which its contract does not know."
            raise TargetFailure("unexpected-answer", message)
        return answered

    def send(self, organization: str, method: str, path: str, content: bytes, until: dt.datetime) -> Answered:
        """A whole answer to what changes something: of a status that says what became of it.

        Raises:
            TargetFailure: nothing was done.
            OutcomeUncertain: it may have been done.
        """
        answered = self._call(organization, method, path, until, content=content, changes=True)
        check_answered(answered, changes=True, now=self._now)
        return answered

    def listed(
        self, organization: str, path: str, until: dt.datetime, **parameters: str
    ) -> tuple[list[msgspec.Raw], int]:
        """All rows of a list, page after page, and how many pages that were.

        Where the answer says which pages there are, that counts; else it goes on until a page is empty, because a
        page can be shorter than what was asked for.

        Raises:
            TargetFailure: it cannot be read to its end.
        """
        found: list[msgspec.Raw] = []
        before = b""
        for page in range(1, self._limits.pages + 1):
            answered = self.read(organization, path, until, **parameters, limit=str(_PAGE_LINES), page=str(page))
            if answered.status == 404:
                raise TargetFailure("unexpected-answer", f"24SevenOffice does not know {path}.")
            rows: list[Any] = decode(answered.body, list[msgspec.Raw])
            found += rows
            if not rows or _leads_on(answered.headers) is False:
                return found, page
            if answered.body == before:
                raise TargetFailure("unexpected-answer", "24SevenOffice answers the same page again and again.")
            before = answered.body
        raise TargetFailure("too-large", f"The list has more than {self._limits.pages:,} pages.")

    def _call(
        self,
        organization: str,
        method: str,
        path: str,
        until: dt.datetime,
        *,
        content: bytes | None = None,
        parameters: Mapping[str, str] | None = None,
        changes: bool,
    ) -> Answered:
        """Call once, and once more with a new token where the old one was not accepted: then nothing was done."""
        token = self._tokens.of(organization, until)
        answered = self._once(token, method, path, until, content, parameters, changes)
        if answered.status != 401:
            return answered
        self._tokens.drop(organization, token)
        fresh = self._tokens.of(organization, until)
        return self._once(fresh, method, path, until, content, parameters, changes)

    def _once(
        self,
        token: str,
        method: str,
        path: str,
        until: dt.datetime,
        content: bytes | None,
        parameters: Mapping[str, str] | None,
        changes: bool,
    ) -> Answered:
        headers = {"Authorization": f"Bearer {token}", **(_JSON if content is not None else {})}
        with self._turns:
            return send(
                self._http,
                method,
                f"{self._base}{path}",
                self._limits,
                until=until,
                content=content,
                headers=headers,
                parameters=parameters or None,
                changes=changes,
                now=self._now,
            )


class Calling:
    """The connections of one application; a context, at whose end they are given back.

    Attributes:
        url: the address of the API.
        office: calls it.
    """

    def __init__(
        self, allowed: Gate, url: str, login: str, credentials: Credentials, limits: Limits, now: Clock = utc_now
    ) -> None:
        at_once = PROFILE.budget.at_once
        turns = threading.BoundedSemaphore(at_once)
        self._login = open_client(allowed, limits, secrets={}, at_once=at_once)
        self._http = open_client(allowed, limits, secrets={}, at_once=at_once)
        self.url = url
        tokens = Tokens(self._login, login, credentials, limits, turns, now)
        self.office = Office(self._http, url, tokens, limits, turns, now)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back connections."""
        self._login.close()
        self._http.close()


def _leads_on(headers: httpx.Headers) -> bool | None:
    """The ``Link`` header leads to a next page; None where there is no such header."""
    link = headers.get("link")
    return None if link is None else 'rel="next"' in link or "rel=next" in link
