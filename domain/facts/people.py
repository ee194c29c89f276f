"""What happens to the people of a client: users, their roles and sign-in, and API keys. Secrets are never here."""

import datetime as dt

import msgspec


class UserAdded(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody may work with the client's data from now on, as soon as they can sign in.

    Attributes:
        login: the name that they sign in with; their id, permanent.
        name: what people call them.
        roles: what they may do.
        locations: the only locations at which; None for all of the client's, later ones included.
    """

    login: str
    name: str
    roles: tuple[str, ...]
    locations: tuple[str, ...] | None = None


class UserChanged(msgspec.Struct, frozen=True, omit_defaults=True):
    """A user's name, roles or locations are others now: all of them, not only what changed.

    Attributes:
        login: who.
        name: what people call them.
        roles: what they may do.
        locations: the only locations at which; None for all.
    """

    login: str
    name: str
    roles: tuple[str, ...]
    locations: tuple[str, ...] | None = None


class UserDisabled(msgspec.Struct, frozen=True, omit_defaults=True):
    """A user can no longer sign in, and whatever sessions they had are over."""

    login: str


class UserEnabled(msgspec.Struct, frozen=True, omit_defaults=True):
    """A user who was disabled may sign in again."""

    login: str


class UserInvited(msgspec.Struct, frozen=True, omit_defaults=True):
    """A user was given a one-time secret with which they choose a password; an earlier one counts no more.

    Attributes:
        login: who.
        invitation: the id of the secret.
        expires_at: until when it may be used.
    """

    login: str
    invitation: str
    expires_at: dt.datetime


class PasswordSet(msgspec.Struct, frozen=True, omit_defaults=True):
    """A user chose a password; sessions that began before it are over.

    Attributes:
        login: who.
        password: the id under which its hash is kept.
        invitation: the one-time secret that was spent on it; empty where they changed their own.
    """

    login: str
    password: str
    invitation: str = ""


class IdentityLinked(msgspec.Struct, frozen=True, omit_defaults=True):
    """A user may sign in through an OpenID provider.

    Attributes:
        login: who.
        issuer: the provider.
        subject: who they are there, by the provider's own id.
    """

    login: str
    issuer: str
    subject: str


class IdentityUnlinked(msgspec.Struct, frozen=True, omit_defaults=True):
    """An identity at an OpenID provider no longer stands for a user; the user's sessions are over."""

    login: str
    issuer: str
    subject: str


class KeyIssued(msgspec.Struct, frozen=True, omit_defaults=True):
    """A program was given an API key. Of its secret only a digest is kept, and not here.

    Attributes:
        key: the public part, its id.
        name: what it is for.
        roles: what it may do.
        days: how long it was asked to be good for.
        expires_at: until when it is.
        issued_by: who issued it, ``user:anna``.
        locations: the only locations at which; None for all.
    """

    key: str
    name: str
    roles: tuple[str, ...]
    days: int
    expires_at: dt.datetime
    issued_by: str
    locations: tuple[str, ...] | None = None


class KeyRevoked(msgspec.Struct, frozen=True, omit_defaults=True):
    """An API key is good for nothing from now on."""

    key: str


UserFact = (
    UserAdded | UserChanged | UserDisabled | UserEnabled | UserInvited | PasswordSet | IdentityLinked | IdentityUnlinked
)
"""Facts about one user."""

KeyFact = KeyIssued | KeyRevoked
"""Facts about one API key."""

PeopleFact = UserFact | KeyFact
