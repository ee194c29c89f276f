"""Everything that a source can do wrong, one row each: what comes of it, and that nothing of the day does."""

import gzip
import json
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from adapters.pos.tray import SYSTEM
from domain.ports.source import RETRYABLE, DayRequest, SourceFailure
from tests.support.tray_stage import (
    DATE,
    Answer,
    Asked,
    Stage,
    check,
    compact,
    deposit,
    entry,
    item,
    page,
    payment,
    payments_of,
)

Play = Callable[[Stage], None]


def replying(answer: Callable[[Answer], Answer], *, resource: str = "checks", times: int = 99) -> Play:
    """The first requests of a resource are answered otherwise."""

    def play(stage: Stage) -> None:
        def tamper(asked: Asked, honest: Answer) -> Answer:
            return answer(honest) if asked.resource == resource and asked.nth < times else honest

        stage.tamper = tamper

    return play


def status(code: int, *, times: int = 99, **headers: str) -> Play:
    """Answers a status."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = compact({"error": {"code": "x", "message": "y"}})
    return replying(
        lambda _: Answer(code, body, {"Content-Type": "application/json", **named}), times=times, resource="payments"
    )


def body(change: Callable[[bytes], bytes], *, resource: str = "checks", **headers: str) -> Play:
    """Answers with another body."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(honest: Answer) -> Answer:
        return Answer(200, change(honest.body), {**honest.headers, **named})

    return replying(answer, resource=resource)


def text(old: str, new: str, *, resource: str = "checks") -> Play:
    """Answers with a piece of the JSON exchanged, once in every body."""

    def change(honest: bytes) -> bytes:
        assert old.encode() in honest or resource == "checks"
        return honest.replace(old.encode(), new.encode(), 1)

    return body(change, resource=resource)


def bytes_(old: bytes, new: bytes) -> Play:
    """The same with bytes."""
    return body(lambda honest: honest.replace(old, new, 1))


def raw(*pieces: bytes, pause: float = 0.0, times: int = 99) -> Play:
    """Writes to the connection, past HTTP."""
    return replying(lambda _: Answer(raw=list(pieces), pause=pause), resource="jobs", times=times)


def rows(change: Callable[[Stage], None]) -> Play:
    """Has other rows."""
    return change


def added(resource: str, *more: dict[str, Any]) -> Play:
    """Has further rows of a resource."""

    def play(stage: Stage) -> None:
        stage.rows[resource].extend(more)

    return play


def checked(*checks: dict[str, Any]) -> Play:
    """Has these checks, and the payments that belong to them."""

    def play(stage: Stage) -> None:
        stage.rows["checks"] = list(checks)
        stage.rows["payments"] = payments_of(list(checks))
        stage.page_rows = 500

    return play


def changing(resource: str, **fields: Any) -> Play:
    """A row of the resource changes after it was read, so that the sweep answers it."""

    def play(stage: Stage) -> None:
        stage.changed[resource] = [{**stage.rows[resource][0], **fields}]

    return play


def cursors(cursor: Callable[[int], str | None], *, empty: bool = False) -> Play:
    """Answers these cursors, by the number of the request."""

    def play(stage: Stage) -> None:
        def tamper(asked: Asked, honest: Answer) -> Answer:
            if asked.resource != "checks" or asked.sweeps:
                return honest
            data = json.loads(honest.body)["data"]
            return Answer(body=page([] if empty else data, cursor(asked.nth)))

        stage.tamper = tamper

    return play


def _inserted_between(stage: Stage) -> None:
    """A check is put before all others while page 2 is asked for: the last one of page 1 comes again."""

    def tamper(asked: Asked, honest: Answer) -> Answer:
        if asked.resource == "checks" and asked.nth == 0:
            stage.rows["checks"].insert(0, check(0, [], []))
        return honest

    stage.tamper = tamper


def _deleted_between(stage: Stage) -> None:
    """A check of page 1 is deleted while page 2 is asked for: the first one of page 2 slips through."""

    def tamper(asked: Asked, honest: Answer) -> Answer:
        if asked.resource == "checks" and asked.nth == 0:
            del stage.rows["checks"][0]
        return honest

    stage.tamper = tamper


def _unpaid_deleted_between(stage: Stage) -> None:
    """Checks without any payment, one of them deleted between the pages: no list of payments tells of it."""
    stage.rows["checks"] = [check(number, [], []) for number in range(1, 5)]
    stage.rows["payments"] = []
    _deleted_between(stage)


def _filter_ignored(stage: Stage) -> None:
    """The sweep's filter is ignored: every row comes back as it was."""
    stage.changed = stage.rows


def _after_first(resource: str, change: Callable[[Stage], None]) -> Play:
    """Changes rows once the resource was answered."""

    def play(stage: Stage) -> None:
        def tamper(asked: Asked, honest: Answer) -> Answer:
            if asked.resource == resource and asked.nth == 0:
                change(stage)
            return honest

        stage.tamper = tamper

    return play


def _clock_out(stage: Stage) -> None:
    stage.rows["time-entries"][0]["out"] = "2026-11-20T22:00:00Z"


def _pay_otherwise(stage: Stage) -> None:
    stage.rows["payments"][0]["tender"] = "Visa"


_paid_otherwise = _after_first("payments", _pay_otherwise)
_clocked_out_later = _after_first("time-entries", _clock_out)
_entry_vanishing = _after_first("time-entries", lambda stage: stage.rows["time-entries"].clear())


def _cut_payments(stage: Stage) -> None:
    """A check lists only the first hundred of its payments, and its sums add up by chance."""
    whole = check(1, [item(1, "100.00")], [payment(n, "1.00") for n in range(100)] + [payment(100, "0.00", "2.00")])
    stage.rows["payments"] = payments_of([whole])
    stage.rows["checks"] = [{**whole, "payments": whole["payments"][:100]}]
    stage.page_rows = 500


HUNDRED = [item(n, "1.00") for n in range(100)]
BOMB = zlib.compressobj(9, zlib.DEFLATED, 31)
BOMB_BYTES = b"".join([BOMB.compress(b" " * 2**20) for _ in range(200)]) + BOMB.flush()
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
LOOSE = check(9, [], [payment(1, "1.00")])
LAST_WEEK = entry(9, **{"in": "2026-11-13T13:00:00Z", "out": "2026-11-13T21:00:00Z"})
TOMORROW = entry(9, **{"in": "2026-11-21T05:00:00Z", "out": None})
OVERNIGHT = entry(9, **{"in": "2026-11-20T03:00:00Z", "businessDate": "2026-11-19"})

FAULTS: list[tuple[str, Play, str | None]] = [
    # Statuses.
    ("400", status(400), "bad-request"),
    ("401", status(401), "not-authorized"),
    ("403", status(403), "forbidden"),
    ("404", status(404), "unknown-venue"),
    ("409", status(409), "day-not-closed"),
    ("429 for ever", status(429, Retry_After="1"), "rate-limited"),
    ("429 once", status(429, times=1, Retry_After="1"), None),
    ("408 once", status(408, times=1), None),
    ("500 for ever", status(500), "unavailable"),
    ("502 twice", status(502, times=2), None),
    ("503 four times", status(503, times=4), None),
    ("503 five times", status(503, times=5), "unavailable"),
    ("504 once", status(504, times=1, Retry_After="3"), None),
    ("204", status(204), "unexpected-answer"),
    ("206", status(206), "unexpected-answer"),
    ("418", status(418), "unexpected-answer"),
    ("301", status(301, Location="http://127.0.0.1:1/elsewhere"), "redirected"),
    ("307", status(307, Location="/elsewhere"), "redirected"),
    ("200 with an error body", body(lambda _: compact({"error": {"code": "x"}})), "unexpected-answer"),
    ("a login page", body(lambda _: b"<html>Log in</html>", Content_Type="text/html"), "unexpected-answer"),
    ("a login page that says JSON", body(lambda _: b"<html>Log in</html>"), "malformed"),
    ("no content type", replying(lambda honest: Answer(200, honest.body, {})), "unexpected-answer"),
    ("content type with a charset", body(bytes, Content_Type="application/json; charset=utf-8"), None),
    # Bodies.
    ("nothing", body(lambda _: b""), "malformed"),
    ("truncated JSON", body(lambda honest: honest[:-20]), "malformed"),
    ("two documents", body(lambda honest: honest + honest), "malformed"),
    ("a list", body(lambda _: b"[]"), "malformed"),
    ("bad UTF-8", bytes_(b"Item 1", b"Item \xff"), "malformed"),
    ("bad UTF-8 in an unknown field", bytes_(b'"guests"', b'"new":"\xff","guests"'), "malformed"),
    ("half a surrogate pair", text("Item 1", "Item \\ud800"), "malformed"),
    ("a byte order mark", body(lambda honest: b"\xef\xbb\xbf" + honest), "malformed"),
    ("a key twice in a row", text('"guests":2', '"guests":2,"guests":2'), "malformed"),
    ("a key twice in an item", text('"price":"10.00"', '"price":"1.00","price":"10.00"'), "malformed"),
    ("a key twice in an unknown field", text('"guests":2', '"guests":2,"new":{"a":1,"a":2}'), "malformed"),
    ("a key twice in the envelope", text('{"data"', '{"data":[],"data"'), "malformed"),
    ("NaN", text('"guests":2', '"guests":NaN'), "malformed"),
    ("NaN in an unknown field", text('"guests":2', '"guests":2,"new":NaN'), "malformed"),
    ("infinity", text('"guests":2', '"guests":-Infinity'), "malformed"),
    ("a huge integer", text('"guests":2', '"guests":1' + "0" * 400), "malformed"),
    ("a huge integer in an unknown field", text('"guests":2', '"guests":2,"new":1' + "0" * 5000), "malformed"),
    ("money as a float", text('"10.00"', "10.00"), "malformed"),
    ("money as an integer", text('"10.00"', "10"), "malformed"),
    ("money with an exponent", text('"16.00"', '"16e0"'), "malformed"),
    ("a missing field", text('"guests":2,', ""), "malformed"),
    ("a missing list", text('"discounts":[],', ""), "malformed"),
    ("null for a text", text('"number":"1001"', '"number":null'), "malformed"),
    ("null for a list", text('"discounts":[]', '"discounts":null'), "malformed"),
    ("a number for a text", text('"number":"1001"', '"number":1001'), "malformed"),
    ("a NUL character", text("Item 1", "Item \\u0000"), "malformed"),
    ("a written-out NUL", text("Item 1", "Item \\\\u0000"), None),
    ("a control character", bytes_(b"Item 1", b"Item \x01"), "malformed"),
    ("100 levels", text('"guests":2', '"guests":2,"new":' + "[" * 100 + "]" * 100), "malformed"),
    ("100,000 levels", text('"guests":2', '"guests":2,"new":' + "[" * 100_000 + "]" * 100_000), "malformed"),
    ("an unknown field", text('"guests":2', '"guests":2,"new":{"a":[1.5,"]]]]"]}'), None),
    ("an unknown field in the envelope", text('{"data"', '{"new":1,"data"'), None),
    ("spaces", body(lambda honest: json.dumps(json.loads(honest), indent=2).encode()), None),
    ("escaped letters", text("Item 1", "\\u0049tem \\/ 1"), None),
    ("no next cursor", body(lambda honest: honest.replace(b'"nextCursor"', b'"newCursor"')), "malformed"),
    ("no server time", body(lambda honest: honest.replace(b'"serverTime"', b'"newTime"')), "malformed"),
    ("a server time that is none", text("2026-11-21T12:00:00Z", "today"), "malformed"),
    ("a local time for an instant", text("13:00:00Z", "13:00:00", resource="time-entries"), "malformed"),
    ("gzip", body(gzip.compress, Content_Encoding="gzip"), None),
    ("gzip twice", body(lambda b: gzip.compress(gzip.compress(b)), Content_Encoding="gzip, gzip"), "unexpected-answer"),
    ("gzip within gzip", body(lambda b: gzip.compress(gzip.compress(b)), Content_Encoding="gzip"), "malformed"),
    ("deflate", body(zlib.compress, Content_Encoding="deflate"), "unexpected-answer"),
    ("gzip that is none", body(bytes, Content_Encoding="gzip"), "malformed"),
    ("gzip cut off", body(lambda b: gzip.compress(b)[:-9], Content_Encoding="gzip"), "connection-failed"),
    ("gzip with a tail", body(lambda b: gzip.compress(b) + b"x", Content_Encoding="gzip"), "malformed"),
    ("a gzip bomb", body(lambda _: BOMB_BYTES, Content_Encoding="gzip"), "too-large"),
    ("a large body", body(lambda b: b + b" " * 40 * 2**20), "too-large"),
    ("a large promise", body(bytes, Content_Length="9" * 30), "connection-failed"),
    ("a promise past the limit", body(bytes, Content_Length=str(33 * 2**20)), "too-large"),
    # Connections.
    ("reset once", replying(lambda _: Answer(reset=True), times=1), None),
    ("reset for ever", replying(lambda _: Answer(reset=True)), "connection-failed"),
    ("hung up before the head", raw(), "connection-failed"),
    ("hung up once", raw(times=1), None),
    ("no HTTP", raw(b"SSH-2.0-OpenSSH_9\r\n\r\n"), "connection-failed"),
    ("a body shorter than promised", raw(OK + b"Content-Length: 100\r\n\r\n{"), "connection-failed"),
    ("chunks without an end", raw(OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"), "connection-failed"),
    # Pages.
    ("a cursor that comes again", cursors(lambda _: "1"), "duplicate-rows"),
    ("a cursor in circles over empty pages", cursors(lambda nth: str(nth % 2), empty=True), "repeated-cursor"),
    ("empty pages for ever", cursors(str, empty=True), "repeated-cursor"),
    ("an empty cursor", cursors(lambda _: ""), "malformed"),
    ("an endless cursor", cursors(lambda _: "x" * 5000), "malformed"),
    ("a row inserted between pages", _inserted_between, "duplicate-rows"),
    ("a row deleted between pages", _deleted_between, "changed-while-reading"),
    ("a check without payments deleted between pages", _unpaid_deleted_between, "changed-while-reading"),
    ("a row twice", added("jobs", {"id": "j1", "code": None, "name": "Again", "rate": "1.00"}), "duplicate-rows"),
    # Rows that do not belong here.
    ("a check of another date", added("checks", check(9, [], [], businessDate="2026-11-19")), "out-of-window"),
    ("a check of another venue", added("checks", check(9, [], [], venueId="V101")), "wrong-venue"),
    ("a check that names this venue", added("checks", check(9, [], [], venueId="V100")), None),
    ("a time entry of the week before", added("time-entries", LAST_WEEK), "out-of-window"),
    ("a time entry of tomorrow", added("time-entries", TOMORROW), "out-of-window"),
    ("an overnight entry from yesterday", added("time-entries", OVERNIGHT), None),
    ("a deposit created too late", added("deposits", deposit(9, createdAt="2026-11-21T05:00:00Z")), "out-of-window"),
    ("a deposit for another day", added("deposits", deposit(9, businessDate="2026-11-18")), None),
    # The day as a whole.
    ("a payment that no check has", added("payments", *payments_of([LOOSE])), "changed-while-reading"),
    ("a check whose payments are not listed", added("checks", LOOSE), "changed-while-reading"),
    ("exactly a hundred items", checked(check(1, HUNDRED, [payment(1, "100.00")])), None),
    ("items cut at a hundred", checked(check(1, HUNDRED, [payment(1, "101.00")])), "nested-list-cut"),
    ("ninety-nine items that do not add up", checked(check(1, HUNDRED[:99], [payment(1, "101.00")])), None),
    ("payments cut at a hundred", _cut_payments, "nested-list-cut"),
    ("a check that changed meanwhile", changing("checks", guests=3), "changed-while-reading"),
    ("a new check meanwhile", changing("checks", id="c99"), "changed-while-reading"),
    ("a payment that changed meanwhile", _paid_otherwise, "changed-while-reading"),
    ("a time entry that changed meanwhile", _clocked_out_later, "changed-while-reading"),
    ("a time entry that vanished meanwhile", _entry_vanishing, "changed-while-reading"),
    ("a check touched without a change", changing("checks"), None),
    ("a filter that is ignored", _filter_ignored, None),
]  # fmt: skip


@pytest.mark.parametrize(("play", "expected"), [pytest.param(p, e, id=name) for name, p, e in FAULTS])
def test_a_fault_is_what_it_is_and_nothing_of_the_day_counts(
    stage: Stage, connect: Any, request_day: DayRequest, play: Play, expected: str | None
) -> None:
    """Each row of the table ends in its failure, or in the whole day."""
    play(stage)
    source = connect(longest_pause=0.01)
    if expected is None:
        fetched = source.fetch(request_day)
        assert sum(page.rows for page in fetched.capture.of("checks")) == fetched.rows["checks"] > 0
        return
    with pytest.raises(SourceFailure) as failed:
        source.fetch(request_day)
    assert failed.value.failure == expected, failed.value.message
    assert failed.value.retryable == (expected in RETRYABLE)
    assert failed.value.resource
    assert failed.value.requests == len(stage.asked)
    assert failed.value.message.endswith(".")


def test_empty_pages_are_put_up_with_a_few_times(stage: Stage, connect: Any, request_day: DayRequest) -> None:
    """Three pages without rows before the rows change nothing, and leave no trace in the capture."""
    source = connect()
    plain = source.fetch(request_day).capture
    stage.asked.clear()

    def tamper(asked: Asked, honest: Answer) -> Answer:
        if asked.resource == "jobs" and asked.nth < 3:
            return Answer(body=page([], str(-1 - asked.nth)))
        return Answer(body=page(stage.rows["jobs"])) if asked.resource == "jobs" else honest

    stage.tamper = tamper
    assert source.fetch(request_day).capture.digest == plain.digest
    assert sum(asked.resource == "jobs" for asked in stage.asked) == 4 + 1  # they are read again


def test_an_amount_that_is_none_is_found_when_the_capture_is_read(
    stage: Stage, connect: Any, request_day: DayRequest
) -> None:
    """Amounts inside items are looked at once, by the reading: its failure is the source's, and shows no value."""
    text('"10.00"', '"ten"')(stage)
    capture = connect().fetch(request_day).capture
    with pytest.raises(SourceFailure) as failed:
        list(SYSTEM.read(capture, request_day.window).records["ticket"])
    assert failed.value.failure == "malformed"
    assert "ten" not in failed.value.message


def test_rows_out_of_their_promised_order_are_accepted(stage: Stage, connect: Any, request_day: DayRequest) -> None:
    """Order is no proof of anything as long as ids are unique and everything adds up."""
    stage.rows["checks"].reverse()
    assert connect().fetch(request_day).rows["checks"] == 3


def test_more_pages_than_the_limit_are_too_many(stage: Stage, connect: Any, request_day: DayRequest) -> None:
    """The limit on pages ends a fetch that would never end."""
    stage.page_rows = 1
    with pytest.raises(SourceFailure) as failed:
        connect(pages=2).fetch(request_day)
    assert failed.value.failure == "too-large"
    assert failed.value.rows == {"checks": 2}


def test_all_answers_together_are_bounded(connect: Any, request_day: DayRequest) -> None:
    """The limit on a whole fetch holds although each answer is small."""
    with pytest.raises(SourceFailure) as failed:
        connect(fetch_bytes=4_000).fetch(request_day)
    assert failed.value.failure == "too-large"
    assert 0 < failed.value.read_bytes <= 4_000


def test_the_date_of_a_check_is_what_was_asked() -> None:
    """The stage plays the day that the other tests mean."""
    assert DATE.isoformat() == check(1, [], [])["businessDate"]
