"""HTTP/1.1 through the guard and under a deadline: no request outlives it, however slowly the other side drips."""

import functools
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

import httpcore
import httpx

from adapters.http.addresses import Gate, is_loopback
from adapters.http.guard import GuardedNetwork
from adapters.http.pacing import PACES, Pace, Paces
from adapters.http.resolving import Resolver
from domain.ports.source import Limits
from domain.ports.systems import Budget

TRANSPORT_ERRORS: Final = (httpcore.NetworkError, httpcore.ProtocolError, OSError)
TIMEOUTS: Final = (httpcore.TimeoutException, TimeoutError)

_CONNECTIONS: Final = 8
_IDLE_SECONDS: Final = 5.0

# Timeouts of the HTTP library are per read from the socket; a header or body that drips would reset them for ever.
_DEADLINE: Final[ContextVar[float | None]] = ContextVar("deadline", default=None)


@contextmanager
def deadline(at: float) -> Iterator[None]:
    """Everything that this thread reads or writes inside ends at a moment of ``time.monotonic``."""
    token = _DEADLINE.set(at)
    try:
        yield
    finally:
        _DEADLINE.reset(token)


def _put_off(seconds: float) -> None:
    """What a request waited for its turn does not count for its deadline."""
    at = _DEADLINE.get()
    if at is not None:
        _DEADLINE.set(at + seconds)


def _bounded(timeout: float | None, expired: Callable[[str], Exception]) -> float | None:
    at = _DEADLINE.get()
    if at is None:
        return timeout
    left = at - time.monotonic()
    if left <= 0:
        raise expired("The deadline of the request has passed.")
    return left if timeout is None else min(timeout, left)


class _Stream(httpcore.NetworkStream):
    """A connection whose reads and writes end at the deadline."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _bounded(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _bounded(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        bounded = _bounded(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, bounded))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """Connections of a network, wrapped."""

    def __init__(self, inner: httpcore.NetworkBackend) -> None:
        self._inner = inner

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        bounded = _bounded(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.connect_tcp(host, port, bounded, local_address, socket_options))


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class GuardedTransport(httpx.BaseTransport):
    """Sends requests where a gate lets them, and adds secret headers on the way out: no request object ever holds them.

    Args:
        gate: where requests may go.
        secrets: headers that are added.
        network: instead of the machine's, for simulations; it is asked for judged addresses only.
        resolver: instead of the machine's.
        at_once: connections at the same time.
        pace: how often it may be asked; None: as often as anybody likes.
        patience: seconds that a request waits for its turn, at most.
        kept: connections are used again; else each request has one of its own.
    """

    def __init__(
        self,
        gate: Gate,
        secrets: Mapping[str, str],
        *,
        network: httpcore.NetworkBackend | None = None,
        resolver: Resolver | None = None,
        at_once: int = _CONNECTIONS,
        pace: Pace | None = None,
        patience: float = 0.0,
        kept: bool = True,
    ) -> None:
        self._gate = gate
        self._pace = pace
        self._patience = patience
        self._secrets = [(name.encode("ascii"), value.encode("ascii")) for name, value in secrets.items()]
        self._pool = httpcore.ConnectionPool(
            ssl_context=_trust(),
            max_connections=at_once,
            max_keepalive_connections=at_once if kept else 0,
            keepalive_expiry=_IDLE_SECONDS,
            network_backend=_Backend(GuardedNetwork(gate, network, resolver)),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request once it is its turn; raises the exceptions of httpcore, NotAllowed, and SourceFailure."""
        url = request.url
        tls = url.scheme == "https"
        # As it goes out: the library shows names of other alphabets decoded, and the gate reads them encoded.
        host = url.raw_host.decode("ascii")
        self._gate.pass_host(host, url.port or (443 if tls else 80), tls=tls)
        if self._pace is not None and not is_loopback(host):  # simulators on this machine have no budget
            _put_off(self._pace.wait(self._patience))
        sent = httpcore.Request(
            method=request.method,
            url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=[*request.headers.raw, *self._secrets],
            content=request.stream,
            extensions=request.extensions,
        )
        response = self._pool.handle_request(sent)
        return httpx.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_Body(response),
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


@functools.cache
def _trust() -> ssl.SSLContext:
    """Whose certificates are believed; reading them takes longer than a request."""
    return httpx.create_ssl_context()


def open_client(
    gate: Gate,
    limits: Limits,
    *,
    secrets: Mapping[str, str],
    headers: Mapping[str, str] | None = None,
    network: httpcore.NetworkBackend | None = None,
    at_once: int = _CONNECTIONS,
    budget: Budget | None = None,
    paces: Paces = PACES,
    kept: bool = True,
) -> httpx.Client:
    """A client that calls only where a gate lets it: no redirects, no proxies, nothing from the environment.

    Args:
        gate: where requests may go.
        limits: bounds on connecting and reading; put :func:`deadline` around each request and read its body with
            ``read_body``.
        secrets: headers that hold secrets; they are added on the way out, and no log or error of any library has them.
        headers: other headers of every request.
        network: instead of the machine's, for simulations.
        at_once: connections at the same time, where there is no budget.
        budget: how much the system may be asked: what its profile says.
        paces: those of the machine's time, or of a simulation's.
        kept: connections are used again. Not where requests change something: one that was kept may be closed just as
            it is used, by the other side or by another thread's look at it, and then nobody knows what came of it.
    """
    return httpx.Client(
        transport=GuardedTransport(
            gate,
            secrets,
            network=network,
            at_once=budget.at_once if budget else at_once,
            pace=paces.of(gate.system, secrets, budget.per_minute) if budget else None,
            patience=limits.longest_pause,
            kept=kept,
        ),
        timeout=httpx.Timeout(limits.read_timeout, connect=limits.connect_timeout),
        headers={"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "daybook", **(headers or {})},
        follow_redirects=False,
        trust_env=False,
    )
