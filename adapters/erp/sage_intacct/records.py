"""Master data in Sage Intacct's words: which object each type is, and which of its fields are ours."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from adapters.erp.sage_intacct.envelope import Tree, control_id, function, one_line
from domain.facts.objects import ObjectType
from domain.outward import RecordDocument
from domain.ports.target import Effect, TargetFailure

CONTACT: Final = "PERSONALINFO."
"""How fields of an employee's contact are named when they are read."""


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
    """

    name: str
    key: str
    title: str
    fields: Mapping[str, str] = field(default_factory=dict)
    needs: Mapping[str, str | None] = field(default_factory=dict)
    longest: int = 20


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
    ),
    "customer": Kind("CUSTOMER", "CUSTOMERID", "NAME"),
    "item": Kind("ITEM", "ITEMID", "NAME", {"item_type": "ITEMTYPE"}, {"ITEMTYPE": "Non-Inventory"}, longest=30),
}
"""Which object each type is."""

PERSONAL: Final[Mapping[str, str]] = {
    "first_name": "FIRSTNAME",
    "middle_name": "INITIAL",
    "last_name": "LASTNAME",
    "email": "EMAIL1",
    "phone": "PHONE1",
}
"""Personal data that goes to an employee's contact. Nothing else of a person is sent."""

_DATES: Final = frozenset({"STARTDATE", "ENDDATE"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to stand at Sage Intacct.

    Attributes:
        kind: of object.
        id: of the record.
        fields: of the object, in its words.
        contact: of the employee's contact; empty where it has none.
    """

    kind: Kind
    id: str
    fields: Mapping[str, str] = field(repr=False)
    contact: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def read(self) -> list[str]:
        """The fields by which it is told whether it stands there."""
        more = [f"{CONTACT}{name}" for name in ("CONTACTNAME", *self.contact)] if self.kind.name == "EMPLOYEE" else []
        return ["RECORDNO", self.kind.key, *self.fields, *more]

    def stands(self, row: Mapping[str, str]) -> bool:
        """The record that was read is just so."""
        looked_at = {**self.fields, **{f"{CONTACT}{name}": value for name, value in self.contact.items()}}
        return all(one_line(row.get(name, "")) == value for name, value in looked_at.items())


def wanted(effect: Effect, document: RecordDocument) -> Wanted:
    """What an effect is to lead to."""
    kind = KINDS[effect.type]
    fields = {kind.title: one_line(document.name)} if kind.title and document.name else {}
    given = {**document.fields, **effect.opened}
    fields |= {theirs: _value(theirs, given[ours]) for ours, theirs in kind.fields.items() if ours in given}
    fields["STATUS"] = "active" if document.active else "inactive"
    contact = {}
    if kind.name == "EMPLOYEE":
        contact = {theirs: one_line(given[ours]) for ours, theirs in PERSONAL.items() if ours in given}
        if "FIRSTNAME" in contact or "LASTNAME" in contact:
            contact["PRINTAS"] = f"{contact.get('FIRSTNAME', '')} {contact.get('LASTNAME', '')}".strip()
    return Wanted(kind, document.id, fields, contact)


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
    if want.kind.title and not fields.get(want.kind.title):
        fields[want.kind.title] = want.id
    children: list[Tree] = [(want.kind.key, want.id), *_nonempty(fields)]
    functions = []
    if want.kind.name == "CUSTOMER":
        children.append(("DISPLAYCONTACT", [("PRINTAS", fields[want.kind.title])]))
    if want.kind.name == "EMPLOYEE":
        name = contact_name(want.id)
        children.append(("PERSONALINFO", [("CONTACTNAME", name)]))
        functions.append(_contact(effect, name, want, create=not has_contact))
    functions.append(function(control_id(effect.reference), ("create", [(want.kind.name, children)])))
    return functions


def update_record(effect: Effect, want: Wanted, contact: str) -> list[str]:
    """The functions that change a record; an employee's contact before it.

    Args:
        effect: with its reference.
        want: what is to stand there.
        contact: name of the employee's contact; empty where there is none to change.
    """
    children: list[Tree] = [(want.kind.key, want.id), *want.fields.items()]
    changed = function(control_id(effect.reference), ("update", [(want.kind.name, children)]))
    return [*([_contact(effect, contact, want, create=False)] if contact and want.contact else []), changed]


def contact_name(employee: str) -> str:
    """The name under which an employee's contact is kept. It says nothing of the person, since it never changes."""
    return f"Employee {employee}"


def _contact(effect: Effect, name: str, want: Wanted, *, create: bool) -> str:
    parts: list[Tree] = [("CONTACTNAME", name), *(_nonempty(want.contact) if create else want.contact.items())]
    if create and not want.contact.get("PRINTAS"):
        parts = [*((key, value) for key, value in parts if key != "PRINTAS"), ("PRINTAS", name)]
    return function(control_id(f"{effect.reference}:contact"), ("create" if create else "update", [("CONTACT", parts)]))


def _nonempty(fields: Mapping[str, str]) -> Iterator[Tree]:
    return ((name, value) for name, value in fields.items() if value)


def _value(name: str, text: str) -> str:
    """A value in Sage Intacct's words; a date that is none is left as it is, for Sage Intacct to refuse."""
    text = one_line(text)
    if name not in _DATES or len(text) < 10 or text[4:5] != "-":
        return text
    return f"{text[5:7]}/{text[8:10]}/{text[:4]}"
