"""What every way in does with the clients of customers: whose a client is, and whether an id is free."""

from api.composition import OpenHouse
from domain.customer import ClientExists, NoSuchClient
from domain.identifiers import CustomerId, plain
from projections import standing


def customer_of_client(opened: OpenHouse, client: str) -> CustomerId:
    """The customer to whom a client belongs.

    Raises:
        NoSuchClient: it was added to none.
    """
    found = standing.find_tenant(opened.engine, client)
    if found is None:
        raise NoSuchClient(f"The client {client!r} was added to no customer yet: `daybook add-client` does.")
    return CustomerId(found.customer)


def check_free(opened: OpenHouse, client: str, customer: CustomerId) -> None:
    """Go on, if a client's id is nobody else's.

    Raises:
        ClientExists: another customer has a client of that id.
        BadIdentifier: it cannot be one.
    """
    found = standing.find_tenant(opened.engine, plain(client, "client"))
    if found is not None and found.customer != customer.customer:
        raise ClientExists(f"There is a client {client!r} already.")
