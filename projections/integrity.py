"""Integrity across days: a ticket belongs to exactly one business day of its location."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine, func, select

from projections.asking import of_shown_days
from projections.tables import ticket

MOST_ALERTS: Final = 100
"""Alerts that are listed."""


@dataclass(frozen=True, slots=True)
class ClaimedTwice:
    """A ticket that two or more business days of one location hold.

    Attributes:
        client: whose it is.
        location: our id.
        ticket: the source's id.
        first: the earliest of its business days.
        last: the latest.
        days: how many.
    """

    client: str
    location: str
    ticket: str
    first: dt.date
    last: dt.date
    days: int

    @property
    def sentence(self) -> str:
        """What is wrong and what to do."""
        return (
            f"The ticket {self.ticket} of {self.location} ({self.client}) is on {self.days} business days, from "
            f"{self.first} to {self.last}: repoll them, so that it counts once."
        )


def claimed_twice(engine: Engine) -> list[ClaimedTwice]:
    """Tickets that more than one business day claims, of those that are not deleted; at most :data:`MOST_ALERTS`."""
    columns = ticket.c
    place = (columns.client, columns.location, columns.ticket)
    asked = (
        of_shown_days(
            select(*place, func.min(columns.business_date), func.max(columns.business_date), func.count()), ticket
        )
        .group_by(*place)
        .having(func.count() > 1)
        .order_by(*place)
        .limit(MOST_ALERTS)
    )
    with engine.connect() as connection:  # the owner: it looks through all clients' days
        return [
            ClaimedTwice(client, location, name, dt.date.fromisoformat(first), dt.date.fromisoformat(last), days)
            for client, location, name, first, last, days in connection.execute(asked)
        ]
