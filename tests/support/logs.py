"""Logging is of the whole process: what a test configures it puts back."""

import contextlib
import logging
from collections.abc import Iterator

import structlog


@contextlib.contextmanager
def logging_as_before() -> Iterator[None]:
    """Afterwards logs go where they went before, in the form that they had."""
    root, configured = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers, root.level
    try:
        yield
    finally:
        structlog.configure(**configured)
        root.handlers, root.level = handlers, level
