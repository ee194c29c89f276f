"""A simulated Sage Intacct, what is written to it, and what stands there."""

from decimal import Decimal
from typing import Any, Final

from adapters.erp.sage_intacct.entries import reference_number
from adapters.erp.sage_intacct.simulator import Books, Line
from domain.facts.objects import ObjectType
from domain.outward import EntryDocument, EntryLine, RecordDocument, reference
from domain.ports.target import Effect

PASSWORD: Final = "user-pass-word"
SENDER_PASSWORD: Final = "sender-pass-word"
PIER: Final = {"location": "L1"}
DATE: Final = "2026-11-25"


def filled_in(url: str, **more: Any) -> dict[str, Any]:
    """The form, filled in with credentials that the simulator accepts."""
    return {
        "environment": url,
        "company_id": "HARBOR",
        "user_id": "daybook",
        "password": PASSWORD,
        "sender_id": "daybook-sender",
        "sender_password": SENDER_PASSWORD,
        **more,
    }


def entry(kind: str = "sales", *lines: EntryLine, date: str = DATE, version: int = 1, **more: Any) -> Effect:
    """An entry of the pier that is new; without lines, some that balance."""
    types: dict[str, ObjectType] = {
        "sales": "sales-entry",
        "labor": "labor-entry",
        "statistical": "statistical-entry",
    }
    key = f"je:pier:{date}:{kind}"
    document = EntryDocument(kind, "pier", date, f"Pier {date} {kind}", lines or LINES[kind])
    return Effect(types[kind], key, "create", reference(key, version, "create"), document, place=PIER, **more)


LINES: Final = {
    "sales": (
        EntryLine("1000", "payments/Cash", 120_55),
        EntryLine("4000", "sales/Food/Dine In", -100_05),
        EntryLine("2200", "taxes/Sales tax", -20_50),
    ),
    "labor": (EntryLine("6000", "labor/Server", 80_00), EntryLine("1000", "labor/payable", -80_00)),
    "statistical": (
        EntryLine("9000", "guests", quantity=Decimal(42)),
        EntryLine("9010", "hours/Server", quantity=Decimal("7.25")),
    ),
}


def record(type_: ObjectType, id_: str, name: str = "", *, opened: dict[str, str] | None = None, **more: Any) -> Effect:
    """A record of master data that is new."""
    key = f"{type_}:{id_}"
    fields = {name: more.pop(name) for name in list(more) if name not in {"active", "version", "step", "external_id"}}
    version, active = more.pop("version", 1), more.pop("active", True)
    document = RecordDocument(type_, id_, name, fields, active=active)
    step = more.pop("step", "create")
    return Effect(type_, key, step, reference(key, version, step), document, opened=opened or {}, **more)


def lines_of(effect: Effect) -> tuple[Line, ...]:
    """The lines that an effect is to have there."""
    document = effect.document
    assert isinstance(document, EntryDocument)
    sign = -1 if effect.step == "reverse" else 1
    return tuple(
        Line(line.account, sign * (line.quantity or Decimal(line.cents) / 100), effect.place["location"], "", line.key)
        for line in document.lines
    )


def standing(books: Books, effect: Effect) -> int:
    """How often an effect stands in the books: the entry with just these lines, or the record just so."""
    document = effect.document
    if isinstance(document, EntryDocument):
        found = books.entries(reference_number(effect.reference))
        assert all(lines == lines_of(effect) for _, lines in found)
        return len(found)
    assert isinstance(document, RecordDocument)
    objects = {
        "employee": ("EMPLOYEE", ""),
        "location": ("LOCATION", "NAME"),
        "job": ("DEPARTMENT", "TITLE"),
        "account": ("GLACCOUNT", "TITLE"),
        "customer": ("CUSTOMER", "NAME"),
        "item": ("ITEM", "NAME"),
    }
    object_, title = objects[document.type]
    stored = books.known(object_, document.id)
    row = next((row for row in books.rows(object_) if stored and row["RECORDNO"] == stored["RECORDNO"]), None)
    if row is None or row["STATUS"] != ("active" if document.active else "inactive"):
        return 0
    if title and row[title] != document.name:
        return 0
    return int(all(value in row.values() for value in effect.opened.values()))
