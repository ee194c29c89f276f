"""Addresses: which hosts and ports a system's requests may go to, judged by name before anything is looked up."""

import ipaddress
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from domain.ports.reach import Reach
from domain.ports.source import BadEndpoint

HTTPS_PORT: Final = 443
LOCALHOST: Final = "localhost"

# The last label begins with a letter: what begins with a digit there is read as a number by somebody.
_NAME: Final = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII
)
_PATTERN: Final = re.compile(r"(?:(?P<system>[a-z0-9][a-z0-9._-]{0,63})=)?(?P<host>[^=:]+)(?::(?P<port>[0-9]{1,5}))?")
_PATH: Final = re.compile(r"(?:/[A-Za-z0-9._~-]{1,64}){0,8}/?")
_LONGEST_ADDRESS: Final = 300


class NotAllowed(Exception):
    """A request was about to go where it may not; nothing was sent, and nothing looked up that need not be."""


class Pattern(NamedTuple):
    """A host that may be called, or with ``*.`` all below it, at one port; ``*`` is any name."""

    host: str
    port: int = HTTPS_PORT

    def covers(self, host: str, port: int) -> bool:
        """The host and port are of it."""
        if port != self.port:
            return False
        if self.host == "*":
            return True
        return host.endswith(self.host[1:]) if self.host.startswith("*.") else host == self.host


def pattern(text: str) -> Pattern:
    """A host as systems and operators write it: ``host``, ``*.host``, ``host:port``, or ``*``.

    Raises:
        ValueError: it is none.
    """
    found = _PATTERN.fullmatch(text.strip().lower())
    if found is None or found["system"] or not _is_pattern(found["host"]) or not 0 < int(found["port"] or 443) < 65536:
        raise ValueError("a host is written like pos.example.com, *.example.com or pos.example.com:8443")
    return Pattern(found["host"], int(found["port"] or HTTPS_PORT))


def allowed_host(text: str) -> tuple[str, Pattern]:
    """What an operator allows: the system's key, or the empty text for all systems, and the host.

    Raises:
        ValueError: it is not written so.
    """
    system, equals, host = text.strip().partition("=")
    return (system, pattern(host)) if equals else ("", pattern(system))


def _is_pattern(host: str) -> bool:
    return host == "*" or _NAME.fullmatch(host.removeprefix("*.")) is not None or _literal(host) is not None


@dataclass(frozen=True, slots=True)
class Gate:
    """Where the requests of one system may go.

    Attributes:
        system: its key, for messages.
        loopback: this machine too.
        patterns: the hosts.
    """

    system: str
    loopback: bool
    patterns: tuple[Pattern, ...]

    def pass_host(self, host: str, port: int, *, tls: bool | None = None) -> None:
        """Let pass what may be called, by its name alone.

        Args:
            host: a name or an address, as it stands in a URL.
            port: to connect to.
            tls: the connection is encrypted; None where the caller cannot tell.

        Raises:
            NotAllowed: it may not; the message says why and what to do.
        """
        if is_loopback(host):
            if not self.loopback:
                raise NotAllowed(
                    "The address is this machine itself, which is not allowed here: DAYBOOK_ALLOW_LOOPBACK allows it, "
                    "for simulators and tests."
                )
            return
        if tls is False:
            raise NotAllowed("The address must begin with https://: over http:// anybody on the way reads the key.")
        if not _NAME.fullmatch(host) and not any(host == known.host for known in self.patterns):
            raise NotAllowed(
                "The host is not a plain name: write it like pos.example.com, in small ASCII letters, digits, dashes "
                "and dots; not as a number."
            )
        if any(known.covers(host, port) for known in self.patterns):
            return
        if any(known.covers(host, known.port) for known in self.patterns):
            raise NotAllowed(f"The port {port} is not one that may be called at this host: leave it out.")
        raise NotAllowed(
            f"The host {host!r} is none of the system {self.system!r}: if it is the right one, whoever operates "
            f"daybook adds {self.system}={host} to DAYBOOK_SYSTEM_HOSTS."
        )


def gate(system: str, hosts: Iterable[str], reach: Reach) -> Gate:
    """Where a system's requests may go: to its own hosts, and to those that the operator adds.

    Args:
        system: its key.
        hosts: its own hosts, each as :func:`pattern` takes it.
        reach: what the operator allows.
    """
    added = [allowed_host(text) for text in reach.hosts]
    own = tuple(pattern(text) for text in hosts)
    return Gate(system, reach.loopback, own + tuple(found for key, found in added if key in {"", system}))


@dataclass(frozen=True, slots=True)
class Address:
    """A base address that may be called.

    Attributes:
        url: the one way of writing it, without a slash at its end: equal addresses are equal texts.
        tls: it is encrypted.
    """

    url: str
    tls: bool


def base_address(text: str, allowed: Gate) -> Address:
    """The base address that somebody entered, if requests may go there. Looks nothing up and sends nothing.

    Raises:
        BadEndpoint: it cannot be read, or may not be called; the message says what to do.
    """
    written = text.strip()
    if (
        not written.isascii()
        or not written.isprintable()
        or len(written) > _LONGEST_ADDRESS
        or set(written) & set(" \\%")
    ):
        raise BadEndpoint(
            "The environment URL has characters that no address of a system has: write it in plain ASCII."
        )
    try:
        parts = urlsplit(written)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise BadEndpoint("The environment URL cannot be read: write it like https://pos.example.com.") from None
    if parts.scheme not in {"https", "http"} or not host or "@" in parts.netloc or "?" in written or "#" in written:
        raise BadEndpoint(
            "The environment URL is only https://, a host and perhaps a path, without user, query or «#»."
        )
    if not _PATH.fullmatch(parts.path) or any(set(step) <= {"."} for step in parts.path.strip("/").split("/") if step):
        raise BadEndpoint("The path of the environment URL has characters or steps that no address of a system has.")
    tls = parts.scheme == "https"
    default = HTTPS_PORT if tls else 80
    if parts.netloc.endswith(":") or port == 0:
        raise BadEndpoint("The environment URL has a «:» without a port.")
    try:
        allowed.pass_host(host, port or default, tls=tls)
    except NotAllowed as refused:
        raise BadEndpoint(f"The environment URL cannot be used. {refused}") from None
    shown = f"[{host}]" if ":" in host else host
    where = "" if port in {None, default} else f":{port}"
    return Address(f"{parts.scheme}://{shown}{where}{parts.path.rstrip('/')}", tls)


def is_loopback(host: str) -> bool:
    """The host is this machine, written plainly: ``localhost``, ``127.0.0.1``, ``::1``."""
    if host == LOCALHOST:
        return True
    found = _literal(host)
    return found is not None and found.is_loopback


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a host is, where it is written in the one plain way."""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return None
    return found if str(found) == host else None


_V6_PUBLIC: Final = ipaddress.ip_network("2000::/3")
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_NOT_PUBLIC: Final = tuple(
    map(
        ipaddress.ip_network,
        # Tunnels that carry an IPv4 address inside, relays, and documentation that older tables take for public.
        ("2002::/16", "2001::/23", "2001:db8::/32", "3fff::/20", "192.88.99.0/24", "192.0.0.0/24", "240.0.0.0/4"),
    )
)


def is_public(address: str) -> bool:
    """The address, as a resolver answers it, is one of the public internet and no way into a network of ours."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.scope_id is not None:
            return False
        if found in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)))
        if found not in _V6_PUBLIC:
            return False
    return found.is_global and not found.is_multicast and not any(_within(found, net) for net in _NOT_PUBLIC)


def _within(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, network: ipaddress.IPv4Network | ipaddress.IPv6Network
) -> bool:
    return address.version == network.version and address in network


def loopback_addresses(host: str) -> Iterator[str]:
    """The addresses of this machine that a name of it stands for; nothing is looked up."""
    yield from ("127.0.0.1", "::1") if host == LOCALHOST else (host,)
