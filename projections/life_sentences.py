"""The life of connections, and customers with their clients, in sentences for people."""

from collections.abc import Sequence
from typing import Final, assert_never

from domain.actors import name_of
from domain.facts import (
    AccessLost,
    AccessRegained,
    AdminChanged,
    ClientAdded,
    ClientRenamed,
    Company,
    ConnectionDisconnected,
    ConnectionDrafted,
    ConnectionEdited,
    ConnectionRenewed,
    ConnectionResumed,
    ConnectionSuspended,
    ConnectionTested,
    CredentialsRotated,
    CustomerFact,
    CustomerRegistered,
    LifeFact,
    LocationEdited,
    VisibilityChanged,
)

MOST_NAMED: Final = 8
"""Companies or locations that one sentence names."""

_TRIED: Final = {"draft": "the draft", "connection": "the connection", "edit": "the edit", "renewal": "the renewal"}


def life_sentence(fact: LifeFact | LocationEdited, who: str, why: str) -> str:  # noqa: C901, PLR0911, PLR0912 - one case a fact
    """What happened in the life of a connection, who did it and why."""
    match fact:
        case ConnectionDrafted():
            return f"{who} drafted {fact.name} ({fact.system}) at {fact.environment or 'no address'}{why}."
        case ConnectionTested():
            return _tested(fact, who, why)
        case ConnectionEdited():
            chosen = f" with {_companies(fact.companies)}" if fact.companies else ""
            return f"{who} edited the connection{why}: {fact.name} at {fact.environment or 'no address'}{chosen}."
        case VisibilityChanged():
            may = "let other users" if fact.visibility == "shared" else "let no other users"
            return f"{who} {may} edit the connection{why}."
        case CredentialsRotated():
            return f"{who} gave the connection the secret {fact.credential}, version {fact.version}{why}."
        case ConnectionRenewed():
            return f"{who} renewed the connection{why}: its grant is good until {fact.valid_until:%Y-%m-%d %H:%M} UTC."
        case ConnectionSuspended():
            return f"{who} suspended the connection{why}: nothing is polled until it is resumed."
        case ConnectionResumed():
            return f"{who} resumed the connection{why}."
        case ConnectionDisconnected():
            return f"{who} disconnected the system{why}: the connection is over, and its locations are free."
        case AdminChanged():
            admin = name_of(fact.admin) if fact.admin else "the operator"
            return f"{who} made {admin} the admin of the connection{why}."
        case AccessLost():
            return f"The source no longer shows {_lost(fact)} to the connection."
        case AccessRegained():
            return f"The source shows {_lost(fact)} to the connection again."
        case LocationEdited():
            number = f", number {fact.number}" if fact.number else ""
            hours = f"{fact.zone}, day from {fact.day_starts}"
            return f"{who} edited the location {fact.name} ({fact.location}){why}: {hours}{number}."
        case _:
            assert_never(fact)


def customer_sentence(fact: CustomerFact, who: str, why: str) -> str:
    """What happened to a customer or one of its clients, who did it and why."""
    match fact:
        case CustomerRegistered():
            return f"{who} registered the customer {fact.name}{why}."
        case ClientAdded():
            return f"{who} added the client {fact.name} ({fact.client}){why}."
        case ClientRenamed():
            return f"{who} renamed the client {fact.client} to {fact.name}{why}."
        case _:
            assert_never(fact)


def _tested(fact: ConnectionTested, who: str, why: str) -> str:
    begins = f"{who} tested {_TRIED[fact.of]}{why}"
    if not fact.passed:
        message = fact.message if fact.message.endswith((".", "!", "?")) else f"{fact.message}."
        return f"{begins}, which failed ({fact.failure}): {message}"
    if not fact.asked:
        return f"{begins}: address and secret have the right form; the system cannot be asked."
    seen = [_companies(fact.companies)] if fact.companies else []
    if fact.venues:
        seen.append(_named([venue.name or ", ".join(venue.source.values()) for venue in fact.venues]))
    return f"{begins}: the source shows {' and '.join(seen) or 'nothing by name'}."


def _lost(fact: AccessLost | AccessRegained) -> str:
    parts = [f"the company {_named(fact.companies)}"] if fact.companies else []
    if fact.locations:
        parts.append(f"the location {_named(fact.locations)}")
    return " and ".join(parts)


def _companies(companies: Sequence[Company]) -> str:
    return _named([company.name or company.organization for company in companies])


def _named(names: Sequence[str]) -> str:
    more = [f"{len(names) - MOST_NAMED} more"] if len(names) > MOST_NAMED else []
    return ", ".join([*names[:MOST_NAMED], *more])
