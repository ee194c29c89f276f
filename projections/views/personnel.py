"""Employees of systems of personnel, who of them is whom, and how the pulls stand."""

from typing import Any, Final, cast

import msgspec
from sqlalchemy import select

from domain.facts import ABSENT, Change, Entry
from domain.facts.personnel import (
    EmployeeLinked,
    EmployeesMatched,
    EmployeeUnlinked,
    Match,
    PersonnelChanged,
    PersonnelFact,
    PersonnelPulled,
    PullFailed,
)
from domain.identifiers import PersonnelId, personnel_of
from domain.records import HrEmployee, decode
from projections.batches import Batch
from projections.personnel_tables import hr_employee, hr_match, personnel
from projections.views.view import View
from projections.words import instant_text, json_text
from projections.writing import Row, Writer, as_row

_NOTHING: Final = {
    **dict.fromkeys(("tried_at", "pulled_at", "whole_at", "watermark", "failure", "message", "retry_at"), ""),
    "failures": 0,
}


def project(batch: Batch, writer: Writer) -> None:
    """Bring the tables up to date: the facts of personnel, one after the other; of a first pull many rows at once."""
    for entry in batch.entries:
        fact = entry.fact
        if not isinstance(fact, PersonnelFact):
            continue
        whose = personnel_of(entry.stream)
        assert whose is not None  # noqa: S101 - these facts are in no other streams
        match fact:
            case PersonnelChanged():
                _change(writer, whose, fact.changes, entry.position)
            case EmployeesMatched():
                _match(writer, whose, entry, fact.matches)
            case EmployeeLinked():
                made = Match(fact.location, fact.employee, "linked", "manual", (fact.hr,))
                _match(writer, whose, entry, (made,), by=entry.provenance.actor)
            case EmployeeUnlinked():
                _unlink(writer, whose, fact)
            case _:
                pass
        _stand(writer, whose, entry, fact)


def _change(writer: Writer, whose: PersonnelId, changes: tuple[Change, ...], position: int) -> None:
    place = (whose.client, whose.connection)
    writer.remove(hr_employee, [(*place, one.key) for one in changes if one.after == ABSENT])
    writer.put(
        hr_employee, [(*place, one.key, *_fields(one.after), position) for one in changes if one.after != ABSENT]
    )


def _fields(data: msgspec.Raw) -> Row:
    one = cast("HrEmployee", decode("hr-employee", data))
    names = (one.person, one.first_name, one.last_name, one.address, one.phone, one.ssn, one.email, one.date_of_birth)
    work = (one.middle_name, one.payroll_id, one.title, one.department, one.hire_date, one.active, one.listed)
    return (*names, *work, json_text(one.jobs))


def _match(writer: Writer, whose: PersonnelId, entry: Entry, matches: tuple[Match, ...], by: str = "") -> None:
    lost = [one for one in matches if one.state == "unmatched"]
    writer.remove(hr_match, [_key(whose, one.location, one.employee) for one in lost])
    when = instant_text(entry.recorded_at)
    rows = [
        (
            *_key(whose, one.location, one.employee),
            one.state,
            one.rule,
            one.hr,
            json_text(one.candidates),
            by,
            when,
            entry.position,
        )
        for one in matches
        if one.state != "unmatched"
    ]
    writer.put(hr_match, rows)


def _unlink(writer: Writer, whose: PersonnelId, fact: EmployeeUnlinked) -> None:
    key = _key(whose, fact.location, fact.employee)
    columns = hr_match.c
    known = writer.execute(
        select(columns.candidates_json).where(
            columns.client == key[0],
            columns.location == key[1],
            columns.employee == key[2],
            columns.connection == key[3],
        )
    ).scalar()
    if known is not None and fact.hr in msgspec.json.decode(known):
        writer.remove(hr_match, [key])


def _stand(writer: Writer, whose: PersonnelId, entry: Entry, fact: PersonnelFact) -> None:
    columns = personnel.c
    asked = select(personnel).where(columns.client == whose.client, columns.connection == whose.connection)
    known = writer.execute(asked).mappings().first()
    begun = {**_NOTHING, "client": whose.client, "connection": whose.connection}
    row: dict[str, Any] = dict(known) if known is not None else begun
    row |= {"version": entry.version, "position": entry.position}
    if isinstance(fact, PersonnelPulled):
        at = instant_text(fact.ended_at)
        row |= {**_NOTHING, "tried_at": at, "pulled_at": at, "watermark": fact.watermark or row["watermark"]} | {
            "whole_at": at if fact.way == "whole" else row["whole_at"]
        }
    elif isinstance(fact, PullFailed):
        row |= {
            "tried_at": instant_text(fact.ended_at),
            "failures": row["failures"] + 1,
            "failure": fact.failure,
            "message": fact.message,
            "retry_at": "" if fact.retry_at is None else instant_text(fact.retry_at),
        }
    writer.put(personnel, [as_row(personnel, row)])


def _key(whose: PersonnelId, location: str, employee: str) -> tuple[str, str, str, str]:
    return whose.client, location, employee, whose.connection


VIEW: Final = View("personnel", (personnel, hr_employee, hr_match), project)
