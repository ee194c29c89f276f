"""Tracing: from any id to every stream that it touched, whatever the id is there."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine, and_, func, or_, select, tuple_

from domain.facts import Entry
from domain.ports.journal import Journal
from domain.records import KINDS
from domain.refusals import NotFound, Refusal
from projections.asking import MOST_ROWS, Among
from projections.queries import naming_too
from projections.tables import mention
from projections.views.mentions import LONGEST_ID, location_of
from projections.walls import reading

FACT: Final = "fact"
"""What the id is where it is the position of a fact."""

_LONGEST_POSITION: Final = 18


class BadTrace(Refusal):
    """What is to be traced is empty or longer than any id."""


class NeverMentioned(NotFound):
    """No fact of the client names such an id."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A stream that an id touched.

    Attributes:
        meaning: what the id is there: ``ticket``, ``receipt number``, ``employee``, ``capture``, ``command``, …
        stream: the stream's name.
        record: ``KIND/KEY`` of the record that it leads to, or empty.
        first: position of the first fact that names it there.
        last: of the last one.
        facts: how many do.
    """

    meaning: str
    stream: str
    record: str
    first: int
    last: int
    facts: int

    @property
    def place(self) -> tuple[str, str, str]:
        """Where it stands in the list: the page after begins behind it."""
        return self.meaning, self.stream, self.record


def trace(
    engine: Engine,
    journal: Journal,
    client: str,
    id_: str,
    *,
    after: tuple[str, str, str] | None = None,
    limit: int = 100,
    among: Among = None,
) -> list[Trace]:
    """Every stream that an id touched, by what it is there; also where the record is gone since.

    An id may be several things at once: all of them are told. ``KIND/KEY`` means a record of that kind alone, digits
    the position of a fact as well.

    Args:
        engine: of the views.
        journal: where facts are.
        client: whose.
        id_: of whatever it is.
        after: the place of the last row of the page before.
        limit: rows, at most 500.
        among: only facts that name one of these locations count, or None for all of the client's.

    Raises:
        NeverMentioned: no fact names the id at all.
        BadTrace: there is nothing to look for, or it is longer than any id.
        ValueError: the limit is not 1 to 500.
    """
    if not 0 < limit <= MOST_ROWS:
        raise ValueError(f"A page has 1 to {MOST_ROWS} rows, not {limit}.")
    if not 0 < len(id_) <= LONGEST_ID or "\0" in id_:
        raise BadTrace(f"Give an id of 1 to {LONGEST_ID} characters: a ticket's, a receipt number, a capture's digest.")
    columns = mention.c
    named = columns.id == id_
    kind, _, key = id_.partition("/")
    if kind in KINDS and key:
        named = or_(named, and_(columns.id == key, columns.meaning == kind))
    place = (columns.meaning, columns.stream, columns.record)
    asked = select(*place, func.min(columns.position), func.max(columns.position), func.count())
    asked = asked.where(columns.client == client, named).group_by(*place).order_by(*place).limit(limit)
    if after is not None:
        asked = asked.where(tuple_(*place) > after)
    if among is not None:
        asked = asked.where(naming_too(client, among, mention))
    with reading(engine, client) as connection:
        found = [Trace(*row) for row in connection.execute(asked)]
    fact = fact_at(journal, client, id_, among)
    if fact:
        here = Trace(FACT, fact.stream, "", fact.position, fact.position, 1)
        if after is None or here.place > after:
            found = sorted([*found, here], key=lambda one: one.place)[:limit]
    if not found and after is None:
        raise NeverMentioned(
            f"No fact names {id_[:80]!r}. What can be traced: tickets, receipt numbers, punches, employees, deposits "
            "and other records, captures, imported files, commands, correlations, connections, locations and positions."
        )
    return found


def fact_at(journal: Journal, client: str, text: str, among: Among = None) -> Entry | None:
    """The client's fact at a position that a text may be, or None; of some locations only a fact that names one."""
    if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST_POSITION and int(text)):
        return None
    found = journal.log(after=int(text) - 1, limit=1, client=client)
    if not found or found[0].position != int(text) or (among is not None and location_of(found[0]) not in among):
        return None
    return found[0]
