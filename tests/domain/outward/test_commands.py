"""Commands on objects, with books at the other side that remember what they were told."""

import datetime as dt
from dataclasses import replace

import pytest

from domain.commands.attempt_object import AttemptObject, attempt_object
from domain.commands.changing import CommandReused
from domain.commands.intent import Intent
from domain.commands.register_objects import RegisterObjects, register_objects
from domain.commands.synchronize_objects import (
    MOST_OBJECTS,
    SynchronizeObjects,
    TooManyObjects,
    synchronize_objects,
)
from domain.commands.verify_object import VerifyObject, verify_object
from domain.connection.standing import IsDisconnected, IsSuspended
from domain.facts import ConnectionDisconnected, ConnectionResumed, ConnectionSuspended, CredentialsRotated
from domain.facts.connection import ConnectionEstablished
from domain.facts.life import ConnectionEdited
from domain.facts.objects import AttemptFailed, AttemptStarted, AttemptSucceeded, SyncRefused
from domain.identifiers import ObjectId
from domain.outward import NoSuchObject, NotToBeAttempted, RecordDocument, Registering
from domain.permissions import NotPermitted, rights_of
from domain.ports.house import NotWritable
from domain.ports.journal import Recording, StreamMoved
from domain.ports.target import Done, Effect, PartDone
from tests.domain.outward.house import BOOKS, DATE, NOON, SALES, Stage, entry, named, worker
from tests.support.facts import by
from tests.support.fakes import MemoryJournal
from tests.support.scripted import Scripted
from tests.support.scripted_target import Fault, ScriptedTarget


@pytest.fixture
def stage() -> Stage:
    """A client whose books are at the other side."""
    return Stage()


def facts_of(stage: Stage, one: ObjectId = SALES) -> list[object]:
    """What is recorded of an object."""
    return [entry.fact for entry in stage.journal.stream(one.stream)]


def test_an_entry_is_registered_asked_for_and_posted_once(stage: Stage) -> None:
    """Given an approved day, then its entry stands in the books once, under its reference, at its place."""
    stage.register(480)
    assert stage.known().state == "not-integrated"
    assert stage.ask().accepted
    came = stage.attempt()
    assert (came.state, came.attempt, came.message) == ("success", 1, "Done.")
    (effect,) = stage.target.books.effects
    assert (effect.reference, effect.level, effect.place) == (f"{SALES.key}:v1", "top", {"place": "P-pier"})
    assert effect.document == entry(480)
    assert stage.known().posted.external_id == f"id-{SALES.key}:v1"  # type: ignore[union-attr]


def test_registering_the_same_again_records_nothing(stage: Stage) -> None:
    """The same document is the same object, however often it is derived; nothing at all is no object."""
    assert stage.register(480).objects == (SALES,)
    assert stage.register(480).objects == ()
    assert stage.register(0, named("je:pier:2026-11-02:sales")).objects == ()
    assert stage.register(500, position=9).objects == (SALES,)
    assert stage.register(480, position=8).objects == ()  # derived before the other was
    assert stage.known().current == 2


def test_a_changed_entry_is_reversed_and_posted_anew_and_linked(stage: Stage) -> None:
    """Given a posted entry that changed, then it is taken back as it was posted and the new one names it."""
    stage.post(480)
    stage.register(500)
    assert stage.known().message.startswith(
        "Changed here: sales/Food/Dine In credit 4.80 in 4010 → credit 5.00 in 4010"
    )
    stage.ask()
    assert (stage.attempt().state, stage.attempt().state) == ("pending", "success")
    first, reversal, second = stage.target.books.effects
    assert (reversal.step, reversal.reference, reversal.document) == ("reverse", f"{SALES.key}:v1:r", first.document)
    assert (reversal.external_id, reversal.related) == (f"id-{SALES.key}:v1", f"{SALES.key}:v1")
    assert (second.reference, second.related) == (f"{SALES.key}:v2", f"{SALES.key}:v1")
    assert stage.target.books.standing(SALES.key) == {"sales/Food/Dine In 4010": -500, "tender/Cash 1010": 500}


def test_an_entry_that_is_no_more_is_reversed_only(stage: Stage) -> None:
    """Given a posted entry of a day without sales now, then nothing stands there any more."""
    stage.post(480)
    stage.register(0)
    stage.ask()
    assert stage.attempt().state == "success"
    assert stage.target.books.standing(SALES.key) == {}


def test_a_closed_period_takes_a_difference_today(stage: Stage) -> None:
    """Given a reversal refused as its period is closed, then the difference is entered on today's business date."""
    stage.post(480)
    stage.register(500)
    stage.ask()
    stage.target.faults = ["closed"]
    assert stage.attempt().state == "error"
    stage.clock.time = NOON.replace(hour=8)  # 03:00 in New York: the business day of the date before
    stage.clock.time += dt.timedelta(days=3)
    assert stage.attempt().state == "success"
    delta = stage.target.books.effects[-1]
    assert (delta.step, delta.date, delta.related) == ("delta", "2026-11-04", f"{SALES.key}:v1")
    assert stage.target.books.standing(SALES.key) == {"sales/Food/Dine In 4010": -500, "tender/Cash 1010": 500}
    stage.register(0)
    stage.ask()
    assert stage.attempt().state == "success"
    assert stage.target.books.standing(SALES.key) == {}


def test_a_difference_of_nothing_is_not_sent(stage: Stage) -> None:
    """Given a closed entry of which only the words changed, then nothing goes out and all is well."""
    stage.post(480)
    stage.register(500)
    stage.ask()
    stage.target.faults = ["closed"]
    stage.attempt()
    wanted = replace_title(stage, 480)
    register_objects(RegisterObjects([wanted], worker()), stage.house)
    asked = len(stage.target.books.asked)
    assert stage.attempt().state == "success"
    assert len(stage.target.books.asked) == asked


def replace_title(stage: Stage, cents: int) -> Registering:
    """The same amounts under another title."""
    assert stage.known().version
    document = entry(cents)
    document = type(document)(document.kind, document.location, document.date, "another title", document.lines)
    return Registering(SALES, "sales-entry", document, "pier", DATE)


def test_a_line_without_an_account_keeps_its_entry_back_and_no_other(stage: Stage) -> None:
    """Given a blocked line, then its entry is an error that names the key, is not sent, and mapping it is the cure."""
    stage.register(480, account="")
    labor = named(f"je:pier:{DATE}:labor")
    stage.register(100, labor)
    stage.ask_all([SALES, labor])
    came = stage.attempt()
    assert (came.state, stage.known().failure) == ("error", "unmapped")
    assert "sales/Food/Dine In" in came.message
    assert stage.attempt(labor).state == "success"
    assert [effect.key for effect in stage.target.books.effects] == [labor.key]
    stage.register(480)
    assert stage.ask("background").accepted
    assert stage.attempt().state == "success"


def test_a_location_that_the_connection_does_not_have_is_unmapped(stage: Stage) -> None:
    """Nothing is sent for a place that the books do not know."""
    one = named("je:harbor:2026-11-01:sales")
    wanted = Registering(one, "sales-entry", entry(480), "harbor", DATE)
    register_objects(RegisterObjects([wanted], worker()), stage.house)
    stage.ask(one=one)
    assert "add-location" in stage.attempt(one).message
    assert stage.target.books.asked == []


@pytest.mark.parametrize(
    ("fault", "failure", "again_after"),
    [("refuse", "rejected", None), ("unavailable", "unavailable", 60.0), ("rate-limited", "rate-limited", 90.0)],
)
def test_a_refusal_is_an_error_with_the_message(
    stage: Stage, fault: Fault, failure: str, again_after: float | None
) -> None:
    """What goes away by itself is tried again in time and not before; anything else waits for a person."""
    stage.target.faults = [fault]
    stage.post(480)
    known = stage.known()
    assert (known.state, known.failure) == ("error", failure)
    with pytest.raises(NotToBeAttempted):
        stage.attempt()
    if again_after is None:
        assert not known.retryable
        assert not stage.ask().accepted
        assert stage.ask("force").accepted
    else:
        assert known.retry_at == NOON + dt.timedelta(seconds=again_after)
        stage.later(seconds=again_after)
    assert stage.attempt().state == "success"
    assert stage.target.books.times(f"{SALES.key}:v1") == 1


@pytest.mark.parametrize("fault", ["lost before", "lost after", "late", "broken"])
def test_an_outcome_that_nobody_knows_is_looked_up_before_anything_is_sent(stage: Stage, fault: Fault) -> None:
    """Whatever got lost, the entry is there once within 15 minutes, and nothing was sent while nobody knew."""
    stage.target.faults = [fault]
    stage.post(480)
    assert stage.known().state == "verifying"
    assert not stage.ask().accepted
    assert not stage.ask("force").accepted
    with pytest.raises(NotToBeAttempted):
        stage.attempt()
    for _ in range(15):
        stage.later(minutes=1)
        if stage.known().state == "verifying":
            stage.verify()
        elif stage.known().waiting:
            stage.attempt()
    assert stage.known().state == "success"
    stage.target.books.arrive()
    assert stage.target.books.times(f"{SALES.key}:v1") == 1


def test_what_was_sent_by_somebody_who_died_is_verified_once_its_time_is_over(stage: Stage) -> None:
    """Nobody looks before, nobody has to hold anything, and what was sent is found."""
    stage.register(480)
    stage.ask()

    class Killed(BaseException):
        """The process is gone."""

    def die(_: Effect) -> None:
        raise Killed

    stage.target.after = die
    with pytest.raises(Killed):
        stage.attempt()
    assert stage.known().state == "processing"
    with pytest.raises(NotToBeAttempted):
        stage.verify()
    stage.later(seconds=61)
    assert stage.verify().state == "success"
    assert stage.target.books.times(f"{SALES.key}:v1") == 1


def test_a_look_up_that_is_not_answered_proves_nothing(stage: Stage) -> None:
    """While the books do not answer the object is verifying, visibly, and nothing is sent, for however long."""
    stage.target.faults = ["lost after"]
    stage.post(480)
    stage.target.deaf = True
    for _ in range(30):
        stage.later(minutes=1)
        assert stage.verify().state == "verifying"
    assert stage.known().message == "The books do not answer."
    stage.target.deaf = False
    assert stage.verify().state == "success"


def test_a_look_up_that_breaks_off_is_asked_again(stage: Stage) -> None:
    """A bug in a look-up is said, and is no answer."""
    stage.target.faults = ["lost after"]
    stage.post(480)
    stage.target.books.now = lambda: 1 / 0  # type: ignore[assignment,return-value]
    assert stage.verify().message == "The look-up broke off (ZeroDivisionError)."
    assert stage.known().running.looks == 0  # type: ignore[union-attr]


def test_the_level_is_read_when_the_attempt_begins(stage: Stage) -> None:
    """Finance goes to the level of the setting as it is when the retry begins; a reversal to where it was posted."""
    stage.target.faults = ["refuse"]
    stage.post(480)
    connection(
        stage, ConnectionEdited("Books", "https://books.example.com", {"transaction_integration_level": "entity"})
    )
    stage.ask("force")
    stage.attempt()
    connection(stage, ConnectionEdited("Books", "https://books.example.com", {"transaction_integration_level": "top"}))
    stage.register(500)
    stage.ask()
    stage.attempt()
    stage.attempt()
    assert [(effect.step, effect.level) for effect in stage.target.books.effects] == [
        ("create", "entity"),
        ("reverse", "entity"),
        ("create", "top"),
    ]
    levels = [fact.level for fact in facts_of(stage) if isinstance(fact, AttemptStarted)]
    assert levels == ["top", "entity", "entity", "top"]


def connection(stage: Stage, *facts: object) -> None:
    """Something happens to the connection."""
    version = stage.journal.versions([BOOKS.stream])[BOOKS.stream]
    stage.journal.append([Recording(BOOKS.stream, version, facts)], by())  # type: ignore[arg-type]


def test_nothing_goes_out_over_a_connection_that_is_suspended_or_over(stage: Stage) -> None:
    """What was asked for waits, without an attempt, until the connection is resumed."""
    stage.register(480)
    stage.ask()
    connection(stage, ConnectionSuspended("the books are being moved"))
    with pytest.raises(IsSuspended):
        stage.attempt()
    assert stage.known().state == "pending"
    connection(stage, ConnectionResumed())
    assert stage.attempt().state == "success"
    stage.target.faults = ["lost after"]
    stage.register(500)
    stage.ask()
    stage.attempt()
    connection(stage, ConnectionDisconnected())
    with pytest.raises(IsDisconnected):
        stage.verify()


def test_a_connection_that_cannot_be_opened_is_an_error(stage: Stage) -> None:
    """Without its secret, or over a system that takes nothing, nothing is sent, and the object says why."""
    connection(stage, CredentialsRotated("ba9876543210", 2, "nobody kept it"))
    stage.post(480)
    assert (stage.known().state, stage.known().failure) == ("error", "bad-endpoint")
    connection(stage, ConnectionEstablished("mute", "Mute", "https://x.example", "0", secret="password"))
    stage.ask("force")
    house = replace(stage.house, systems={"mute": Scripted(key="mute")})
    assert "Nothing can be written" in attempt_object(AttemptObject(SALES, worker()), house).message
    with pytest.raises(NotWritable):
        house.writable("mute")


def test_a_look_up_over_a_connection_that_cannot_be_opened_is_no_answer(stage: Stage) -> None:
    """Why it could not be asked is said."""
    stage.target.faults = ["lost after"]
    stage.post(480)
    connection(stage, CredentialsRotated("ba9876543210", 2, "nobody kept it"))
    came = stage.verify()
    assert came.state == "verifying"
    assert "nobody kept it" in came.message


def test_parts_that_were_not_done_make_it_an_error_that_names_them(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Green although something did not arrive is what nobody wants."""
    parts = (PartDone("shift-1", done=True), PartDone("shift-2", done=False, message="no such employee"))
    monkeypatch.setattr(ScriptedTarget, "write", lambda *_: Done("7", "Partly.", parts=parts))
    stage.post(480)
    assert (stage.known().state, stage.known().message) == ("error", "Partly. shift-2: no such employee")


def test_personal_data_is_opened_on_the_way_out_only(stage: Stage) -> None:
    """The document, the facts and what is looked up hold it sealed; who is to be forgotten is not sent."""
    sealed = stage.vault.seal("main", "p-17", {"first_name": "Ana"})
    one = named("employee:pier:17")
    document = RecordDocument("employee", "17", "", {}, sealed, "p-17")
    register_objects(RegisterObjects([Registering(one, "employee", document, "pier")], worker()), stage.house)
    stage.ask(one=one)
    assert stage.attempt(one).state == "success"
    assert stage.target.opened == {"employee:pier:17:v1": {"first_name": "Ana"}}
    assert "Ana" not in repr(facts_of(stage, one)) + repr(stage.captures.all())
    stage.vault.restrict("main", "p-17")
    again = RecordDocument("employee", "17", "", {"job": "Cook"}, sealed, "p-17")
    register_objects(RegisterObjects([Registering(one, "employee", again, "pier")], worker()), stage.house)
    stage.ask(one=one)
    assert "to be forgotten" in stage.attempt(one).message


def test_a_command_that_was_given_before_sends_nothing(stage: Stage) -> None:
    """The same command twice is one attempt."""
    stage.register(480)
    stage.ask()
    command = AttemptObject(SALES, worker())
    attempt_object(command, stage.house)
    stage.register(500)
    stage.ask()
    with pytest.raises(NotToBeAttempted, match="given before"):
        attempt_object(command, stage.house)


def test_asking_twice_with_one_command_is_asking_once(stage: Stage) -> None:
    """The answer of a repeated request is that of the first, object by object; the id is good for nothing else."""
    stage.register(480)
    intent = Intent("api:anna", "please", "one-command")
    command = SynchronizeObjects([SALES, SALES, named("je:none")], "synchronize", intent)
    with pytest.raises(NotPermitted):
        synchronize_objects(replace(command, intent=replace(intent, rights=rights_of("auditor"))), stage.house)
    first = synchronize_objects(command, stage.house)
    second = synchronize_objects(command, stage.house)
    assert [(one.accepted, one.state, one.again) for one in first] == [
        (True, "not-integrated", False),
        (False, None, False),
    ]
    assert [(one.accepted, one.state, one.again) for one in second] == [
        (True, "not-integrated", True),
        (False, None, False),
    ]
    assert first[1].message == "There is no such object."
    with pytest.raises(CommandReused):
        synchronize_objects(replace(command, how="force"), stage.house)


def test_bulk_force_over_a_mix_of_states_answers_each(stage: Stage) -> None:
    """One command over objects in every state: each is accepted or refused by itself, and either is recorded."""
    keys = [f"je:pier:2026-11-{day:02d}:sales" for day in range(1, 6)]
    ones = [named(key) for key in keys]
    for one in ones:
        stage.register(480, one)
    stage.ask_all(ones[1:])
    stage.target.faults = ["refuse", "lost after", None]
    for one in ones[2:]:
        stage.attempt(one)
    outcomes = stage.ask_all(ones, "force")
    assert [(one.state, one.accepted) for one in outcomes] == [
        ("not-integrated", False),
        ("pending", False),
        ("error", True),
        ("verifying", False),
        ("success", False),
    ]
    assert "already synchronizing" in outcomes[1].message
    assert all(one.message or one.accepted for one in outcomes)
    assert isinstance(facts_of(stage, ones[4])[-1], SyncRefused)


def test_objects_of_other_locations_do_not_exist(stage: Stage) -> None:
    """Somebody with some locations reaches objects of theirs; those of no location take all."""
    stage.register(480)
    account = named("account:4010")
    document = RecordDocument("account", "4010", "Food")
    register_objects(RegisterObjects([Registering(account, "account", document)], worker()), stage.house)
    intent = Intent("api:anna", rights=rights_of("accounting-admin", locations=frozenset({"harbor"})))
    outcomes = synchronize_objects(SynchronizeObjects([SALES, account], "synchronize", intent), stage.house)
    assert [one.state for one in outcomes] == [None, None]
    intent = Intent("api:anna", rights=rights_of("accounting-admin", locations=frozenset({"pier"})))
    outcomes = synchronize_objects(SynchronizeObjects([SALES, account], "synchronize", intent), stage.house)
    assert [one.accepted for one in outcomes] == [True, False]


def test_a_command_names_so_many_objects_at_most(stage: Stage) -> None:
    """More are refused as a whole, and nothing is recorded."""
    many = [named(f"account:{number}") for number in range(MOST_OBJECTS + 1)]
    with pytest.raises(TooManyObjects, match="500"):
        stage.ask_all(many)


def test_what_is_not_there_can_be_neither_attempted_nor_verified(stage: Stage) -> None:
    """Both say so."""
    with pytest.raises(NoSuchObject):
        stage.attempt()
    with pytest.raises(NoSuchObject):
        stage.verify()
    stage.register(480)
    with pytest.raises(NotToBeAttempted, match="nothing to look up"):
        stage.verify()


class Losing(MemoryJournal):
    """A journal in which somebody else comes first so many times."""

    losses = 0

    def append(self, recordings, provenance):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        """Record, unless somebody else did just now."""
        if self.losses:
            self.losses -= 1
            raise StreamMoved("Somebody else came first.")
        return super().append(recordings, provenance)


def test_a_lost_race_is_decided_again_and_not_for_ever() -> None:
    """Every command decides anew on the fresh state, and gives up at last."""
    journal = Losing()
    stage = Stage(journal=journal)
    for does in (lambda: stage.register(480), stage.ask, stage.attempt):
        journal.losses = 2
        does()
    assert stage.known().state == "success"
    stage.register(500)
    for does in (lambda: stage.register(600), stage.ask):
        journal.losses = 10_000
        with pytest.raises(StreamMoved):
            does()
    journal.losses = 0
    stage.ask()
    journal.losses = 10_000
    with pytest.raises(StreamMoved):
        stage.attempt()


def test_two_workers_at_one_object_send_it_once(stage: Stage) -> None:
    """Who comes second finds that it is being told, and sends nothing."""
    stage.register(480)
    stage.ask()

    def second(_: Effect) -> None:
        stage.target.before = lambda _: None
        with pytest.raises(NotToBeAttempted):
            stage.attempt()

    stage.target.before = second
    assert stage.attempt().state == "success"
    assert stage.target.books.asked == [("write", f"{SALES.key}:v1")]


def test_every_outcome_is_recorded_with_what_was_said(stage: Stage) -> None:
    """Facts hold the id at the other side, the message, the kind of failure and when it is tried again."""
    stage.target.faults = ["unavailable"]
    stage.post(480)
    stage.later(seconds=60)
    stage.attempt()
    outcomes = [fact for fact in facts_of(stage) if isinstance(fact, AttemptFailed | AttemptSucceeded)]
    assert outcomes == [
        AttemptFailed(
            1,
            "unavailable",
            "The books cannot work now.",
            retryable=True,
            retry_at=NOON + dt.timedelta(seconds=60),
        ),
        AttemptSucceeded(2, f"id-{SALES.key}:v1", "Done."),
    ]
    with pytest.raises(NotToBeAttempted):
        verify_object(VerifyObject(SALES, worker()), stage.house)
