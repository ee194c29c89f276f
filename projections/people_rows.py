"""Rows of the views of people."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A user of a client.

    Attributes:
        locations: the only ones at which they may act; None for all.
        with_password: they have chosen one.
        invited_until: until when a one-time secret stands; None where none does.
        identities: issuer and subject of each at OpenID providers.
        version: what a command on them expects.
        position: of the newest fact about them.
    """

    client: str
    login: str
    name: str
    roles: list[str]
    locations: list[str] | None
    enabled: bool
    with_password: bool
    invited_until: dt.datetime | None
    identities: list[list[str]]
    added_at: dt.datetime | None
    added_by: str
    changed_at: dt.datetime | None
    changed_by: str
    version: int
    position: int


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody whose data was restricted, held or destroyed; never the data.

    Attributes:
        version: of the person's stream.
        restricted_at: since when nothing opens any more, or None; with who and why.
        due: the first day on which the data may be destroyed, as it was then, or None.
        held_at: since when a legal hold keeps the data, or None; with who and why.
        shredded_at: when the data was destroyed, or None.
    """

    client: str
    location: str
    employee: str
    connection: str
    version: int
    restricted_at: dt.datetime | None
    restricted_by: str
    restricted_because: str
    due: dt.date | None
    held_at: dt.datetime | None
    held_by: str
    held_because: str
    shredded_at: dt.datetime | None
    shredded_by: str
    position: int


@dataclass(frozen=True, slots=True)
class ApiKeyRow:
    """An API key of a client; of its secret nothing is known here.

    Attributes:
        locations: the only ones at which it may; None for all.
        revoked_at: None unless it is revoked.
        position: of the newest fact about it.
    """

    client: str
    key: str
    name: str
    roles: list[str]
    locations: list[str] | None
    issued_at: dt.datetime | None
    issued_by: str
    expires_at: dt.datetime | None
    revoked_at: dt.datetime | None
    revoked_by: str
    position: int


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """Somebody read personal data, or looked for somebody by it.

    Attributes:
        place: of several that one search found, from 0.
        location: where the person is employed; empty where a search found nobody, as the next two are.
        way: ``field``, ``export`` or ``search``.
        fields: that were read, or searched by.
    """

    client: str
    position: int
    place: int
    location: str
    employee: str
    connection: str
    way: str
    fields: list[str]
    actor: str
    reason: str
    recorded_at: dt.datetime
    command: str
