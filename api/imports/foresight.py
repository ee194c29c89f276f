"""Foresight: days of a session are translated ahead of time, while its file is checked and other days are recorded."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

from adapters.files import SYSTEM
from adapters.files.ahead import AheadInAnotherProcess, worth_it
from domain.commands.import_files import ImportFiles, foreseen
from domain.ports.ahead import Ahead
from domain.ports.house import House
from domain.refusals import Refusal

LARGE_BYTES = 8 * 2**20
"""Bytes of all files of a session from which on foresight pays: starting a process takes a third of a second."""


class Foresight:
    """Tells the other process days that will be imported, each once, as soon as it has room."""

    def __init__(self, house: House, ahead: AheadInAnotherProcess) -> None:
        self._house = house
        self._ahead = ahead
        self._told: set[dt.date] = set()

    @property
    def ahead(self) -> Ahead:
        """What was translated ahead of time."""
        return self._ahead

    def look(self, dates: Iterable[dt.date], command_for: Callable[[dt.date], ImportFiles]) -> None:
        """Have days translated that come to be imported, as many as there is room for.

        Args:
            dates: of which everything is known, in the order in which they will be imported.
            command_for: what will import a day.
        """
        for date in dates:
            if date in self._told:
                continue
            if not self._ahead.has_room:
                return
            self._told.add(date)
            with suppress(Refusal):  # whoever imports the day is told
                self._ahead.tell(*foreseen(command_for(date), self._house))


@contextmanager
def foresight(house: House, size: int) -> Iterator[Foresight | None]:
    """Foresight for a session of files of so many bytes together; None where it does not pay."""
    ours = house.systems.get(SYSTEM.key) is SYSTEM  # the other process knows no other
    if size < LARGE_BYTES or not ours or not worth_it():
        yield None
        return
    try:
        ahead = AheadInAnotherProcess()
    except OSError:  # where there can be no second process all is done in this one
        yield None
        return
    try:
        yield Foresight(house, ahead)
    finally:
        ahead.close()
