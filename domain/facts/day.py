"""What happens to a business day."""

import datetime as dt
from typing import Literal

import msgspec

from domain.facts.values import Change


class Attempt(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a poll went about reading the source.

    Attributes:
        kind: ``poll`` for the first, ``repoll`` for every later one.
        connection: the connection that was polled.
        configuration: the version of the connection's configuration in use.
        started_at: our clock, UTC.
        ended_at: our clock, UTC.
        requests: HTTP requests sent, retries included.
        read_bytes: bytes of the answers, decompressed.
        rows: control totals: rows by resource.
    """

    kind: Literal["poll", "repoll"]
    connection: str
    configuration: int
    started_at: dt.datetime
    ended_at: dt.datetime
    requests: int = 0
    read_bytes: int = 0
    rows: dict[str, int] = {}


class DayPolled(msgspec.Struct, frozen=True, omit_defaults=True):
    """A poll read the whole day and something differed from what was recorded: a new generation begins.

    The changes follow in ``parts`` facts :class:`RecordsChanged` of the same commit.

    Attributes:
        attempt: how it was read.
        generation: 1 for the first.
        capture: the digest of what the source answered.
        zone: the location's zone.
        starts_at: first instant of the business day, UTC.
        ends_at: first instant after it, UTC.
        added: number of records.
        changed: number of records.
        removed: number of records.
        parts: how many facts with changes follow.
        derivation: the version of our translation.
        notes: codes of what the translation found out about the source, for example a convention of its amounts.
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


class RecordsChanged(msgspec.Struct, frozen=True, omit_defaults=True):
    """Up to 250 records of a generation, each before and after.

    Attributes:
        generation: the generation they belong to.
        part: 1-based, of the generation's ``parts``.
        changes: in the order of kind and key.
    """

    generation: int
    part: int
    changes: tuple[Change, ...]


class PollUnchanged(msgspec.Struct, frozen=True, omit_defaults=True):
    """A poll read the whole day and found what was recorded: the attempt, and nothing else.

    Attributes:
        attempt: how it was read.
        generation: the generation that still stands.
        capture: the digest of what the source answered.
    """

    attempt: Attempt
    generation: int
    capture: str


class PollFailed(msgspec.Struct, frozen=True, omit_defaults=True):
    """A poll did not get the day whole, so nothing of what it read counts.

    Attributes:
        attempt: how far it came.
        failure: the kind of failure, for example ``rate-limited``.
        message: a sentence for a person, without secrets.
        retryable: trying again later can help.
        retry_at: not before, UTC, where the source said so.
        resource: the resource that failed, or empty.
    """

    attempt: Attempt
    failure: str
    message: str
    retryable: bool
    retry_at: dt.datetime | None = None
    resource: str = ""
