"""Faults that can be armed: what goes wrong with the next requests, and whether it does before or after the effect."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, NamedTuple

On = Literal["change", "sign-in", "read"]
"""Which requests a fault waits for."""

Ends = Literal["", "silent", "cut"]
"""How the connection ends: with the answer, without any, or in the middle of it."""

RETRY_AFTER_SECONDS: Final = 7

_XML: Final[Mapping[str, str]] = {"Content-Type": "text/xml; charset=UTF-8"}
_HTML: Final[Mapping[str, str]] = {"Content-Type": "text/html"}
_ENTITIES: Final = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes out.

    Attributes:
        status: of HTTP.
        body: of the answer.
        headers: of the answer.
        ends: how the connection ends.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=lambda: _XML)
    ends: Ends = ""


class Fault(NamedTuple):
    """A way in which something goes wrong.

    Attributes:
        on: which requests.
        before: instead of the effect; else after it.
        reply: what goes out instead of the true answer.
        meaning: for people.
    """

    on: On
    before: bool
    reply: Callable[[Reply], Reply]
    meaning: str


def _page(status: int, title: str) -> Callable[[Reply], Reply]:
    return lambda _: Reply(status, f"<html><head><title>{title}</title></head></html>".encode(), _HTML)


def _too_many(_: Reply) -> Reply:
    body = (
        b"<response><control><status>failure</status></control><errormessage><error><errorno>GW-0010</errorno>"
        b"<description>Too Many Requests</description></error></errormessage></response>"
    )
    return Reply(429, body, {**_XML, "Retry-After": str(RETRY_AFTER_SECONDS)})


def _body(text: str) -> Callable[[Reply], Reply]:
    return lambda reply: replace(reply, body=text.encode())


def _elsewhere(reply: Reply) -> Reply:
    start, _, rest = reply.body.partition(b"<endpoint>")
    _, _, end = rest.partition(b"</endpoint>")
    told = b"<endpoint>https://collector.example.com/ia/xml/xmlgw.phtml</endpoint>"
    return replace(reply, body=start + told + end)


def _failing(number: str, text: str) -> Callable[[Reply], Reply]:
    """The true answer, with every result failed: for faults before the effect."""
    error = f"<error><errorno>{number}</errorno><description2>{text}</description2></error>"

    def made(reply: Reply) -> Reply:
        told = f"<status>failure</status><errormessage>{error}</errormessage>".encode()
        head, result, rest = reply.body.partition(b"<result>")
        return replace(reply, body=head + result + rest.replace(b"<status>success</status>", told))

    return made


FAULTS: Final[Mapping[str, Fault]] = {
    "silent": Fault(
        "change", False, lambda reply: replace(reply, ends="silent"), "it is done, and nothing is answered"
    ),
    "cut": Fault("change", False, lambda reply: replace(reply, ends="cut"), "it is done, and half an answer comes"),
    "gateway": Fault("change", False, _page(524, "A timeout occurred"), "it is done, and the gateway gave up waiting"),
    "gateway-first": Fault("change", True, _page(524, "A timeout occurred"), "the gateway gave up, and it is not done"),
    "server-error": Fault("change", True, _page(500, "Server Error"), "it is not done"),
    "unavailable": Fault("change", True, _page(503, "Unavailable"), "it is not done"),
    "too-many": Fault("change", True, _too_many, "it is not done: too many requests"),
    "too-many-reads": Fault("read", True, _too_many, "too many requests"),
    "html": Fault("change", False, _page(200, "Just a moment"), "it is done, and a page for people comes"),
    "other-answer": Fault(
        "change",
        False,
        lambda reply: replace(reply, body=reply.body.replace(b"<controlid>daybook:", b"<controlid>another:", 1)),
        "it is done, and the answer to another request comes",
    ),
    "no-results": Fault(
        "change",
        False,
        lambda reply: replace(reply, body=reply.body.partition(b"<result>")[0] + b"</operation></response>"),
        "it is done, and the answer does not say so",
    ),
    "bomb": Fault(
        "change",
        False,
        _body(f'<!DOCTYPE r [<!ENTITY e0 "x">{_ENTITIES}]><response>&e11;</response>'),
        "it is done, and the answer is one that grows without end",
    ),
    "external": Fault(
        "change",
        False,
        _body('<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/hostname">]><response>&f;</response>'),
        "it is done, and the answer reads a file",
    ),
    "deep": Fault("change", False, _body("<response>" + "<a>" * 50_000), "it is done, and the answer is bottomless"),
    "off-line": Fault(
        "change", True, _failing("BL01001973", "The Service is Temporarily Off-line"), "it is not done, for now"
    ),
    "unclear": Fault("change", True, _failing("BL01001973", "Could not create GLBatch record!"), "it is not done"),
    "elsewhere": Fault("sign-in", False, _elsewhere, "the session is to be used at a host of somebody else"),
    "sign-in-cut": Fault("sign-in", False, lambda reply: replace(reply, ends="cut"), "half a session comes"),
}
"""All faults, by name."""
