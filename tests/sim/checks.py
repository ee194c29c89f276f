"""What must hold: after every step (I1–I6), and once the faults are over (E1–E8 of the reliability page)."""

import hashlib

from sqlalchemy import select

from adapters.pos.tray.simulator.rows import Person
from domain.business_day import APPROVED, IN_PROGRESS, MISSING
from domain.commands.loading import load_day
from domain.commands.poll_day import DayNotOver, PollDay, poll_day
from domain.facts import DayApproved, DayReopened, Entry, PollUnchanged
from domain.facts.saying import beginning
from domain.facts.storing import store
from domain.identifiers import DayId, client_of
from domain.summary import plain_summary, summarize, summary_bytes
from projections.catching_up import catch_up
from projections.rebuilding import rebuild
from projections.views import ALL
from tests.sim.faults import TRAPS
from tests.sim.moments import Watch, moment_of
from tests.sim.world import LOCATIONS, TRUE, World, without_faults
from tests.support.truth import shown

_OF_LABOR = frozenset({"stated_labor_pay", "stated_labor_hours", "punches"})


def of_one_moment(world: World, day: DayId, watch: Watch, counted: str = "polls") -> None:
    """What a poll recorded is what the POS said at one moment of it, unless it told a lie twice.

    What is told once is found out or does no harm. Where the POS changed while it was read, however often, what it
    said before, between and after is all true, and no mixture of it: neither of figures, nor of rows.
    """
    told = watch.fired
    if day.location not in TRUE:
        return
    if any(count > 1 for name, count in told.items() if name not in TRAPS):
        return
    known = load_day(world.store, day)
    if known.settled == APPROVED:  # what differs waits
        return
    unseen = _OF_LABOR if any(kind == "punch" for kind, _ in known.overlays) else frozenset()  # not as the POS says
    found = shown(plain_summary(summarize(known)))
    differing = []
    for moment in (*watch.moments, moment_of(world, day)):
        unlike = watch.unlike(moment, found)
        differing.append({name: value for name, value in unlike.items() if name not in unseen})
    assert not all(differing), f"{day} differs from the POS (expected, found): {differing}"
    world.count(f"{counted} held against the source")
    if watch.shifts:
        world.count(f"{counted} held against a shifting source")


def equals_the_source(world: World, day: DayId) -> None:
    """The figures of a day that was read just now are those of the POS, to the cent."""
    of_one_moment(world, day, Watch(world, day), "days")


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
    assert world.store.receipt(world.client, command) == receipt, f"the command {command} is lost"


def as_the_model_has_it(world: World) -> None:
    """Every day about which no command is in doubt stands where the model says, after as many attempts."""
    for day, model in world.expected.items():
        if not model.doubtful:
            known = load_day(world.store, day)
            assert (known.state, known.attempts) == (model.state, model.attempts), f"{day} is not as the model has it"


def whole_log(world: World) -> str:
    """I1 to I3 over the whole log, and what it hashes to; a reader in any pieces sees the same."""
    verification = world.store.verify()
    assert verification.faults == (), verification.faults
    seals = [seal for seal in world.store.seals(limit=1_000_000) if seal.client == world.client]
    named = [seal.command for seal in seals]
    assert len(named) == len(set(named)), "a command was recorded twice"
    for command, receipt in world.acknowledged.items():
        assert world.store.receipt(world.client, command) == receipt, f"the command {command} is lost"
    digest, after, count = hashlib.sha256(), 0, 0
    versions: dict[str, int] = {}
    while True:
        entries = world.store.log(after=after, limit=world.rng.randint(1, 40), client=world.client)
        if not entries:
            break
        for entry in entries:
            assert client_of(entry.stream) == world.client, "the reader saw a fact of another client"
            assert entry.position > after, "the reader saw a position twice"
            assert entry.version == versions.get(entry.stream, 0) + 1, f"{entry.stream} has a hole"
            after, versions[entry.stream] = entry.position, entry.version
            name, state = store(entry.fact, entry.provenance)
            digest.update(f"{entry.stream} {entry.version} {name} ".encode() + state)
            count += 1
    assert count == sum(seal.leaves for seal in seals), "the reader missed a fact"
    world.count("facts", count)
    return digest.hexdigest()


def views_show_the_log(world: World) -> None:
    """E1: the views that caught up piece by piece hold what views hold that are built from the whole log at once."""
    if world.views is None:
        return
    catch_up(world.views, world.store)
    before = rows_of(world)
    rebuild(world.views, world.store)
    assert rows_of(world) == before, "rebuilt views differ from those that caught up"
    world.count("rows of views", sum(len(rows) for rows in before.values()))


def rows_of(world: World) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all views."""
    assert world.views is not None
    with world.views.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for view in ALL
            for table in view.tables
        }


def everything(world: World) -> list[Entry]:
    """The whole log of the world's client."""
    return world.store.log(after=0, limit=1_000_000, client=world.client)


def generations_count_on(world: World) -> None:
    """Each fact that begins a generation has the next number, and a bare attempt the one that stands."""
    known: dict[str, int] = {}
    approved: set[str] = set()
    for entry in everything(world):
        fact, stands = entry.fact, known.get(entry.stream, 0)
        if isinstance(fact, DayApproved):
            approved.add(entry.stream)
        elif isinstance(fact, DayReopened):
            approved.discard(entry.stream)
        elif isinstance(fact, PollUnchanged):
            # On an approved day it may say the same as what waits to be the next.
            said = fact.generation - (entry.stream in approved and fact.generation > stands)
            assert said == stands, f"{entry.stream} says generation {fact.generation}, and {stands} stands"
        elif begun := beginning(fact):
            assert begun.generation == stands + 1, f"{entry.stream} goes from generation {stands} to {begun.generation}"
            known[entry.stream] = begun.generation


def nobody_is_named(world: World) -> None:
    """I5: no fact and no capture holds personal data in clear."""
    canaries = {value for person in _people(world) for value in _personal(person) if len(value) > 5}
    facts = [store(entry.fact, entry.provenance)[1] for entry in everything(world)]
    kept = b"\n".join([*facts, *[page.data for capture in world.captures.all() for page in capture.pages]]).decode()
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
    days = [DayId(world.client, location, date) for location in LOCATIONS for date in world.over(location)[-6:]]
    world.clock.sleep(90)  # whatever wait the POS had told somebody is over
    for turn in range(3):
        for day in days:
            before = world.store.head()
            intent = world.intent("catching up")
            try:
                outcome = poll_day(PollDay(day, world.connection, intent), house)
            except DayNotOver:
                continue
            world.acknowledge(intent.command, outcome.receipt)
            model = world.model(day)
            model.attempts += 1
            model.state = IN_PROGRESS if model.state == MISSING else model.state
            assert outcome.failure is None, f"{day} cannot be read without faults: {outcome.failure}"
            if turn == 2:
                added = [type(entry.fact) for entry in world.store.log(after=before, limit=100)]
                assert added == [PollUnchanged], f"a repoll of an unchanged {day} added {added}"
    for day in days:
        equals_the_source(world, day)
        show(world, day)
