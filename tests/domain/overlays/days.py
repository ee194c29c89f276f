"""A day that people enter things on: what happened to it, fact by fact, with the records that sources bring."""

import datetime as dt
from decimal import Decimal
from typing import Any, cast

from domain.business_day import NEW_DAY, BusinessDay, decide_poll, fold, with_conflicts
from domain.facts.catalogue import DayFact
from domain.overlays import Workplace
from domain.polling import Options
from domain.records import Deposit, Employee, Job, JobRate, Punch, decode
from domain.summary import DailySalesSummary, summarize
from tests.domain.build import DATE, attempt, day_window, punch, translated

PLACE = Workplace(
    {
        "e1": Employee("e1", "p1", jobs=(JobRate("j1", Decimal("16.00")),)),
        "e2": Employee("e2", "p2"),
    },
    {"j1": Job("j1", "Server", rate=Decimal("15.00")), "j2": Job("j2", "Cook", rate=Decimal("18.00"))},
    Options(),
)
LONG_PLACE = Workplace(PLACE.employees, PLACE.jobs, Options(allow_24_hour_punches=True))
OPEN = punch("s1", clock_out=None)


def deposit(key: str, cents: int, **fields: Any) -> Deposit:
    """A deposit of the source."""
    return Deposit(key, cents, DATE, **fields)


class Story:
    """One day, and everything that happens to it.

    Attributes:
        day: as it is now.
        facts: all that is recorded of it.
        last: what the last step recorded.
    """

    def __init__(self, *records: object, options: Options | None = None, policy: str = "ask") -> None:
        self.day: BusinessDay = NEW_DAY
        self.facts: list[DayFact] = []
        self.last: tuple[DayFact, ...] = ()
        self.options = options or Options(use_item_level_taxes=True)
        self.policy = policy
        if records:
            self.poll(*records)

    def poll(self, *records: object) -> tuple[DayFact, ...]:
        """Poll: the source has just these records."""
        reading = translated(*records, options=self.options)
        facts = decide_poll(self.day, reading, attempt=attempt(), capture="c", window=day_window())
        return self.record(with_conflicts(self.day, facts, self.policy))

    def record(self, facts: tuple[Any, ...]) -> tuple[DayFact, ...]:
        """Record facts."""
        self.last = facts
        self.facts += facts
        self.day = fold(facts, self.day)
        return facts

    @property
    def names(self) -> Any:
        """The shapes of what the last step recorded."""
        return [type(fact).__name__ for fact in self.last]

    @property
    def summary(self) -> DailySalesSummary:
        """The day's summary."""
        return summarize(self.day)

    @property
    def hours(self) -> Any:
        """The hours that count."""
        return self.summary.labor_hours

    @property
    def conflicts(self) -> Any:
        """Open conflicts."""
        return [f"{kind}/{key}" for kind, key in self.day.conflicts]

    def shown(self, key: str = "s1") -> Punch | None:
        """A punch as it is shown."""
        found = self.day.shown.get("punch", {}).get(key)
        return None if found is None else cast("Punch", decode("punch", found))

    @property
    def deposits(self) -> dict[str, int]:
        """Cents of the deposits that count, by key."""
        found = {key: decode("deposit", data) for key, data in self.day.shown.get("deposit", {}).items()}
        return {key: cast("Deposit", one).amount_cents for key, one in sorted(found.items())}


def utc(text: str, days: int = 0) -> dt.datetime:
    """An instant on the day, or so many days later."""
    return dt.datetime.combine(DATE + dt.timedelta(days=days), dt.time.fromisoformat(text), tzinfo=dt.UTC)
