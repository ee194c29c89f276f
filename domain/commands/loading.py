"""Gathering: the aggregates as the journal has them."""

from domain import business_day, connection
from domain.business_day import BusinessDay
from domain.connection import Connection, NotConnected
from domain.facts.catalogue import ConnectionFact, DayFact
from domain.identifiers import ConnectionId, DayId
from domain.ports.journal import Journal
from domain.refusals import NotFound


class NothingRecorded(NotFound):
    """The business day has no generation yet, or had none at the moment that was asked for."""


def load_day(journal: Journal, day: DayId, *, until: int | None = None) -> BusinessDay:
    """The day as recorded, or as it was at a position of the log; a new one where there is nothing."""
    entries = journal.stream(day.stream, until=until)
    return business_day.fold(entry.fact for entry in entries if isinstance(entry.fact, DayFact))


def load_connection(journal: Journal, connection_id: ConnectionId, *, until: int | None = None) -> Connection:
    """The connection as recorded.

    Raises:
        NotConnected: there is none of that id.
    """
    entries = journal.stream(connection_id.stream, until=until)
    loaded = connection.fold(entry.fact for entry in entries if isinstance(entry.fact, ConnectionFact))
    if not loaded.version:
        raise NotConnected(f"There is no connection {connection_id.connection!r}: make it with `daybook connect`.")
    return loaded
