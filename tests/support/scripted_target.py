"""A system of books that remembers what it was told, and goes wrong as the test says."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, get_args

from domain.facts import ConfigurationChanged, ConnectionEstablished, Fact, LocationAdded
from domain.facts.objects import ObjectType
from domain.forms import Filled
from domain.identifiers import ConnectionId
from domain.outward import Document, EntryDocument, NoticeDocument, document_bytes
from domain.ports.journal import Journal, Recording
from domain.ports.source import DEFAULT_LIMITS, Limits
from domain.ports.systems import Profile
from domain.ports.target import Done, Effect, OutcomeUncertain, TargetFailure
from tests.support.facts import by
from tests.support.scripted import Scripted

ALL: Final[frozenset[ObjectType]] = frozenset(get_args(ObjectType))

Fault = Literal["refuse", "unavailable", "rate-limited", "lost before", "lost after", "late", "broken", "closed"]
"""What goes wrong: refused, put off, lost on the way there or back, arriving later, a bug of ours, a closed period."""

BOOKS: Final = Profile(
    kind="erp",
    summary="Books that a test reads.",
    capabilities=frozenset({"companies", "journal-entries", "master-data", "schedules"}),
    form={
        "type": "object",
        "properties": {
            "environment": {"type": "string", "title": "Address"},
            "post_on": {"type": "string", "enum": ["completed", "approved"], "title": "Post on"},
            "post_from": {"type": "string", "title": "Post from"},
            "objects": {"type": "array", "title": "Objects", "items": {"type": "string"}},
            "transaction_integration_level": {"type": "string", "enum": ["top", "entity"], "title": "Level"},
            "password": {"type": "string", "writeOnly": True, "title": "Password"},
        },
        "required": ["environment", "password"],
        "additionalProperties": False,
    },
    hosts=("*",),
    identity="whatever the test says",
)


@dataclass
class Books:
    """The other side: every effect that was ever brought about, in order, whoever asked for it.

    Attributes:
        effects: what was brought about; one that is there twice is there twice.
        asked: every request, look-ups too.
        on_the_way: effects that arrive later, and when.
        now: its clock.
        hidden: look-ups do not show what is there, so many times.
    """

    effects: list[Effect] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    on_the_way: list[tuple[dt.datetime, Effect]] = field(default_factory=list)
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)
    hidden: int = 0
    altered: set[str] = field(default_factory=set)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def arrive(self) -> None:
        """What is on the way and whose time has come is brought about, unless its reference is known by then."""
        with self.lock:
            now = self.now()
            for at, effect in list(self.on_the_way):
                if at <= now:
                    self.on_the_way.remove((at, effect))
                    if not self.knows(effect.reference):
                        self.effects.append(effect)

    def knows(self, reference: str) -> bool:
        """An effect of this reference was brought about."""
        return any(effect.reference == reference for effect in self.effects)

    def bring_about(self, effect: Effect) -> Done:
        """Bring an effect about, unless its reference is known."""
        with self.lock:
            self.arrive()
            if self.knows(effect.reference):
                return Done(id_of(effect), "It was there already.", found=True)
            self.effects.append(replace(effect, opened={}))
            return Done(id_of(effect), "Done.")

    def times(self, reference: str) -> int:
        """How often an effect was brought about."""
        return sum(effect.reference == reference for effect in self.effects)

    def standing(self, key: str) -> dict[str, int]:
        """What stands there of an object: of an entry cents or quantities by key and account, else its document."""
        entries: dict[str, int] = {}
        record: Document | None = None
        for effect in self.effects:
            if effect.key != key:
                continue
            if isinstance(effect.document, EntryDocument):
                sign = -1 if effect.step == "reverse" else 1
                for line in effect.document.lines:
                    name = f"{line.key} {line.account}"
                    entries[name] = entries.get(name, 0) + sign * (line.cents or int(line.quantity * 100))
            else:
                record = effect.document
        if record is not None:
            return {document_bytes(record).decode(): 1}
        return {name: cents for name, cents in entries.items() if cents}


def id_of(effect: Effect) -> str:
    """The id that the books give an effect."""
    return f"id-{effect.reference}"


@dataclass
class ScriptedTarget(Scripted):
    """A system that objects are written to.

    Attributes:
        books: what it was told, and by whom it is remembered.
        faults: what goes wrong with the next requests that change something, the first in front; None: nothing.
        deaf: look-ups are not answered.
        takes: the types of objects that it takes.
        late: how much later what is late arrives.
        opened: personal data that was sent, by reference.
    """

    key: str = "books"
    title: str = "Scripted books"
    location_ids: tuple[str, ...] = ()
    profile: Profile = BOOKS
    books: Books = field(default_factory=Books)
    faults: list[Fault | None] = field(default_factory=list)
    deaf: bool = False
    takes: frozenset[ObjectType] = ALL
    late: dt.timedelta = dt.timedelta(minutes=3)
    opened: dict[str, dict[str, str]] = field(default_factory=dict)
    before: Callable[[Effect], None] = lambda _: None
    after: Callable[[Effect], None] = lambda _: None

    def target(self, filled: Filled, limits: Limits = DEFAULT_LIMITS) -> "ScriptedTarget":
        """Itself."""
        assert limits is not None
        assert filled.secret
        return self

    def write(self, effect: Effect, until: dt.datetime) -> Done:
        """Bring about an effect, unless something goes wrong."""
        self.books.asked.append(("write", effect.reference))
        self.before(effect)
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None:
            self._fail(fault, effect, until)
        done = self.books.bring_about(effect)
        if effect.opened:
            self.opened[effect.reference] = dict(effect.opened)
        self.after(effect)
        return done

    def _fail(self, fault: Fault, effect: Effect, until: dt.datetime) -> None:
        match fault:
            case "refuse":
                raise TargetFailure("rejected", "The books do not take it.")
            case "unavailable":
                raise TargetFailure("unavailable", "The books cannot work now.")
            case "rate-limited":
                again = self.books.now() + dt.timedelta(seconds=90)
                raise TargetFailure("rate-limited", "The books ask for patience.", retry_at=again)
            case "closed" if effect.step == "reverse":
                raise TargetFailure("closed-period", "The period is closed.")
            case "lost before":
                raise OutcomeUncertain("No answer came in time.")
            case "lost after":
                self.books.bring_about(effect)
                raise OutcomeUncertain("No answer came in time.")
            case "late":
                self.books.on_the_way.append((until + self.late, replace(effect, opened={})))
                raise OutcomeUncertain("No answer came in time.")
            case "broken":
                self.books.bring_about(effect)
                raise KeyError("a bug")
            case _:
                pass

    def look_up(self, effect: Effect, until: dt.datetime) -> Done | None:
        """Whether an effect is there."""
        assert until is not None
        self.books.asked.append(("look up", effect.reference))
        if self.deaf:
            raise TargetFailure("unavailable", "The books do not answer.")
        with self.books.lock:
            self.books.arrive()
            if self.books.hidden:
                self.books.hidden -= 1
                return None
            if isinstance(effect.document, NoticeDocument):
                return None  # who takes notices cannot be asked
            if not self.books.knows(effect.reference):
                return None
            altered = effect.reference in self.books.altered
            return Done(id_of(effect), "It is there.", found=True, altered=altered)


def connect_books(
    journal: Journal,
    connection: ConnectionId,
    *,
    secret: str = "password",  # noqa: S107 - its name in the vault
    values: dict[str, Any] | None = None,
    locations: tuple[str, ...] = ("pier",),
    system: str = "books",
) -> None:
    """Record a connection to the books, with locations of theirs."""
    places = [
        LocationAdded(name, name.title(), "America/New_York", {"place": f"P-{name}"}, "04:00", "", "objects")
        for name in locations
    ]
    established = ConnectionEstablished(
        system, "Books", "https://books.example.com", "0123456789ab", secret=secret, values=values or {}
    )
    facts: tuple[Fact, ...] = (established, ConfigurationChanged(1, {}, {}), *places)
    journal.append([Recording(connection.stream, 0, facts)], by(f"connect {connection.connection}"))


@contextmanager
def counting(books: Books) -> Iterator[list[int]]:
    """How many effects the block brings about."""
    before = len(books.effects)
    counted: list[int] = []
    yield counted
    counted.append(len(books.effects) - before)
