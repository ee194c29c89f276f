"""Commands about people: users, one-time secrets, passwords."""

import os
import sys
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from api import days, people
from api.cli.options import AsJson, Client, intent_of, opened_for, principal_of
from api.cli.saying import remark, show, show_json
from api.composition import OpenHouse
from api.refusals import NoProvider, NothingGiven, UnreadableFile
from api.rows import plain_member
from domain.commands.add_user import AddUser
from domain.commands.change_user import ChangeUser
from domain.commands.changing_people import PeopleChanged
from domain.commands.disable_user import DisableUser, EnableUser
from domain.commands.intent import Intent
from domain.commands.invite_user import InviteUser
from domain.commands.link_identity import LinkIdentity
from domain.identifiers import PeopleId
from domain.people import checked_login
from domain.people.naming import GIVEN_ROLES
from projections.asking import MOST_ROWS, Among
from projections.people import members
from projections.people_rows import MemberRow

SECRET_VARIABLE: Final = "DAYBOOK_ONE_TIME_SECRET"  # noqa: S105 - the name of a variable
PASSWORD_VARIABLE: Final = "DAYBOOK_NEW_PASSWORD"  # noqa: S105 - the name of a variable

Login = Annotated[str, typer.Argument(metavar="LOGIN", help="The name that the user signs in with.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, which is kept with it.")]
Roles = Annotated[
    list[str], typer.Option("--role", metavar="ROLE", help=f"One of {', '.join(GIVEN_ROLES)}; repeatable.")
]
Places = Annotated[
    list[str] | None,
    typer.Option("--location", metavar="LOCATION", help="The only locations at which; repeatable.  [default: all]"),
]


def users(client: Client = None, as_json: AsJson = False) -> None:
    """List the users of the client: what they may do, where, and whether they can sign in."""
    with opened_for(client, reads_views=True) as opened:
        who = principal_of(opened)
        people.permit(opened, who)
        found = all_members(opened, who.rights.locations)
    if as_json:
        show_json({"data": [plain_member(row) for row in found]})
        return
    if not found:
        remark(f"The client {opened.settings.client} has no users yet: `daybook init` makes the owner.")
    width = max((len(row.login) for row in found), default=0)
    for row in found:
        show(f"{row.login:<{width}}  {', '.join(row.roles)} {places(row.locations)}, {_state(row)}, {row.name}")


def all_members(opened: OpenHouse, among: Among = None) -> list[MemberRow]:
    """Every user of the client, page by page; of some locations, if only these may be seen."""
    found: list[MemberRow] = []
    while True:
        page = members(opened.engine, opened.settings.client, among=among, after=found[-1].login if found else "")
        found += page
        if len(page) < MOST_ROWS:
            return found


def places(locations: list[str] | None) -> str:
    """Where somebody may."""
    return "everywhere" if locations is None else f"at {', '.join(locations)}"


def _state(row: MemberRow) -> str:
    if not row.enabled:
        return "disabled"
    ways = [way for way, has in (("password", row.with_password), ("OpenID", row.identities)) if has]
    if row.invited_until is not None:
        ways.append(f"invited until {row.invited_until:%Y-%m-%d}")
    return " and ".join(ways) or "cannot sign in yet"


def add_user(
    login: Login,
    role: Roles,
    why: Why,
    name: Annotated[str, typer.Option(help="What people call them.  [default: the login]")] = "",
    location: Places = None,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Add a user, who chooses a password with the one-time secret that is shown this once."""
    reason = days.checked_reason(why)
    with opened_for(client) as opened:
        intent = intent_of(opened, reason)
        named = PeopleId(opened.settings.client)
        given = people.add(opened, AddUser(named, login, role, intent, name, location or None))
    say_invited(given, checked_login(login), f"Added the user {checked_login(login)}.", as_json=as_json)


def say_invited(given: people.Given, login: str, done: str, *, as_json: bool) -> None:
    """Tell of a one-time secret, once."""
    invitation = given.changed.people.users[login].invitation
    until = invitation.expires_at if invitation is not None else None
    if as_json:
        show_json({"login": login, "secret": given.secret or None, "expires_at": until})
        return
    show(done)
    show_secret(given.secret, login, f"until {until:%Y-%m-%d %H:%M} UTC" if until is not None else "")


def show_secret(secret: str, login: str, until: str) -> None:
    """The one-time secret, and what it is for."""
    show(f"One-time secret for {login}, shown this once, good {until}:")
    show(f"  {secret}")
    remark("They choose a password with it: `daybook set-password`, or POST /v1/passwords.")


def change_user(
    login: Login,
    why: Why,
    name: Annotated[str | None, typer.Option(help="What people call them.")] = None,
    role: Annotated[
        list[str] | None, typer.Option("--role", metavar="ROLE", help="All of their roles from now on; repeatable.")
    ] = None,
    location: Annotated[
        list[str] | None, typer.Option("--location", metavar="LOCATION", help="All of their locations; repeatable.")
    ] = None,
    everywhere: Annotated[bool, typer.Option("--everywhere", help="All locations, later ones included.")] = False,
    enable: Annotated[bool, typer.Option("--enable", help="Let a disabled user sign in again.")] = False,
    invite: Annotated[bool, typer.Option("--invite", help="Another one-time secret, for a new password.")] = False,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Change a user's name, roles or locations, enable them again, or give them another one-time secret."""
    reason = days.checked_reason(why)
    given: people.Given | None = None
    with opened_for(client) as opened:
        named, login = PeopleId(opened.settings.client), checked_login(login)

        def intent() -> Intent:
            return intent_of(opened, reason)

        changes: list[PeopleChanged] = []
        if enable:
            changes.append(people.do(opened, EnableUser(named, login, intent())))
        if name is not None or role or location or everywhere:
            command = ChangeUser(named, login, intent(), name, role or None, location or None, everywhere)
            changes.append(people.do(opened, command))
        if invite:
            given = people.invite(opened, InviteUser(named, login, intent()))
            changes.append(given.changed)
        if not changes:
            raise NothingGiven("Say what is to be another: `daybook change-user --help` lists what can be.")
    if given is not None:
        say_invited(given, login, f"Changed the user {login}.", as_json=as_json)
        return
    _say(login, changes, f"Changed the user {login}.", as_json=as_json)


def link_user(
    login: Login,
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="Who they are there, by the provider's own id.")],
    why: Why,
    issuer: Annotated[
        str | None, typer.Option(metavar="URL", help="The OpenID provider.  [default: DAYBOOK_OIDC_ISSUER]")
    ] = None,
    back: Annotated[bool, typer.Option("--back", help="Take the link back; the user's sessions are over.")] = False,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Link a user to an identity at an OpenID provider, which then signs them in."""
    reason = days.checked_reason(why)
    with opened_for(client) as opened:
        address, login = issuer or opened.settings.oidc_issuer, checked_login(login)
        if not address:
            raise NoProvider("Name the OpenID provider with --issuer: DAYBOOK_OIDC_ISSUER says none.")
        named = PeopleId(opened.settings.client)
        command = LinkIdentity(named, login, address, subject, intent_of(opened, reason), back)
        changed = people.do(opened, command)
    _say(login, [changed], f"{'Took the link from' if back else 'Linked'} the user {login}.", as_json=as_json)


def disable_user(
    login: Login,
    why: Why,
    with_keys: Annotated[bool, typer.Option(help="Revoke the API keys that they issued, too.")] = False,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Disable a user: they cannot sign in any more, and their sessions are over at once."""
    reason = days.checked_reason(why)
    with opened_for(client) as opened:
        login = checked_login(login)
        command = DisableUser(PeopleId(opened.settings.client), login, intent_of(opened, reason), with_keys)
        changed = people.do(opened, command)
        now = opened.house.clock.now()
    standing = [key.key for key in changed.people.keys.values() if key.issued_by == f"user:{login}" and key.stands(now)]
    _say(login, [changed], f"Disabled the user {login}.", as_json=as_json)
    if standing and not as_json:
        remark(f"API keys that they issued still stand: {', '.join(standing)} (`--with-keys` revokes them too).")


def _say(login: str, changes: list[PeopleChanged], done: str, *, as_json: bool) -> None:
    positions = [changed.receipt.position for changed in changes if changed.receipt is not None]
    content: dict[str, Any] = {"login": login, "position": max(positions, default=None)}
    if as_json:
        show_json(content)
    else:
        show(done if positions else f"Nothing is another for the user {login}: nothing is recorded.")


def set_password(
    secret_file: Annotated[Path | None, typer.Option(metavar="PATH", help="The file with the one-time secret.")] = None,
    password_file: Annotated[Path | None, typer.Option(metavar="PATH", help="The file with the password.")] = None,
    as_json: AsJson = False,
) -> None:
    """Choose a password with a one-time secret, which is spent by it. Both are asked for, and not shown."""
    with opened_for() as opened:
        secret = given_text(secret_file, SECRET_VARIABLE, "One-time secret")
        password = given_text(password_file, PASSWORD_VARIABLE, "New password", twice=True)
        client, login = people.accept(opened, secret, password)
    if as_json:
        show_json({"client": client, "login": login})
    else:
        show(f"{login} of the client {client} can sign in with the password now.")


def given_text(path: Path | None, variable: str, what: str, *, twice: bool = False) -> str:
    """A secret text: from a file, a variable, or asked for at a terminal without showing it.

    Raises:
        NothingGiven: it is nowhere.
        UnreadableFile: the file cannot be read.
    """
    if path is not None:
        try:
            return path.read_text().rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise UnreadableFile(f"The file {path} cannot be read: {error}.") from None
    text = os.environ.get(variable, "")
    if not text and sys.stdin.isatty():
        text = typer.prompt(what, hide_input=True, confirmation_prompt=twice, err=True)
    if not text:
        raise NothingGiven(f"{what}: give a file, or the variable {variable}; there is no terminal to ask.")
    return text
