"""Everything that can go wrong with this POS; importing the package fills the catalogue."""

from adapters.pos.tray.simulator.faults import encodings, paging, payloads, scopes, statuses, transport, traps
from adapters.pos.tray.simulator.faults.registry import CATALOGUE

__all__ = ["CATALOGUE", "encodings", "paging", "payloads", "scopes", "statuses", "transport", "traps"]
