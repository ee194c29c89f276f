"""Catching up: views read the log in batches; their rows and bookmarks move in one transaction."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

import msgspec
from sqlalchemy import Connection, Engine, select, update

from domain.facts import Entry
from domain.ports.journal import Journal
from domain.refusals import NotYet, Refusal
from projections.batches import Batch
from projections.folds import Folds
from projections.tables import SCHEMA, bookmark
from projections.views import ALL, View
from projections.writing import Writer

BATCH_ENTRIES: Final = 32
"""Entries read at once; a fact holds up to 250 changes of records, and a commit is read whole."""

Progress = Callable[[int, int], None]
"""Told the position that was reached and the one that is aimed at, after every batch."""


class ViewsStopped(Refusal):
    """The log holds a fact that the views cannot read; they stand before it and skip nothing."""


class Overtaken(Exception):
    """Somebody else moved the bookmark: what this batch did is rolled back."""


def catch_up(
    engine: Engine,
    journal: Journal,
    views: Sequence[View] = ALL,
    until: int | None = None,
    progress: Progress | None = None,
    *,
    limit: int = BATCH_ENTRIES,
    folds: Folds | None = None,
) -> int:
    """Bring the views up to date; answers the position that all of them have reached.

    Any number of processes may do so at once: each fact counts exactly once. Views that stand at one position read
    the log together; those that lag behind read up to the others first.

    Args:
        engine: of the migrated database.
        journal: what is read.
        views: which of them.
        until: facts past this position are left for later; None for all there are.
        progress: told after every batch.
        limit: entries in a batch; a batch ends with a whole commit.
        folds: days at hand from an earlier call.

    Raises:
        ViewsStopped: a fact cannot be read; everything before it is in the views.
        JournalUnavailable: the journal's database does not answer.
    """
    folds = folds or Folds(journal)
    known = _marks(engine)
    if any(view.name not in known for view in views):
        with engine.begin() as connection:
            Writer(connection).begin_bookmarks(view.name for view in views)
    goal = journal.head() if until is None else until
    log = Lookahead(journal, limit)
    while True:
        marks = bookmarks(engine, views)
        lowest = min(marks.values())
        ahead = [mark for mark in marks.values() if mark > lowest]
        bounds = ahead if until is None else [*ahead, until]
        entries = log.take(after=lowest, until=min(bounds, default=None))
        if not entries:
            return lowest
        behind = [view for view in views if marks[view.name] == lowest]
        batch = Batch(lowest, entries, folds)
        try:
            with collecting_paused(), engine.begin() as connection:
                advance(connection, behind, batch, meanwhile=log.look)
        except Overtaken:
            continue
        if progress:
            progress(batch.position, max(goal, batch.position))


def bookmarks(engine: Engine, views: Sequence[View] = ALL) -> dict[str, int]:
    """How far each view has read, by its name; 0 for one that has not begun."""
    found = _marks(engine)
    return {view.name: found.get(view.name, 0) for view in views}


def _marks(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {row.view: row.position for row in connection.execute(select(bookmark))}


def read(journal: Journal, *, after: int, limit: int, until: int | None = None) -> list[Entry]:
    """The next entries of the log, whole commits, up to a position.

    Raises:
        ViewsStopped: the next fact cannot be read.
    """
    while True:
        try:
            entries = journal.log(after=after, limit=limit)
        except NotYet:
            raise
        except (Refusal, msgspec.MsgspecError) as error:
            if limit == 1:
                raise ViewsStopped(
                    f"The views stand at position {after}, before a fact that they cannot read: {error}"
                ) from error
            limit = 1  # one commit at a time, up to the one that cannot be read
        else:
            return entries if until is None else [entry for entry in entries if entry.position <= until]


class Lookahead:
    """Reads the log, and one batch ahead while the database is busy storing the one before."""

    def __init__(self, journal: Journal, limit: int) -> None:
        self._journal = journal
        self._limit = limit
        self._held: tuple[int, list[Entry]] | None = None

    def take(self, *, after: int, until: int | None = None) -> list[Entry]:
        """The next entries; see :func:`read`."""
        held, self._held = self._held, None
        if held is None or held[0] != after:
            return read(self._journal, after=after, limit=self._limit, until=until)
        return [entry for entry in held[1] if until is None or entry.position <= until]

    def look(self, after: int) -> None:
        """Read ahead. What goes wrong is told by whoever takes."""
        with suppress(Refusal):
            found = read(self._journal, after=after, limit=self._limit)
            self._held = (after, found) if found else None


def advance(
    connection: Connection,
    views: Sequence[View],
    batch: Batch,
    schema: str = SCHEMA,
    meanwhile: Callable[[int], None] | None = None,
) -> None:
    """Bring views from the beginning of a batch to its end, inside the caller's transaction.

    Args:
        connection: in a transaction.
        views: that stand where the batch begins.
        batch: what they read.
        schema: where their tables are.
        meanwhile: called with the batch's end while the database is still busy with the last rows.

    Raises:
        Overtaken: they do not stand there any more.
        ViewsStopped: the bytes of a record cannot be read.
    """
    batch.summing = any(view.name == "days" for view in views)
    with Writer(connection, schema) as writer:
        claim(writer, views, batch.after, batch.position)
        for view in views:
            try:
                view.project(batch, writer)
            except msgspec.MsgspecError as error:
                raise ViewsStopped(
                    f"The view {view.name!r} stands at position {batch.after}; between it and position "
                    f"{batch.position} is a record that cannot be read: {error}"
                ) from error
        if meanwhile and writer.sending:
            meanwhile(batch.position)


def claim(writer: Writer, views: Sequence[View], before: int, after: int) -> None:
    """Move the bookmarks, which locks them for the rest of the transaction, in the order of their names."""
    for view in sorted(views, key=lambda view: view.name):
        moved = update(bookmark).where(bookmark.c.view == view.name, bookmark.c.position == before)
        if writer.execute(moved.values(position=after)).rowcount != 1:
            raise Overtaken


@contextmanager
def collecting_paused() -> Iterator[None]:
    """Without the garbage collector for a while: a batch makes a hundred thousand objects and no cycles."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
