"""The views: one module each, which says what facts it knows and turns a batch of entries into rows."""

from typing import Final

from projections.views import (
    connections,
    days,
    import_jobs,
    labor,
    late_changes,
    mentions,
    objects,
    overlays,
    people,
    personnel,
    persons,
    polls,
    records,
    rosters,
    schedules,
    tenants,
    tickets,
    watch,
)
from projections.views.view import View

ALL: Final[tuple[View, ...]] = (
    connections.VIEW,
    tenants.VIEW,
    rosters.VIEW,
    people.VIEW,
    personnel.VIEW,
    polls.VIEW,
    overlays.VIEW,
    persons.VIEW,
    schedules.VIEW,
    objects.VIEW,
    import_jobs.VIEW,
    late_changes.VIEW,
    labor.VIEW,
    records.VIEW,
    mentions.VIEW,
    tickets.VIEW,
    days.VIEW,
    watch.VIEW,
)
"""Every view, in the order that a batch goes through them: a database server stores the many rows of ``records`` and of
one day's tickets while the next day is summed up."""

__all__ = ["ALL", "View"]
