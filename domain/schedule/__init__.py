"""The schedule of a location in a week: what is entered, what is published, and what may be."""

from domain.schedule.deciding import BadShifts, NothingToPublish, decide_enter, decide_publish
from domain.schedule.state import NEW_SCHEDULE, Schedule, fold
from domain.schedule.wanting import MOST_SHIFTS, Beside, ShiftProblem, WantedShift, Workplace

__all__ = [
    "MOST_SHIFTS",
    "NEW_SCHEDULE",
    "BadShifts",
    "Beside",
    "NothingToPublish",
    "Schedule",
    "ShiftProblem",
    "WantedShift",
    "Workplace",
    "decide_enter",
    "decide_publish",
    "fold",
]
