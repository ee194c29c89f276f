"""Effects that the other side would do twice: what it does not show is sent again by a person, who looked there."""

import datetime as dt
from dataclasses import replace

import pytest

from domain.commands.review_objects import ReviewObjects, review_objects
from domain.facts.objects import AttemptFailed, LookedUp, ObjectChanged, SyncRefused, SyncRequested
from domain.outward import (
    DEFAULT_RULES,
    KEYED,
    NOT_SHOWN,
    OutwardRules,
    Showing,
    check_startable,
    decide_not_shown,
    decide_start,
    decide_sync,
    fold,
    next_step,
)
from tests.domain.outward.house import SALES, Stage, worker
from tests.domain.outward.objects import CHANGED, KEY, NOON, STORIES, after
from tests.support.scripted_target import BOOKS, ScriptedTarget

QUARTER = Showing(keyed=False, within=900.0)
MUTE = Showing(keyed=False, within=None)
GIVEN_UP = AttemptFailed(1, NOT_SHOWN, "Look there.")


@pytest.mark.parametrize(
    ("showing", "looks", "minutes", "answered", "gives_up"),
    [
        (KEYED, 1, 5, True, True),
        (QUARTER, 1, 5, True, False),
        (QUARTER, 9, 14, True, False),
        (QUARTER, 0, 15, True, False),
        (QUARTER, 1, 15, False, False),
        (QUARTER, 1, 15, True, True),
        (MUTE, 0, 4, False, False),
        (MUTE, 0, 5, False, True),
    ],
)
def test_when_not_shown_counts(showing: Showing, looks: int, minutes: int, answered: bool, gives_up: bool) -> None:
    """Without a key of its own it is looked for as long as it may take to show; what cannot be asked shows nothing."""
    known = after(*STORIES["verifying"], *[LookedUp(1, "Not there.", answered=True)] * looks)
    now = NOON + dt.timedelta(minutes=minutes)
    (fact,) = decide_not_shown(known, 1, "Not there.", answered=answered, now=now, showing=showing)
    assert isinstance(fact, AttemptFailed) == gives_up
    assert isinstance(fact, LookedUp) != gives_up


@pytest.mark.parametrize(("showing", "retryable"), [(KEYED, True), (QUARTER, False), (MUTE, False)])
def test_who_sends_again(showing: Showing, retryable: bool) -> None:
    """What has a key is sent again by itself; what has none by a person, who is told what to look for."""
    known = after(*STORIES["verifying"], LookedUp(1, "Not there.", answered=True))
    now = NOON + dt.timedelta(hours=1)
    (fact,) = decide_not_shown(known, 1, "Not there.", answered=True, now=now, showing=showing)
    assert isinstance(fact, AttemptFailed)
    assert (fact.failure, fact.retryable, fact.retry_at is not None) == (NOT_SHOWN, retryable, retryable)
    assert (f"Look there for {KEY}:v1:" in fact.message) != retryable


def test_a_longer_wait_of_the_operator_counts_too() -> None:
    """The later of the two bounds is waited for."""
    known = after(*STORIES["verifying"], LookedUp(1, "Not there.", answered=True))
    rules, now = OutwardRules(late=3600), NOON + dt.timedelta(minutes=20)
    (fact,) = decide_not_shown(known, 1, "?", answered=True, now=now, rules=rules, showing=QUARTER)
    assert isinstance(fact, LookedUp)


@pytest.mark.parametrize("facts", [(), (CHANGED,)], ids=["as it was", "changed meanwhile"])
def test_only_force_sends_it_again(facts: tuple[ObjectChanged, ...]) -> None:
    """Neither time nor a change of the day leads to a second sending: a person does, and the same goes out first."""
    known = after(*STORIES["verifying"], GIVEN_UP, *facts)
    assert (known.state, known.retryable, known.waiting) == ("error", False, False)
    assert [type(decide_sync(known, how, KEY)[0]) for how in ("background", "synchronize", "force")] == [
        SyncRefused,
        SyncRefused,
        SyncRequested,
    ]
    forced = fold(decide_sync(known, "force", KEY), known)
    check_startable(forced, NOON, KEY)
    planned = next_step(forced)
    assert planned is not None
    assert decide_start(forced, KEY, planned, planned.document, "top", NOON).reference == f"{KEY}:v1"


def forgetful(within: float | None = 900.0) -> Stage:
    """A client whose books would post an entry twice."""
    return Stage(target=ScriptedTarget(profile=replace(BOOKS, shows_within={"sales-entry": within})))


def test_a_timeout_without_an_effect_ends_with_a_person() -> None:
    """Looked for during a quarter of an hour and not found, it is an error; forced, it is sent, once."""
    stage = forgetful()
    stage.target.faults = ["lost before"]
    stage.post(480)
    stage.later(minutes=1)
    states = []
    for _ in range(17):
        states.append(stage.verify().state)
        stage.later(minutes=1)
        if states[-1] == "error":
            break
    assert states == ["verifying"] * 15 + ["error"]
    assert not stage.ask("background").accepted
    stage.register(500)
    assert not stage.ask("background").accepted
    assert stage.ask("force").accepted
    assert stage.attempt().state == "desynchronized"
    assert [effect.reference for effect in stage.target.books.effects] == [f"{SALES.key}:v1"]


def test_what_shows_late_is_found() -> None:
    """Within the quarter of an hour a search that lags is waited for, and nobody has to do anything."""
    stage = forgetful()
    stage.target.faults, stage.target.books.hidden = ["lost after"], 9
    stage.post(480)
    for _ in range(10):
        stage.later(minutes=1)
        state = stage.verify().state
    assert (state, len(stage.target.books.effects)) == ("success", 1)


def test_a_review_does_not_take_for_deleted_what_need_not_show_yet() -> None:
    """Just posted and not shown is no deletion; after a quarter of an hour it is one, and is written anew."""
    stage = forgetful()
    stage.post(480)
    stage.target.books.hidden = 2
    (early,) = review_objects(ReviewObjects([SALES], worker()), stage.house)
    assert (early.found, early.state) == ("unknown", "success")
    stage.later(minutes=17)
    (late,) = review_objects(ReviewObjects([SALES], worker()), stage.house)
    assert (late.found, late.state) == ("deleted", "desynchronized")


def test_what_cannot_be_asked_is_never_called_deleted() -> None:
    """A system without a search proves nothing, however late it is."""
    assert not MUTE.is_due(NOON, NOON + dt.timedelta(days=9))
    assert QUARTER.is_due(NOON, NOON + dt.timedelta(seconds=900))
    assert not QUARTER.is_due(NOON, NOON + dt.timedelta(seconds=899))
    assert DEFAULT_RULES.late < 900


def test_a_system_says_so_by_type() -> None:
    """Types that are not named have a key; so has what is not in the catalogue, of which nothing is sent."""
    house = forgetful().house
    assert house.showing("books", "sales-entry") == QUARTER
    assert [house.showing("books", "employee"), house.showing("gone", "sales-entry")] == [KEYED, KEYED]
