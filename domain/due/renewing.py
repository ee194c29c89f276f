"""Grants of sources that end: which have to be renewed, and by when."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

WARNING_DAYS: Final = 7
"""How many days before a grant ends it is told, unless a setting says otherwise."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """A connection whose grant ends, or has ended.

    Attributes:
        connection: our id.
        name: what people call it.
        valid_until: when the grant ends.
        ended: it has.
    """

    connection: str
    name: str
    valid_until: dt.datetime
    ended: bool

    @property
    def sentence(self) -> str:
        """What a person has to know."""
        ends = "ended" if self.ended else "ends"
        return f"The grant of {self.name} {ends} on {self.valid_until:%Y-%m-%d %H:%M} UTC: renew the connection."


def renewal(connection: str, name: str, valid_until: dt.datetime | None, now: dt.datetime, days: int) -> Renewal | None:
    """What has to be renewed, from so many days before the end on; None where nothing has to be yet."""
    if valid_until is None or valid_until >= now + dt.timedelta(days=days):
        return None
    return Renewal(connection, name, valid_until, valid_until <= now)
