"""Stores: fresh databases of both kinds, and copies of filled ones."""

import shutil
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from adapters.database import migrate
from benchmarks.store import POSTGRESQL, SQLITE, Store
from tests.support.postgres import Server, postgres_server


class Stores:
    """Makes stores and takes them away again."""

    def __init__(self, folder: Path, server: Server | None) -> None:
        self._folder = folder
        self._server = server
        self._templates: dict[str, Store] = {}

    def empty(self, kind: str) -> Store:
        """A store with nothing in it, not even tables."""
        folder = self._folder / uuid.uuid4().hex[:12]
        folder.mkdir()
        if kind == SQLITE:
            return Store(kind, f"sqlite:///{folder / 'journal.db'}", str(folder))
        return Store(kind, self._running.url(self._running.create()), str(folder))

    def migrated(self, kind: str) -> Store:
        """A store with daybook's tables, and nothing in them."""
        if kind not in self._templates:
            self._templates[kind] = self.empty(kind)
            migrate(self._templates[kind].url)
        return self.copy(self._templates[kind])

    def copy(self, store: Store) -> Store:
        """A store like this one, which nobody may be using."""
        folder = self._folder / uuid.uuid4().hex[:12]
        shutil.copytree(store.folder, folder)
        if store.kind == SQLITE:
            return Store(store.kind, f"sqlite:///{folder / 'journal.db'}", str(folder))
        copied = self._running.create(template=_name(store))
        return Store(store.kind, self._running.url(copied), str(folder))

    def drop(self, *stores: Store) -> None:
        """Take stores away."""
        for store in stores:
            if store.kind == POSTGRESQL:
                self._running.drop(_name(store))
            shutil.rmtree(store.folder, ignore_errors=True)

    @property
    def _running(self) -> Server:
        if self._server is None:
            raise LookupError("No PostgreSQL was started, since none was asked for.")
        return self._server


@contextmanager
def stores_for(kinds: Sequence[str]) -> Iterator[Stores]:
    """Stores of these kinds, all gone after the block, with a PostgreSQL server where one is needed."""
    with ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="daybook-bench-")))
        server = closing.enter_context(postgres_server()) if POSTGRESQL in kinds else None
        yield Stores(folder, server)


def _name(store: Store) -> str:
    return store.url.rpartition("/")[2]
