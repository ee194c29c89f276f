"""Users and API keys: who there is, and giving and taking."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Request
from starlette.responses import Response

from api import people
from api.composition import OpenHouse
from api.http.answering import Acting, IfNoneMatch, Read, answer, linked, unchanged, versioned
from api.http.cursors import read_cursor, write_cursor
from api.http.deciding import seen_of
from api.http.documents import documented
from api.http.parameters import PAGE_ROWS, Cursor, Limit
from api.http.people_models import (
    ApiKeys,
    IdentityRequest,
    InvitedAnswer,
    IssuedAnswer,
    KeyAnswer,
    KeyRequest,
    ReasonRequest,
    User,
    UserAnswer,
    UserPatch,
    UserRequest,
    Users,
    UserStateRequest,
)
from api.http.permitting import takes
from api.http.writing import Writing
from api.refusals import NoProvider
from api.rows import plain_key, plain_member
from domain.commands.add_user import AddUser
from domain.commands.change_user import ChangeUser
from domain.commands.changing_people import PeopleChanged
from domain.commands.disable_user import DisableUser, EnableUser
from domain.commands.intent import Intent
from domain.commands.invite_user import InviteUser
from domain.commands.issue_key import IssueKey
from domain.commands.link_identity import LinkIdentity
from domain.commands.revoke_key import RevokeKey
from domain.identifiers import PeopleId
from domain.people import NoSuchUser, checked_login
from domain.permissions import Permission, Principal
from projections.people import api_keys, find_member, members

router = APIRouter(prefix="/v1", tags=["people"])

LoginPath = Annotated[str, Path(description="The login of a user.", examples=["berta"])]
KeyPath = Annotated[str, Path(description="The id of an API key.", examples=["0123456789abcdef"])]
IfUserMatches = Annotated[
    str | None, Header(max_length=2000, description="Only if the user is at this version (412 otherwise).")
]
_WRITING = (400, 403, 404, 408, 409, 412, 413, 415, 422, 503)
_TOLD = ["Daybook-Position", "Idempotent-Replayed"]


@router.get(
    "/users",
    operation_id="listUsers",
    dependencies=[takes(Permission.MANAGE_PEOPLE)],
    summary="The users of the client",
    response_model=Users,
    responses=documented({200: "A page of users."}, 400, 403, 422, 503, headers=["Daybook-Position", "Link"]),
)
def get_users(request: Request, read: Read, who: Acting, cursor: Cursor = None, limit: Limit = PAGE_ROWS) -> Response:
    """By login, with roles, locations and how they sign in; disabled ones too. At one's own locations."""
    people.permit(read.opened, who)
    question = (read.client, "users")
    after = read_cursor(question, cursor, 1)[0] if cursor is not None else ""
    read.begin()
    found = members(read.opened.engine, read.client, among=read.among, after=after, limit=limit)
    following = write_cursor(question, [found[-1].login]) if len(found) == limit else None
    headers = {} if following is None else linked(request, cursor=following)
    content = {"data": [plain_member(row) for row in found], "next": following}
    return answer(content, position=read.position, headers=headers)


@router.get(
    "/users/{login}",
    operation_id="getUser",
    dependencies=[takes(Permission.MANAGE_PEOPLE)],
    summary="A user",
    response_model=User,
    responses=documented(
        {200: "The user.", 304: "The reader has it."}, 400, 403, 404, 422, 503, headers=["Daybook-Position", "ETag"]
    ),
)
def get_user(read: Read, who: Acting, login: LoginPath, if_none_match: IfNoneMatch = None) -> Response:
    """The ETag is the user's version: what If-Match names when they are changed."""
    people.permit(read.opened, who)
    read.begin()
    row = find_member(read.opened.engine, read.client, checked_login(login), among=read.among)
    if row is None:
        raise NoSuchUser(f"There is no user {login[:64]!r} here: `GET /v1/users` lists those that there are.")
    same = unchanged(if_none_match, row.version, read.position)
    return same or answer(plain_member(row), position=read.position, headers=versioned(row.version))


@router.post(
    "/users",
    operation_id="addUser",
    dependencies=[takes(Permission.MANAGE_PEOPLE)],
    summary="Add a user",
    response_model=InvitedAnswer,
    status_code=201,
    responses=documented(
        {201: "Added, with a one-time secret for a password."}, *_WRITING, headers=_TOLD, model=InvitedAnswer
    ),
)
def post_user(body: UserRequest, asked: Writing) -> Response:
    """Nobody gives more than they have: neither roles nor locations."""
    with asked.intended(body.reason) as intent:
        command = AddUser(PeopleId(asked.client), body.login, body.roles, intent, body.name, body.locations)
        given = people.add(asked.opened, command)
    return _invited(given, checked_login(body.login), intent, 201)


@router.patch(
    "/users/{login}",
    operation_id="changeUser",
    dependencies=[takes(Permission.MANAGE_PEOPLE)],
    summary="Change a user",
    response_model=UserAnswer,
    responses=documented({200: "As it is now."}, *_WRITING, headers=[*_TOLD, "ETag"]),
)
def patch_user(
    login: LoginPath,
    body: UserPatch,
    asked: Writing,
    if_match: IfUserMatches = None,
) -> Response:
    """Name, roles and locations; what is not given stays. It counts from the user's next request on."""
    with asked.intended(body.reason) as intent:
        seen = _seen(asked.opened, asked.who, login, if_match, intent)
        command = ChangeUser(
            PeopleId(asked.client), login, intent, body.name, body.roles, body.locations, body.everywhere, seen
        )
        changed = people.do(asked.opened, command)
    return _told(changed, login, intent)


@router.post(
    "/users/{login}/state",
    operation_id="setUserState",
    dependencies=[takes(Permission.MANAGE_PEOPLE)],
    summary="Disable or enable a user",
    response_model=UserAnswer,
    responses=documented({200: "As it is now."}, *_WRITING, headers=[*_TOLD, "ETag"]),
)
def post_user_state(
    login: LoginPath,
    body: UserStateRequest,
    asked: Writing,
    if_match: IfUserMatches = None,
) -> Response:
    """Who is disabled cannot sign in, and their sessions are over at once; the last who manages people cannot be."""
    with asked.intended(body.reason) as intent:
        seen = _seen(asked.opened, asked.who, login, if_match, intent)
        named = PeopleId(asked.client)
        changed = people.do(
            asked.opened,
            DisableUser(named, login, intent, body.with_keys, seen)
            if body.state == "disabled"
            else EnableUser(named, login, intent, seen),
        )
    return _told(changed, login, intent)


@router.post(
    "/users/{login}/invitations",
    operation_id="inviteUser",
    dependencies=[takes(Permission.MANAGE_PEOPLE)],
    summary="Give a user another one-time secret",
    response_model=InvitedAnswer,
    status_code=201,
    responses=documented({201: "The secret."}, *_WRITING, headers=_TOLD, model=InvitedAnswer),
)
def post_invitation(
    login: LoginPath,
    body: ReasonRequest,
    asked: Writing,
) -> Response:
    """For whoever forgot their password. Only who has all of the user's rights may, because it opens all of them."""
    with asked.intended(body.reason) as intent:
        given = people.invite(asked.opened, InviteUser(PeopleId(asked.client), login, intent))
    return _invited(given, checked_login(login), intent, 201)


@router.post(
    "/users/{login}/identities",
    operation_id="linkIdentity",
    dependencies=[takes(Permission.MANAGE_PEOPLE)],
    summary="Link a user to an identity at an OpenID provider",
    response_model=UserAnswer,
    responses=documented({200: "As it is now."}, *_WRITING, headers=[*_TOLD, "ETag"]),
)
def post_identity(
    login: LoginPath,
    body: IdentityRequest,
    asked: Writing,
) -> Response:
    """From then on the provider's word on that identity signs the user in; `linked` false takes it back."""
    issuer = asked.opened.settings.oidc_issuer if body.issuer is None else body.issuer
    if not issuer:
        raise NoProvider("Name the issuer: no OpenID provider is set up here (DAYBOOK_OIDC_ISSUER).")
    with asked.intended(body.reason) as intent:
        command = LinkIdentity(PeopleId(asked.client), login, issuer, body.subject, intent, back=not body.linked)
        changed = people.do(asked.opened, command)
    return _told(changed, login, intent)


@router.get(
    "/keys",
    operation_id="listKeys",
    dependencies=[takes(Permission.MANAGE_PEOPLE)],
    summary="The API keys of the client",
    response_model=ApiKeys,
    responses=documented({200: "A page of keys."}, 400, 403, 422, 503, headers=["Daybook-Position", "Link"]),
)
def get_keys(request: Request, read: Read, who: Acting, cursor: Cursor = None, limit: Limit = PAGE_ROWS) -> Response:
    """By id, those that have expired or were revoked too. At one's own locations."""
    people.permit(read.opened, who)
    question = (read.client, "keys")
    after = read_cursor(question, cursor, 1)[0] if cursor is not None else ""
    read.begin()
    found = api_keys(read.opened.engine, read.client, among=read.among, after=after, limit=limit)
    following = write_cursor(question, [found[-1].key]) if len(found) == limit else None
    headers = {} if following is None else linked(request, cursor=following)
    content = {"data": [plain_key(row) for row in found], "next": following}
    return answer(content, position=read.position, headers=headers)


@router.post(
    "/keys",
    operation_id="issueKey",
    dependencies=[takes(Permission.MANAGE_PEOPLE)],
    summary="Issue an API key",
    response_model=IssuedAnswer,
    status_code=201,
    responses=documented({201: "The key, shown this once."}, *_WRITING, headers=_TOLD, model=IssuedAnswer),
)
def post_key(body: KeyRequest, asked: Writing) -> Response:
    """For a program: `Authorization: Bearer dbk_…`. Nobody gives more than they have."""
    with asked.intended(body.reason) as intent:
        command = IssueKey(PeopleId(asked.client), body.name, body.roles, body.days, intent, body.locations)
        given = people.issue(asked.opened, command)
    content = {
        "key": given.id,
        "position": _position(given.changed),
        "command": intent.command,
        "secret": given.secret or None,
        "expires_at": given.changed.people.keys[given.id].expires_at,
    }
    return answer(content, position=_position(given.changed), status=201, headers=_again(given.changed))


@router.post(
    "/keys/{key}/revocation",
    operation_id="revokeKey",
    dependencies=[takes(Permission.MANAGE_PEOPLE)],
    summary="Revoke an API key",
    response_model=KeyAnswer,
    responses=documented({200: "It is good for nothing."}, *_WRITING, headers=_TOLD),
)
def post_revocation(
    key: KeyPath,
    body: ReasonRequest,
    asked: Writing,
) -> Response:
    """At once here, and within a second wherever else daybook runs."""
    with asked.intended(body.reason) as intent:
        changed = people.do(asked.opened, RevokeKey(PeopleId(asked.client), key, intent))
    content = {"key": key, "position": _position(changed), "command": intent.command}
    return answer(content, position=_position(changed), headers=_again(changed))


def _seen(opened: OpenHouse, who: Principal, login: str, if_match: str | None, intent: Intent) -> int | None:
    """The version of the user that the caller saw; of a command that is recorded already it no longer matters.

    Raises:
        NotPermitted: they may not even know that.
    """
    people.permit(opened, who)
    client = who.client

    def version() -> int:
        user = opened.reception.recognizer.people.newest(client).users.get(checked_login(login))
        return 0 if user is None else user.version

    return seen_of(opened, client, intent, if_match, version, "user")


def _invited(given: people.Given, login: str, intent: Intent, status: int) -> Response:
    user = given.changed.people.users[login]
    content = _content(given.changed, login, intent) | {
        "secret": given.secret or None,
        "expires_at": user.invitation.expires_at if user.invitation is not None else None,
    }
    return answer(content, position=_position(given.changed), status=status, headers=_again(given.changed))


def _told(changed: PeopleChanged, login: str, intent: Intent) -> Response:
    content = _content(changed, checked_login(login), intent)
    headers = versioned(content["version"]) | _again(changed)
    return answer(content, position=_position(changed), headers=headers)


def _content(changed: PeopleChanged, login: str, intent: Intent) -> dict[str, Any]:
    version = changed.people.users[login].version
    return {"login": login, "version": version, "position": _position(changed), "command": intent.command}


def _position(changed: PeopleChanged) -> int | None:
    return None if changed.receipt is None else changed.receipt.position


def _again(changed: PeopleChanged) -> dict[str, str]:
    return {"Idempotent-Replayed": "true"} if changed.again else {}
