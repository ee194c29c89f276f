"""The commands `daybook connection edit`, `rotate`, `renew`, `share`, `admin`, `suspend`, `resume`, `disconnect`."""

import datetime as dt
from typing import Annotated, Any

import msgspec
import typer

from api.cli.connecting import the_key
from api.cli.living import Companies, Expect, Id, KeyEnv, KeyFile, Values, Why, do, values_of
from api.cli.options import AsJson, Client
from api.composition import OpenHouse
from api.connections import existing
from api.lives import actor_of, check_taken, plain_known
from domain.commands.change_admin import ChangeAdmin, change_admin
from domain.commands.changing import Changed
from domain.commands.disconnect_system import DisconnectSystem, disconnect_system
from domain.commands.edit_connection import EditConnection, edit_connection
from domain.commands.intent import Intent
from domain.commands.loading import load_connection
from domain.commands.renew_connection import RenewConnection, renew_connection
from domain.commands.rotate_credentials import RotateCredentials, rotate_credentials
from domain.commands.share_connection import ShareConnection, share_connection
from domain.commands.suspend_connection import SuspendConnection, suspend_connection
from domain.identifiers import ConnectionId


def edit(
    connection: Id,
    name: Annotated[str | None, typer.Option(help="What people call the connection.")] = None,
    environment: Annotated[str | None, typer.Option(metavar="URL", help="The system's base address.")] = None,
    value: Values = None,
    company: Companies = None,
    expect: Expect = None,
    why: Why = "",
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Edit a connection: only what is given changes. Another address or other values are tried at the source first.

    A value that is given empty, as FIELD=, is left out from then on.
    """

    def deed(opened: OpenHouse, named: ConnectionId, intent: Intent) -> tuple[Changed, dict[str, Any]]:
        command = EditConnection(
            named,
            intent,
            expect,
            name=name,
            environment=environment,
            values=_edited(opened, named, value),
            companies=None if company is None else tuple(company),
            existing=existing(opened, named.client, without=connection),
        )
        replaced = check_taken(edit_connection(command, opened.house))
        return replaced.change, {"known": plain_known(replaced.known)}

    do(connection, why, client, deed, "is edited", as_json=as_json)


def _edited(opened: OpenHouse, named: ConnectionId, value: list[str] | None) -> dict[str, Any] | None:
    """All values of the form, those that are given in place of what they were; one that is empty is left out."""
    known = load_connection(opened.journal, named)
    given = values_of(opened, known.system, value)
    if given is None:
        return None
    return {name: one for name, one in {**known.life.values, **given}.items() if one != ""}


def rotate(
    connection: Id,
    key_env: KeyEnv = None,
    key_file: KeyFile = None,
    expect: Expect = None,
    why: Why = "",
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Give a connection another secret, which is tried at the source first."""

    def deed(opened: OpenHouse, named: ConnectionId, intent: Intent) -> tuple[Changed, dict[str, Any]]:
        command = RotateCredentials(named, intent, expect, secret=the_key(key_env, key_file))
        return check_taken(rotate_credentials(command, opened.house)).change, {}

    do(connection, why, client, deed, "has another secret", as_json=as_json)


def renew(
    connection: Id,
    until: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Until when it is good.  [default: as long as its grants are]"),
    ] = None,
    key_env: KeyEnv = None,
    key_file: KeyFile = None,
    expect: Expect = None,
    why: Why = "",
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Renew the grant of a source, with the secret in use or another one."""
    moment = None if until is None else _instant(until)

    def deed(opened: OpenHouse, named: ConnectionId, intent: Intent) -> tuple[Changed, dict[str, Any]]:
        secret = the_key(key_env, key_file) if key_env is not None or key_file is not None else ""
        command = RenewConnection(named, intent, expect, secret=secret, valid_until=moment)
        changed = check_taken(renew_connection(command, opened.house)).change
        return changed, {"told": f"is renewed until {changed.after.life.valid_until:%Y-%m-%d %H:%M} UTC"}

    do(connection, why, client, deed, "", as_json=as_json)


def _instant(text: str) -> dt.datetime:
    try:
        found = msgspec.convert(text, dt.datetime)
    except msgspec.ValidationError:
        found = None
    if found is None or found.tzinfo is None:
        raise typer.BadParameter(f"{text[:40]!r} is not an instant: write it like 2027-01-31T12:00:00Z.")
    return found.astimezone(dt.UTC)


def share(
    connection: Id,
    private: Annotated[bool, typer.Option("--private", help="Only who made it and its admin, again.")] = False,
    expect: Expect = None,
    why: Why = "",
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Let other users edit a connection: those whose role can manage connections, who then see its companies."""

    def deed(opened: OpenHouse, named: ConnectionId, intent: Intent) -> tuple[Changed, dict[str, Any]]:
        command = ShareConnection(named, intent, expect, "private" if private else "shared")
        return share_connection(command, opened.house), {}

    do(connection, why, client, deed, "is private" if private else "is shared", as_json=as_json)


def admin(
    connection: Id,
    user: Annotated[str, typer.Argument(metavar="[USER]", help="Who is responsible; nobody named: the operator.")] = "",
    expect: Expect = None,
    why: Why = "",
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Say who is responsible: a user with the permission, and access to all locations."""

    def deed(opened: OpenHouse, named: ConnectionId, intent: Intent) -> tuple[Changed, dict[str, Any]]:
        others = existing(opened, named.client, without=connection)
        return change_admin(ChangeAdmin(named, intent, expect, actor_of(user), others), opened.house), {}

    do(connection, why, client, deed, f"is {user or 'the operator'}'s", as_json=as_json)


def suspend(
    connection: Id,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, told whoever polls meanwhile.")],
    expect: Expect = None,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Suspend a connection: nothing is polled through it, and nothing is due, until it is resumed."""

    def deed(opened: OpenHouse, named: ConnectionId, intent: Intent) -> tuple[Changed, dict[str, Any]]:
        return suspend_connection(SuspendConnection(named, intent, expect), opened.house), {}

    do(connection, why, client, deed, "is suspended", as_json=as_json)


def resume(
    connection: Id, expect: Expect = None, why: Why = "", client: Client = None, as_json: AsJson = False
) -> None:
    """Resume a suspended connection: what was missed meanwhile is due."""

    def deed(opened: OpenHouse, named: ConnectionId, intent: Intent) -> tuple[Changed, dict[str, Any]]:
        return suspend_connection(SuspendConnection(named, intent, expect, suspended=False), opened.house), {}

    do(connection, why, client, deed, "is resumed", as_json=as_json)


def disconnect(
    connection: Id,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, which is kept.")],
    expect: Expect = None,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Disconnect a system, for good: nothing is due, its history stays, and its locations are free."""

    def deed(opened: OpenHouse, named: ConnectionId, intent: Intent) -> tuple[Changed, dict[str, Any]]:
        return disconnect_system(DisconnectSystem(named, intent, expect), opened.house), {}

    do(connection, why, client, deed, "is disconnected", as_json=as_json)
