"""Clients: which were added to which customer."""

from typing import Any, Final

from sqlalchemy import select

from domain.facts import ClientAdded, ClientRenamed, CustomerRegistered
from domain.identifiers import customer_of
from projections.batches import Batch
from projections.tables import tenant
from projections.views.view import View
from projections.words import instant_text
from projections.writing import Writer, as_row

Fields = dict[str, Any]


def project(batch: Batch, writer: Writer) -> None:
    """Bring the table up to date: the facts of customers."""
    called: dict[str, str] = {}
    for entry in batch.entries:
        customer = customer_of(entry.stream)
        if customer is None:
            continue
        match entry.fact:
            case CustomerRegistered() as fact:
                called[customer.customer] = fact.name
            case ClientAdded() | ClientRenamed() as fact:
                known = _known(fact.client, writer)
                if known and known["customer"] != customer.customer:
                    continue  # another customer had it first
                name = called.get(customer.customer) or _called(customer.customer, writer)
                row = known or {"client": fact.client, "added_at": instant_text(entry.recorded_at)}
                row |= {"customer": customer.customer, "customer_name": name}
                row |= {"name": fact.name, "position": entry.position}
                writer.put(tenant, [as_row(tenant, row)])
            case _:
                pass


def _known(client: str, writer: Writer) -> Fields | None:
    found = writer.execute(select(tenant).where(tenant.c.client == client)).mappings().first()
    return dict(found) if found else None


def _called(customer: str, writer: Writer) -> str:
    asked = select(tenant.c.customer_name).where(tenant.c.customer == customer).limit(1)
    return str(writer.execute(asked).scalar() or "")


VIEW: Final = View("tenants", (tenant,), project)
