"""The shapes of requests and answers about people: users, sessions, API keys."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.access.passwords import LONGEST, SHORTEST
from api.days import LONGEST_REASON
from api.http.models import Instant, Shape
from domain.people import LONGEST_NAME, MOST_DAYS
from domain.people.naming import MOST_LOCATIONS
from domain.permissions import Permission, Role

_REASON = Field(min_length=1, max_length=LONGEST_REASON, description="Kept with what is recorded.")
_Login = Annotated[str, Field(max_length=64, description="The name that somebody signs in with.", examples=["berta"])]
_Roles = Annotated[list[str], Field(max_length=20, description="Roles, by name.", examples=[["manager"]])]
_Places = Annotated[
    list[str], Field(max_length=MOST_LOCATIONS, description="The only locations at which.", examples=[["pier"]])
]
_Locations = Annotated[list[str] | None, Field(description="The only locations at which; null for all.")]
_Client = Annotated[str | None, Field(max_length=64, description="Whose data; without it that of `DAYBOOK_CLIENT`.")]
_NewPassword = Annotated[str, Field(max_length=1000, description=f"{SHORTEST} to {LONGEST} characters.")]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class SignInRequest(_Asked):
    """A login and its password."""

    login: _Login
    password: str = Field(max_length=1000)
    client: _Client = None


class Me(Shape):
    """Who asks, and what they may do."""

    actor: str = Field(description="As facts record it.", examples=["user:berta", "key:0123456789abcdef"])
    client: str
    how: Literal["open", "operator", "password", "key", "oidc"] = Field(description="How they were recognized.")
    roles: list[Role]
    permissions: list[Permission]
    locations: _Locations
    expires_at: Instant | None = Field(description="When the session ends; null where there is none.")


class OwnPasswordRequest(_Asked):
    """One's present password, and the one to come."""

    current: str = Field(max_length=1000)
    password: _NewPassword


class PasswordRequest(_Asked):
    """A one-time secret, and the password that is chosen with it."""

    secret: str = Field(max_length=200, description="The one-time secret, `dbo_…`.")
    password: _NewPassword


class PasswordAnswer(Shape):
    """Who can sign in now."""

    client: str
    login: str


class Identity(Shape):
    """Who somebody is at an OpenID provider."""

    issuer: str
    subject: str


class User(Shape):
    """A user of the client."""

    login: str
    name: str
    roles: list[str]
    locations: _Locations
    enabled: bool
    with_password: bool = Field(description="They have chosen a password.")
    invited_until: Instant | None = Field(description="Until when a one-time secret stands; null where none does.")
    identities: list[Identity] = Field(description="At OpenID providers, that stand for them.")
    added_at: Instant
    added_by: str
    changed_at: Instant
    changed_by: str
    version: int = Field(description="The ETag: what If-Match names.")
    position: int


class Users(Shape):
    """A page of the client's users."""

    data: list[User]
    next: str | None = Field(description="The cursor of the next page.")


class UserRequest(_Asked):
    """Somebody who is to work with the client's data."""

    login: _Login
    roles: _Roles
    name: str = Field(default="", max_length=LONGEST_NAME, description="What people call them.")
    locations: _Places | None = Field(default=None, description="The only locations at which; without it all.")
    reason: str = _REASON


class UserPatch(_Asked):
    """What is to be another for a user. What is not given stays as it is."""

    name: str | None = Field(default=None, max_length=LONGEST_NAME)
    roles: _Roles | None = Field(default=None, description="All of them.")
    locations: _Places | None = Field(default=None, description="All of them.")
    everywhere: bool = Field(default=False, description="At all locations from now on.")
    reason: str = _REASON


class UserStateRequest(_Asked):
    """Whether a user may sign in."""

    state: Literal["enabled", "disabled"]
    with_keys: bool = Field(default=False, description="On disabling: revoke the API keys that they issued, too.")
    reason: str = _REASON


class ReasonRequest(_Asked):
    """Why."""

    reason: str = _REASON


class IdentityRequest(_Asked):
    """Who a user is at an OpenID provider."""

    subject: str = Field(max_length=255, description="Their id there, the token's `sub`.")
    issuer: str | None = Field(
        default=None, max_length=255, description="The provider; without it that of `DAYBOOK_OIDC_ISSUER`."
    )
    linked: bool = Field(default=True, description="False takes the link back.")
    reason: str = _REASON


class UserAnswer(Shape):
    """What came of it."""

    login: str
    version: int = Field(description="The user's, now.")
    position: int | None = Field(description="Read with `min_position` at least this to see it; null: it was so.")
    command: str


class InvitedAnswer(UserAnswer):
    """A user with a one-time secret."""

    secret: str | None = Field(description="For the user alone; shown this once. null where it was shown before.")
    expires_at: Instant | None


class ApiKey(Shape):
    """An API key; of its secret nothing is known."""

    key: str = Field(description="Its id, the public part.")
    name: str
    roles: list[str]
    locations: _Locations
    issued_at: Instant
    issued_by: str
    expires_at: Instant
    revoked_at: Instant | None
    revoked_by: str
    position: int


class ApiKeys(Shape):
    """A page of the client's API keys."""

    data: list[ApiKey]
    next: str | None = Field(description="The cursor of the next page.")


class KeyRequest(_Asked):
    """A program that is to have a key."""

    name: str = Field(max_length=LONGEST_NAME, description="What it is for.", examples=["nightly report"])
    roles: _Roles
    days: int = Field(default=90, description=f"How long it is good for: 1 to {MOST_DAYS}.")
    locations: _Places | None = Field(default=None, description="The only locations at which; without it all.")
    reason: str = _REASON


class KeyAnswer(Shape):
    """What came of it."""

    key: str = Field(description="Its id.")
    position: int | None = Field(description="Read with `min_position` at least this to see it; null: it was so.")
    command: str


class IssuedAnswer(KeyAnswer):
    """A new API key."""

    secret: str | None = Field(description="All of the key, `dbk_…`; shown this once. null where it was shown before.")
    expires_at: Instant
