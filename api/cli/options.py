"""Options and arguments that several commands take, and opening the store for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated

import typer

from api.cli.permitting import check_running
from api.cli.saying import remark
from api.composition import OpenHouse, open_house
from api.logs import configure_logs
from api.refusals import OtherClient
from api.settings import Settings, load_settings
from domain.commands.intent import Intent
from domain.permissions import Principal, rights_of
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
    with open_house(settings_for(client)) as opened_house:
        opened = _for_the_key(opened_house, client)
        check_running(principal_of(opened).rights)
        for name, reason in opened.broken_systems.items():
            remark(f"The installed system {name!r} is left out: {reason}.")
        if reads_views:
            catch_up(opened.engine, opened.journal)
        yield opened


def intent_of(opened: OpenHouse, reason: str) -> Intent:
    """What a command wants: in the name and with the rights of :func:`principal_of`."""
    who = principal_of(opened)
    return Intent(who.actor, reason, rights=who.rights)


def principal_of(opened: OpenHouse) -> Principal:
    """Who gives a command: whoever has the API key of the settings, else the operator at the machine, in their role.

    Raises:
        NotSignedIn: the key is none that counts.
    """
    settings = opened.settings
    if settings.key:
        return opened.reception.recognizer.by_key(settings.key)
    return Principal(settings.who, settings.client, rights_of(settings.role), "operator")


def among_of(opened: OpenHouse) -> frozenset[str] | None:
    """The only locations that who gives a command may see, or None for all."""
    return principal_of(opened).rights.locations


def _for_the_key(opened: OpenHouse, client: str | None) -> OpenHouse:
    """With an API key everything is about the key's client.

    Raises:
        NotSignedIn: the key is none that counts.
        OtherClient: another client was named.
    """
    if not opened.settings.key:
        return opened
    who = principal_of(opened)
    if client is not None and client != who.client:
        raise OtherClient(f"The API key of DAYBOOK_KEY is of the client {who.client!r}, not of {client[:64]!r}.")
    return replace(opened, settings=opened.settings.model_copy(update={"client": who.client}))
