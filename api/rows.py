"""Rows of the views as the API shows them: no client, amounts as decimal strings, hours instead of seconds."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from api.plain import SEALED, masked
from domain.money import shown
from domain.ports.vault import PersonForgotten, Vault
from domain.records.people import PERSONAL_FIELDS
from domain.records.punch import hours
from domain.records.reference import HOUSE_ACCOUNT_PERSONAL_FIELDS
from projections.rows import (
    ConflictRow,
    ConnectionRow,
    DayRow,
    EmployeeRow,
    JobRow,
    LaborRow,
    LocationRow,
    MarkRow,
    OverlayRow,
    PollRow,
    ReferenceRow,
    TicketRow,
)
from projections.standing_rows import CompanyRow

Row = (
    ConnectionRow
    | CompanyRow
    | LocationRow
    | DayRow
    | TicketRow
    | LaborRow
    | PollRow
    | EmployeeRow
    | JobRow
    | ReferenceRow
    | OverlayRow
    | ConflictRow
)

_LEFT_OUT: Final = frozenset({"client", "document"})
_NAMES: Final = ("first_name", "last_name")


def plain_row(row: Row, *, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """A row as plain JSON."""
    plain: dict[str, Any] = {}
    for field in fields(row):
        name = field.name
        if name in _LEFT_OUT or name in without:
            continue
        value = getattr(row, name)
        if name == "business_date":
            plain["date"] = value
        elif name == "worked_seconds":
            plain["hours"] = str(hours(value))
        elif name == "overtime_seconds":
            plain["overtime_hours"] = str(hours(value))
        elif name.endswith("_cents"):
            plain[name.removesuffix("_cents")] = None if value is None else shown(value)
        else:
            plain[name] = value
    return plain


def plain_mark(mark: MarkRow) -> dict[str, Any]:
    """Who marked a day, when and why."""
    return {"at": mark.at, "by": mark.by, "reason": mark.because}


def plain_employee(row: EmployeeRow, vault: Vault) -> dict[str, Any]:
    """An employee with the names opened; of the other personal fields only whether they are known."""
    plain = plain_row(row, without=frozenset({*PERSONAL_FIELDS, "person"}))
    sealed: Mapping[str, str] = {name: getattr(row, name) for name in _NAMES}
    try:
        names: Mapping[str, str | None] = vault.open(row.client, row.person, sealed)
        forgotten = False
    except PersonForgotten:
        names, forgotten = dict.fromkeys(_NAMES), True
    return {
        **plain,
        **names,
        "forgotten": forgotten,
        "personal": {name: SEALED if getattr(row, name) else None for name in PERSONAL_FIELDS if name not in _NAMES},
    }


_TOLD_BESIDE: Final = frozenset({"number", "name", "listed", "person"})


def plain_reference(row: ReferenceRow) -> dict[str, Any]:
    """A menu item, tender, tax definition or house account; of personal fields only whether they are known."""
    personal = HOUSE_ACCOUNT_PERSONAL_FIELDS if row.kind == "house-account" else ()
    fields = {
        name: (SEALED if value else None) if name in personal else masked(value) for name, value in row.record.items()
    }
    record = {name: value for name, value in fields.items() if name not in _TOLD_BESIDE}
    return {**plain_row(row, without=frozenset({"kind", "record"})), "name": fields["name"], "record": record}
