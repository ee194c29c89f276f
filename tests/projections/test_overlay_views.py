"""The views show the merge: labor as it is shown, what was entered, open conflicts, and who did what in the history."""

import itertools
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.business_day import BusinessDay
from domain.commands.loading import load_day
from domain.facts.catalogue import DayFact
from domain.overlays import (
    PunchFields,
    Side,
    decide_add_punch,
    decide_comment,
    decide_deposit,
    decide_edit_punch,
    decide_resolve,
    decide_strike_punch,
    decide_tag,
    decide_withdraw,
)
from domain.records import Deposit, canonical, decode
from domain.refusals import Refusal
from domain.summary import plain_summary, summarize, summary_bytes
from projections import queries
from projections.catching_up import catch_up
from projections.folds import Folds
from projections.generations import generation
from projections.history import history
from projections.rebuilding import rebuild
from tests.domain.build import at, punch
from tests.domain.overlays.days import PLACE
from tests.projections.stage import DATE, Stage, sale
from tests.support.laws import examples

OPEN = punch("p-1", clock_out=None)
ENDED = PunchFields(clock_out=at("22:00"))


def edit(day: BusinessDay, key: str = "p-1", fields: PunchFields = ENDED) -> tuple[DayFact, ...]:
    """Edit a punch."""
    return decide_edit_punch(day, key, fields, PLACE)


def resolve(side: Side, day: BusinessDay) -> tuple[DayFact, ...]:
    """Say which side stands."""
    return decide_resolve(day, "punch", "p-1", side)


def deposited(cents: int, day: BusinessDay) -> tuple[DayFact, ...]:
    """Enter a deposit."""
    return decide_deposit(day, DATE, cents, None)


def shown(stage: Stage) -> list[tuple[Any, ...]]:
    """The labor of the day: punch, pay, whether it was edited here, whether it is in conflict."""
    catch_up(stage.engine, stage.journal)
    rows = queries.labor(stage.engine, stage.client, "L1", DATE)
    return [(row.punch, row.pay_cents, row.edited_by_us, row.conflict) for row in rows]


def test_labor_shows_what_managers_say(stage: Stage) -> None:
    """A row for each punch as it is shown, from the edit to the conflict and its end."""
    stage.poll(OPEN, punch("p-2"))
    assert shown(stage) == [("p-1", 0, False, False), ("p-2", 12_000, False, False)]
    stage.enter(edit)
    assert shown(stage) == [("p-1", 12_000, True, False), ("p-2", 12_000, False, False)]
    stage.poll(OPEN)
    assert shown(stage) == [("p-1", 12_000, True, False)]
    stage.poll(punch("p-1", clock_out="23:00"))
    assert shown(stage) == [("p-1", 12_000, True, True)]
    stage.enter(partial(resolve, "ours"))
    assert shown(stage) == [("p-1", 12_000, True, False)]
    stage.poll(punch("p-3"))
    assert shown(stage) == [("p-1", 12_000, True, True), ("p-3", 12_000, False, False)]
    stage.enter(partial(resolve, "theirs"))
    assert shown(stage) == [("p-3", 12_000, False, False)]
    stage.enter(lambda day: decide_strike_punch(day, "p-3"))
    assert shown(stage) == []
    added = PunchFields(clock_in=at("16:00"), clock_out=at("20:00"), job="j1")
    stage.enter(lambda day: decide_add_punch(day, "e1", added, DATE, PLACE))
    assert shown(stage) == [("daybook:3", 6_400, True, False)]
    stage.enter(lambda day: decide_withdraw(day, "punch", "p-3"))
    assert shown(stage) == [("daybook:3", 6_400, True, False), ("p-3", 12_000, False, False)]


def test_what_was_entered_and_what_is_in_conflict(stage: Stage) -> None:
    """Lists have who, when, why and both sides, and follow agreements, resolutions and withdrawals."""
    stage.poll(OPEN)
    stage.enter(edit, reason="forgot to clock out")
    stage.enter(lambda day: decide_comment(day, "The fryer broke.", "cli:anna"))
    stage.enter(partial(deposited, 24_000))
    stage.enter(lambda day: decide_tag(day, "fair", "cli:anna"))
    receipt = stage.poll(punch("p-1", clock_out="23:00"), Deposit("d1", 25_000, DATE), actor="worker")
    catch_up(stage.engine, stage.journal)
    entered = queries.overlays(stage.engine, "C1", "L1", DATE)
    assert [(row.kind, row.key, row.actor, row.reason) for row in entered] == [
        ("comment", "daybook:2", "cli:anna", "by hand"),
        ("deposit", "daybook:3", "cli:anna", "by hand"),
        ("punch", "p-1", "cli:anna", "forgot to clock out"),
        ("tag", "fair", "cli:anna", "by hand"),
    ]
    punch_row = entered[2]
    assert punch_row.ours
    assert punch_row.source
    assert (punch_row.ours["clock_out"], punch_row.source.get("clock_out")) == ("2026-10-31T22:00:00Z", None)
    deposit, labor = queries.conflicts(stage.engine, "C1")
    assert (deposit.kind, deposit.key, deposit.actor, deposit.generation) == ("deposit", "d1", "worker", 2)
    assert deposit.position <= receipt.position
    assert deposit.ours
    assert list(deposit.ours) == ["daybook:3"]
    assert labor.ours
    assert labor.theirs
    assert (labor.ours["clock_out"], labor.theirs["clock_out"]) == ("2026-10-31T22:00:00Z", "2026-10-31T23:00:00Z")
    assert queries.conflicts(stage.engine, "C1", location="L2") == []
    assert [row.kind for row in queries.conflicts(stage.engine, "C1", date=DATE, limit=1)] == ["deposit"]
    last = (DATE.isoformat(), "L1", "deposit", "d1")
    assert [row.kind for row in queries.conflicts(stage.engine, "C1", after=last)] == ["punch"]
    stage.enter(partial(resolve, "ours"))
    stage.enter(lambda day: decide_resolve(day, "deposit", "d1", "both"))
    stage.enter(lambda day: decide_withdraw(day, "tag", "fair"))
    catch_up(stage.engine, stage.journal)
    assert queries.conflicts(stage.engine, "C1") == []
    entered = queries.overlays(stage.engine, "C1", "L1", DATE)
    assert [row.kind for row in entered] == ["comment", "deposit", "punch"]
    assert entered[2].source
    assert entered[2].source["clock_out"] == "2026-10-31T23:00:00Z"
    stage.poll(punch("p-1", clock_out="22:00"), Deposit("d1", 25_000, DATE))
    catch_up(stage.engine, stage.journal)
    (agreed,) = queries.overlays(stage.engine, "C1", "L1", DATE, after=("deposit", "z"))
    assert agreed.ours == agreed.source
    day = queries.day(stage.engine, "C1", "L1", DATE)
    assert day
    assert [line["text"] for line in plain_summary(day.document)["comments"]] == ["The fryer broke."]


def test_the_history_of_a_punch_tells_both_sides(stage: Stage) -> None:
    """Who changed this punch: every fact about it in a sentence, by the index or without it."""
    stage.poll(OPEN)
    stage.enter(edit, reason="forgot to clock out")
    stage.poll(punch("p-1", clock_out="23:00"), actor="worker")
    stage.enter(partial(resolve, "ours"), reason="the schedule says so")
    stage.enter(lambda day: decide_withdraw(day, "punch", "p-1"), reason="Ann says 23:00")
    stage.enter(lambda day: decide_strike_punch(day, "p-1"), reason="not a shift")
    stage.poll()
    expected = [
        ("added", "Punch p-1 was added."),
        (
            "entered",
            "Anna edited punch p-1 because 'forgot to clock out': clock_out none → 2026-10-31T22:00:00Z.",
        ),
        (
            "changed",
            "Punch p-1 changed: clock_out none → 2026-10-31T23:00:00Z, excluded no_clock_out → empty.",
        ),
        (
            "conflict-raised",
            (
                "Punch p-1 was edited here, and then changed at the source (ours → theirs): "
                "clock_out 2026-10-31T22:00:00Z → 2026-10-31T23:00:00Z; ours stands until it is decided."
            ),
        ),
        (
            "conflict-resolved",
            "Anna decided the conflict about punch p-1 because 'the schedule says so': ours stands.",
        ),
        (
            "withdrawn",
            (
                "Anna withdrew the edit of punch p-1 because 'Ann says 23:00': "
                "clock_out 2026-10-31T22:00:00Z → 2026-10-31T23:00:00Z."
            ),
        ),
        ("entered", "Anna struck punch p-1 out because 'not a shift'."),
        ("removed", "Punch p-1 was removed."),
        ("agreed", "The source came to say of punch p-1 what was entered here."),
    ]
    without = history(stage.journal, None, "C1", "L1", DATE, "punch/p-1")
    assert [(step.operation, step.sentence) for step in without] == expected
    catch_up(stage.engine, stage.journal)
    indexed = history(stage.journal, stage.engine, "C1", "L1", DATE, "punch/p-1")
    assert indexed == without
    edited = indexed[1]
    assert (edited.before["excluded"], edited.after["clock_out"], edited.reason) == (
        "no_clock_out",
        "2026-10-31T22:00:00Z",
        "forgot to clock out",
    )
    whole = [step.sentence for step in history(stage.journal, None, "C1", "L1", DATE)]
    assert expected[1][1] in whole


def test_sentences_about_what_else_is_entered(stage: Stage) -> None:
    """Deposits, comments, tags, added punches, and punches that vanished, are sentences too."""
    stage.poll(OPEN, punch("p-2"), punch("p-3"))
    added = PunchFields(clock_in=at("16:00"), clock_out=at("20:00"), job="j1")
    stage.enter(lambda day: decide_add_punch(day, "e1", added, DATE, PLACE))
    stage.enter(lambda day: decide_withdraw(day, "punch", "daybook:1"))
    stage.enter(lambda day: decide_comment(day, "The fryer broke", "cli:anna"))
    stage.enter(lambda day: decide_withdraw(day, "comment", "daybook:2"))
    stage.enter(lambda day: decide_tag(day, "fair", "cli:anna"))
    stage.enter(lambda day: decide_withdraw(day, "tag", "fair"))
    stage.enter(lambda day: decide_deposit(day, DATE, 24_000, "17"))
    stage.enter(lambda day: decide_deposit(day, DATE, 25_000, None, "daybook:4"))
    stage.enter(edit)
    stage.enter(lambda day: decide_strike_punch(day, "p-2"))
    stage.enter(lambda day: decide_strike_punch(day, "p-3"))
    stage.poll(punch("p-2", clock_out="23:00"), punch("p-3"), Deposit("d1", 1, DATE))
    stage.enter(lambda day: decide_resolve(day, "deposit", "d1", "both"))
    stage.poll(OPEN, punch("p-2", clock_out="23:00"), punch("p-3"), Deposit("d1", 1, DATE))
    stage.enter(lambda day: decide_withdraw(day, "punch", "p-3"))
    stage.enter(lambda day: decide_withdraw(day, "deposit", "daybook:4"))
    told = [step.sentence for step in history(stage.journal, None, "C1", "L1", DATE)]
    why = " because 'by hand'"
    expected = [
        f"Anna added punch daybook:1 of employee e1{why}.",
        f"Anna withdrew punch daybook:1{why}.",
        f"Anna commented{why}: The fryer broke.",
        f"Anna withdrew a comment{why}: The fryer broke.",
        f"Anna tagged the day 'fair'{why}.",
        f"Anna took the tag 'fair' off the day{why}.",
        f"Anna entered deposit 17 of 240.00{why}.",
        f"Anna changed deposit 17{why}: amount 240.00 → 250.00.",
        f"Anna edited punch p-1{why}: clock_out none → 2026-10-31T22:00:00Z.",
        f"Anna struck punch p-2 out{why}.",
        f"Anna struck punch p-3 out{why}.",
        "Punch p-1 was edited here, and the source has it no longer: ours stands until it is decided.",
        "Punch p-2 was struck out here, and then changed at the source: ours stands until it is decided.",
        "The source has deposit d1 of 0.01 for a day with manual deposits: these count until it is decided.",
        f"Anna decided the conflict about deposit d1{why}: both count.",
        "The source took back what was in conflict about punch p-1: ours stands.",
        f"Anna withdrew punch p-3{why}. The source's is shown again.",
        f"Anna withdrew deposit 17{why}.",
    ]
    assert [sentence for sentence in told if sentence in expected] == expected


steps = st.lists(
    st.one_of(
        st.tuples(st.just("poll"), st.lists(st.sampled_from(["14", "15", "16"]), max_size=3), st.integers(0, 2)),
        st.tuples(st.just("edit"), st.integers(1, 3), st.integers(1, 3)),
        st.tuples(st.just("strike"), st.integers(1, 3)),
        st.tuples(st.just("add")),
        st.tuples(st.just("deposit"), st.integers(4, 6)),
        st.tuples(st.just("comment")),
        st.tuples(st.just("withdraw"), st.integers(0, 5)),
        st.tuples(st.just("resolve"), st.integers(0, 5), st.sampled_from(["ours", "theirs", "both"])),
        st.tuples(st.just("catch up"), st.integers(1, 4)),
    ),
    min_size=1,
    max_size=16,
)
few = settings(
    max_examples=examples(15),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
_clients = itertools.count(100)


def play(stage: Stage, story: list[tuple[Any, ...]], folds: Folds) -> None:
    """Record a story, catching up where it says so; what is refused, or changes nothing, is not recorded."""
    for verb, *given_ in story:
        if verb == "catch up":
            catch_up(stage.engine, stage.journal, limit=given_[0], folds=folds)
        elif verb == "poll":
            punches = [punch(f"p-{place}", clock_in=f"{hour}:00") for place, hour in enumerate(given_[0], 1)]
            deposits = [Deposit(f"d{place}", 100 + place, DATE) for place in range(given_[1])]
            stage.poll(sale("1", 950), *punches, *deposits)
        else:
            day = load_day(stage.journal, stage.day())
            try:
                facts = _decided(day, verb, given_)
            except Refusal:
                continue
            if facts:
                stage.enter(lambda _, facts=facts: facts)  # type: ignore[misc]


def _decided(day: BusinessDay, verb: str, given_: list[Any]) -> tuple[DayFact, ...]:
    match verb:
        case "edit":
            return edit(day, f"p-{given_[0]}", PunchFields(rate=Decimal(given_[1])))
        case "strike":
            return decide_strike_punch(day, f"p-{given_[0]}")
        case "add":
            return decide_add_punch(day, "e1", PunchFields(at("16:00"), at("17:00"), job="j1"), DATE, PLACE)
        case "deposit":
            return decide_deposit(day, DATE, given_[0], None)
        case "comment":
            return decide_comment(day, "x", "a")
    known = list(day.overlays if verb == "withdraw" else day.conflicts)
    if not known:
        return ()
    kind, key = known[given_[0] % len(known)]
    return decide_withdraw(day, kind, key) if verb == "withdraw" else decide_resolve(day, kind, key, given_[1])


@pytest.mark.slow
@few
@given(story=steps)
def test_views_are_the_fold_however_they_come_to_it(stage: Stage, story: list[tuple[Any, ...]]) -> None:
    """Labor, entries and conflicts are those of the folded day; catching up in any steps is a rebuild, to the byte."""
    stage.forget()
    stage.client = f"C{next(_clients)}"
    play(stage, story, Folds(stage.journal, most_records=8))
    catch_up(stage.engine, stage.journal, limit=2)
    day = load_day(stage.journal, stage.day())
    rows = {row.punch: row for row in queries.labor(stage.engine, stage.client, "L1", DATE)}
    merged = {key: decode("punch", data) for key, data in day.shown.get("punch", {}).items()}
    assert {key: (row.clock_in, Decimal(row.rate)) for key, row in rows.items()} == {
        key: (one.clock_in, one.rate)  # type: ignore[union-attr]
        for key, one in merged.items()
    }
    assert {key for key, row in rows.items() if row.edited_by_us} == {
        key for kind, key in day.overlays if kind == "punch" and key in merged
    }
    assert {key for key, row in rows.items() if row.conflict} == {
        key for kind, key in day.conflicts if kind == "punch" and key in merged
    }
    entered = queries.overlays(stage.engine, stage.client, "L1", DATE)
    assert {(row.kind, row.key) for row in entered} == set(day.overlays)
    for row in entered:
        if row.kind == "punch":
            overlay = day.overlays[row.kind, row.key]
            assert (row.ours is None, row.source is None) == (overlay.ours is None, overlay.source is None)
    open_ = queries.conflicts(stage.engine, stage.client)
    assert {(row.kind, row.key) for row in open_} == set(day.conflicts)
    found = queries.day(stage.engine, stage.client, "L1", DATE)
    if found:
        assert found.document == summary_bytes(summarize(day))
        assert sum(row.pay_cents for row in rows.values()) == summarize(day).labor_pay_cents
    caught_up = stage.dump()
    rebuild(stage.engine, stage.journal)
    assert stage.dump() == caught_up
    rebuild(stage.engine, stage.journal, ["labor"])
    assert stage.dump() == caught_up


def test_records_of_ours_are_canonical(stage: Stage) -> None:
    """What is shown of an edited punch is a record like any other: the same bytes as a source's that says the same."""
    stage.poll(OPEN)
    stage.enter(edit)
    day = load_day(stage.journal, stage.day())
    assert day.shown["punch"]["p-1"] == canonical(punch("p-1"))[2]


def test_a_generation_that_meets_an_entry_names_each_record_once(stage: Stage) -> None:
    """What it meant for what was entered belongs to it, and is no second change of the record."""
    stage.poll(OPEN)
    stage.enter(edit, reason="forgot to clock out")
    stage.poll(punch("p-1", clock_out="23:00"))
    stage.enter(partial(resolve, "theirs"))
    found = generation(stage.journal, stage.day(), 2)
    assert [(change.kind, change.key, change.operation) for change in found.changes] == [("punch", "p-1", "changed")]
    assert list(found.after.conflicts) == [("punch", "p-1")]
