"""Objects end to end: from the day to the books, by the worker, over HTTP and on the command line."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.cli import main
from api.work import Work
from api.work.objects import Outbox
from domain.facts import AccountsMapped, ConnectionSuspended
from domain.identifiers import ConnectionId
from domain.permissions import Principal, rights_of
from domain.ports.journal import Recording
from projections.catching_up import catch_up
from projections.rebuilding import rebuild
from tests.api.objects_stage import BOOKS, Office, an_office, key_of, roster
from tests.api.work_stage import runner
from tests.projections.stage import DATE, sale
from tests.support.asking import asked_by
from tests.support.scripted_target import connect_books

SALES, GUESTS = key_of(), key_of("statistical")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A daybook with one day that is read, and books."""
    with an_office(tmp_path / "data") as opened:
        yield opened


def test_an_approved_day_goes_out_and_its_change_after_it(tmp_path: Path, database_url: str) -> None:
    """Entries follow approval, stand there line by line, and are reversed and posted anew when the day changes."""
    with an_office(tmp_path / "data", url=database_url) as office:
        assert office.work() == []
        office.approve()
        assert office.work() == ["success", "success"]
        assert office.entries_stand()
        assert (office.row(SALES).state, office.row(GUESTS).posted_version) == ("success", 1)
        office.stage.settle(office.stage.day())
        office.stage.poll(sale("1", 1000, 400, tip=200), sale("2", 500), reason="edited")
        assert office.work() == []  # it is in progress
        office.approve()
        assert office.work() == ["pending", "success"]
        assert office.entries_stand()
        steps = [(effect.step, effect.reference) for effect in office.target.books.effects if effect.key == SALES]
        assert steps == [("create", f"{SALES}:v1"), ("reverse", f"{SALES}:v1:r"), ("create", f"{SALES}:v2")]
        before = office.stage.dump()
        rebuild(office.opened.engine, office.opened.journal)
        assert office.stage.dump()["object"] == before["object"]
        assert office.stage.dump()["object_attempt"] == before["object_attempt"]


def test_a_completed_day_goes_out_where_that_is_chosen(tmp_path: Path) -> None:
    """The form of the connection says after what entries go out, and from which date on."""
    with an_office(tmp_path / "one", values={"post_on": "completed"}) as office:
        office.stage.settle(office.stage.day())
        assert office.work() == ["success", "success"]
    with an_office(tmp_path / "two", values={"post_from": "2026-11-01"}) as office:
        office.approve()
        assert office.work() == []


def test_a_fact_that_changes_no_amount_changes_no_entry(office: Office) -> None:
    """A poll that finds nothing new, and another mapping: what was posted stays as it was posted."""
    office.approve()
    office.work()
    office.stage.poll(sale("1", 950, 400, tip=200), sale("2", 500), reason="once more")
    books = AccountsMapped(1, {"sales/Food/*": "4999"}, True, 500)
    office.stage.record(Recording("books:main", 0, (books,)))
    assert office.work() == []
    assert office.row(SALES).version == 1


def test_a_blocked_entry_waits_for_its_account_and_no_other_does(office: Office) -> None:
    """The entry with an unmapped key is an error that names it; mapping it lets the worker post it by itself."""
    office.stage.record(Recording("books:main", 0, (AccountsMapped(1, {}, False, 500),)))
    office.approve()
    office.work()
    assert (office.row(SALES).state, office.row(SALES).failure) == ("error", "unmapped")
    assert "sales/Food/Dine In" in office.row(SALES).message
    office.stage.record(Recording("books:main", 1, (AccountsMapped(2, {}, True, 500),)))
    assert set(office.work()) == {"success"}
    assert office.entries_stand()


def test_master_data_goes_out_once_and_personal_data_only_in_clear_on_the_way(tmp_path: Path) -> None:
    """Employees with names and phone, never their social security number; jobs, accounts and locations beside them."""
    kinds = ["employee", "job", "account", "location", "item", "customer"]
    with an_office(tmp_path / "data", values={"objects": kinds}) as office:
        roster(office)
        assert set(office.work()) == {"success"}
        assert office.target.opened == {"employee:L1:e1:v1": {"first_name": "Ana", "last_name": "Süd", "phone": "1"}}
        documents = {effect.key: effect.document for effect in office.target.books.effects}
        assert {"employee:L1:e1", "job:L1:j1", "account:4010", "location:L1", "location:L2"} <= documents.keys()
        assert documents["employee:L1:e1"].id == "P17"  # type: ignore[union-attr]
        assert {effect.level for effect in office.target.books.effects} == {"top"}
        assert office.work() == []
        answer = office.client.get("/v1/objects/books/employee:L1:e1")
        assert "sealed:" not in answer.text
        assert answer.json()["documents"][0]["content"]["sealed"] == {
            "first_name": "sealed",
            "last_name": "sealed",
            "phone": "sealed",
        }


def test_the_worker_does_it_on_either_database(tmp_path: Path, database_url: str) -> None:
    """What there is to do is handed out by the board or the queue, step after step, until there is nothing more."""
    with an_office(tmp_path / "data", url=database_url, scan=1, window_days=1) as office:
        office.approve()
        office.target.faults = ["refuse"]
        catch_up(office.opened.engine, office.opened.journal)
        runner(Work(office.opened)).run_once()
        states = {office.row(SALES).state, office.row(GUESTS).state}
        assert states == {"success", "error"}
        assert len(office.target.books.effects) == 1


def test_what_goes_wrong_with_a_connection_keeps_everything_back_for_a_while(office: Office) -> None:
    """After five failures in a row the circuit is open, then one object goes out to see, and all others after it."""
    for number in range(8):
        office.stage.poll(sale("1", 900 + number), day=office.stage.day("L1", DATE - dt.timedelta(days=number + 1)))
        office.approve("L1", DATE - dt.timedelta(days=number + 1))
    office.target.faults = ["unavailable"] * 5
    shown = office.client.get("/v1/objects/circuits").json()["data"]
    assert [(row["connection"], row["state"], row["since"]) for row in shown] == [("books", "closed", None)]
    came: list[str] = []
    for _ in range(5):
        catch_up(office.opened.engine, office.opened.journal)
        office.outbox.register("main")
        errands, _ = office.outbox.errands("main")
        came.append(office.outbox.perform(errands[0].object))
    assert came == ["error"] * 5
    catch_up(office.opened.engine, office.opened.journal)
    assert office.outbox.errands("main")[0] == []
    pending = office.client.get("/v1/objects", params={"state": "not-integrated"}).json()["data"]
    assert office.outbox.perform(_id(pending[0]["key"])) == "not due any more"
    (shown,) = office.client.get("/v1/objects/circuits").json()["data"]
    assert (shown["state"], shown["failures"]) == ("open", 5)
    assert shown["since"] < shown["again_at"]
    office.clock.ahead = dt.timedelta(seconds=61)
    assert len(office.outbox.errands("main")[0]) == 1
    (shown,) = office.client.get("/v1/objects/circuits").json()["data"]
    assert shown["state"] == "half-open"
    office.clock.ahead = dt.timedelta(minutes=30)
    assert set(office.work()) == {"success"}
    (shown,) = office.client.get("/v1/objects/circuits").json()["data"]
    assert (shown["state"], shown["since"] is not None) == ("closed", True)
    assert office.client.get("/v1/objects").json()["counts"]["success"] == 16


def _id(key: str) -> Any:
    from tests.api.objects_stage import named  # noqa: PLC0415

    return named(key)


def test_a_company_is_asked_so_often_and_by_so_many_at_once(tmp_path: Path) -> None:
    """In a minute no more than its system allows; of those at the same time no more locks than the setting."""
    with an_office(tmp_path / "data", values={"objects": ["account"]}) as office:
        office.target.profile = _with_budget(office, per_minute=7)
        office.outbox.register("main")
        errands, _ = office.outbox.errands("main")
        assert len(errands) == 7
        assert len({errand.lock for errand in errands}) == 2
        for errand in errands:
            office.outbox.perform(errand.object)
        catch_up(office.opened.engine, office.opened.journal)
        assert office.outbox.errands("main")[0] == []
        office.clock.ahead = dt.timedelta(seconds=61)
        assert len(office.outbox.errands("main")[0]) == 7


def _with_budget(office: Office, *, per_minute: int) -> Any:
    import dataclasses  # noqa: PLC0415

    from domain.ports.systems import Budget  # noqa: PLC0415

    return dataclasses.replace(office.target.profile, budget=Budget(4, per_minute))


def test_nothing_goes_out_over_a_suspended_connection(office: Office) -> None:
    """What is to go out waits, and nothing is recorded of it."""
    office.approve()
    version = office.opened.journal.versions([BOOKS.stream])[BOOKS.stream]
    office.stage.record(Recording(BOOKS.stream, version, (ConnectionSuspended("moving"),)))
    assert office.work() == []


def test_objects_are_listed_filtered_counted_and_paged(office: Office) -> None:
    """By key, state, version, finance or master data, type, connection and location; each page leads to the next."""
    office.approve()
    office.work()
    read = office.client.get
    listed = read("/v1/objects", params={"limit": 1}).json()
    assert [row["key"] for row in listed["data"]] == [SALES]
    assert listed["counts"]["success"] == 2
    following = read("/v1/objects", params={"limit": 1, "cursor": listed["next"]}).json()
    assert [row["key"] for row in following["data"]] == [GUESTS]
    bad = read("/v1/objects", params={"limit": 1, "cursor": listed["next"], "state": "error"})
    assert (bad.status_code, bad.json()["type"]) == (400, "/problems/bad-cursor")
    for filters, count in (
        ({"state": "success"}, 2),
        ({"state": "error"}, 0),
        ({"category": "finance", "type": "sales-entry"}, 1),
        ({"category": "master"}, 0),
        ({"key": "je:L1:"}, 2),
        ({"key": "je:L%"}, 0),
        ({"version": 1, "connection": "books", "location": "L1", "date": str(DATE)}, 2),
        ({"version": 2}, 0),
    ):
        assert len(read("/v1/objects", params=filters).json()["data"]) == count, filters
    assert read("/v1/objects", params={"state": "error"}).json()["counts"]["success"] == 2
    assert read("/v1/objects", params={"state": "lost"}).status_code == 422


def test_one_object_is_shown_with_its_attempts_and_documents(office: Office) -> None:
    """What is wanted, what stands there, what was tried and what came of it."""
    office.approve()
    office.target.faults = ["lost after"]
    office.work()
    shown = office.client.get(f"/v1/objects/books/{SALES}").json()
    assert shown["object"]["state"] == "verifying"
    (attempt,) = shown["attempts"]
    assert (attempt["outcome"], attempt["reference"], attempt["level"]) == ("unknown", f"{SALES}:v1", "top")
    assert shown["documents"][0]["content"]["title"] == "L1 2026-10-31 sales"
    office.clock.ahead = dt.timedelta(seconds=61)
    assert office.work() == ["success"]
    shown = office.client.get(f"/v1/objects/books/{SALES}").json()
    assert (shown["attempts"][0]["outcome"], shown["attempts"][0]["found"]) == ("succeeded", True)
    missing = office.client.get("/v1/objects/books/je:L1:2026-01-01:sales")
    assert (missing.status_code, missing.json()["type"]) == (404, "/problems/no-such-object")
    assert office.client.get("/v1/objects/books/nothing").status_code == 422
    trace = office.client.get(f"/v1/trace/{SALES}:v1").json()["data"]
    assert [row["stream"] for row in trace] == [f"object:main:books:{SALES}"]


def test_objects_are_asked_for_one_or_many_with_an_outcome_for_each(office: Office) -> None:
    """Accepted, refused with the reason, or not there; asked again with the same key it is answered again."""
    office.approve()
    office.target.faults = ["refuse"]
    office.work()
    failed, fine = (SALES, GUESTS) if office.row(SALES).state == "error" else (GUESTS, SALES)
    answer = office.post("force-synchronize", failed, fine, "account:none", idempotency_key="k-1")
    told = answer.json()
    assert [(one["outcome"], one["state"]) for one in told["outcomes"]] == [
        ("accepted", "pending"),
        ("refused", "success"),
        ("not-found", None),
    ]
    assert (told["accepted"], told["refused"]) == (1, 2)
    again = office.post("force-synchronize", failed, fine, "account:none", idempotency_key="k-1")
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (told, "true")
    other = office.post("synchronize", failed, idempotency_key="k-1")
    assert (other.status_code, other.json()["type"]) == (422, "/problems/key-reused")
    assert "already synchronizing" in office.post("force-synchronize", failed).json()["outcomes"][0]["message"]
    assert office.work() == ["success"]
    assert office.post("synchronize", *[f"account:{number}" for number in range(501)]).status_code == 422
    assert office.post("synchronize").status_code == 422


def test_objects_are_looked_at_where_they_stand(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was deleted there is desynchronized, and the worker writes it anew; the command line says what it finds."""
    office.approve()
    office.work()
    office.target.books.effects = [one for one in office.target.books.effects if one.key != SALES]
    answer = office.post("review", SALES, GUESTS, "account:none", idempotency_key="k-2")
    told = answer.json()["outcomes"]
    assert [(one["found"], one["state"]) for one in told] == [
        ("deleted", "desynchronized"),
        ("stands", "success"),
        ("not-found", None),
    ]
    assert answer.headers["Daybook-Position"] == str(told[1]["position"])
    again = office.post("review", SALES, GUESTS, "account:none", idempotency_key="k-2")
    assert again.headers["Idempotent-Replayed"] == "true"
    office.work()
    assert office.row(SALES).posted_reference == f"{SALES}:v1.1"
    assert office.post("review", *[f"account:{number}" for number in range(51)]).status_code == 422
    ended, out, _ = cli(office, monkeypatch, capsys, "review-objects", SALES, "--why", "a test")
    assert (ended, f"books {SALES}: unknown. There is no adapter" in out) == (1, True)
    ended, out, _ = cli(office, monkeypatch, capsys, "review-objects", SALES, "--json")
    assert (ended, json.loads(out)["outcomes"][0]["found"]) == (1, "unknown")


def test_the_worker_looks_by_itself_whether_entries_stand(tmp_path: Path) -> None:
    """A week after they were written, one after the other; what was deleted there is written anew, the others rest."""
    with an_office(tmp_path, objects_reviewed=3660) as office:
        office.approve()
        assert office.work() == ["success"] * 2
        a_week_later(office)
        books = office.target.books
        books.effects = [effect for effect in books.effects if effect.key != GUESTS]
        assert sorted(office.work()) == ["deleted", "stands", "success"]
        assert office.entries_stand()
        assert office.row(SALES).looked_at is not None
        assert office.row(GUESTS).posted_reference == f"{GUESTS}:v1.1"


def test_the_worker_looks_within_a_tenth_of_the_budget(tmp_path: Path) -> None:
    """Books that do not answer are left alone for an hour: who looks then is another process, or a later one."""
    with an_office(tmp_path, objects_reviewed=3660) as office:
        office.approve()
        office.work()
        a_week_later(office)
        office.target.profile = _with_budget(office, per_minute=10)
        office.target.deaf = True
        assert office.work() == ["unknown"]
        office.target.deaf = False
        assert office.work() == []
        for _ in range(2):
            a_week_later(office)
            assert office.work() == ["stands"]


def test_nobody_looks_by_itself_where_that_is_set(tmp_path: Path) -> None:
    """Then a person does, or a line of cron."""
    with an_office(tmp_path, objects_reviewed=3660, objects_review=0) as office:
        office.approve()
        office.work()
        a_week_later(office)
        assert office.work() == []


def a_week_later(office: Office) -> None:
    """More than a week later another worker goes on."""
    office.clock.ahead += dt.timedelta(days=8)
    office.outbox = Outbox(office.opened)


def test_somebody_with_some_locations_sees_objects_of_those(office: Office) -> None:
    """Objects of another location do not exist for them, and those of none take all locations."""
    office.approve()
    office.work()

    def theirs(location: str) -> Principal:
        return Principal("user:a", "main", rights_of("accounting-admin", locations=frozenset({location})))

    for location, count in (("L1", 2), ("L2", 0)):
        who = theirs(location)
        with asked_by(office.client.app, lambda _, who=who: who):  # type: ignore[misc]
            listed = office.client.get("/v1/objects").json()
            assert (len(listed["data"]), sum(listed["counts"].values())) == (count, count)
            assert office.client.get(f"/v1/objects/books/{SALES}").status_code == (200 if count else 404)
            assert len(office.client.get("/v1/objects/circuits").json()["data"]) == 1
    with asked_by(office.client.app, lambda _: theirs("L9")):
        assert office.client.get("/v1/objects/circuits").json()["data"] == []


def cli(office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """What a command answers, and how it ended."""
    monkeypatch.setenv("DAYBOOK_DATA_DIR", str(office.folder))
    monkeypatch.setattr("sys.argv", ["daybook", *words])
    ended = 0
    try:
        main()
    except SystemExit as end:
        ended = int(end.code or 0)
    told = capsys.readouterr()
    return ended, told.out, told.err


def test_the_command_line_lists_shows_and_asks(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`objects` lists, shows one whole and the circuits; `sync KEY…` asks, `--force` in spite of errors."""

    def run(*words: str) -> Any:
        return cli(office, monkeypatch, capsys, *words)

    office.approve()
    assert run("objects")[1] == "There are no objects here.\n"
    office.target.faults = ["refuse", "unavailable"]
    office.work(rounds=1)
    ended, out, _ = run("objects")
    assert (ended, "2 error" in out, "waiting" in out) == (0, True, True)
    failed = next(key for key in (SALES, GUESTS) if not office.row(key).waiting)
    ended, out, _ = run("sync", failed)
    assert (ended, "refused: It failed" in out) == (1, True)
    ended, out, _ = run("sync", "--force", failed, "--json", "--why", "the account is there")
    assert json.loads(out)["outcomes"][0]["outcome"] == "accepted"
    assert office.work() == ["success"]
    ended, out, _ = run("objects", failed)
    assert "2. " in out
    assert "succeeded" in out
    assert json.loads(run("objects", failed, "--json")[1])["object"]["state"] == "success"
    assert json.loads(run("objects", "--state", "success", "--json")[1])["counts"]["success"] == 1
    assert "closed" in run("objects", "--circuits")[1]
    assert json.loads(run("objects", "--circuits", "--json")[1])["data"][0]["state"] == "closed"


def test_the_command_line_refuses_what_is_not_clear(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A connection beside objects, two connections, options of objects with a connection, a key that two have."""
    office.approve()
    also = ConnectionId("main", "books-two")
    connect_books(office.opened.journal, also, values={"post_from": "2026-10-01"}, locations=("L1",))
    office.work()
    for words, said in (
        (("sync", "books", SALES), "Name one connection"),
        (("sync", "books", "main"), "Name one connection"),
        (("sync", "books", "--force"), "are for objects"),
        (("sync", "je:L1:2026-10-31:sales"), "Several connections"),
        (("sync", "je:L9:2026-01-01:sales"), "There is no object"),
        (("sync", "oh: no\x00"), "no key of an object"),
    ):
        ended, _, error = cli(office, monkeypatch, capsys, *words)
        assert (ended, said in error) == (1, True), (words, error)
