"""Companies: one at a source is one here, however many connections see it and whoever made them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from domain.connection.state import Connection

_ID_DIGITS: Final = 16
_FINGERPRINT_DIGITS: Final = 12


def company_id(system: str, environment: str, organization: str) -> str:
    """Our id of a company: the same for the same system, address and organization, and for no other.

    Not the login and not the connection count, and neither does how the address is written.
    """
    named = "\0".join([system, plain_address(environment), organization])
    return hashlib.sha256(named.encode()).hexdigest()[:_ID_DIGITS]


def organization_of(connection: Connection, location: str) -> str:
    """The source's id of the company that a location belongs to, as far as its newest test said; else empty."""
    place, test = connection.at(location), connection.life.test
    told = [venue.organization for venue in (test.venues if test else ()) if venue.source == dict(place.source)]
    chosen = list(connection.life.companies)
    # Where the source says nothing of its venues, one company is that of all of them.
    return next(iter(told), "") or (chosen[0] if len(chosen) == 1 else "")


def plain_address(environment: str) -> str:
    """An address in the one form that it is compared in: scheme and host in small letters, no slash at its end."""
    text = environment.strip().rstrip("/")
    try:
        parts = urlsplit(text)
    except ValueError:
        return text
    return parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower()).geturl()


def fingerprint(identity: str) -> str:
    """The fingerprint of who a source says we are, 12 hex digits; empty for nobody."""
    return hashlib.sha256(identity.encode()).hexdigest()[:_FINGERPRINT_DIGITS] if identity else ""


@dataclass(frozen=True, slots=True)
class KnownCompany:
    """A company that other connections have chosen already.

    Attributes:
        company: our id of it.
        organization: the source's.
        name: what it is called.
        connections: those that have it, by id.
    """

    company: str
    organization: str
    name: str
    connections: tuple[str, ...]


def known_companies(
    existing: Mapping[str, Connection], system: str, environment: str, named: Mapping[str, str]
) -> tuple[KnownCompany, ...]:
    """Which of these companies others have already: they are the same companies, and are told of, not doubled.

    Args:
        existing: the client's other connections, by id.
        system: of the connection that sees them.
        environment: its address.
        named: name by the source's id.
    """
    address = plain_address(environment)
    alike = {
        name: known
        for name, known in sorted(existing.items())
        if known.life.standing and (known.system, plain_address(known.environment)) == (system, address)
    }
    found = []
    for organization, name in sorted(named.items()):
        having = _having(alike, organization)
        if having:
            found.append(KnownCompany(company_id(system, environment, organization), organization, name, having))
    return tuple(found)


def _having(connections: Mapping[str, Connection], organization: str) -> tuple[str, ...]:
    return tuple(name for name, known in connections.items() if organization in known.life.companies)
