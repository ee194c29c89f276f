"""What stands on a day whatever its own answers say: records that readings of other days changed since."""

from collections.abc import Iterable, Mapping

from domain.business_day import BusinessDay
from domain.business_day.day import BEFORE_LOOKBACK, OVERTIME
from domain.business_day.looking_back import LABOR_LOOKBACK
from domain.facts import (
    Change,
    DayCompensated,
    DayPolled,
    DayReopened,
    GenerationStaged,
    LateChangeObserved,
    PollUnchanged,
    RecordsChanged,
    ReplayStaged,
    StagedApplied,
)
from domain.facts.catalogue import DayFact
from domain.polling import Options

Keys = Mapping[str, set[str]]
"""Keys of records by kind."""


def moved_by_others(facts: Iterable[DayFact], day: BusinessDay) -> Keys:
    """Records that readings of other days changed here since the day itself was read: its answers do not know.

    Args:
        facts: of the day.
        day: as they lead to it; of an approved one as it would be if it were reopened.
    """
    moves = _Moves(day)
    for fact in facts:
        moves.after(fact)
    return moves.known


class _Moves:
    """What is known to have been moved, fact by fact; and what will be, once an approved day is reopened."""

    def __init__(self, day: BusinessDay) -> None:
        self._kinds = {name: feed.kinds for name, feed in day.feeds.items()}
        self._moved: dict[str, set[str]] = {}
        self._held: dict[str, set[str]] | None = None
        self._left: dict[str, set[str]] | None = None
        self._compensating = 0

    @property
    def known(self) -> Keys:
        """As of the last fact."""
        return self._moved if self._held is None else self._held

    def after(self, fact: DayFact) -> None:
        """Take one more fact into account."""
        match fact:
            case DayPolled() | PollUnchanged():
                self._read(self._moved if self._held is None else self._held, fact.attempt.connection)
            case GenerationStaged():
                self._read(self._waiting(), fact.attempt.connection)
            case LateChangeObserved() if fact.origin not in {"poll", BEFORE_LOOKBACK}:
                _add(self._waiting(), fact.changes)
            case ReplayStaged():
                self._waiting()
            case DayCompensated() if fact.origin == LABOR_LOOKBACK:  # its capture knows all punches of the day
                self._compensating = 0
                (self._moved if self._held is None else self._held).pop("punch", None)
            case DayCompensated() if fact.origin != OVERTIME:  # what follows from hours is worked out anew
                self._compensating = fact.generation
            case RecordsChanged() if fact.generation == self._compensating:
                _add(self._moved, fact.changes)
            case DayReopened():
                self._left, self._held = self._held, None
            case StagedApplied() if self._left is not None:
                self._moved = self._left
            case _:
                pass

    def _waiting(self) -> dict[str, set[str]]:
        if self._held is None:
            self._held = {kind: set(keys) for kind, keys in self._moved.items()}
        return self._held

    def _read(self, moved: dict[str, set[str]], connection: str) -> None:
        for kind in self._kinds.get(connection, ()):
            moved.pop(kind, None)


def _add(moved: dict[str, set[str]], changes: Iterable[Change]) -> None:
    for change in changes:
        moved.setdefault(change.kind, set()).add(change.key)


def standing_under(moved: Keys, options: Options) -> Keys:
    """What stands of it under other options: tickets and punches always, since the other day's answer tells them.

    A deposit that was found by looking back is none where the options look back no more.
    """
    looks_back = options.number_of_lookback_days > 0 and not options.disable_deposits_import
    return {kind: keys for kind, keys in moved.items() if looks_back or kind != "deposit"}
