"""Giving commands in a world whose database loses answers and whose process dies."""

from collections.abc import Callable
from typing import Final

from domain.business_day import IN_PROGRESS, MISSING
from domain.commands.intent import Intent
from domain.commands.loading import load_day
from domain.commands.poll_day import DayNotOver, PollDay, poll_day
from domain.identifiers import DayId
from domain.ports.journal import JournalUnavailable, Receipt
from tests.sim import checks
from tests.sim.house import Killed
from tests.sim.moments import watching
from tests.sim.world import Pending, World, outcome_words

UNSTABLE: Final = frozenset({"changed-while-reading", "duplicate-rows", "repeated-cursor", "nested-list-cut"})
"""Failures of a poll whose source changed while it was read, or paged wrongly: nothing of it counts."""

Run = Callable[[World, Intent], Receipt | None]
"""Gives the command, and answers where it is recorded; None where nothing is."""


def command(world: World, words: str, run: Run, day: DayId | None = None, known: Pending | None = None) -> str:
    """Give a command; one whose answer is lost, or whose process dies, stays pending with its id."""
    intent = world.intent(words, known.command if known else "")
    pending = known or Pending(run, intent.command, words, day)
    world.note = "done"
    if pending.day and not known:
        world.model(pending.day).doubtful += 1
    try:
        receipt = run(world, intent)
    except JournalUnavailable:
        world.pending.append(pending)
        return f"{words}: unknown"
    except Killed:
        world.pending.append(pending)
        world.network.armed.clear()
        world.count("kills")
        return f"{words}: killed"
    world.acknowledge(intent.command, receipt)
    if pending.day:
        model = world.model(pending.day)
        model.doubtful -= 1
        if known:
            # What is answered now took effect then, and others may have come since: the model learns where it stands.
            stands = load_day(world.store, pending.day)
            model.state, model.attempts = stands.state, stands.attempts
    return f"{words}: {world.note}"


def polling(day: DayId) -> Run:
    """Poll a day, and hold what is recorded against the POS."""

    def run(world: World, intent: Intent) -> Receipt | None:
        recorded = world.store.receipt(world.client, intent.command)
        world.count("polls")
        with watching(world, day) as watch:
            try:
                outcome = poll_day(PollDay(day, world.connection, intent), world.house)
            except DayNotOver:  # the location's options say that it begins later
                world.count("polls of a day not over")
                return None
        world.note = f"{outcome_words(outcome)} {outcome.generation}"
        world.count(f"poll {outcome.outcome}")
        model = world.model(day)
        model.attempts += 1
        if outcome.failure is None and model.state == MISSING:
            model.state = IN_PROGRESS
        if outcome.failure is not None:
            world.count("polls of an unstable source" if outcome.failure.failure in UNSTABLE else "polls that failed")
        elif recorded:
            world.count("polls that were recorded before")
        else:  # else the answer is of then, and the POS may be another now
            world.count("polls stored")
            checks.of_one_moment(world, day, watch)
        checks.show(world, day)
        return outcome.receipt

    return run
