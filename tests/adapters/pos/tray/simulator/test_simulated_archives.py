"""The simulated consolidated API, read by a reader that knows the contract, a zip library and nothing else."""

import datetime as dt
import io
import json
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from adapters.pos.tray.simulator import TrayPos, running
from adapters.pos.tray.simulator.faults import CATALOGUE
from tests.adapters.pos.tray.simulator.tray_reader import DAY, KEY, Tray, settings

_DATE = DAY.isoformat()
_CREATED = {"createdFrom": "2026-11-03T05:00:00Z", "createdTo": "2026-11-06T05:00:00Z"}
_SALES = {"businessDate": _DATE, **_CREATED}
_LABOR = {"businessDate": _DATE, "from_": "2026-11-03T05:00:00Z", "to": "2026-11-04T05:00:00Z"}


def opened(sealed: bytes, part: str, asked: dict[str, str], *, venue: str = "V100", key: str = KEY) -> bytes:
    """Answer the zip of an archive."""
    assert sealed[:8] == b"TRAYARC1"
    salt, nonce = sealed[8:24], sealed[24:36]
    derived = HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"tray consolidated archive").derive(key.encode())
    names = sorted((name.rstrip("_"), value) for name, value in asked.items())
    bound = "\n".join(["TRAYARC1", f"venue={venue}", f"part={part}", *(f"{name}={value}" for name, value in names)])
    return AESGCM(derived).decrypt(nonce, sealed[36:], bound.encode())


def contents(zipped: bytes) -> dict[str, Any]:
    """Answer what is in a zip, decoded."""
    with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
        assert archive.testzip() is None
        return {name: json.loads(archive.read(name)) for name in archive.namelist()}


def asked(tray: Tray, part: str, query: dict[str, str]) -> dict[str, Any]:
    """Ask for an archive, and answer what is in it."""
    answer = tray.ask(f"consolidated/{part}", **query)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/octet-stream")
    return contents(opened(answer.content, part, query))


def test_a_sales_archive_has_what_the_split_endpoints_have(tray: Tray) -> None:
    """Every row of every resource, in its order, and a manifest that counts them."""
    found = asked(tray, "sales", _SALES)
    split = {
        **{name: tray.day(name) for name in ("checks", "payments", "voids")},
        "deposits": tray.rows("deposits", **_CREATED),
        "paid-in-out": tray.day("paid-in-out"),
    }
    manifest = found.pop("manifest.json")
    assert found == {f"{name}.json": rows for name, rows in split.items()}
    assert manifest == {
        "version": 1,
        "venueId": "V100",
        "part": "sales",
        "businessDate": _DATE,
        "serverTime": "2026-11-20T12:00:00Z",
        "rows": {name: len(rows) for name, rows in split.items()},
    }


@pytest.mark.parametrize("inactive", ["true", "false", None])
def test_a_labor_archive_has_what_the_split_endpoints_have(tray: Tray, inactive: str | None) -> None:
    """Time entries of the window, the staff as wanted, and the jobs."""
    query = {**_LABOR, **({} if inactive is None else {"includeInactive": inactive})}
    found = asked(tray, "labor", query)
    window = {name: value for name, value in _LABOR.items() if name != "businessDate"}
    assert found["time-entries.json"] == tray.rows("time-entries", **window)
    assert found["staff.json"] == tray.rows("staff", includeInactive=inactive or "false")
    assert found["jobs.json"] == tray.rows("jobs")
    assert list(found["manifest.json"]["rows"]) == ["time-entries", "staff", "jobs"]


def test_parts_can_be_asked_for_with_the_date_alone(tray: Tray) -> None:
    """Then labor is of the hours of the business date, and sales come without deposits."""
    sales = asked(tray, "sales", {"businessDate": _DATE})
    assert "deposits.json" not in sales
    assert "deposits" not in sales["manifest.json"]["rows"]
    labor = asked(tray, "labor", {"businessDate": _DATE})
    assert labor["time-entries.json"] == tray.rows("time-entries", **tray.window())


_BAD = [
    ("sales", {}, "missing_parameter"),
    ("sales", {"businessDate": "yesterday"}, "bad_date"),
    ("sales", {"businessDate": _DATE, "createdFrom": "2026-11-03T05:00:00Z"}, "missing_parameter"),
    ("sales", {"businessDate": _DATE, "createdFrom": _CREATED["createdTo"], "createdTo": "x"}, "bad_instant"),
    ("sales", {**_SALES, "createdTo": _SALES["createdFrom"]}, "bad_window"),
    ("sales", {"businessDate": _DATE, "limit": "10"}, "unknown_parameter"),
    ("sales", {"businessDate": _DATE, "cursor": "AAAA"}, "unknown_parameter"),
    ("sales", {"businessDate": _DATE, "modifiedSince": "2026-11-03T05:00:00Z"}, "unknown_parameter"),
    ("sales", {**_LABOR}, "unknown_parameter"),
    ("labor", {**_SALES}, "unknown_parameter"),
    ("labor", {"businessDate": _DATE, "from_": "2026-11-03T05:00:00Z"}, "missing_parameter"),
    ("labor", {"businessDate": _DATE, "includeInactive": "maybe"}, "bad_parameter"),
]


@pytest.mark.parametrize(("part", "query", "code"), _BAD)
def test_bad_parameters_of_a_part_are_refused(tray: Tray, part: str, query: dict[str, str], code: str) -> None:
    """An error is JSON, as everywhere."""
    answer = tray.ask(f"consolidated/{part}", **query)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


@pytest.mark.parametrize(
    ("key", "venue", "part", "status"),
    [
        ("wrong", "V100", "sales", 401),
        (KEY, "V900", "sales", 403),
        (KEY, "V555", "labor", 404),
        (KEY, "V100", "menu", 404),
        (KEY, "V100", "sales/more", 404),
        (KEY, "V100", "", 404),
    ],
)
def test_who_may_ask_for_which_part(tray: Tray, key: str, venue: str, part: str, status: int) -> None:
    """As with the split endpoints."""
    answer = tray.http.get(
        f"/kernel/v1/venues/{venue}/consolidated/{part}", params={"businessDate": _DATE}, headers={"X-Api-Key": key}
    )
    assert answer.status_code == status
    assert answer.json()["error"]["code"]


def test_parts_of_a_day_that_is_not_closed_are_refused(tray: Tray) -> None:
    """Both answer 409 until the business date is over."""
    tray.http.put("/simulator/clock", json={"now": "2026-11-04T04:59:59Z"})
    for part in ("sales", "labor"):
        assert tray.ask(f"consolidated/{part}", businessDate=_DATE).status_code == 409


def test_an_archive_opens_for_its_company_and_its_question_only(tray: Tray) -> None:
    """Another key, venue, part, date or window is none of its."""
    sealed = tray.ask("consolidated/sales", **_SALES).content
    assert opened(sealed, "sales", _SALES)
    for part, query, more in (
        ("sales", _SALES, {"key": "tray-key-other"}),
        ("sales", _SALES, {"venue": "V101"}),
        ("labor", _SALES, {}),
        ("sales", {**_SALES, "businessDate": "2026-11-02"}, {}),
        ("sales", {"businessDate": _DATE}, {}),
    ):
        with pytest.raises(InvalidTag):
            opened(sealed, part, query, **more)


def test_archives_are_reproducible_and_never_the_same_twice() -> None:
    """Two POS of one seed seal the same bytes; one POS seals the same day differently each time."""
    answers = []
    for _ in range(2):
        with running(TrayPos(settings())) as served:
            tray = Tray(served)
            answers.append([tray.ask("consolidated/sales", **_SALES).content for _ in range(2)])
            tray.http.close()
    assert answers[0] == answers[1]
    assert answers[0][0] != answers[0][1]
    assert opened(answers[0][0], "sales", _SALES) == opened(answers[0][1], "sales", _SALES)


def test_an_edit_changes_the_next_archive(tray: Tray) -> None:
    """An archive is of the moment at which it was asked for."""
    before = asked(tray, "sales", _SALES)
    tray.http.post("/simulator/edits", json={"venue": "V100", "businessDate": _DATE, "tips": 1})
    after = asked(tray, "sales", _SALES)
    assert sum(one != other for one, other in zip(before["checks.json"], after["checks.json"], strict=True)) == 1


def _open(answer: httpx.Response) -> bytes:
    return opened(answer.content, "sales", _SALES)


def _fails(answer: httpx.Response) -> bool:
    try:
        _open(answer)
    except (InvalidTag, AssertionError):
        return True
    return False


def _names(answer: httpx.Response) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(_open(answer))) as archive:
        return archive.namelist()


def _info(answer: httpx.Response, nth: int = 0) -> zipfile.ZipInfo:
    with zipfile.ZipFile(io.BytesIO(_open(answer))) as archive:
        return archive.infolist()[nth]


def _breaks(answer: httpx.Response, name: str = "checks.json") -> bool:
    """Whether the library finds fault with an entry."""
    with zipfile.ZipFile(io.BytesIO(_open(answer))) as archive:
        try:
            archive.read(name)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
            return True
    return False


def _manifest(answer: httpx.Response) -> Any:
    return contents(_open(answer))["manifest.json"]


# One row per fault of archives: what must be so of the answer, given the one before.
_FAULTS: dict[str, Callable[[httpx.Response, httpx.Response], bool]] = {
    "archive_wrong_key": lambda answer, _: bool(opened(answer.content, "sales", _SALES, key=f"{KEY}-of-old")),
    "archive_wrong_tag": lambda answer, plain: len(answer.content) == len(plain.content) and _fails(answer),
    "archive_changed": lambda answer, plain: len(answer.content) == len(plain.content) and _fails(answer),
    "archive_truncated": lambda answer, plain: len(answer.content) == len(plain.content) // 2 and _fails(answer),
    "archive_moved": lambda answer, _: bool(opened(answer.content, "sales", {**_SALES, "businessDate": "2001-01-01"})),
    "archive_of_another_venue": lambda answer, _: bool(opened(answer.content, "sales", _SALES, venue="V999")),
    "archive_kept": lambda answer, plain: answer.content == plain.content,
    "archive_unknown_version": lambda answer, _: answer.content[:8] == b"TRAYARC9",
    "archive_in_clear": lambda answer, _: answer.content[:4] == b"PK\x03\x04",
    "zip_bomb": lambda answer, _: _info(answer).file_size > 1 << 30 and len(answer.content) < 4 << 20,
    # The library stops where the entry says that it ends, and finds nothing wrong.
    "zip_lying_size": lambda answer, plain: (
        (_info(answer).file_size, _info(answer).CRC) == (_info(plain).file_size, _info(plain).CRC)
        and _info(answer).compress_size > _info(plain).compress_size + 50_000
    ),
    "zip_short_entry": lambda answer, plain: _info(answer).file_size == _info(plain).file_size + 1,
    "zip_bad_checksum": lambda answer, _: _breaks(answer),
    "zip_slip": lambda answer, _: _names(answer)[0] == "../../checks.json",
    "zip_two_names": lambda answer, _: _names(answer)[0] == "checks.json" and _breaks(answer),
    "zip_missing_entry": lambda answer, plain: _names(answer) == _names(plain)[1:],
    "zip_extra_entry": lambda answer, plain: _names(answer) == [*_names(plain), "readme.txt"],
    "zip_many_entries": lambda answer, _: len(_names(answer)) == 5_006,
    "zip_duplicate_entry": lambda answer, _: _names(answer)[:2] == ["checks.json", "checks.json"],
    "zip_overlapping": lambda answer, _: _info(answer, 0).header_offset == _info(answer, 1).header_offset == 0,
    "zip_encrypted_entry": lambda answer, _: _info(answer).flag_bits == 1 and _breaks(answer),
    "zip_unknown_method": lambda answer, _: _info(answer).compress_type == zipfile.ZIP_BZIP2,
    "zip_nested": lambda answer, plain: (
        zipfile.ZipFile(io.BytesIO(_first(answer))).read("checks.json") == _first(plain)
    ),
    "zip_before": lambda answer, plain: _open(answer) == b"#!/bin/sh\n" + _open(plain),
    "zip_after": lambda answer, plain: _open(answer) == _open(plain) + b"\0",
    "zip_none": lambda answer, _: not zipfile.is_zipfile(io.BytesIO(_open(answer))),
    "manifest_miscounts": lambda answer, plain: (
        _manifest(answer)["rows"]["checks"] == _manifest(plain)["rows"]["checks"] + 1
    ),
    "manifest_of_another": lambda answer, plain: (
        _manifest(answer) == {**_manifest(plain), "businessDate": "2001-01-01"}
    ),
    "entry_replaced": lambda answer, _: contents(_open(answer))["checks.json"] == {"data": []},
}


def _first(answer: httpx.Response) -> bytes:
    with zipfile.ZipFile(io.BytesIO(_open(answer))) as archive:
        return archive.read("checks.json")


def test_every_fault_of_archives_is_tested() -> None:
    """The catalogue and the table name the same ones."""
    assert set(_FAULTS) == {name for name, fault in CATALOGUE.items() if fault.parcel is not None}


@pytest.mark.parametrize("name", sorted(_FAULTS))
def test_a_fault_of_archives_does_what_its_sentence_says(tray: Tray, name: str) -> None:
    """Armed once, it shapes one archive, is logged by its name, and the next archive opens to what was there before."""
    plain = tray.ask("consolidated/sales", **_SALES)
    tray.arm(name, resource="consolidated/sales")
    answer = tray.ask("consolidated/sales", **_SALES)
    assert _FAULTS[name](answer, plain)
    assert tray.pos.requests[-1]["faults"] == [name]
    assert _open(tray.ask("consolidated/sales", **_SALES)) == _open(plain)


def test_faults_of_rows_act_inside_archives(tray: Tray) -> None:
    """What is armed for a resource acts on its rows in an archive, and is spent there; faults of pages find none."""
    tray.arm("float_money", resource="payments")
    assert asked(tray, "sales", _SALES)["payments.json"][0]["amount"] == 12.3
    assert tray.pos.requests[-1]["faults"] == ["float_money"]
    tray.http.delete("/simulator/faults")
    plain = asked(tray, "sales", _SALES)
    for name in ("endless_cursors", "empty_page_with_next", "repeated_cursor", "missing_page", "duplicate_page"):
        tray.arm(name)
    found = asked(tray, "sales", _SALES)
    assert found["checks.json"] == plain["checks.json"]
    assert tray.pos.requests[-1]["faults"] == []


def test_a_trap_between_two_resources_makes_an_archive_of_two_moments(tray: Tray) -> None:
    """A POS that does not keep its word about the moment of an archive can be played."""
    tray.arm("late_tip", resource="payments")
    found = asked(tray, "sales", _SALES)
    on_checks = {paid["id"]: paid["tip"] for row in found["checks.json"] for paid in row["payments"]}
    listed = {paid["id"]: paid["tip"] for paid in found["payments.json"]}
    assert sum(on_checks[name] != listed[name] for name in on_checks) == 1


def test_the_log_of_archives_knows_no_key(tray: Tray) -> None:
    """The path and the question are kept, what was sealed is not."""
    tray.ask("consolidated/labor", businessDate=_DATE)
    (entry,) = tray.http.get("/simulator/requests").json()
    assert entry["path"] == "/kernel/v1/venues/V100/consolidated/labor"
    assert entry["query"] == f"businessDate={_DATE}"


def test_archives_are_kept_for_a_while_only(tray: Tray) -> None:
    """Those of the last questions, for the fault that gives one again."""
    for day in range(1, 13):
        tray.ask("consolidated/sales", businessDate=dt.date(2026, 11, day).isoformat())
    assert len(tray.pos.handed_out) == 8
    assert "businessDate=2026-11-12" in list(tray.pos.handed_out)[-1]


def test_a_zip_of_the_simulator_has_no_time_of_its_own(tray: Tray) -> None:
    """Equal rows make equal bytes, whenever they are zipped."""
    zipped = _open(tray.ask("consolidated/sales", **_SALES))
    assert struct.unpack_from("<2H", zipped, 10) == (0, 0x21)
