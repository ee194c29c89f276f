"""That a day was derived again from the answers that are kept, and what came of it was recorded."""

import datetime as dt

import msgspec

from domain.facts.staging import DerivedFeed


class ReplayApplied(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody had the day derived again and recorded what differed: a new generation of compensating changes.

    The changes follow in ``parts`` facts :class:`RecordsChanged` of the same commit.

    Attributes:
        generation: the day's generation with them.
        connection: the connection whose configuration was meant.
        zone: the location's zone.
        starts_at: first instant of the business day, UTC; None where it never had one.
        ends_at: first instant after it, UTC; None likewise.
        added: number of records.
        changed: number of records.
        removed: number of records.
        parts: how many facts with changes follow.
        derivation: the version of our translation.
        feeds: what the day is derived from now, under which versions and options, by connection.
    """

    generation: int
    connection: str
    zone: str
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    added: int
    changed: int
    removed: int
    parts: int
    derivation: int = 1
    feeds: tuple[DerivedFeed, ...] = ()


class ReplayStaged(msgspec.Struct, frozen=True, omit_defaults=True):
    """The same of an approved day: what differs from what was approved waits until it is reopened.

    It follows in ``parts`` facts :class:`ChangesStaged` of the same commit, and takes the place of whatever waited of
    the kinds that these connections feed.

    Attributes:
        generation: the number that the generation will have.
        connection: as of :class:`ReplayApplied`; likewise ``zone``, ``starts_at``, ``ends_at``.
        added: number of records, beside what was approved.
        changed: number of records, likewise.
        removed: number of records, likewise.
        parts: how many facts with changes follow.
        derivation: the version of our translation.
        feeds: what the day will be derived from, by connection.
    """

    generation: int
    connection: str
    zone: str
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    added: int
    changed: int
    removed: int
    parts: int
    derivation: int = 1
    feeds: tuple[DerivedFeed, ...] = ()
