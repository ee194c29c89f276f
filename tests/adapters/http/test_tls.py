"""The name on the certificate: the connection goes to the judged address, everything else is said to the name."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from adapters.http import gate, open_client, transport
from adapters.http.transport import GuardedTransport
from domain.ports.reach import PUBLIC
from domain.ports.source import Limits

NAME = "pos.example.com"
ADDRESS = "93.184.216.34"
ANY_HOST = gate("any", ["*"], PUBLIC)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of the name, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    begin = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(dt.datetime(2100, 1, 1, tzinfo=dt.UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "pos.pem"
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    path.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@contextmanager
def served(certificate: Path, heard: dict[str, Any]) -> Iterator[int]:
    """A server with that certificate; it tells the name that it was greeted with, and the request."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _, name, __: heard.update(sni=name)
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            plain, _ = listening.accept()
            plain.settimeout(10)
            with context.wrap_socket(plain, server_side=True) as secure:
                heard["request"] = secure.recv(65536).decode()
                secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.close()
        thread.join(10)


class Bent(httpcore.NetworkBackend):
    """The internet of the test: every public address is the server."""

    def __init__(self, port: int) -> None:
        self.asked: list[str] = []
        self._port = port
        self._inner = httpcore.SyncBackend()

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, *_: Any) -> httpcore.NetworkStream:
        """Remember where it was to, and connect the server."""
        assert port == 443
        assert ipaddress.ip_address(host)
        self.asked.append(host)
        return self._inner.connect_tcp("127.0.0.1", self._port, timeout)


@pytest.mark.parametrize(("name", "taken"), [(NAME, True), ("other.example.com", False)])
def test_the_certificate_is_that_of_the_name(
    certificate: Path, monkeypatch: pytest.MonkeyPatch, name: str, taken: bool
) -> None:
    """Connected is the address; greeted, verified and asked is the name, and a certificate of another is refused."""
    monkeypatch.setattr(transport, "_trust", lambda: ssl.create_default_context(cafile=certificate))
    heard: dict[str, Any] = {}
    with served(certificate, heard) as port:
        network = Bent(port)
        guarded = GuardedTransport(ANY_HOST, {"X-Api-Key": "s3cret"}, network=network, resolver=lambda *_: [ADDRESS])
        with open_client(ANY_HOST, Limits(), secrets={}) as client:
            client._transport = guarded
            if taken:
                assert client.get(f"https://{name}/x").text == "ok"
            else:
                with pytest.raises(httpcore.ConnectError, match="match"):
                    client.get(f"https://{name}/x")
    assert network.asked == [ADDRESS]
    assert heard["sni"] == name
    if taken:
        assert f"\r\nHost: {NAME}\r\n" in heard["request"]
        assert "\r\nX-Api-Key: s3cret\r\n" in heard["request"]
    else:
        assert "request" not in heard
