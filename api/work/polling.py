"""Doing what is due: poll a day, unless somebody else did meanwhile, and say what came of it."""

import datetime as dt
import threading
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

import structlog

from api.composition import OpenHouse
from api.days import LONGEST_REASON
from api.persons import BECAUSE_DUE, shred_due
from api.texts import has_control_characters
from api.work.asking import Asked, Wanted, all_clients, ask
from api.work.importing import ask_imports, perform_part, run_for, start_scheduled
from api.work.objects import ACTOR, Errand, Outbox
from api.work.pulling import Pulls
from domain.commands.destroying import destroy_unused
from domain.commands.intent import Intent
from domain.commands.poll_day import PollDay, poll_day
from domain.due import Due
from domain.identifiers import ConnectionId, DayId, ObjectId
from domain.permissions import EVERYTHING
from domain.refusals import NotYet, Refusal
from projections.catching_up import catch_up

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
        self.outbox: Final = Outbox(opened)
        self._pulls: Final = Pulls(opened)
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
        if sum(self._start_scheduled(client) for client in clients):
            catch_up(self._opened.engine, self._opened.journal)
        answers = [self._ask(client) for client in clients]
        for client in clients:
            self._destroy(client)
        errands: list[Errand] = []
        again = [asked.again_at for asked in answers if asked.again_at is not None]
        for client in clients:
            found, at = self._errands(client)
            errands += found
            again += [at] if at is not None else []
        pulled_again = self._pulls.begin(clients)
        again += [] if pulled_again is None else [pulled_again]
        waiting = sum(asked.waiting for asked in answers)
        due = [one for asked in answers for one in asked.due]
        _log.debug("asked what is due", clients=len(answers), due=len(due), waiting=waiting, objects=len(errands))
        return Asked(due, waiting, min(again, default=None), errands)

    def do(self, task: DayId | Errand) -> str:
        """Poll a day, or do what there is to do for an object, and answer what came of it; never raises."""
        if isinstance(task, DayId):
            return self.perform(task)
        return self.send(task.object)

    def send(self, one: ObjectId) -> str:
        """Do what there is to do for an object; see :meth:`Outbox.perform`."""
        if self.only not in {None, one.client}:
            return "not due any more"
        came = self.outbox.perform(one)
        with self._lock:
            self.done[came] += 1
        return came

    def rest(self) -> None:
        """Wait until the pulls that were begun are done."""
        self._pulls.wait()

    def perform(self, day: DayId) -> str:
        """Poll a day if it is still due, and answer what came of it; never raises.

        That is ``polled``, ``unchanged``, ``failed``, ``not due any more``, ``refused``, or ``broken`` where something
        else went wrong.
        """
        try:
            if self.only not in {None, day.client}:
                return "not due any more"
            catch_up(self._opened.engine, self._opened.journal)
            came = self._import(day) or self._poll(day)
            if not came:
                return "not due any more"
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
            asked = _with_imports(self._opened, client, ask(self._opened, client))
        except NotYet:
            raise
        except (Refusal, LookupError, ValueError) as error:
            _log.warning("cannot ask what is due", client=client, kind=type(error).__name__, error=str(error)[:500])
            return Asked([], 0, None)
        return Asked(self._without_refused(asked.due), asked.waiting, asked.again_at)

    def _errands(self, client: str) -> tuple[list[Errand], dt.datetime | None]:
        """What there is to do for the objects of one client; where its own records are in the way, nothing."""
        try:
            self.outbox.register(client)
            return self.outbox.errands(client)
        except NotYet:
            raise
        except (Refusal, LookupError, ValueError) as error:
            _log.warning("cannot ask what goes out", client=client, kind=type(error).__name__, error=str(error)[:500])
            return [], None

    def _wanted(self, day: DayId) -> Wanted | None:
        """The day, if it is still due."""
        asked = ask(self._opened, day.client, location=day.location)
        return next((one for one in self._without_refused(asked.due) if one.day == day), None)

    def _without_refused(self, found: Iterable[Wanted]) -> list[Wanted]:
        with self._lock:
            now = time.monotonic()
            self._refused = {day: until for day, until in self._refused.items() if until > now}
            return [one for one in found if one.day not in self._refused]

    def _poll(self, day: DayId) -> str:
        """Poll a day, if it is still due; else the empty text."""
        opened, wanted = self._opened, self._wanted(day)
        if wanted is None or wanted.due is None:
            return ""
        connection = ConnectionId(day.client, wanted.due.connection)
        command = PollDay(day, connection, Intent(ACTOR, reason_of(wanted.due)))
        outcome = poll_day(command, opened.only(day.client).house)
        failure = outcome.failure
        self._told(
            day,
            outcome.outcome,
            why=wanted.due.why,
            generation=outcome.generation,
            **({} if failure is None else {"failure": failure.failure, "error": failure.message}),
        )
        return outcome.outcome

    def _import(self, day: DayId) -> str:
        """Poll a day for the run of a data import job that wants it; where none does, the empty text."""
        run = None if self._is_refused(day) else run_for(self._opened, day)
        if run is None:
            return ""
        part = perform_part(self._opened, run, day).part
        if part is None:
            return ""
        told = {"failure": part.failure, "error": part.message} if part.failure else {}
        self._told(day, part.outcome, why="import-job", job=run.job, run=run.run, generation=part.generation, **told)
        return part.outcome

    def _told(self, day: DayId, came: str, **more: Any) -> None:
        _log.info(came, **_named(day), **more)
        if self._opened.projector is not None:
            self._opened.projector.wake()

    def _is_refused(self, day: DayId) -> bool:
        with self._lock:
            return self._refused.get(day, 0) > time.monotonic()

    def _start_scheduled(self, client: str) -> bool:
        """Start what a schedule asks for; what goes wrong with it keeps no poll waiting."""
        try:
            return bool(start_scheduled(self._opened, client))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is due still
            _log.warning("scheduled imports not started", kind=type(error).__name__, error=str(error)[:500])
            return False

    def _shred(self, client: str) -> None:
        """Once a day destroy the data of whoever is to be forgotten, where retention is over."""

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


def _with_imports(opened: OpenHouse, client: str, asked: Asked) -> Asked:
    """What is due, and behind it what data import jobs want; a day of both is there once."""
    imports = ask_imports(opened, client)
    known = {one.day for one in asked.due}
    more = [day for day in imports.parts if day not in known]
    wanted = [Wanted(day, None, rank) for rank, day in enumerate(more, len(asked.due))]
    moments = [moment for moment in (asked.again_at, imports.again_at) if moment is not None]
    return Asked([*asked.due, *wanted], asked.waiting, min(moments, default=None))


def _named(day: DayId) -> dict[str, str]:
    return {"client": day.client, "location": day.location, "date": str(day.date)}


def reason_of(wanted: Due) -> str:
    """Why a day is polled, as it is kept with the attempt."""
    reason = wanted.reason[:LONGEST_REASON]
    return wanted.why if has_control_characters(reason) else reason
