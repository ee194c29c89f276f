"""What must hold: after every step (I1–I6), and once the faults are over (E1–E8 of the reliability page)."""

import datetime as dt
import hashlib

from adapters.pos.tray.simulator.rows import Person
from domain.commands.loading import load_day
from domain.commands.poll_day import DayNotOver, PollDay, poll_day
from domain.facts import PollUnchanged
from domain.facts.storing import store
from domain.identifiers import DayId
from domain.summary import plain_summary, summarize, summary_bytes
from tests.sim.faults import TRAPS, fired
from tests.sim.world import CLIENT, CONNECTION, LAST, LOCATIONS, TRUE, World, without_faults
from tests.support.truth import differences, figures, shown


def told_the_truth(world: World, before: dict[str, int]) -> bool:
    """The POS stood still while it was read, and told no lie twice: what is told once is found out or does no harm."""
    more = {name: count - before.get(name, 0) for name, count in fired(world).items()}
    return not any(count > 1 or (count and name in TRAPS) for name, count in more.items())


def equals_the_source(world: World, day: DayId) -> None:
    """The figures of a day that was read just now are those of the POS, to the cent."""
    if day.location not in TRUE:
        return
    known = load_day(world.store, day)
    if known.settled == "approved":
        return
    later = [day.date + dt.timedelta(days=more) for more in range(1, (LAST - day.date).days + 1)]
    expected = figures(world.pos, LOCATIONS[day.location], day.date, later)
    differing = differences(expected, shown(plain_summary(summarize(known))))
    assert not differing, f"{day} differs from the POS (expected, found): {differing}"
    world.count("equal to the source")


def show(world: World, day: DayId) -> None:
    """Remember what the day shows at this moment."""
    position = world.store.head()
    world.seen[day, position] = _digest(world, day, position)


def recall(world: World) -> int:
    """Some moments that were shown are shown the same now; answers how many."""
    moments = sorted(world.seen)
    chosen = world.rng.sample(moments, min(5, len(moments)))
    for day, position in chosen:
        assert _digest(world, day, position) == world.seen[day, position], f"{day} as of {position} changed"
    world.count("moments", len(chosen))
    return len(chosen)


def _digest(world: World, day: DayId, position: int) -> str:
    known = load_day(world.store, day, until=position)
    return hashlib.sha256(summary_bytes(summarize(known))).hexdigest()


def after_a_step(world: World) -> None:
    """What is cheap to see: the newest acknowledged command is there once, as it was answered."""
    if not world.acknowledged:
        return
    command, receipt = next(reversed(world.acknowledged.items()))
    assert world.store.receipt(CLIENT, command) == receipt, f"the command {command} is lost"


def whole_log(world: World) -> str:
    """I1 to I3 over the whole log, and what it hashes to; a reader in any pieces sees the same."""
    verification = world.store.verify()
    assert verification.faults == (), verification.faults
    seals = world.store.seals(limit=100_000)
    named = [seal.command for seal in seals]
    assert len(named) == len(set(named)), "a command was recorded twice"
    for command, receipt in world.acknowledged.items():
        assert world.store.receipt(CLIENT, command) == receipt, f"the command {command} is lost"
    digest, after, count = hashlib.sha256(), 0, 0
    versions: dict[str, int] = {}
    while True:
        entries = world.store.log(after=after, limit=world.rng.randint(1, 40))
        if not entries:
            break
        for entry in entries:
            assert entry.position > after, "the reader saw a position twice"
            assert entry.version == versions.get(entry.stream, 0) + 1, f"{entry.stream} has a hole"
            after, versions[entry.stream] = entry.position, entry.version
            name, state = store(entry.fact, entry.provenance)
            digest.update(f"{entry.stream} {entry.version} {name} ".encode() + state)
            count += 1
    assert count == sum(seal.leaves for seal in seals), "the reader missed a fact"
    world.count("facts", count)
    return digest.hexdigest()


def nobody_is_named(world: World) -> None:
    """I5: no fact and no capture holds personal data in clear."""
    canaries = {value for person in _people(world) for value in _personal(person) if len(value) > 5}
    kept = b"\n".join(
        [store(entry.fact, entry.provenance)[1] for entry in world.store.log(after=0, limit=1_000_000)]
        + [page.data for capture in world.captures.all() for page in capture.pages]
    ).decode()
    leaked = sorted(canary for canary in canaries if canary in kept)
    assert not leaked, f"{len(leaked)} personal values stand in clear"


def _people(world: World) -> list[Person]:
    return [person for book in world.pos.books.values() for person in book.people.values()]


def _personal(person: Person) -> tuple[str, ...]:
    return tuple(value for value in (person.ssn, person.phone, person.email, person.address) if value)


def converge(world: World) -> None:
    """E2, E5, E7: without faults every day is read, equals the POS, and reading it again adds the attempt alone."""
    world.disarm()
    house = without_faults(world)
    days = [DayId(CLIENT, location, date) for location in LOCATIONS for date in world.over(location)[-6:]]
    world.clock.sleep(90)  # whatever wait the POS had told somebody is over
    for turn in range(3):
        for day in days:
            before = world.store.head()
            intent = world.intent("catching up")
            try:
                outcome = poll_day(PollDay(day, CONNECTION, intent), house)
            except DayNotOver:
                continue
            world.acknowledge(intent.command, outcome.receipt)
            assert outcome.failure is None, f"{day} cannot be read without faults: {outcome.failure}"
            if turn == 2:
                added = [type(entry.fact) for entry in world.store.log(after=before, limit=100)]
                assert added == [PollUnchanged], f"a repoll of an unchanged {day} added {added}"
    for day in days:
        equals_the_source(world, day)
        show(world, day)
