"""Data sets: what there is to be asked of a system, as far as it says so itself."""

from collections.abc import Collection, Iterable
from typing import Final

from domain.refusals import Refusal

OF_DAYS: Final = ("sales", "labor", "deposits", "paid-in-out", "tills")
"""Data sets of each business day."""

OF_LOCATIONS: Final = ("employees", "jobs", "reference")
"""Data sets that outlast a day: whichever day is polled brings them as they are now."""


class NothingToAskFor(Refusal):
    """The system cannot be asked for data: it brings them itself, or it takes them."""


class BadDataSet(Refusal):
    """A data set was named that the system does not have."""


def data_sets_of(system: str, capabilities: Collection[str], chosen: Iterable[str] = ()) -> tuple[str, ...]:
    """The data sets that are chosen, or all that a system has where none is.

    Args:
        system: what people call it, for the message.
        capabilities: what it says that it can do.
        chosen: names of data sets.

    Raises:
        NothingToAskFor: it is not polled.
        BadDataSet: it does not have one of those that are chosen.
    """
    there = tuple([name for name in (*OF_DAYS, *OF_LOCATIONS) if name in capabilities])
    if "polls" not in capabilities or not there:
        more = ": bring its files with `daybook import`" if "pushes" in capabilities else ""
        raise NothingToAskFor(f"The system {system} is not asked for data, so that no job can import any{more}.")
    wanted = set(chosen)
    strange = sorted(wanted - set(there))
    if strange:
        raise BadDataSet(f"The system {system} has no data set {strange[0][:60]!r}. It has: {', '.join(there)}.")
    return tuple([name for name in there if name in wanted]) or there


def are_of_days(data_sets: Iterable[str]) -> bool:
    """One of them is of each business day; else one day alone brings all of them."""
    return any(name in OF_DAYS for name in data_sets)
