"""A simulated 24SevenOffice: tokens, ledgers and registers of organizations, with faults, served over HTTP."""

from adapters.erp.office_24seven.simulator.books import Books, Organization, Refused
from adapters.erp.office_24seven.simulator.faults import CATALOGUE, Board
from adapters.erp.office_24seven.simulator.opening import opening_vendor
from adapters.erp.office_24seven.simulator.server import Running, running
from adapters.erp.office_24seven.simulator.vendor import Vendor

__all__ = ["CATALOGUE", "Board", "Books", "Organization", "Refused", "Running", "Vendor", "opening_vendor", "running"]
