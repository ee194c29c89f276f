"""What happens to a business day."""

import datetime as dt

import msgspec

from domain.facts.attempts import Attempt
from domain.facts.values import Change


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
        kinds: the kinds of records that were read whole; from now on the connection feeds them on this day.
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


class DayCompensated(msgspec.Struct, frozen=True, omit_defaults=True):
    """Reading another business day showed that this one changed: a new generation, made of compensating changes.

    The changes follow in ``parts`` facts :class:`RecordsChanged` of the same commit.

    Attributes:
        generation: the day's generation with them.
        origin: why the other day's reading says something about this one: ``dated`` (tickets that now belong to one of
            the two days or no longer do), ``split-shift`` (parts of punches), ``deposit`` (found by looking back),
            ``labor-lookback`` (punches, found by looking back), ``overtime`` (hours of that day moved the overtime of
            this one).
        read_date: the business day that was read.
        connection: the connection that was read; empty where somebody changed punches here.
        configuration: the version of its configuration in use.
        capture: the digest of what the source answered for that day.
        added: number of records.
        changed: number of records.
        removed: number of records.
        parts: how many facts with changes follow.
    """

    generation: int
    origin: str
    read_date: dt.date
    connection: str
    configuration: int
    capture: str
    added: int
    changed: int
    removed: int
    parts: int


class LateChangeObserved(msgspec.Struct, frozen=True, omit_defaults=True):
    """A change at the source came to light that the day does not take: it is kept here and changes nothing.

    Either the day is approved, or it is before the days that are looked back on; repolled, it takes the latter.

    One that brings more than 250 changes is several facts.

    Attributes:
        origin: as of :class:`DayCompensated`; ``poll`` where the day itself was read again, before such generations
            were staged; ``before-lookback`` where the day is too old.
        read_date: the business day that was read.
        connection: the connection that was read.
        capture: the digest of what the source answered.
        changes: at most 250, each as the day would have had it until then, and as it would have it now.
        more: changes that are not listed: of facts that were recorded when one had to do.
    """

    origin: str
    read_date: dt.date
    connection: str
    capture: str
    changes: tuple[Change, ...]
    more: int = 0


class DayCompleted(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody said that the day is complete.

    Attributes:
        generation: the generation that stood then.
    """

    generation: int


class DayApproved(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody approved the day: from now on nothing changes it until it is reopened.

    Attributes:
        generation: the generation that was approved.
        summary: SHA-256 of the approved summary, hex.
        number: of the closing: how often the day was approved; 0 in facts of version 1, which folding counts.
    """

    generation: int
    summary: str
    number: int = 0


class DayReopened(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody took completion or approval back.

    Attributes:
        was: the state that was taken back: ``completed`` or ``approved``.
    """

    was: str
