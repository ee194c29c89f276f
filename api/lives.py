"""What every way in shows of the life of connections: where one stands, who may edit it, what a test found."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from api.composition import OpenHouse
from api.connections import all_connections, all_locations
from api.refusals import TestFailed
from api.rows import plain_row
from domain.commands.changing import Changed
from domain.commands.replacing import Replaced
from domain.commands.stewarding import permission_for
from domain.commands.try_connection import Tried
from domain.connection.companies import KnownCompany, company_id
from domain.connection.standing import may_edit, unfit
from domain.due.renewing import renewal
from domain.facts import ConnectionTested
from domain.permissions import Rights
from projections import standing
from projections.asking import Among
from projections.due import renewals
from projections.rows import ConnectionRow
from projections.standing_rows import CompanyLinkRow, CompanyRow, TenantRow

_STANDING: Final = frozenset({"established", "suspended"})
_OF_WHO_MAY_EDIT: Final = frozenset({"companies", "values", "lost"})
"""What only those see who may edit the connection."""


def actor_of(user: str) -> str:
    """A user as facts record them: who writes ``anna`` means ``user:anna``; empty is the operator."""
    return user if not user or ":" in user else f"user:{user}"


def plain_connections(
    opened: OpenHouse, client: str, rows: Sequence[ConnectionRow], actor: str, rights: Rights
) -> list[dict[str, Any]]:
    """Connections as somebody may see them: companies, form values and lost access only where they may edit."""
    fed = standing.feeds(opened.engine, client, [row.connection for row in rows]) if rows else {}
    troubles = _admin_troubles(opened, client, rows)
    now, days = opened.house.clock.now(), opened.settings.renewal_days
    found = []
    for row in rows:
        permission = permission_for(opened.house, row.system)
        editable = may_edit(row, fed.get(row.connection, ()), permission, actor, rights)
        ends = renewal(row.connection, row.name, row.valid_until, now, days) if row.stage in _STANDING else None
        found.append(
            {
                **plain_row(row, without=_OF_WHO_MAY_EDIT),
                "editable": editable and row.stage != "disconnected",
                "values": row.values if editable else None,
                "companies": _companies(row) if editable else None,
                "lost_locations": row.lost["locations"] if editable else None,
                "renewal": ends.sentence if ends else "",
                "admin_trouble": troubles.get(row.connection, ""),
            }
        )
    return found


def _companies(row: ConnectionRow) -> list[dict[str, Any]]:
    return [
        {
            "company": company_id(row.system, row.environment, organization),
            "organization": organization,
            "name": name,
            "lost": organization in row.lost["companies"],
        }
        for organization, name in sorted(row.companies.items())
    ]


def _admin_troubles(opened: OpenHouse, client: str, rows: Iterable[ConnectionRow]) -> dict[str, str]:
    """Why admins cannot be what they are any more, by connection."""
    named = [row for row in rows if row.admin and row.stage in _STANDING]
    if not named:
        return {}
    users: Mapping[str, Rights] = opened.house.people.users(client)
    places = locations_of_client(opened, client)
    return {row.connection: unfit(row.admin, users, permission_for(opened.house, row.system), places) for row in named}


def locations_of_client(opened: OpenHouse, client: str) -> frozenset[str]:
    """Every location of the client, by id."""
    return frozenset(row.location for row in all_locations(opened, client))


def plain_test(tried: Tried) -> dict[str, Any]:
    """What a test found."""
    tested = tried.tested
    return {
        "passed": tested.passed,
        "asked": tested.asked,
        "identity": tested.identity,
        "credential_version": tested.credential_version,
        "failure": tested.failure,
        "message": tested.message,
        **plain_seen(tested),
        "known": plain_known(tried.known),
        **_access(tried.change),
    }


def plain_seen(tested: ConnectionTested) -> dict[str, Any]:
    """What the source showed."""
    return {
        "companies": [{"organization": company.organization, "name": company.name} for company in tested.companies],
        "venues": [
            {"source": dict(venue.source), "name": venue.name, "organization": venue.organization}
            for venue in tested.venues
        ],
    }


def _access(changed: Changed) -> dict[str, Any]:
    """What is no longer visible, and what is again."""
    before, after = changed.before.life, changed.after.life
    return {
        "lost": {
            "companies": sorted(after.lost_companies - before.lost_companies),
            "locations": sorted(after.lost_locations - before.lost_locations),
        },
        "regained": {
            "companies": sorted((before.lost_companies - after.lost_companies) & after.companies.keys()),
            "locations": sorted(before.lost_locations - after.lost_locations),
        },
    }


def plain_known(known: Iterable[KnownCompany]) -> list[dict[str, Any]]:
    """Companies that other connections have already."""
    return [
        {
            "company": company.company,
            "organization": company.organization,
            "name": company.name,
            "connections": list(company.connections),
        }
        for company in known
    ]


def plain_change(connection: str, changed: Changed) -> dict[str, Any]:
    """Where a connection stands after a change; without a place in the log where nothing was recorded."""
    receipt, after = changed.receipt, changed.after
    return {
        "connection": connection,
        "stage": after.life.stage,
        "revision": after.life.revision,
        "changed": receipt is not None,
        "credential": after.credential,
        "credential_version": after.life.credential_version,
        "valid_until": after.life.valid_until,
        "position": None if receipt is None else receipt.position,
        "recorded_at": None if receipt is None else receipt.recorded_at,
    }


def check_taken(replaced: Replaced) -> Replaced:
    """Go on, if the source took what was to be put in place.

    Raises:
        TestFailed: it did not; that is recorded, and what was in use is in use.
    """
    refused: ConnectionTested | None = replaced.refused
    if refused is not None:
        raise TestFailed(
            f"The source did not take it ({refused.failure}): {refused.message.rstrip('.')}. What was in use stays in "
            "use."
        )
    return replaced


def plain_companies(
    rows: Iterable[CompanyRow], links: Iterable[CompanyLinkRow], seen: frozenset[str]
) -> list[dict[str, Any]]:
    """Companies with the connections that have chosen them, of those that may be seen."""
    having: dict[str, list[dict[str, Any]]] = {}
    for link in links:
        if link.connection in seen:
            told = {"connection": link.connection, "standing": link.standing, "lost": link.lost}
            having.setdefault(link.company, []).append(told)
    return [
        {**plain_row(row, without=frozenset({"connections"})), "connections": having[row.company]}
        for row in rows
        if row.company in having
    ]


def plain_tenant(row: TenantRow) -> dict[str, Any]:
    """A client of a customer."""
    return {
        "client": row.client,
        "name": row.name,
        "customer": row.customer,
        "customer_name": row.customer_name,
        "added_at": row.added_at,
    }


def plain_renewals(opened: OpenHouse, client: str, now: dt.datetime, among: Among = None) -> list[dict[str, Any]]:
    """Connections whose grants end soon, or have ended; of some locations those that feed one of them."""
    ending = renewals(opened.engine, client, now, opened.settings.renewal_days)
    shown = {one.connection for one in ending}
    if among is not None and ending:
        shown = {row.connection for row in all_connections(opened, client, among)}
    return [
        {
            "connection": one.connection,
            "name": one.name,
            "valid_until": one.valid_until,
            "ended": one.ended,
            "reason": one.sentence,
        }
        for one in ending
        if one.connection in shown
    ]
