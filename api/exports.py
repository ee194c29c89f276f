"""All that is kept of one person, for that person: employee records, punches, and who read what."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec
from sqlalchemy import select

from api import forgetting
from api.composition import OpenHouse
from api.persons import person_of_row, plain_reading, sealed_of
from api.rows import plain_row
from domain.commands.intent import Intent
from domain.commands.open_data import OpenData, Opened, open_data
from domain.facts import ABSENT
from domain.facts.saying import saying
from domain.person import DataRestricted
from domain.ports.vault import PersonForgotten
from domain.records import whole_fields
from domain.records.people import PERSONAL_FIELDS
from projections import people, queries
from projections.asking import MOST_ROWS
from projections.personnel import HrRow
from projections.rows import EmployeeRow
from projections.tables import record_history
from projections.walls import reading

MOST_RECORDS: Final = 1_000
"""Versions of the employee's record, at most."""

MOST_DAYS: Final = 5_000
"""Business days with punches, at most."""

MOST_READINGS: Final = 5_000


def export_person(opened: OpenHouse, row: EmployeeRow, intent: Intent) -> tuple[dict[str, Any], Opened]:
    """All that is kept of an employee, with the personal data open; recorded as an opening of all of it.

    The newest versions and days come first where there are more than are answered: ``more`` says so.

    Raises:
        NotPermitted, DataRestricted, PersonForgotten, CommandReused, StreamMoved: see ``open_data``.
    """
    person = person_of_row(row)
    done = open_data(OpenData(person, PERSONAL_FIELDS, sealed_of(row), intent, "export"), opened.house)
    records, more_records = _records(opened, row)
    dates = people.punch_days(opened.engine, row.client, row.location, row.employee, limit=MOST_DAYS + 1)
    readings = list(_readings(opened, row))
    content = {
        "location": row.location,
        "employee": row.employee,
        "connection": row.connection,
        "exported_at": opened.house.clock.now(),
        "actor": intent.actor,
        "reason": intent.reason,
        "personal_data": done.values,
        "records": records,
        "punches": [
            plain_row(punch)
            for date in dates[:MOST_DAYS]
            for punch in queries.labor(opened.engine, row.client, row.location, date, employee=row.employee)
        ],
        "personnel": [_personnel(opened, theirs, intent) for theirs in _same(opened, row)],
        "readings": readings[:MOST_READINGS],
        "more": more_records or len(dates) > MOST_DAYS or len(readings) > MOST_READINGS,
    }
    return content, done


def _same(opened: OpenHouse, row: EmployeeRow) -> list[HrRow]:
    """What HR systems say of the same person: whoever may open an employee's data may open theirs."""
    return [one for one in forgetting.beside(opened, row) if isinstance(one, HrRow)]


def _personnel(opened: OpenHouse, theirs: HrRow, intent: Intent) -> dict[str, Any]:
    """What an HR system says of somebody, open, and recorded as an export of its own."""
    person = forgetting.person_of(theirs)
    told: dict[str, Any] = {
        "connection": theirs.connection,
        "employee": theirs.employee,
        "payroll_id": theirs.payroll_id,
        "title": theirs.title,
        "department": theirs.department,
        "hire_date": theirs.hire_date,
        "active": theirs.active and theirs.listed,
        "jobs": theirs.jobs,
    }
    sealed = {name: getattr(theirs, name) for name in PERSONAL_FIELDS}
    try:
        done = open_data(
            OpenData(person, PERSONAL_FIELDS, sealed, forgetting.for_another(intent, person), "export"), opened.house
        )
    except (DataRestricted, PersonForgotten):
        return {**told, "forgotten": True, "personal_data": {}, "readings": []}
    page = people.readings(opened.engine, theirs.client, location="", employee=theirs.employee, limit=MOST_ROWS)
    readings = [plain_reading(one) for one in page if one.connection == theirs.connection]
    return {**told, "forgotten": False, "personal_data": done.values, "readings": readings}


def _records(opened: OpenHouse, row: EmployeeRow) -> tuple[list[dict[str, Any]], bool]:
    """The versions of an employee's record, newest first, with the personal fields open."""
    columns = record_history.c
    asked = select(columns.position, columns.place).where(
        columns.client == row.client,
        columns.location == row.location,
        columns.business_date == "",
        columns.kind == "employee",
        columns.key == row.employee,
    )
    with reading(opened.engine, row.client) as connection:
        places = connection.execute(asked.order_by(columns.position.desc()).limit(MOST_RECORDS + 1)).all()
    told = [_version(opened, row, position, place) for position, place in places[:MOST_RECORDS]]
    return told, len(places) > MOST_RECORDS


def _version(opened: OpenHouse, row: EmployeeRow, position: int, place: int) -> dict[str, Any]:
    entry = opened.journal.log(after=position - 1, limit=1, client=row.client)[0]
    change = saying(entry.fact).changes[place]
    told: dict[str, Any] = {"position": position, "recorded_at": entry.recorded_at, "operation": change.operation}
    if change.after == ABSENT:
        return {**told, "record": None}
    record = whole_fields("employee", change.after)
    person = str(record.pop("person"))
    sealed = {name: str(record[name]) for name in PERSONAL_FIELDS}
    opened_fields = opened.house.vault.open(row.client, person, sealed)
    return {**told, "record": msgspec.to_builtins({**record, **opened_fields})}


def _readings(opened: OpenHouse, row: EmployeeRow) -> Iterator[dict[str, Any]]:
    after: tuple[int, int] | None = None
    read = 0
    while read <= MOST_READINGS:
        page = people.readings(
            opened.engine,
            row.client,
            location=row.location,
            employee=row.employee,
            after=after,
            limit=MOST_ROWS,
        )
        yield from (plain_reading(one) for one in page)
        read += len(page)
        if len(page) < MOST_ROWS:
            return
        after = (page[-1].position, page[-1].place)
