"""The journals that the conformity suite runs against."""

from collections.abc import Iterator

import pytest

from adapters.journal import open_journal
from domain.ports.journal import Journal
from tests.support.fakes import MemoryJournal


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def any_journal(request: pytest.FixtureRequest) -> Iterator[Journal]:
    """An empty journal of each kind; a further implementation is added here and has to pass the same suite."""
    if request.param == "memory":
        yield MemoryJournal()
        return
    journal = open_journal(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))
    yield journal
    journal.close()
