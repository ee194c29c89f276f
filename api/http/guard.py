"""The guard at the door: what every request must keep to before any route sees it, and one log line for each."""

import asyncio
import re
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import unquote

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from api.http import problems
from api.http.cursors import SIGNING
from api.http.problems import Kind, problem, problem_of
from api.http.scim_errors import is_scim
from api.refusals import NotSignedIn
from api.settings import Settings
from api.texts import has_control_characters
from domain.refusals import Refusal

MOST_TARGET: Final = 8 * 1024
"""Bytes of path and query together."""

MOST_HEADERS: Final = 100
MOST_HEADER_BYTES: Final = 32 * 1024

UPLOADS: Final = "/v1/imports"
"""Where files come as multipart/form-data; everywhere else bodies are JSON."""

_HOST: Final = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?", re.IGNORECASE)
_NAME: Final = re.compile(r"(\[[0-9a-f:.]+\]|[^:@/\[\]]+)(?::\d{1,5})?")
_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})
_LOG: Final = structlog.get_logger("daybook.http")


class _Stopped(Exception):
    """The request goes no further; carries its answer."""

    def __init__(self, kind: Kind, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


class Guard:
    """ASGI middleware around the whole application."""

    def __init__(
        self, app: ASGIApp, *, settings: Settings, door: Callable[[Scope], Awaitable[None]], signing: bytes
    ) -> None:
        self._app = app
        self._settings = settings
        self._door = door
        self._signing = signing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer the problem with it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = str(uuid.uuid4())
        visit = _Visit(send, request)
        SIGNING.set(self._signing)
        began = time.perf_counter()
        with bound_contextvars(request=request):
            try:
                for check in CHECKS:
                    check(scope, self._settings.host_names)
                await self._door(scope)
                await self._app(scope, await self._with_body(scope, receive), visit.send)
            except _Stopped as stopped:
                await problem(stopped.kind, stopped.detail, headers={"Connection": "close"})(scope, receive, visit.send)
            except Refusal as refusal:
                # Only the door's: the application answers its own. The body was not read, so that the line ends here.
                answer = problem_of(refusal)
                answer.headers["Connection"] = "close"
                if isinstance(refusal, NotSignedIn) and refusal.stale_cookie:
                    secure = self._settings.secure
                    answer.delete_cookie(refusal.stale_cookie, secure=secure, httponly=True, samesite="strict")
                await answer(scope, receive, visit.send)
            except Exception:
                _LOG.exception("failed", method=scope["method"], route=_template(scope))
                if visit.status:
                    raise  # the answer has begun: all that is left is to cut it
                await _internal_error()(scope, receive, visit.send)
            finally:
                _LOG.info(
                    "request",
                    method=_method(scope),
                    route=_template(scope),
                    status=visit.status,
                    duration_ms=round((time.perf_counter() - began) * 1000, 1),
                )

    async def _with_body(self, scope: Scope, receive: Receive) -> Receive:
        """The body, read whole and bounded in size and time, so that no route has to; an upload comes in pieces."""
        headers = Headers(scope=scope)
        if "content-length" not in headers and "transfer-encoding" not in headers:
            return receive
        upload = _is_upload(scope)
        most = self._settings.import_bytes if upload else self._settings.body_bytes
        too_large = _Stopped(problems.BODY_TOO_LARGE, f"A request's body may have {most} bytes.")
        stated = headers.get("content-length", "0")
        if not stated.isdecimal():
            raise _Stopped(problems.BAD_REQUEST, "Content-Length is not a number.")
        if len(stated) > 15 or int(stated) > most:
            raise too_large
        if upload:
            return _bounded(receive, most, self._settings.import_seconds, too_large)
        body = bytearray()
        try:
            async with asyncio.timeout(self._settings.body_seconds):
                more = True
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise _Stopped(problems.BAD_REQUEST, "The body ended before it was whole.")
                    body += message.get("body", b"")
                    more = message.get("more_body", False)
                    if len(body) > most:
                        raise too_large
        except TimeoutError:
            raise _Stopped(
                problems.BODY_TOO_SLOW, f"The body did not arrive within {self._settings.body_seconds:g} seconds."
            ) from None
        return _replay(bytes(body), receive)


class _Visit:
    """Sends the answer on, with the headers that every answer has, and remembers its status."""

    def __init__(self, send: Send, request: str) -> None:
        self._send = send
        self._request = request
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Content-Type-Options"] = "nosniff"
            headers["Daybook-Request"] = self._request
            headers.setdefault("Cache-Control", "no-store")
            headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
            headers.setdefault("Referrer-Policy", "no-referrer")
        await self._send(message)


def _replay(body: bytes, receive: Receive) -> Receive:
    """The body as one message; whatever the server has to say afterwards comes from the server."""
    given = False

    async def replaying() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replaying


def _bounded(receive: Receive, most: int, seconds: float, too_large: _Stopped) -> Receive:
    """The pieces of an upload as they come, bounded in size and time; the route spools them to a file."""
    came = 0
    until = time.monotonic() + seconds

    async def counting() -> Message:
        nonlocal came
        try:
            async with asyncio.timeout(max(until - time.monotonic(), 0)):
                message = await receive()
        except TimeoutError:
            raise _Stopped(problems.BODY_TOO_SLOW, f"The upload did not arrive within {seconds:g} seconds.") from None
        came += len(message.get("body", b""))
        if came > most:
            raise too_large
        return message

    return counting


def _is_upload(scope: Scope) -> bool:
    return bool(scope["method"] == "POST" and scope["path"] == UPLOADS)


def _check_target(scope: Scope, _: frozenset[str]) -> None:
    path: bytes = scope.get("raw_path") or scope["path"].encode("utf-8", "replace")
    query: bytes = scope.get("query_string", b"")
    if len(path) + len(query) > MOST_TARGET:
        raise _Stopped(problems.ADDRESS_TOO_LONG, f"Path and query may have {MOST_TARGET} bytes together.")
    try:
        text = unquote((path + b"?" + query).decode("ascii"), errors="strict")
    except UnicodeDecodeError:
        raise _Stopped(problems.CONTROL_CHARACTERS, "The address is not UTF-8, percent-encoded.") from None
    if has_control_characters(text):
        raise _Stopped(problems.CONTROL_CHARACTERS, "The address holds a control character such as NUL.")


def _check_headers(scope: Scope, _: frozenset[str]) -> None:
    headers = scope["headers"]
    size = sum(len(name) + len(value) for name, value in headers)
    if len(headers) > MOST_HEADERS or size > MOST_HEADER_BYTES:
        detail = f"A request may have {MOST_HEADERS} headers of {MOST_HEADER_BYTES} bytes together."
        raise _Stopped(problems.HEADERS_TOO_LARGE, detail)


def _check_host(scope: Scope, names: frozenset[str]) -> None:
    """Keep out pages of other sites whose name was made to point at this machine (DNS rebinding)."""
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    if len(hosts) == 1:
        named = _NAME.fullmatch(hosts[0].lower())
        if _HOST.fullmatch(hosts[0]) or (named is not None and named[1] in names):
            return
    known = ", ".join(["localhost, 127.0.0.1 or [::1]", *(["a name of the settings"] if names else [])])
    raise _Stopped(problems.NOT_THIS_HOST, f"Send one Host header that names this machine: {known}.")


def _check_media_type(scope: Scope, _: frozenset[str]) -> None:
    # What SCIM's clients write is refused for the method, whatever they call the body that nobody reads.
    if scope["method"] not in _WITH_BODY or is_scim(scope["path"]):
        return
    stated = Headers(scope=scope).get("content-type", "").split(";")[0].strip().lower()
    if _is_upload(scope):
        if stated != "multipart/form-data":
            raise _Stopped(problems.NOT_JSON, "Send the files as multipart/form-data, and say so in Content-Type.")
        return
    if stated != "application/json":
        raise _Stopped(problems.NOT_JSON, "Send the body as application/json, and say so in Content-Type.")


CHECKS: Final[tuple[Callable[[Scope, frozenset[str]], None], ...]] = (
    _check_headers,
    _check_host,
    _check_target,
    _check_media_type,
)
"""In this order."""


def _internal_error() -> Response:
    return problem(problems.INTERNAL_ERROR, "Something went wrong here. Tell the operator the id of this answer.")


def _template(scope: Scope) -> str:
    """The route's template, never the path itself: ids and dates do not belong into logs."""
    route: Any = scope.get("route")
    return str(getattr(route, "path", "(none)"))


def _method(scope: Scope) -> str:
    method = str(scope["method"])
    return method if method.isascii() and method.isalpha() and len(method) <= 10 else "(odd)"
