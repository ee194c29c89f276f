"""The command `sync`: polls a connection now, or has objects synchronized."""

from typing import Annotated

import typer

from api import days
from api.cli.objects import synchronize
from api.cli.options import AsJson, Client, intent_of, opened_for
from api.cli.saying import remark, show, show_json
from api.connections import connection_id
from api.refusals import BothToSynchronize
from api.syncing import Synced, plain_synced, sentence_of
from api.syncing import sync as sync_connection
from domain.facts.objects import How
from domain.permissions import Permission
from projections.catching_up import catch_up


def sync(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="CONNECTION|KEY…", help="The id of a connection, or keys of objects, as in `daybook objects`."
        ),
    ],
    force: Annotated[bool, typer.Option("--force", help="Synchronize objects in spite of their errors.")] = False,
    connection: Annotated[
        str, typer.Option("--connection", metavar="ID", help="The connection of the objects, where several have them.")
    ] = "",
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, which is kept with every poll.")] = "",
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Poll a connection now, or synchronize objects.

    Of a connection: at each of your locations the last day that is over, and what else is due. Objects, named by keys
    such as je:pier:2026-11-20:sales, are handed to the worker; each is accepted or refused by itself.
    """
    reason = days.checked_reason(why) if why else ""
    keys = [name for name in names if ":" in name]  # which no id of a connection has
    _check(names, keys, force=force, connection=connection)
    with opened_for(client, reads_views=True) as opened:
        if keys:
            how: How = "force" if force else "synchronize"
            if not synchronize(opened, keys, connection, how, reason, as_json=as_json):
                raise typer.Exit(1)
            return
        named = connection_id(opened.settings.client, names[0])
        opened.house.permit(intent_of(opened, reason).asks(Permission.POLL, opened.settings.client))
        synced = sync_connection(opened, named, intent_of(opened, reason))
        catch_up(opened.engine, opened.journal)
    if as_json:
        show_json(plain_synced(synced))
    else:
        _say(synced)
    if any(day.outcome is None or day.outcome.failure for day in synced.days):
        raise typer.Exit(1)


def _check(names: list[str], keys: list[str], *, force: bool, connection: str) -> None:
    """Go on, if it is clear what is meant.

    Raises:
        BothToSynchronize: a connection stands beside objects or another one, or with options of objects.
    """
    if keys == names:
        return
    if keys or len(names) > 1:
        raise BothToSynchronize(
            "Name one connection, which is polled, or keys of objects, which are sent: a key has a colon, as "
            "je:pier:2026-11-20:sales, and the id of a connection has none."
        )
    if force or connection:
        raise BothToSynchronize(
            f"--force and --connection are for objects, and {names[0][:60]!r} is the id of a connection: name keys, as "
            "je:pier:2026-11-20:sales."
        )


def _say(synced: Synced) -> None:
    for told in synced.days:
        where = f"{told.day.location} {told.day.date}"
        outcome = told.outcome
        if outcome is None:
            remark(f"{where}: not polled. {told.refused}")
        elif outcome.failure:
            remark(f"{where}: failed ({outcome.failure.failure}). {outcome.failure.message}")
        else:
            show(f"{where}: {outcome.outcome}, generation {outcome.generation}.")
    show(sentence_of(synced))
