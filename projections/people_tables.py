"""Tables of people: users and API keys, whose data is to be forgotten, and who read what of it."""

from typing import Final

from sqlalchemy import Column, Index

from projections.columns import WORD, count, flag, key, place, table, text, whole

member: Final = table(
    "member",
    key("client"),
    key("login"),
    text("name"),
    text("roles_json"),
    text("locations_json"),  # null for all of the client's
    flag("enabled"),
    flag("with_password"),
    text("invited_until"),  # until when a one-time secret stands; empty where none does
    text("identities_json"),  # issuer and subject of each
    text("added_at"),
    text("added_by"),
    text("changed_at"),  # the newest change of any kind
    text("changed_by"),
    count("version"),  # of the stream, with the newest fact about them
    whole("position"),
)
"""Users of each client."""

api_key: Final = table(
    "api_key",
    key("client"),
    key("key"),
    text("name"),
    text("roles_json"),
    text("locations_json"),  # null for all of the client's
    text("issued_at"),
    text("issued_by"),
    text("expires_at"),
    text("revoked_at"),  # empty unless it is revoked
    text("revoked_by"),
    whole("position"),
)
"""API keys of each client, those that stand no more too."""
person: Final = table(
    "person",
    key("client"),
    key("location"),
    key("employee"),
    key("connection"),
    count("version"),  # of the person's stream
    text("restricted_at"),  # empty unless nothing opens any more
    text("restricted_by"),
    text("restricted_because"),
    text("due"),  # the first day on which the data may be destroyed, as it was then
    text("held_at"),  # empty unless a legal hold keeps the data
    text("held_by"),
    text("held_because"),
    text("shredded_at"),  # empty until the data is destroyed
    text("shredded_by"),
    whole("position"),
)
"""People whose data somebody restricted, held or destroyed; never the data."""

reading: Final = table(
    "reading",
    key("client"),
    place("position"),
    place("place"),  # one for each that a search found, from 0
    Column("location", WORD, nullable=False),  # empty where a search found nobody
    Column("employee", WORD, nullable=False),
    text("connection"),
    text("way"),  # `field`, `export` or `search`
    text("fields_json"),
    text("actor"),
    text("reason"),
    text("recorded_at"),
    text("command"),
    Index("reading_by_employee", "client", "location", "employee", "position"),
)
"""Who read what of whose personal data."""
