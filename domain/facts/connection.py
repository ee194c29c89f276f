"""What happens to a connection."""

from typing import Any, Literal

import msgspec

from domain.facts.attempts import Attempt
from domain.facts.life import Company, Visibility
from domain.facts.values import Change


class ConnectionEstablished(msgspec.Struct, frozen=True, omit_defaults=True):
    """A connection to an outside system was made. Secrets are in the vault, never here.

    Attributes:
        system: the system's key in the catalogue, for example ``tray``.
        name: what people call the connection.
        environment: the base address of the source.
        credential: the fingerprint of the secret in use.
        credential_version: counts rotations, from 1.
        secret: the name under which the vault has the secret.
        values: what was filled in of the system's form, without secrets.
        companies: those that were chosen.
        admin: who is responsible for it; empty: the operator.
        visibility: who else may edit it.
        maker: who made it; empty where that was not recorded.
    """

    system: str
    name: str
    environment: str
    credential: str
    credential_version: int = 1
    secret: str = ""
    values: dict[str, Any] = {}
    companies: tuple[Company, ...] = ()
    admin: str = ""
    visibility: Visibility = "private"
    maker: str = ""


Purpose = Literal["days", "objects"]
"""What a connection has a location for: it feeds its days, or is told of what becomes of them."""


class LocationAdded(msgspec.Struct, frozen=True, omit_defaults=True):
    """A location is fed by this connection from now on, or told of over it.

    Attributes:
        location: our id.
        name: what people call it.
        zone: IANA zone.
        day_starts: ``HH:MM`` wall-clock time.
        source: the system's own ids, for Tray ``{"venue": "V100"}``.
        number: the location's number in the books, where it has one.
        purpose: ``days`` where the connection feeds them.
    """

    location: str
    name: str
    zone: str
    source: dict[str, str]
    day_starts: str = "00:00"
    number: str = ""
    purpose: Purpose = "days"


class ConfigurationChanged(msgspec.Struct, frozen=True, omit_defaults=True):
    """The polling configuration has a new version; recorded days do not change by it.

    Attributes:
        version: from 1.
        options: options by name that differ from the system's defaults.
        overrides: options by location, over those.
    """

    version: int
    options: dict[str, Any] = {}
    overrides: dict[str, dict[str, Any]] = {}


class RosterChanged(msgspec.Struct, frozen=True, omit_defaults=True):
    """Employees or jobs of a location changed at the source, each before and after (at most 250 a fact).

    Attributes:
        location: our id.
        changes: of the kinds ``employee`` and ``job``.
        capture: the digest of the answer that says so.
    """

    location: str
    changes: tuple[Change, ...]
    capture: str = ""


class FilesRead(msgspec.Struct, frozen=True, omit_defaults=True):
    """Import files without a business date were read: reference data, or a session that was refused as a whole.

    What changed by it follows as :class:`RosterChanged` in the same commit.

    Attributes:
        location: our id.
        attempt: how they were read.
        capture: the digest of what they say; empty where they were refused.
        added: records of reference data.
        changed: records of reference data.
        failure: the kind of failure, or empty.
        message: a sentence for a person where they were refused.
    """

    location: str
    attempt: Attempt
    capture: str = ""
    added: int = 0
    changed: int = 0
    failure: str = ""
    message: str = ""
