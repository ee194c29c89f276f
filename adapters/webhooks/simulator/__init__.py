"""A simulated receiver of webhooks: it checks signatures, remembers what it was told, and has faults, over HTTP."""

from adapters.webhooks.simulator.faults import CATALOGUE, Board
from adapters.webhooks.simulator.receiver import SECRET, Forged, Receiver, Told, Verify, checking
from adapters.webhooks.simulator.server import Running, running

__all__ = ["CATALOGUE", "SECRET", "Board", "Forged", "Receiver", "Running", "Told", "Verify", "checking", "running"]
