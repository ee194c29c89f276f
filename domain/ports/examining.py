"""Examining: asking a source who we are there and what we may see, before anything is connected to it.

A system that can be asked has a method ``examine``. What else it declares about itself is read here as well, with what
holds where it declares nothing, so that commands need not know which systems do.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol, cast, get_args, runtime_checkable

from domain.facts import Company, ConnectionRenewed, Venue
from domain.permissions import Permission
from domain.ports.source import SourceFailure, System
from domain.ports.vault import Vault

Kind = Literal["pos", "files", "hris", "erp"]
"""What a system is to a restaurant."""

MOST_SEEN: Final = 1_000
"""Companies, and venues, that a source may show at most."""

_KINDS: Final = frozenset(get_args(Kind))
_CONNECTING: Final[Mapping[Kind, Permission]] = {
    "pos": Permission.CONNECT_POS,
    "files": Permission.CONNECT_POS,
    "hris": Permission.CONNECT_ERP,
    "erp": Permission.CONNECT_ERP,
}


@dataclass(frozen=True, slots=True)
class Examination:
    """What a source says when it is asked who we are.

    Attributes:
        identity: who we are there, in the source's words; empty where it does not say. Only its fingerprint is kept.
        companies: those that we may see.
        venues: the places that we may see; none where the source does not list them.
        asked: the source was really asked; False where the system cannot be.
    """

    identity: str = ""
    companies: tuple[Company, ...] = ()
    venues: tuple[Venue, ...] = ()
    asked: bool = True


@runtime_checkable
class Examines(Protocol):
    """A system that can be asked."""

    def examine(self, environment: str, values: Mapping[str, Any], secret: str) -> Examination:
        """Ask the source.

        Args:
            environment: the base address.
            values: what was filled in of the system's form, without secrets.
            secret: in clear; kept in memory only.

        Raises:
            SourceFailure: it did not let us in, or did not answer properly; the message shows no secret.
            BadEndpoint: the address or the secret cannot be used; nothing was sent.
        """
        ...


def examine(system: System, environment: str, values: Mapping[str, Any], secret: str, vault: Vault) -> Examination:
    """Ask the source behind a system; of one that cannot be asked only the form of address and secret is checked.

    Raises:
        SourceFailure, BadEndpoint: see :class:`Examines`.
    """
    if isinstance(system, Examines):
        found = system.examine(environment, values, secret)
        if max(len(found.companies), len(found.venues)) > MOST_SEEN:
            raise SourceFailure("too-large", f"The source lists more than {MOST_SEEN} companies or venues.")
        return found
    if not system.pushes:
        system.connect(environment, secret, vault).close()
    return Examination(asked=False)


def kind_of(system: System) -> Kind:
    """What the system is to a restaurant."""
    declared = getattr(system, "kind", "")
    if declared in _KINDS:
        return cast("Kind", declared)
    return "files" if system.pushes else "pos"


def connecting(system: System) -> Permission:
    """What it takes to connect the system."""
    return _CONNECTING[kind_of(system)]


def renewed_until(system: System, now: dt.datetime) -> dt.datetime | None:
    """Until when a grant of today is good at the system; None where it does not end."""
    days = getattr(system, "renewal_days", None)
    return now + dt.timedelta(days=days) if isinstance(days, int) and days > 0 else None


def granted(system: System, now: dt.datetime) -> tuple[ConnectionRenewed, ...]:
    """The fact that a grant of today ends, where it does."""
    until = renewed_until(system, now)
    return () if until is None else (ConnectionRenewed(until),)


def secret_fields(system: System) -> frozenset[str]:
    """The fields of the system's form that are secrets: those that its JSON Schema marks as write-only."""
    form = getattr(system, "form", None)
    properties = form.get("properties", {}) if isinstance(form, Mapping) else {}
    return frozenset(
        name for name, field in properties.items() if isinstance(field, Mapping) and field.get("writeOnly") is True
    )
