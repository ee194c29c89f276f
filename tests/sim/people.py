"""What people do to days in a world: they enter, delete, confirm, decide conflicts and apply replays."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from domain.business_day import BusinessDay
from domain.commands.add_punch import AddPunch, add_punch
from domain.commands.confirm_closed import ConfirmClosed, confirm_closed
from domain.commands.delete_day import DeleteDay, delete_day
from domain.commands.edit_punch import EditPunch, edit_punch
from domain.commands.enter_comment import EnterComment, enter_comment
from domain.commands.enter_deposit import EnterDeposit, enter_deposit
from domain.commands.enter_tag import EnterTag, enter_tag
from domain.commands.intent import Intent
from domain.commands.loading import load_connection, load_day
from domain.commands.replay_day import ApplyReplay, ReplayDay, apply_replay, replay_day
from domain.commands.resolve_conflict import ResolveConflict, resolve_conflict
from domain.commands.strike_punch import StrikePunch, strike_punch
from domain.commands.withdraw_entry import WithdrawEntry, withdraw_entry
from domain.due import Rules
from domain.identifiers import DayId
from domain.overlays import PunchFields
from domain.ports.journal import JournalUnavailable, Receipt
from domain.records import Punch, decode
from domain.refusals import Refusal
from projections.catching_up import catch_up
from projections.due import due
from tests.sim.commanding import Run, command, polling
from tests.sim.world import World, without_faults

MOST_DONE: Final = 3
"""What a worker polls in one go."""

Ask = Callable[[World, Intent], Receipt | None]


def _allowed(ask: Ask, name: str) -> Run:
    """The command, which may be refused: then nothing is recorded."""

    def run(world: World, intent: Intent) -> Receipt | None:
        try:
            receipt = ask(world, intent)
        except JournalUnavailable:
            raise
        except Refusal as refusal:
            world.note = refusal.code
            return None
        world.count(name)
        return receipt

    return run


def _punch(world: World, day: DayId) -> str:
    known = load_day(world.store, day)
    return world.rng.choice(sorted(known.merged.get("punch", {})) or ["none"])


def edit(world: World) -> str:
    """A manager edits, adds or strikes out a punch."""
    day, rng = world.a_day(), world.rng
    known = load_day(world.store, day)
    key = _punch(world, day)
    data = known.merged.get("punch", {}).get(key)
    punch = decode("punch", data) if data is not None else None
    if not isinstance(punch, Punch):
        return f"{day.location} {day.date} has no punch"
    kind = rng.choice(("edit", "edit", "edit", "add", "strike"))
    out = punch.clock_in + dt.timedelta(minutes=rng.randint(30, 700))
    fields = PunchFields(clock_out=out, rate=Decimal(rng.randint(900, 2500)) / 100 if rng.random() < 0.3 else None)
    added = PunchFields(clock_in=punch.clock_in, clock_out=out, job=punch.job, rate=punch.rate)

    def ask(world: World, intent: Intent) -> Receipt | None:
        on = world.connection
        if kind == "strike":
            return strike_punch(StrikePunch(day=day, intent=intent, punch=key), world.house).receipt
        if kind == "add":
            asked = AddPunch(day=day, intent=intent, connection=on, employee=punch.employee, fields=added)
            return add_punch(asked, world.house).receipt
        edited = EditPunch(day=day, intent=intent, connection=on, punch=key, fields=fields)
        return edit_punch(edited, world.house).receipt

    return command(world, f"{kind} {key} of {day.location} {day.date}", _allowed(ask, f"punch {kind}"), day)


def enter(world: World) -> str:
    """A manager enters a deposit, a comment or a tag."""
    day, rng = world.a_day(), world.rng
    kind, amount = rng.choice(("deposit", "comment", "tag")), rng.randint(0, 50_000)

    def ask(world: World, intent: Intent) -> Receipt | None:
        if kind == "deposit":
            asked = EnterDeposit(day=day, intent=intent, connection=world.connection, amount_cents=amount)
            return enter_deposit(asked, world.house).receipt
        if kind == "comment":
            return enter_comment(EnterComment(day=day, intent=intent, text=f"note {amount}"), world.house).receipt
        return enter_tag(EnterTag(day=day, intent=intent, tag=f"tag {amount % 5}"), world.house).receipt

    return command(world, f"{kind} on {day.location} {day.date}", _allowed(ask, f"entered {kind}"), day)


def withdraw(world: World) -> str:
    """A manager takes back what was entered."""
    day = world.a_day()
    places = sorted(load_day(world.store, day).overlays)
    if not places:
        return f"nothing is entered on {day.location} {day.date}"
    kind, key = world.rng.choice(places)

    def ask(world: World, intent: Intent) -> Receipt | None:
        return withdraw_entry(WithdrawEntry(day=day, intent=intent, kind=kind, key=key), world.house).receipt

    return command(world, f"withdraw {kind} {key}", _allowed(ask, "withdrawn"), day)


def resolve(world: World) -> str:
    """A manager decides an open conflict."""
    day = _where(world, lambda known: bool(known.conflicts))
    if day is None:
        return "no conflict is open"
    kind, key = world.rng.choice(sorted(load_day(world.store, day).conflicts))
    side = world.rng.choice(("ours", "theirs", "both"))

    def ask(world: World, intent: Intent) -> Receipt | None:
        asked = ResolveConflict(day=day, intent=intent, kind=kind, key=key, side=side)  # type: ignore[arg-type]
        return resolve_conflict(asked, world.house).receipt

    return command(world, f"resolve {kind} {key}: {side}", _allowed(ask, "resolved"), day)


def _where(world: World, fits: Callable[[BusinessDay], bool]) -> DayId | None:
    days = [day for day in sorted(world.expected) if fits(load_day(world.store, day))]
    return world.rng.choice(days) if days else None


def delete(world: World) -> str:
    """Somebody deletes the summary of a day."""
    day = world.a_day()

    def ask(world: World, intent: Intent) -> Receipt | None:
        receipt = delete_day(DeleteDay(day, world.connection, intent), world.house).receipt
        if receipt is not None:
            world.model(day).state = "missing"
        return receipt

    return command(world, f"delete {day.location} {day.date}", _allowed(ask, "deleted"), day)


def confirm(world: World) -> str:
    """Somebody confirms that the place was closed."""
    day = world.a_day()

    def ask(world: World, intent: Intent) -> Receipt | None:
        return confirm_closed(ConfirmClosed(day, intent), world.house).receipt

    return command(world, f"confirm {day.location} {day.date} closed", _allowed(ask, "confirmed closed"), day)


def apply(world: World) -> str:
    """Somebody applies a replay under another version of the odd location's configuration; again it changes nothing."""
    day = world.a_day("odd")
    known = load_day(world.store, day)
    versions = sorted(load_connection(world.store, world.connection).configurations)
    if not known.generation or known.deleted:
        return f"{day.location} {day.date} is missing"
    replay = ReplayDay(day, world.connection, world.rng.choice(versions))

    def ask(world: World, intent: Intent) -> Receipt | None:
        applied = apply_replay(ApplyReplay(replay, intent), world.house)
        if not applied.again:
            again = replay_day(replay, without_faults(world))
            assert not again.changes, f"what was applied to {day} differs still: {again.changes[:3]}"
        world.count(f"replay {applied.outcome}")
        return applied.receipt

    return command(world, f"apply {replay.configuration} to {day.date}", _allowed(ask, "replays applied"), day)


def work(world: World) -> str:
    """A worker asks what is due, and polls some of it."""
    if world.views is None:
        return "nobody reads views"
    catch_up(world.views, world.store)
    found = due(world.views, world.client, world.clock.now(), Rules(), pushing=())
    done: list[str] = []
    for item in found:
        if item.is_due(world.clock.now()) and len(done) < MOST_DONE:
            day = DayId(world.client, item.location, item.date)
            done.append(command(world, f"due {day.location} {day.date}", polling(day), day))
    world.count("worked off", len(done))
    return f"{len(done)} were due"
