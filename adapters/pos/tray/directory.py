"""The directory: which venues of which organizations a key opens."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from adapters.pos.tray.client import Caller
from adapters.pos.tray.profile import VENUES as NAMED
from adapters.pos.tray.wire import VENUES, VenueRow
from domain.business_date import UnknownZone, zone
from domain.forms import Filled
from domain.identifiers import plain
from domain.ports.source import SourceFailure
from domain.ports.systems import Company, Examination, Place
from domain.refusals import BadIdentifier

MOST_VENUES: Final = 5_000
_LONGEST_NAME: Final = 200
_SHOWN: Final = 5


def examined(caller: Caller, environment: str, filled: Filled) -> Examination:
    """Ask for the venues, and keep those that were named, or all where none were.

    Raises:
        SourceFailure: the key is not accepted, the answer cannot be trusted, or the key does not open a named venue.
    """
    rows: dict[str, VenueRow] = {}
    for page in caller.pages(VENUES, {}):
        for row in page.rows:
            if _checked(row).id in rows:
                raise SourceFailure("duplicate-rows", "Tray lists a venue twice.", resource=VENUES)
            rows[row.id] = row
        if len(rows) > MOST_VENUES:
            raise SourceFailure("too-large", f"The key opens more than {MOST_VENUES:,} venues.", resource=VENUES)
    named = list(filled.plain.get(NAMED, ()))
    missing = [venue for venue in named if venue not in rows]
    if missing:
        more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        raise SourceFailure(
            "unknown-venue", f"The key does not open the venue {', '.join(missing[:_SHOWN])}{more}: check the ids."
        )
    chosen = [rows[venue] for venue in named] if named else rows.values()
    return Examination(environment, _companies(chosen), caller.counters.requests)


def _companies(rows: Iterable[VenueRow]) -> tuple[Company, ...]:
    places: dict[str, list[Place]] = defaultdict(list)
    names: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: (row.organization_id, row.id)):
        names.setdefault(row.organization_id, row.organization_name)
        places[row.organization_id].append(Place(row.id, row.name, row.zone, {"venue": row.id}))
    return tuple(Company(organization, names[organization], tuple(found)) for organization, found in places.items())


def _checked(row: VenueRow) -> VenueRow:
    """A row whose ids can be ids, whose zone is one, and whose names can be shown."""
    try:
        plain(row.id, "venue")
        plain(row.organization_id, "organization")
        zone(row.zone)
        shown = all(len(name) <= _LONGEST_NAME and name.isprintable() for name in (row.name, row.organization_name))
    except (BadIdentifier, UnknownZone):
        shown = False
    if not shown:
        raise SourceFailure("malformed", "Tray lists a venue whose id, name or zone cannot be one.", resource=VENUES)
    return row
