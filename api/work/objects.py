"""What goes out: registering what differs, asking what there is to do for objects, and doing it."""

import datetime as dt
import hashlib
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

import structlog

from api.composition import OpenHouse
from api.work.circuits import circuit_of, circuits, points_of_sale, writers
from api.work.putting_off import PutOff
from domain.commands.intent import Intent
from domain.commands.loading import load_books
from domain.commands.register_objects import RegisterObjects, register_objects
from domain.commands.review_objects import ReviewObjects, review_objects
from domain.commands.work_object import work_object
from domain.identifiers import BooksId, ConnectionId, ObjectId, object_of
from domain.outward import going_to_pos, is_to_review, to_do
from domain.permissions import EVERYTHING
from domain.refusals import Refusal
from projections import objects, queries
from projections.catching_up import catch_up
from projections.object_rows import CircuitRow, ObjectRow
from projections.outgoing import Looked, outgoing
from projections.outgoing_staff import is_told

ACTOR: Final = "worker"

MOST_ERRANDS: Final = 200
"""Objects of one connection that are handed out at once."""

MOST_AT_ONCE: Final = 300
"""Objects that are registered in one commit."""

REVIEWED: Final = 10
"""Of a budget of so many requests a minute one goes to a look at what stands there."""

UNSEEN: Final = 3600.0
"""Seconds until it is tried again to look at what could not be looked at."""

LOOK: Final = dt.timedelta(seconds=60)
"""After which it is looked again what goes out, though nothing waits."""

_log: Final = structlog.get_logger("daybook.worker")


@dataclass(frozen=True, slots=True)
class Errand:
    """Something to do for an object.

    Attributes:
        object: which.
        position: of its newest fact, as far as the views know: after it moved this is another errand.
        lock: of those with one lock, one is done at a time; there are as many as may go on at once to a company.
        rank: how many of its client go before it.
    """

    object: ObjectId
    position: int
    lock: str
    rank: int = 0

    @property
    def client(self) -> str:
        """Whose."""
        return self.object.client

    @property
    def key(self) -> str:
        """Of the errand, in a queue."""
        return f"{self.object.stream}@{self.position}"


def errand_of(key: str) -> ObjectId | None:
    """The object of an errand's key; None where the key is of something else."""
    return object_of(key.rpartition("@")[0])


class Outbox:
    """What goes out for the clients of a store, and sending it. Used by several threads at once.

    Nothing that counts is kept here: what there is to do, and how it stands with a connection, follows from the facts.

    Args:
        opened: the running daybook.
    """

    def __init__(self, opened: OpenHouse) -> None:
        self._opened: Final = opened
        self._registering: Final = threading.Lock()
        self._looked: Final = Looked({})
        self._refused: Final = PutOff[ObjectId]()
        self._unseen: Final = PutOff[ObjectId]()
        self._looked_over: Final = PutOff[ConnectionId]()

    def register(self, client: str) -> int:
        """Register what differs from what is registered; answers how many objects are new or changed."""
        takes = writers(self._opened)
        if not takes:
            return 0
        opened = self._opened.only(client)
        count = 0
        with self._registering:
            try:
                books = load_books(opened.journal, BooksId(client))
                found = outgoing(opened.engine, client, takes, books, self._looked, points_of_sale(self._opened))
                while lot := list(islice(found, MOST_AT_ONCE)):
                    intent = Intent(ACTOR, "what is to be told of changed", rights=EVERYTHING)
                    count += len(register_objects(RegisterObjects(lot, intent), opened.house).objects)
            except BaseException:
                self._looked.forget()  # what was handed out and not registered is to be found again
                raise
        if count:
            _log.info("registered", client=client, objects=count)
            catch_up(opened.engine, self._opened.journal)
        return count

    def errands(self, client: str) -> tuple[list[Errand], dt.datetime | None]:
        """What there is to do for a client's objects now, and when there is something again."""
        found: list[Errand] = []
        for circuit in circuits(self._opened, client):
            found += self._of_connection(circuit)
        ranked = [Errand(one.object, one.position, one.lock, rank) for rank, one in enumerate(found)]
        again_at = objects.next_at(self._opened.engine, client, self._opened.house.outward)
        if writers(self._opened) and again_at is None:
            again_at = self._opened.house.clock.now() + LOOK
        return ranked, again_at

    def perform(self, one: ObjectId) -> str:
        """Do what there is to do for an object, if it is still so, and answer how it stands then; never raises."""
        try:
            catch_up(self._opened.engine, self._opened.journal)
            row = objects.find_object(self._opened.engine, one.client, one.connection, one.key)
            todo = to_do(row, self._opened.house.outward) if row else None
            if not self._may_go(one):
                return "not due any more"
            now = self._opened.house.clock.now()
            if row is not None and is_to_review(row, now, self._opened.house.outward):
                return self._review(one)
            if todo is None or not todo.is_due(now):
                return "not due any more"
            if row is not None and todo.task != "verify" and self._is_taken_back(row):
                self._refused.put(
                    one, self._opened.settings.retry
                )  # until it is registered that nothing more is said of them
                return "not due any more"
            house = self._opened.only(one.client).house
            came = work_object(one, todo.task, _intend, house)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is logged, and there is still something to do
            refused = isinstance(error, Refusal)
            self._refused.put(one, self._opened.settings.retry)
            log = _log.info if refused else _log.warning
            log("not sent", **_named(one), kind=type(error).__name__, error=str(error)[:500])
            return "refused" if refused else "broken"
        _log.info(came.state, **_named(one), attempt=came.attempt, message=came.message[:200])
        if self._opened.projector is not None:
            self._opened.projector.wake()
        return came.state

    def _review(self, one: ObjectId) -> str:
        """Look whether an entry still stands there; what could not be looked at is put off."""
        intent = Intent(ACTOR, "whether it still stands there", rights=EVERYTHING)
        (came,) = review_objects(ReviewObjects([one], intent), self._opened.only(one.client).house)
        if not came.position:
            self._unseen.put(one, UNSEEN)
        _log.info("looked", **_named(one), found=came.found, message=came.message[:200])
        if self._opened.projector is not None:
            self._opened.projector.wake()
        return came.found

    def _of_connection(self, known: CircuitRow) -> Iterator[Errand]:
        now, rules = self._opened.house.clock.now(), self._opened.house.outward
        room = min(known.per_minute - known.last_minute, MOST_ERRANDS)
        if known.circuit.state == "half-open":
            room = min(room, 1 - known.running)
        if known.circuit.state == "open" or room <= 0:
            return
        for row in objects.waiting(self._opened.engine, known.client, known.connection, now, rules):
            todo = to_do(row, rules)
            one = ObjectId(row.client, row.connection, row.key)
            if todo is not None and todo.is_due(now) and one not in self._refused:
                yield Errand(one, row.position, lock_of(known, row))
                room -= 1
                if room <= 0:
                    return
        named = ConnectionId(known.client, known.connection)
        if rules.review and known.circuit.state == "closed" and named not in self._looked_over:
            self._looked_over.put(named, LOOK.total_seconds())
            yield from self._to_review(known, min(room, max(known.per_minute // REVIEWED, 1)))

    def _to_review(self, known: CircuitRow, room: int) -> Iterator[Errand]:
        now, rules = self._opened.house.clock.now(), self._opened.house.outward
        limit = min(room + len(self._unseen), MOST_ERRANDS)
        for row in objects.to_review(self._opened.engine, known.client, known.connection, now, rules, limit=limit):
            one = ObjectId(row.client, row.connection, row.key)
            if room > 0 and one not in self._unseen and is_to_review(row, now, rules):
                yield Errand(one, row.position, lock_of(known, row))
                room -= 1

    def _may_go(self, one: ObjectId) -> bool:
        """The connection is not kept from sending; asked again, for errands may have waited in a queue."""
        row = queries.find_connection(self._opened.engine, one.client, one.connection)
        if row is None or row.stage != "established":
            return False
        return circuit_of(self._opened, row, [row]).circuit.state != "open"

    def _is_taken_back(self, row: ObjectRow) -> bool:
        """It tells a point of sale of somebody of whom HR has nothing to say any more, since it was registered."""
        if row.type != "employee":
            return False
        told = queries.find_connection(self._opened.engine, row.client, row.connection)
        if told is None or told.system not in points_of_sale(self._opened):
            return False
        goes = "employee" in going_to_pos(told.values, writers(self._opened).get(told.system, frozenset()))
        employee = row.key.removeprefix(f"employee:{row.location}:")
        if goes and is_told(self._opened.engine, told, row.location, employee):
            return False
        self.register(row.client)
        return True


def lock_of(known: CircuitRow, row: ObjectRow) -> str:
    """The lock of an object's errands: one of as many as may go on at once to the company."""
    slot = zlib.crc32(row.key.encode()) % max(known.at_once, 1)
    name = known.company or hashlib.sha256(f"{known.client}/{known.connection}".encode()).hexdigest()[:16]
    return f"company/{name}/{slot}"


def _intend() -> Intent:
    return Intent(ACTOR, rights=EVERYTHING)


def _named(one: ObjectId) -> dict[str, str]:
    return {"client": one.client, "connection": one.connection, "object": one.key}


__all__ = ["Errand", "Outbox", "errand_of", "lock_of"]
