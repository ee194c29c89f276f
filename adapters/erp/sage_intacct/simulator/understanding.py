"""Requests as the simulated gateway understands them, whoever wrote them."""

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError  # only the types: defusedxml parses

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring


class NotUnderstood(Exception):
    """The request is not XML of the gateway."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function of a request.

    Attributes:
        control_id: of the function.
        name: ``create``, ``query``, …
        body: what it says.
    """

    control_id: str
    name: str
    body: Element


@dataclass(frozen=True, slots=True)
class Request:
    """A request.

    Attributes:
        control: its control block, by name.
        login: who signs in, by name; empty where a session is used.
        session: id; empty where somebody signs in.
        together: all functions happen, or none.
        functions: in order.
    """

    control: dict[str, str]
    login: dict[str, str] = field(default_factory=dict)
    session: str = ""
    together: bool = False
    functions: tuple[Function, ...] = ()

    @property
    def once(self) -> bool:
        """A control id that was executed is refused: what a request that does not say otherwise asks for."""
        return self.control.get("uniqueid", "true").lower() != "false"

    @property
    def changes(self) -> bool:
        """It changes something."""
        return any(function.name in {"create", "update", "delete"} for function in self.functions)


def understood(body: bytes) -> Request:
    """What a request says.

    Raises:
        NotUnderstood: it is not one.
    """
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise NotUnderstood(f"XML Parse schema error: {error}") from None
    control, operation = root.find("control"), root.find("operation")
    if root.tag != "request" or control is None or operation is None:
        raise NotUnderstood("XML Parse schema error: the elements control and operation are expected")
    login = operation.find("authentication/login")
    return Request(
        leaves(control),
        leaves(login) if login is not None else {},
        (operation.findtext("authentication/sessionid") or "").strip(),
        operation.get("transaction", "false").lower() == "true",
        tuple(_function(element) for element in operation.findall("content/function")),
    )


def leaves(element: Element) -> dict[str, str]:
    """The children that have no children, by name."""
    return {child.tag: (child.text or "").strip() for child in element if not len(child)}


def _function(element: Element) -> Function:
    if len(element) != 1:
        raise NotUnderstood("XML Parse schema error: a function has one element")
    return Function(element.get("controlid", ""), element[0].tag, element[0])
