"""Master data in Sage Intacct's words: which object each type is, and which of its fields are ours."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from adapters.erp.sage_intacct.envelope import Tree, control_id, function, one_line
from domain.facts.objects import ObjectType
from domain.outward import RecordDocument
from domain.ports.target import Effect, TargetFailure


@dataclass(frozen=True, slots=True)
class Kind:
    """An object of Sage Intacct.

    Attributes:
        name: of the object.
        key: its field with the id.
        title: its field with the name.
        fields: its other fields, by our names.
        needs: fields without which it cannot be created, with what stands in for them; None where nothing can.
        longest: the most that its id may be.
        person: the part of it with personal data, as it is read; empty where it has none.
        named: its name is ours to change; else only to create it with.
    """

    name: str
    key: str
    title: str
    fields: Mapping[str, str] = field(default_factory=dict)
    needs: Mapping[str, str | None] = field(default_factory=dict)
    longest: int = 20
    person: str = ""
    named: bool = True


KINDS: Final[Mapping[ObjectType, Kind]] = {
    "employee": Kind(
        "EMPLOYEE",
        "EMPLOYEEID",
        "",
        {
            "title": "TITLE",
            "hire_date": "STARTDATE",
            "termination_date": "ENDDATE",
            "job": "DEPARTMENTID",
            "location": "LOCATIONID",
        },
        person="PERSONALINFO",
    ),
    "location": Kind("LOCATION", "LOCATIONID", "NAME", {"parent": "PARENTID"}),
    "job": Kind("DEPARTMENT", "DEPARTMENTID", "TITLE", {"parent": "PARENTID"}),
    "account": Kind(
        "GLACCOUNT",
        "ACCOUNTNO",
        "TITLE",
        {"account_type": "ACCOUNTTYPE", "normal_balance": "NORMALBALANCE", "closing_type": "CLOSINGTYPE"},
        {"ACCOUNTTYPE": None, "NORMALBALANCE": None, "CLOSINGTYPE": "non-closing account"},
        longest=24,
        named=False,
    ),
    "customer": Kind("CUSTOMER", "CUSTOMERID", "NAME", person="DISPLAYCONTACT"),
    "item": Kind("ITEM", "ITEMID", "NAME", {"item_type": "ITEMTYPE"}, {"ITEMTYPE": "Non-Inventory"}, longest=30),
}
"""Which object each type is."""

PERSONAL: Final[Mapping[str, str]] = {
    "first_name": "FIRSTNAME",
    "last_name": "LASTNAME",
    "middle_name": "INITIAL",
    "phone": "PHONE1",
    "email": "EMAIL1",
}
"""Personal data that goes to the contact of an employee or a customer. Nothing else of a person is sent."""

_DATES: Final = frozenset({"STARTDATE", "ENDDATE"})
_ISO_DATE: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")
_US_DATE: Final = re.compile(r"(\d{2}/\d{2}/\d{4})(?: .*)?")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to stand at Sage Intacct.

    Attributes:
        kind: of object.
        id: of the record.
        name: with which it is created.
        fields: of the object, in its words.
        contact: of its contact; empty where it has none.
    """

    kind: Kind
    id: str
    name: str = field(repr=False)
    fields: Mapping[str, str] = field(repr=False)
    contact: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def looked_at(self) -> dict[str, str]:
        """What has to be so, by the names under which it is read."""
        return {**self.fields, **{f"{self.kind.person}.{name}": value for name, value in self.contact.items()}}

    @property
    def read(self) -> list[str]:
        """The fields by which it is told whether it stands there."""
        return list(dict.fromkeys(["RECORDNO", self.kind.key, *self.looked_at, *_contact_key(self.kind)]))

    def stands(self, row: Mapping[str, str]) -> bool:
        """The record that was read is just so."""
        return all(one_line(row.get(name, "")) == value for name, value in self.looked_at.items())


def wanted(effect: Effect, document: RecordDocument) -> Wanted:
    """What an effect is to lead to."""
    kind = KINDS[effect.type]
    given = {**document.fields, **effect.opened}
    whole = one_line(f"{given.get('first_name', '')} {given.get('last_name', '')}")
    name = one_line(document.name or given.get("name", "")) or whole
    fields = {kind.title: name} if kind.title and kind.named and name else {}
    fields |= {
        theirs: value
        for ours, theirs in kind.fields.items()
        if ours in given and (value := _value(theirs, given[ours])) is not None
    }
    fields["STATUS"] = "active" if document.active else "inactive"
    contact = {theirs: one_line(given[ours]) for ours, theirs in PERSONAL.items() if kind.person and ours in given}
    if contact and name:
        contact = {"PRINTAS": name, **contact}
    # A location of the connection is known there by the id that was entered for it.
    id_ = effect.place.get("location", document.id) if effect.type == "location" else document.id
    return Wanted(kind, id_, name, fields, contact)


def check_id(want: Wanted) -> None:
    """Pass an id that Sage Intacct takes.

    Raises:
        TargetFailure: it is none; nothing was sent.
    """
    longest = want.kind.longest
    if not 0 < len(want.id) <= longest or not want.id.isprintable():
        message = f"Sage Intacct takes ids of 1 to {longest} printable characters for {want.kind.name}."
        raise TargetFailure("rejected", message)


def create_record(effect: Effect, want: Wanted, *, has_contact: bool) -> list[str]:
    """The functions that create a record; an employee's contact before it.

    Raises:
        TargetFailure: Sage Intacct needs more than is known; nothing was sent.
    """
    fields = dict(want.fields)
    for name, instead in want.kind.needs.items():
        if not fields.get(name) and instead is None:
            message = f"{want.kind.name} {want.id} is not there, and it takes more than is known to create it ({name})."
            raise TargetFailure("rejected", f"{message} Create it in Sage Intacct.")
        fields[name] = fields.get(name) or instead or ""
    if want.kind.title:
        fields[want.kind.title] = want.name or want.id
    functions, person = [], list[Tree]()
    if want.kind.name == "CUSTOMER":
        printed = {"PRINTAS": want.name or want.id, **want.contact}
        person = [(want.kind.person, list(_nonempty(printed)))]
    if want.kind.name == "EMPLOYEE":
        name = contact_name(want.id)
        person = [(want.kind.person, [("CONTACTNAME", name)])]
        functions.append(_contact(effect, name, want, create=not has_contact))
    first = {want.kind.key: want.id, want.kind.title: fields.pop(want.kind.title, "")}
    children: list[Tree] = [*_nonempty(first), *person, *_nonempty(fields)]
    functions.append(function(control_id(effect.reference), ("create", [(want.kind.name, children)])))
    return functions


def update_record(effect: Effect, want: Wanted, row: Mapping[str, str]) -> list[str]:
    """The functions that change a record; an employee's contact before it.

    Args:
        effect: with its reference.
        want: what is to stand there.
        row: as it was read.
    """
    children: list[Tree] = [(want.kind.key, want.id), *want.fields.items()]
    if want.kind.name == "CUSTOMER" and want.contact:
        children.append((want.kind.person, list(want.contact.items())))
    changed = function(control_id(effect.reference), ("update", [(want.kind.name, children)]))
    contacts = [row[key] for key in _contact_key(want.kind) if row.get(key) and want.contact]
    return [*(_contact(effect, name, want, create=False) for name in contacts), changed]


def contact_name(employee: str) -> str:
    """The name under which an employee's contact is kept. It says nothing of the person, since it never changes."""
    return f"Employee {employee}"


def _contact_key(kind: Kind) -> list[str]:
    """The name of an employee's contact, as it is read; of a customer it is part of the record."""
    return [f"{kind.person}.CONTACTNAME"] if kind.name == "EMPLOYEE" else []


def _contact(effect: Effect, name: str, want: Wanted, *, create: bool) -> str:
    needed = {"PRINTAS": name} if create and not want.contact.get("PRINTAS") else {}
    fields = {**want.contact, **needed}
    parts: list[Tree] = [("CONTACTNAME", name), *(_nonempty(fields) if create else fields.items())]
    return function(control_id(f"{effect.reference}:contact"), ("create" if create else "update", [("CONTACT", parts)]))


def _nonempty(fields: Mapping[str, str]) -> Iterator[Tree]:
    return ((name, value) for name, value in fields.items() if value)


def _value(name: str, text: str) -> str | None:
    """A value in Sage Intacct's words; None for a date that cannot be one, which is left out."""
    text = one_line(text)
    if name not in _DATES or not text:
        return text
    if iso := _ISO_DATE.fullmatch(text):
        return f"{iso[2]}/{iso[3]}/{iso[1]}"
    american = _US_DATE.fullmatch(text)
    return american[1] if american else None
