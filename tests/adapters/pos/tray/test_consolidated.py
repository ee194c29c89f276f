"""The consolidated API tells the same day as the split endpoints, to the byte, or nothing of it."""

import dataclasses
import datetime as dt
import random
import tracemalloc
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import msgspec
import pytest
import structlog

from adapters.pos.tray import SYSTEM, wire
from adapters.pos.tray.archive import Archive
from adapters.pos.tray.simulator import Edits, Running, TrayPos, TrayPosSettings, running
from domain.business_date import Window, window
from domain.polling import translate
from domain.ports.captures import Capture
from domain.ports.source import DayRequest, SourceFailure
from tests.domain.build import ITEM_LEVEL, frame_for
from tests.support.fake_vault import MemoryVault
from tests.support.reach import HERE, limits_here
from tests.support.tray_stage import check, compact, item, payment

KEY = "tray-key-one"
FIRST, LAST = dt.date(2026, 10, 30), dt.date(2026, 11, 4)
ZONES = {"V100": "America/New_York", "V101": "America/Chicago", "V102": "America/Los_Angeles"}
STARTS = {"V101": dt.time(4)}
MEGABYTE = 2**20
SEEDS = range(12)
SHARES = ("unmatched_void_share", "item_center_share", "surcharge_share", "non_sale_share", "gratuity_share")
EDITED = (
    "tickets",
    "voids",
    "tips",
    "ticketsAdded",
    "ticketsRemoved",
    "punches",
    "punchesAdded",
    "punchesRemoved",
    "staffAdded",
    "staffChanged",
    "staffLeft",
    "depositsAdded",
)


def pos_of(seed: int, **changed: Any) -> TrayPos:
    """A POS with a week of days across the night on which the clocks change."""
    now = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    return TrayPos(
        TrayPosSettings(**{"seed": seed, "tickets": 40, "first": FIRST, "last": LAST, "now": lambda: now, **changed})
    )


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    """One server; its POS is another one for every seed."""
    with running(pos_of(0)) as served:
        yield served


@pytest.fixture
def pos(served: Running) -> Iterator[TrayPos]:
    """The POS as drawn, without faults."""
    served.pos.reset()
    served.pos.requests.clear()
    yield served.pos
    served.pos.disarm()
    served.pos.reset()


def day_of(venue: str, date: dt.date, **asked: Any) -> DayRequest:
    """A request for one day of a venue."""
    place = window(date, ZONES[venue], STARTS.get(venue, dt.time(0)))
    return DayRequest("acme", "conn-1", f"loc-{venue}", place, {"venue": venue}, **asked)


def both(url: str, request: DayRequest, vault: MemoryVault | None = None, **limits: Any) -> tuple[Capture, Capture]:
    """The day read from the split endpoints, and from archives."""
    source = SYSTEM.connect(url, KEY, vault or MemoryVault(), limits_here(**limits))
    try:
        split = source.fetch(dataclasses.replace(request, consolidated=False))
        packed = source.fetch(dataclasses.replace(request, consolidated=True))
    finally:
        source.close()
    assert split.rows == packed.rows
    return split.capture, packed.capture


def told(capture: Capture, at: Window) -> Any:
    """Everything that a capture says about a day."""
    day = SYSTEM.read(capture, at)
    return {kind: list(records) for kind, records in day.records.items()}, day.notes, day.dates, day.labor


def recorded(capture: Capture, at: Window) -> Any:
    """The records that come of a capture, in their bytes, and the roster."""
    return translate(SYSTEM.read(capture, at), ITEM_LEVEL, frame_for(ITEM_LEVEL, at.date))


@pytest.mark.parametrize("seed", SEEDS)
def test_both_ways_of_reading_make_the_same_capture(seed: int) -> None:
    """Random days with edits, late voids, overnight shifts and people who left, asked in random ways: to the byte."""
    rng = random.Random(seed)
    shares = {name: rng.choice([0.0, 0.3]) for name in SHARES}
    pos = pos_of(seed, tickets=rng.choice([0, 3, 40, 120]), **shares)
    with running(pos) as served:
        for _ in range(4):
            venue = rng.choice(sorted(ZONES))
            date = FIRST + dt.timedelta(days=rng.randrange(6))
            for edited in (date, date - dt.timedelta(days=1)):
                counts = {name: rng.randrange(3) for name in EDITED}
                edits = {"venue": venue, "businessDate": edited.isoformat(), "seed": rng.randrange(100), **counts}
                pos.edit(msgspec.convert(edits, Edits))
            request = day_of(
                venue,
                date,
                include_inactive=rng.random() < 0.5,
                deposit_days=rng.randrange(4),
                deposit_lookback_days=rng.randrange(4),
                deposits=rng.random() < 0.8,
                dates=rng.choice([(), (date,), (date, date + dt.timedelta(days=1))]),
            )
            back = rng.choice([0, 0, 2, 14])
            if back:
                begins = request.window.starts_at - dt.timedelta(days=back)
                request = dataclasses.replace(request, labor_from=begins)
            split, packed = both(served.url, request)
            assert split == packed
            assert split.digest == packed.digest
            assert told(split, request.window) == told(packed, request.window)


def test_a_day_of_several_pages_makes_the_same_pages(served: Running, pos: TrayPos) -> None:
    """Five hundred rows on a page, however they came: a day that was recorded one way is unchanged the other."""
    with running(pos_of(5, tickets=1_201, items=2)) as large:
        request = day_of("V100", FIRST, dates=(FIRST, FIRST + dt.timedelta(days=1)))
        split, packed = both(large.url, request)
        assert [page.rows for page in packed.of("checks")] == [500, 500, 201] * 2
        assert split == packed
        assert recorded(split, request.window) == recorded(packed, request.window)


def test_a_peer_with_smaller_pages_tells_the_same(served: Running, pos: TrayPos) -> None:
    """Where the split endpoints page otherwise the captures differ in their pages, and in nothing that they say."""
    request = day_of("V101", FIRST)
    split, packed = both(served.url, request, page_rows=7)
    assert [page.rows for page in split.of("checks")][:2] == [7, 7]
    assert [page.rows for page in packed.of("checks")] == [40]
    assert told(split, request.window) == told(packed, request.window)


def asked(pos: TrayPos) -> list[tuple[str, dict[str, str]]]:
    """What the POS was asked, in order."""
    return [
        (
            entry["path"].partition("/venues/V100/")[2],
            dict(pair.split("=") for pair in entry["query"].replace("%3A", ":").split("&")),
        )
        for entry in pos.requests
    ]


def test_sales_are_asked_before_and_after_labor(served: Running, pos: TrayPos) -> None:
    """Three requests are a day: where the sales of both readings agree, all is of the moment of the labor archive."""
    source = SYSTEM.connect(served.url, KEY, MemoryVault(), HERE)
    fetched = source.fetch(day_of("V100", FIRST, consolidated=True, include_inactive=True, deposit_days=2))
    source.close()
    sales = {
        "businessDate": "2026-10-30",
        "createdFrom": "2026-10-30T04:00:00Z",
        "createdTo": "2026-11-02T04:00:00Z",
    }
    labor = {
        "businessDate": "2026-10-30",
        "from": "2026-10-30T04:00:00Z",
        "to": "2026-10-31T04:00:00Z",
        "includeInactive": "true",
    }
    assert asked(pos) == [("consolidated/sales", sales), ("consolidated/labor", labor), ("consolidated/sales", sales)]
    assert fetched.requests == 3
    assert fetched.read_bytes > sum(len(page.data) for page in fetched.capture.pages)


def test_several_dates_are_several_sales_archives_and_one_of_labor(served: Running, pos: TrayPos) -> None:
    """Deposits come with the first of them only, and not at all where they are not wanted."""
    source = SYSTEM.connect(served.url, KEY, MemoryVault(), HERE)
    dates = (FIRST + dt.timedelta(days=1), FIRST)
    source.fetch(day_of("V100", FIRST, consolidated=True, dates=dates))
    first, second, labor, again, last = asked(pos)
    pos.requests.clear()
    fetched = source.fetch(day_of("V100", FIRST, consolidated=True, dates=dates, deposits=False))
    source.close()
    assert (first[1]["businessDate"], second[1]["businessDate"]) == ("2026-10-30", "2026-10-31")
    assert "createdFrom" in first[1]
    assert "createdFrom" not in second[1]
    assert (first, second) == (again, last)
    assert labor[0] == "consolidated/labor"
    assert not [query for _, query in asked(pos) if "createdFrom" in query]
    assert "deposits" not in fetched.rows
    assert not list(fetched.capture.of("deposits"))


def test_a_date_that_changes_after_it_was_read_is_found_among_several(served: Running, pos: TrayPos) -> None:
    """The second reading is of every date."""
    source = SYSTEM.connect(served.url, KEY, MemoryVault(), HERE)
    for after in (2, 3):
        pos.arm("late_tip", resource="checks", after=after)
        with pytest.raises(SourceFailure) as failed:
            source.fetch(day_of("V100", FIRST, consolidated=True, dates=(FIRST, FIRST + dt.timedelta(days=1))))
        assert failed.value.failure == "changed-while-reading"
        assert failed.value.resource == "consolidated/sales"
    source.close()


def test_every_archive_is_sealed_anew(served: Running, pos: TrayPos, monkeypatch: Any) -> None:
    """Two answers of an unchanged day differ in every byte after the version, and open to the same."""
    seen = []
    original = pos.hand_out

    def noting(question: str, sealed: bytes) -> None:
        seen.append(sealed)
        original(question, sealed)

    monkeypatch.setattr(pos, "hand_out", noting)
    split, packed = both(served.url, day_of("V100", FIRST))
    assert split == packed
    first, _, again = seen
    assert len(first) == len(again)
    assert first[:8] == again[:8] == b"TRAYARC1"
    assert sum(one == other for one, other in zip(first, again, strict=True)) < len(first) // 20


def test_a_pos_without_the_consolidated_api_says_so(served: Running, pos: TrayPos) -> None:
    """Its 404 names the polling option, which is the likeliest thing to change."""
    pos.arm("status_404", resource="consolidated/sales")
    source = SYSTEM.connect(served.url, KEY, MemoryVault(), HERE)
    with pytest.raises(SourceFailure, match="switch the polling option off"):
        source.fetch(day_of("V100", FIRST, consolidated=True))
    source.close()


def test_neither_the_key_nor_a_person_is_shown(served: Running, pos: TrayPos, caplog: pytest.LogCaptureFixture) -> None:
    """Logs, failures and captures of archives show what those of pages show: nothing."""
    caplog.set_level(10)
    people = pos.books["V100"].people.values()
    personal = {text for person in people for text in (person.ssn, person.email, person.address) if text}
    source = SYSTEM.connect(served.url, KEY, MemoryVault(), HERE)
    request = day_of("V100", FIRST, consolidated=True, include_inactive=True)
    with structlog.testing.capture_logs() as events:
        capture = source.fetch(request).capture
        pos.arm("wrong_type", resource="staff", parameters={"field": "ssn"})
        with pytest.raises(SourceFailure) as failed:
            source.fetch(request)
    source.close()
    shown = [caplog.text, repr(events), repr(failed.value), repr(vars(source)), capture.manifest().decode()]
    shown.extend(page.data.decode() for page in capture.pages)
    assert failed.value.failure == "malformed"
    assert failed.value.resource == "staff"
    assert not [secret for secret in (KEY, *personal) for text in shown if secret in text]


def archived(contents: dict[str, bytes], **more: Any) -> bytes:
    """A zip by the standard library, with a manifest that counts the rows of the contents."""
    rows = {name: data.count(b'"taxTotal"') for name, data in contents.items()}
    manifest = {
        "version": 1,
        "venueId": "V100",
        "part": "sales",
        "businessDate": "2026-11-20",
        "serverTime": "2026-11-21T12:00:00Z",
        "rows": rows,
        **more,
    }
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**contents, "manifest": msgspec.json.encode(manifest)}.items():
            archive.writestr(f"{name}.json", data)
    return buffer.getvalue()


def sales(checks: bytes, **more: Any) -> Archive:
    """The sales archive of these checks and of nothing else, of the day that the stage plays."""
    data = archived({"checks": checks, "payments": b"[]", "voids": b"[]", "paid-in-out": b"[]"}, **more)
    return Archive(data, "V100", "sales", {"businessDate": "2026-11-20"}, 64 * MEGABYTE)


@pytest.mark.parametrize("spaced", [False, True])
def test_an_archive_by_other_hands_is_read_page_by_page(spaced: bool) -> None:
    """Zipped by the standard library, spaces in the JSON or none: canonical rows, five hundred a page."""
    rows = [check(number, [item(1, "1.00")], [payment(1, "1.00")]) for number in range(1_100)]
    text = compact(rows).replace(b"},", b"} ,\n") if spaced else compact(rows)
    pages = list(sales(text).pages("checks", MEGABYTE))
    assert [len(page.rows) for page in pages] == [500, 500, 100]
    assert b"".join([page.data for page in pages]).replace(b"][", b",") == compact(canonical(rows))


def canonical(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with the fields of checks in the order in which captures have them."""
    order = [name for name in wire.Check.__struct_encode_fields__ if name in rows[0]]
    return [{name: row[name] for name in order} for row in rows]


def test_a_page_of_an_archive_is_bounded_as_an_answer_is() -> None:
    """Rows that no single answer could have brought are too large in an archive as well."""
    rows = compact([check(number, [item(1, "1.00")], [payment(1, "1.00")]) for number in range(600)])
    with pytest.raises(SourceFailure) as failed:
        list(sales(rows).pages("checks", len(rows) // 2))
    assert failed.value.failure == "too-large"


def test_a_manifest_is_bounded() -> None:
    """A manifest of more than anybody has to say is not even decoded."""
    assert next(sales(b"[]", remarks="short").pages("checks", MEGABYTE)).rows == []
    with pytest.raises(SourceFailure, match="manifest of Tray's archive is too large"):
        sales(b"[]", remarks=" ".join(map(str, range(20_000))))


def test_an_archive_is_bounded_by_what_is_left_of_the_fetch(served: Running, pos: TrayPos) -> None:
    """The limit on everything that is unpacked holds for archives, on the first and on a later one."""
    for most in (20_000, 100_000, 150_000):
        with pytest.raises(SourceFailure) as failed:
            both(served.url, day_of("V100", FIRST), fetch_bytes=most)
        assert failed.value.failure == "too-large"


@pytest.mark.slow
def test_an_archive_of_any_size_costs_the_memory_of_its_pages() -> None:
    """Four times the checks need no more memory: what is held at once is a page and the zip."""
    one = compact(check(1, [item(number, "1.00") for number in range(20)], []))
    peaks = []
    for pages in (2, 8):
        rows = [one.replace(b'"c1"', b'"c%d"' % number) for number in range(500 * pages)]
        archive = sales(b"[" + b",".join(rows) + b"]")
        del rows
        tracemalloc.start()
        assert sum(len(page.rows) for page in archive.pages("checks", 8 * MEGABYTE)) == 500 * pages
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]
