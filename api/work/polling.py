"""Doing what is due: poll a day, unless somebody else did meanwhile, and say what came of it."""

import datetime as dt
import threading
import time
from collections import Counter
from typing import Final

import structlog

from api.composition import OpenHouse
from api.days import LONGEST_REASON
from api.persons import BECAUSE_DUE, shred_due
from api.texts import has_control_characters
from api.work.asking import Asked, ask
from domain.commands.intent import Intent
from domain.commands.poll_day import PollDay, poll_day
from domain.due import Due
from domain.identifiers import ConnectionId, DayId
from domain.permissions import EVERYTHING
from domain.refusals import Refusal

ACTOR: Final = "worker"

_log: Final = structlog.get_logger("daybook.worker")


class Work:
    """What is due for one client, and doing it. Used by several threads at once.

    What is refused leaves no attempt behind that would say when to try again: for a while it is not taken for due here.

    Args:
        opened: the running daybook.
    """

    def __init__(self, opened: OpenHouse) -> None:
        self._opened: Final = opened
        self._lock: Final = threading.Lock()
        self._refused: dict[tuple[str, dt.date], float] = {}
        self._shredded_on: dt.date | None = None
        self.done: Final[Counter[str]] = Counter()
        """What came of polls, and how often; see :meth:`perform`."""

    @property
    def opened(self) -> OpenHouse:
        """The running daybook."""
        return self._opened

    def ask(self, *, location: str | None = None) -> Asked:
        """What is due now, without what was refused just now."""
        asked = ask(self._opened, location=location)
        if location is None:
            self._shred()
        with self._lock:
            now = time.monotonic()
            self._refused = {day: until for day, until in self._refused.items() if until > now}
            ready = [one for one in asked.due if (one.location, one.date) not in self._refused]
        _log.debug("asked what is due", due=len(ready), waiting=asked.waiting, location=location)
        return Asked(ready, asked.waiting, asked.again_at)

    def perform(self, location: str, date: dt.date) -> str:
        """Poll a day if it is still due, and answer what came of it; never raises.

        That is ``polled``, ``unchanged``, ``failed``, ``not due any more``, ``refused``, or ``broken`` where something
        else went wrong.
        """
        try:
            asked = self.ask(location=location)
            wanted = next((one for one in asked.due if one.date == date), None)
            if wanted is None:
                return "not due any more"
            came = self._poll(wanted)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is logged, and the day is still due
            came = "refused" if isinstance(error, Refusal) else "broken"
            self._put_off(location, date)
            _log.warning(
                "not polled", location=location, date=str(date), kind=type(error).__name__, error=str(error)[:500]
            )
        with self._lock:
            self.done[came] += 1
        return came

    def _shred(self) -> None:
        """Once a day destroy the data of whoever is to be forgotten, where retention is over."""
        opened = self._opened
        today = opened.house.clock.now().date()
        with self._lock:
            if self._shredded_on == today:
                return
            self._shredded_on = today
        client = opened.settings.client
        try:
            gone = shred_due(opened, client, lambda: Intent(ACTOR, BECAUSE_DUE, rights=EVERYTHING))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is still due tomorrow, and stops no poll
            _log.warning("data that is due was not destroyed", kind=type(error).__name__, error=str(error)[:500])
        else:
            if gone:
                _log.info("data destroyed", people=len(gone))

    def _poll(self, wanted: Due) -> str:
        opened = self._opened
        client = opened.settings.client
        command = PollDay(
            DayId(client, wanted.location, wanted.date),
            ConnectionId(client, wanted.connection),
            Intent(ACTOR, reason_of(wanted)),
        )
        outcome = poll_day(command, opened.house)
        failure = outcome.failure
        _log.info(
            outcome.outcome,
            location=wanted.location,
            date=str(wanted.date),
            why=wanted.why,
            generation=outcome.generation,
            **({} if failure is None else {"failure": failure.failure, "error": failure.message}),
        )
        if opened.projector is not None:
            opened.projector.wake()
        return outcome.outcome

    def _put_off(self, location: str, date: dt.date) -> None:
        with self._lock:
            self._refused[location, date] = time.monotonic() + self._opened.settings.retry


def reason_of(wanted: Due) -> str:
    """Why a day is polled, as it is kept with the attempt."""
    reason = wanted.reason[:LONGEST_REASON]
    return wanted.why if has_control_characters(reason) else reason
