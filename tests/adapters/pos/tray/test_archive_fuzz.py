"""Archives of a peer that holds the key and cannot be trusted: a declared failure, or a day, and nothing else."""

import datetime as dt
import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.pos.tray import SYSTEM
from adapters.pos.tray.client import Counters
from adapters.pos.tray.consolidated import ConsolidatedDay
from adapters.pos.tray.sealed import ArchiveKey
from adapters.pos.tray.simulator.parcel import Parcel
from domain.business_date import window
from domain.ports.captures import Capture
from domain.ports.source import DayRequest, SourceFailure
from tests.support.fake_vault import MemoryVault
from tests.support.laws import examples
from tests.support.tray_stage import DATE, KEY, ZONE, Rows, compact, day_rows

DAY = DayRequest("acme", "conn-1", "loc-1", window(DATE, ZONE), {"venue": "V100"}, consolidated=True)
PARTS = {
    "sales": ("checks", "payments", "voids", "deposits", "paid-in-out"),
    "labor": ("time-entries", "staff", "jobs"),
}
VOID = {
    "id": "v1",
    "checkId": "c0",
    "checkBusinessDate": "2026-11-19",
    "itemId": None,
    "amount": "8.00",
    "reason": None,
    "at": "2026-11-20T17:30:00Z",
    "by": None,
    "businessDate": DATE.isoformat(),
    "zone": ZONE,
}
SOUND: dict[str, Rows] = {**day_rows(), "voids": [VOID]}
MOST = 8 * 2**20


class Peer:
    """Stands in for the caller: seals what it is given, and whatever was put in its place."""

    def __init__(self, entries: Mapping[str, bytes]) -> None:
        self.counters = Counters()
        self.left_bytes = MOST
        self.answer_bytes = MOST
        self._entries = entries

    def archive(self, part: str, parameters: Mapping[str, str]) -> bytes:
        """The archive of a part."""
        self.counters.requests += 1
        contents = {f"{name}.json": self._entries[name] for name in PARTS[part]}
        manifest = self._entries.get(f"manifest of {part}") or compact(
            {
                "version": 1,
                "venueId": "V100",
                "part": part,
                "businessDate": DATE.isoformat(),
                "serverTime": "2026-11-21T12:00:00Z",
                "rows": {name: len(SOUND[name]) for name in PARTS[part]},
            }
        )
        return Parcel(
            venue="V100",
            part=part,
            asked=parameters,
            key=KEY,
            chance=self.counters.requests.to_bytes(28, "big"),
            contents={**contents, "manifest.json": manifest},
        ).seal()


def read(entries: Mapping[str, bytes]) -> Capture:
    """The day that these entries make."""
    peer: Any = Peer(entries)
    return ConsolidatedDay(peer, DAY, "V100", MemoryVault(), ArchiveKey(KEY)).capture()


def entries_of(rows: Mapping[str, Rows]) -> dict[str, bytes]:
    """The entries of honest archives."""
    return {name: compact(listed) for name, listed in rows.items()}


def failure_of(entries: Mapping[str, bytes]) -> SourceFailure | None:
    """The failure that these entries end in, or None where they are a day; every other exception is a bug."""
    try:
        day = SYSTEM.read(read(entries), DAY.window)
        for records in day.records.values():
            list(records)
    except SourceFailure as failure:
        return failure
    return None


def is_declared(failure: SourceFailure | None) -> bool:
    """There is none, or it has a sentence that shows no secret."""
    return failure is None or (failure.message.endswith(".") and KEY not in failure.message)


def test_the_honest_day_is_read() -> None:
    """What the others break is whole."""
    capture = read(entries_of(SOUND))
    assert {page.resource: page.rows for page in capture.pages} == {name: len(rows) for name, rows in SOUND.items()}
    assert failure_of(entries_of(SOUND)) is None


@settings(max_examples=examples(500), deadline=None)
@given(st.data())
def test_broken_bytes_are_a_failure_or_a_day(data: st.DataObject) -> None:
    """Bytes of any entry are exchanged, taken out or put in."""
    entries = entries_of(SOUND)
    name = data.draw(st.sampled_from(sorted(entries)))
    sound = entries[name]
    at = data.draw(st.integers(0, len(sound)))
    gone = data.draw(st.integers(0, 9))
    put = data.draw(
        st.one_of(st.binary(max_size=6), st.sampled_from([b"{}", b"[", b'"', b",", b"null", b"\\", b"1e9"]))
    )
    entries[name] = sound[:at] + put + sound[at + gone :]
    assert is_declared(failure_of(entries))


ODD: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(allow_nan=False),
    st.text(max_size=6),
    st.lists(st.none(), max_size=3),
    st.just({}),
    st.sampled_from(["-0.00", "1e5", "NaN", "9" * 40, "2026-11-20T17:00:00Z", "2026-02-30", "\x00", "V100", "c1"]),
)


@settings(max_examples=examples(500), deadline=None)
@given(st.data())
def test_odd_values_are_a_failure_or_a_day(data: st.DataObject) -> None:
    """A field of a row, or of something in a row, has a value that nobody expects, or is not there."""
    rows = deepcopy(SOUND)
    name = data.draw(st.sampled_from(sorted(rows)))
    place: Any = data.draw(st.sampled_from(rows[name]))
    field = data.draw(st.sampled_from(sorted(place)))
    while isinstance(place[field], list | dict) and place[field] and data.draw(st.booleans()):
        place = place[field]
        field = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
    if data.draw(st.booleans()):
        place[field] = data.draw(ODD)
    else:
        del place[field]
    assert is_declared(failure_of(entries_of(rows)))


@settings(max_examples=examples(200), deadline=None)
@given(st.data())
def test_odd_manifests_are_a_failure_or_a_day(data: st.DataObject) -> None:
    """The manifest has a field that nobody expects, lacks one, or is something else."""
    part = data.draw(st.sampled_from(sorted(PARTS)))
    manifest: Any = {
        "version": 1,
        "venueId": "V100",
        "part": part,
        "businessDate": DATE.isoformat(),
        "serverTime": "2026-11-21T12:00:00Z",
        "rows": {name: len(SOUND[name]) for name in PARTS[part]},
    }
    place = data.draw(st.sampled_from([manifest, manifest["rows"]]))
    place[data.draw(st.one_of(st.sampled_from(sorted(place)), st.text(max_size=3)))] = data.draw(ODD)
    text = json.dumps(manifest).encode() if data.draw(st.booleans()) else json.dumps(data.draw(ODD)).encode()
    assert is_declared(failure_of({**entries_of(SOUND), f"manifest of {part}": text}))


@settings(max_examples=examples(100), deadline=None)
@given(st.permutations(range(3)), st.data())
def test_the_order_and_the_spelling_of_rows_change_nothing_that_is_said(order: list[int], data: st.DataObject) -> None:
    """Fields in another order, spaces, and fields that nobody knows leave the rows of a capture as they were."""
    plain = read(entries_of(SOUND))
    checks = [
        {**dict(data.draw(st.permutations(list(row.items())))), "loyalty": {"tier": [1, 2.5, "]"]}}
        for row in SOUND["checks"]
    ]
    spelled = json.dumps([checks[number] for number in order], indent=data.draw(st.sampled_from([None, 1])))
    capture = read({**entries_of(SOUND), "checks": spelled.encode()})
    rows, others = (next(json.loads(page.data) for page in one.of("checks")) for one in (plain, capture))
    assert others == [rows[number] for number in order]
    assert [page for page in capture.pages if page.resource not in {"checks", "staff"}] == [
        page for page in plain.pages if page.resource not in {"checks", "staff"}
    ]
    assert dt.date.fromisoformat(others[0]["businessDate"]) == DATE
