"""A simulated Sage Intacct: companies' books behind the XML gateway, with faults that can be armed."""

from adapters.erp.sage_intacct.simulator.books import Books, BooksSettings, Line
from adapters.erp.sage_intacct.simulator.faults import FAULTS
from adapters.erp.sage_intacct.simulator.gateway import SimulatedGateway
from adapters.erp.sage_intacct.simulator.opening import opening_books
from adapters.erp.sage_intacct.simulator.serving import PATH, Running, running

__all__ = [
    "FAULTS",
    "PATH",
    "Books",
    "BooksSettings",
    "Line",
    "Running",
    "SimulatedGateway",
    "opening_books",
    "running",
]
