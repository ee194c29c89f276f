"""What a simulated Tray installation is made of: its venues, its seed and the days that it has traded."""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass, field

_LATEST_DAY_START = dt.time(6, 0)
_ZONES = ("America/New_York", "America/Chicago", "America/Los_Angeles")
_NAMES = (
    "Harbor Grill",
    "Prairie Kitchen",
    "Sunset Diner",
    "Mill Street Tavern",
    "Lakeside Pancakes",
    "Canyon Cantina",
)


@dataclass(frozen=True, slots=True)
class Venue:
    """One restaurant.

    Attributes:
        id: as it stands in the URL, for instance ``V100``.
        name: what people call it.
        zone: IANA zone of its wall clock.
        api_key: the key of the company that the venue belongs to; the same key is the same company.
        day_start: wall-clock time at which its business day begins, 06:00 at the latest.
        double_spaced: whether some of its tickets say ``Dine  In`` with two spaces.
        organization: the id of the company that it belongs to.
        organization_name: what the company is called.
        more_keys: further keys of the same company.
    """

    id: str
    name: str
    zone: str = "America/New_York"
    api_key: str = field(default="tray-key-one", repr=False)
    day_start: dt.time = dt.time(0, 0)
    double_spaced: bool = False
    organization: str = "ORG-1"
    organization_name: str = "Harbor Restaurants"
    more_keys: tuple[str, ...] = field(default=(), repr=False)

    def opens(self, key: str) -> bool:
        """Say whether a key is one of its company's."""
        return key == self.api_key or key in self.more_keys

    def __post_init__(self) -> None:
        if self.day_start > _LATEST_DAY_START:
            message = f"The day of {self.id} starts at {self.day_start}; breakfast is at 07:00, so 06:00 is the latest."
            raise ValueError(message)


def some_venues(
    count: int = 3, *, api_key: str = "tray-key-one", other_key: str = "tray-key-other"
) -> tuple[Venue, ...]:
    """Answer ``count`` venues V100, V101 ... of one company, zones in turn, and V900 of another company.

    Every second venue starts its day at 04:00 and writes ``Dine  In`` now and then.
    """
    own = tuple(
        Venue(
            id=f"V{100 + index}",
            name=f"{_NAMES[index % len(_NAMES)]} {index + 1}",
            zone=_ZONES[index % len(_ZONES)],
            api_key=api_key,
            day_start=dt.time(4, 0) if index % 2 else dt.time(0, 0),
            double_spaced=bool(index % 2),
        )
        for index in range(count)
    )
    other = Venue(
        id="V900",
        name="Somebody Else's Bistro",
        api_key=other_key,
        organization="ORG-9",
        organization_name="Somebody Else",
    )
    return (*own, other)


@dataclass(frozen=True, slots=True)
class TrayPosSettings:
    """Everything that the simulated POS derives its data from.

    Attributes:
        seed: equal seeds (and venues, days, tickets) give equal bytes.
        venues: the restaurants; see `some_venues`.
        tickets: checks on each business date, exactly.
        items: item rows on each check, exactly; None for a realistic spread.
        staff: people employed by each venue.
        first: the first business date with data.
        last: the last business date with data; later ones are empty once they are over.
        now: the POS's clock, answering an aware datetime; None for the machine's.
        seconds: the seconds by which the waits are kept that it tells those who ask too often; the machine's.
        tax_difference_share: share of checks whose tax was computed on the whole check and so differs from the items'
            by cents.
        unmatched_void_share: share of item voids without their paired Void entry (their check then misses the money
            identity).
        item_center_share: share of checks on which a line was sold in another revenue center.
        surcharge_share: share of paid checks with a surcharge.
        non_sale_share: share of paid checks on which a gift card or the like was sold as well.
        gratuity_share: share of checks paid by card with an automatic gratuity.
    """

    seed: int = 1
    venues: tuple[Venue, ...] = field(default_factory=some_venues)
    tickets: int = 120
    items: int | None = None
    staff: int = 28
    first: dt.date = dt.date(2026, 10, 25)
    last: dt.date = dt.date(2026, 11, 15)
    now: Callable[[], dt.datetime] | None = None
    seconds: Callable[[], float] = time.time
    tax_difference_share: float = 0.03
    unmatched_void_share: float = 0.0
    item_center_share: float = 0.0
    surcharge_share: float = 0.0
    non_sale_share: float = 0.0
    gratuity_share: float = 0.0

    def has(self, date: dt.date) -> bool:
        """Say whether the venues traded on that business date."""
        return self.first <= date <= self.last
