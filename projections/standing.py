"""Queries on what stands: companies, who has chosen them, grants that end, and the clients of customers."""

import datetime as dt
from collections.abc import Collection
from typing import Final

from sqlalchemy import Engine, select

from projections import tables
from projections.asking import MOST_ROWS, rows_of, shaped
from projections.rows import ConnectionRow
from projections.standing_rows import CompanyLinkRow, CompanyRow, TenantRow
from projections.walls import reading
from projections.words import instant_text

_STANDING: Final = ("established", "suspended")


def companies(engine: Engine, client: str, *, after: str = "", limit: int = MOST_ROWS) -> list[CompanyRow]:
    """The client's companies by our id, past the id ``after``."""
    columns = tables.company.c
    asked = select(tables.company).where(columns.client == client, columns.company > after)
    return rows_of(engine, client, asked.order_by(columns.company), CompanyRow, limit)


def company_links(engine: Engine, client: str, companies: Collection[str]) -> list[CompanyLinkRow]:
    """The connections that have chosen companies, by company and connection; the first 500."""
    columns = tables.company_connection.c
    asked = select(tables.company_connection).where(columns.client == client, columns.company.in_(companies))
    return rows_of(engine, client, asked.order_by(columns.company, columns.connection), CompanyLinkRow, MOST_ROWS)


def ending(engine: Engine, client: str, until: dt.datetime, *, limit: int = MOST_ROWS) -> list[ConnectionRow]:
    """Connections whose grants end before a moment, or have ended; what ends first in front."""
    columns = tables.connection.c
    asked = select(tables.connection).where(
        columns.client == client,
        columns.valid_until != "",
        columns.valid_until < instant_text(until),
        columns.stage.in_(_STANDING),
    )
    return rows_of(engine, client, asked.order_by(columns.valid_until, columns.connection), ConnectionRow, limit)


def feeds(engine: Engine, client: str, connections: Collection[str]) -> dict[str, set[str]]:
    """The locations that connections feed or fed, by connection; those without any are left out."""
    columns = tables.feeder.c
    asked = select(columns.connection, columns.location).where(
        columns.client == client, columns.connection.in_(connections)
    )
    found: dict[str, set[str]] = {}
    with reading(engine, client) as connection:
        for name, location in connection.execute(asked):
            found.setdefault(name, set()).add(location)
    return found


def find_tenant(engine: Engine, client: str) -> TenantRow | None:
    """A client that was added to a customer, or None."""
    found = rows_of(engine, client, select(tables.tenant).where(tables.tenant.c.client == client), TenantRow, 1)
    return found[0] if found else None


def tenants(engine: Engine, *, customer: str | None = None, after: str = "", limit: int = MOST_ROWS) -> list[TenantRow]:
    """Clients by id, past the id ``after``: of one customer, or all."""
    columns = tables.tenant.c
    asked = select(tables.tenant).where(columns.client > after)
    if customer is not None:
        asked = asked.where(columns.customer == customer)
    # The owner: no one client's question.
    return shaped(engine.connect(), asked.order_by(columns.client), TenantRow, limit)
