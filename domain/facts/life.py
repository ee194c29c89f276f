"""What happens in the life of a connection: drafted, tested, established, edited, shared, renewed, ended."""

import datetime as dt
from typing import Any, Literal

import msgspec

Visibility = Literal["private", "shared"]
"""``private`` to who made it and its admin, or ``shared``: *other users may edit* it."""

TestOf = Literal["draft", "connection", "edit", "renewal"]
"""What was tried: a draft, a connection as it is, or what somebody wants to change about one."""


class Company(msgspec.Struct, frozen=True, omit_defaults=True):
    """A company at a source.

    Attributes:
        organization: the source's own id of it.
        name: what it is called there.
    """

    organization: str
    name: str = ""


class Venue(msgspec.Struct, frozen=True, omit_defaults=True):
    """A place at a source, which can be one of our locations.

    Attributes:
        source: the source's own ids, as a location has them: for Tray ``{"venue": "V100"}``.
        name: what it is called there.
        organization: the company that it belongs to, where the source says so.
    """

    source: dict[str, str]
    name: str = ""
    organization: str = ""


class ConnectionDrafted(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody began to connect a system. Secrets are in the vault, never here.

    Attributes:
        system: the system's key in the catalogue.
        name: what people call the connection.
        maker: who made it.
        environment: the base address of the source.
        values: what was filled in of the system's form, without secrets.
        credential: the fingerprint of the secret; empty where there is none.
        secret: the name under which the vault has it.
        visibility: who else may edit it.
    """

    system: str
    name: str
    maker: str
    environment: str = ""
    values: dict[str, Any] = {}
    credential: str = ""
    secret: str = ""
    visibility: Visibility = "private"


class ConnectionTested(msgspec.Struct, frozen=True, omit_defaults=True):
    """The source was asked who we are there, and what we may see. A failed test is kept with its reason.

    Attributes:
        of: what was tried.
        passed: the source let us in.
        credential_version: of the secret that was tried.
        environment: the base address that was tried.
        identity: the fingerprint of who the source says we are; empty where it does not say.
        companies: those that are visible with this secret.
        venues: places that are visible with it.
        asked: the source was really asked; else the system cannot be, and address and secret have the right form.
        failure: the kind of failure, or empty.
        message: a sentence for a person, without secrets.
    """

    of: TestOf
    passed: bool
    credential_version: int
    environment: str = ""
    identity: str = ""
    companies: tuple[Company, ...] = ()
    venues: tuple[Venue, ...] = ()
    asked: bool = True
    failure: str = ""
    message: str = ""


class ConnectionEdited(msgspec.Struct, frozen=True, omit_defaults=True):
    """Name, address, form values or chosen companies are these from now on; all of them, not only what changed."""

    name: str
    environment: str = ""
    values: dict[str, Any] = {}
    companies: tuple[Company, ...] = ()


class VisibilityChanged(msgspec.Struct, frozen=True, omit_defaults=True):
    """Other users may edit the connection from now on, or may no longer."""

    visibility: Visibility


class CredentialsRotated(msgspec.Struct, frozen=True, omit_defaults=True):
    """Another secret is in use from now on.

    Attributes:
        credential: its fingerprint.
        version: counts rotations; the first secret is 1.
        secret: the name under which the vault has it.
    """

    credential: str
    version: int
    secret: str


class ConnectionRenewed(msgspec.Struct, frozen=True, omit_defaults=True):
    """The source's grant is good until then, and has to be renewed before."""

    valid_until: dt.datetime


class ConnectionSuspended(msgspec.Struct, frozen=True, omit_defaults=True):
    """Nothing is polled until it is resumed, and nothing is due meanwhile; the reason is told whoever tries."""

    reason: str = ""


class ConnectionResumed(msgspec.Struct, frozen=True, omit_defaults=True):
    """It is polled again: what was missed meanwhile is due."""


class ConnectionDisconnected(msgspec.Struct, frozen=True, omit_defaults=True):
    """It is over for good: nothing is due, its history stays, and its locations are free for another connection."""


class AdminChanged(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody else is responsible for the connection from now on; empty: the operator."""

    admin: str


class AccessLost(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was chosen is no longer visible with the secret in use: its data stays, and polls of it stop.

    Attributes:
        companies: the source's ids of chosen companies.
        locations: our ids of locations.
    """

    companies: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()


class AccessRegained(msgspec.Struct, frozen=True, omit_defaults=True):
    """What had been lost is visible again.

    Attributes:
        companies: the source's ids of chosen companies.
        locations: our ids of locations.
    """

    companies: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()


class LocationEdited(msgspec.Struct, frozen=True, omit_defaults=True):
    """A location is described so from now on; recorded days keep their hours until they are polled again.

    Attributes:
        location: our id.
        name: what people call it.
        zone: IANA zone.
        day_starts: ``HH:MM`` wall-clock time.
        number: the location's number in the books, where it has one.
    """

    location: str
    name: str
    zone: str
    day_starts: str = "00:00"
    number: str = ""


LifeFact = (
    ConnectionDrafted
    | ConnectionTested
    | ConnectionEdited
    | VisibilityChanged
    | CredentialsRotated
    | ConnectionRenewed
    | ConnectionSuspended
    | ConnectionResumed
    | ConnectionDisconnected
    | AdminChanged
    | AccessLost
    | AccessRegained
)
