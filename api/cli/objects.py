"""The command `objects`: lists what other systems are told of, and how it stands with each."""

from typing import Annotated, Any

import typer

from api import objects as ways
from api.cli.options import AsJson, Client, intent_of, opened_for, principal_of
from api.cli.saying import remark, show, show_json
from api.composition import OpenHouse
from api.days import checked_reason
from api.work.circuits import circuits
from domain.facts.objects import How
from domain.identifiers import plain
from domain.outward import STATES
from domain.permissions import Permission
from projections import objects as queries
from projections.asking import MOST_ROWS
from projections.catching_up import catch_up
from projections.object_rows import ObjectRow

MOST_LISTED = 10_000
"""Objects that are listed at most."""


def objects(
    key: Annotated[
        str, typer.Argument(metavar="[KEY]", help="Only keys that begin so; a whole key shows it all.")
    ] = "",
    state: Annotated[str, typer.Option("--state", metavar="STATE", help=f"One of {', '.join(STATES)}.")] = "",
    category: Annotated[
        str, typer.Option("--category", metavar="finance|master|schedule|notice", help="Only these.")
    ] = "",
    type_: Annotated[str, typer.Option("--type", metavar="TYPE", help="Only this type, as sales-entry.")] = "",
    version: Annotated[int, typer.Option("--version", metavar="N", help="Only objects at this version.")] = 0,
    connection: Annotated[str, typer.Option("--connection", metavar="ID", help="Only of this connection.")] = "",
    location: Annotated[str, typer.Option("--location", metavar="ID", help="Only of this location.")] = "",
    circuit: Annotated[
        bool, typer.Option("--circuits", help="Show whether anything goes out over each connection, and since when.")
    ] = False,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """List the objects that other systems are told of: state, version, last message; of one its attempts too."""
    given: dict[str, str | int] = {
        "key": key,
        "state": state,
        "category": category,
        "type": type_,
        "version": version,
        "connection": connection and plain(connection, "connection"),
        "location": location and plain(location, "location"),
    }
    with opened_for(client, reads_views=True) as opened:
        if circuit:
            _circuits(opened, as_json=as_json)
            return
        filters = {name: value for name, value in given.items() if value}
        found, counts = _found(opened, filters)
        whole = [row for row in found if row.key == key]
        if key and len(whole) == 1:
            _whole(opened, whole[0], as_json=as_json)
            return
    if as_json:
        show_json({"data": [ways.plain_object(row) for row in found], "counts": counts})
        return
    for row in found:
        show(_line(row))
    show(", ".join(f"{count} {name}" for name, count in counts.items() if count) or "There are no objects here.")


def review_objects(
    keys: Annotated[list[str], typer.Argument(metavar="KEY…", help="Keys of objects, as in `daybook objects`.")],
    connection: Annotated[
        str, typer.Option("--connection", metavar="ID", help="The connection of the objects, where several have them.")
    ] = "",
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, which is kept with it.")] = "",
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Look whether objects still stand at the other systems as they were written.

    Changes nothing there. What somebody changed or deleted is desynchronized, and the worker writes it anew.
    """
    reason = checked_reason(why) if why else ""
    with opened_for(client, reads_views=True) as opened:
        who = principal_of(opened)
        opened.house.permit(intent_of(opened, reason).asks(Permission.SYNCHRONIZE, who.client))
        chosen = [ways.object_named(opened, who.client, key, connection, who.rights) for key in keys]
        told = [ways.plain_reviewed(one) for one in ways.review(opened, chosen, intent_of(opened, reason))]
        catch_up(opened.engine, opened.journal)
    if as_json:
        show_json({"outcomes": told})
    for one in told if not as_json else ():
        show(f"{one['connection']} {one['key']}: {one['found']}. {one['message']}".rstrip())
    if any(one["found"] in {"unknown", "not-found"} for one in told):
        raise typer.Exit(1)


def _found(opened: OpenHouse, filters: dict[str, str | int]) -> tuple[list[ObjectRow], dict[str, int]]:
    engine, client = opened.engine, opened.settings.client
    among = principal_of(opened).rights.locations
    found: list[ObjectRow] = []
    while len(found) < MOST_LISTED:
        after = (found[-1].connection, found[-1].key) if found else None
        page = queries.objects(engine, client, filters=filters, after=after, limit=MOST_ROWS, among=among)
        found += page
        if len(page) < MOST_ROWS:
            break
    else:
        remark(f"Only the first {MOST_LISTED} objects are listed: filters find the others.")
    unfiltered = {name: value for name, value in filters.items() if name != "state"}
    return found, ways.counted(queries.counts(engine, client, filters=unfiltered, among=among))


def _whole(opened: OpenHouse, row: ObjectRow, *, as_json: bool) -> None:
    one = ways.object_id(row.client, row.connection, row.key)
    rows = queries.attempts(opened.engine, row.client, row.connection, row.key, limit=ways.MOST_ATTEMPTS)
    attempts = ways.plain_attempts(rows)
    if as_json:
        documents = ways.documents(opened, one, row, rows)
        show_json({"object": ways.plain_object(row), "attempts": attempts, "documents": documents})
        return
    show(_line(row))
    for attempt in attempts:
        show(f"  {_attempt(attempt)}")


def _attempt(attempt: dict[str, Any]) -> str:
    came = attempt["outcome"] + (f" ({attempt['failure']})" if attempt["failure"] else "")
    at = f"{attempt['started_at']:%Y-%m-%d %H:%M:%S} UTC"
    said = f"{attempt['reference']} at the {attempt['level']} level"
    return f"{attempt['attempt']}. {at}: {attempt['step']} {said}: {came}. {attempt['message']}".rstrip()


def _line(row: ObjectRow) -> str:
    state = "waiting" if row.waiting else row.state
    again = f", again at {row.retry_at:%Y-%m-%d %H:%M:%S} UTC" if row.waiting else ""
    there = f" as {row.external_id}" if row.external_id else ""
    return f"{row.connection}  {row.key}  v{row.version}  {state}{there}{again}  {row.message}".rstrip()


def _circuits(opened: OpenHouse, *, as_json: bool) -> None:
    among = principal_of(opened).rights.locations
    known = circuits(opened, opened.settings.client)
    if among is not None:
        known = [row for row in known if queries.reached(opened.engine, row, among)]
    rows = [ways.plain_circuit(row) for row in known]
    if as_json:
        show_json({"data": rows})
        return
    for row in rows:
        since = f" since {row['since']:%Y-%m-%d %H:%M:%S} UTC" if row["since"] else ""
        again = f", again at {row['again_at']:%Y-%m-%d %H:%M:%S} UTC" if row["again_at"] else ""
        used = f"{row['last_minute']} of {row['per_minute']} requests in the last minute"
        show(f"{row['connection']} ({row['system']}): {row['state']}{since}{again}; {used}.")
    if not rows:
        show("Nothing goes out over any connection.")


def synchronize(opened: OpenHouse, keys: list[str], connection: str, how: How, reason: str, *, as_json: bool) -> bool:
    """Ask for objects to be synchronized and say what came of each; whether all were accepted."""
    who = principal_of(opened)
    opened.house.permit(intent_of(opened, reason).asks(Permission.SYNCHRONIZE, who.client))
    chosen = [ways.object_named(opened, who.client, key, connection, who.rights) for key in keys]
    outcomes = [ways.plain_outcome(one) for one in ways.ask(opened, chosen, how, intent_of(opened, reason))]
    if as_json:
        show_json({"outcomes": outcomes})
    for outcome in outcomes if not as_json else ():
        said = f": {outcome['message']}" if outcome["message"] else "."
        show(f"{outcome['connection']} {outcome['key']}: {outcome['outcome']}{said}")
    return all(outcome["outcome"] == "accepted" for outcome in outcomes)
