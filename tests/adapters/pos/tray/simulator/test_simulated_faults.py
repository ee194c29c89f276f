"""Each fault does what its sentence says, as often as armed, and then no more."""

import email.utils
import gzip
import json
import time
import zlib
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from adapters.pos.tray.simulator import TrayPos, running
from adapters.pos.tray.simulator.faults import CATALOGUE
from tests.adapters.pos.tray.simulator.tray_reader import DAY, KEY, TICKETS, Tray, settings
from tests.support.skipping import SkippingClock

_DATE = DAY.isoformat()
_ASKED = {"businessDate": _DATE, "limit": "50"}


def _refuse(constant: str) -> float:
    message = f"{constant} is no JSON"
    raise ValueError(message)


def _strictly(content: bytes) -> Any:
    """Read JSON as a careful reader would: UTF-8, no constants, no key twice."""

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len(dict(found)) == len(found), "a key twice"
        return dict(found)

    return json.loads(content.decode(), parse_constant=_refuse, object_pairs_hook=pairs)


def _unreadable(content: bytes) -> bool:
    try:
        _strictly(content)
    except (ValueError, AssertionError):
        return True
    return False


def _rows(answer: httpx.Response) -> Any:
    return answer.json()["data"]


def _row(answer: httpx.Response) -> Any:
    return _rows(answer)[0]


def _dates(answer: httpx.Response) -> list[str]:
    return [row["businessDate"] for row in _rows(answer)]


def _refused(status: int) -> Callable[[httpx.Response, Any], bool]:
    return lambda answer, _: answer.status_code == status and bool(answer.json()["error"]["code"])


# One row per fault that changes an answer to `checks`: what must be so of the answer, given the rows without it.
_ANSWERS: dict[str, Callable[[httpx.Response, Any], bool]] = {
    **{f"status_{status}": _refused(status) for status in (400, 401, 403, 404, 408, 409, 500, 502, 503, 504)},
    "error_body_200": lambda answer, _: answer.status_code == 200 and "error" in answer.json(),
    "html_login_page": lambda answer, _: answer.status_code == 200 and answer.text.startswith("<!doctype html>"),
    "redirect": lambda answer, _: (
        (answer.status_code, answer.headers["location"]) == (302, "https://elsewhere.example.com/")
    ),
    "truncated_json": lambda answer, _: _unreadable(answer.content),
    "bad_utf8": lambda answer, _: b"\xff" in answer.content and _unreadable(answer.content),
    "byte_order_mark": lambda answer, _: answer.content.startswith(b"\xef\xbb\xbf{"),
    "duplicate_keys": lambda answer, _: answer.content.count(b'"taxTotal":') == 51 and _unreadable(answer.content),
    "not_a_number": lambda answer, _: b'"taxTotal":NaN' in answer.content,
    "infinity": lambda answer, _: b'"taxTotal":Infinity' in answer.content,
    "enormous_integer": lambda answer, _: b'"taxTotal":1' + b"0" * 400 in answer.content,
    "float_money": lambda answer, _: _row(answer)["taxTotal"] == 12.3,
    "missing_field": lambda answer, plain: set(plain[0]) - set(_row(answer)) == {"taxTotal"},
    "unknown_field": lambda answer, plain: set(_row(answer)) - set(plain[0]) == {"loyaltyTier"},
    "null_field": lambda answer, _: _row(answer)["taxTotal"] is None,
    "wrong_type": lambda answer, _: isinstance(_row(answer)["taxTotal"], list),
    "nul_in_text": lambda answer, _: "\x00" in _row(answer)["serviceType"],
    "deep_nesting": lambda answer, _: b"[" * 100 + b"]" * 100 in answer.content,
    "wrong_zone": lambda answer, _: _row(answer)["zone"] == "Asia/Tokyo",
    "out_of_order": lambda answer, plain: _rows(answer) == plain[::-1],
    "duplicate_row": lambda answer, plain: _rows(answer) == [*plain, plain[0]],
    "rows_outside_window": lambda answer, plain: _dates(answer) == [_DATE] * len(plain) + ["2026-11-02"],
    "wrong_venue_rows": lambda answer, plain: len(plain) == sum(row["id"].startswith("V101") for row in _rows(answer)),
    "clock_skew": lambda answer, _: answer.json()["serverTime"] == "2026-11-20T12:10:00Z",
    "missing_page": lambda answer, plain: bool(_rows(answer)) and all(row not in plain for row in _rows(answer)),
    "empty_page_with_next": lambda answer, _: _rows(answer) == [] and answer.json()["nextCursor"] is not None,
    "endless_cursors": lambda answer, plain: _rows(answer) == plain and answer.json()["nextCursor"] is not None,
    "date_filter_ignored": lambda answer, plain: _dates(answer) == ["2026-11-02"] * len(plain),
}
# Tested one by one below, because they need more than one answer, other parameters or the naked connection.
_ELSEWHERE = {
    "status_429_seconds",
    "status_429_date",
    "status_429_missing",
    "huge_page",
    "gzip_bomb",
    "double_gzip",
    "nested_list_cut",
    "future_punch",
    "duplicate_page",
    "repeated_cursor",
    "silence",
    "stall",
    "reset",
    "slow_drip",
    "short_content_length",
    "short_body",
    "unterminated_chunked",
    "void_after_close",
    "late_tip",
    "split_check",
    "transferred_item",
    "inactive_punch",
    "auto_clock_out",
    "sales_change_under_labor",
    "row_inserted_between_pages",
    "row_deleted_between_pages",
    "row_edited_between_pages",
}


def test_every_fault_is_tested_and_described(tray: Tray) -> None:
    """The catalogue, the tests and the listing name the same faults, each with a sentence; archives have their own."""
    of_archives = {name for name, fault in CATALOGUE.items() if fault.parcel is not None}
    assert set(_ANSWERS) | _ELSEWHERE | of_archives == set(CATALOGUE)
    listing = tray.http.get("/simulator/faults").json()
    assert listing == {"catalogue": {name: CATALOGUE[name].sentence for name in sorted(CATALOGUE)}, "armed": []}
    assert all(len(sentence) > 20 for sentence in listing["catalogue"].values())


@pytest.mark.parametrize("name", sorted(_ANSWERS))
def test_a_fault_does_what_its_sentence_says(tray: Tray, name: str) -> None:
    """Armed once, it shapes one answer, is logged by its name, and the next answer is as before."""
    plain = tray.page("checks", **_ASKED)
    tray.arm(name)
    answer = tray.ask("checks", **_ASKED)
    assert _ANSWERS[name](answer, plain["data"]), answer.text[:500]
    assert tray.pos.requests[-1]["faults"] == [name]
    assert tray.page("checks", **_ASKED) == plain


def test_an_unknown_fault_is_refused(tray: Tray) -> None:
    """A misspelt name is a 400."""
    assert tray.http.post("/simulator/faults", json={"name": "meteor"}).status_code == 400
    assert tray.http.post("/simulator/faults", json={"name": "reset", "tims": 2}).status_code == 400


def test_faults_are_aimed(tray: Tray) -> None:
    """Times, requests to let pass, resource and venue are kept to, and disarming ends it."""

    def statuses(count: int, resource: str = "jobs", venue: str = "V100") -> list[int]:
        return [tray.ask(resource, venue).status_code for _ in range(count)]

    tray.arm("status_500", times=2, after=1, resource="jobs", venue="V100")
    assert statuses(2, "staff") == [200, 200]
    assert statuses(2, "jobs", "V101") == [200, 200]
    assert statuses(4) == [200, 500, 500, 200]
    tray.http.delete("/simulator/faults")
    tray.arm("status_503", times=None, parameters={"retryAfter": 7})
    assert statuses(3) == [503] * 3
    assert tray.ask("jobs").headers["retry-after"] == "7"
    tray.http.delete("/simulator/faults")
    assert statuses(1) == [200]


@pytest.mark.parametrize("style", ["seconds", "date", "missing"])
def test_throttling_lengthens_when_asked_early(tray: Tray, clock: SkippingClock, style: str) -> None:
    """Retry-After comes in its three forms; who asks early waits twice as long; who waits gets an answer."""
    tray.arm(f"status_429_{style}", parameters={"seconds": 1})
    answers = [tray.ask("jobs"), tray.ask("jobs")]
    assert [answer.status_code for answer in answers] == [429, 429]
    headers = [answer.headers.get("retry-after") for answer in answers]
    if style == "seconds":
        assert headers == ["1", "2"]
    elif style == "missing":
        assert headers == [None, None]
    else:
        waits = [email.utils.parsedate_to_datetime(str(header)).timestamp() - clock.seconds() for header in headers]
        assert 0 < waits[0] <= 2 < waits[1] + 1 <= 4
    clock.sleep(2.05)
    assert tray.ask("jobs").status_code == 200


def test_a_key_that_waits_is_not_throttled_twice(tray: Tray) -> None:
    """A wait of no length is over at once, for readers whose clock is simulated too."""
    tray.arm("status_429_seconds", parameters={"seconds": 0})
    assert [tray.ask("jobs").status_code for _ in range(2)] == [429, 200]


def test_a_duplicate_page_comes_twice(tray: Tray) -> None:
    """The second page has the first one's rows again."""
    tray.arm("duplicate_page")
    rows = [row["id"] for row in tray.rows("checks", **_ASKED)]
    assert rows[:50] == rows[50:100]
    assert len(set(rows)) == TICKETS - 50


def test_a_cursor_repeats(tray: Tray) -> None:
    """The second page names itself as the next one."""
    tray.arm("repeated_cursor", times=None)
    cursor = tray.page("checks", **_ASKED)["nextCursor"]
    assert tray.page("checks", cursor=cursor, **_ASKED)["nextCursor"] == cursor


def test_cursors_never_end(tray: Tray) -> None:
    """After the last row the rows begin again, with ever new cursors."""
    tray.arm("endless_cursors", times=None)
    query, cursors, rows = dict(_ASKED), set(), []
    for _ in range(8):
        page = tray.page("checks", **query)
        rows += [row["id"] for row in page["data"]]
        query["cursor"] = page["nextCursor"]
        cursors.add(page["nextCursor"])
    assert len(cursors) == 8
    assert len(rows) > 2 * TICKETS
    assert len(set(rows)) == TICKETS


def test_an_empty_page_loses_nothing(tray: Tray) -> None:
    """Who goes on after the empty page gets every row."""
    whole = tray.day("checks")
    tray.arm("empty_page_with_next", after=1)
    assert tray.rows("checks", **_ASKED) == whole


def test_an_ignored_date_brings_three_days(tray: Tray) -> None:
    """On all pages: the day before, the day, the day after, for dates and for windows."""
    tray.arm("date_filter_ignored", times=None)
    assert len({row["businessDate"] for row in tray.day("checks")}) == 3
    assert len({row["businessDate"] for row in tray.rows("time-entries", **tray.window())}) >= 3


def test_windows_have_rows_outside_of_them(tray: Tray) -> None:
    """A time entry and a deposit from before the window come with it."""
    tray.arm("rows_outside_window", times=2)
    window = tray.window()
    assert tray.rows("time-entries", **window)[-1]["in"] < window["from"]
    created = {"createdFrom": "2026-11-05T05:00:00Z", "createdTo": "2026-11-06T05:00:00Z"}
    assert tray.rows("deposits", **created)[-1]["createdAt"] < created["createdFrom"]


def test_a_nested_list_is_cut(tray: Tray) -> None:
    """Checks lose the items after so many; where no list is that long nothing happens, and nothing is spent."""
    tray.arm("nested_list_cut", times=1)
    plain = tray.day("checks")
    assert max(len(row["items"]) for row in plain) > 2
    assert tray.pos.board.armed[0].fired == 0
    tray.http.delete("/simulator/faults")
    tray.arm("nested_list_cut", parameters={"at": 2})
    assert max(len(row["items"]) for row in tray.day("checks")) == 2


def test_a_punch_lies_in_the_future(tray: Tray) -> None:
    """The first time entry is of another year."""
    tray.arm("future_punch", resource="time-entries")
    assert tray.rows("time-entries", **tray.window())[0]["in"] > "2027-11"


def test_a_huge_page_is_still_json(tray: Tray) -> None:
    """The padding is as large as asked for, in a field to be passed over."""
    tray.arm("huge_page", parameters={"bytes": 1_000_000})
    answer = tray.ask("jobs")
    assert len(answer.content) > 1_000_000
    assert len(answer.json()["data"]) == 7


def test_a_gzip_bomb_bursts(tray: Tray) -> None:
    """A few kilobytes unpack to what was asked for, and are valid to the end."""
    tray.arm("gzip_bomb", parameters={"bytes": 32 << 20})
    with tray.http.stream("GET", "/kernel/v1/venues/V100/jobs") as answer:
        assert answer.headers["content-encoding"] == "gzip"
        raw = b"".join(answer.iter_raw())
    assert len(raw) < 100_000
    unpacked = gzip.decompress(raw)
    assert len(unpacked) > 32 << 20
    assert len(json.loads(unpacked)["data"]) == 7


def test_double_gzip_is_gzip_in_gzip(tray: Tray) -> None:
    """Both layers are announced and there."""
    tray.arm("double_gzip", parameters={"bytes": 1 << 20})
    with tray.http.stream("GET", "/kernel/v1/venues/V100/jobs") as answer:
        assert answer.headers["content-encoding"] == "gzip, gzip"
        raw = b"".join(answer.iter_raw())
    assert len(zlib.decompress(zlib.decompress(raw, 31), 31)) > 1 << 20


@pytest.mark.parametrize(
    ("name", "parameters", "error"),
    [
        ("silence", {"seconds": 0.2}, httpx.RemoteProtocolError),
        ("stall", {"seconds": 0.2}, httpx.RemoteProtocolError),
        ("silence", {"seconds": 30}, httpx.ReadTimeout),
        ("stall", {"seconds": 30}, httpx.ReadTimeout),
        ("reset", {}, httpx.ReadError),
        ("slow_drip", {"seconds": 0.3, "interval": 0.02}, httpx.RemoteProtocolError),
        ("short_body", {}, httpx.RemoteProtocolError),
        ("unterminated_chunked", {}, httpx.RemoteProtocolError),
    ],
)
def test_the_connection_fails(tray: Tray, name: str, parameters: Any, error: type[Exception]) -> None:
    """A reader sees the connection fail in the way of the fault, and the next request succeeds."""
    tray.arm(name, parameters=parameters)
    with pytest.raises(error):
        tray.http.get(f"/kernel/v1/venues/V100/checks?businessDate={_DATE}", timeout=0.6)
    assert tray.pos.requests[-1]["faults"] == [name]
    assert tray.ask("jobs").status_code == 200


def test_a_short_content_length_cuts_the_json(tray: Tray) -> None:
    """A reader who believes the length gets half of the JSON."""
    tray.arm("short_content_length")
    with httpx.Client(base_url=tray.http.base_url, headers={"X-Api-Key": KEY}) as client:
        answer = client.get("/kernel/v1/venues/V100/jobs")
        assert _unreadable(answer.content)


def test_a_slow_drip_drips(tray: Tray) -> None:
    """One byte comes at a time."""
    tray.arm("slow_drip", parameters={"seconds": 0.3, "interval": 0.05})
    pieces: list[bytes] = []
    with pytest.raises(httpx.RemoteProtocolError), tray.http.stream("GET", "/kernel/v1/venues/V100/jobs") as answer:
        pieces.extend(answer.iter_raw())
    assert 3 <= len(pieces) == len(b"".join(pieces)) <= 6


def test_waiting_faults_do_not_hold_up_the_end() -> None:
    """The simulator stops while an answer is being withheld."""
    begun = time.monotonic()
    with running(TrayPos(settings())) as served:
        tray = Tray(served)
        tray.arm("silence", parameters={"seconds": 600})
        with pytest.raises(httpx.ReadTimeout):
            tray.http.get("/kernel/v1/venues/V100/jobs", timeout=0.2)
        tray.http.close()
    assert time.monotonic() - begun < 8
