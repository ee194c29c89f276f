"""Histories of fields, origins, generations, comparisons and drilling down, on facts as they are recorded."""

import datetime as dt
from typing import Any

import msgspec
import pytest

from domain.commands.loading import load_day
from domain.explaining import explain_figure, explain_line
from domain.facts import ABSENT, AccountsMapped, Change, DayCompensated, PollUnchanged, RecordsChanged
from domain.identifiers import BooksId
from domain.ports.journal import Recording
from domain.records import Employee, Job, canonical
from projections.catching_up import catch_up
from projections.drilling import drill
from projections.fields import BadField, NoSuchField
from projections.generations import (
    NoSuchGeneration,
    at_generation,
    at_position,
    compare,
    effect_of,
    generation,
    generations,
)
from projections.history import history
from projections.origins import Origin
from tests.domain.build import punch
from tests.projections.stage import DATE, Stage, sale

OTHER_DATE = DATE - dt.timedelta(days=1)


def field_story(stage: Stage, record: str, field: str, **asked: Any) -> list[str]:
    """What happened to a field, as sentences."""
    catch_up(stage.engine, stage.journal)
    found = history(stage.journal, stage.engine, "C1", "L1", DATE, record, field=field, **asked)
    assert found == history(stage.journal, None, "C1", "L1", DATE, record, field=field, **asked)
    return [step.sentence for step in found]


def compensated(stage: Stage, key: str) -> int:
    """Reading another day adds a part of a shift to this one, in one commit; answers the position."""
    day, other = stage.day(), stage.day(date=OTHER_DATE)
    known = load_day(stage.journal, day)
    kind, name, data = canonical(punch(key))
    begun = DayCompensated(known.generation + 1, "split-shift", OTHER_DATE, "main", 2, "c-other", 1, 0, 0, 1)
    part = RecordsChanged(known.generation + 1, 1, (Change(kind, name, ABSENT, msgspec.Raw(data)),))
    version = load_day(stage.journal, other).version
    attempt = PollUnchanged(stage.attempt("repoll"), 1, "c-other")
    return stage.record(
        Recording(other.stream, version, (attempt,)), Recording(day.stream, known.version, (begun, part))
    ).position


def test_the_history_of_a_field(stage: Stage) -> None:
    """Only the facts in which the field changed, each from what to what, from the first to the last."""
    stage.poll(sale("1", 950))
    stage.poll(sale("1", 1050))
    stage.poll(sale("1", 1050, guests=3), reason="a guest more")
    stage.poll()
    stage.poll(sale("1", 1050, tip=100))
    assert field_story(stage, "ticket/1", "items.0.price") == [
        "Ticket 101 changed: items.0.price none → 9.50.",
        "Ticket 101 changed: items.0.price 9.50 → 10.50.",
        "Ticket 101 changed: items.0.price 10.50 → none.",
        "Ticket 101 changed: items.0.price none → 10.50.",
    ]
    assert field_story(stage, "ticket/1", "items[i-1].price") == [
        sentence.replace("items.0.", "items[i-1].") for sentence in field_story(stage, "ticket/1", "items.0.price")
    ]
    assert field_story(stage, "ticket/1", "guests")[:2] == [
        "Ticket 101 changed: guests none → 2.",
        "Ticket 101 changed: guests 2 → 3.",
    ]
    assert field_story(stage, "ticket/1", "payments.p-1.tip")[-1] == "Ticket 101 changed: payments.p-1.tip none → 1.00."
    assert field_story(stage, "ticket/1", "table") == [
        "Ticket 101 changed: table none → empty.",
        "Ticket 101 changed: table empty → none.",
        "Ticket 101 changed: table none → empty.",
    ]
    assert field_story(stage, "ticket/1", "items.7.price") == []
    assert field_story(stage, "ticket/1", "guests.more") == []


def test_the_history_of_a_field_with_what_is_inside_it(stage: Stage) -> None:
    """A field that holds others is told with those of them that changed; pages and moments cut it as they cut all."""
    for cents in (100, 200, 200, 300):
        stage.poll(sale("1", cents))
    story = [
        "Ticket 101 changed: taxes.0 none → Tax.",
        "Ticket 101 changed: taxes.0.amount 0.10 → 0.20.",
        "Ticket 101 changed: taxes.0.amount 0.20 → 0.30.",
    ]
    assert field_story(stage, "ticket/1", "taxes.0") == story
    steps = history(stage.journal, stage.engine, "C1", "L1", DATE, "ticket/1", field="taxes.0")
    first, second, third = [step.position for step in steps]
    assert field_story(stage, "ticket/1", "taxes.0", until=second) == field_story(stage, "ticket/1", "taxes.0")[:2]
    assert field_story(stage, "ticket/1", "taxes.0", after=first, limit=1) == [story[1]]
    assert field_story(stage, "ticket/1", "taxes.0", after=third) == []


def test_fields_that_are_none(stage: Stage) -> None:
    """A field that records of the kind do not have, or that is not written as one, is refused with what there is."""
    with pytest.raises(NoSuchField, match=r"A punch has no field 'tips'. It has: id, employee, job"):
        history(stage.journal, None, "C1", "L1", DATE, "punch/p1", field="tips")
    for text in ("", "a..b", "a.", "[0]", "a[", "x" * 201):
        with pytest.raises(BadField, match="not a field"):
            history(stage.journal, None, "C1", "L1", DATE, "ticket/1", field=text)
    with pytest.raises(BadField, match="of one record"):
        history(stage.journal, None, "C1", "L1", DATE, field="guests")
    assert history(stage.journal, None, "C1", "L1", DATE, "future-kind/1", field="anything") == []


def test_personal_fields_stay_sealed(stage: Stage) -> None:
    """A personal field says when it changed and nothing of what it holds."""
    stage.connect()
    stage.roster(Employee("e1", "person-1", ssn="sealed:AAAA"), Job("j1", "Server"))
    stage.roster(Employee("e1", "person-1", ssn="sealed:BBBB"), Job("j1", "Server"))
    catch_up(stage.engine, stage.journal)
    found = history(stage.journal, stage.engine, "C1", "L1", None, "employee/e1", field="ssn")
    assert [step.sentence for step in found] == ["Employee e1 changed: ssn changed (sealed)."] * 2
    assert "AAAA" not in repr(found)


def test_who_changed_this_punch_has_an_answer(stage: Stage) -> None:
    """'Who changed this punch?' without an answer (DOMAIN.md §11): who, when, why, from what to what, and who says so.

    The punch was read with the day, edited above the store, taken away, brought back by another day's reading, and
    changed once more at the source after the day was approved: each is told with its capture and attempt.
    """
    stage.connect()
    stage.poll(punch("p1"), capture="c1", actor="worker")
    stage.poll(punch("p1", clock_out="23:00", terminal="HQ"), capture="c2", reason="asked by payroll")
    stage.poll(capture="c3")
    position = compensated(stage, "p1")
    stage.settle(stage.day())
    stage.settle(stage.day())
    stage.poll(punch("p1", clock_out="20:00"), capture="c4")
    for engine in (None, stage.engine):
        catch_up(stage.engine, stage.journal)
        steps = history(stage.journal, engine, "C1", "L1", DATE, "punch/p1")
        assert [step.operation for step in steps] == ["added", "changed", "removed", "added", "observed"]
        assert [step.sentence for step in steps] == [
            "Punch p1 was added.",
            (
                "Punch p1 was edited above store: clock_out 2026-10-31T22:00:00Z → 2026-10-31T23:00:00Z, "
                "terminal empty → HQ."
            ),
            "Punch p1 was removed.",
            "Punch p1 was added.",
            (
                "Punch p1 would have changed after the approval, and counts once the day is reopened: "
                "clock_out 2026-10-31T22:00:00Z → 2026-10-31T20:00:00Z."
            ),
        ]
        assert [(step.actor, step.reason) for step in steps[:2]] == [("worker", ""), ("cli:anna", "asked by payroll")]
        assert [step.origin.capture for step in steps] == ["c1", "c2", "c3", "c-other", "c4"]
        assert [step.origin.generation for step in steps] == [1, 2, 3, 4, 0]
        assert all(step.origin.attempt and step.origin.attempt.started_at for step in steps)
        assert (steps[3].position, steps[3].origin.read_date) == (position, OTHER_DATE)
        assert all(step.command and step.recorded_at for step in steps)
    (clock_out,) = [
        step
        for step in history(stage.journal, stage.engine, "C1", "L1", DATE, "punch/p1", field="terminal")
        if step.operation == "changed"
    ]
    assert (clock_out.changes[0].before, clock_out.changes[0].after) == ("", "HQ")


def test_the_origins_of_facts(stage: Stage) -> None:
    """What was read says which answer and attempt; a roster has those of its commit; what a person decides has none."""
    stage.connect()
    stage.poll(sale("1", 100), capture="c1")
    stage.settle(stage.day())
    stage.fail()
    polled, part, completed, failed = history(stage.journal, None, "C1", "L1", DATE)
    assert polled.origin == part.origin
    attempt = stage.attempt("poll")
    assert polled.origin == Origin(1, "main", 1, "c1", attempt, None)
    assert completed.origin == Origin()
    assert failed.origin == Origin(0, "main", 1, "", stage.attempt("repoll"), None)
    # A page that begins behind the beginning of a generation knows it all the same.
    (alone,) = history(stage.journal, None, "C1", "L1", DATE, after=polled.position, limit=1)
    assert alone == part
    stage.roster(Employee("e1", "person-1"), Job("j1", "Server"))
    catch_up(stage.engine, stage.journal)
    (roster,) = history(stage.journal, stage.engine, "C1", "L1", None, "employee/e1")
    assert (roster.origin.capture, roster.origin.attempt) == ("r", None)  # here nothing was read in its commit


def test_parts_that_follow_on_nothing(stage: Stage) -> None:
    """A part whose beginning is not there, which no release writes, has no origin and stops nothing."""
    part = RecordsChanged(7, 1, (Change("ticket", "1", ABSENT, msgspec.Raw(b'{"number":"1"}')),))
    stage.record(Recording(stage.day().stream, 0, (part,)))
    stage.record(Recording(stage.day().stream, 1, (part,)))
    steps = history(stage.journal, None, "C1", "L1", DATE)
    assert [step.origin for step in steps] == [Origin(), Origin()]


def test_generations_of_a_day(stage: Stage) -> None:
    """Each reading that changed the day, and each compensation: its number, why, counts, and from which answer."""
    stage.poll(sale("1", 100), capture="c1", actor="worker")
    stage.poll(sale("1", 100), capture="c2")
    stage.fail()
    stage.poll(sale("1", 200), sale("2", 50), capture="c3", reason="a late check")
    compensated(stage, "p1")
    found = generations(stage.journal, stage.day())
    assert [(one.counts.generation, one.counts.origin) for one in found] == [
        (1, "poll"),
        (2, "repoll"),
        (3, "split-shift"),
    ]
    assert [(one.counts.added, one.counts.changed, one.counts.removed) for one in found] == [
        (1, 0, 0),
        (1, 1, 0),
        (1, 0, 0),
    ]
    assert [one.origin.capture for one in found] == ["c1", "c3", "c-other"]
    assert all(one.origin.attempt for one in found)
    assert found[1].begun.provenance.reason == "a late check"
    assert generations(stage.journal, stage.day(), after=1, limit=1) == found[1:2]
    assert generations(stage.journal, stage.day(), until=found[1].begun.position - 1) == found[:1]
    assert generations(stage.journal, stage.day("L9")) == []
    with pytest.raises(ValueError, match="1 to 500"):
        generations(stage.journal, stage.day(), limit=501)


def test_one_generation_and_what_it_means(stage: Stage) -> None:
    """Its records before and after, and its effect in the books as they were then, whatever is mapped later."""
    stage.poll(sale("1", 1000), sale("2", 500))
    stage.poll(sale("1", 1200))
    books = BooksId("C1")
    stage.record(Recording(books.stream, 0, (AccountsMapped(1, {"tender/Visa": "9999"}),)))
    whole = generation(stage.journal, stage.day(), 2)
    assert [(change.key, change.operation) for change in whole.changes] == [("1", "changed"), ("2", "removed")]
    assert (whole.before.generation, whole.after.generation, whole.after.version) == (1, 2, 4)
    then, effect = effect_of(stage.journal, stage.day(), whole)
    assert then.version == 0
    figures = {one.name: one.difference for one in effect.figures}
    assert (figures["net_sales"], figures["tickets"]) == (-300, -1)
    lines = {one.key: one for one in effect.lines}
    assert lines["tender/Visa"].difference == -330
    assert lines["tender/Visa"].after
    assert lines["tender/Visa"].after.account == "1110"
    with pytest.raises(NoSuchGeneration, match="no generation 3: it has 2 so far"):
        generation(stage.journal, stage.day(), 3)
    with pytest.raises(NoSuchGeneration, match="it has none so far"):
        generation(stage.journal, stage.day("L9"), 1)


def test_two_generations_in_one_commit_are_two(stage: Stage) -> None:
    """Where one commit begins several generations, each has its own records and its own before."""
    stage.poll(sale("1", 100))
    facts = []
    for number, key in ((2, "x1"), (3, "x2")):
        kind, name, data = canonical(punch(key))
        facts.append(DayCompensated(number, "split-shift", OTHER_DATE, "main", 1, "c9", 1, 0, 0, 1))
        facts.append(RecordsChanged(number, 1, (Change(kind, name, ABSENT, msgspec.Raw(data)),)))  # type: ignore[arg-type]
    stage.record(Recording(stage.day().stream, 2, tuple(facts)))
    second, third = (generation(stage.journal, stage.day(), number) for number in (2, 3))
    assert [change.key for change in second.changes] == ["x1"]
    assert [change.key for change in third.changes] == ["x2"]
    assert third.before == second.after
    assert at_generation(stage.journal, stage.day(), 2).day == second.after


def test_moments_compared(stage: Stage) -> None:
    """Generations and positions mix; the same moment has no difference; either direction is the other's mirror."""
    positions = [stage.poll(sale("1", cents)).position for cents in (1000, 1200, 900)]
    first, last = at_generation(stage.journal, stage.day(), 1), at_position(stage.journal, stage.day(), positions[2])
    found = compare(first, last)
    assert [change.operation for change in found.changes] == ["changed"]
    assert {one.name: one.difference for one in found.effect.figures}["net_sales"] == -100
    mirrored = compare(last, first)
    assert {one.name: one.difference for one in mirrored.effect.figures}["net_sales"] == 100
    same = compare(at_position(stage.journal, stage.day(), positions[0]), first)
    assert (same.changes, same.effect.figures, same.effect.lines) == ((), (), ())
    nothing = compare(at_position(stage.journal, stage.day(), 0), first)
    assert [change.operation for change in nothing.changes] == ["added"]


def test_from_a_figure_to_the_source(stage: Stage) -> None:
    """Each record behind a figure leads to the fact that said so last, the capture and the attempt."""
    stage.poll(sale("1", 1000), sale("2", 500), sale("3", 70), capture="c1")
    changed = stage.poll(sale("1", 1000), sale("2", 700), sale("3", 70), capture="c2", reason="a late check")
    found = drill(stage.journal, stage.day(), lambda day: explain_figure(day, "net_sales"))
    assert {one.share.key: (one.share.value, one.origin.capture) for one in found.page} == {
        "1": (1000, "c1"),
        "2": (700, "c2"),
        "3": (70, "c1"),
    }
    second = found.page[1]
    assert second.said
    assert (second.said.position, second.said.provenance.reason) == (changed.position, "a late check")
    assert second.origin.attempt == stage.attempt("repoll")
    page = drill(
        stage.journal, stage.day(), lambda day: explain_figure(day, "net_sales"), after=("ticket", "1"), limit=1
    )
    assert [one.share.key for one in page.page] == ["2"]
    assert len(page.explanation.shares) == 3
    before = drill(
        stage.journal, stage.day(), lambda day: explain_line(day, "sales", "tender/Visa"), until=changed.position - 1
    )
    assert {one.share.key: one.share.value for one in before.page} == {"1": 1100, "2": 550, "3": 77}
    assert {one.origin.capture for one in before.page} == {"c1"}


def test_a_share_of_the_day_as_a_whole_has_no_fact(stage: Stage) -> None:
    """An issue of the day is no record's, so that no fact said it."""
    stage.poll(sale("1", 1000, closed=False), sale("2", 500, revenue_center=""))
    found = drill(stage.journal, stage.day(), lambda day: explain_figure(day, "issue_count"))
    told: list[tuple[str, bool]] = [(one.share.key, one.said is None) for one in found.page]
    assert told == [("", True), ("1", False)]
    assert found.page[0].origin == Origin()
