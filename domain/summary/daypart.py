"""Dayparts: the parts of a business day that restaurants plan by."""

from typing import Final

DAYPARTS: Final = ((4, "Breakfast"), (11, "Lunch"), (16, "Dinner"), (22, "Late Night"))
"""Local hour at which a daypart begins, and its name; the last one reaches over midnight to the first."""


def daypart_of(hour: int) -> str:
    """The daypart of a local hour, 0 to 23."""
    name = DAYPARTS[-1][1]
    for begins, part in DAYPARTS:
        if hour >= begins:
            name = part
    return name
