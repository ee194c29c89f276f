"""Foresight: days of a session are translated ahead of time, while its file is checked and other days are recorded."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from adapters.files import SYSTEM
from adapters.files.ahead import AheadInAnotherProcess, worth_it
from domain.commands.import_files import Foreseen, ImportFiles, foreseen
from domain.commands.recording import read_capture
from domain.polling import Options, Translation
from domain.polling.frame import Frame
from domain.ports.captures import Capture
from domain.ports.house import House
from domain.ports.source import SourceFailure
from domain.refusals import Refusal

LARGE_BYTES: Final = 8 * 2**20
"""Bytes of all files of a session from which on foresight pays: starting a process takes a third of a second."""

MOST_DAY_BYTES: Final = 32 * 2**20
"""Bytes of the pages of a day at most that is foreseen: it is held twice until it is taken."""

MOST_MADE: Final = 2
"""Days that are translated here ahead of time and held, while an answer of the other process is waited for."""


class Foresight:
    """Tells the other process days that will be imported, each once, as soon as it has room; and works meanwhile.

    See :class:`domain.ports.ahead.Ahead`.
    """

    def __init__(self, house: House, ahead: AheadInAnotherProcess) -> None:
        self._house = house
        self._ahead = ahead
        self._begun: set[dt.date] = set()
        self._coming: Iterator[tuple[dt.date, Callable[[dt.date], ImportFiles]]] = iter(())
        self._made: dict[dt.date, tuple[Foreseen, Translation]] = {}

    def look(self, dates: Iterable[dt.date], command_for: Callable[[dt.date], ImportFiles]) -> None:
        """Have days translated that come to be imported, as many as there is room for.

        Args:
            dates: of which everything is known, in the order in which they will be imported.
            command_for: what will import a day.
        """
        self._coming = ((date, command_for) for date in dates if date not in self._begun)
        self._tell()

    def take(self, capture: Capture, frame: Frame, options: Options) -> Translation | None:
        """The translation of just this; while it is on its way, later days are translated here."""
        while self._ahead.awaited(frame.date) and self._work():
            self._tell()
        seen, translation = self._made.pop(frame.date, (None, None))
        if seen is not None:
            return translation if seen == (capture, frame, options) else None
        return self._ahead.take(capture, frame, options)

    def _tell(self) -> None:
        while self._ahead.has_room and (seen := self._next()) is not None:
            self._ahead.tell(*seen)

    def _work(self) -> bool:
        """Translate the next day here; False where none comes, or enough are held."""
        if len(self._made) >= MOST_MADE or (seen := self._next()) is None:
            return False
        with suppress(SourceFailure):  # it fails again when it is imported
            self._made[seen.frame.date] = (seen, read_capture(SYSTEM, *seen))
        return True

    def _next(self) -> Foreseen | None:
        """What the next day that nobody began will be translated from; None where there is none, or none yet."""
        for date, command_for in self._coming:
            try:
                seen = foreseen(command_for(date), self._house)
            except Refusal:  # whoever imports the day is told, if it is still so
                return None
            self._begun.add(date)
            if sum(len(page.data) for page in seen.capture.pages) <= MOST_DAY_BYTES:
                return seen
        return None


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
