"""What every way in does with personnel: pull it, link it, and show it beside what the points of sale say."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from api.composition import OpenHouse
from api.connections import check_seen
from api.plain import SEALED
from api.refusals import NoSuchEmployee
from domain.commands.changing_person import ChangedPerson
from domain.commands.forget_person import ForgetPerson, forget_person
from domain.commands.intent import Intent
from domain.commands.link_employee import Linked, LinkEmployee, link_employee
from domain.commands.open_data import OpenData, Opened, open_data
from domain.commands.pull_personnel import Ours, Pulled, PullPersonnel, pull_personnel
from domain.facts.personnel import PullFailed, Way
from domain.identifiers import ConnectionId, PersonId, PersonnelId, plain
from domain.permissions import Permission, Rights
from domain.person import is_minor, last_four
from domain.personnel import NoSuchHrEmployee
from domain.ports.vault import Vault
from domain.records.people import PERSONAL_FIELDS
from projections import people, personnel, queries
from projections.asking import MOST_ROWS
from projections.personnel import HrRow, MatchRow, StaffRow
from projections.rows import EmployeeRow

NAMES: Final = ("first_name", "last_name")
_GLIMPSED: Final = (*NAMES, "email", "ssn", "date_of_birth")
_LEFT_OUT: Final = frozenset({"client", "person", "position", *PERSONAL_FIELDS})


def pull(
    opened: OpenHouse, connection: ConnectionId, intent: Intent, way: Way = "incremental", expected: int | None = None
) -> Pulled:
    """Pull the employees of a connection now, and match them; see ``pull_personnel``. The views have to be up to date.

    Raises:
        NotPermitted: they may not.
        NotConnected: there is no such connection, or it does not concern them.
    """
    opened.house.permit(intent.asks(Permission.CONNECT_ERP, connection.client))
    check_seen(opened, connection, intent.rights)
    ours = tuple(
        Ours(
            (row.location, row.employee),
            row.person,
            row.payroll_id,
            row.active,
            {name: getattr(row, name) for name in ("email", *NAMES, "date_of_birth")},
        )
        for row in personnel.everybody(opened.engine, connection.client)
    )
    return pull_personnel(PullPersonnel(connection, intent, expected, way, ours), opened.house)


def link(
    opened: OpenHouse, connection: ConnectionId, whom: tuple[str, str], hr: str, intent: Intent, *, linked: bool
) -> Linked:
    """Say who somebody is, or is not; see ``link_employee``.

    Raises:
        NotPermitted: they may not.
        NoSuchEmployee: there is none at the point of sale, or not at a location of theirs.
        NoSuchHrEmployee: the HR system tells of nobody of that id whom they may see.
    """
    client, (location, employee) = connection.client, whom
    place = plain(location, "location")
    opened.house.permit(intent.asks(Permission.CONNECT_ERP, client))
    if not intent.rights.reach(place) or queries.find_employee(opened.engine, client, place, employee) is None:
        raise NoSuchEmployee(f"There is no employee {employee[:80]!r} at the location {place!r}.")
    if (
        personnel.find_hr_employee(opened.engine, client, connection.connection, hr, among=intent.rights.locations)
        is None
    ):
        raise NoSuchHrEmployee(f"The connection {connection.connection!r} tells of no employee {hr[:80]!r}.")
    return link_employee(LinkEmployee(connection, (place, employee), hr, intent, linked), opened.house)


def hr_employee_of(
    opened: OpenHouse, client: str, intent: Intent, permission: Permission, whom: tuple[str, str]
) -> HrRow:
    """An employee of an HR system, for somebody who may do that with their data.

    Raises:
        NotPermitted: they may not, whoever it is.
        NoSuchHrEmployee: there is none, or none at a location of theirs.
    """
    connection, employee = whom
    named = plain(connection, "connection")
    opened.house.permit(intent.asks(permission, client))
    row = personnel.find_hr_employee(opened.engine, client, named, employee, among=intent.rights.locations)
    if row is None:
        raise NoSuchHrEmployee(f"The connection {named!r} tells of no employee {employee[:80]!r}.")
    return row


def person_of_row(row: HrRow) -> PersonId:
    """Who an employee of an HR system is to the vault and the journal."""
    return PersonnelId(row.client, row.connection).person(row.employee)


def reveal(opened: OpenHouse, row: HrRow, fields: Sequence[str], intent: Intent) -> Opened:
    """Open fields of their data; see ``open_data``."""
    sealed = {name: getattr(row, name) for name in PERSONAL_FIELDS}
    return open_data(OpenData(person_of_row(row), fields, sealed, intent), opened.house)


def forget(opened: OpenHouse, row: HrRow, intent: Intent, *, expected: int | None = None) -> ChangedPerson:
    """Have them forgotten; what they worked at any point of sale decides for how long their data is kept."""
    matches = personnel.matches_with(opened.engine, row.client, [(row.connection, row.employee)])
    whom = [(one.location, one.employee) for found in matches.values() for one in found]
    worked = max(people.last_worked(opened.engine, row.client, whom).values(), default=None) if whom else None
    command = ForgetPerson(person_of_row(row), worked, intent, opened.settings.retention_years, expected)
    return forget_person(command, opened.house)


def plain_forgotten(row: HrRow, changed: ChangedPerson) -> dict[str, Any]:
    """What became of their data, as JSON."""
    receipt = changed.receipt
    return {
        "connection": row.connection,
        "employee": row.employee,
        "version": changed.after.version,
        "forgotten": changed.after.due is not None or changed.after.shredded,
        "due": changed.after.due,
        "changed": receipt is not None,
        "position": None if receipt is None else receipt.position,
        "recorded_at": None if receipt is None else receipt.recorded_at,
    }


def plain_pulled(pulled: Pulled, connection: str) -> dict[str, Any]:
    """What came of a pull, as JSON."""
    fact = pulled.fact
    failed = isinstance(fact, PullFailed)
    return {
        "connection": connection,
        "outcome": "failed" if failed else "pulled",
        "way": fact.way,
        "failure": fact.failure if isinstance(fact, PullFailed) else None,
        "message": fact.message if isinstance(fact, PullFailed) else None,
        "retry_at": fact.retry_at if isinstance(fact, PullFailed) else None,
        **{
            name: 0 if isinstance(fact, PullFailed) else getattr(fact, name)
            for name in ("seen", "added", "changed", "gone", "passes")
        },
        "requests": fact.requests,
        "position": pulled.receipt.position,
        "recorded_at": pulled.receipt.recorded_at,
    }


def sentence_of(pulled: Pulled) -> str:
    """The same in words."""
    fact = pulled.fact
    if isinstance(fact, PullFailed):
        return f"Not pulled ({fact.failure}): {fact.message}"
    counts = f"{fact.added} added, {fact.changed} changed, {fact.gone} gone"
    whom = "all employees" if fact.way == "whole" else "the employees who changed"
    return f"Pulled {whom}: {fact.seen} read, {counts}."


def plain_linked(connection: str, whom: tuple[str, str], done: Linked) -> dict[str, Any]:
    """Who somebody is now, as JSON."""
    match = done.after.matches.get(whom)
    return {
        "location": whom[0],
        "employee": whom[1],
        "connection": connection,
        "state": "unmatched" if match is None else match.state,
        "hr": None if match is None else match.hr or None,
        "changed": done.receipt is not None,
        "position": None if done.receipt is None else done.receipt.position,
        "recorded_at": None if done.receipt is None else done.receipt.recorded_at,
    }


def plain_hr_employees(
    opened: OpenHouse, client: str, rows: Sequence[HrRow], rights: Rights, today: dt.date
) -> list[dict[str, Any]]:
    """Employees of HR systems as whoever may read days sees them: names open, the rest sealed; with who they are."""
    shown = _opened(opened.house.vault, rows)
    keys = [(row.connection, row.employee) for row in rows]
    found = personnel.matches_with(opened.engine, client, keys, among=rights.locations)
    return [
        {
            **_plain(row, shown[row.person], today),
            "matches": [_plain_match(one) for one in found[row.connection, row.employee]],
        }
        for row in rows
    ]


def plain_staff(opened: OpenHouse, rows: Sequence[StaffRow]) -> list[dict[str, Any]]:
    """Employees at points of sale with who they are to an HR system."""
    sealed = {row.person: {name: getattr(row, name) for name in NAMES} for row in rows}
    shown = opened.house.vault.open_all(rows[0].client, sealed) if rows else {}
    left_out = {"client", "person", *NAMES}
    plain_rows = []
    for row in rows:
        values = {name: value for name, value in asdict(row).items() if name not in left_out}
        texts = {name: values[name] or None for name in ("connection", "rule", "hr", "decided_by")}
        plain_rows.append({**values, **texts, **(shown[row.person] or dict.fromkeys(NAMES))})
    return plain_rows


def beside(opened: OpenHouse, row: EmployeeRow, today: dt.date) -> dict[str, Any]:
    """What HR systems say of an employee, beside what the point of sale says; where both differ, nothing is chosen."""
    client, told = row.client, []
    for match in personnel.matches_of(opened.engine, client, row.location, row.employee):
        theirs = None
        if match.hr:
            theirs = personnel.find_hr_employee(opened.engine, client, match.connection, match.hr)
        values = {row.person: _sealed(row)} | ({theirs.person: _sealed(theirs)} if theirs else {})
        shown = opened.house.vault.open_all(client, values)
        told.append(
            {
                "match": _plain_match(match),
                "employee": None if theirs is None else _plain(theirs, shown[theirs.person], today),
                "conflicts": []
                if theirs is None
                else list(_conflicts(opened, row, theirs, shown[row.person] or {}, shown[theirs.person] or {})),
            }
        )
    return {"location": row.location, "employee": row.employee, "data": told}


def _conflicts(
    opened: OpenHouse, ours: EmployeeRow, theirs: HrRow, open_ours: Mapping[str, str], open_theirs: Mapping[str, str]
) -> Iterable[dict[str, Any]]:
    for name in _GLIMPSED:
        left, right = _folded(name, open_ours.get(name, "")), _folded(name, open_theirs.get(name, ""))
        if left and right and left != right:
            shown = name in NAMES
            yield {
                "field": name,
                "pos": open_ours[name] if shown else SEALED,
                "hr": open_theirs[name] if shown else SEALED,
            }
    for name in ("payroll_id", "hire_date"):
        left, right = _folded(name, getattr(ours, name)), _folded(name, getattr(theirs, name))
        if left and right and left != right:
            yield {"field": name, "pos": getattr(ours, name), "hr": getattr(theirs, name)}
    if (ours.active and ours.listed) != (theirs.active and theirs.listed):
        yield {"field": "active", "pos": ours.active and ours.listed, "hr": theirs.active and theirs.listed}
    yield from _rates(opened, ours, theirs)


def _rates(opened: OpenHouse, ours: EmployeeRow, theirs: HrRow) -> Iterable[dict[str, Any]]:
    """Pay rates that differ, of jobs that have the same id or the same name on both sides."""
    jobs = queries.jobs(opened.engine, ours.client, location=ours.location, limit=MOST_ROWS)
    names = {job.job: job.name.casefold() for job in jobs}
    rates = {name: one for one in theirs.jobs for name in (one["id"], one.get("name", "").casefold()) if name}
    for job in ours.jobs:
        other = rates.get(job["job"]) or rates.get(names.get(job["job"], ""))
        if other and other.get("rate") and not _equal(job["rate"], other["rate"]):
            yield {"field": f"rate/{job['job']}", "pos": job["rate"], "hr": other["rate"]}


def _equal(left: str, right: str) -> bool:
    try:
        return Decimal(left) == Decimal(right)
    except InvalidOperation:
        return left == right


def _folded(name: str, text: str) -> str:
    if name == "ssn":
        return last_four(text) or ""
    if name in {"date_of_birth", "hire_date"}:
        return text.strip()[:10].replace("/", "-")
    return " ".join(text.split()).casefold()


def _sealed(row: HrRow | EmployeeRow) -> dict[str, str]:
    return {name: getattr(row, name) for name in _GLIMPSED}


def _opened(vault: Vault, rows: Sequence[HrRow]) -> Mapping[str, Mapping[str, str] | None]:
    return vault.open_all(rows[0].client, {row.person: _sealed(row) for row in rows}) if rows else {}


def _plain(row: HrRow, shown: Mapping[str, str] | None, today: dt.date) -> dict[str, Any]:
    names: Mapping[str, str | None] = dict.fromkeys(NAMES) if shown is None else {name: shown[name] for name in NAMES}
    return {
        **{name: value for name, value in asdict(row).items() if name not in _LEFT_OUT},
        "jobs": [{"id": job["id"], "name": job.get("name", ""), "rate": job.get("rate")} for job in row.jobs],
        **names,
        "forgotten": shown is None,
        "ssn_last_four": None if shown is None else last_four(shown["ssn"]),
        "is_minor": None if shown is None else is_minor(shown["date_of_birth"], today),
        "personal": {name: SEALED if getattr(row, name) else None for name in PERSONAL_FIELDS if name not in NAMES},
    }


def _plain_match(match: MatchRow) -> dict[str, Any]:
    return {
        "location": match.location,
        "employee": match.employee,
        "connection": match.connection,
        "state": match.state,
        "rule": match.rule or None,
        "hr": match.hr or None,
        "candidates": match.candidates,
        "decided_by": match.decided_by or None,
        "decided_at": match.decided_at,
    }
