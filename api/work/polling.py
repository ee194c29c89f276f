"""Doing what is due: poll a day, unless somebody else did meanwhile, and say what came of it."""

import datetime as dt
import threading
import time
from collections import Counter
from collections.abc import Iterable
from typing import Final

import structlog

from api.composition import OpenHouse
from api.days import LONGEST_REASON
from api.persons import BECAUSE_DUE, shred_due
from api.texts import has_control_characters
from api.work.asking import Asked, Wanted, all_clients, ask
from domain.commands.destroying import destroy_unused
from domain.commands.intent import Intent
from domain.commands.poll_day import PollDay, poll_day
from domain.due import Due
from domain.identifiers import ConnectionId, DayId
from domain.permissions import EVERYTHING
from domain.refusals import NotYet, Refusal
from projections.catching_up import catch_up

ACTOR: Final = "worker"

_log: Final = structlog.get_logger("daybook.worker")


class Work:
    """What is due for the clients of a store, and doing it. Used by several threads at once.

    What is refused leaves no attempt behind that would say when to try again: for a while it is not taken for due here.

    Args:
        opened: the running daybook.
        only: the one client to work for; None for all that are recorded.
    """

    def __init__(self, opened: OpenHouse, only: str | None = None) -> None:
        self._opened: Final = opened
        self.only: Final = only
        self._lock: Final = threading.Lock()
        self._refused: dict[DayId, float] = {}
        self._shredded_on: dict[str, dt.date] = {}
        self.done: Final[Counter[str]] = Counter()
        """What came of polls, and how often; see :meth:`perform`."""

    @property
    def opened(self) -> OpenHouse:
        """The running daybook."""
        return self._opened

    def ask(self) -> Asked:
        """What is due now, for every client, without what was refused just now.

        Raises:
            ViewsStopped, JournalUnavailable: see ``catch_up``.
        """
        catch_up(self._opened.engine, self._opened.journal)
        clients = list(self._clients())
        answers = [self._ask(client) for client in clients]
        for client in clients:
            self._destroy(client)
        again = [asked.again_at for asked in answers if asked.again_at is not None]
        waiting = sum(asked.waiting for asked in answers)
        due = [one for asked in answers for one in asked.due]
        _log.debug("asked what is due", clients=len(answers), due=len(due), waiting=waiting)
        return Asked(due, waiting, min(again, default=None))

    def perform(self, day: DayId) -> str:
        """Poll a day if it is still due, and answer what came of it; never raises.

        That is ``polled``, ``unchanged``, ``failed``, ``not due any more``, ``refused``, or ``broken`` where something
        else went wrong.
        """
        try:
            wanted = self._wanted(day)
            if wanted is None:
                return "not due any more"
            came = self._poll(wanted)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is logged, and the day is still due
            came = "refused" if isinstance(error, Refusal) else "broken"
            self._put_off(day)
            _log.warning("not polled", **_named(day), kind=type(error).__name__, error=str(error)[:500])
        with self._lock:
            self.done[came] += 1
        return came

    def _clients(self) -> Iterable[str]:
        return all_clients(self._opened) if self.only is None else [self.only]

    def _ask(self, client: str) -> Asked:
        """What is due for one client; where its own records are in the way, nothing, and the others do not wait."""
        try:
            asked = ask(self._opened, client)
        except NotYet:
            raise
        except (Refusal, LookupError, ValueError) as error:
            _log.warning("cannot ask what is due", client=client, kind=type(error).__name__, error=str(error)[:500])
            return Asked([], 0, None)
        return Asked(self._without_refused(asked.due), asked.waiting, asked.again_at)

    def _wanted(self, day: DayId) -> Wanted | None:
        """The day, if it is still due."""
        if self.only not in {None, day.client}:
            return None
        catch_up(self._opened.engine, self._opened.journal)
        asked = ask(self._opened, day.client, location=day.location)
        return next((one for one in self._without_refused(asked.due) if one.day == day), None)

    def _without_refused(self, found: Iterable[Wanted]) -> list[Wanted]:
        with self._lock:
            now = time.monotonic()
            self._refused = {day: until for day, until in self._refused.items() if until > now}
            return [one for one in found if one.day not in self._refused]

    def _poll(self, wanted: Wanted) -> str:
        opened, day = self._opened, wanted.day
        connection = ConnectionId(day.client, wanted.due.connection)
        command = PollDay(day, connection, Intent(ACTOR, reason_of(wanted.due)))
        outcome = poll_day(command, opened.only(day.client).house)
        failure = outcome.failure
        _log.info(
            outcome.outcome,
            **_named(day),
            why=wanted.due.why,
            generation=outcome.generation,
            **({} if failure is None else {"failure": failure.failure, "error": failure.message}),
        )
        if opened.projector is not None:
            opened.projector.wake()
        return outcome.outcome

    def _destroy(self, client: str) -> None:
        """Once a day destroy the data of whoever is to be forgotten, where retention is over, and unused secrets."""
        today = self._opened.house.clock.now().date()
        with self._lock:
            if self._shredded_on.get(client) == today:
                return
            self._shredded_on[client] = today
        try:
            opened = self._opened.only(client)
            gone = shred_due(opened, client, lambda: Intent(ACTOR, BECAUSE_DUE, rights=EVERYTHING))
            secrets = destroy_unused(client, opened.house)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is still due tomorrow, and stops no poll
            _log.warning("what is due was not destroyed", kind=type(error).__name__, error=str(error)[:500])
        else:
            if gone:
                _log.info("data destroyed", client=client, people=len(gone))
            if secrets:
                _log.info("unused secrets destroyed", client=client, secrets=secrets)

    def _put_off(self, day: DayId) -> None:
        with self._lock:
            self._refused[day] = time.monotonic() + self._opened.settings.retry


def _named(day: DayId) -> dict[str, str]:
    return {"client": day.client, "location": day.location, "date": str(day.date)}


def reason_of(wanted: Due) -> str:
    """Why a day is polled, as it is kept with the attempt."""
    reason = wanted.reason[:LONGEST_REASON]
    return wanted.why if has_control_characters(reason) else reason
