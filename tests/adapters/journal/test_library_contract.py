"""The library's own contract tests for recorders, on ours, with text ids."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from eventsourcing.tests import persistence as contract

from adapters.database import database_url
from adapters.journal.postgres import PostgresRecorder, open_postgres
from adapters.journal.settings import JournalSettings
from adapters.journal.sqlite import SQLiteRecorder, open_sqlite

SETTINGS = JournalSettings()


class TextIds:
    """Ids as daybook has them."""

    def new_originator_id(self) -> str:
        """A stream that nobody else has."""
        return f"connection:C1:{uuid4()}"


class OnSQLite(TextIds):
    """Each test has a freshly migrated file."""

    @pytest.fixture(autouse=True)
    def database(self, sqlite_url: str) -> Iterator[None]:
        """Open the recorder, close it after the test."""
        self.recorder = open_sqlite(Path(str(database_url(sqlite_url).database)), SETTINGS)
        yield
        self.recorder.close()

    def create_recorder(self) -> SQLiteRecorder:
        """The recorder under test."""
        return self.recorder


class OnPostgres(TextIds):
    """Each test has a freshly migrated database."""

    @pytest.fixture(autouse=True)
    def database(self, postgres_url: str) -> Iterator[None]:
        """Open the recorder, close it after the test."""
        self.recorder = open_postgres(database_url(postgres_url), SETTINGS)
        yield
        self.recorder.close()

    def create_recorder(self) -> PostgresRecorder:
        """The recorder under test."""
        return self.recorder


class TestSQLiteRecorder(OnSQLite, contract.ApplicationRecorderTestCase):  # type: ignore[misc]
    """What the library asks of an application recorder."""


class TestSQLitePositions(OnSQLite, contract.NonInterleavingNotificationIDsBaseCase):  # type: ignore[misc]
    """Positions of two commits never mix."""


class TestPostgresRecorder(OnPostgres, contract.ApplicationRecorderTestCase):  # type: ignore[misc]
    """What the library asks of an application recorder, its subscription included."""

    def test_insert_subscribe(self) -> None:
        """Who subscribes by the library is woken by our inserts too."""
        self.optional_test_insert_subscribe()


class TestPostgresPositions(OnPostgres, contract.NonInterleavingNotificationIDsBaseCase):  # type: ignore[misc]
    """Positions of two commits never mix."""
