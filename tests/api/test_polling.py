"""Polling and replaying over HTTP: outcomes, versions, keys, and failures as problems."""

import datetime as dt
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from adapters.pos.tray.simulator import Edits
from api.http import models, replay_models
from domain.commands.loading import load_connection
from domain.identifiers import ConnectionId
from domain.polling import translation as translating
from domain.polling.taxes import settled_with
from domain.ports.source import SourceFailure
from tests.api.site import DATES, LAST, Site, a_site

D = DATES[0]


def test_first_poll_then_unchanged_then_changed(fresh: Site) -> None:
    """A first poll is a new generation (201), the same again adds an attempt only (200), an edit makes the next one."""
    first = fresh.poll(D)
    assert (first.status_code, first.json()["outcome"], first.json()["generation"]) == (201, "polled", 1)
    assert first.headers["location"] == f"/v1/days/alpha/{D}"
    assert first.headers["daybook-position"] == str(first.json()["position"])
    models.PollAnswer.model_validate_json(first.content)
    again = fresh.poll(D)
    assert (again.status_code, again.json()["outcome"], again.json()["generation"]) == (200, "unchanged", 1)
    facts = [type(entry.fact).__name__ for entry in fresh.opened.journal.stream(f"business-day:main:alpha:{D}")]
    assert facts.count("PollUnchanged") == 1
    assert facts[-1] == "PollUnchanged"
    fresh.pos.pos.edit(Edits(venue="V100", business_date=D, tickets=1))
    changed = fresh.poll(D).json()
    assert (changed["outcome"], changed["generation"], changed["changed"]) == ("polled", 2, 1)


def test_if_match(fresh: Site) -> None:
    """A poll that names the version is done at that version only, and 412 says which one there is."""
    fresh.poll(D)
    fresh.catch_up()
    tag = fresh.client.get(f"/v1/days/alpha/{D}").headers["etag"]
    count = _attempts(fresh)
    for other in ('"0"', '"999"', f"W/{tag}", '"a", "b"'):
        refused = fresh.poll(D, If_Match=other)
        assert (refused.status_code, refused.json()["type"]) == (412, "/problems/not-the-version")
    for odd in ("1", "nothing", '"'):
        assert fresh.poll(D, If_Match=odd).status_code == 400
    assert _attempts(fresh) == count
    assert fresh.poll(D, If_Match=f'"7777", {tag}').status_code == 200
    assert fresh.poll(D, If_Match=tag).status_code == 412
    assert fresh.poll(D, If_Match="*").status_code == 200
    assert fresh.poll(DATES[1], If_Match="*").status_code == 412


def _attempts(site: Site, date: dt.date = D) -> int:
    facts = [entry.fact for entry in site.opened.journal.stream(f"business-day:main:alpha:{date}")]
    return sum(hasattr(fact, "attempt") for fact in facts)


def test_idempotency_key(fresh: Site) -> None:
    """The same key again answers the recorded outcome word for word and reads the source no second time."""
    first = fresh.poll(D, Idempotency_Key="k-1")
    asked = len(fresh.pos.pos.requests)
    again = fresh.poll(D, Idempotency_Key="k-1", If_Match='"0"')
    assert (again.status_code, again.content) == (201, first.content)
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["daybook-position"] == first.headers["daybook-position"]
    assert (len(fresh.pos.pos.requests), _attempts(fresh)) == (asked, 1)
    other_day = fresh.poll(DATES[1], Idempotency_Key="k-1")
    assert (other_day.status_code, other_day.json()["type"]) == (422, "/problems/key-reused")
    path = f"/v1/days/alpha/{D}/polls"
    other_body = fresh.client.post(path, {"reason": "other"}, headers={"Idempotency-Key": "k-1"})
    assert (other_body.status_code, other_body.json()["type"]) == (422, "/problems/key-reused")
    assert fresh.poll(D, Idempotency_Key="k-2").json()["outcome"] == "unchanged"


@pytest.mark.parametrize("key", ["", " ", "a" * 256, "é", "tab\there"])
def test_bad_idempotency_keys(polled: Site, key: str) -> None:
    """A key is 1 to 255 printable ASCII characters."""
    headers = {"Idempotency-Key": key.encode("latin-1")}
    path = f"/v1/days/alpha/{D}/polls"
    answer = polled.client.send("POST", path, json={"reason": "x"}, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/bad-idempotency-key")


def test_longest_idempotency_key(fresh: Site) -> None:
    """255 characters are a key."""
    assert fresh.poll(D, Idempotency_Key="k" * 255).status_code == 201


def test_key_of_a_failed_poll(fresh: Site) -> None:
    """A failed poll is its key's outcome too: asked again it is answered, not tried again."""
    fresh.pos.pos.arm("truncated_json", times=None)
    first = fresh.poll(D, Idempotency_Key="k")
    fresh.pos.pos.disarm()
    again = fresh.poll(D, Idempotency_Key="k")
    assert first.status_code == again.status_code == 502
    assert first.json()["position"] == again.json()["position"]
    assert again.headers["idempotent-replayed"] == "true"
    assert fresh.poll(D, Idempotency_Key="k2").status_code == 201


def test_key_in_use(fresh: Site) -> None:
    """While a request with a key is worked on, the same key is told to wait; afterwards it is answered."""
    started, go = threading.Event(), threading.Event()
    fetch = fresh.opened.house.systems["tray"]

    class Slow:
        """The system, with a source that waits for the test."""

        def __getattr__(self, name: str) -> Any:
            return getattr(fetch, name)

        def connect(self, *arguments: Any) -> Any:
            started.set()
            assert go.wait(20)
            return fetch.connect(*arguments)

    fresh.opened.house.systems["tray"] = Slow()  # type: ignore[index]
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(fresh.poll, D, Idempotency_Key="k")
        assert started.wait(20)
        waiting = fresh.poll(D, Idempotency_Key="k")
        go.set()
        assert running.result().status_code == 201
    assert (waiting.status_code, waiting.json()["type"]) == (409, "/problems/key-in-use")
    assert int(waiting.headers["retry-after"]) >= 1
    assert fresh.poll(D, Idempotency_Key="k").headers["idempotent-replayed"] == "true"


FAULTS = [
    ("truncated_json", "malformed"),
    ("missing_field", "malformed"),
    ("duplicate_row", "duplicate-rows"),
    ("rows_outside_window", "out-of-window"),
    ("redirect", "redirected"),
]


@pytest.mark.parametrize(("fault", "failure"), FAULTS)
def test_what_the_source_does_wrong(fresh: Site, fault: str, failure: str) -> None:
    """Whatever the source does wrong, nothing of the day counts, the attempt is recorded, and the answer is 502."""
    fresh.pos.pos.arm(fault, times=None, resource="checks")
    answer = fresh.poll(LAST)
    body = answer.json()
    assert (answer.status_code, body["failure"], body["resource"]) == (502, failure, "checks")
    facts = [entry.fact for entry in fresh.opened.journal.stream(f"business-day:main:alpha:{LAST}")]
    assert [type(fact).__name__ for fact in facts] == ["PollFailed"]
    fresh.pos.pos.disarm()
    assert fresh.poll(LAST).status_code == 201


def test_source_failures_are_problems(fresh: Site) -> None:
    """Each failed poll is recorded, and answered as poll-failed with kind, resource and position."""
    secret = load_connection(fresh.opened.journal, ConnectionId("main", "tray")).secret
    bad_key = fresh.opened.house.vault.keep_secret("main", secret, "another-key")
    assert bad_key
    answer = fresh.poll(D)
    body = answer.json()
    assert (answer.status_code, body["type"], body["failure"]) == (502, "/problems/poll-failed", "not-authorized")
    assert body["retryable"] is False
    assert body["position"] == fresh.opened.journal.head()
    assert answer.headers["daybook-position"] == str(body["position"])
    fresh.catch_up()
    row = fresh.client.get("/v1/polls", params={"outcome": "failed"}).json()["data"][0]
    assert (row["failure"], row["position"]) == ("not-authorized", body["position"])
    day = fresh.client.get(f"/v1/days/alpha/{D}").json()
    assert (day["state"], day["generation"], day["attempts"]) == ("missing", 0, 1)
    summary = fresh.client.get(f"/v1/days/alpha/{D}/dss")
    assert (summary.status_code, summary.json()["type"]) == (404, "/problems/nothing-recorded")


def test_day_not_closed_at_the_source(fresh: Site) -> None:
    """A business date that the source has not closed is 409, and recorded."""
    fresh.pos.pos.set_now(dt.datetime.combine(D, dt.time(12), dt.UTC))
    answer = fresh.poll(D)
    assert (answer.status_code, answer.json()["failure"]) == (409, "day-not-closed")
    assert _attempts(fresh) == 1


def test_day_that_is_not_over(fresh: Site) -> None:
    """A day that has not ended is refused before the source is asked, and nothing is recorded."""
    asked = len(fresh.pos.pos.requests)
    answer = fresh.poll(dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1))
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/day-not-over")
    assert len(fresh.pos.pos.requests) == asked


def test_rate_limited_says_when(fresh: Site) -> None:
    """A source that says when to ask again is 503 with Retry-After."""
    house = fresh.opened.house
    system = house.systems["tray"]

    class Limited:
        """The system, with a source that is asked too often."""

        def __getattr__(self, name: str) -> Any:
            return getattr(system, name)

        def connect(self, *_: Any) -> Any:
            return _LimitedSource()

    house.systems["tray"] = Limited()  # type: ignore[index]
    answer = fresh.poll(D)
    assert (answer.status_code, answer.json()["failure"]) == (503, "rate-limited")
    assert 30 <= int(answer.headers["retry-after"]) <= 90
    assert answer.json()["retry_at"].endswith("Z")


class _LimitedSource:
    def fetch(self, _: Any) -> Any:
        retry_at = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(seconds=60)
        raise SourceFailure("rate-limited", "Too many requests.", retry_at=retry_at, resource="checks")

    def close(self) -> None:
        """Nothing to close."""


@pytest.mark.parametrize(
    "trap", ["row_inserted_between_pages", "row_deleted_between_pages", "row_edited_between_pages"]
)
def test_edit_in_the_middle_fails_whole(many: Site, trap: str) -> None:
    """A day that changes at the POS between two pages is a failed attempt without records; the next poll is whole."""
    date = DATES[["row_inserted_between_pages", "row_deleted_between_pages", "row_edited_between_pages"].index(trap)]
    many.pos.pos.arm(trap, times=None, resource="checks")
    answer = many.poll(date)
    many.pos.pos.disarm()
    assert (answer.status_code, answer.json()["type"]) == (502, "/problems/poll-failed")
    assert answer.json()["failure"] in {"changed-while-reading", "duplicate-rows"}
    facts = [entry.fact for entry in many.opened.journal.stream(f"business-day:main:alpha:{date}")]
    assert [type(fact).__name__ for fact in facts] == ["PollFailed"]
    assert many.poll(date).status_code == 201
    many.catch_up()
    net = many.client.get(f"/v1/days/alpha/{date}").json()
    assert net["tickets"] == many.pos.pos.truth("V100", date)["ticketCount"]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A daybook whose POS needs several pages for a day."""
    with a_site(tmp_path_factory.mktemp("many"), tickets=520) as opened:
        yield opened


def test_two_polls_at_once_give_one_generation(fresh: Site) -> None:
    """Whoever comes first makes the generation; the others find nothing that differs."""
    with ThreadPoolExecutor(4) as pool:
        answers = [future.result() for future in [pool.submit(fresh.poll, D) for _ in range(4)]]
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert {answer.json()["generation"] for answer in answers} == {1}
    assert _attempts(fresh) == 4


def test_race_on_if_match_has_one_winner(fresh: Site) -> None:
    """Of requests that name the same version exactly one is done; the others are told that they came too late."""
    fresh.poll(D)
    for _ in range(4):
        fresh.catch_up()
        tag = fresh.client.get(f"/v1/days/alpha/{D}").headers["etag"]
        count = _attempts(fresh)
        with ThreadPoolExecutor(4) as pool:
            asked = [pool.submit(fresh.poll, D, If_Match=tag) for _ in range(4)]
            answers = sorted(future.result().status_code for future in asked)
        assert answers == [200, 412, 412, 412]
        assert _attempts(fresh) == count + 1


def test_simultaneous_duplicates_are_one_command(fresh: Site) -> None:
    """The same key sent eight times at once is one poll; whoever is not told to wait gets the same answer."""
    for number, date in enumerate(DATES[:3]):
        with ThreadPoolExecutor(8) as pool:
            asked = [pool.submit(fresh.poll, date, Idempotency_Key=f"key {number}") for _ in range(8)]
            answers = [future.result() for future in asked]
        done = [answer for answer in answers if answer.status_code == 201]
        assert {answer.status_code for answer in answers} <= {201, 409}
        assert len({answer.content for answer in done}) == 1
        assert _attempts(fresh, date) == 1


def test_reads_after_writes_are_never_stale(fresh: Site) -> None:
    """Whatever else is going on, a read that names the position of a write has that write."""
    fresh.poll(D)
    for number in range(2, 22):
        position = fresh.poll(D).headers["daybook-position"]
        day = fresh.client.get(f"/v1/days/alpha/{D}", headers={"Daybook-Min-Position": position})
        assert (day.status_code, day.json()["attempts"]) == (200, number)


def test_pages_while_rows_are_added(fresh: Site) -> None:
    """Rows that are added while somebody pages through a list neither repeat nor hide the rows that were there."""
    for date in DATES[:4]:
        fresh.poll(date)
    fresh.catch_up()
    before = [(row["date"], row["location"]) for row in fresh.client.get("/v1/dss").json()["data"]]
    attempts = [row["position"] for row in fresh.client.get("/v1/polls").json()["data"]]
    days, polls = _paged_while_polling(fresh, "/v1/dss", "cursor"), _paged_while_polling(fresh, "/v1/polls", "after")
    seen = [(row["date"], row["location"]) for row in days]
    assert len(seen) == len(set(seen))
    assert set(before) <= set(seen)
    positions = [row["position"] for row in polls]
    assert len(positions) == len(set(positions))
    assert set(attempts) <= set(positions)


def _paged_while_polling(site: Site, path: str, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    asked: dict[str, Any] = {"limit": 1}
    for turn in range(100):
        page = site.client.get(path, params=asked).json()
        rows += page["data"]
        if page["next"] is None:
            return rows
        if turn < 5:
            site.poll(DATES[turn], "beta")
            site.catch_up()
        asked[name] = page["next"]
    raise AssertionError("the pages do not end")


def test_replay_of_what_is_recorded(fresh: Site) -> None:
    """A replay of unchanged code finds nothing, and writes nothing."""
    fresh.poll(D)
    head = fresh.opened.journal.head()
    fresh.catch_up()
    answer = fresh.client.post(f"/v1/days/alpha/{D}/replays")
    shape = replay_models.ReplayAnswer.model_validate_json(answer.content)
    assert (answer.status_code, shape.differs, shape.records) == (200, False, [])
    assert (shape.effect.figures, shape.effect.figure_count, shape.effect.journal_lines) == ([], 0, [])
    assert fresh.opened.journal.head() == head


def test_replay_says_what_differs(fresh: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A replay by code that reads otherwise lists the records, their fields and the figures that would change."""
    fresh.poll(D)
    fresh.catch_up()
    monkeypatch.setattr(translating, "compile_steps", lambda _: (settled_with(lambda _: ()),))
    answer = fresh.client.post(f"/v1/days/alpha/{D}/replays").json()
    assert answer["differs"]
    assert answer["changes"]["changed"] == len(answer["records"]) > 0
    assert any(figure["figure"] == "tax" for figure in answer["effect"]["figures"])
    assert all(record["fields"] for record in answer["records"])
    missing = fresh.client.post(f"/v1/days/alpha/{DATES[1]}/replays")
    assert (missing.status_code, missing.json()["type"]) == (404, "/problems/nothing-recorded")


def test_views_that_stand_still(fresh: Site) -> None:
    """A read of more than the views have is 503 with Retry-After after the bounded wait, and never something stale."""
    fresh.poll(D)
    assert fresh.opened.projector is not None
    fresh.opened.projector.stop()
    short = fresh.opened.settings.model_copy(update={"wait": 0.2})
    object.__setattr__(fresh.opened, "settings", short)
    position = fresh.poll(DATES[1]).headers["daybook-position"]
    began = dt.datetime.now(dt.UTC)
    answer = fresh.client.get("/v1/locations", params={"min_position": position})
    waited = (dt.datetime.now(dt.UTC) - began).total_seconds()
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/projection-behind")
    assert answer.headers["retry-after"]
    assert waited < 1.5
    assert fresh.client.get("/v1/locations").status_code == 200
    ready = fresh.client.get("/readyz")
    assert ready.status_code == 200
    late = fresh.opened.settings.model_copy(update={"ready_lag": 0.0})
    object.__setattr__(fresh.opened, "settings", late)
    ready = fresh.client.get("/readyz")
    assert (ready.status_code, ready.json()["type"]) == (503, "/problems/not-ready")
    assert "behind" in ready.json()["checks"]["views"]


def test_unknown_location(polled: Site) -> None:
    """A location that no connection feeds is 404 on a poll and a replay."""
    for answer in (polled.poll(D, "gamma"), polled.client.post(f"/v1/days/gamma/{LAST}/replays")):
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-such-location")


def test_polls_leave_threads_for_readers(fresh: Site) -> None:
    """When as many polls run as may at once, the next is told to come again, and nothing is recorded of it.

    One client alone leaves a place to others.
    """
    polls = fresh.client.app.state.polls
    taken = 0
    while polls.take("main"):
        taken += 1
    assert taken == fresh.settings.threads - 3
    assert [polls.take("another"), polls.take("another")] == [True, False]
    head = fresh.opened.journal.head()
    answer = fresh.poll(D)
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/too-many-polls")
    assert "Retry-After" in answer.headers
    assert fresh.opened.journal.head() == head
    polls.give_back("another")
    assert fresh.poll(D).status_code == 503
    polls.give_back("main")
    assert fresh.poll(D).status_code == 201
