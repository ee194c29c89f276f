"""The views: one module each, which says what facts it knows and turns a batch of entries into rows."""

from typing import Final

from projections.views import connections, days, labor, polls, records, rosters, tickets
from projections.views.view import View

ALL: Final[tuple[View, ...]] = (
    connections.VIEW,
    days.VIEW,
    labor.VIEW,
    polls.VIEW,
    records.VIEW,
    rosters.VIEW,
    tickets.VIEW,
)
"""Every view, by name."""

__all__ = ["ALL", "View"]
