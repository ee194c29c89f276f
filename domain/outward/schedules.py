"""Schedules as documents: what other systems are told of one."""

from domain.identifiers import ScheduleId
from domain.outward.documents import ScheduleDocument, Shift
from domain.schedule import Schedule


def published_document(named: ScheduleId, schedule: Schedule) -> ScheduleDocument:
    """What is published of a schedule; no shifts where nothing is.

    Args:
        named: which.
        schedule: as recorded.
    """
    shifts = [
        Shift(id_, shift.employee, shift.job, shift.starts_at, shift.ends_at)
        for id_, shift in sorted(schedule.published.items())
    ]
    return ScheduleDocument(named.location, named.week.isoformat(), tuple(shifts))
