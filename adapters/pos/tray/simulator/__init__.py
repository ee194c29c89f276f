"""A simulated Tray POS: seeded venues, their business days, edits and faults, served over HTTP as the contract says."""

from adapters.pos.tray.simulator.edits import Edits
from adapters.pos.tray.simulator.pos import TrayPos
from adapters.pos.tray.simulator.running import Running, running
from adapters.pos.tray.simulator.server import create_app
from adapters.pos.tray.simulator.settings import TrayPosSettings, Venue, some_venues

__all__ = ["Edits", "Running", "TrayPos", "TrayPosSettings", "Venue", "create_app", "running", "some_venues"]
