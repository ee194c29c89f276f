"""Facts that carry the changes of a generation."""

import datetime as dt

from domain.business_day.day import BusinessDay
from domain.differences import operations, parts
from domain.facts import Change, DayCompensated, LateChangeObserved, RecordsChanged


def numbered(generation: int, lots: list[tuple[Change, ...]]) -> list[RecordsChanged]:
    """The facts that carry the changes of a generation."""
    return [RecordsChanged(generation, number, lot) for number, lot in enumerate(lots, start=1)]


def compensated(
    generation: int,
    found: list[Change],
    origin: str,
    read_date: dt.date,
    connection: str,
    configuration: int,
    capture: str,
) -> list[DayCompensated | RecordsChanged]:
    """The facts of a generation that is made of compensating changes."""
    lots = parts(found)
    head = DayCompensated(
        generation,
        origin,
        read_date,
        connection,
        configuration,
        capture,
        **operations(found),
        parts=len(lots),
    )
    return [head, *numbered(generation, lots)]


def observed(
    day: BusinessDay, found: list[Change], origin: str, read_date: dt.date, connection: str, capture: str
) -> list[LateChangeObserved]:
    """What a day that does not take changes would change by, as far as it is not known yet."""
    return [
        LateChangeObserved(origin, read_date, connection, capture, lot)
        for lot in parts([change for change in found if not _known(day, change)])
    ]


def _known(day: BusinessDay, change: Change) -> bool:
    late = day.late.get((change.kind, change.key))
    return late is not None and late.after == bytes(change.after)
