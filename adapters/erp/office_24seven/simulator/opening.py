"""A simulated vendor in whose books daybook's entries can be posted as they are."""

from adapters.erp.office_24seven.simulator.vendor import Vendor
from domain.accounts.defaults import DEFAULT_ACCOUNTS


def opening_vendor() -> Vendor:
    """One organization with the accounts that daybook's books begin with, so that nobody need enter them there."""
    vendor = Vendor()
    for books in vendor.books.values():
        named = {int(number): f"Account {number}" for number in DEFAULT_ACCOUNTS.values()}
        books.accounts = {**named, **books.accounts}
    return vendor
