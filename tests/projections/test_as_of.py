"""As of: whatever is shown as of a moment is what was shown at it, to the byte, whatever came later."""

import datetime as dt
import itertools
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from domain.commands.loading import load_books, load_day
from domain.facts import ABSENT, AccountsMapped, Change, DayCompensated, PollUnchanged, RecordsChanged
from domain.identifiers import BooksId, ConnectionId, DayId
from domain.ledger import journal_entries
from domain.ports.journal import Recording
from domain.records import Employee, Job, MenuItem, canonical
from domain.summary import summary_bytes, summary_of_bytes
from projections import queries
from projections.catching_up import catch_up
from projections.history import history
from projections.rebuilding import rebuild
from projections.scratch import day_views_as_of, days_as_of, rosters_as_of
from projections.timetravel import day_as_of
from tests.domain.build import punch
from tests.projections.stage import DATE, Stage, sale
from tests.support.laws import examples

DAYS = [("L1", DATE), ("L1", DATE + dt.timedelta(days=1)), ("L2", DATE)]
REFERENCE = ("menu-item", "tender", "tax-definition", "house-account")

_clients = itertools.count(1)

Shown = dict[Any, Any]

tickets = st.dictionaries(
    st.sampled_from("abcd"),
    st.tuples(st.integers(0, 3), st.booleans()).map(lambda drawn: (100 + drawn[0], drawn[1])),
    max_size=4,
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("poll"), st.sampled_from(DAYS), tickets, st.integers(0, 2)),
        st.tuples(st.just("same"), st.sampled_from(DAYS)),
        st.tuples(st.just("fail"), st.sampled_from(DAYS)),
        st.tuples(st.just("settle"), st.sampled_from(DAYS)),
        st.tuples(st.just("compensate"), st.sampled_from(DAYS), st.integers(0, 2)),
        st.tuples(st.just("roster"), st.sampled_from(["L1", "L2"]), st.integers(0, 3)),
        st.tuples(st.just("accounts"), st.integers(1, 3)),
    ),
    min_size=2,
    max_size=9,
)
few = settings(
    max_examples=examples(12),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Story:
    """A client's history, and what was shown after each of its steps."""

    def __init__(self, stage: Stage) -> None:
        stage.client = f"A{next(_clients)}"
        stage.connection = ConnectionId(stage.client, "main")
        self.stage = stage
        self.last: dict[DayId, tuple[Any, ...]] = {}
        stage.connect()

    def step(self, kind: str, *drawn: Any) -> None:
        """Record one step."""
        if kind == "roster":
            self.roster(*drawn)
        elif kind == "accounts":
            self.accounts(*drawn)
        else:
            getattr(self, kind)(DayId(self.stage.client, *drawn[0]), *drawn[1:])

    def poll(self, day: DayId, sold: dict[str, tuple[int, bool]], punches: int) -> None:
        """The source has other records."""
        made = [sale(key, cents, closed=closed) for key, (cents, closed) in sold.items()]
        self.last[day] = (*made, *[punch(f"p{number}") for number in range(punches)])
        self.stage.poll(*self.last[day], day=day)

    def same(self, day: DayId) -> None:
        """The source is read again."""
        self.stage.poll(*self.last.get(day, ()), day=day, capture="again")

    def fail(self, day: DayId) -> None:
        """The source does not answer."""
        self.stage.fail(day=day)

    def settle(self, day: DayId) -> None:
        """Somebody completes, approves or reopens the day."""
        self.stage.settle(day)

    def compensate(self, day: DayId, number: int) -> None:
        """Reading another day adds a part of a shift, in one commit with the attempt there."""
        known = load_day(self.stage.journal, day)
        other = DayId(day.client, day.location, day.date + dt.timedelta(days=7))
        if not known.generation:
            return
        kind, key, data = canonical(punch(f"x{number}"))
        before = known.records.get(kind, {}).get(key)
        after = ABSENT if before else msgspec.Raw(data)
        counts = (0, 0, 1) if before else (1, 0, 0)
        change = Change(kind, key, msgspec.Raw(before) if before else ABSENT, after)
        generation = known.generation + 1
        begun = DayCompensated(generation, "split-shift", other.date, "main", 1, "c7", *counts, 1)
        version = load_day(self.stage.journal, other).version
        self.stage.record(
            Recording(other.stream, version, (PollUnchanged(self.stage.attempt("repoll"), 1, "c7"),)),
            Recording(day.stream, known.version, (begun, RecordsChanged(generation, 1, (change,)))),
        )

    def roster(self, location: str, number: int) -> None:
        """The source's list changes."""
        people = [Employee(f"e{one}", f"person-{one}", f"sealed:{number}") for one in range(number)]
        reference = [MenuItem("17", f"Soup {number}", "Food")] if number else []
        found = [*people, Job("j1", "Server" * number), *reference]
        try:
            self.stage.roster(*found, location=location)  # type: ignore[arg-type]
        except ValueError:  # it is what it was: there is nothing to record
            return

    def accounts(self, number: int) -> None:
        """The client maps its accounts anew."""
        books = BooksId(self.stage.client)
        version = load_books(self.stage.journal, books).version
        fact = AccountsMapped(version + 1, {"tender/Visa": f"99{number}"})
        self.stage.record(Recording(books.stream, version, (fact,)))

    def shown(self) -> Shown:
        """Everything that is shown now."""
        engine, journal, client = self.stage.engine, self.stage.journal, self.stage.client
        found: Shown = {"days": queries.days(engine, client), "rosters": rosters(engine, client)}
        for location, date in DAYS:
            day = DayId(client, location, date)
            found[day] = of_day(engine, day)
            row = queries.day(engine, client, location, date)
            entries = row and journal_entries(summary_of_bytes(row.document), load_books(journal, BooksId(client)))
            found[day, "entries"] = entries
            found[day, "history"] = history(journal, engine, client, location, date)
            found[day, "record"] = history(journal, engine, client, location, date, "ticket/a")
            found[day, "field"] = history(journal, engine, client, location, date, "ticket/a", field="items.0.price")
        return found

    def shown_as_of(self, position: int) -> Shown:
        """Everything that was shown at a position, asked for now."""
        engine, journal, client = self.stage.engine, self.stage.journal, self.stage.client
        found: Shown = {"days": days_as_of(engine, journal, client, position)}
        with rosters_as_of(engine, journal, client, position) as then:
            found["rosters"] = rosters(then, client)
        for location, date in DAYS:
            day = DayId(client, location, date)
            with day_views_as_of(journal, day, position) as then:
                found[day] = of_day(then, day)
            told = day_as_of(journal, day, position)
            books = load_books(journal, BooksId(client), until=position)
            found[day, "entries"] = journal_entries(told.summary, books) if told.day.version else None
            row = found[day][0]
            assert row is None or row.document == summary_bytes(told.summary)
            asked: dict[str, Any] = {"until": position}
            found[day, "history"] = history(journal, engine, client, location, date, **asked)
            found[day, "record"] = history(journal, engine, client, location, date, "ticket/a", **asked)
            asked["field"] = "items.0.price"
            found[day, "field"] = history(journal, engine, client, location, date, "ticket/a", **asked)
        return found


def of_day(engine: Engine, day: DayId) -> tuple[Any, ...]:
    """A day, its tickets and its punches."""
    place = (engine, day.client, day.location, day.date)
    first = queries.tickets(*place, limit=1)
    rest = queries.tickets(*place, after=first[0].ticket) if first else []
    return queries.day(*place), queries.tickets(*place), first + rest, queries.labor(*place)


def rosters(engine: Engine, client: str) -> tuple[Any, ...]:
    """Employees, jobs and reference data."""
    references = [queries.references(engine, client, kind) for kind in REFERENCE]
    return queries.employees(engine, client), queries.jobs(engine, client), references


@pytest.mark.slow
@few
@given(history_of=steps)
def test_what_was_shown_is_what_is_shown_as_of_then(stage: Stage, history_of: list[tuple[Any, ...]]) -> None:
    """After each step of any history everything that is shown is kept; later it is shown again, equal to the byte.

    Days, their list, tickets in pages, labor, journal entries, histories of days, records and fields, employees, jobs
    and reference data; across polls, repolls, failures, settling, late changes, compensations, rosters and accounts.
    """
    story = Story(stage)
    kept: list[tuple[int, Shown]] = []
    for step in history_of:
        story.step(*step)
        catch_up(stage.engine, stage.journal, limit=3)
        kept.append((stage.journal.head(), story.shown()))
    for position, shown in kept:
        assert story.shown_as_of(position) == shown


def test_neither_later_facts_nor_a_rebuild_change_what_was(stage: Stage) -> None:
    """What is shown as of a moment is the same before and after a rebuild of all views."""
    story = Story(stage)
    story.poll(stage.day(), {"a": (100, True)}, 1)
    story.roster("L1", 2)
    catch_up(stage.engine, stage.journal)
    position, shown = stage.journal.head(), story.shown()
    story.poll(stage.day(), {"a": (300, True), "b": (100, False)}, 0)
    story.roster("L1", 3)
    rebuild(stage.engine, stage.journal)
    assert story.shown_as_of(position) == shown
    assert story.shown_as_of(stage.journal.head()) == story.shown()
    assert story.shown() != shown


def test_lists_of_days_as_of_a_moment_come_in_pages(stage: Stage) -> None:
    """Days that came later are in no page, and those that changed since are as they were."""
    dates = [DATE + dt.timedelta(days=number) for number in range(6)]
    for date in dates[:4]:
        stage.poll(sale("1", 100), day=stage.day(date=date))
    position = stage.journal.head()
    for date in [*dates[4:], dates[1]]:
        stage.poll(sale("1", 900), day=stage.day(date=date))
    catch_up(stage.engine, stage.journal)
    seen: list[Any] = []
    while page := days_as_of(
        stage.engine,
        stage.journal,
        "C1",
        position,
        after=(seen[-1].business_date, seen[-1].location) if seen else None,
        limit=3,
    ):
        seen += page
    assert [row.business_date for row in seen] == dates[:4]
    assert {row.net_sales_cents for row in seen} == {100}
    assert days_as_of(stage.engine, stage.journal, "C1", 0) == []


@pytest.mark.parametrize("nothing", ["day", "roster"])
def test_before_anything_was_recorded(stage: Stage, nothing: str) -> None:
    """As of the beginning nothing is shown, and that is no error."""
    stage.connect()
    stage.poll(sale("1", 100))
    catch_up(stage.engine, stage.journal)
    if nothing == "day":
        with day_views_as_of(stage.journal, stage.day(), 0) as then:
            assert queries.day(then, "C1", "L1", DATE) is None
    else:
        with rosters_as_of(stage.engine, stage.journal, "C1", 0) as then:
            assert queries.employees(then, "C1") == []
