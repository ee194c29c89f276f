"""What the commands `daybook connection …` share: their options, and telling what came of a change."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from api import days
from api.cli.choosing import fields_given
from api.cli.options import intent_of, opened_for
from api.cli.saying import remark, show, show_json
from api.composition import OpenHouse
from api.connections import connection_id
from api.lives import plain_change
from domain.commands.changing import Changed
from domain.commands.intent import Intent
from domain.identifiers import ConnectionId
from projections.catching_up import catch_up

Id = Annotated[str, typer.Argument(metavar="CONNECTION", help="The id of a connection.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, which is kept.")]
KeyEnv = Annotated[str | None, typer.Option(metavar="VARIABLE", help="The environment variable that holds the secret.")]
KeyFile = Annotated[Path | None, typer.Option(metavar="PATH", help="The file that holds the secret.")]
Values = Annotated[
    list[str] | None,
    typer.Option("--value", metavar="FIELD=VALUE", help="A field of the system's form, no secret; may be repeated."),
]
Companies = Annotated[
    list[str] | None,
    typer.Option("--company", metavar="ID", help="A chosen company, by the source's id; may be repeated."),
]
Expect = Annotated[
    int | None, typer.Option("--expect", metavar="REVISION", min=0, help="Only if the connection is at this revision.")
]

Deed = Callable[[OpenHouse, ConnectionId, Intent], tuple[Changed, dict[str, Any]]]
"""What a command does; answers the change, and what else there is to tell."""


def do(connection: str, why: str, client: str | None, deed: Deed, done: str, *, as_json: bool) -> None:
    """Do it, and tell what came of it: as JSON, or as a sentence and remarks."""
    reason = days.checked_reason(why) if why else ""
    with opened_for(client, reads_views=True) as opened:
        named = connection_id(opened.settings.client, connection)
        changed, beside = deed(opened, named, intent_of(opened, reason))
        catch_up(opened.engine, opened.journal)
    if as_json:
        show_json({**plain_change(connection, changed), **beside})
        return
    if changed.receipt is None:
        show(f"{connection}: so already; nothing is recorded.")
        return
    show(f"{connection} {beside.get('told', done)}.")
    for one in beside.get("known", ()):
        others = ", ".join(one["connections"])
        remark(f"{one['name'] or one['organization']} is known already, by {others}: it stays one company.")
    for text in beside.get("remarks", ()):
        remark(text)


def values_of(opened: OpenHouse, system: str, texts: list[str] | None) -> dict[str, Any] | None:
    """The fields of a system's form as they were given; None where none was."""
    return None if texts is None else fields_given(opened.house.system(system).profile.form, texts)
