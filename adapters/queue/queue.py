"""A queue of Procrastinate: a periodic task asks what is to be done, and any number of workers do it.

The queue may be emptied at any time: what it held is still to be done, and is put in again.
"""

import asyncio
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from procrastinate import App, PsycopgConnector, exceptions, jobs

from adapters.database import database_url
from adapters.queue.jobs import Job, Work
from adapters.queue.schema import SCHEMA

_R = TypeVar("_R")

MOST_AT_ONCE: Final = 1_000
"""Jobs that are put in when the question is asked once; the others follow with the next time."""

KEPT_HOURS: Final = 72
"""How long jobs of workers that died are kept, for who looks after them."""

LONGEST_JOB: Final = 3600.0
"""Seconds that jobs get to end where everything is done once."""

_FIRST: Final = 1_000
"""The priority of asking and rescuing, before all that there is to do."""

_CONNECTIONS: Final = 4
_LOOK_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True)
class Timing:
    """How often things are done, in whole seconds but for the last.

    Attributes:
        ask: between two times that the question is asked; less than a minute or whole minutes up to an hour.
        rescue: between two looks for jobs of dead workers; less than a minute.
        heartbeat: between two signs of life of a worker.
        stalled: without a sign of life, after which a worker is taken for dead.
        fetch: between two looks for jobs, where the database did not tell.
    """

    ask: int = 60
    rescue: int = 10
    heartbeat: int = 10
    stalled: int = 30
    fetch: float = 5.0


class Queue:
    """One queue, and a worker on it in this process.

    Args:
        url: of the migrated database.
        name: of the queue; workers of one name share the work.
        work: says what there is to do, and does it.
        timing: how often.
    """

    def __init__(self, url: str, name: str, work: Work, timing: Timing = Timing()) -> None:
        self._name: Final = name
        self._work: Final = work
        self._timing: Final = timing
        self._keys: Final[set[str]] = set()
        connector = PsycopgConnector(
            conninfo=database_url(url).set(drivername="postgresql").render_as_string(hide_password=False),
            kwargs={"options": f"-c search_path={SCHEMA}", "application_name": "daybook-worker"},
            min_size=1,
            max_size=_CONNECTIONS,
        )
        self._app: Final = App(connector=connector)
        task = self._app.task
        self._do: Final = task(name="perform", queue=name)(self._performed)
        self._ask: Final = task(
            name="ask", queue=name, lock=f"ask {name}", queueing_lock=f"ask {name}", priority=_FIRST
        )(self._asked)
        rescue = task(name="rescue", queue=name, queueing_lock=f"rescue {name}", priority=_FIRST)(self._rescued)
        self._app.periodic(cron=_cron(timing.ask), periodic_id=name)(self._ask)
        self._app.periodic(cron=_cron(timing.rescue), periodic_id=name)(rescue)

    def run(self, stopping: threading.Event, *, threads: int, shutdown: float) -> None:
        """Work until told to stop; then finish what runs, or leave it after some seconds.

        Args:
            stopping: set by whoever wants an end.
            threads: jobs at once.
            shutdown: seconds that running jobs get.

        Raises:
            ConnectorException: the database went away.
        """
        asyncio.run(self._until_stopped(stopping, threads, shutdown))

    def run_once(self, *, threads: int) -> None:
        """Do everything that there is to do now, each thing once, and come back.

        What another worker has begun is left to it.
        """
        asyncio.run(self._once(threads))

    async def _until_stopped(self, stopping: threading.Event, threads: int, shutdown: float) -> None:
        async with self._app.open_async():
            await self._app.job_manager.delete_old_jobs(
                KEPT_HOURS, queue=self._name, include_failed=True, include_cancelled=True, include_aborted=True
            )
            with suppress(exceptions.AlreadyEnqueued):
                await self._ask.defer_async(timestamp=0)
            # The question and the rescue must not wait for polls that take long.
            worker = asyncio.create_task(self._worker(threads + 1, wait=True, shutdown=shutdown))
            # An event of threads, which no loop can wait for without one of its own.
            while not (stopping.is_set() or worker.done()):  # noqa: ASYNC110
                await asyncio.sleep(_LOOK_SECONDS)
            worker.cancel()
            with suppress(asyncio.CancelledError):
                await worker

    async def _once(self, threads: int) -> None:
        async with self._app.open_async():
            await self._rescued(0)
            done: set[str] = set()
            while True:
                found = [job for job in await _in_a_thread(self._work.jobs) if job.key not in done][:MOST_AT_ONCE]
                self._keys.clear()
                if found:
                    await self._put(found)
                    await self._worker(threads, wait=False)
                # The worker ends while jobs wait for a lock of one that runs. Where none ran, others hold the locks.
                if not self._keys:
                    return
                done |= self._keys

    async def _worker(self, threads: int, *, wait: bool, shutdown: float = LONGEST_JOB) -> None:
        await self._app.run_worker_async(
            queues=[self._name],
            concurrency=threads,
            wait=wait,
            install_signal_handlers=False,
            delete_jobs="always",
            fetch_job_polling_interval=self._timing.fetch,
            shutdown_graceful_timeout=shutdown,
            update_heartbeat_interval=self._timing.heartbeat,
            stalled_worker_timeout=self._timing.stalled,
        )

    async def _asked(self, timestamp: int) -> None:  # noqa: ARG002 - the library's
        await self._put(list(await _in_a_thread(self._work.jobs))[:MOST_AT_ONCE])

    async def _put(self, found: Iterable[Job]) -> None:
        for job in found:
            configured = self._do.configure(
                lock=f"{self._name}/{job.lock}",
                queueing_lock=f"{self._name}/{job.key}",
                priority=min(job.priority, _FIRST - 1),
            )
            with suppress(exceptions.AlreadyEnqueued):  # it waits there already
                await configured.defer_async(key=job.key)

    async def _performed(self, key: str) -> None:
        await _in_a_thread(self._work.perform, key)
        self._keys.add(key)

    async def _rescued(self, timestamp: int) -> None:  # noqa: ARG002 - the library's
        """Jobs of dead workers have failed. They are never tried in place: what they should have done is still due."""
        manager = self._app.job_manager
        stalled = await manager.get_stalled_jobs(queue=self._name, seconds_since_heartbeat=self._timing.stalled)
        for job in stalled:
            if job.id is not None:
                with suppress(exceptions.ConnectorException):  # somebody else was quicker
                    await manager.finish_job_by_id_async(job.id, jobs.Status.FAILED, delete_job=False)


async def _in_a_thread(function: Callable[..., _R], *arguments: Any) -> _R:
    """The function's answer, from a thread that no end of the process waits for."""
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[_R] = loop.create_future()

    def told(answer: Callable[[Any], None], value: Any) -> None:
        if not answered.done():
            answer(value)

    def run() -> None:
        try:
            answer, value = answered.set_result, function(*arguments)
        except BaseException as error:  # noqa: BLE001 - whoever waits is told
            answer, value = answered.set_exception, error  # type: ignore[assignment]
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(told, answer, value)

    threading.Thread(target=run, name="daybook-work", daemon=True).start()
    return await answered


def _cron(seconds: int) -> str:
    """The library's words for every so many seconds."""
    return f"* * * * * */{seconds}" if seconds < 60 else f"*/{min(seconds // 60, 59)} * * * *"
