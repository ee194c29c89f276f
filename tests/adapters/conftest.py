"""Adapters say what they do in logs, which their tests read: whatever other tests configured does not count."""

from collections.abc import Iterator

import pytest
import structlog

from tests.support.logs import logging_as_before


@pytest.fixture(autouse=True)
def _logging_as_it_begins() -> Iterator[None]:
    """Logs as libraries begin with them, for the time of a test."""
    with logging_as_before():
        structlog.reset_defaults()
        yield
