"""A simulated Sage Intacct: companies' books behind the XML gateway, with faults that can be armed."""

from adapters.erp.sage_intacct.simulator.books import Books, BooksSettings, Line
from adapters.erp.sage_intacct.simulator.gateway import SimulatedGateway
from adapters.erp.sage_intacct.simulator.serving import Running, running, serve

__all__ = ["Books", "BooksSettings", "Line", "Running", "SimulatedGateway", "running", "serve"]
