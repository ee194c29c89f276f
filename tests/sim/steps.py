"""What happens in a world: one step at a time, drawn by its seed."""

from collections.abc import Callable
from typing import Any, Final

from adapters.pos.tray.simulator import Edits
from domain.business_day import APPROVED, COMPLETED
from domain.commands.configure_connection import ConfigureConnection, configure_connection
from domain.commands.intent import Intent
from domain.commands.loading import load_day
from domain.commands.replay_day import ReplayDay, replay_day
from domain.commands.settle_day import SettleDay, State, settle_day
from domain.ports.journal import Receipt
from domain.settling import NotInThatState
from projections.catching_up import catch_up
from tests.sim import checks, people
from tests.sim.commanding import command, polling
from tests.sim.faults import arm
from tests.sim.house import Killed
from tests.sim.world import LOCATIONS, World, without_faults

Step = Callable[[World], str]
"""Does one thing; answers what, in a few words."""

_OPTIONS: Final[dict[str, tuple[Any, ...]]] = {
    "use_item_level_taxes": (True, False),
    "use_consolidate_api": (True, False),
    "vsd_for_actual": (True, False),
    "open_time": (True, False),
    "allow_24_hour_punches": (True, False),
    "trim_service_type_name": (True, False),
    "specify_business_day_start_time": ("", "04:00", "02:30"),
    "number_of_lookback_days": (0, 3),
    "disable_deposits_import": (True, False),
    "has_mpf_tax": (True, False),
    "use_sales_item_level_tax": (True, False),
    "include_inactive_employees": (True, False),
}

_EDITS: Final = (
    "tickets",
    "voids",
    "tips",
    "tickets_added",
    "tickets_removed",
    "punches",
    "punches_added",
    "punches_removed",
    "staff_added",
    "staff_changed",
    "staff_left",
    "deposits_added",
)


def time_passes(world: World) -> str:
    """A while, or the night."""
    hours = world.rng.choice((0.05, 0.3, 2, 9, 14))
    world.clock.sleep(hours * 3600)
    return f"it is {world.clock.now():%m-%d %H:%M}"


def source_is_edited(world: World) -> str:
    """Somebody changes a day at the POS."""
    day = world.a_day()
    rng = world.rng
    chosen = {kind: rng.randint(1, 2) for kind in rng.sample(_EDITS, rng.randint(1, 3))}
    done = world.pos.edit(Edits(venue=LOCATIONS[day.location], business_date=day.date, **chosen))  # type: ignore[arg-type]
    return f"{day.location} {day.date} edited at the POS: {len(done['changes'])}"


def poll(world: World) -> str:
    """Somebody polls a day."""
    day = world.a_day()
    return command(world, f"poll {day.location} {day.date}", polling(day), day)


def retry(world: World) -> str:
    """Somebody whose answer was lost asks again, with the same id."""
    if not world.pending:
        return "nothing is pending"
    pending = world.pending.pop(world.rng.randrange(len(world.pending)))
    world.count("retries")
    return command(world, pending.words, pending.run, known=pending)


def settle(world: World) -> str:
    """Somebody completes, approves or reopens a day."""
    day = world.a_day()
    now = load_day(world.store, day).settled
    state: State = "completed" if not now else "approved" if now == COMPLETED else "in progress"
    if now == APPROVED and world.rng.random() < 0.5:
        return f"{day.location} {day.date} stays approved"

    def run(world: World, intent: Intent) -> Receipt | None:
        try:
            settled = settle_day(SettleDay(day, state, intent), world.house)
        except (NotInThatState, LookupError):
            return None
        world.count(f"day {state}")
        world.model(day).state = state
        return settled.receipt

    if not load_day(world.store, day).generation:
        return f"{day.location} {day.date} was never read"
    return command(world, f"settle {day.location} {day.date} as {state}", run, day)


def configure(world: World) -> str:
    """Somebody changes the polling options of the odd location."""
    chosen = {name: world.rng.choice(_OPTIONS[name]) for name in world.rng.sample(sorted(_OPTIONS), 3)}

    def run(world: World, intent: Intent) -> Receipt | None:
        asked = ConfigureConnection(world.connection, intent, location="odd", put=chosen)
        receipt = configure_connection(asked, world.house).change.receipt
        world.count("configured")
        return receipt

    return command(world, f"configure odd {sorted(chosen.items())}", run)


def replay(world: World) -> str:
    """Somebody derives a day again, as it was recorded: nothing differs, and nothing is written."""
    day = world.a_day()
    known = load_day(world.store, day)
    if not known.generation or known.deleted or known.late_changes:
        return f"{day.location} {day.date} was never read, or is held back"
    before = world.store.head()
    result = replay_day(ReplayDay(day, world.connection), without_faults(world))
    assert world.store.head() == before, "a replay wrote something"
    assert not result.changes, f"the replay of {day} as recorded differs: {result.changes[:3]}"
    world.count("replays")
    return f"replay {day.location} {day.date}: the same"


def look_back(world: World) -> str:
    """Somebody asks what was shown at some moment."""
    return f"{checks.recall(world)} moments are as they were"


def catch_up_views(world: World) -> str:
    """The views catch up, in pieces of some size; now and then their process dies between two of them."""
    if world.views is None:
        return "nobody reads views"
    dies_after = world.rng.choice((0, 1, 1000, 1000))
    batches = 0

    def progress(_reached: int, _goal: int) -> None:
        nonlocal batches
        batches += 1
        if batches > dies_after:
            raise Killed

    try:
        position = catch_up(world.views, world.store, progress=progress, limit=world.rng.randint(1, 12))
    except Killed:
        return "the views died"
    return f"the views are at {position}"


def fault(world: World) -> str:
    """Something is about to go wrong; what was about to before may be forgotten."""
    if world.rng.random() < 0.3:
        world.disarm()
    return f"armed: {arm(world)}"


STEPS: Final[dict[Step, int]] = {
    people.edit: 6,
    people.enter: 4,
    people.withdraw: 2,
    people.resolve: 3,
    people.delete: 3,
    people.confirm: 1,
    people.apply: 3,
    people.work: 4,
    time_passes: 12,
    source_is_edited: 14,
    poll: 34,
    retry: 8,
    settle: 8,
    configure: 3,
    replay: 5,
    look_back: 4,
    catch_up_views: 6,
    fault: 14,
}
"""How often each comes, out of their sum."""


def take(world: World) -> None:
    """One step, and what must hold after each."""
    names = list(STEPS)
    (step,) = world.rng.choices(names, list(STEPS.values()))
    world.count(f"step {step.__name__}")
    world.trace.append(f"{len(world.trace)} {step.__name__}")
    world.trace[-1] = f"{len(world.trace) - 1} {step(world)}"
    checks.after_a_step(world)
