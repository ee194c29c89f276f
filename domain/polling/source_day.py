"""A day as a source told it, in our words: what translating begins with."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class SourceDay:
    """A day in our words, before any polling option is applied.

    Attributes:
        records: by kind (see :data:`domain.records.KINDS`), of days and of rosters. A kind that is not named was not
            read, so nothing of it changes; one that is named and empty was read and is empty. Tickets may be a one-time
            iterator that decodes page by page, so that a large day never stands in memory as objects; it may raise what
            reading raises on the way. Tickets and punches may also be of the neighbouring days, where the day's options
            had several dates of the source read: translating sorts them out.
        notes: codes of what stood out, for example ``convention:payments_include_tips``. They are taken after the
            records, and may be a one-time iterator too: what tickets refer to shows once they are put together.
        dates: business dates of the source that were read whole; empty for the day's own date alone.
        labor: the hours whose punches were read whole, by the source's clock: a first instant and the first one after
            the last; None for the day's own.
    """

    records: Mapping[str, Iterable[Any]]
    notes: Iterable[str] = field(default=())
    dates: frozenset[dt.date] = frozenset()
    labor: tuple[dt.datetime, dt.datetime] | None = None
