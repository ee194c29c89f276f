"""The command `sync`: polls a connection now."""

from typing import Annotated

import typer

from api import days
from api.cli.options import AsJson, Client, intent_of, opened_for
from api.cli.saying import remark, show, show_json
from api.connections import connection_id
from api.syncing import Synced, plain_synced, sentence_of
from api.syncing import sync as sync_connection
from projections.catching_up import catch_up


def sync(
    connection: Annotated[str, typer.Argument(metavar="CONNECTION", help="The id of a connection.")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, which is kept with every poll.")] = "",
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Poll a connection now: at each of your locations the last day that is over, and what else is due."""
    reason = days.checked_reason(why) if why else ""
    with opened_for(client, reads_views=True) as opened:
        synced = sync_connection(opened, connection_id(opened.settings.client, connection), intent_of(opened, reason))
        catch_up(opened.engine, opened.journal)
    if as_json:
        show_json(plain_synced(synced))
    else:
        _say(synced)
    if any(day.outcome is None or day.outcome.failure for day in synced.days):
        raise typer.Exit(1)


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
