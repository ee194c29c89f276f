"""Sage Intacct as a target: what is certain is told apart from what is not, and nothing stands there twice."""

import datetime as dt
import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from typing import Any

import msgspec
import pytest
import structlog.testing

from adapters.conformance.sockets import connects
from adapters.erp.sage_intacct import SYSTEM
from adapters.erp.sage_intacct.entries import reference_number
from adapters.erp.sage_intacct.sessions import MOST_SESSIONS, Session, Sessions
from adapters.erp.sage_intacct.simulator import Running, SimulatedGateway, running
from adapters.erp.sage_intacct.simulator.faults import Reply
from adapters.erp.sage_intacct.target import SageIntacctTarget
from adapters.forms import fill
from domain.facts.objects import Level
from domain.outward import EntryLine, reference
from domain.ports.target import Effect, OutcomeUncertain, TargetFailure
from tests.support.intacct import entry, filled_in, record, standing
from tests.support.reach import limits_here
from tests.support.soon import soon

DAYS = (dt.date(2026, 1, 1) + dt.timedelta(days=number) for number in itertools.count())


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    """A gateway that remembers; every test writes on days of its own."""
    with running(SimulatedGateway()) as one:
        yield one


@pytest.fixture
def target(served: Running) -> Iterator[SageIntacctTarget]:
    """A target of the company."""
    with closing(opened(served)) as one:
        yield one
    served.gateway.disarm()


def opened(served: Running, now: Any = None, **more: Any) -> SageIntacctTarget:
    """A target, with other values of the form."""
    filled = fill(SYSTEM.profile.form, filled_in(served.url, **more))
    return SYSTEM.target(filled, limits_here(request_timeout=5.0), sessions=Sessions(), **({"now": now} if now else {}))


def a_day(kind: str = "sales", *lines: EntryLine, **more: Any) -> Effect:
    """An entry of a day that no other test has."""
    return entry(kind, *lines, date=next(DAYS).isoformat(), **more)


def reversal(effect: Effect, external_id: str = "", **more: Any) -> Effect:
    """What takes an entry back."""
    name = reference(effect.key, 1, "reverse")
    return replace(effect, step="reverse", reference=name, related=effect.reference, external_id=external_id, **more)


AFTER: list[tuple[str, type[Exception], str, int]] = [
    ("cut", OutcomeUncertain, "", 1),
    ("gateway", OutcomeUncertain, "", 1),
    ("html", OutcomeUncertain, "", 1),
    ("other-answer", OutcomeUncertain, "", 1),
    ("no-results", OutcomeUncertain, "", 1),
    ("bomb", OutcomeUncertain, "", 1),
    ("external", OutcomeUncertain, "", 1),
    ("deep", OutcomeUncertain, "", 1),
    ("gateway-first", OutcomeUncertain, "", 0),
    ("server-error", OutcomeUncertain, "", 0),
    ("unavailable", OutcomeUncertain, "", 0),
    ("too-many", TargetFailure, "rate-limited", 0),
    ("off-line", TargetFailure, "unavailable", 0),
    ("unclear", TargetFailure, "unavailable", 0),
    ("sign-in-cut", TargetFailure, "unexpected-answer", 0),
    ("elsewhere", TargetFailure, "bad-endpoint", 0),
]


@pytest.mark.parametrize(("fault", "error", "failure", "there"), AFTER, ids=[row[0] for row in AFTER])
def test_each_fault(
    served: Running, target: SageIntacctTarget, fault: str, error: type[Exception], failure: str, there: int
) -> None:
    """It is uncertain or not, the look-up says which, and writing again makes it stand there once."""
    effect = a_day()
    with served.gateway.armed(fault), connects() as seen, pytest.raises(error) as raised:
        target.write(effect, soon())
    assert getattr(raised.value, "failure", "") == failure
    assert {host for host, *_ in seen} == {"127.0.0.1"}
    assert standing(served.gateway.books, effect) == there
    assert (target.look_up(effect, soon()) is not None) == bool(there)
    assert target.write(effect, soon()).found == bool(there)
    assert standing(served.gateway.books, effect) == 1


def test_one_session_serves_many(served: Running, target: SageIntacctTarget) -> None:
    """It is begun once; where it is over, it is begun again and each effect happens once."""
    gateway = served.gateway
    gateway.requests.clear()
    effects = [a_day() for _ in range(3)]
    for effect in effects[:2]:
        target.write(effect, soon())
    assert [asked["functions"] for asked in gateway.requests] == [["getAPISession"], ["create"], ["create"]]
    gateway.end_sessions()
    target.write(effects[2], soon())
    assert [asked["functions"] for asked in gateway.requests][3:] == [["create"], ["getAPISession"], ["create"]]
    assert all(standing(gateway.books, effect) == 1 for effect in effects)
    assert [asked["once"] for asked in gateway.requests][:2] == [False, True]


def test_a_session_is_renewed_before_it_ends(served: Running) -> None:
    """By our clock, a minute before the time that the gateway told."""
    times = [dt.datetime.now(dt.UTC)]
    with closing(opened(served, lambda: times[0])) as target:
        served.gateway.requests.clear()
        later = times[0] + dt.timedelta(days=1)
        target.look_up(a_day(), later)
        times[0] += dt.timedelta(minutes=58)
        target.look_up(a_day(), later)
        times[0] += dt.timedelta(minutes=2)
        target.look_up(a_day(), later)
    assert [asked["functions"] for asked in served.gateway.requests].count(["getAPISession"]) == 2


def test_credentials_that_end_for_good(served: Running, target: SageIntacctTarget) -> None:
    """Nobody signs in for ever: after one new session that is refused too, it is a failure."""
    gateway = served.gateway
    target.write(a_day(), soon())
    gateway.requests.clear()
    users = gateway.books.settings.users
    object.__setattr__(gateway.books.settings, "users", {})
    gateway.end_sessions()
    try:
        with pytest.raises(TargetFailure) as failed:
            target.write(a_day(), soon())
    finally:
        object.__setattr__(gateway.books.settings, "users", users)
    assert failed.value.failure == "not-authorized"
    assert len(gateway.requests) == 2


@pytest.mark.parametrize("known", [True, False])
def test_what_was_deleted_there_is_not_taken_back(served: Running, target: SageIntacctTarget, known: bool) -> None:
    """A reversal of an entry that is gone is refused: alone it would make the books wrong."""
    effect = a_day()
    done = target.write(effect, soon())
    books = served.gateway.books
    books.put("GLBATCH", done.external_id, None)
    back = reversal(effect, done.external_id if known else "")
    with pytest.raises(TargetFailure) as failed:
        target.write(back, soon())
    assert failed.value.failure == "not-there"
    assert standing(books, back) == 0


def test_what_was_executed_and_deleted_is_uncertain(served: Running, target: SageIntacctTarget) -> None:
    """The gateway refuses it as executed and does not show it: somebody has to look, and nothing is made up."""
    effect = a_day()
    served.gateway.books.put("GLBATCH", target.write(effect, soon()).external_id, None)
    with pytest.raises(OutcomeUncertain, match="executed it before"):
        target.write(effect, soon())


def test_closed_periods(served: Running, target: SageIntacctTarget) -> None:
    """An entry, and a reversal on a date that is closed, are refused as such; in an open one the reversal is taken."""
    effect = a_day()
    done = target.write(effect, soon())
    served.gateway.books.closed_until = dt.date(2026, 12, 31)
    try:
        for refused in (a_day(), reversal(effect, done.external_id)):
            with pytest.raises(TargetFailure, match="period that has been closed") as failed:
                target.write(refused, soon())
            assert failed.value.failure == "closed-period"
            assert standing(served.gateway.books, refused) == 0
        back = reversal(effect, done.external_id, date="2027-01-02")
        target.write(back, soon())
    finally:
        served.gateway.books.closed_until = None
    [(row, _)] = served.gateway.books.entries(reference_number(back.reference))
    assert row["BATCH_DATE"] == "01/02/2027"
    assert row["HISTORY_COMMENT"] == f"{back.reference} reverses {effect.reference}"


def test_levels(served: Running, target: SageIntacctTarget) -> None:
    """At the top level, at the entity of the location, at that of the form; where there is none, nothing is sent."""
    books = served.gateway.books
    levels: list[tuple[str, Level, str]] = [("L1", "top", ""), ("L1", "entity", "E100"), ("L2", "entity", "E200")]
    for place, level, entity in levels:
        effect = replace(a_day(), place={"location": place}, level=level)
        done = target.write(effect, soon())
        row = books.numbered("GLBATCH", done.external_id)
        assert row is not None
        assert row["MEGAENTITYID"] == entity
        assert target.look_up(effect, soon()) is not None
    books.add("LOCATION", {"LOCATIONID": "L7", "NAME": "Kiosk", "PARENTID": "", "STATUS": "active"})
    with pytest.raises(TargetFailure) as failed:
        target.write(replace(a_day(), place={"location": "L7"}, level="entity"), soon())
    assert failed.value.failure == "unmapped"
    with closing(opened(served, entity="E200")) as confined, pytest.raises(TargetFailure, match="none of the entity"):
        confined.write(a_day(), soon())


def test_at_most_two_at_once(served: Running, target: SageIntacctTarget) -> None:
    """However many threads write, the company has two requests at a time."""
    served.gateway.at_once = 0
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda effect: target.write(effect, soon()), [a_day() for _ in range(12)]))
    assert 1 <= served.gateway.at_once <= 2


def failing(number: str, text: str) -> Reply:
    """The words of a refusal; the control ids are put in by whoever plays it."""
    return Reply(
        body=(
            f"<response><control><status>success</status><controlid>R</controlid></control><operation><authentication>"
            f"<status>success</status><companyid>HARBOR</companyid></authentication><result><status>failure</status>"
            f"<errormessage><error><errorno>{number}</errorno><description2>{text}</description2></error></errormessage>"
            f"</result></operation></response>"
        ).encode()
    )


def refusing(served: Running, monkeypatch: pytest.MonkeyPatch, number: str, text: str) -> None:
    """Whatever is to be changed is refused in these words."""
    real = served.gateway.answer

    def answer(body: bytes) -> Reply:
        if b"<create>" not in body and b"<update>" not in body:
            return real(body)
        name = body.partition(b"<controlid>")[2].partition(b"</controlid>")[0]
        reply = failing(number, text)
        refused = reply.body.replace(b">R<", b">" + name + b"<")
        count = body.count(b"<function ")
        head, result, rest = refused.partition(b"<result>")
        one, end, tail = (result + rest).partition(b"</result>")
        return replace(reply, body=head + (one + end) * count + tail)

    monkeypatch.setattr(served.gateway, "answer", answer)


def test_a_duplicate_in_words_that_nobody_knows(
    served: Running, target: SageIntacctTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is refused for no known reason is looked up, and answered as found where it is there."""
    effect, other = a_day(), a_day()
    target.write(effect, soon())
    refusing(served, monkeypatch, "ZZ01", "Nope")
    assert target.write(effect, soon()).found
    with pytest.raises(TargetFailure, match="ZZ01: Nope") as failed:
        target.write(other, soon())
    assert failed.value.failure == "rejected"


def test_words_about_people_are_not_shown(
    served: Running, target: SageIntacctTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a refusal of an employee only the number is told; of an entry the words, as they say which account it is."""
    refusing(served, monkeypatch, "BL01001973", "Invalid contact 'Annazq Canary', and the account 9999 is invalid")
    with structlog.testing.capture_logs() as events, pytest.raises(TargetFailure) as failed:
        target.write(record("employee", "S99", opened={"first_name": "Annazq"}), soon())
    assert "Annazq" not in failed.value.message + repr(events)
    assert "BL01001973" in failed.value.message
    with pytest.raises(TargetFailure, match="9999 is invalid"):
        target.write(a_day(), soon())


def test_two_entries_of_one_number_are_told(served: Running, target: SageIntacctTarget) -> None:
    """Whoever copied an entry by hand is told so; the first one is ours."""
    effect = a_day()
    done = target.write(effect, soon())
    books = served.gateway.books
    [(row, lines)] = books.entries(reference_number(effect.reference))
    books.put_lines(books.add("GLBATCH", {name: value for name, value in row.items() if name != "RECORDNO"}), lines)
    found = target.look_up(effect, soon())
    assert found is not None
    assert found.external_id == done.external_id
    assert "2 entries" in found.message


def test_an_entry_that_was_changed_there_is_told(served: Running, target: SageIntacctTarget) -> None:
    """It is found, and the message says that its lines are others; whole reversals and statistics are as they were."""
    for kind in ("sales", "statistical"):
        effect = a_day(kind)
        back = reversal(effect, target.write(effect, soon()).external_id)
        target.write(back, soon())
        for one in (effect, back):
            found = target.look_up(one, soon())
            assert found is not None
            assert "somebody changed it" not in found.message
        [(row, lines)] = served.gateway.books.entries(reference_number(effect.reference))
        served.gateway.books.put_lines(row["RECORDNO"], lines[1:])
        found = target.look_up(effect, soon())
        assert found is not None
        assert "somebody changed it" in found.message


def test_records_that_were_there(served: Running, target: SageIntacctTarget) -> None:
    """What accountants made is found where it is just so, and brought up to date where it is not; never made twice."""
    books = served.gateway.books
    account = target.write(record("account", "4000", "sales/*"), soon())
    assert account.found
    titled = books.known("GLACCOUNT", "4000")
    assert titled is not None
    assert titled["TITLE"] == "Food sales"  # accountants name their accounts
    counted = record("account", "9000", "guests")  # accounts that count are of a kind of their own
    assert target.write(counted, soon()).found
    assert target.look_up(counted, soon()) is not None
    number = books.add("DEPARTMENT", {"DEPARTMENTID": "J5", "TITLE": "Hostess", "STATUS": "active"})
    job = record("job", "J5", "Host")
    changed = target.write(job, soon())
    assert (changed.found, changed.external_id) == (False, number)
    assert changed.message == "It was there, and was brought up to date."
    assert standing(books, job) == 1
    anna = {"first_name": "Anna", "last_name": "Canary"}
    books.add("CONTACT", {"CONTACTNAME": "Anna by hand", "FIRSTNAME": "Ann", "LASTNAME": "Canary"})
    fields = {"EMPLOYEEID": "S20", "PERSONALINFO.CONTACTNAME": "Anna by hand", "STATUS": "active"}
    books.add("EMPLOYEE", fields)
    target.write(record("employee", "S20", opened=anna), soon())
    contact = books.known("CONTACT", "Anna by hand")
    assert contact is not None
    assert contact["FIRSTNAME"] == "Anna"
    books.add("CONTACT", {"CONTACTNAME": "Employee S21", "FIRSTNAME": "Old"})
    target.write(record("employee", "S21", opened=anna), soon())
    assert standing(books, record("employee", "S21", opened=anna)) == 1


def test_a_location_has_the_id_of_the_connection(served: Running, target: SageIntacctTarget) -> None:
    """Ours is known there by the id that was entered for it, whatever its number in the books is."""
    assert target.write(replace(record("location", "17", "Pier"), place={"location": "L1"}), soon()).found
    assert served.gateway.books.known("LOCATION", "17") is None


def test_customers_may_be_people(served: Running, target: SageIntacctTarget) -> None:
    """Their name and contact are what was opened, and nothing else of them is sent."""
    opened = {"name": "Bo Canary", "last_name": "Canary", "email": "bozq@example.com"}
    bo = record("customer", "H1", opened={**opened, "address": "1 Canary St"})
    target.write(bo, soon())
    assert target.look_up(bo, soon()) is not None
    customer = served.gateway.books.known("CUSTOMER", "H1")
    assert customer is not None
    assert (customer["NAME"], customer["DISPLAYCONTACT.PRINTAS"]) == ("Bo Canary", "Bo Canary")
    assert "1 Canary St" not in customer.values()
    changed = replace(bo, step="update", reference="customer:H1:v2", opened={**opened, "email": ""})
    target.write(changed, soon())
    customer = served.gateway.books.known("CUSTOMER", "H1")
    assert customer is not None
    assert customer["DISPLAYCONTACT.EMAIL1"] == ""


def test_sessions_outlive_their_targets(served: Running) -> None:
    """Targets that are opened for one effect each sign in once; whoever has other credentials signs in anew."""
    gateway = served.gateway
    gateway.end_sessions()
    gateway.requests.clear()
    filled = fill(SYSTEM.profile.form, filled_in(served.url))
    for effect in (a_day(), a_day()):
        with closing(SYSTEM.target(filled, limits_here())) as one:
            one.write(effect, soon())
    asked = [asked["functions"] for asked in gateway.requests]
    assert asked.count(["getAPISession"]) == 1
    wrong = fill(SYSTEM.profile.form, filled_in(served.url, password="wr0ng"))
    with closing(SYSTEM.target(wrong, limits_here())) as one, pytest.raises(TargetFailure) as failed:
        one.write(a_day(), soon())
    assert failed.value.failure == "not-authorized"


def test_sessions_are_bounded() -> None:
    """The oldest are given up; one that somebody else began meanwhile is not forgotten."""
    now, sessions = dt.datetime.now(dt.UTC), Sessions()
    later = now + dt.timedelta(hours=1)
    first = sessions.get("0", now, lambda: Session("a", "u", "C", later))
    for number in range(1, MOST_SESSIONS + 1):
        sessions.get(str(number), now, lambda: Session("x", "u", "C", later))
    second = sessions.get("0", now, lambda: Session("b", "u", "C", later))
    assert second is not first
    sessions.forget("0", first)
    assert sessions.get("0", now, lambda: Session("c", "u", "C", later)) is second
    assert "secret-id" not in repr(Session("secret-id", "u", "C", later))


def test_records_that_are_gone(target: SageIntacctTarget) -> None:
    """Changing one that is not there is a failure, and so is creating what Sage Intacct needs more for."""
    for effect, failure in (
        (record("job", "J77", "Host", version=2, step="update"), "not-there"),
        (record("account", "7777", "New"), "rejected"),
        (record("location", "x" * 21, "New"), "rejected"),
        (record("job", "", "New"), "rejected"),
        (record("job", "J78", "Host", step="reverse"), "not-taken"),
        (replace(entry(), step="update"), "not-taken"),
    ):
        with pytest.raises(TargetFailure) as failed:
            target.write(effect, soon())
        assert failed.value.failure == failure


def test_values_that_xml_cannot_keep(target: SageIntacctTarget) -> None:
    """They are found as they stand there: what was sent is what is looked for."""
    odd = record("customer", "C9", " House\taccount \x00 & <sons>\n")
    target.write(odd, soon())
    assert target.look_up(odd, soon()) is not None
    assert target.write(odd, soon()).found


def test_records_change_once(served: Running, target: SageIntacctTarget) -> None:
    """An update whose answer is lost is found by what stands there, and is not sent again."""
    first = record("item", "I50", "Soup")
    target.write(first, soon())
    document = msgspec.structs.replace(first.document, name="Chowder")
    second = replace(first, step="update", reference="item:I50:v2", document=document)
    with served.gateway.armed("gateway"), pytest.raises(OutcomeUncertain):
        target.write(second, soon())
    served.gateway.requests.clear()
    assert target.write(second, soon()).found
    assert all("update" not in asked["functions"] for asked in served.gateway.requests)
