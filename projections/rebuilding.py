"""Rebuilding: views are built anew beside the live ones and take their place in one transaction (blue/green)."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.exc import OperationalError

from domain.ports.journal import Journal
from domain.refusals import NotFound
from projections.batches import Batch
from projections.catching_up import BATCH_ENTRIES, Lookahead, Progress, advance, collecting_paused
from projections.folds import Folds
from projections.sites import NEXT, RebuildRunning, Site, opened_site
from projections.tables import bookmark
from projections.views import ALL, View
from projections.writing import Writer

__all__ = ["SWAP_TRIES", "RebuildRunning", "UnknownView", "chosen_views", "rebuild"]

SWAP_TRIES: Final = 20
"""How often the swap is tried against readers and writers who hold what it needs."""


class UnknownView(NotFound):
    """There is no view of that name."""


def rebuild(
    engine: Engine,
    journal: Journal,
    views: Sequence[str] | None = None,
    progress: Progress | None = None,
    *,
    limit: int = BATCH_ENTRIES,
) -> int:
    """Build views anew from the whole log and put them in the place of the live ones; answers their position.

    Readers see the old rows until the new ones are there: whole, and not older than what they saw. Whoever keeps the
    live views up to date may go on. A rebuild that dies leaves the live views as they were, and the next one cleans up.

    Args:
        engine: of the migrated database.
        journal: what is read.
        views: names, or None for all.
        progress: told the position reached and the one aimed at, after every batch.
        limit: entries in a batch.

    Raises:
        UnknownView: a name is none.
        RebuildRunning: another rebuild has not ended.
        ViewsStopped: a fact cannot be read; the live views are as they were.
    """
    chosen = chosen_views(views)
    with opened_site(engine, [table for view in chosen for table in view.tables]) as site:
        build = _Build(site, journal, chosen, limit)
        for tries in range(1, SWAP_TRIES + 1):
            build.catch_up(progress)
            site.settle()
            try:
                return build.swap()
            except OperationalError:  # a lock was not to be had in time; the log has gone on meanwhile
                if tries == SWAP_TRIES:
                    raise
    raise AssertionError("unreachable: the last failure is raised")


def chosen_views(names: Sequence[str] | None) -> list[View]:
    """The views of these names, or all.

    Raises:
        UnknownView: a name is none.
    """
    known = {view.name: view for view in ALL}
    for name in names or ():
        if name not in known:
            raise UnknownView(f"There is no view {name[:60]!r}. Views: {', '.join(sorted(known))}.")
    return [known[name] for name in sorted(known) if names is None or name in names]


class _Build:
    """Views on the building site, and their way into place."""

    def __init__(self, site: Site, journal: Journal, views: Sequence[View], limit: int) -> None:
        self._site = site
        self._connection = site.connection
        self._journal = journal
        self._views = views
        self._log = Lookahead(journal, limit)
        self._folds = Folds(journal)
        self._reached = 0
        with self._connection.begin():
            Writer(self._connection, NEXT).begin_bookmarks(view.name for view in views)

    def catch_up(self, progress: Progress | None) -> None:
        """Bring the new views to the end of the log."""
        goal = self._journal.head()
        while True:
            with collecting_paused(), self._connection.begin():
                entries = self._advance()
            if not entries:
                return
            if progress:
                progress(self._reached, max(goal, self._reached))

    def swap(self) -> int:
        """Put the new views in the place of the live ones; answers their position.

        Raises:
            OperationalError: somebody held the live views for too long; nothing has changed.
        """
        reached = self._reached
        try:
            with self._connection.begin():
                self._site.begin_swap()
                # Nobody moves the live views from here on, so that the new ones cannot come in older than those.
                live = _held(self._connection, self._views)
                while self._reached < live and self._advance():
                    pass
                self._site.swap()
                moved = update(bookmark).where(bookmark.c.view.in_([view.name for view in self._views]))
                self._connection.execute(moved.values(position=self._reached))
        except BaseException:
            self._reached = reached
            raise
        return self._reached

    def _advance(self) -> bool:
        entries = self._log.take(after=self._reached)
        if entries:
            batch = Batch(self._reached, entries, self._folds)
            advance(self._connection, self._views, batch, NEXT, meanwhile=self._log.look)
            self._reached = entries[-1].position
        return bool(entries)


def _held(connection: Connection, views: Sequence[View]) -> int:
    """The highest position that live views stand at, locked for the rest of the transaction."""
    Writer(connection).begin_bookmarks(view.name for view in views)
    for view in sorted(views, key=lambda view: view.name):
        connection.execute(update(bookmark).where(bookmark.c.view == view.name).values(position=bookmark.c.position))
    names = [view.name for view in views]
    asked = select(bookmark.c.position).where(bookmark.c.view.in_(names))
    return max(int(position) for position in connection.scalars(asked))
