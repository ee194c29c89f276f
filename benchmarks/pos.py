"""The simulated Tray POS, as those see it who ask it."""

import datetime as dt
from typing import Any, Final

import httpx
import msgspec

from benchmarks.measuring import sound

EDITED_SHARE: Final = 100
"""One ticket of so many is edited."""


class Pos(msgspec.Struct, frozen=True):
    """A running POS.

    Attributes:
        url: its address.
        venue: the venue that is polled.
        key: opens it.
        zone: of the venue.
        dates: its business days.
    """

    url: str
    venue: str
    key: str
    zone: str
    dates: tuple[dt.date, ...]

    def edit(self, tickets: int) -> None:
        """Change the price of an item on so many tickets of every day, with its taxes and payment."""
        for date in self.dates:
            edits = {"venue": self.venue, "businessDate": date.isoformat(), "tickets": tickets, "seed": 7}
            answer = httpx.post(f"{self.url}/simulator/edits", json=edits, timeout=60).raise_for_status().json()
            sound(len(answer["changes"]) == tickets, f"The POS edited {len(answer['changes'])} tickets, not {tickets}.")

    def truth(self, date: dt.date) -> dict[str, Any]:
        """The totals of a day, computed by the POS."""
        asked = {"venue": self.venue, "businessDate": date.isoformat()}
        answer = httpx.get(f"{self.url}/simulator/truth", params=asked, timeout=60).raise_for_status()
        truth: dict[str, Any] = answer.json()
        return truth
