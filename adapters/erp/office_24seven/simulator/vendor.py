"""The vendor: applications and their tokens, and the books of the organizations that connected them."""

import datetime as dt
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from urllib.parse import parse_qsl

from adapters.erp.office_24seven.simulator.books import DEFAULT_LIMIT, HIGHEST_LIMIT, Books, Organization, Refused
from adapters.erp.office_24seven.simulator.faults import Board

_LOGGED: Final = 10_000
_AUDIENCE: Final = "https://api.24sevenoffice.com"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the API: what it says, and further headers."""

    status: int
    content: Any
    headers: Mapping[str, str]


class Vendor:
    """One application at 24SevenOffice, and the organizations that connected it. Any thread may call it.

    Attributes:
        books: of each organization, by its id.
        board: the armed faults.
        requests: the last requests: method, path and status.
        token_seconds: how long a token lasts.
        links: lists say in a header which pages there are.
        lag: so many of the last transactions do not show in lists yet.
        lag_seconds: what was posted shows in lists only so much later.
        seconds: the clock that tells this, in seconds; the machine's, unless somebody sets another.
    """

    def __init__(
        self,
        organizations: Iterable[Organization] = (Organization(12345, "Harbor Restaurants"),),
        *,
        client_id: str = "app-one",
        client_secret: str = "office-secret-one",  # noqa: S107 - made up
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.books = {one.id: Books(one) for one in organizations}
        self.board = Board()
        self.requests: deque[tuple[str, str, int]] = deque(maxlen=_LOGGED)
        self.token_seconds = 3_600.0
        self.links = True
        self.lag = 0
        self.lag_seconds = 0.0
        self.seconds: Callable[[], float] = monotonic
        self.lock = threading.RLock()
        self.stopping = threading.Event()
        self._credentials = (client_id, client_secret)
        self._monotonic = monotonic
        self._tokens: dict[str, tuple[int, float]] = {}

    def expire(self) -> None:
        """Accept none of the tokens any more that were given out."""
        with self.lock:
            self._tokens.clear()

    def answer(self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer a request, whatever it is."""
        with self.lock:
            try:
                return self._answer(method, path, dict(parse_qsl(query)), headers, body)
            except Refused as refused:
                return Answer(refused.status, refused.body(), {})

    def _answer(
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> Answer:
        if (method, path) == ("POST", "/oauth/token"):
            return Answer(200, self._token(dict(parse_qsl(body.decode()))), {})
        books = self._entered(headers.get("authorization", ""))
        head, _, rest = path.removeprefix("/v1/").partition("/")
        match method, head, rest:
            case "GET", "organization", "information":
                return Answer(200, {"id": books.organization.id, "name": books.organization.name}, {})
            case "GET", "accounts", "":
                return Answer(200, [{"id": n, "number": n, "name": name} for n, name in books.accounts.items()], {})
            case "POST", "transactions", "":
                return Answer(201, books.post(_json(body), self.seconds()), {})
            case "GET", "transactionlines", "":
                return self._lines(books, path, query)
            case "POST", "customers", "":
                return Answer(200, books.add_customer(_json(body)), {})
            case "GET", "customers", number:
                return Answer(200, books.customer(_number(number)), {})
            case "PATCH", "customers", number:
                return Answer(200, books.change_customer(_number(number), _json(body)), {})
            case _:
                raise Refused(404, "NotFoundError", "There is no such address.")

    def _token(self, asked: Mapping[str, str]) -> dict[str, Any]:
        if asked.get("grant_type") != "client_credentials" or asked.get("audience") != _AUDIENCE:
            raise Refused(400, "invalid_request", "grant_type or audience is wrong.")
        if (asked.get("client_id"), asked.get("client_secret")) != self._credentials:
            raise Refused(401, "access_denied", "Unauthorized")
        organization = _number(asked.get("login_organization", ""))
        if organization not in self.books:
            raise Refused(403, "access_denied", "The organization did not connect the application.")
        token = f"token-{organization}-{len(self._tokens)}-{self._monotonic():.6f}"
        self._tokens[token] = (organization, self._monotonic() + self.token_seconds)
        return {"access_token": token, "expires_in": self.token_seconds, "token_type": "Bearer"}

    def _entered(self, authorization: str) -> Books:
        organization, ends = self._tokens.get(authorization.removeprefix("Bearer "), (0, 0.0))
        if organization == 0 or self._monotonic() >= ends:
            raise Refused(401, "AuthenticationError", "The token is missing, unknown or over.")
        return self.books[organization]

    def _lines(self, books: Books, path: str, query: Mapping[str, str]) -> Answer:
        try:
            begins, ends = (dt.date.fromisoformat(query.get(name, "")) for name in ("dateFrom", "dateTo"))
        except ValueError:
            raise Refused(400, "ValidationError", "dateFrom and dateTo are dates.") from None
        limit, page = (
            min(_number(query.get("limit", str(DEFAULT_LIMIT))), HIGHEST_LIMIT),
            _number(query.get("page", "1")),
        )
        rows = books.lines(begins, ends, self.lag, self.seconds() - self.lag_seconds)
        until = page * limit
        headers = {}
        if self.links:
            relations = ["first", *(["previous"] if page > 1 else []), *(["next"] if until < len(rows) else [])]
            headers["link"] = ", ".join(f'<{path}?page={page}>; rel="{relation}"' for relation in relations)
        return Answer(200, rows[until - limit : until], headers)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text[:18]) == 0:
        raise Refused(400, "ValidationError", "It is a number above zero.")
    return int(text[:18])


def _json(body: bytes) -> Any:
    try:
        return json.loads(body, parse_float=Decimal)
    except ValueError:
        raise Refused(400, "ValidationError", "The body is not JSON.") from None
