"""A TCP proxy between a client and PostgreSQL that misbehaves on request."""

import contextlib
import socket
import threading
from collections.abc import Iterator


class Proxy:
    """Forwards bytes both ways.

    Attributes:
        port: where it listens on loopback.
        lost_answers: so many times from now on the connection is cut when the server has answered a COMMIT, before the
            client has seen it.
        silent: set it, and nothing is forwarded any more, while connections stay open.
        lost: how many answers were lost so far.
    """

    def __init__(self, host: str, port: int) -> None:
        self.lost_answers = 0
        self.lost = 0
        self.silent = False
        self._closed = False
        self._target = (host, port)
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Cut everything, and whatever is being connected right now as well."""
        self._closed = True
        for opened in (self._listener, *self._sockets):
            _cut(opened)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                try:
                    server = socket.create_connection(self._target)
                except OSError:
                    _cut(client)
                    continue
                self._sockets += [client, server]
                if self._closed:
                    _cut(client)
                    _cut(server)
                    continue
                for start in (self._to_server, self._to_client):
                    threading.Thread(target=start, args=(client, server), daemon=True).start()

    def _to_server(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                self._hold_back()
                server.sendall(data)
        _cut(client)
        _cut(server)

    def _to_client(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(65536):
                self._hold_back()
                # "COMMIT" and a NUL is how the server tells that the transaction is stored.
                if self.lost_answers and b"COMMIT\0" in data:
                    self.lost_answers -= 1
                    self.lost += 1
                    break
                client.sendall(data)
        _cut(client)
        _cut(server)

    def _hold_back(self) -> None:
        if self.silent:
            threading.Event().wait(60)
            raise OSError("silent for good")


def _cut(opened: socket.socket) -> None:
    with contextlib.suppress(OSError):
        opened.shutdown(socket.SHUT_RDWR)
    opened.close()


@contextlib.contextmanager
def proxied(host: str, port: int) -> Iterator[Proxy]:
    """A proxy to a server for as long as the block lasts."""
    proxy = Proxy(host, port)
    try:
        yield proxy
    finally:
        proxy.close()
