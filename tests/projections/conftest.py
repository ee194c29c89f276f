"""A stage on each kind of database."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from adapters.database import open_engine
from domain.ports.journal import Journal
from tests.projections.stage import Stage


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on ``database_url``."""
    opened = open_engine(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def stage(journal: Journal, engine: Engine) -> Stage:
    """An empty stage, once on each kind of database."""
    return Stage(journal, engine)
