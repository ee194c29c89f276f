"""Which faults a world may meet, and arming some of them."""

from typing import Any, Final

from adapters.pos.tray.simulator.faults import CATALOGUE
from tests.sim.network import REFUSALS
from tests.sim.world import World

_PARAMETERS: Final[dict[str, dict[str, Any]]] = {
    "huge_page": {"bytes": 2 * 2**20},
    "gzip_bomb": {"bytes": 4 * 2**20},
    "double_gzip": {"bytes": 2**16},
    "zip_bomb": {"bytes": 16 * 2**20},
    "zip_lying_size": {"bytes": 2**20},
    "zip_many_entries": {"count": 300},
    "silence": {"seconds": 90},
    "stall": {"seconds": 90},
    "slow_drip": {"seconds": 3, "interval": 0.5},
}
"""Small bombs do: the limits of the simulation are small as well."""

JOURNAL: Final = ("away", "lost", "killed_before", "killed_after")

EVERY: Final = (
    *sorted(CATALOGUE),
    *sorted(REFUSALS),
    *[f"journal_{name}" for name in JOURNAL],
    "captures_killed_before",
    "captures_killed_after",
)
"""Every kind of fault that can come, by the name under which it is counted."""

TRAPS: Final = frozenset(name for name, fault in CATALOGUE.items() if fault.trap is not None)
"""Those that change the POS's data while it is being read."""

SHIFTING: Final = (
    *sorted(TRAPS),
    "duplicate_page",
    "duplicate_row",
    "missing_page",
    "out_of_order",
    "repeated_cursor",
    "empty_page_with_next",
    "endless_cursors",
    "nested_list_cut",
)
"""A source that changes between two of its pages, or pages wrongly."""


def arm(world: World) -> str:
    """Arm one fault for the coming calls; answers its name."""
    rng = world.rng
    if not world.among:
        return "nothing"
    name = rng.choice(world.among)
    if name in CATALOGUE:
        world.pos.arm(
            name, times=rng.choice((1, 1, 2, 5)), after=rng.randrange(12), parameters=_PARAMETERS.get(name, {})
        )
    elif name in REFUSALS:
        world.network.armed += [name] * rng.choice((1, 1, 2))
    elif name.startswith("captures"):
        world.captures.die = name.rpartition("_")[2]
    else:
        world.journal.next, world.journal.skip = name.removeprefix("journal_"), rng.randrange(3)
    return name


def fired(world: World) -> dict[str, int]:
    """How often each fault came so far."""
    found = dict(world.network.fired)
    for more in (world.journal.fired, world.captures.fired):
        found.update(more)
    for request in world.pos.requests:
        for name in request["faults"]:
            found[name] = found.get(name, 0) + 1
    return found
