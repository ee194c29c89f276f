"""What each fact of a connection makes of its row, and of the locations that it feeds."""

from typing import Any, Final

import msgspec

from domain.facts import (
    AccessLost,
    AccessRegained,
    AdminChanged,
    Company,
    ConfigurationChanged,
    ConnectionDisconnected,
    ConnectionDrafted,
    ConnectionEdited,
    ConnectionEstablished,
    ConnectionRenewed,
    ConnectionResumed,
    ConnectionSuspended,
    ConnectionTested,
    CredentialsRotated,
    Entry,
    LocationAdded,
    LocationEdited,
    VisibilityChanged,
)
from projections.words import instant_text, json_text

Fields = dict[str, Any]

NOTHING: Final[Fields] = {
    "system": "",
    "name": "",
    "environment": "",
    "credential": "",
    "credential_version": 0,
    "configuration": 0,
    "options_json": "{}",
    "overrides_json": "{}",
    "established_at": "",
    "stage": "new",
    "revision": 0,
    "maker": "",
    "admin": "",
    "visibility": "private",
    "values_json": "{}",
    "companies_json": "{}",
    "lost_json": json_text({"companies": [], "locations": []}),
    "drafted_at": "",
    "tested_at": "",
    "test_json": "null",
    "valid_until": "",
    "suspended_at": "",
    "reason": "",
    "disconnected_at": "",
}
"""A connection of which nothing is recorded."""


def noted(fields: Fields, entry: Entry) -> None:  # noqa: C901, PLR0912 - one case a fact
    """Bring a connection's row from one fact to the next."""
    at = instant_text(entry.recorded_at)
    match entry.fact:
        case ConnectionDrafted() as fact:
            fields |= {**_described(fact), "stage": "draft", "maker": fact.maker, "visibility": fact.visibility}
            fields |= _secret(fact.credential, 1 if fact.credential else 0)
            fields["drafted_at"] = at
        case ConnectionEstablished() as fact:
            fields |= {**_described(fact), "stage": "established", "admin": fact.admin, "visibility": fact.visibility}
            fields |= {**_secret(fact.credential, fact.credential_version), "companies_json": _named(fact.companies)}
            fields |= {"maker": fields["maker"] or fact.maker, "established_at": at}
        case ConnectionEdited() as fact:
            fields |= {"name": fact.name, "environment": fact.environment, "values_json": json_text(fact.values)}
            fields["companies_json"] = _named(fact.companies)
            _lose(fields, (), ())
        case ConnectionTested() as fact:
            told = msgspec.to_builtins(msgspec.structs.replace(fact, companies=(), venues=()))
            fields |= {"tested_at": at, "test_json": json_text(told)}
        case ConfigurationChanged() as fact:
            fields["configuration"] = fact.version
            fields |= {"options_json": json_text(fact.options), "overrides_json": json_text(fact.overrides)}
        case CredentialsRotated() as fact:
            fields |= _secret(fact.credential, fact.version)
        case VisibilityChanged() as fact:
            fields["visibility"] = fact.visibility
        case AdminChanged() as fact:
            fields["admin"] = fact.admin
        case ConnectionRenewed() as fact:
            fields["valid_until"] = instant_text(fact.valid_until)
        case ConnectionSuspended() as fact:
            fields |= {"stage": "suspended", "suspended_at": at, "reason": fact.reason}
        case ConnectionResumed():
            fields |= {"stage": "established", "suspended_at": "", "reason": ""}
        case ConnectionDisconnected():
            fields |= {"stage": "disconnected", "disconnected_at": at, "suspended_at": "", "reason": ""}
        case AccessLost() as fact:
            _lose(fields, fact.companies, fact.locations)
        case AccessRegained() as fact:
            _lose(fields, (), (), regained=fact)
        case _:
            pass  # locations have rows of their own


def fed(feeders: dict[str, Fields], fields: Fields, entry: Entry) -> None:
    """Bring the rows of the locations that a connection feeds from one fact to the next."""
    match entry.fact:
        case LocationAdded() as fact:
            feeders[fact.location] = {
                "client": fields["client"],
                "location": fact.location,
                "connection": fields["connection"],
                "system": fields["system"],
                "name": fact.name,
                "number": fact.number,
                "zone": fact.zone,
                "day_starts": fact.day_starts,
                "source_json": json_text(fact.source),
                "over": False,
                "purpose": fact.purpose,
                "added": entry.position,
                "position": entry.position,
            }
        case LocationEdited() as fact if fact.location in feeders:
            feeders[fact.location] |= {
                "name": fact.name,
                "number": fact.number,
                "zone": fact.zone,
                "day_starts": fact.day_starts,
                "position": entry.position,
            }
        case ConnectionDisconnected():
            for row in feeders.values():
                row |= {"over": True, "position": entry.position}
        case _:
            pass


def _described(fact: ConnectionDrafted | ConnectionEstablished) -> Fields:
    return {
        "system": fact.system,
        "name": fact.name,
        "environment": fact.environment,
        "values_json": json_text(fact.values),
    }


def _secret(credential: str, version: int) -> Fields:
    return {"credential": credential, "credential_version": version}


def _named(companies: tuple[Company, ...]) -> str:
    return json_text({company.organization: company.name for company in companies})


def _lose(
    fields: Fields, companies: tuple[str, ...], locations: tuple[str, ...], *, regained: AccessRegained | None = None
) -> None:
    """What is lost after a fact: of companies only those that are chosen still."""
    known = msgspec.json.decode(fields["lost_json"])
    back = regained or AccessRegained()
    chosen = msgspec.json.decode(fields["companies_json"])
    gone = ({*known["companies"], *companies} - {*back.companies}) & chosen.keys()
    places = {*known["locations"], *locations} - {*back.locations}
    fields["lost_json"] = json_text({"companies": sorted(gone), "locations": sorted(places)})
