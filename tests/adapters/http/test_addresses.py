"""Which addresses may be called: a system's own hosts, what the operator adds, and this machine when told."""

from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.http import Gate, NotAllowed, base_address, gate
from adapters.http.addresses import allowed_host, pattern
from domain.ports.reach import PUBLIC, Reach
from domain.ports.source import BadEndpoint

OWN = ("*.tray.com", "pos.example.com:8443")
ADDED = Reach(hosts=("kernel.example.net", "tray=*.example.org", "other=elsewhere.example.com"))


@pytest.mark.parametrize(
    ("text", "reach", "expected"),
    [
        ("https://kernel.tray.com", PUBLIC, "https://kernel.tray.com"),
        (" HTTPS://Kernel.TRAY.com:443/v1/ ", PUBLIC, "https://kernel.tray.com/v1"),
        ("https://pos.example.com:8443/", PUBLIC, "https://pos.example.com:8443"),
        ("https://kernel.example.net", ADDED, "https://kernel.example.net"),
        ("https://a.b.example.org", ADDED, "https://a.b.example.org"),
        ("http://127.0.0.1:8300", Reach(loopback=True), "http://127.0.0.1:8300"),
        ("http://localhost/", Reach(loopback=True), "http://localhost"),
        ("https://[::1]:8443/x", Reach(loopback=True), "https://[::1]:8443/x"),
        ("https://8.8.8.8", Reach(hosts=("8.8.8.8",)), "https://8.8.8.8"),
    ],
)
def test_what_may_be_called_is_written_in_one_way(text: str, reach: Reach, expected: str) -> None:
    """Equal addresses are equal texts, so that they are one environment."""
    address = base_address(text, gate("tray", OWN, reach))
    assert (address.url, address.tls) == (expected, expected.startswith("https"))


@pytest.mark.parametrize(
    ("text", "reach", "told"),
    [
        ("https://tray.com", PUBLIC, "tray=tray.com to DAYBOOK_SYSTEM_HOSTS"),
        ("https://eviltray.com", PUBLIC, "DAYBOOK_SYSTEM_HOSTS"),
        ("https://kernel.tray.com.evil.example", PUBLIC, "DAYBOOK_SYSTEM_HOSTS"),
        ("https://elsewhere.example.com", ADDED, "DAYBOOK_SYSTEM_HOSTS"),
        ("https://kernel.example.net:8443", ADDED, "port 8443"),
        ("https://pos.example.com", PUBLIC, "port 443"),
        ("http://kernel.tray.com", PUBLIC, "https://"),
        ("http://127.0.0.1", PUBLIC, "DAYBOOK_ALLOW_LOOPBACK"),
        ("https://8.8.8.8", PUBLIC, "not as a number"),
        ("https://kernel.tray.com:", PUBLIC, "without a port"),
        ("https://kernel.tray.com/a b", PUBLIC, "characters"),
        ("https://kernel.tray.com/a;b", PUBLIC, "path"),
    ],
)
def test_what_may_not_be_called_is_said_with_what_to_do(text: str, reach: Reach, told: str) -> None:
    """The sentence names the setting, or what is wrong with the address."""
    with pytest.raises(BadEndpoint, match=told):
        base_address(text, gate("tray", OWN, reach))


def test_a_gate_is_asked_again_where_a_connection_is_made() -> None:
    """There the scheme is not known any more, and the name decides."""
    allowed = Gate("tray", loopback=False, patterns=(pattern("*"),))
    allowed.pass_host("pos.example.com", 443)
    with pytest.raises(NotAllowed):
        allowed.pass_host("pos.example.com", 443, tls=False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pos.example.com", ("", ("pos.example.com", 443))),
        ("*.Example.com", ("", ("*.example.com", 443))),
        (" tray=pos.example.com:8443 ", ("tray", ("pos.example.com", 8443))),
        ("*", ("", ("*", 443))),
    ],
)
def test_operators_write_hosts(text: str, expected: tuple[str, tuple[str, int]]) -> None:
    """A host, all below it, another port, for one system alone."""
    system, found = allowed_host(text)
    assert (system, tuple(found)) == expected


@pytest.mark.parametrize(
    "text",
    ["", "https://pos.example.com", "pos", "*.com:x", "a.example.com:0", "a.example.com:70000", "*x.example.com"],
)
def test_what_is_no_host_is_refused(text: str) -> None:
    """A setting with a typo does not start, rather than open or close something else."""
    with pytest.raises(ValueError, match="a host is written like"):
        allowed_host(text)


SPICY = st.text(alphabet="ahtps:/@.#?[]\\%0127x-_ \t。１é", max_size=30)
"""Text out of everything that parsers of addresses disagree about."""


@given(st.one_of(SPICY, SPICY.map(lambda text: f"https://{text}"), st.from_regex(r"https://[a-z0-9.:@/%-]{1,40}")))
def test_whatever_is_written_two_readers_agree_or_it_is_refused(text: str) -> None:
    """What is taken means the same to the library that calls it, and taking it again changes nothing."""
    widest = gate("any", ["*"], PUBLIC)
    try:
        address = base_address(text, widest)
    except BadEndpoint:
        return
    called = httpx.URL(address.url)
    widest.pass_host(called.raw_host.decode(), called.port or 443, tls=called.scheme == "https")
    assert (called.scheme, called.userinfo, called.query, called.fragment) == ("https", b"", b"", "")
    assert called.raw_host.decode() == urlsplit(text.strip()).hostname
    assert str(called).rstrip("/") == address.url
    assert base_address(address.url, widest) == address
