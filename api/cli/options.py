"""Options and arguments that several commands take, and opening the store for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from api.cli.permitting import check_running
from api.cli.saying import remark
from api.composition import OpenHouse, open_house
from api.logs import configure_logs
from api.settings import Settings, load_settings
from domain.commands.intent import Intent
from domain.permissions import rights_of
from projections.catching_up import catch_up

Location = Annotated[str, typer.Argument(metavar="LOCATION", help="The id of a location; see `daybook locations`.")]
Date = Annotated[str, typer.Argument(metavar="DATE", help="A business date, YYYY-MM-DD.")]
Client = Annotated[
    str | None, typer.Option("--client", metavar="ID", help="The client to work for.  [default: DAYBOOK_CLIENT]")
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON, for other programs.")]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="TIME|POSITION",
        help="As known at a moment: a position of the log, or an instant such as 2026-11-21T22:10:00Z.",
    ),
]


def settings_for(client: str | None = None, *, quiet: bool = True, **given: object) -> Settings:
    """The settings of a command, with logging set up."""
    settings = load_settings(client=client, **given)
    configure_logs(settings, quiet=quiet)
    return settings


@contextmanager
def opened_for(client: str | None = None, *, reads_views: bool = False) -> Iterator[OpenHouse]:
    """The store, opened for one command.

    Args:
        client: whom to work for, over the setting.
        reads_views: bring the views up to date first, because no server may be running that does.

    Raises:
        NotPermitted: the role of the settings does not give what the command takes.
    """
    settings = settings_for(client)
    check_running(rights_of(settings.role))
    with open_house(settings) as opened:
        for name, reason in opened.broken_systems.items():
            remark(f"The installed system {name!r} is left out: {reason}.")
        if reads_views:
            catch_up(opened.engine, opened.journal)
        yield opened


def intent_of(opened: OpenHouse, reason: str) -> Intent:
    """What a command at the machine wants: in the name and the role of the settings."""
    return Intent(opened.settings.who, reason, rights=rights_of(opened.settings.role))
