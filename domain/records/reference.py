"""Reference data beside people and jobs: menu items, tenders, taxes and house accounts of a location."""

from decimal import Decimal

import msgspec

HOUSE_ACCOUNT_PERSONAL_FIELDS = (
    "name",
    "first_name",
    "last_name",
    "address",
    "phone",
    "email",
    "city",
    "state",
    "postal_code",
)
"""Fields of :class:`HouseAccount` that are sealed before they enter any fact, capture or view."""


class MenuItem(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """An item of the menu, or a modifier. Key: :attr:`number`.

    Attributes:
        number: the number that sales details refer to.
        name: its name.
        category: the category it is assigned to, or empty.
        plu: the price look-up code.
        sku: the stock keeping unit.
        cost: of one, as the source states it.
        listed: the newest list of the source still has it.
    """

    number: str
    name: str
    category: str = ""
    plu: str = ""
    sku: str = ""
    cost: Decimal | None = None
    listed: bool = True

    @property
    def key(self) -> str:
        """The record's key."""
        return self.number


class Tender(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A way to pay. Key: :attr:`number`.

    Attributes:
        number: the number that payments refer to; ``01`` is not ``1``.
        name: its name.
        type: for example ``cash`` or ``non-cash``, as the source says it.
        listed: the newest list of the source still has it.
    """

    number: str
    name: str
    type: str = ""
    listed: bool = True

    @property
    def key(self) -> str:
        """The record's key."""
        return self.number


class TaxDefinition(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A tax. Key: :attr:`number`.

    Attributes:
        number: the number or code that tax details refer to.
        name: its name.
        rate: as the source states it; shown, never used to compute an amount.
        rate_type: ``percentage``, ``fixed`` or empty.
        inclusive: it is inside the prices.
        listed: the newest list of the source still has it.
    """

    number: str
    name: str
    rate: Decimal | None = None
    rate_type: str = ""
    inclusive: bool = False
    listed: bool = True

    @property
    def key(self) -> str:
        """The record's key."""
        return self.number


class HouseAccount(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A customer who pays later. Key: :attr:`number`.

    Attributes:
        number: the account's number.
        name: its name, which may be a person's: sealed, as all that follow are.
        person: the name of the key in the vault that seals them.
        listed: the newest list of the source still has it.
    """

    number: str
    name: str
    person: str = ""
    first_name: str = ""
    last_name: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    listed: bool = True

    @property
    def key(self) -> str:
        """The record's key."""
        return self.number
