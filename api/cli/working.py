"""The command `worker`: polls what is due until it is stopped."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from api.cli.options import settings_for
from api.cli.saying import remark, show
from api.composition import open_house
from api.work import runner_for, work_for
from projections.catching_up import catch_up


def worker(
    once: Annotated[bool, typer.Option("--once", help="Poll what is due now, each day once, and end.")] = False,
    threads: Annotated[
        int | None, typer.Option(min=1, max=8, help="Polls at the same time.  [default: DAYBOOK_WORKER_THREADS]")
    ] = None,
    client: Annotated[
        str | None,
        typer.Option(
            metavar="ID", help="The one client to work for.  [default: DAYBOOK_WORKER_CLIENT, else all of the store]"
        ),
    ] = None,
) -> None:
    """Work off what is due, again and again, until stopped: days to poll, objects to send, HR systems to pull.

    Any number of workers may run on PostgreSQL, and each may be killed at any moment: what it had begun is still due.
    """
    settings = settings_for(quiet=once, worker_client=client)
    with open_house(settings, projecting=not once) as opened:
        for name, reason in opened.broken_systems.items():
            remark(f"The installed system {name!r} is left out: {reason}.")
        work = work_for(opened)
        runner = runner_for(work, threads=threads)
        if once:
            runner.run_once()
            catch_up(opened.engine, opened.journal)
        else:
            whom = "all clients" if work.only is None else f"the client {work.only}"
            show(f"daybook works off what is due for {whom}. Ctrl-C stops it.")
            with stopped_by_signals() as stopping:
                runner.run(stopping)
    came = ", ".join(f"{count} {outcome}" for outcome, count in sorted(work.done.items())) or "nothing was due"
    show(f"Worked off: {came}.")
    if once and work.done["failed"] + work.done["refused"] + work.done["broken"]:
        raise typer.Exit(1)


@contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set, either of which is the normal end."""
    stopping = threading.Event()
    before = {number: signal.signal(number, lambda *_: stopping.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
