"""Everything that can go wrong with this POS; importing the package fills the catalogue."""

from adapters.pos.tray.simulator.faults import archives, encodings, paging, payloads, scopes, statuses, transport, traps
from adapters.pos.tray.simulator.faults.registry import CATALOGUE

__all__ = ["CATALOGUE", "archives", "encodings", "paging", "payloads", "scopes", "statuses", "transport", "traps"]
