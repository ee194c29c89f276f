"""Commands about API keys."""

import datetime as dt
from typing import Annotated

import typer

from api import days, people
from api.cli.options import AsJson, Client, intent_of, opened_for, principal_of
from api.cli.people import Places, Roles, Why, places
from api.cli.saying import remark, show, show_json
from api.composition import OpenHouse
from api.rows import plain_key
from domain.commands.issue_key import IssueKey
from domain.commands.revoke_key import RevokeKey
from domain.identifiers import PeopleId
from domain.people import MOST_DAYS
from projections.asking import MOST_ROWS, Among
from projections.people import api_keys
from projections.people_rows import ApiKeyRow


def keys(client: Client = None, as_json: AsJson = False) -> None:
    """List the API keys of the client, those that stand no more too; of their secrets nothing is known."""
    with opened_for(client, reads_views=True) as opened:
        who = principal_of(opened)
        people.permit(opened, who)
        found = _all_keys(opened, who.rights.locations)
        now = opened.house.clock.now()
    if as_json:
        show_json({"data": [plain_key(row) for row in found]})
        return
    if not found:
        remark(f"The client {opened.settings.client} has no API keys: `daybook issue-key` makes one.")
    for row in found:
        granted = f"{', '.join(row.roles)} {places(row.locations)}"
        show(f"{row.key}  {row.name}: {granted}, {_state(row, now)}, issued by {row.issued_by}")


def _all_keys(opened: OpenHouse, among: Among) -> list[ApiKeyRow]:
    found: list[ApiKeyRow] = []
    while True:
        page = api_keys(opened.engine, opened.settings.client, among=among, after=found[-1].key if found else "")
        found += page
        if len(page) < MOST_ROWS:
            return found


def _state(row: ApiKeyRow, now: dt.datetime) -> str:
    if row.revoked_at is not None:
        return f"revoked on {row.revoked_at:%Y-%m-%d}"
    until = row.expires_at or now
    return f"{'good until' if now < until else 'expired on'} {until:%Y-%m-%d}"


def issue_key(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the key is for.")],
    role: Roles,
    why: Why,
    location: Places = None,
    valid: Annotated[int, typer.Option("--days", help=f"How long it is good for, 1 to {MOST_DAYS}.")] = 90,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Issue an API key to a program; it is shown this once."""
    reason = days.checked_reason(why)
    with opened_for(client) as opened:
        named = PeopleId(opened.settings.client)
        command = IssueKey(named, name, role, valid, intent_of(opened, reason), location or None)
        given = people.issue(opened, command)
    until = given.changed.people.keys[given.id].expires_at
    if as_json:
        show_json({"key": given.id, "secret": given.secret, "expires_at": until})
        return
    show(f"Issued the API key {given.id}, good until {until:%Y-%m-%d %H:%M} UTC. All of it, shown this once:")
    show(f"  {given.secret}")
    remark("Programs send it as `Authorization: Bearer dbk_…`; commands take it from DAYBOOK_KEY.")


def revoke_key(
    key: Annotated[str, typer.Argument(metavar="KEY", help="The id of the key; see `daybook keys`.")],
    why: Why,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Revoke an API key: it is good for nothing within a second."""
    reason = days.checked_reason(why)
    with opened_for(client) as opened:
        changed = people.do(opened, RevokeKey(PeopleId(opened.settings.client), key, intent_of(opened, reason)))
    position = None if changed.receipt is None else changed.receipt.position
    if as_json:
        show_json({"key": key, "position": position})
    else:
        show(f"Revoked the API key {key}." if position is not None else f"The API key {key} was revoked before.")
