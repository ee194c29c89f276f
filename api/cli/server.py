"""The command `daybook serve`."""

from typing import Annotated

import typer

from api.cli.options import Client, settings_for
from api.cli.saying import remark, show
from api.composition import open_house
from api.serving import listen, serve_until_stopped
from api.settings import Settings, is_loopback
from api.work.beside import worker_beside


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
