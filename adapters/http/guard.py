"""The guard on the way out: a name is resolved once, every address must be public, and just that one is connected."""

import time
from collections.abc import Iterable
from typing import Final

import httpcore
import structlog

from adapters.http.addresses import Gate, NotAllowed, is_loopback, is_public, loopback_addresses
from adapters.http.resolving import LONGEST_SECONDS, Resolver, resolve

_UNBOUNDED: Final = 60.0
_LOG: Final = structlog.get_logger("daybook.egress")


class GuardedNetwork(httpcore.NetworkBackend):
    """Connections that lead only where a gate lets them.

    The address that was judged is the address that is connected: whatever the name resolves to a moment later does not
    matter. The certificate is still checked, and the Host header still written, for the name.
    """

    def __init__(
        self, gate: Gate, inner: httpcore.NetworkBackend | None = None, resolver: Resolver | None = None
    ) -> None:
        self._gate = gate
        self._inner = inner or httpcore.SyncBackend()
        self._resolver = resolver or resolve

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to a host, if it may be called.

        Raises:
            NotAllowed: it may not, or one of its addresses is none of the public internet.
            httpcore.ConnectError, httpcore.ConnectTimeout: it cannot be reached.
        """
        ends_at = time.monotonic() + (_UNBOUNDED if timeout is None else timeout)
        failed: Exception = httpcore.ConnectError("The name has no address.")
        for address in self._addresses(host, port, ends_at):
            left = ends_at - time.monotonic()
            if left <= 0:
                raise httpcore.ConnectTimeout("The host was not connected in time.")
            try:
                return self._inner.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    def _addresses(self, host: str, port: int, ends_at: float) -> list[str]:
        self._gate.pass_host(host, port)
        if is_loopback(host):
            return list(loopback_addresses(host))
        found = self._resolver(host, port, min(LONGEST_SECONDS, ends_at - time.monotonic()))
        if not all(map(is_public, found)):
            _LOG.warning("egress.refused", system=self._gate.system, host=host)
            raise NotAllowed(
                f"The name {host!r} leads to an address inside a private network, which is never called: check the "
                "environment URL."
            )
        return found
