"""The shapes of companies, of who has chosen them, and of the clients of customers."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CompanyRow:
    """A company, once, however many connections see it.

    Attributes:
        company: our id of it.
        organization: the source's own.
        connections: how many have chosen it and stand.
        position: of the newest fact about it.
    """

    client: str
    company: str
    system: str
    environment: str
    organization: str
    name: str
    connections: int
    position: int


@dataclass(frozen=True, slots=True)
class CompanyLinkRow:
    """A connection that has chosen a company.

    Attributes:
        standing: the connection is established and not over.
        lost: it no longer sees the company.
    """

    client: str
    company: str
    connection: str
    organization: str
    name: str
    standing: bool
    lost: bool
    position: int


@dataclass(frozen=True, slots=True)
class TenantRow:
    """A client that was added to a customer."""

    client: str
    customer: str
    name: str
    customer_name: str
    added_at: dt.datetime | None
    position: int
