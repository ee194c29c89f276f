"""A server in a process of its own, which kills itself at the steps of writes that a folder names."""

import os
import signal
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from api.composition import OpenHouse, open_house
from api.http import application
from api.http.idempotency import command_id
from api.logs import configure_logs
from api.serving import listen, serve_until_stopped
from api.settings import load_settings
from domain.facts import Provenance
from domain.ports.journal import Receipt, Recording
from projections.projector import Projector
from tests.api.site import ALONE

STEPS: Final = ("about to look for it", "about to record it", "recorded and not answered")
"""Where a server dies, at work on a command."""

# Said in the process that servers are forked from: each of them is spared a second.
application._described(application.ROUTERS)


class Doomed:
    """A journal that ends its process at a step of commands that are doomed, once for each, whoever works on them.

    Args:
        inner: the journal.
        doom: a folder; a file in it has the name of a command and the number of the step.
    """

    def __init__(self, inner: Any, doom: Path) -> None:
        self._inner = inner
        self._doom = doom

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def receipt(self, client: str, command: str) -> Receipt | None:
        """Look for a command, or die before."""
        self._die(command, 0)
        found: Receipt | None = self._inner.receipt(client, command)
        return found

    def append(self, recordings: Sequence[Recording], provenance: Provenance) -> Receipt:
        """Record, or die before or after."""
        self._die(provenance.command, 1)
        receipt: Receipt = self._inner.append(recordings, provenance)
        self._die(provenance.command, 2)
        return receipt

    def _die(self, command: str, step: int) -> None:
        file = self._doom / f"{command}.{step}"
        try:
            file.rename(file.with_suffix(".done"))  # by one process only
        except FileNotFoundError:
            return
        os.kill(os.getpid(), signal.SIGKILL)


def doom(folder: Path, key: str, step: int) -> None:
    """Whoever works on the command of an idempotency key dies at a step of :data:`STEPS`."""
    (folder / f"{command_id(key)}.{step}").touch()


def serve(folder: str, url: str, doomed: str, given: dict[str, Any], telling: Connection) -> None:
    """Serve a store until stopped or dead; tells the address.

    Args:
        folder: of the store.
        url: of its database, or empty.
        doomed: the folder that names where it dies.
        given: settings; and ``still``, where its views are not to be kept up to date.
        telling: takes the address.
    """
    still = given.pop("still", False)
    settings = load_settings(data_dir=Path(folder), database_url=url, log_level="error", **{**ALONE, **given})
    configure_logs(settings)
    with listen(settings, 0) as listening, open_house(settings, projecting=not still) as opened:
        ours = _doomed(opened, Path(doomed))
        if still:
            ours = replace(ours, projector=Projector(opened.engine, opened.journal))  # as one that stopped
        telling.send(listening.url)
        serve_until_stopped(ours, listening)


def _doomed(opened: OpenHouse, folder: Path) -> OpenHouse:
    return replace(opened, house=replace(opened.house, journal=Doomed(opened.house.journal, folder)))
