"""A batch of entries, sorted once by what they are about for all views that read it."""

from collections.abc import Sequence
from functools import cached_property

import msgspec

from domain.business_day import BusinessDay
from domain.facts import ABSENT, Change, Entry, RecordsChanged, RosterChanged
from domain.identifiers import ConnectionId, DayId, client_of, connection_of, day_of
from domain.summary import DailySalesSummary, SoldTicket, TicketSums, summarize
from projections.folds import Folds

Net = tuple[bool, msgspec.Raw, int, int]
"""What a batch makes of one record, however often it changed in it: whether it existed before the batch, its canonical
bytes after it (:data:`ABSENT` where it is gone), generation (0 for employees and jobs) and position of the last change.
A plain tuple, because a batch has as many as records."""

Figures = tuple[str, str, str, str, str, str, int, int, int, int, int, int, int]
"""Of a ticket: number, opened, closed (or empty), service type, revenue center, server, guests; and in cents gross,
discounts, net, tax, tips, adjustments."""

NetChanges = dict[str, dict[str, Net]]
"""By kind and key."""


class DayBatch:
    """The entries of a batch that belong to one business day.

    Attributes:
        day: which.
        date: its date as the tables keep it.
        entries: in order, at least one.
        figures: of tickets that the batch touched and leaves, by key; filled by :meth:`summed`.
    """

    def __init__(self, day: DayId) -> None:
        self.day = day
        self.date = day.date.isoformat()
        self.entries: list[Entry] = []
        self.figures: dict[str, Figures] = {}
        self._folded: BusinessDay | None = None
        self._summed: tuple[BusinessDay, DailySalesSummary] | None = None

    def folded(self, folds: Folds) -> BusinessDay:
        """The day after the batch, folded once."""
        if self._folded is None:
            self._folded = folds.after(self.day, self.entries)
        return self._folded

    @cached_property
    def net(self) -> NetChanges:
        """What the batch makes of each record that it touches."""
        made: NetChanges = {}
        for entry in self.entries:
            if isinstance(entry.fact, RecordsChanged):
                _gather(made, entry.fact.changes, entry.fact.generation, entry.position)
        return made

    def summed(self, folds: Folds) -> tuple[BusinessDay, DailySalesSummary]:
        """The day after the batch and its summary, worked out once; fills :attr:`figures` on the way."""
        if self._summed is not None:
            return self._summed
        day = self.folded(folds)
        touched = self.net.get("ticket", {})

        def on_ticket(key: str, ticket: SoldTicket, sums: TicketSums) -> None:
            if key in touched:
                self.figures[key] = figures_of(ticket, sums)

        self._summed = day, summarize(day, on_ticket if touched else None)
        return self._summed


class RosterBatch:
    """The entries of a batch that belong to one connection.

    Attributes:
        connection: which.
        entries: in order, at least one.
    """

    def __init__(self, connection: ConnectionId) -> None:
        self.connection = connection
        self.entries: list[Entry] = []

    @cached_property
    def net(self) -> dict[str, NetChanges]:
        """What the batch makes of each employee and job, by location."""
        made: dict[str, NetChanges] = {}
        for entry in self.entries:
            if isinstance(entry.fact, RosterChanged):
                _gather(made.setdefault(entry.fact.location, {}), entry.fact.changes, 0, entry.position)
        return made


class Batch:
    """Entries that follow each other in the log.

    Attributes:
        after: the position that they begin behind.
        position: of the last of them.
        entries: in order, at least one.
        folds: folded days, for the view that needs them.
        summing: one of the views that read the batch sums days up, so that others may use what it finds out.
    """

    def __init__(self, after: int, entries: Sequence[Entry], folds: Folds) -> None:
        self.after = after
        self.position = entries[-1].position
        self.entries = entries
        self.folds = folds
        self.summing = False

    @cached_property
    def ends(self) -> dict[int, int]:
        """Where the commit of an entry ends, by the entry's position: as of it, all of the commit is known."""
        found: dict[int, int] = {}
        end, commit = 0, ("", "")
        for entry in reversed(self.entries):
            own = (client_of(entry.stream), entry.provenance.command)
            if own != commit:
                end, commit = entry.position, own
            found[entry.position] = end
        return found

    @cached_property
    def days(self) -> list[DayBatch]:
        """The days that the batch touches, in the order of the tables' keys."""
        found: dict[str, DayBatch] = {}
        for entry in self.entries:
            known = found.get(entry.stream)
            if known is None:
                day = day_of(entry.stream)
                if day is None:
                    continue
                known = found[entry.stream] = DayBatch(day)
            known.entries.append(entry)
        return sorted(found.values(), key=lambda touched: touched.day)

    @cached_property
    def connections(self) -> list[RosterBatch]:
        """The connections that the batch touches, in the order of the tables' keys."""
        found: dict[str, RosterBatch] = {}
        for entry in self.entries:
            known = found.get(entry.stream)
            if known is None:
                connection = connection_of(entry.stream)
                if connection is None:
                    continue
                known = found[entry.stream] = RosterBatch(connection)
            known.entries.append(entry)
        return sorted(found.values(), key=lambda touched: touched.connection)


def figures_of(ticket: SoldTicket, sums: TicketSums) -> Figures:
    """What the row of a ticket shows. The ticket itself is let go: a batch has many, and they are large."""
    gross, discounts, tax, tips, adjustments = sums
    return (
        ticket.number,
        ticket.opened_at,
        ticket.closed_at or "",
        ticket.service_type,
        ticket.revenue_center,
        ticket.server,
        ticket.guests,
        gross,
        discounts,
        gross - discounts,
        tax,
        tips,
        adjustments,
    )


def _gather(made: NetChanges, changes: Sequence[Change], generation: int, position: int) -> None:
    for change in changes:
        known = made.get(change.kind)
        if known is None:
            known = made[change.kind] = {}
        earlier = known.get(change.key)
        existed = change.before != ABSENT if earlier is None else earlier[0]
        known[change.key] = (existed, change.after, generation, position)
