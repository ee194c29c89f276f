"""Rows of the views as the API shows them: no client, amounts as decimal strings, hours instead of seconds."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

from api.plain import SEALED, masked
from domain.money import shown
from domain.person import is_minor, last_four
from domain.ports.vault import Vault
from domain.records.people import PERSONAL_FIELDS
from domain.records.punch import hours
from domain.records.reference import HOUSE_ACCOUNT_PERSONAL_FIELDS
from projections.import_rows import ImportJobRow, ImportPartRow, ImportRunRow
from projections.people_rows import ApiKeyRow, MemberRow
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
    | MemberRow
    | ApiKeyRow
    | ImportJobRow
    | ImportRunRow
    | ImportPartRow
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


_GLIMPSED: Final = (*_NAMES, "ssn", "date_of_birth")


def plain_employees(rows: Sequence[EmployeeRow], vault: Vault, today: Callable[[str], dt.date]) -> list[dict[str, Any]]:
    """Employees of one client, as whoever may read days sees them.

    Names are open, because a report on labor says nothing without them. Of the social security number the last four
    digits are shown, of the date of birth whether it makes a minor; of the others only whether they are known.

    Args:
        rows: of the view.
        vault: opens what is shown.
        today: the date at a location.
    """
    sealed = {row.person: {name: getattr(row, name) for name in _GLIMPSED} for row in rows}
    opened = vault.open_all(rows[0].client, sealed) if rows else {}
    return [_plain_employee(row, opened[row.person], today(row.location)) for row in rows]


def _plain_employee(row: EmployeeRow, opened: Mapping[str, str] | None, today: dt.date) -> dict[str, Any]:
    names: Mapping[str, str | None] = dict.fromkeys(_NAMES)
    if opened is not None:
        names = {name: opened[name] for name in _NAMES}
    return {
        **plain_row(row, without=frozenset({*PERSONAL_FIELDS, "person"})),
        **names,
        "forgotten": opened is None,
        "ssn_last_four": None if opened is None else last_four(opened["ssn"]),
        "is_minor": None if opened is None else is_minor(opened["date_of_birth"], today),
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


def plain_member(row: MemberRow) -> dict[str, Any]:
    """A user."""
    identities = [{"issuer": issuer, "subject": subject} for issuer, subject in row.identities]
    return plain_row(row) | {"identities": identities}


def plain_key(row: ApiKeyRow) -> dict[str, Any]:
    """An API key."""
    return plain_row(row)
