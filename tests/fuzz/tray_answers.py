"""The readers of what Tray answers: pages of every resource, and the archives of the consolidated API."""

import json
import random
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from functools import partial
from typing import Any, Final

from adapters.pos.tray.archive import Archive
from adapters.pos.tray.questions import PARTS, Part
from adapters.pos.tray.sealed import ArchiveKey, bound_to
from adapters.pos.tray.simulator.parcel import Parcel
from adapters.pos.tray.strict import NotStrict
from adapters.pos.tray.wire import ROWS, VENUES, decode_envelope, decode_rows
from domain.ports.source import SourceFailure
from tests.fuzz.mutations import TOKENS, mutated
from tests.fuzz.parser import Parser
from tests.support.tray_stage import (
    DATE,
    KEY,
    SERVER_TIME,
    ZONE,
    Rows,
    check,
    compact,
    day_rows,
    item,
    payment,
    venue,
)

JSON: Final = (
    b'"', b'\\"', b"\\u0000", b"\\u0041", b"\\ud800", b"\\ud83d\\ude00", b"\\", b"{}", b"[]", b"[[[[[[[[", b"]]]]",
    b"null", b"true", b"false", b"0", b"-1", b"1e9", b"1E400", b"-0.00", b"NaN", b"Infinity", b"9" * 40, b'"id":"c1",',
    b'"id":', b'"x":1,', b'"12.5"', b'"-12.50"', b'"1e3"', b'"\xc2\xb2"', b'"2026-02-30"', b'"2026-11-20T17:00:00Z"',
    b'"2026-11-20T17:00:00.123456789Z"', b'"9999-12-31T23:59:59Z"', b'"0001-01-01T00:00:00Z"', b'"Mars/Olympus"',
    b'"2026-11-20T17:00:00+14:00"', b" ", b"\t", b"/*", b"99999999999.00", b'"100000"', b'"0.0001"',
)  # fmt: skip
"""Pieces that JSON is made of, and values that mean something else than one thinks."""

LIKELY: Final = (
    ("0.01", "0.00", "-3.00", "10.00", "0.005", "99999.99", "-0.01", "7"),
    ("2026-11-20T23:59:59Z", "2026-11-21T08:59:59Z", "2026-11-20T12:00:00.5Z", "2026-11-22T10:00:00Z"),
    ("2026-11-19", "2026-11-21", "2026-11-20", "2025-01-01", "2026-11-01"),
    ("2026-11-20T01:30:00", "2026-11-21T02:00:00", "2026-11-20T23:59:59", "2026-11-20T00:00:00"),
    ("Bar", "Patio", "Dine  In", "Transferred - Transferred - Soup", "Item 1", "Cash", "in", "out", "Void", "i1", ""),
    ("c1", "c2", "s1", "j1", "p1", "1", "01", "2001", "America/Chicago", "true", "false"),
)
"""Values that a field may have as well: amounts, instants, dates, local times, names, ids."""

_VOID: Final = {"reason": "Spilled", "at": "2026-11-20T17:30:00Z", "by": "s1"}
_TAX: Final = [{"name": "Sales Tax", "amount": "0.83", "inclusive": False}]


def rich_rows() -> dict[str, Rows]:
    """A small day whose rows have everything that the contract knows."""
    rows = day_rows()
    items = [
        item(1, "10.00", taxes=_TAX, revenueCenter="Patio"),
        item(2, "2.00", parentId="i1", quantity="1.5"),
        item(3, "8.00", void=_VOID, category=None),
    ]
    payments = [
        payment(1, "17.83", "3.00", gratuity="1.00"),
        payment(2, "8.00", tender="Void", void={"itemId": "i3"}),
        payment(3, "3.50", tender="Visa"),
    ]
    rows["checks"].append(
        check(
            4,
            items,
            payments,
            "0.83",
            discounts=[
                {"id": "d1", "name": "Open Discount", "customName": "Spill", "amount": "1.00", "itemId": "i1"},
                {"id": "d2", "name": "Staff", "amount": "0.50", "type": "comp"},
            ],
            mpfTax="0.25",
            surcharges=[{"id": "u1", "name": "Service", "amount": "1.00"}],
            nonSales=[{"id": "n1", "name": "Gift Card", "quantity": 1, "amount": "10.00"}],
            openedAtLocal="2026-11-20T12:00:00",
        )
    )
    rows["time-entries"][0]["breaks"] = [
        {"in": "2026-11-20T16:00:00Z", "out": "2026-11-20T16:30:00Z", "paid": False},
        {"in": "2026-11-20T18:00:00Z", "out": None, "paid": True},
    ]
    rows["voids"] = [
        {
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
    ]
    rows["venues"] = [venue(100), venue(101)]
    return rows


ROWS_OF: Final = rich_rows()


def odd(rng: random.Random, rows: Rows) -> Rows:
    """Rows with a field, or an entry, that has another value, or is not there."""
    rows = deepcopy(rows)
    place: Any = rows
    while isinstance(place, list | dict) and place:
        key = rng.choice(sorted(place) if isinstance(place, dict) else range(len(place)))
        if not isinstance(place[key], list | dict) or not place[key] or rng.random() < 0.1:
            if rng.random() < 0.15:
                del place[key]
            else:
                place[key] = _other(rng, place[key])
            break
        place = place[key]
    return rows


def _other(rng: random.Random, value: Any) -> Any:
    """A value in place of another: a likely one, a wordy token as a text, or something of another type."""
    if isinstance(value, bool | int):
        return rng.choice((not value, -value, 0, 2, 100_000))
    if isinstance(value, str | None) and rng.random() < 0.7:
        return rng.choice(_alike(value) if rng.random() < 0.8 else rng.choice(LIKELY))
    text = rng.choice((*JSON, *TOKENS)).decode("utf-8", "replace").strip('"')
    return rng.choice((text, text, text, value, None, True, -1, 0.5, 10**30, [], {}, [value], {"id": value}, "c1"))


def _alike(value: str | None) -> tuple[str, ...]:
    """Likely values of the same kind, by how it is spelled."""
    text = value or "Bar"
    spelled = "".join("0" if letter.isdigit() else letter for letter in text)
    by_spelling = {"0000-00-00T00:00:00Z": 1, "0000-00-00": 2, "0000-00-00T00:00:00": 3}
    if spelled in by_spelling:
        return LIKELY[by_spelling[spelled]]
    return LIKELY[0] if "." in text else LIKELY[4 if text.isalpha() else 5]


def _answer(resource: str) -> Callable[[random.Random], bytes]:
    def make(rng: random.Random) -> bytes:
        rows = ROWS_OF[resource]
        data = odd(rng, rows) if rng.random() < 0.5 else rows
        body = compact({"data": data, "nextCursor": rng.choice((None, "abc")), "serverTime": SERVER_TIME})
        return mutated(rng, body, JSON) if data is rows else body

    return make


def read_answer(resource: str, body: bytes) -> bool:
    """Read a page; its canonical rows have to read as the same rows, and as nothing else to another reader."""
    envelope = decode_envelope(body)
    rows, canonical = decode_rows(resource, bytes(envelope.data))
    again, same = decode_rows(resource, canonical)
    assert (again, same) == (rows, canonical)
    assert len(json.loads(canonical)) == len(rows)
    return True


_QUESTION: Final = {"businessDate": DATE.isoformat(), "createdFrom": "2026-11-20T05:00:00Z"}
_OPENER: Final = ArchiveKey(KEY)
_MOST: Final = 2**22


def _parcel(part: Part, contents: dict[str, bytes]) -> Parcel:
    return Parcel(venue="V100", part=part, asked=_QUESTION, key=KEY, chance=bytes(28), contents=contents)


def _contents(part: Part, rows: dict[str, Rows]) -> dict[str, bytes]:
    manifest = {
        "version": 1,
        "venueId": "V100",
        "part": part,
        "businessDate": DATE.isoformat(),
        "serverTime": SERVER_TIME,
        "rows": {name: len(rows[name]) for name in PARTS[part]},
    }
    return {"manifest.json": compact(manifest), **{f"{name}.json": compact(rows[name]) for name in PARTS[part]}}


def _archive(part: Part) -> Callable[[random.Random], bytes]:
    """An archive with an entry, the zip or the sealed bytes mutated; the first two sealed as by a holder of the key."""
    sound = _contents(part, ROWS_OF)

    def make(rng: random.Random) -> bytes:
        chance = rng.random()
        if chance < 0.15:
            return mutated(rng, _parcel(part, sound).seal())
        if chance < 0.4:
            parcel = _parcel(part, sound)
            return replace(parcel, zipped=mutated(rng, parcel.zip())).seal()
        contents = dict(sound)
        if chance < 0.7:
            name = rng.choice(PARTS[part])
            contents = _contents(part, {**ROWS_OF, name: odd(rng, ROWS_OF[name])})
        else:
            name = rng.choice(list(contents))
            contents[name] = mutated(rng, contents[name], JSON)
        return _parcel(part, contents).seal()

    return make


def read_archive(part: Part, data: bytes) -> bool:
    """Open an archive and read every page of it; the rows have to be as many as the manifest counts."""
    opened = _OPENER.open(data, bound_to("V100", part, _QUESTION))
    archive = Archive(opened, "V100", part, _QUESTION, _MOST)
    assert archive.size <= _MOST
    for resource in archive.resources:
        for page in archive.pages(resource, _MOST):
            assert decode_rows(resource, page.data)[1] == page.data
    return True


PARSERS: Final = (
    *(Parser(f"tray/{name}", _answer(name), partial(read_answer, name), (NotStrict,)) for name in (*ROWS, VENUES)),
    *(Parser(f"archive/{part}", _archive(part), partial(read_archive, part), (SourceFailure,)) for part in PARTS),
)
