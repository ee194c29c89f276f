"""Pulling HR systems that are due, beside the polls: one at a time, in a thread of its own."""

import datetime as dt
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, Final

import structlog

from api import personnel as ours
from api.composition import OpenHouse
from api.settings import Settings
from domain.commands.intent import Intent
from domain.due import Rules
from domain.due.pulling import PullDue, Pulling, pull_due
from domain.facts.personnel import PullFailed
from domain.identifiers import ConnectionId
from domain.permissions import EVERYTHING
from domain.ports.personnel import PersonnelSystem
from domain.ports.source import RETRYABLE
from domain.refusals import Refusal
from projections import personnel
from projections.catching_up import catch_up

ACTOR: Final = "worker"

_log: Final = structlog.get_logger("daybook.worker")


def night_of(settings: Settings) -> dt.time:
    """From when on everybody is read once a day."""
    return dt.time.fromisoformat(settings.pull_night)


def pulls(opened: OpenHouse, client: str) -> Iterator[tuple[PullDue, int]]:
    """What has to be pulled for a client as far as the views know, now or later, with the version of what is known."""
    settings, now = opened.settings, opened.house.clock.now()
    rules = Rules(settings.window_days, settings.grace, settings.retry, settings.retry_longest)
    systems = [key for key, system in opened.house.systems.items() if isinstance(system, PersonnelSystem)]
    for row in personnel.connections_to(opened.engine, client, systems) if systems else ():
        known = personnel.standing(opened.engine, client, row.connection)
        pulling = Pulling(row.connection, halted=row.stage != "established")
        if known is not None:
            pulling = Pulling(
                row.connection,
                known.tried_at,
                known.whole_at,
                known.failures,
                known.failure in RETRYABLE,
                known.retry_at,
                pulling.halted,
            )
        found = pull_due(pulling, now, rules, every=settings.pull_every, night=night_of(settings))
        if found is not None:
            yield found, 0 if known is None else known.version


def plain_pulls(opened: OpenHouse, client: str, now: dt.datetime) -> list[dict[str, Any]]:
    """What has to be pulled, as JSON."""
    return [
        {
            "connection": one.connection,
            "way": one.way,
            "reason": one.reason,
            "due": one.is_due(now),
            "not_before": one.not_before,
        }
        for one, _ in pulls(opened, client)
    ]


class Pulls:
    """Pulls what is due.

    Args:
        opened: the running daybook.
    """

    def __init__(self, opened: OpenHouse) -> None:
        self._opened: Final = opened
        self._lock: Final = threading.Lock()
        self._thread: threading.Thread | None = None
        self._refused: dict[tuple[str, str], float] = {}

    def begin(self, clients: Iterable[str]) -> dt.datetime | None:
        """Begin to pull what is due now, unless that is going on; answers when something is due next."""
        now, again, due = self._opened.house.clock.now(), None, []
        for client in clients:
            for one, version in self._asked(client):
                if self._refused.get((client, one.connection), 0.0) > time.monotonic():
                    continue
                if one.is_due(now):
                    due.append((client, one, version))
                else:
                    again = min(again or one.not_before, one.not_before)
        with self._lock:
            if due and not (self._thread and self._thread.is_alive()):
                # No end of the process waits for it: a pull that is left behind has recorded nothing.
                self._thread = threading.Thread(target=self._all, args=(due,), name="daybook-pulls", daemon=True)
                self._thread.start()
        return again

    def wait(self) -> None:
        """Wait until what was begun is done."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join()

    def _asked(self, client: str) -> list[tuple[PullDue, int]]:
        try:
            return list(pulls(self._opened, client))
        except (Refusal, LookupError, ValueError) as error:
            _log.warning("cannot ask what has to be pulled", client=client, error=str(error)[:500])
            return []

    def _all(self, due: list[tuple[str, PullDue, int]]) -> None:
        for client, one, version in due:
            try:
                self._one(client, one, version)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is logged, and the others are pulled
                self._refused[client, one.connection] = time.monotonic() + self._opened.settings.retry
                _log.warning("not pulled", client=client, connection=one.connection, error=str(error)[:500])
        with suppress(Exception):
            catch_up(self._opened.engine, self._opened.journal)
        if self._opened.projector is not None:
            self._opened.projector.wake()

    def _one(self, client: str, due: PullDue, version: int) -> None:
        opened = self._opened.only(client)
        # Several workers may ask at once: what they record of one state is one pull.
        command = f"pull-{due.connection}-{version}"
        intent = Intent(ACTOR, due.reason, command, rights=EVERYTHING)
        done = ours.pull(opened, ConnectionId(client, due.connection), intent, due.way)
        fact = done.fact
        failed = {"failure": fact.failure, "error": fact.message} if isinstance(fact, PullFailed) else {}
        _log.info("pulled", client=client, connection=due.connection, way=fact.way, **failed)
