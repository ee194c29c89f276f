"""The tables of the queue: those of the library, made by its own migrations, in a schema of their own."""

from collections.abc import Iterator
from importlib import resources
from typing import Final

SCHEMA: Final = "queue"
"""The schema on PostgreSQL."""

NEWEST: Final = "03.04.00_50_post_add_retry_failed_job_procedure.sql"
"""The library's newest migration that ours has: a release of it that adds one asks for another of ours."""


def statements(*, until: str, after: str = "") -> Iterator[str]:
    """The library's migrations in their order, each as SQL for the schema that comes first in the search path.

    Args:
        until: the name of the last one.
        after: the name of the one before the first.

    Raises:
        FileNotFoundError: the library that is installed does not have the last one.
    """
    folder = resources.files("procrastinate.sql") / "migrations"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    if until not in names:
        raise FileNotFoundError(f"The installed queue library has no migration {until}.")
    for name in names:
        if after < name <= until:
            yield (folder / name).read_text(encoding="utf-8")
