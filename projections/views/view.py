"""What a view is."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Table

from projections.batches import Batch
from projections.writing import Writer


@dataclass(frozen=True, slots=True)
class View:
    """Tables that show one side of the facts.

    Attributes:
        name: permanent; the bookmark's key.
        tables: written by this view alone.
        project: brings the tables from the batch's beginning to its end, inside the caller's transaction.
    """

    name: str
    tables: tuple[Table, ...]
    project: Callable[[Batch, Writer], None]
