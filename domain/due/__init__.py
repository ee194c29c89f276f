"""What is due: which business days have to be polled, why, and not before when."""

from domain.due.asking import first_date, what_is_due
from domain.due.shapes import URGENCY, Deletion, Due, Failed, Halt, Place, Rules, Watched, Why

__all__ = [
    "URGENCY",
    "Deletion",
    "Due",
    "Failed",
    "Halt",
    "Place",
    "Rules",
    "Watched",
    "Why",
    "first_date",
    "what_is_due",
]
