"""Gathering: the aggregates as the journal has them."""

from domain import books, business_day, connection, customer, outward, person
from domain.books import Books
from domain.business_day import BusinessDay
from domain.connection import Connection, NotConnected
from domain.customer import Customer
from domain.facts import RecordsChanged
from domain.facts.catalogue import BooksFact, ConnectionFact, DayFact, PersonFact
from domain.facts.customers import CustomerFact
from domain.facts.objects import ObjectFact
from domain.identifiers import BooksId, ConnectionId, CustomerId, DayId, ObjectId, PersonId
from domain.outward import SyncObject
from domain.person import Person
from domain.ports.journal import Journal
from domain.refusals import NotFound


class NothingRecorded(NotFound):
    """The business day has no generation yet, or had none at the moment that was asked for."""


def load_day(
    journal: Journal, day: DayId, *, known: BusinessDay = business_day.NEW_DAY, until: int | None = None
) -> BusinessDay:
    """The day as recorded, or as it was at a position of the log; a new one where there is nothing.

    Args:
        journal: where its facts are.
        day: which.
        known: the day as of an earlier version: only what came since is read.
        until: facts past this position do not count.
    """
    entries = journal.stream(day.stream, after=known.version, until=until)
    return business_day.fold((entry.fact for entry in entries if isinstance(entry.fact, DayFact)), known)


def load_beside_tickets(journal: Journal, day: DayId, *, known: BusinessDay = business_day.NEW_DAY) -> BusinessDay:
    """The day as recorded, but without its tickets: they are most of it, and many days of labor fit where one did.

    Args:
        journal: where its facts are.
        day: which.
        known: the day as of an earlier version, without its tickets.
    """
    entries = journal.stream(day.stream, after=known.version)
    facts = (without_tickets(entry.fact) for entry in entries if isinstance(entry.fact, DayFact))
    return business_day.fold(facts, known)


def without_tickets(fact: DayFact) -> DayFact:
    """The fact without its changes of tickets."""
    if not isinstance(fact, RecordsChanged):
        return fact
    return RecordsChanged(fact.generation, fact.part, tuple([c for c in fact.changes if c.kind != "ticket"]))


def load_connection(
    journal: Journal, connection_id: ConnectionId, *, known: Connection = connection.NEW_CONNECTION
) -> Connection:
    """The connection as recorded; of one that is known as of an earlier version only what came since is read.

    Raises:
        NotConnected: there is none of that id.
    """
    entries = journal.stream(connection_id.stream, after=known.version)
    loaded = connection.fold((entry.fact for entry in entries if isinstance(entry.fact, ConnectionFact)), known)
    if not loaded.version:
        raise no_such_connection(connection_id)
    return loaded


def no_such_connection(connection_id: ConnectionId) -> NotConnected:
    """The refusal that there is no such connection."""
    return NotConnected(f"There is no connection {connection_id.connection!r}: make it with `daybook connect`.")


def load_books(journal: Journal, books_id: BooksId, *, until: int | None = None) -> Books:
    """A client's books as recorded, or as they were at a position of the log; the defaults where nothing was."""
    entries = journal.stream(books_id.stream, until=until)
    return books.fold(entry.fact for entry in entries if isinstance(entry.fact, BooksFact))


def load_person(journal: Journal, person_id: PersonId, *, known: Person = person.NEW_PERSON) -> Person:
    """What was done with a person's data; of one known as of an earlier version only what came since is read."""
    entries = journal.stream(person_id.stream, after=known.version)
    return person.fold((entry.fact for entry in entries if isinstance(entry.fact, PersonFact)), known)


def load_customer(journal: Journal, customer_id: CustomerId) -> Customer:
    """A customer as recorded; a new one where nothing is."""
    entries = journal.stream(customer_id.stream)
    return customer.fold(entry.fact for entry in entries if isinstance(entry.fact, CustomerFact))


def load_object(journal: Journal, object_id: ObjectId, *, known: SyncObject = outward.NEW_OBJECT) -> SyncObject:
    """An object as recorded; of one that is known as of an earlier version only what came since is read."""
    entries = journal.stream(object_id.stream, after=known.version)
    return outward.fold((entry.fact for entry in entries if isinstance(entry.fact, ObjectFact)), known)
