"""Vaults to test: the fake, and the real one on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.database import open_engine
from adapters.vault import SqlVault
from domain.ports.vault import Vault
from tests.support.fake_vault import MemoryVault


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    """A migrated database of each kind."""
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def lite(sqlite_url: str) -> Iterator[sa.Engine]:
    """A migrated SQLite database."""
    engine = open_engine(sqlite_url)
    yield engine
    engine.dispose()


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """Where a key file is, or is to be."""
    return tmp_path / "keys" / "vault.key"


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def vault(request: pytest.FixtureRequest, key_file: Path) -> Iterator[Vault]:
    """A vault of every make."""
    if request.param == "memory":
        yield MemoryVault()
        return
    engine = open_engine(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))
    yield SqlVault(engine, key_file)
    engine.dispose()
