"""What happens to a customer: whom daybook works for, and the clients (tenants) that belong to them."""

import msgspec


class CustomerRegistered(msgspec.Struct, frozen=True, omit_defaults=True):
    """A customer is known from now on."""

    name: str


class ClientAdded(msgspec.Struct, frozen=True, omit_defaults=True):
    """A client belongs to this customer from now on.

    Attributes:
        client: its id: the one that commands, the API and every stream name.
        name: what people call it.
    """

    client: str
    name: str


class ClientRenamed(msgspec.Struct, frozen=True, omit_defaults=True):
    """A client is called otherwise from now on; its id stays.

    Attributes:
        client: its id.
        name: what people call it.
    """

    client: str
    name: str


CustomerFact = CustomerRegistered | ClientAdded | ClientRenamed
