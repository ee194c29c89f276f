"""What every way in does with people: users, one-time secrets, passwords, API keys."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from adapters.access import KEY, ONE_TIME, Secret, new_secret, read_secret
from api.access.passwords import checked_password
from api.composition import OpenHouse
from api.refusals import NotSignedIn
from domain.commands.add_user import AddUser, add_user
from domain.commands.change_user import ChangeUser, change_user
from domain.commands.changing_people import PeopleChanged, id_of
from domain.commands.disable_user import DisableUser, EnableUser, disable_user, enable_user
from domain.commands.intent import Intent, new_id
from domain.commands.invite_user import InviteUser, invite_user
from domain.commands.issue_key import IssueKey, issue_key
from domain.commands.link_identity import LinkIdentity, link_identity
from domain.commands.revoke_key import RevokeKey, revoke_key
from domain.commands.set_password import SetPassword, set_password
from domain.identifiers import PeopleId
from domain.people import NotInvited, User
from domain.permissions import EVERYTHING, Asked, Permission, Principal
from domain.refusals import Refusal

OWNER: Final = "owner"
"""The login of the first user."""

_NOT_ONE: Final = "This is no one-time secret of daybook: copy all of it, from dbo_ to the end."


@dataclass(frozen=True, slots=True)
class Given:
    """What came of giving somebody a secret.

    Attributes:
        changed: what is recorded.
        id: of the secret.
        secret: the secret, to be shown once; empty where it was shown before.
    """

    changed: PeopleChanged
    id: str
    secret: str = field(default="", repr=False)


Deciding = Callable[[], PeopleChanged]

Command = ChangeUser | DisableUser | EnableUser | LinkIdentity | RevokeKey
"""Commands that give nobody a secret."""


def permit(opened: OpenHouse, who: Principal) -> None:
    """Go on, if they may see and manage people.

    Raises:
        NotPermitted: they may not.
    """
    opened.house.permit(Asked(who.actor, who.rights, Permission.MANAGE_PEOPLE, who.client))


def add(opened: OpenHouse, command: AddUser) -> Given:
    """Add a user, who chooses a password with the one-time secret.

    Raises:
        Refusal: see ``add_user``.
    """
    return _giving(
        opened, ONE_TIME, "invitation", command.people, command.intent, lambda: add_user(command, opened.house)
    )


def invite(opened: OpenHouse, command: InviteUser) -> Given:
    """Give a user another one-time secret.

    Raises:
        Refusal: see ``invite_user``.
    """
    return _giving(
        opened, ONE_TIME, "invitation", command.people, command.intent, lambda: invite_user(command, opened.house)
    )


def issue(opened: OpenHouse, command: IssueKey) -> Given:
    """Issue an API key.

    Raises:
        Refusal: see ``issue_key``.
    """
    return _giving(opened, KEY, "key", command.people, command.intent, lambda: issue_key(command, opened.house))


def do(opened: OpenHouse, command: Command) -> PeopleChanged:
    """Change, disable or enable a user, link an identity, or revoke a key; it counts at once.

    Raises:
        Refusal: see the command.
    """
    client = command.people.client
    match command:
        case ChangeUser():
            changed = change_user(command, opened.house)
        case DisableUser():
            changed = disable_user(command, opened.house)
            opened.reception.store.end_sessions(client, command.login.lower())
        case EnableUser():
            changed = enable_user(command, opened.house)
        case LinkIdentity():
            changed = link_identity(command, opened.house)
        case RevokeKey():
            changed = revoke_key(command, opened.house)
    return _told(opened, client, changed)


def make_owner(opened: OpenHouse) -> Given | None:
    """Make the client's first user, who may everything that a user may, and more people; None where there is one.

    Whoever makes the store is the operator at the machine.
    """
    people = PeopleId(opened.settings.client)
    if opened.reception.recognizer.people.newest(people.client).users:
        return None
    intent = Intent(opened.settings.who, "the first user of the client", rights=EVERYTHING)
    given = add(opened, AddUser(people, OWNER, ["full-access"], intent, name="Owner", first=True))
    return given if given.secret else None


def accept(opened: OpenHouse, text: str, password: str, address: str = "") -> tuple[str, str]:
    """Choose a password with a one-time secret, which is spent by it; answers client and login.

    Raises:
        NotSignedIn: the text is no one-time secret.
        NotInvited: it does not stand.
        BadPassword: the password may not be chosen; the secret stands.
        TooManyAttempts: too much proved nothing that came from there.
    """
    reception = opened.reception
    reception.check_address(address)
    secret = read_secret(text.strip())
    stored = reception.store.secret(secret.id) if secret is not None and secret.kind == ONE_TIME else None
    digest = secret.digest if secret is not None else bytes(32)
    fits = hmac.compare_digest(digest, stored.digest if stored is not None else bytes(32))
    if secret is None or stored is None or not fits or stored.kind != ONE_TIME:
        reception.failed(address, "no one-time secret")
        raise NotSignedIn(_NOT_ONE)
    people = reception.recognizer.people.newest(stored.client)
    user = next((u for u in people.users.values() if u.invitation and u.invitation.id == secret.id), None)
    if user is None:
        raise NotInvited("The one-time secret was used already, or replaced by a newer one: ask for another.")
    _set(opened, stored.client, user, password, "a one-time secret", secret.id)
    reception.store.drop_secret(secret.id)
    return stored.client, user.login


def change_password(opened: OpenHouse, client: str, user: User, current: str, password: str, address: str) -> None:
    """Choose another password in place of one's own; all of the user's sessions end.

    Raises:
        NotSignedIn: the present one is wrong.
        BadPassword: the new one may not be chosen.
        TooManyAttempts: too many present ones were wrong.
    """
    opened.reception.check_password(client, user, current, address)
    _set(opened, client, user, password, "in place of the present one")


def _set(opened: OpenHouse, client: str, user: User, password: str, reason: str, invitation: str = "") -> None:
    """The hash first, then the fact that names it, so that a hash counts only where a fact says so."""
    reception = opened.reception
    hash_ = reception.passwords.hash(checked_password(password, user.login))
    intent = Intent(user.actor, reason, rights=user.rights)
    id_ = new_id()
    reception.store.keep_password(client, user.login, id_, hash_, opened.house.clock.now())
    changed = set_password(SetPassword(PeopleId(client), user.login, id_, intent, invitation), opened.house)
    _told(opened, client, changed)
    reception.store.keep_only(client, user.login, id_)


def _giving(opened: OpenHouse, kind: str, what: str, people: PeopleId, intent: Intent, decide: Deciding) -> Given:
    """Keep the digest, then record the fact that names it. Said again, the command has its answer, but no secret."""
    opened.house.permit(intent.asks(Permission.MANAGE_PEOPLE, people.client))
    store = opened.reception.store
    secret: Secret = new_secret(kind, id_of(intent, people, what))
    done = opened.journal.receipt(people.client, intent.command)
    ours = done is None and store.keep_secret(secret, people.client, opened.house.clock.now())
    try:
        changed = decide()
    except Refusal:
        if ours:
            store.drop_secret(secret.id)
        raise
    if ours and not changed.facts:
        store.drop_secret(secret.id)
    _told(opened, people.client, changed)
    return Given(changed, secret.id, secret.text if ours and changed.facts else "")


def _told(opened: OpenHouse, client: str, changed: PeopleChanged) -> PeopleChanged:
    opened.reception.recognizer.people.expire(client)
    if opened.projector is not None:
        opened.projector.wake()
    return changed
