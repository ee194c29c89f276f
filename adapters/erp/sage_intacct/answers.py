"""Answers of the XML gateway, read strictly and within bounds: what attacks a parser is refused."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder  # only the types: defusedxml parses

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

MOST_ELEMENTS: Final = 100_000
DEEPEST: Final = 24
_MOST_ERRORS: Final = 20
_LONGEST_TEXT: Final = 2_000


class NotAnAnswer(Exception):
    """It is not an answer of the gateway; the message shows nothing of it."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """An error as the gateway tells it. Its texts may repeat what was sent.

    Attributes:
        number: ``errorno``.
        text: ``description2``, or ``description`` where that is empty.
        correction: what it advises.
    """

    number: str
    text: str = field(default="", repr=False)
    correction: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one function.

    Attributes:
        status: ``success``, ``failure`` or ``aborted``.
        control_id: of the function.
        rows: of its data: leaves by name, names of nested ones joined by dots.
        total: how many rows there are at all.
        remaining: how many come after these.
        troubles: why it failed.
    """

    status: str
    control_id: str
    rows: tuple[Mapping[str, str], ...] = field(default=(), repr=False)
    total: int = 0
    remaining: int = 0
    troubles: tuple[Trouble, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, at its three levels.

    Attributes:
        control: status of the request as a whole.
        request_id: the control id of the request.
        authentication: status of the authentication; empty where the request was refused before.
        company: that it is of.
        session_ends: when the session ends, ISO 8601; empty where that is not told.
        troubles: of the request, or of its authentication.
        results: one of each function.
    """

    control: str
    request_id: str = ""
    authentication: str = ""
    company: str = ""
    session_ends: str = ""
    troubles: tuple[Trouble, ...] = ()
    results: tuple[Result, ...] = ()


class _Bounded(TreeBuilder):
    """Builds a tree that is neither too deep nor too large."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._count = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        self._count += 1
        if self._depth > DEEPEST or self._count > MOST_ELEMENTS:
            raise NotAnAnswer("It is deeper or larger than an answer of the gateway.")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def answer_of(body: bytes) -> Answer:
    """What the gateway says.

    Raises:
        NotAnAnswer: it is not XML of the gateway, or has a document type, entities, or more than it may have.
    """
    root = _parsed(body)
    control = root.find("control")
    if root.tag != "response" or control is None:
        raise NotAnAnswer("It is XML, and not an answer of the gateway.")
    status = _text(control, "status")
    operation = root.find("operation")
    if operation is None:
        return Answer(status, _text(control, "controlid"), troubles=_troubles(root))
    told = operation.find("authentication")
    return Answer(
        control=status,
        request_id=_text(control, "controlid"),
        authentication="" if told is None else _text(told, "status"),
        company="" if told is None else _text(told, "companyid"),
        session_ends="" if told is None else _text(told, "sessiontimeout"),
        troubles=_troubles(operation) or _troubles(root),
        results=tuple(map(_result, operation.findall("result"))),
    )


def _parsed(body: bytes) -> Element:
    parser = DefusedXMLParser(target=_Bounded(), forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(body)
        root = parser.close()
    except (ParseError, DefusedXmlException, ValueError, LookupError, AssertionError, RecursionError):
        raise NotAnAnswer("It is not XML that can be read safely.") from None
    if not isinstance(root, Element):
        raise NotAnAnswer("It is empty.")
    return root


def _result(element: Element) -> Result:
    data = element.find("data")
    rows = () if data is None else tuple(dict(_leaves(row)) for row in data)
    return Result(
        status=_text(element, "status"),
        control_id=_text(element, "controlid"),
        rows=rows,
        total=len(rows) if data is None else _number(data, "totalcount", len(rows)),
        remaining=0 if data is None else _number(data, "numremaining", 0),
        troubles=_troubles(element),
    )


def _leaves(row: Element, before: str = "") -> Iterator[tuple[str, str]]:
    for child in row:
        name = f"{before}{child.tag}"
        if len(child):
            yield from _leaves(child, f"{name}.")
        else:
            yield name, (child.text or "").strip()


def _troubles(level: Element) -> tuple[Trouble, ...]:
    told = level.find("errormessage")
    errors = [] if told is None else told.findall("error")[:_MOST_ERRORS]
    return tuple(
        Trouble(
            _text(error, "errorno"),
            _text(error, "description2") or _text(error, "description"),
            _text(error, "correction"),
        )
        for error in errors
    )


def _text(element: Element, name: str) -> str:
    return (element.findtext(name) or "").strip()[:_LONGEST_TEXT]


def _number(element: Element, name: str, otherwise: int) -> int:
    text = element.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise
