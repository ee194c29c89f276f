"""Faults inside a row: the first row of a page (or parameters.row) is not what the contract says."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec

from adapters.pos.tray.simulator.faults.registry import page_fault
from adapters.pos.tray.simulator.kernel import Page, Visit

_MONEY = {
    "checks": "taxTotal",
    "payments": "amount",
    "voids": "amount",
    "time-entries": "actualRate",
    "jobs": "rate",
    "deposits": "amount",
    "paid-in-out": "amount",
}
_TEXT = {
    "checks": "serviceType",
    "payments": "tender",
    "voids": "reason",
    "time-entries": "terminal",
    "staff": "lastName",
    "jobs": "name",
    "deposits": "number",
    "paid-in-out": "name",
}
_LEVELS = 100
_STAND_IN = "@stand-in@"  # encoded like any text, then replaced by what no encoder would write


def _field(visit: Visit) -> str:
    return str(visit.parameters.get("field", _MONEY.get(visit.resource, "lastName")))


def _changed(visit: Visit, page: Page, change: Callable[[dict[str, Any]], None], raw: bytes | None = None) -> Page:
    """Answer the page with one row changed, and the stand-in made raw bytes; the same page if there is no such row."""
    index = int(visit.parameters.get("row", 0))
    if index >= len(page.rows):
        return page
    row = msgspec.json.decode(page.rows[index])
    change(row)
    text = msgspec.json.encode(row)
    if raw is not None:
        text = text.replace(f'"{_STAND_IN}"'.encode(), raw)
    rows = list(page.rows)
    rows[index] = text
    return replace(page, rows=rows)


def _raw(visit: Visit, page: Page, raw: bytes) -> Page:
    return _changed(visit, page, lambda row: row.update({_field(visit): _STAND_IN}), raw)


@page_fault("duplicate_keys", "A row says parameters.field (its money) twice, first with another value.")
def _duplicate_keys(visit: Visit, page: Page) -> Page:
    if not page.rows:
        return page
    first = f'{{"{_field(visit)}":"999999.99",'.encode()
    return replace(page, rows=[first + page.rows[0][1:], *page.rows[1:]])


@page_fault("not_a_number", "parameters.field (the row's money) is NaN, which is no JSON.")
def _not_a_number(visit: Visit, page: Page) -> Page:
    return _raw(visit, page, b"NaN")


@page_fault("infinity", "parameters.field (the row's money) is Infinity, which is no JSON.")
def _infinity(visit: Visit, page: Page) -> Page:
    return _raw(visit, page, b"Infinity")


@page_fault("enormous_integer", "parameters.field (the row's money) is an integer of 401 digits.")
def _enormous_integer(visit: Visit, page: Page) -> Page:
    return _raw(visit, page, b"1" + b"0" * 400)


@page_fault("float_money", "parameters.field (the row's money) is a JSON number with a fraction instead of a string.")
def _float_money(visit: Visit, page: Page) -> Page:
    return _raw(visit, page, b"12.3")


@page_fault("missing_field", "A row lacks parameters.field (its money).")
def _missing_field(visit: Visit, page: Page) -> Page:
    return _changed(visit, page, lambda row: row.pop(_field(visit), None) and None)


@page_fault("unknown_field", "A row has a field that the contract does not know, which a reader passes over.")
def _unknown_field(visit: Visit, page: Page) -> Page:
    return _changed(visit, page, lambda row: row.update({"loyaltyTier": {"name": "gold", "points": [1, 2, 3]}}))


@page_fault("null_field", "parameters.field (the row's money) is null.")
def _null_field(visit: Visit, page: Page) -> Page:
    return _changed(visit, page, lambda row: row.update({_field(visit): None}))


@page_fault("wrong_type", "parameters.field (the row's money) is a list.")
def _wrong_type(visit: Visit, page: Page) -> Page:
    return _changed(visit, page, lambda row: row.update({_field(visit): ["12.30"]}))


@page_fault("nul_in_text", "parameters.field (a text of the row) contains U+0000.")
def _nul_in_text(visit: Visit, page: Page) -> Page:
    name = str(visit.parameters.get("field", _TEXT[visit.resource]))
    return _changed(visit, page, lambda row: row.update({name: f"a\x00{row.get(name) or ''}"}))


@page_fault("deep_nesting", "A row has an unknown field of parameters.levels (100) lists inside each other.")
def _deep_nesting(visit: Visit, page: Page) -> Page:
    levels = int(visit.parameters.get("levels", _LEVELS))
    return _changed(visit, page, lambda row: row.update({"nested": _STAND_IN}), b"[" * levels + b"]" * levels)


@page_fault("wrong_zone", "A row says another zone than its venue's, parameters.zone (Asia/Tokyo).")
def _wrong_zone(visit: Visit, page: Page) -> Page:
    if visit.resource in ("staff", "jobs"):
        return page
    return _changed(visit, page, lambda row: row.update({"zone": visit.parameters.get("zone", "Asia/Tokyo")}))


@page_fault("nested_list_cut", "Items, breaks or jobs inside the rows are cut after the first parameters.at (100).")
def _nested_list_cut(visit: Visit, page: Page) -> Page:
    name = {"checks": "items", "time-entries": "breaks", "staff": "jobs"}.get(visit.resource)
    at, cut = int(visit.parameters.get("at", _LEVELS)), False
    rows = []
    for text in page.rows:
        row = msgspec.json.decode(text)
        if name is not None and len(row.get(name, ())) > at:
            row[name], cut = row[name][:at], True
        rows.append(msgspec.json.encode(row))
    return replace(page, rows=rows) if cut else page
