"""Commands that run until they are stopped: serve, simulate tray."""

import datetime as dt
import signal
import threading
from typing import Annotated

import typer

from adapters.pos.tray.simulator import TrayPos, TrayPosSettings, running, some_venues
from api.cli.options import Client, settings_for
from api.cli.saying import remark, show
from api.composition import open_house
from api.serving import listen, serve_until_stopped
from api.settings import Settings, is_loopback
from api.work.beside import worker_beside
from domain.business_date import business_date

DEMO_KEY = "tray-key-one"


def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on.  [default: DAYBOOK_HOST]")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.  [default: DAYBOOK_PORT]")
    ] = None,
    client: Client = None,
) -> None:
    """Serve the HTTP API until stopped, and keep the views up to date."""
    settings = settings_for(client, quiet=False, host=host, port=port)
    with listen(settings) as listening, open_house(settings, projecting=True) as opened:
        for name, reason in opened.broken_systems.items():
            remark(f"The installed system {name!r} is left out: {reason}.")
        show(f"daybook serves at {listening.url} (reference: {listening.url}/docs).")
        if settings.worker == "on":
            show("A worker beside it polls what is due.")
        remark(_who_may(settings))
        with worker_beside(opened):
            serve_until_stopped(opened, listening)
    remark("Stopped.")


def _who_may(settings: Settings) -> str:
    """Who reaches it, and who is let in."""
    where = "on this machine only" if is_loopback(settings.host) else f"at {settings.host}"
    who = "nobody has to sign in" if settings.access == "open" else "whoever asks signs in or has an API key"
    clear = (
        "" if is_loopback(settings.host) or settings.secure else " Passwords and keys go in clear: put https before."
    )
    return f"It listens {where}; {who}.{clear} Ctrl-C stops it."


def simulate_tray(
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 8300,
    seed: Annotated[int, typer.Option(help="Equal seeds make equal data.")] = 1,
    days: Annotated[int, typer.Option(min=1, max=3660, help="Business days with data, up to the last one.")] = 30,
    locations: Annotated[int, typer.Option(min=1, max=200, help="Venues.")] = 3,
    tickets: Annotated[int, typer.Option(min=0, max=50_000, help="Checks on each business day.")] = 120,
    last: Annotated[str | None, typer.Option(metavar="DATE", help="The last business date.  [default: today]")] = None,
) -> None:
    """Serve a simulated Tray POS on this machine until stopped; /simulator/truth says what its days come to."""
    settings_for(quiet=True)
    end = business_date(last) if last else dt.datetime.now(dt.UTC).date()
    settings = TrayPosSettings(
        seed=seed,
        venues=some_venues(locations, api_key=DEMO_KEY),
        tickets=tickets,
        first=end - dt.timedelta(days=days - 1),
        last=end,
    )
    with running(TrayPos(settings), port) as pos:
        venues = [venue.id for venue in settings.venues if venue.api_key == DEMO_KEY]
        show(f"The simulated Tray POS answers at {pos.url} with the key {DEMO_KEY}: venues {', '.join(venues)}.")
        remark(f"{settings.first} to {settings.last}, {tickets} checks a day, seed {seed}. Ctrl-C stops it.")
        _until_stopped()
    remark("Stopped.")


def _until_stopped() -> None:
    """Wait for Ctrl-C or for being told to end, either of which is the normal end."""
    stopped = threading.Event()
    before = {number: signal.signal(number, lambda *_: stopped.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        stopped.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
