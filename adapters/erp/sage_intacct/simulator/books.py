"""The books of a simulated company: everything that it was told, and keeps."""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

KEYS: Final[Mapping[str, str]] = {
    "CONTACT": "CONTACTNAME",
    "CUSTOMER": "CUSTOMERID",
    "DEPARTMENT": "DEPARTMENTID",
    "EMPLOYEE": "EMPLOYEEID",
    "GLACCOUNT": "ACCOUNTNO",
    "GLBATCH": "RECORDNO",
    "GLJOURNAL": "SYMBOL",
    "ITEM": "ITEMID",
    "LOCATION": "LOCATIONID",
    "LOCATIONENTITY": "LOCATIONID",
    "STATACCOUNT": "ACCOUNTNO",
    "STATJOURNAL": "SYMBOL",
}
"""The objects that there are, and the field by which each is known."""

Fields = dict[str, str]


@dataclass(frozen=True, slots=True)
class BooksSettings:
    """What a company begins with.

    Attributes:
        company: its id.
        users: passwords by user id.
        senders: passwords by sender id.
        authorized: the senders that may call this company.
        locations: name and parent by id; an entity has no parent and is in :attr:`entities`.
        entities: ids of locations that are entities.
        accounts: titles by number.
        statistical_accounts: likewise.
        journals: symbols.
        statistical_journals: likewise.
        closed_until: the last date that is closed; None: none is.
        session_minutes: how long a session lasts.
    """

    company: str = "HARBOR"
    users: Mapping[str, str] = field(default_factory=lambda: {"daybook": "user-pass-word"})
    senders: Mapping[str, str] = field(default_factory=lambda: {"daybook-sender": "sender-pass-word"})
    authorized: frozenset[str] = frozenset({"daybook-sender"})
    locations: Mapping[str, tuple[str, str]] = field(
        default_factory=lambda: {
            "E100": ("Harbor East Inc.", ""),
            "E200": ("Harbor West Inc.", ""),
            "L1": ("Pier", "E100"),
            "L2": ("Wharf", "E200"),
        }
    )
    entities: frozenset[str] = frozenset({"E100", "E200"})
    accounts: Mapping[str, str] = field(
        default_factory=lambda: {
            "1000": "Cash",
            "1010": "Card clearing",
            "2200": "Sales tax payable",
            "4000": "Food sales",
            "4010": "Beverage sales",
            "6000": "Wages",
            "6900": "Over and short",
        }
    )
    statistical_accounts: Mapping[str, str] = field(
        default_factory=lambda: {"9000": "Guests", "9010": "Hours", "9020": "Checks"}
    )
    journals: tuple[str, ...] = ("GJ", "SJ", "PYRJ")
    statistical_journals: tuple[str, ...] = ("STAT",)
    closed_until: dt.date | None = None
    session_minutes: int = 60


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an entry.

    Attributes:
        account: its number.
        amount: above zero a debit or an increase, below zero a credit or a decrease.
        location: id; empty for none.
        department: likewise.
        memo: its description.
    """

    account: str
    amount: Decimal
    location: str = ""
    department: str = ""
    memo: str = ""


@dataclass(slots=True)
class Session:
    """A session.

    Attributes:
        user: of whom.
        entity: at which; empty: at the top.
        ends_at: when it is over.
    """

    user: str
    entity: str
    ends_at: dt.datetime


class Books:
    """A company, and what stands in its books.

    Attributes:
        settings: with which it began.
        executed: names of functions by the control ids that were executed once and for all.
        lines: of each entry, by its record number.
        sessions: that were begun, by id.
        closed_until: the last date that is closed; None: none is.
    """

    def __init__(self, settings: BooksSettings | None = None) -> None:
        self.settings = settings or BooksSettings()
        self.executed: dict[str, str] = {}
        self.lines: dict[str, tuple[Line, ...]] = {}
        self._rows: dict[str, dict[str, Fields]] = {name: {} for name in KEYS}
        self._numbers_of: dict[str, dict[str, str]] = {name: {} for name in KEYS}
        self._batches: Counter[str] = Counter()
        self._numbers = itertools.count(101)
        self._undo: list[Callable[[], object]] = []
        self.sessions: dict[str, Session] = {}
        self.closed_until = self.settings.closed_until
        for id_, (name, parent) in self.settings.locations.items():
            self.add("LOCATION", {"LOCATIONID": id_, "NAME": name, "PARENTID": parent, "STATUS": "active"})
            if id_ in self.settings.entities:
                self.add("LOCATIONENTITY", {"LOCATIONID": id_, "NAME": name, "STATUS": "active"})
        for object_, titles in (
            ("GLACCOUNT", self.settings.accounts),
            ("STATACCOUNT", self.settings.statistical_accounts),
        ):
            for number, title in titles.items():
                self.add(object_, {"ACCOUNTNO": number, "TITLE": title, "STATUS": "active"})
        for object_, symbols in (
            ("GLJOURNAL", self.settings.journals),
            ("STATJOURNAL", self.settings.statistical_journals),
        ):
            for symbol in symbols:
                self.add(object_, {"SYMBOL": symbol, "TITLE": symbol, "STATUS": "active"})

    def begin(self) -> None:
        """An operation begins: what it does can be undone as a whole."""
        self._undo.clear()

    @property
    def steps(self) -> int:
        """How many steps the operation has done."""
        return len(self._undo)

    def roll_back(self, to: int = 0) -> None:
        """Undo what the operation did, but for its first steps."""
        while len(self._undo) > to:
            self._undo.pop()()

    def add(self, object_: str, fields: Mapping[str, str]) -> str:
        """Put a row into the books; answers its record number."""
        number = str(next(self._numbers))
        self.put(object_, number, {"RECORDNO": number, **fields})
        return number

    def put(self, object_: str, number: str, fields: Fields | None) -> None:
        """What a row is from now on; None: it is not there."""
        rows, numbers = self._rows[object_], self._numbers_of[object_]
        before = rows.get(number)
        self._undo.append(lambda: self._set(rows, numbers, KEYS[object_], number, before))
        self._set(rows, numbers, KEYS[object_], number, fields)

    def put_lines(self, number: str, lines: tuple[Line, ...]) -> None:
        """What the lines of an entry are from now on."""
        before = self.lines.get(number, ())
        self._undo.append(lambda: self.lines.__setitem__(number, before))
        self.lines[number] = lines

    def execute(self, control_id: str, function: str) -> None:
        """A control id was executed."""
        self._undo.append(lambda: self.executed.pop(control_id, None))
        self.executed[control_id] = function

    def next_batch(self, journal: str) -> str:
        """The number of the next entry of a journal."""
        self._batches[journal] += 1
        return str(self._batches[journal])

    def rows(self, object_: str) -> list[Fields]:
        """All rows of an object, as they are read."""
        return [self._read(object_, row) for row in self._rows[object_].values()]

    def known(self, object_: str, key: str) -> Fields | None:
        """The row of a key, as it is stored."""
        return self._rows[object_].get(self._numbers_of[object_].get(key, ""))

    def numbered(self, object_: str, number: str) -> Fields | None:
        """The row of a record number, as it is stored."""
        return self._rows[object_].get(number)

    def entity_of(self, location: str) -> str:
        """The entity that a location belongs to; empty where it belongs to none."""
        for _ in range(20):
            if self.known("LOCATIONENTITY", location):
                return location
            row = self.known("LOCATION", location)
            location = row.get("PARENTID", "") if row else ""
        return ""

    def entries(self, reference: str = "") -> list[tuple[Fields, tuple[Line, ...]]]:
        """Entries with their lines, all of them or those of a reference number."""
        return [
            (row, self.lines[number])
            for number, row in self._rows["GLBATCH"].items()
            if reference in {"", row.get("REFERENCENO", "")}
        ]

    def _read(self, object_: str, row: Fields) -> Fields:
        if object_ != "EMPLOYEE":
            return row
        contact = self.known("CONTACT", row.get("PERSONALINFO.CONTACTNAME", "")) or {}
        return {**row, **{f"PERSONALINFO.{name}": value for name, value in contact.items() if name != "RECORDNO"}}

    @staticmethod
    def _set(rows: dict[str, Fields], numbers: dict[str, str], key: str, number: str, fields: Fields | None) -> None:
        before = rows.pop(number, None)
        if before is not None:
            numbers.pop(before.get(key, ""), None)
        if fields is not None:
            rows[number] = fields
            numbers[fields.get(key, "")] = number
