"""What is due: given the recorded days and the clock, these days have to be polled, then and for that reason."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.actors import name_of
from domain.due import URGENCY, Deletion, Due, Failed, Halt, Place, Rules, Watched, first_date, what_is_due
from domain.due.renewing import renewal

RULES = Rules()
NOON = dt.datetime(2026, 11, 10, 17, tzinfo=dt.UTC)
"""Noon of November 10 in New York."""

TODAY = dt.date(2026, 11, 10)
YESTERDAY = TODAY - dt.timedelta(days=1)
PIER = Place("pier", "tray", "America/New_York")
SOLD = 100_00


def back(days: int) -> dt.date:
    """The business date so many days back."""
    return TODAY - dt.timedelta(days=days)


def sold(*dates: dt.date) -> dict[dt.date, Watched]:
    """Days with sales."""
    return {date: Watched(date, "in progress", NOON, SOLD, tried_at=NOON) for date in dates}


ALL_SOLD = sold(*[back(days) for days in range(1, 31)])


def asked(*days: Watched, place: Place = PIER, now: dt.datetime = NOON, rules: Rules = RULES) -> list[Due]:
    """What is due where all days but these had sales."""
    return list(what_is_due(place, {**ALL_SOLD, **{day.date: day for day in days}}, now, rules))


def one(*days: Watched, place: Place = PIER, now: dt.datetime = NOON) -> Due:
    """The only one."""
    (found,) = asked(*days, place=place, now=now)
    return found


def failed(times: int = 1, failure: str = "timeout", *, retryable: bool = True, **fields: dt.datetime) -> Failed:
    """A poll that failed."""
    return Failed(times, failure, "No answer came.", retryable, **fields)


def test_nothing_is_due_where_every_day_had_sales() -> None:
    """The running day is not asked for, and days past the window are nobody's business."""
    assert asked() == []


def test_yesterday_is_due_a_while_after_its_close() -> None:
    """By the location's clock, and the grace after it; until then it waits and says so."""
    days = {date: day for date, day in ALL_SOLD.items() if date != YESTERDAY}
    (found,) = what_is_due(PIER, days, NOON, RULES)
    assert (found.date, found.why, found.reason, found.to_do) == (YESTERDAY, "daily", "daily poll", "")
    closed = dt.datetime(2026, 11, 10, 5, tzinfo=dt.UTC)
    assert (found.since, found.not_before) == (closed, closed + dt.timedelta(minutes=15))
    assert found.is_due(closed + dt.timedelta(minutes=15))
    assert not found.is_due(closed + dt.timedelta(minutes=15, seconds=-1))


@pytest.mark.parametrize(
    ("zone", "starts", "over"),
    [
        ("America/New_York", dt.time(0), dt.datetime(2026, 11, 10, 5, tzinfo=dt.UTC)),
        ("America/New_York", dt.time(4), dt.datetime(2026, 11, 10, 9, tzinfo=dt.UTC)),
        ("Pacific/Honolulu", dt.time(0), dt.datetime(2026, 11, 10, 10, tzinfo=dt.UTC)),
        ("Asia/Tokyo", dt.time(0), dt.datetime(2026, 11, 10, 15, tzinfo=dt.UTC)),
    ],
)
def test_each_location_goes_by_its_own_clock(zone: str, starts: dt.time, over: dt.datetime) -> None:
    """Yesterday ends when it ends there."""
    found = next(iter(what_is_due(Place("x", "c", zone, starts), {}, NOON, RULES)))
    assert found.not_before == over + dt.timedelta(minutes=15)


def test_a_new_location_is_filled_up_backwards() -> None:
    """The last 30 days, newest first, missing since it was connected."""
    connected = NOON - dt.timedelta(hours=1)
    found = list(what_is_due(replace(PIER, since=connected), {}, NOON, RULES))
    assert [due.date for due in found] == [back(days) for days in range(1, 31)]
    assert [due.why for due in found] == ["daily", *["never-polled"] * 29]
    assert {due.since for due in found} == {connected}
    assert all(due.is_due(NOON) for due in found)
    assert first_date(PIER, NOON, RULES) == back(30)


def test_an_outage_of_three_days_yields_three_polls() -> None:
    """Whoever asks after it is told just the days that are missing, each once."""
    before = {date: day for date, day in ALL_SOLD.items() if date < back(3)}
    found = list(what_is_due(PIER, before, NOON, RULES))
    assert [(due.date, due.is_due(NOON)) for due in found] == [(back(days), True) for days in (1, 2, 3)]


def test_a_deleted_day_is_due_at_once() -> None:
    """It says who wants it anew and why."""
    deletion = Deletion(NOON, "cli:anna", "the till was wrong")
    found = one(Watched(back(5), "missing", NOON, 0, tried_at=NOON, deletion=deletion))
    assert found.reason == "missing: deleted by Anna because 'the till was wrong'"
    assert (found.why, found.since, found.is_due(NOON)) == ("deleted", NOON, True)
    by_worker = one(Watched(back(5), deletion=Deletion(NOON, "worker", "")))
    assert by_worker.reason == "missing: deleted by the worker"


def test_a_deleted_day_that_cannot_be_read_waits_too() -> None:
    """What failed since then backs off as every failure does."""
    deletion = Deletion(NOON, "cli:anna", "wrong")
    found = one(Watched(back(5), tried_at=NOON, deletion=deletion, failed=failed(2)))
    assert found.reason.endswith("because 'wrong'; the last 2 polls failed (timeout): No answer came")
    assert (found.why, found.not_before) == ("deleted", NOON + dt.timedelta(minutes=30))


@pytest.mark.parametrize(
    ("times", "minutes"), [(1, 15), (2, 30), (3, 60), (4, 120), (5, 240), (6, 360), (7, 360), (1000, 360)]
)
def test_a_failed_day_backs_off(times: int, minutes: int) -> None:
    """Fifteen minutes, doubled with every failure up to six hours."""
    found = one(Watched(back(2), tried_at=NOON, failed=failed(times)))
    assert (found.why, found.not_before) == ("failed", NOON + dt.timedelta(minutes=minutes))
    words = "the last poll failed" if times == 1 else f"the last {times} polls failed"
    assert found.reason == f"missing: {words} (timeout): No answer came"


def test_the_source_says_when_it_may_be_asked_again() -> None:
    """Its word goes before ours where it is later, and not where it is earlier."""
    later, sooner = NOON + dt.timedelta(hours=7), NOON + dt.timedelta(minutes=1)
    day = Watched(back(2), tried_at=NOON)
    assert one(replace(day, failed=failed(retry_at=later))).not_before == later
    assert one(replace(day, failed=failed(retry_at=sooner))).not_before == NOON + dt.timedelta(minutes=15)


@pytest.mark.parametrize(
    ("failure", "to_do"),
    [
        ("not-authorized", "give the connection a key that is valid"),
        ("unknown-venue", "look at the location's venue id"),
        ("malformed", "ask the source's support, and send them the message"),
    ],
)
def test_what_does_not_go_away_by_itself_says_what_to_do(failure: str, to_do: str) -> None:
    """It is tried every six hours only, from the first time on."""
    found = one(Watched(back(2), tried_at=NOON, failed=failed(1, failure, retryable=False)))
    assert (found.to_do, found.not_before) == (to_do, NOON + dt.timedelta(hours=6))


@pytest.mark.parametrize(("unchanged", "minutes"), [(0, 15), (1, 30), (5, 360), (9, 360)])
def test_a_day_without_sales_is_polled_until_somebody_confirms_it(unchanged: int, minutes: int) -> None:
    """With longer and longer pauses."""
    day = Watched(back(3), "in progress", NOON, 0, unchanged, NOON)
    found = one(day)
    assert (found.why, found.to_do) == ("zero-sales", "confirm that the place was closed, if it was")
    assert (found.since, found.not_before) == (NOON, NOON + dt.timedelta(minutes=minutes))
    assert asked(replace(day, closed=True)) == []
    assert asked(replace(day, state="approved")) == []
    assert one(replace(day, state="completed")).why == "zero-sales"


def test_a_day_without_sales_that_cannot_be_read_says_both() -> None:
    """The pause is the failure's, and what to do stays what it was."""
    day = Watched(back(3), "in progress", NOON, 0, 0, NOON, failed(2))
    found = one(day)
    assert found.reason.startswith("no net sales, and nobody confirmed that the place was closed; the last 2 polls")
    assert (found.why, found.not_before) == ("zero-sales", NOON + dt.timedelta(minutes=30))
    assert found.to_do == "confirm that the place was closed, if it was"


def test_a_day_with_nothing_but_files_is_polled_for_the_first_time() -> None:
    """Deposits that were imported beside a point of sale do not stand for its day."""
    assert one(Watched(back(3), "in progress", NOON, 0)).why == "never-polled"


def test_a_failed_repoll_of_a_day_with_sales_is_nobodys_business() -> None:
    """What was read whole stands."""
    assert asked(Watched(back(3), "in progress", NOON, SOLD, tried_at=NOON, failed=failed())) == []


def test_days_that_come_in_files_are_never_due_for_a_poll() -> None:
    """They show as missing, and say that they wait for files."""
    place = replace(PIER, polled=False, since=NOON)
    day = one(Watched(back(3)), place=place)
    assert (day.why, day.reason, day.not_before, day.since) == (
        "waiting-for-files",
        "missing: waiting for files",
        None,
        NOON,
    )
    assert (day.is_due(NOON + dt.timedelta(days=9)), day.to_do) == (False, "import the day's files")
    deleted = one(Watched(back(3), deletion=Deletion(NOON, "cli:anna", "")), place=replace(place, held_until=NOON))
    assert (deleted.reason, deleted.not_before) == ("missing: deleted by Anna; waiting for files", None)
    assert asked(Watched(back(3), "in progress", NOON, 0), place=place) == []


def test_a_source_that_asks_for_patience_is_left_alone() -> None:
    """Whatever is due there waits, and what waits longer anyway stays."""
    until = NOON + dt.timedelta(minutes=40)
    held = replace(PIER, held_until=until)
    deletion = Deletion(NOON, "cli:anna", "wrong")
    assert one(Watched(back(5), deletion=deletion), place=held).not_before == until
    assert one(Watched(back(2), tried_at=NOON, failed=failed(5)), place=held).not_before == NOON + dt.timedelta(hours=4)


def test_the_window_ends_after_30_days() -> None:
    """Day 30 is due, day 31 is support's; the bound is a setting."""
    found = list(what_is_due(PIER, {}, NOON, RULES))
    assert (found[0].date, found[-1].date) == (back(1), back(30))
    assert len(list(what_is_due(PIER, {}, NOON, Rules(window_days=3)))) == 3


def test_what_somebody_waits_for_goes_first() -> None:
    """Deleted days, then yesterday, then failed, missing and empty ones, the newest of each first."""
    days = (
        Watched(back(2), "in progress", NOON, 0, tried_at=NOON),
        Watched(back(3), tried_at=NOON, failed=failed()),
        Watched(back(4), deletion=Deletion(NOON, "cli:anna", "")),
    )
    missing = {date: day for date, day in ALL_SOLD.items() if date not in {back(1), back(5), back(6)}}
    found = what_is_due(PIER, {**missing, **{day.date: day for day in days}}, NOON, RULES)
    assert [due.date for due in sorted(found, key=lambda due: due.urgency)] == [
        back(4),
        back(1),
        back(3),
        back(5),
        back(6),
        back(2),
    ]
    assert sorted(URGENCY.values()) == list(range(8))


@pytest.mark.parametrize(
    ("actor", "name"),
    [
        ("cli:anna", "Anna"),
        ("worker", "The worker"),
        ("api:anonymous", "Somebody (api)"),
        ("anonymous", "Somebody"),
        ("", "Somebody"),
    ],
)
def test_actors_have_names(actor: str, name: str) -> None:
    """Of people and of machines."""
    assert name_of(actor) == name


instants = st.integers(-60 * 24, 150 * 24).map(lambda hours: NOON + dt.timedelta(hours=hours))
FEW = Rules(window_days=6)
places = st.builds(
    Place,
    st.just("pier"),
    st.just("tray"),
    st.sampled_from(["America/New_York", "Pacific/Auckland", "UTC", "America/St_Johns", "standard:Europe/Dublin"]),
    st.sampled_from([dt.time(0), dt.time(4), dt.time(23, 30)]),
    st.none() | instants,
    st.booleans(),
    st.none() | instants,
)
watched = st.builds(
    Watched,
    st.just(TODAY),
    st.sampled_from(["missing", "in progress", "completed", "approved"]),
    st.none() | instants,
    st.sampled_from([0, SOLD, -SOLD]),
    st.integers(0, 500),
    st.none() | instants,
    st.none() | st.builds(Failed, st.integers(1, 500), st.just("timeout"), st.just("No."), st.booleans(), instants),
    st.none() | st.builds(Deletion, instants, st.just("cli:anna"), st.just("")),
    st.booleans(),
)


@given(place=places, days=st.lists(watched, min_size=6, max_size=6), now=instants)
def test_laws_of_what_is_due(place: Place, days: list[Watched], now: dt.datetime) -> None:
    """Each day at most once, newest first, inside the window, over before it is due, and due in the end if polled."""
    first = first_date(place, now, FEW)
    known = {first + dt.timedelta(days=number): day for number, day in enumerate(days)}
    known = {date: replace(day, date=date) for date, day in known.items()}
    found = list(what_is_due(place, known, now, FEW))
    dates = [due.date for due in found]
    assert dates == sorted(set(dates), reverse=True)
    assert all(first <= date <= first + dt.timedelta(days=5) for date in dates)
    for due in found:
        assert (due.not_before is not None) == place.polled
        assert due.is_due(now) == (due.not_before is not None and due.not_before <= now)
        day = known[due.date]
        assert day.state == "missing" or not (day.net_sales_cents or day.closed)
    told = {due.date for due in found}
    assert {date for date, day in known.items() if day.state == "missing"} <= told


def test_where_nothing_is_polled_the_reason_is_told() -> None:
    """Whatever is missing at a suspended connection is listed and not due; where it is over nothing is expected."""
    halt = Halt("suspended", "the connection is suspended because 'the contract'", "resume the connection")
    found = one(Watched(back(2)), place=replace(PIER, halt=halt, held_until=NOON + dt.timedelta(hours=1)))
    assert (found.why, found.not_before, found.to_do) == ("suspended", None, "resume the connection")
    assert found.reason == "missing: never polled; the connection is suspended because 'the contract'"
    assert asked(Watched(back(2)), place=replace(PIER, over=True)) == []


@pytest.mark.parametrize(
    ("days", "told", "ended"),
    [(-1, True, True), (0, True, True), (3, True, False), (7, False, False), (30, False, False)],
)
def test_grants_are_renewed_in_time(days: int, told: bool, ended: bool) -> None:
    """From so many days before the end on, and after it; one that does not end never."""
    until = NOON + dt.timedelta(days=days)
    found = renewal("books", "Books", until, NOON, 7)
    assert (found is not None) is told
    if found:
        assert found.ended is ended
        verb = "ended" if ended else "ends"
        assert found.sentence == f"The grant of Books {verb} on {until:%Y-%m-%d} 17:00 UTC: renew the connection."
    assert renewal("books", "Books", None, NOON, 7) is None
