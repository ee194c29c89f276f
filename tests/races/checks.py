"""What must hold after a race: nothing lost, nothing twice, and one order that explains every answer."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

from domain.business_day import BusinessDay, decide_poll, fold, with_conflicts
from domain.business_day.day import NEW_DAY
from domain.commands.changing_day import DayChanged
from domain.commands.loading import load_connection, load_day
from domain.commands.recording import Outcome, outcome_of, read_capture
from domain.commands.settle_day import Settled
from domain.facts import DayDeleted, DayPolled, Entry, PollUnchanged
from domain.facts.catalogue import DayFact
from domain.records import Deposit, Punch, canonical, decode
from domain.refusals import Refusal
from tests.races.racing import CLOCK_OUT, DEPOSIT_CENTS, RATE, READINGS, THREADS, Answer, Round

AGAIN: Final = " again"
MOST_READINGS: Final = 2
"""Of one poll: the other one may be recorded once while it reads."""


@dataclass(frozen=True, slots=True)
class Step:
    """One commit on the day's stream.

    Attributes:
        command: that it records.
        facts: of the day.
        position: of its last fact.
        before: the day that it was recorded on.
        after: the day with it.
    """

    command: str
    facts: tuple[DayFact, ...]
    position: int
    before: BusinessDay
    after: BusinessDay


def violations(made: Round) -> list[str]:
    """Everything that does not hold, in sentences; polls the day once more at the end."""
    found = [f"came up: {accident}" for accident in made.accidents]
    found += _whole_stream(made)
    steps = _steps(made)
    found += _once(made, steps)
    for answer in made.answers:
        found += _explained(made, answer, steps)
    found += _in_time(made)
    found += _no_older_reading(made, steps)
    found += _bounded(made)
    found += _nothing_lost(made)
    return found


def order(made: Round) -> tuple[str, ...]:
    """The commands in the order in which they are recorded."""
    names = {answer.deed.command: answer.deed.name.removesuffix(AGAIN) for answer in made.answers}
    return tuple([names[step.command] for step in _steps(made) if step.command in names])


def _entries(made: Round) -> list[Entry]:
    return list(made.journal.stream(made.day.stream))


def _steps(made: Round) -> list[Step]:
    found, known = [], NEW_DAY
    for command, entries in groupby(_entries(made), key=lambda entry: entry.provenance.command):
        commit = list(entries)
        facts = tuple([entry.fact for entry in commit if isinstance(entry.fact, DayFact)])
        after = fold(facts, known)
        found.append(Step(command, facts, commit[-1].position, known, after))
        known = after
    return found


def _whole_stream(made: Round) -> Iterator[str]:
    entries = _entries(made)
    if [entry.version for entry in entries] != list(range(1, len(entries) + 1)):
        yield "the versions of the stream are not contiguous"
    if any(one.position >= other.position for one, other in pairwise(entries)):
        yield "the stream is not in the order of the log"


def _once(made: Round, steps: list[Step]) -> Iterator[str]:
    """Whatever was acknowledged is there, exactly once and where the answer says; nothing else is."""
    recorded = [step.command for step in steps]
    if len(recorded) != len(set(recorded)):
        yield "a command is recorded twice"
    receipts = {step.command: made.journal.receipt(made.day.client, step.command) for step in steps}
    acknowledged = {answer.deed.command for answer in made.answers if answer.receipt}
    for answer in made.answers:
        name, command = answer.deed.name, answer.deed.command
        if command in receipts and command not in acknowledged:
            yield f"{name} is recorded, and was answered {answer.refusal or 'that nothing changes'}"
        if answer.receipt and receipts.get(command) != answer.receipt:
            yield f"{name} was acknowledged, and is not recorded so"
    given = {answer.deed.command for answer in made.answers}
    unknown = [step.command for step in steps[1:] if step.command not in given]
    if unknown and not made.accidents:
        yield f"nobody gave the commands {unknown}"


def _explained(made: Round, answer: Answer, steps: list[Step]) -> Iterator[str]:
    """The answer is what the command decides on the day as it was at one moment while it ran."""
    if answer.receipt is None:
        if not any(_same_answer(answer, day) for day in _while_it_ran(made, answer, steps)):
            said = answer.refusal or "that nothing changes"
            yield f"{answer.deed.name} was answered {said}, and no moment explains it"
        return
    step = next((step for step in steps if step.command == answer.deed.command), None)
    if step is None:  # told already
        return
    if _decided(made, answer, step) != step.facts:
        yield f"{answer.deed.name} recorded what it does not decide on the day before it"
    if not _told_as_recorded(answer, step):
        yield f"{answer.deed.name} was answered otherwise than it is recorded"


def _decided(made: Round, answer: Answer, step: Step) -> tuple[DayFact, ...]:
    connection = load_connection(made.journal, made.connection)
    options = connection.configuration.at(made.day.location)
    if answer.deed.decide:
        return with_conflicts(step.before, answer.deed.decide(step.before))
    frame = connection.frame(made.day.location, made.day.date)
    header = step.facts[0]
    assert isinstance(header, DayPolled | PollUnchanged), f"a poll recorded {header}"
    capture = made.house.captures.get(made.day.client, header.capture)
    translation = read_capture(made.source, capture, frame, options)
    facts = decide_poll(step.before, translation, attempt=header.attempt, capture=header.capture, window=frame.window)
    return with_conflicts(step.before, facts, options.punch_conflicts)


def _told_as_recorded(answer: Answer, step: Step) -> bool:
    told = answer.told
    if isinstance(told, Outcome):
        return told == outcome_of(step.facts, step.before.generation, told.receipt) and told.failure is None
    if isinstance(told, DayChanged):
        return (told.before, told.after, told.facts) == (step.before, step.after, step.facts)
    return isinstance(told, Settled) and told.day == step.after


def _while_it_ran(made: Round, answer: Answer, steps: list[Step]) -> Iterator[BusinessDay]:
    """The day at every moment between what was acknowledged before the command and what was given after it.

    Of a command that is recorded because it was given twice, only those before that: afterwards it is answered by it.
    """
    ran = _ran(made)
    first = max(number for number, step in enumerate(steps) if ran.get(step.command, (0, -1))[1] < answer.began)
    for step in steps[first:]:
        if step.command == answer.deed.command or ran.get(step.command, (0, -1))[0] > answer.ended:
            return
        yield step.after


def _ran(made: Round) -> dict[str, tuple[int, int]]:
    """When each acknowledged command was first given, and when it was first acknowledged."""
    found: dict[str, tuple[int, int]] = {}
    for answer in made.answers:
        began, ended = found.get(answer.deed.command, (answer.began, sys.maxsize))
        found[answer.deed.command] = (
            min(began, answer.began),
            min(ended, answer.ended) if answer.receipt else ended,
        )
    return found


def _same_answer(answer: Answer, day: BusinessDay) -> bool:
    assert answer.deed.decide, "a poll is always recorded"
    try:
        facts = answer.deed.decide(day)
    except Refusal as refusal:
        return type(refusal) is type(answer.refusal) and str(refusal) == str(answer.refusal)
    return not facts and answer.refusal is None


def _in_time(made: Round) -> Iterator[str]:
    """Whatever was acknowledged before another command was given stands before it."""
    ran, done = _ran(made), [(answer, answer.receipt) for answer in made.answers if answer.receipt]
    for early, first in done:
        for late, second in done:
            if early.ended < ran[late.deed.command][0] and first.position > second.position:
                yield f"{late.deed.name} stands before {early.deed.name}, which was acknowledged before it began"


def _no_older_reading(made: Round, steps: list[Step]) -> Iterator[str]:
    """What the source said later is never undone by what it said before."""
    numbers = [
        int(made.house.captures.get(made.day.client, fact.capture).pages[0].data)
        for step in steps
        for fact in step.facts
        if isinstance(fact, DayPolled | PollUnchanged)
    ]
    if numbers != sorted(numbers):
        yield f"an older reading was recorded over a newer one: {numbers}"


def _bounded(made: Round) -> Iterator[str]:
    """Nobody loses more races than others win, and nobody reads the source without end."""
    for (command, _), lost in made.journal.lost.items():
        if lost > THREADS - 2:
            yield f"the command {command} lost {lost} races against {THREADS - 2} others"
    # Three tries of polls at most: two, and one of them given twice.
    if len(made.source.requests) > 1 + 3 * MOST_READINGS:
        yield f"the polls asked the source {len(made.source.requests) - 1} times"


def _nothing_lost(made: Round) -> Iterator[str]:
    """After one more poll the day is what the source says, with what people entered, and the history has it all."""
    done = {answer.deed.name.removesuffix(AGAIN) for answer in made.answers if answer.receipt}
    last = made.poll("last poll")
    if last.failure:
        yield f"the last poll failed: {last.failure}"
    day = load_day(made.journal, made.day)
    says = {(kind, key): data for kind, key, data in map(canonical, READINGS[-1])}
    holds = {(kind, key): data for kind, known in day.records.items() for key, data in known.items()}
    if holds != says:
        yield f"after the last poll the day differs from the source: {sorted(holds.keys() ^ says.keys())}"
    if day.deleted or day.merged != day.shown:
        yield "the last poll did not bring the day back"
    shown = decode("punch", day.shown["punch"]["s1"])
    assert isinstance(shown, Punch)
    if "edit" in done and shown.clock_out != CLOCK_OUT.clock_out:
        yield "the edit of the clock-out is lost"
    if "rate" in done and shown.rate != RATE.rate:
        yield "the edit of the rate is lost"
    deposits = [decode("deposit", data) for data in day.shown.get("deposit", {}).values()]
    amounts = [deposit.amount_cents for deposit in deposits if isinstance(deposit, Deposit)]
    if amounts != [DEPOSIT_CENTS] * ("deposit" in done):
        yield f"the deposits are {amounts}"
    deletions = sum(isinstance(entry.fact, DayDeleted) for entry in _entries(made))
    if deletions != ("delete" in done):
        yield f"the history has {deletions} deletions"
