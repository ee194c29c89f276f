"""The customer: whom daybook works for, and the clients (tenants) that belong to them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, assert_never

from domain.facts import ClientAdded, ClientRenamed, CustomerFact, CustomerRegistered
from domain.identifiers import plain
from domain.names import checked_name
from domain.refusals import Conflict, NotFound, Refusal

MOST_CLIENTS: Final = 1_000
"""Clients of one customer at most."""


class ClientExists(Conflict):
    """There is a client of that id already."""


class NoSuchClient(NotFound):
    """The customer has no client of that id."""


class TooManyClients(Refusal):
    """A customer has more clients than one can."""


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as of some moment.

    Attributes:
        version: how many facts it has: the version of its stream; 0 where there is none.
        name: what people call it.
        clients: name by id.
    """

    version: int = 0
    name: str = ""
    clients: Mapping[str, str] = field(default_factory=dict)


NEW_CUSTOMER: Final = Customer()


def fold(facts: Iterable[CustomerFact], customer: Customer = NEW_CUSTOMER) -> Customer:
    """The customer after these facts, in their order. Total: it accepts whatever was recorded, and guards nothing."""
    for fact in facts:
        customer = replace(_noted(customer, fact), version=customer.version + 1)
    return customer


def _noted(customer: Customer, fact: CustomerFact) -> Customer:
    match fact:
        case CustomerRegistered():
            return replace(customer, name=fact.name)
        case ClientAdded() | ClientRenamed():
            return replace(customer, clients={**customer.clients, fact.client: fact.name})
        case _:
            assert_never(fact)


def decide_add_client(customer: Customer, client: str, name: str, *, called: str) -> tuple[CustomerFact, ...]:
    """The facts that a client belongs to the customer, who is registered with the first one.

    Args:
        customer: as recorded.
        client: the new client's id.
        name: what people call it.
        called: what people call the customer, where nobody said so before.

    Raises:
        ClientExists, TooManyClients, BadIdentifier, BadName: what was given does not fit.
    """
    plain(client, "client")
    checked_name(name)
    if client in customer.clients:
        raise ClientExists(f"There is a client {client!r} already.")
    if len(customer.clients) >= MOST_CLIENTS:
        raise TooManyClients(f"A customer has {MOST_CLIENTS} clients at most.")
    registered = () if customer.version else (CustomerRegistered(checked_name(called)),)
    return (*registered, ClientAdded(client, name))


def decide_rename_client(customer: Customer, client: str, name: str) -> tuple[ClientRenamed, ...]:
    """The fact that a client is called otherwise; none where it is called so.

    Raises:
        NoSuchClient: the customer does not have it.
        BadName: the name cannot be one.
    """
    if client not in customer.clients:
        raise NoSuchClient(f"There is no client {client!r} of this customer.")
    return () if customer.clients[client] == checked_name(name) else (ClientRenamed(client, name),)
