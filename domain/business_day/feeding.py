"""What connections brought to a day: after one of them was read, and as facts keep it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from domain.business_day.day import NO_FEED, Feed
from domain.facts import Attempt, DerivedFeed


def read_by(
    feeds: Mapping[str, Feed],
    attempt: Attempt,
    capture: str,
    notes: tuple[str, ...] | None = None,
    kinds: tuple[str, ...] = (),
) -> dict[str, Feed]:
    """The feeds with what a connection's reading brought; kinds that it feeds now, no other connection does.

    Args:
        feeds: of the day before.
        attempt: how it was read.
        capture: the digest of the answer.
        notes: what the translation found out; None where that is known already.
        kinds: the kinds of records that were read whole, where something differed.
    """
    known = feeds.get(attempt.connection, NO_FEED)
    others = {name: replace(feed, kinds=feed.kinds.difference(kinds)) for name, feed in feeds.items()}
    feed = Feed(capture, attempt.configuration, known.notes if notes is None else notes, known.kinds | frozenset(kinds))
    return {**others, attempt.connection: feed}


def derived(feeds: Iterable[DerivedFeed]) -> dict[str, Feed]:
    """The feeds that facts tell of, by connection."""
    return {
        feed.connection: Feed(feed.capture, feed.configuration, feed.notes, frozenset(feed.kinds), feed.options)
        for feed in feeds
    }


def as_told(feeds: Mapping[str, Feed]) -> tuple[DerivedFeed, ...]:
    """The feeds as facts tell of them, in the order of their connections."""
    return tuple(
        [
            DerivedFeed(name, at.configuration, at.capture, at.notes, tuple(sorted(at.kinds)), dict(at.options))
            for name, at in sorted(feeds.items())
        ]
    )
