"""The Tray adapter: their calls (client), their JSON (wire), their words in ours (reading), and one door."""

from adapters.pos.tray.patience import Timing
from adapters.pos.tray.system import SYSTEM, TraySource, TraySystem

__all__ = ["SYSTEM", "Timing", "TraySource", "TraySystem"]
