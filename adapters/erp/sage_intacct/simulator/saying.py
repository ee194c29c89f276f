"""Answers of the simulated gateway, in its words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

SUPPORT: str = " [Support ID: c0ffee%7EY2Ej6Wm]"


class Refused(Exception):
    """A function, or a sign-in, is refused.

    Attributes:
        number: ``errorno``.
        text: ``description2``.
        correction: advice.
        aside: what is told beside it, in the generic words that follow most refusals.
    """

    def __init__(self, number: str, text: str, correction: str = "", *, aside: str = "") -> None:
        super().__init__(text)
        self.number = number
        self.text = text
        self.correction = correction
        self.aside = aside


@dataclass(frozen=True, slots=True)
class Told:
    """What a function answers.

    Attributes:
        attributes: of its data.
        rows: name of the element, and its fields; a field may hold lines, each with fields of its own.
        raw: data as it is written, instead.
    """

    attributes: Mapping[str, str] = field(default_factory=dict)
    rows: Sequence[tuple[str, Mapping[str, str]]] = ()
    raw: str = ""


def response(control: Mapping[str, str], status: str, operation: str = "", errors: Iterable[Refused] = ()) -> bytes:
    """A whole answer."""
    said = "".join(
        f"<{name}>{escape(control.get(name, ''))}</{name}>"
        for name in ("senderid", "controlid", "uniqueid", "dtdversion")
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<response><control><status>{status}</status>{said}</control>{operation}{errormessage(errors)}</response>"
    ).encode()


def operation_of(authentication: Mapping[str, str], results: str, errors: Iterable[Refused] = ()) -> str:
    """The part of an answer that says who asked, and what came of it."""
    who = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in authentication.items())
    return f"<operation><authentication>{who}</authentication>{results}{errormessage(errors)}</operation>"


def result(status: str, function: str, control_id: str, told: Told | None, errors: Iterable[Refused] = ()) -> str:
    """What came of a function."""
    return (
        f"<result><status>{status}</status><function>{escape(function)}</function>"
        f"<controlid>{escape(control_id)}</controlid>{_data(told) if told else ''}{errormessage(errors)}</result>"
    )


def errormessage(errors: Iterable[Refused]) -> str:
    """Errors; nothing where there are none."""
    said = "".join(
        _error(one.number, one.text + SUPPORT, one.correction)
        + (_error("BL01001973", one.aside + SUPPORT, "") if one.aside else "")
        for one in errors
    )
    return f"<errormessage>{said}</errormessage>" if said else ""


def _error(number: str, text: str, correction: str) -> str:
    return (
        f"<error><errorno>{escape(number)}</errorno><description></description>"
        f"<description2>{escape(text)}</description2><correction>{escape(correction)}</correction></error>"
    )


def fields_of(fields: Mapping[str, str]) -> str:
    """Fields as elements."""
    return "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())


def _data(told: Told) -> str:
    if told.raw:
        return f"<data>{told.raw}</data>"
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in told.attributes.items())
    rows = "".join(f"<{name}>{fields_of(fields)}</{name}>" for name, fields in told.rows)
    return f"<data{attributes}>{rows}</data>"
