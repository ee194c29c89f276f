"""Requests as the XML gateway wants them: control, operation with authentication, functions with control ids."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

LONGEST_CONTROL_ID: Final = 256

_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Tree = tuple[str, "str | Sequence[Tree]"]
"""An element: its name, and its text or its children. Names are ours, texts may be anybody's."""


def xml_of(tree: Tree) -> str:
    """An element with all that is in it; characters that XML cannot have become spaces."""
    name, content = tree
    inner = text_of(content) if isinstance(content, str) else "".join(map(xml_of, content))
    return f"<{name}>{inner}</{name}>"


def text_of(text: str) -> str:
    """A text as it stands in XML."""
    return escape(_NOT_XML.sub(" ", text))


def one_line(text: str) -> str:
    """A value as it stands there after it was sent: without what XML cannot have, its white space one space each."""
    return " ".join(_NOT_XML.sub(" ", text).split())


def function(control_id: str, *content: Tree) -> str:
    """A function of the content of an operation."""
    return f"<function controlid={quoteattr(control_id)}>{''.join(map(xml_of, content))}</function>"


def control_id(reference: str) -> str:
    """The control id of the function of an effect: its reference, or its fingerprint where that is too long.

    With ``uniqueid`` the gateway executes a control id once and for all.
    """
    if len(reference) <= LONGEST_CONTROL_ID:
        return reference
    return "daybook:" + hashlib.sha256(reference.encode()).hexdigest()


def login(company: str, user: str, password: str, entity: str) -> str:
    """Authentication by name and password, at the top level, or at an entity."""
    parts: list[Tree] = [("userid", user), ("companyid", company), ("password", password)]
    if entity:
        parts.append(("locationid", entity))
    return xml_of(("login", parts))


def session(session_id: str) -> str:
    """Authentication by a session."""
    return xml_of(("sessionid", session_id))


def request(
    sender: str,
    password: str,
    request_id: str,
    authentication: str,
    functions: Iterable[str],
    *,
    once: bool,
) -> bytes:
    """A whole request.

    Args:
        sender: id of the sender.
        password: of the sender.
        request_id: names the request; its answer repeats it.
        authentication: by :func:`login` or :func:`session`.
        functions: each by :func:`function`; all of them happen, or none.
        once: a control id that was executed before is refused.
    """
    control: Tree = (
        "control",
        [
            ("senderid", sender),
            ("password", password),
            ("controlid", request_id),
            ("uniqueid", "true" if once else "false"),
            ("dtdversion", "3.0"),
            ("includewhitespace", "false"),
        ],
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<request>{xml_of(control)}<operation transaction="true">'
        f"<authentication>{authentication}</authentication><content>{''.join(functions)}</content>"
        "</operation></request>"
    ).encode()
