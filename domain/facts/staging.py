"""What an approved day is told and does not take until it is reopened, and that it takes it then."""

import datetime as dt
from typing import Any

import msgspec

from domain.facts.attempts import Attempt
from domain.facts.values import Change


class DerivedFeed(msgspec.Struct, frozen=True, omit_defaults=True):
    """What of one connection a day is derived from, and how.

    Attributes:
        connection: its id.
        configuration: the version of its configuration.
        capture: the digest of its answer.
        notes: codes of what the translation found out about the source.
        kinds: the kinds of records that it feeds on the day.
        options: polling options that were put over that version, by name.
    """

    connection: str
    configuration: int
    capture: str
    notes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    options: dict[str, Any] = {}


class GenerationStaged(msgspec.Struct, frozen=True, omit_defaults=True):
    """A poll read an approved day whole, and it differs: a generation that waits until the day is reopened.

    All that differs from what was approved follows in ``parts`` facts :class:`ChangesStaged` of the same commit. It
    takes the place of whatever waited of these kinds before; with no parts the source is back at what was approved.

    Attributes:
        attempt: how it was read.
        generation: the number that the generation will have.
        capture: the digest of what the source answered.
        zone: the location's zone.
        starts_at: first instant of the business day, UTC.
        ends_at: first instant after it, UTC.
        added: number of records, beside what was approved.
        changed: number of records, likewise.
        removed: number of records, likewise.
        parts: how many facts with changes follow.
        derivation: the version of our translation.
        notes: codes of what the translation found out about the source.
        kinds: the kinds of records that were read whole.
    """

    attempt: Attempt
    generation: int
    capture: str
    zone: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    added: int
    changed: int
    removed: int
    parts: int
    derivation: int = 1
    notes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


class ChangesStaged(msgspec.Struct, frozen=True, omit_defaults=True):
    """Up to 250 records of what waits: each as it was approved, and as it would be.

    Attributes:
        generation: the generation that they will belong to.
        part: 1-based, of the ``parts`` of the fact before.
        changes: in the order of kind and key.
    """

    generation: int
    part: int
    changes: tuple[Change, ...]


class StagedApplied(msgspec.Struct, frozen=True, omit_defaults=True):
    """A reopened day took what had waited: staged generations and changes that were observed, the newest of each.

    The changes follow in ``parts`` facts :class:`RecordsChanged` of the same commit.

    Attributes:
        generation: the day's generation with them.
        zone: the location's zone.
        starts_at: first instant of the business day, UTC; None where it never had one.
        ends_at: first instant after it, UTC; None likewise.
        added: number of records.
        changed: number of records.
        removed: number of records.
        parts: how many facts with changes follow.
        feeds: what the day is derived from now, by connection.
    """

    generation: int
    zone: str
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    added: int
    changed: int
    removed: int
    parts: int
    feeds: tuple[DerivedFeed, ...] = ()
