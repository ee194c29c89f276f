"""Deletions: who deleted a business day's summary, when and why, as far as no reading has brought it back."""

import datetime as dt

from domain.due import Deletion
from domain.facts import DayDeleted
from domain.identifiers import DayId
from domain.ports.journal import Journal


class NotDeleted(Exception):
    """Nobody deleted the day by then."""


def newest_deletion(journal: Journal, day: DayId, *, until: int | None = None) -> Deletion:
    """The newest deletion of a day, as recorded by a position of the log.

    Raises:
        NotDeleted: there is none.
    """
    found: tuple[dt.datetime, str, str] | None = None
    for entry in journal.stream(day.stream, until=until):
        if isinstance(entry.fact, DayDeleted):
            found = (entry.recorded_at, entry.provenance.actor, entry.provenance.reason)
    if found is None:
        raise NotDeleted
    return Deletion(*found)
