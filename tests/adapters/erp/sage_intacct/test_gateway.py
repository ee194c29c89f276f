"""The gateway's answers at their edges: each is judged by what it says for certain, and by nothing else."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from adapters.erp.sage_intacct import SYSTEM
from adapters.erp.sage_intacct.sessions import Sessions
from adapters.erp.sage_intacct.simulator import Running, SimulatedGateway, running
from adapters.erp.sage_intacct.simulator.faults import Reply
from adapters.forms import fill
from domain.ports.target import Done, Effect, OutcomeUncertain, TargetFailure
from tests.support.intacct import entry, filled_in, record, standing
from tests.support.reach import limits_here
from tests.support.soon import soon

Change = Callable[[Reply], Reply]
SIGN_IN, CREATE, QUERY = b"<getAPISession>", b"<create>", b"<query>"
NUMBERS = iter(range(1, 300))


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    """A gateway."""
    with running(SimulatedGateway()) as one:
        yield one


def swapped(old: str, new: str) -> Change:
    """The answer with one part of it replaced."""
    return lambda reply: replace(reply, body=re.sub(old, new, reply.body.decode(), flags=re.DOTALL).encode())


def status(code: int, body: bytes = b"") -> Change:
    """Another answer."""
    return lambda _: Reply(code, body)


def control(number: str) -> Change:
    """The request as a whole is refused."""
    said = f"<status>failure</status></control><errormessage><error><errorno>{number}</errorno></error></errormessage>"
    return swapped(r"<status>success</status>.*</response>", f"{said}</response>")


def a_day() -> Effect:
    """An entry that no other test has."""
    return entry(date=(dt.date(2027, 1, 1) + dt.timedelta(days=next(NUMBERS))).isoformat())


def written(served: Running, monkeypatch: pytest.MonkeyPatch, effect: Effect, **changes: Change) -> Done:
    """Write an effect while answers to some requests are changed."""
    real = served.gateway.answer
    places = {"sign_in": SIGN_IN, "create": CREATE, "query": QUERY}

    def answer(body: bytes) -> Reply:
        reply = real(body)
        for name, change in changes.items():
            if places[name] in body:
                reply = change(reply)
        return reply

    monkeypatch.setattr(served.gateway, "answer", answer)
    try:
        with closing(
            SYSTEM.target(fill(SYSTEM.profile.form, filled_in(served.url)), limits_here(), sessions=Sessions())
        ) as target:
            return target.write(effect, soon())
    finally:
        monkeypatch.setattr(served.gateway, "answer", real)


FAILED: list[tuple[str, Change, str]] = [
    ("sign_in", swapped("<sessionid>.*</sessionid>", ""), "unexpected-answer"),
    ("sign_in", swapped("<result><status>success", "<result><status>failure"), "unavailable"),
    ("sign_in", swapped("<authentication><status>success", "<authentication><status>odd"), "unexpected-answer"),
    ("sign_in", control("GW-0099"), "unclear"),
    ("sign_in", status(404), "bad-endpoint"),
    ("sign_in", status(502), "unavailable"),
    ("create", control("XL03000003"), "rejected"),
    ("create", control("GW-0010"), "rate-limited"),
    ("create", status(400, b"no"), "rejected"),
    ("create", status(404), "bad-endpoint"),
    ("create", status(405), "bad-endpoint"),
    ("create", status(413), "too-large"),
    ("create", status(401), "not-authorized"),
    ("create", status(302), "bad-endpoint"),
    ("create", swapped("<authentication><status>success", "<authentication><status>failure"), "not-authorized"),
]


@pytest.mark.parametrize(("where", "change", "failure"), FAILED)
def test_what_is_certain(
    served: Running, monkeypatch: pytest.MonkeyPatch, where: str, change: Change, failure: str
) -> None:
    """Nothing was done: the gateway says so, or nothing was sent that changes anything."""
    with pytest.raises(TargetFailure) as failed:
        written(served, monkeypatch, a_day(), **{where: change})
    assert failed.value.failure == (failure if failure != "unclear" else "rejected")


UNCERTAIN: list[Change] = [
    control("GW-0099"),
    status(200, b"<html/>"),
    swapped("<controlid>daybook:", "<controlid>other:"),
    swapped("<result>.*</result>", ""),
    swapped("<result><status>success", "<result><status>maybe"),
    swapped("<authentication><status>success", "<authentication><status>odd"),
    swapped("<authentication>.*</authentication>", ""),
]


@pytest.mark.parametrize("change", UNCERTAIN)
def test_what_is_not(served: Running, monkeypatch: pytest.MonkeyPatch, change: Change) -> None:
    """It may have been done, and here it was."""
    effect = a_day()
    with pytest.raises(OutcomeUncertain):
        written(served, monkeypatch, effect, create=change)
    assert standing(served.gateway.books, effect) == 1


def test_a_part_of_it_is_uncertain(served: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one function is said to have failed and another not, nobody knows what of the transaction is there."""
    half = swapped(r"<result><status>success(.*?</result>)", r"<result><status>failure\1")

    def once(reply: Reply) -> Reply:
        first, end, rest = reply.body.partition(b"</result>")
        return replace(reply, body=half(replace(reply, body=first + end)).body + rest)

    with pytest.raises(OutcomeUncertain, match="all of it was done, or none"):
        written(served, monkeypatch, record("employee", "S300"), create=once)


def test_what_is_missing_is_made_up_for(served: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session without an endpoint is used where it was begun; a record number that is not told is looked up."""
    for ends in ("", "soon", "2001-01-01T00:00:00+00:00", "2099-01-01T00:00:00"):
        change = swapped("<sessiontimeout>.*?</sessiontimeout>", f"<sessiontimeout>{ends}</sessiontimeout>")
        assert written(served, monkeypatch, a_day(), sign_in=change).external_id
    effect = a_day()
    no_endpoint = swapped("<endpoint>.*</endpoint>", "<endpoint></endpoint>")
    done = written(served, monkeypatch, effect, sign_in=no_endpoint, create=swapped("<RECORDNO>.*</RECORDNO>", ""))
    [(row, _)] = [one for one in served.gateway.books.entries() if one[0]["RECORDNO"] == done.external_id]
    assert row["HISTORY_COMMENT"] == effect.reference
    done = written(served, monkeypatch, a_day(), create=swapped("<RECORDNO>.*</RECORDNO>", ""), query=status(503))
    assert done == Done()


def test_a_duplicate_that_cannot_be_looked_up_is_uncertain(served: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is there, says the gateway, and does not say where."""
    effect = a_day()
    written(served, monkeypatch, effect)
    with pytest.raises(OutcomeUncertain, match="could not be looked up"):
        written(served, monkeypatch, effect, query=status(503))


def test_lines_that_cannot_be_read_are_no_news(served: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that is there is found, also where its lines are not shown."""
    effect = a_day()
    written(served, monkeypatch, effect)
    no_lines = lambda reply: Reply(503) if b"TRX_AMOUNT" in reply.body else reply  # noqa: E731
    found = written(served, monkeypatch, effect, query=no_lines)
    assert found.found
    assert "somebody" not in found.message
