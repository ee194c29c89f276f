"""Reviewing objects: somebody changed or deleted at the other system what was written there."""

import datetime as dt
from dataclasses import dataclass, replace

import pytest
from msgspec.structs import replace as replace_struct

from domain.commands.intent import Intent
from domain.commands.register_objects import RegisterObjects, register_objects
from domain.commands.review_objects import MOST_REVIEWED, Reviewed, ReviewObjects, review_objects
from domain.commands.synchronize_objects import TooManyObjects
from domain.facts import ConnectionSuspended
from domain.facts.objects import FoundStanding, RemoteChanged
from domain.identifiers import ObjectId
from domain.outward import (
    Category,
    OutwardRules,
    RecordDocument,
    Registering,
    State,
    decide_reviewed,
    is_to_review,
    standing,
)
from domain.permissions import NotPermitted, rights_of
from domain.ports.journal import Recording
from tests.domain.outward.house import BOOKS, NOON, SALES, Stage, named, worker
from tests.domain.outward.objects import STORIES, after
from tests.support.facts import by


@pytest.fixture
def posted() -> Stage:
    """A client whose entry stands in the books."""
    stage = Stage()
    stage.register(480)
    stage.ask()
    assert stage.attempt().state == "success"
    return stage


def review(stage: Stage, *ones: ObjectId, intent: Intent | None = None) -> list[Reviewed]:
    """Somebody looks at objects."""
    return review_objects(ReviewObjects(ones or (SALES,), intent or worker()), stage.house)


def remotely(stage: Stage, one: ObjectId = SALES) -> list[str]:
    """What is recorded that somebody did there."""
    return [entry.fact.what for entry in stage.journal.stream(one.stream) if isinstance(entry.fact, RemoteChanged)]


def test_each_look_at_what_stands_is_recorded_and_changes_nothing(posted: Stage) -> None:
    """Looked at twice, nothing is sent, and both looks are in the record; told twice, a look is one."""
    known, intent = posted.known(), worker()
    told = review(posted, intent=intent) + review(posted) + review(posted, intent=intent)
    assert [(one.found, one.again) for one in told] == [("stands", False), ("stands", False), ("not-looked", True)]
    assert posted.known() == replace_struct(known, version=known.version + 2)
    looks = [entry.fact for entry in posted.journal.stream(SALES.stream) if isinstance(entry.fact, FoundStanding)]
    assert looks == [FoundStanding(f"{SALES.key}:v1")] * 2
    assert [what for what, _ in posted.target.books.asked] == ["write", "look up", "look up"]


def test_what_was_deleted_there_is_written_anew_under_a_reference_of_its_own(posted: Stage) -> None:
    """Under the reference of before it would be taken for what was done already."""
    posted.target.books.effects.clear()
    (one,) = review(posted)
    assert (one.found, one.state) == ("deleted", "desynchronized")
    assert one.position
    assert remotely(posted) == ["deleted"]
    assert posted.ask().accepted
    assert posted.attempt().state == "success"
    assert [effect.reference for effect in posted.target.books.effects] == [f"{SALES.key}:v1.1"]
    assert review(posted)[0].found == "stands"


def test_what_was_changed_there_is_taken_back_and_written_anew(posted: Stage) -> None:
    """The reversal takes back what we wrote; the next one that of the second writing."""
    for reversal, anew in ((":v1:r", ":v1.1"), (":v1.1:r", ":v1.2")):
        posted.target.books.altered = {posted.target.books.effects[-1].reference}
        (one,) = review(posted)
        assert (one.found, one.state) == ("changed", "desynchronized")
        assert posted.ask().accepted
        assert posted.attempt().state == "pending"
        assert posted.attempt().state == "success"
        references = [effect.reference.removeprefix(SALES.key) for effect in posted.target.books.effects]
        assert references[-2:] == [reversal, anew]
    assert posted.target.books.standing(SALES.key) == {"tender/Cash 1010": 480, "sales/Food/Dine In 4010": -480}


def test_a_new_version_begins_with_its_plain_reference(posted: Stage) -> None:
    """What was written anew before does not count for it."""
    posted.target.books.effects.clear()
    review(posted)
    posted.register(500)
    posted.ask()
    posted.attempt()
    assert posted.target.books.effects[-1].reference == f"{SALES.key}:v2"


def test_a_record_that_is_not_just_so_is_changed(posted: Stage) -> None:
    """Whether it is gone shows when it is brought up to date."""
    account = named("account:4010")
    wanted = Registering(account, "account", RecordDocument("account", "4010", "Food"), "", "", 1)
    register_objects(RegisterObjects([wanted], worker()), posted.house)
    posted.ask(one=account)
    posted.attempt(account)
    assert review(posted, account)[0].found == "stands"
    posted.target.books.effects.clear()
    assert review(posted, account)[0].found == "changed"
    assert posted.known(account).state == "desynchronized"


def test_nothing_is_looked_at_that_is_of_a_person_or_not_written() -> None:
    """Personal data is opened only to be sent; what is not there cannot be looked at; who does not exist is told so."""
    stage = Stage()
    stage.register(480)
    person = named("employee:pier:E17")
    sealed = stage.vault.seal("main", "books:pier:E17", {"name": "Anna"})
    document = RecordDocument("employee", "E17", sealed=sealed, person="books:pier:E17")
    register_objects(RegisterObjects([Registering(person, "employee", document, "pier", "", 1)], worker()), stage.house)
    stage.ask(one=person)
    stage.attempt(person)
    assert [one.found for one in review(stage, SALES, person, named("account:1"), SALES)] == [
        "not-looked", "not-looked", "not-found",
    ]  # fmt: skip
    assert not [what for what, _ in stage.target.books.asked if what == "look up"]


def test_books_that_do_not_answer_change_nothing(posted: Stage) -> None:
    """What cannot be asked is unknown; so it is where nothing goes out over the connection."""
    posted.target.deaf = True
    assert review(posted)[0].found == "unknown"
    version = len(list(posted.journal.stream(BOOKS.stream)))
    posted.journal.append([Recording(BOOKS.stream, version, (ConnectionSuspended(),))], by("suspend"))
    (one, missing) = review(posted, SALES, named("account:1"))
    assert (one.found, missing.found) == ("unknown", "not-found")
    assert "suspended" in one.message
    assert remotely(posted) == []


def test_the_same_command_again_records_nothing_more(posted: Stage) -> None:
    """It is told that it was looked at before."""
    posted.target.books.effects.clear()
    intent = replace(worker(), command="look")
    assert review(posted, intent=intent)[0].found == "deleted"
    (one,) = review(posted, intent=intent)
    assert (one.found, one.again) == ("not-looked", True)
    assert remotely(posted) == ["deleted"]


def test_who_may_not_sees_nothing(posted: Stage) -> None:
    """It takes the permission to synchronize, and a location that is theirs."""
    with pytest.raises(NotPermitted):
        review(posted, intent=replace(worker(), rights=rights_of("auditor")))
    theirs = rights_of("full-access", locations=frozenset({"park"}))
    assert review(posted, intent=replace(worker(), rights=theirs))[0].found == "not-found"
    with pytest.raises(TooManyObjects, match="51 objects"):
        review(posted, *(named(f"account:{number}") for number in range(MOST_REVIEWED + 1)))


@pytest.mark.parametrize("state", [state for state in STORIES if state != "success"])
def test_only_what_is_synchronized_is_looked_at(state: str) -> None:
    """In every other state it is being written, or to be written, anyway."""
    known = after(*STORIES[state])  # type: ignore[index]
    assert standing(known, NOON) is None
    assert decide_reviewed(known, f"{SALES.key}:v1", "deleted", "Gone.") == ()


@dataclass
class Shown:
    """An entry that stands at the other side, as a view shows it."""

    category: Category = "finance"
    date: str = "2026-11-01"
    state: State = "success"
    posted_version: int = 1
    posted_reference: str = "je:pier:2026-11-01:sales:v1"
    changed_at: dt.datetime | None = NOON


@pytest.mark.parametrize(
    ("shown", "days", "due"),
    [
        (Shown(), 6.9, False),
        (Shown(), 7, True),
        (Shown(), 34, True),
        (Shown(), 36, False),
        (Shown(changed_at=NOON + dt.timedelta(days=5)), 7, False),
        (Shown(changed_at=None), 7, False),
        (Shown(category="master"), 7, False),
        (Shown(state="desynchronized"), 7, False),
        (Shown(posted_version=0, posted_reference=""), 7, False),
        (Shown(posted_reference="je:pier:2026-11-01:sales:v2:d"), 7, False),
    ],
)
def test_an_entry_is_looked_at_every_week_for_five(shown: Shown, days: float, *, due: bool) -> None:
    """A week after anything happened to it; of no other thing, of nothing that a difference corrected, never off."""
    now = NOON + dt.timedelta(days=days)
    assert is_to_review(shown, now, OutwardRules()) is due
    assert not is_to_review(shown, now, OutwardRules(review=0))
