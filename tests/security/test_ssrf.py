"""Environment URLs that lead into networks of ours: more than 150 ways to write them, and not one connect."""

import ast
import ipaddress
import re
import socket
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import httpcore
import httpx
import pytest
import structlog
from structlog.testing import capture_logs

from adapters.conformance.sockets import connects
from adapters.http import NotAllowed, base_address, gate, open_client
from adapters.http.addresses import is_public
from adapters.http.guard import GuardedNetwork
from adapters.http.resolving import resolve
from adapters.http.transport import GuardedTransport
from adapters.pos.tray import SYSTEM
from domain.forms import Filled
from domain.ports.reach import PUBLIC, Reach
from domain.ports.source import BadEndpoint, Limits, SourceFailure
from tests.support.fake_vault import MemoryVault
from tests.support.logs import logging_as_before
from tests.support.reach import LOOPBACK
from tests.support.tray_stage import Answer, staged

ANY_HOST = gate("any", ["*"], PUBLIC)
"""The widest gate that a system can have: what is refused here is refused everywhere."""

METADATA = "169.254.169.254"
INSIDE = (
    "0.0.0.0",  # noqa: S104 - nobody listens here
    "0.1.2.3", "10.0.0.1", "10.255.255.254", "100.64.0.1", "127.0.0.1", "127.1.2.3", METADATA, "169.254.0.1",
    "172.16.0.1", "172.31.255.254", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::",
    "2002:a9fe:a9fe::1", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1",
)  # fmt: skip
"""Addresses that no public system has; the resolver of the tests answers with them."""

PUBLIC_ADDRESSES = ("8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "64:ff9b::808:808")


@pytest.fixture(autouse=True)
def every_level() -> Iterator[None]:
    """Whatever level the tests before left in the process."""
    with logging_as_before():
        structlog.reset_defaults()
        yield


def written(address: str) -> Iterable[str]:
    """An IPv4 address in the ways that some parser somewhere takes it for the same."""
    parts = [int(part) for part in address.split(".")]
    number = int(ipaddress.IPv4Address(address))
    yield address
    yield f"{address}."
    yield str(number)
    yield hex(number)
    yield f"0{number:o}"
    yield ".".join(f"0{part:o}" for part in parts)
    yield ".".join(f"000{part:o}" for part in parts)
    yield ".".join(hex(part) for part in parts)
    yield f"{parts[0]}.{number & 0xFFFFFF}"
    yield f"{parts[0]}.{parts[1]}.{number & 0xFFFF}"
    yield f"{hex(parts[0])}.{parts[1]}.{parts[2]}.0{parts[3]:o}"
    yield address.replace(".", "。")
    yield address.replace(".", "．")
    yield address.replace(".", "%2e")
    yield "".join(chr(ord(letter) + 0xFEE0) if letter.isdigit() else letter for letter in address)
    yield "".join(chr(0x2460 + int(letter) - 1) if letter in "123456789" else letter for letter in address)
    yield f"[::ffff:{address}]"
    yield f"[::{address}]"
    yield f"[64:ff9b::{address}]"
    yield f"{address}%00.example.com"


HOSTS = [host for address in ("127.0.0.1", METADATA, "10.0.0.1", "192.168.1.1") for host in written(address)]
ODD_HOSTS = [
    "localhost", "LOCALHOST", "localhost.", "foo.localhost", "localhost.localdomain", "ip6-localhost", "[::1]", "[::]",
    "[0:0:0:0:0:0:0:1]", "[::ffff:7f00:1]", "[fe80::1%25eth0]", "[fe80::1]", "[fd00:ec2::254]", "[v1.fe80]", "0", "1",
    "127.1", "127.0.1", "0x7f.1", "017700000001", "metadata", "intranet", "metadata.google.internal",
    "kubernetes.default",
    "printer.local", "127.0.0.1.nip.example", "rebound.example.com", "a_b.example.com", "-a.example.com",
    "a-.example.com",
    "a..example.com", ".example.com", "example.com..", "x" * 64 + ".example.com", "a." * 130 + "com", "exa mple.com",
    "example.com\t", "exam\u00adple.com", "ⓔxample.com", "exámple.com", "example.com\u200b", "example.com%2f@127.0.0.1",
]  # fmt: skip
URLS = [
    *[f"https://{host}" for host in (*HOSTS, *ODD_HOSTS)],
    *[f"http://{host}/path" for host in ("127.0.0.1", METADATA, "pos.example.com", "localhost:8080", "[::1]:80")],
    *[f"https://inside-{number}.example.com" for number in range(len(INSIDE))],
    "https://user@pos.example.com", "https://user:pw@pos.example.com", "https://pos.example.com@127.0.0.1",
    "https://pos.example.com:pw@127.0.0.1", "https://127.0.0.1#@pos.example.com", "https://127.0.0.1?@pos.example.com",
    "https://127.0.0.1\\@pos.example.com", "https://pos.example.com\\@127.0.0.1", "https:\\\\127.0.0.1",
    "https:/127.0.0.1", "https:127.0.0.1", "//127.0.0.1", "127.0.0.1", "https://", "https:///etc/passwd",
    "https://pos.example.com:22", "https://pos.example.com:80", "https://pos.example.com:6379",
    "https://pos.example.com:0",
    "https://pos.example.com:65536", "https://pos.example.com:-1", "https://pos.example.com:",
    "https://pos.example.com:４４３",
    "https://pos.example.com/../admin", "https://pos.example.com/%2e%2e/", "https://pos.example.com/a?b=c",
    "https://pos.example.com/#x", "https://pos.example.com/\r\nHost: 127.0.0.1",
    "https://pos.example.com\x00.evil.example",
    "file:///etc/passwd", "gopher://127.0.0.1:6379/_x", "ftp://127.0.0.1", "dict://127.0.0.1",
    "jar:https://127.0.0.1!/",
    "unix:///run/docker.sock", "ldap://127.0.0.1", "data:text/plain,x", "javascript:1", "https://https://127.0.0.1",
    "https://[::1", "https://::1", "https://[127.0.0.1]", "https://0x7f000001:443", "https://" + "a" * 400 + ".com",
]  # fmt: skip


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A resolver that leads every name inside; answers the names that were looked up."""
    asked: list[str] = []
    numbers = socket.getaddrinfo

    def lead_inside(host: Any, port: Any, *arguments: Any, **named: Any) -> Any:
        try:
            ipaddress.ip_address(host)
        except ValueError:
            asked.append(str(host))
            number = re.match(r"inside-(\d+)\.", str(host))
            address = INSIDE[int(number[1]) if number else 0]
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            return [(family, socket.SOCK_STREAM, 6, "", (address, int(port)))]
        return numbers(host, port, *arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", lead_inside)
    return asked


def call(url: str) -> None:
    """Call what somebody entered, as an adapter does."""
    address = base_address(url, ANY_HOST)
    with open_client(ANY_HOST, Limits(), secrets={"X-Api-Key": "key"}) as client:
        client.get(address.url)


STOPPED = (NotAllowed, httpx.InvalidURL, httpx.UnsupportedProtocol, httpcore.ConnectError, ValueError)


def test_there_are_many_ways_in() -> None:
    """The table has what it promises."""
    assert len(set(URLS)) >= 150


@pytest.mark.parametrize("url", URLS)
def test_no_url_leads_inside(url: str, names: list[str]) -> None:
    """Whatever is written, and wherever its name leads: it is refused in a sentence, and no socket connects."""
    with connects() as seen, pytest.raises((BadEndpoint, NotAllowed)) as refused:
        call(url)
    assert seen == []
    assert str(refused.value)[0].isupper()


@pytest.mark.parametrize("url", URLS)
def test_no_url_leads_inside_past_the_check_of_the_form(url: str, names: list[str]) -> None:
    """An adapter that asks the HTTP library for it without having checked it is stopped all the same."""
    with (
        connects() as seen,
        open_client(ANY_HOST, Limits(), secrets={}) as client,
        pytest.raises((NotAllowed, httpx.InvalidURL, httpx.UnsupportedProtocol, httpcore.ConnectError, ValueError)),
    ):
        client.get(url)
    assert seen == []


@pytest.mark.parametrize("url", [url for url in URLS if "inside-" in url])
def test_credentials_are_not_tested_inside(url: str, names: list[str]) -> None:
    """The real adapter's test of credentials connects nowhere either, with the operator having allowed the host."""
    limits = Limits(reach=Reach(hosts=("*.example.com",)))
    with connects() as seen, pytest.raises(SourceFailure) as failed:
        SYSTEM.examine(Filled({"environment": url}, {"api_key": "key"}), limits)
    assert (seen, failed.value.failure) == ([], "bad-endpoint")
    assert names


def test_connects_are_counted() -> None:
    """The count has power: this machine, once it is allowed, is connected and seen."""
    with staged() as stage, connects() as seen:
        found = SYSTEM.connect(stage.url, "key", MemoryVault(), Limits(reach=LOOPBACK))
        found.close()
        assert seen == []
        with open_client(gate("any", (), LOOPBACK), Limits(), secrets={}) as client:
            assert client.get(f"{stage.url}/kernel/v1/venues/V100/jobs").status_code == 200
    assert [address[0] for address in seen] == ["127.0.0.1"]


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_inside_are_not_public(address: str) -> None:
    """Private, shared, local, reserved, documented, multicast, and tunnels that carry such an address inside."""
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    """What a system on the internet has is taken."""
    assert is_public(address)


@pytest.mark.parametrize("text", ["", "pos.example.com", "fe80::1%eth0", "1.2.3", "010.0.0.1"])
def test_what_is_no_address_is_not_public(text: str) -> None:
    """A resolver that answers something else is not believed."""
    assert not is_public(text)


class Recording(httpcore.NetworkBackend):
    """Connects nowhere, and remembers where it was to."""

    def __init__(self, refuses: tuple[str, ...] = ()) -> None:
        self.asked: list[tuple[str, int]] = []
        self._refuses = refuses

    def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore.NetworkStream:
        """Remember, and be a stream that nobody reads."""
        self.asked.append((host, port))
        if host in self._refuses:
            raise httpcore.ConnectError("refused")
        return httpcore.NetworkStream()


def test_the_address_that_was_judged_is_the_one_that_is_connected() -> None:
    """A name that leads elsewhere a moment later leads nowhere: it is looked up once, and judged each time."""
    answers = [["93.184.216.34"], ["127.0.0.1"], ["93.184.216.34", "10.0.0.1"]]
    network = Recording()
    guarded = GuardedNetwork(ANY_HOST, network, lambda *_: answers.pop(0))
    guarded.connect_tcp("pos.example.com", 443, 5.0)
    for _ in range(2):
        with capture_logs() as events, pytest.raises(NotAllowed, match="private network"):
            guarded.connect_tcp("pos.example.com", 443, 5.0)
        assert [(event["event"], event["host"]) for event in events] == [("egress.refused", "pos.example.com")]
    assert (network.asked, answers) == ([("93.184.216.34", 443)], [])


def test_names_of_other_alphabets_are_written_encoded() -> None:
    """As the resolver and the certificate have them; the guard reads them so at every step."""
    network = Recording(refuses=("8.8.8.8",))
    address = base_address("https://xn--caf-dma.example.com", ANY_HOST)
    guarded = GuardedTransport(ANY_HOST, {}, network=network, resolver=lambda *_: ["8.8.8.8"])
    with pytest.raises(httpcore.ConnectError):
        guarded.handle_request(httpx.Request("GET", address.url))
    assert network.asked == [("8.8.8.8", 443)]


def test_the_next_address_is_tried() -> None:
    """A host with several addresses is reached at the first that answers; where none does, that is said."""
    network = Recording(refuses=("8.8.8.8",))
    GuardedNetwork(ANY_HOST, network, lambda *_: ["8.8.8.8", "8.8.4.4"]).connect_tcp("pos.example.com", 443)
    assert network.asked == [("8.8.8.8", 443), ("8.8.4.4", 443)]
    with pytest.raises(httpcore.ConnectError):
        GuardedNetwork(ANY_HOST, network, lambda *_: ["8.8.8.8"]).connect_tcp("pos.example.com", 443)
    with pytest.raises(httpcore.ConnectError):
        GuardedNetwork(ANY_HOST, network, lambda *_: []).connect_tcp("pos.example.com", 443)
    with pytest.raises(httpcore.ConnectTimeout):
        GuardedNetwork(ANY_HOST, network, lambda *_: ["8.8.4.4"]).connect_tcp("pos.example.com", 443, 0.0)


def test_a_resolver_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The look-up has a deadline of its own; many that hang take no more threads."""
    letting_go = threading.Event()

    def hang(*_: Any, **__: Any) -> Any:
        letting_go.wait(20)
        raise OSError("given up")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    try:
        with connects() as seen:
            for _ in range(32):
                with pytest.raises(httpcore.ConnectTimeout):
                    resolve("slow.example.com", 443, 0.001)
            with pytest.raises(httpcore.ConnectError, match="Too many"):
                resolve("slow.example.com", 443, 0.001)
        assert seen == []
    finally:
        letting_go.set()
        for thread in threading.enumerate():
            if thread.name == "resolve":
                thread.join()


@pytest.mark.parametrize("error", [socket.gaierror("no such name"), UnicodeError("label too long")])
def test_a_name_that_does_not_resolve_is_a_failure_to_connect(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """It is retried as any other failure of the network."""

    def fail(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(httpcore.ConnectError):
        resolve("pos.example.com", 443, 5.0)


@pytest.mark.parametrize("location", ["http://169.254.169.254/latest/", "https://127.0.0.1/", "http://localhost:1/"])
def test_redirects_are_not_followed(location: str) -> None:
    """A source that points inside, or anywhere, is a failure; the only connect is to itself."""
    with staged() as stage, connects() as seen:
        stage.tamper = lambda *_: Answer(302, b"", {"Location": location, "Content-Length": "0"})
        with pytest.raises(SourceFailure) as failed:
            SYSTEM.examine(Filled({"environment": stage.url}, {"api_key": "key"}), Limits(reach=LOOPBACK))
        port = int(stage.url.rpartition(":")[2])
    assert failed.value.failure == "redirected"
    assert set(seen) == {("127.0.0.1", port)}


def test_the_environment_of_the_process_chooses_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that a variable names would connect in our place, past every check."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with staged() as stage, open_client(gate("any", (), LOOPBACK), Limits(), secrets={}) as client:
        assert client.get(f"{stage.url}/kernel/v1/venues/V100/jobs").status_code == 200


def product_modules() -> Iterator[Path]:
    """The modules of adapters, but for the guarded one, what plays the other side, and what tries adapters."""
    adapters = Path(__file__).parent.parent.parent / "adapters"
    for path in sorted(adapters.rglob("*.py")):
        name = path.relative_to(adapters).as_posix()
        if not {"simulator", "http", "conformance"} & set(path.parts) and name not in OF_THE_OPERATOR:
            yield path


OF_THE_OPERATOR = {"access/fetching.py"}
"""Goes where the operator's settings say, who may have an OpenID provider in a private network: no form names it."""


def test_nothing_else_opens_connections() -> None:
    """No adapter but the guarded one makes an HTTP client or a socket."""
    makers = {"Client", "AsyncClient", "ConnectionPool", "HTTPTransport", "create_connection", "urlopen", "SyncBackend"}
    callers = {"socket", "requests", "aiohttp", "urllib3", "http.client", "urllib.request"}
    strays = [
        f"{path.name}:{node.lineno}"
        for path in product_modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in makers)
        or (isinstance(node, ast.Import) and {name.name for name in node.names} & callers)
        or (isinstance(node, ast.ImportFrom) and node.module in callers)
    ]
    assert strays == []
