"""Reference data that rows refer to: items, tenders, taxes, people and jobs, in force before or just imported."""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final

import msgspec

from adapters.files.assembling import rows
from adapters.files.assembling.by_check import sorted_rows
from adapters.files.assembling.people import Owner, employee, house_account
from adapters.files.assembling.words import TRUE, decimal, shortened
from domain.ports.captures import Capture
from domain.records import Employee, Job, MenuItem, RosterRecord, TaxDefinition, Tender

MOST_UNKNOWN: Final = 100
"""Unknown numbers of one kind that a day's notes name; all are counted."""

REFERENCE: Final = "reference:"
"""Before a kind of records: the resource of the pages that hold those in force when the files were imported."""

ROSTER_FILES: Final[Mapping[str, str]] = {
    "menu-items": "menu-item",
    "tenders": "tender",
    "tax-definitions": "tax-definition",
    "employees": "employee",
    "jobs": "job",
    "house-accounts": "house-account",
}
"""Kinds of files that outlast a day, and the kinds of records that they hold."""


def _menu_item(row: rows.MenuItemRow, _: Owner) -> MenuItem:
    cost = decimal(row.cost) if row.cost else None
    return MenuItem(row.number, row.name, row.category, row.plu, row.sku, cost)


def _tender(row: rows.TenderRow, _: Owner) -> Tender:
    return Tender(row.number, row.name, row.type)


def _tax(row: rows.TaxDefinitionRow, _: Owner) -> TaxDefinition:
    rate = decimal(row.rate) if row.rate else None
    return TaxDefinition(row.number, row.name, rate, row.rate_type.lower(), row.inclusive == TRUE)


def _job(row: rows.JobRow, _: Owner) -> Job:
    return Job(row.code, row.name, rate=decimal(row.rate), description=row.description)


_READERS: Final[Mapping[str, tuple[type[Any], Callable[[Any, Owner], RosterRecord]]]] = {
    "menu-items": (rows.MenuItemRow, _menu_item),
    "tenders": (rows.TenderRow, _tender),
    "tax-definitions": (rows.TaxDefinitionRow, _tax),
    "employees": (rows.EmployeeRow, employee),
    "jobs": (rows.JobRow, _job),
    "house-accounts": (rows.HouseAccountRow, house_account),
}
_IN_FORCE: Final[Mapping[str, msgspec.json.Decoder[Any]]] = {
    "menu-item": msgspec.json.Decoder(list[MenuItem]),
    "tender": msgspec.json.Decoder(list[Tender]),
    "tax-definition": msgspec.json.Decoder(list[TaxDefinition]),
    "employee": msgspec.json.Decoder(list[Employee]),
    "job": msgspec.json.Decoder(list[Job]),
}
_NOUNS: Final[Mapping[str, str]] = {
    "menu-item": "item",
    "tender": "tender",
    "tax-definition": "tax",
    "employee": "employee",
    "job": "job",
}


class _Items(dict[str, tuple[str, str]]):
    """Name and category by number; of an item that is unknown its number, and no category: that is told once."""

    def __init__(self, known: Mapping[str, tuple[str, str]], tell: Callable[[str], None]) -> None:
        super().__init__(known)
        self._tell = tell

    def __missing__(self, number: str) -> tuple[str, str]:
        self._tell(number)
        self[number] = found = (number, "")
        return found


class Reference:
    """What numbers in rows stand for, and which of them stand for nothing that is known.

    Attributes:
        records: roster records that the files bring, by kind of record; only kinds whose files are there.
        notes: codes of what stood out in the files of reference data.
        items: name and category of menu items by number; of one that is unknown its number, and no category. Looking
            one up is referring to it.
        employees: the numbers of all known employees.
        jobs: by code.
        jobs_by_name: for rows that name a job without its code; of several of one name the first by code.
    """

    def __init__(self, capture: Capture) -> None:
        """Gather the reference data of a capture; what its files say stands over what was in force before.

        Raises:
            ValueError: a row has a word that means nothing, or personal data that is not sealed.
            msgspec.DecodeError: a page is not of the contract.
        """
        self.notes: list[str] = []
        self.records = {ROSTER_FILES[kind]: self._imported(kind, capture) for kind in _kinds_of(capture)}
        known = {kind: self._known(kind, capture) for kind in _IN_FORCE}
        self._tenders = {number: (tender.name, tender.type) for number, tender in known["tender"].items()}
        self._taxes = {number: (tax.name, tax.inclusive) for number, tax in known["tax-definition"].items()}
        self.employees = known["employee"].keys()
        self.jobs: Mapping[str, Job] = known["job"]
        self.jobs_by_name = {job.name: job for _, job in sorted(self.jobs.items(), reverse=True)}
        self._seen: dict[str, set[str]] = {kind: set() for kind in _IN_FORCE}
        items = {number: (item.name, item.category) for number, item in known["menu-item"].items()}
        self._known_items = frozenset(items)
        self.items: Mapping[str, tuple[str, str]] = _Items(items, self._seen["menu-item"].add)

    def tender(self, number: str) -> tuple[str, str]:
        """Name and type of a tender; of one that is unknown its number, and no type."""
        return self._tenders.get(number) or (number, "")

    def tax(self, number: str) -> tuple[str, bool]:
        """Name of a tax, and whether it is inside the prices; of one that is unknown its number."""
        return self._taxes.get(number) or (number, False)

    def refers_to(self, kind: str, numbers: Iterable[str]) -> None:
        """Rows refer to these numbers of a kind of record; empty ones refer to nothing."""
        self._seen[kind].update(numbers)

    def unknown(self) -> list[str]:
        """Notes of the numbers that rows refer to and nobody knows: of each kind the first hundred, and how many more.

        Sorted, so that they do not depend on the order of rows.
        """
        notes = []
        for kind, noun in _NOUNS.items():
            numbers = sorted(self._seen[kind] - self._known_numbers(kind) - {""})
            notes += [f"unknown-{noun}:{shortened(number)}" for number in numbers[:MOST_UNKNOWN]]
            if len(numbers) > MOST_UNKNOWN:
                notes.append(f"more-unknown:{noun}:{len(numbers) - MOST_UNKNOWN}")
        return notes

    def _known_numbers(self, kind: str) -> AbstractSet[str]:
        known: Mapping[str, AbstractSet[str]] = {
            "menu-item": self._known_items,
            "tender": self._tenders.keys(),
            "tax-definition": self._taxes.keys(),
            "employee": self.employees,
            "job": self.jobs.keys(),
        }
        return known[kind]

    def _imported(self, kind: str, capture: Capture) -> tuple[RosterRecord, ...]:
        row, read = _READERS[kind]
        listed: dict[str, RosterRecord] = {}
        twice = 0
        asked = capture.parameters
        owner = Owner("", asked.get("connection", ""), asked.get("location", ""))
        for found in sorted_rows(row, [page.data for page in capture.of(kind)]):
            record = read(found, owner)
            twice += listed.setdefault(record.key, record) != record
        if twice:
            self.notes.append(f"listed-twice:{ROSTER_FILES[kind]}:{twice}")
        return tuple(listed.values())

    def _known(self, kind: str, capture: Capture) -> dict[str, Any]:
        decode = _IN_FORCE[kind].decode
        before = [record for page in capture.of(f"{REFERENCE}{kind}") for record in decode(page.data)]
        return {record.key: record for record in (*before, *self.records.get(kind, ()))}


def _kinds_of(capture: Capture) -> list[str]:
    there = {page.resource for page in capture.pages}
    return [kind for kind in ROSTER_FILES if kind in there]
