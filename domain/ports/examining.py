"""Examining: asking a source who we are there and what we may see, before anything is connected to it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from domain import forms
from domain.facts import Company, ConnectionRenewed, Venue
from domain.forms import filled_of
from domain.permissions import Permission
from domain.ports.house import House
from domain.ports.source import Limits, SourceFailure, System
from domain.ports.systems import Kind, permission_for

MOST_SEEN: Final = 1_000
"""Companies, and venues, that a source may show at most."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What a source says when it is asked who we are.

    Attributes:
        identity: who we are there: the organizations that the credentials open. Only its fingerprint is kept.
        companies: those that we may see.
        venues: the places that we may see; none where the source does not list them.
        asked: the source was really asked; False where there is nobody to ask.
    """

    identity: str = ""
    companies: tuple[Company, ...] = ()
    venues: tuple[Venue, ...] = ()
    asked: bool = True


def examine(
    system: System, environment: str, values: Mapping[str, Any], secret: str, house: House, limits: Limits
) -> Examination:
    """Ask the source behind a system; one that brings its days itself has nobody to ask.

    Args:
        system: of the catalogue.
        environment: the base address.
        values: what was filled in of the system's form, without secrets.
        secret: in clear; kept in memory only.
        house: knows what the operator supplies.
        limits: bounds of the call.

    Raises:
        SourceFailure: it did not let us in, or did not answer properly; the message shows no secret.
        BadEndpoint: the address or the secret cannot be used; nothing was sent.
    """
    if system.pushes:
        return Examination(asked=False)
    found = system.examine(
        house.completed(system.key, filled_of(system.profile.form, environment, values, secret)), limits
    )
    venues = tuple(
        Venue(dict(place.source), place.name, company.organization)
        for company in found.companies
        for place in company.places
    )
    # A source that tells places and no companies puts them under one without an id.
    companies = tuple(Company(one.organization, one.name) for one in found.companies if one.organization)
    if max(len(companies), len(venues)) > MOST_SEEN:
        raise SourceFailure("too-large", f"The source lists more than {MOST_SEEN} companies or venues.")
    return Examination("\n".join(sorted(company.organization for company in companies)), companies, venues)


def kind_of(system: System) -> Kind:
    """What the system is to a restaurant."""
    return system.profile.kind


def connecting(system: System) -> Permission:
    """What it takes to connect the system."""
    return permission_for(kind_of(system))


def renewed_until(system: System, now: dt.datetime) -> dt.datetime | None:
    """Until when a grant of today is good at the system; None where it does not end."""
    days = system.profile.renewal_days
    return None if days is None else now + dt.timedelta(days=days)


def granted(system: System, now: dt.datetime) -> tuple[ConnectionRenewed, ...]:
    """The fact that a grant of today ends, where it does."""
    until = renewed_until(system, now)
    return () if until is None else (ConnectionRenewed(until),)


def secret_fields(system: System) -> frozenset[str]:
    """The fields of the system's form that are secrets."""
    return forms.secret_fields(system.profile.form)
