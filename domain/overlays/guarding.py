"""What every entry asks of the day that it is made on."""

from domain.business_day import APPROVED, BusinessDay
from domain.identifiers import OURS
from domain.refusals import Conflict, NotFound


class DayIsApproved(Conflict):
    """The day is approved: nothing is entered on it until it is reopened."""


class ConflictOpen(Conflict):
    """What is to be changed is in conflict with the source: which side stands has to be said first."""


class NothingEntered(NotFound):
    """Nothing of that name was entered on the day."""


def check_open(day: BusinessDay) -> None:
    """Refuse an approved day.

    Raises:
        DayIsApproved: it is.
    """
    if day.settled == APPROVED:
        raise DayIsApproved("The day is approved: reopen it first, then enter what is missing, and approve it again.")


def check_agreed(day: BusinessDay, kind: str, key: str = "") -> None:
    """Refuse to change what is in conflict with the source.

    Args:
        day: as recorded.
        kind: ``punch`` or ``deposit``.
        key: of the record; empty for any of the kind.

    Raises:
        ConflictOpen: it is.
    """
    found = next((other for of, other in day.conflicts if of == kind and key in {"", other}), None)
    if found is not None:
        raise ConflictOpen(
            f"{kind}/{found} is in conflict with the source: say with `daybook resolve` which side stands, then change "
            "it."
        )


def next_key(day: BusinessDay) -> str:
    """The key of the next thing that is entered: no source's and no earlier entry's."""
    return f"{OURS}{day.entered.count + 1}"
