"""Employees, jobs and other reference data of each location, with personal fields sealed."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, cast

import msgspec
from sqlalchemy import Table

from domain.facts import ABSENT
from domain.records import (
    ROSTER_KINDS,
    Employee,
    HouseAccount,
    Job,
    MenuItem,
    TaxDefinition,
    Tender,
    decode,
    whole_fields,
)
from projections.batches import Batch, Net
from projections.tables import employee, job, reference
from projections.views.view import View
from projections.words import json_text
from projections.writing import Row, Writer

_OTHERS: Final = tuple(sorted(ROSTER_KINDS - {"employee", "job"}))


def project(batch: Batch, writer: Writer) -> None:
    """Bring the tables up to date: connection.roster-changed."""
    for touched in batch.connections:
        client, connection = touched.connection.client, touched.connection.connection
        for location, kinds in sorted(touched.net.items()):
            place = (client, location)
            _write(writer, employee, place, connection, kinds.get("employee", {}), _employee)
            _write(writer, job, place, connection, kinds.get("job", {}), _job)
            for kind in _OTHERS:
                _write(writer, reference, (*place, kind), connection, kinds.get(kind, {}), partial(_reference, kind))


def _write(
    writer: Writer,
    table: Table,
    place: tuple[str, ...],
    connection: str,
    made: Mapping[str, Net],
    fields: Callable[[msgspec.Raw], Row],
) -> None:
    kept: list[Row] = []
    gone: list[Row] = []
    for key, (_, after, _, position) in made.items():
        if after == ABSENT:
            gone.append((*place, key))
        else:
            kept.append((*place, key, connection, *fields(after), position))
    writer.remove(table, gone)
    writer.put(table, kept)


def _employee(data: msgspec.Raw) -> Row:
    record = cast("Employee", decode("employee", data))
    return (
        record.person,
        record.first_name,
        record.last_name,
        record.address,
        record.phone,
        record.ssn,
        record.email,
        record.date_of_birth,
        record.middle_name,
        record.pos_id,
        record.payroll_id,
        record.hire_date,
        record.active,
        record.listed,
        json_text(record.jobs),
    )


def _job(data: msgspec.Raw) -> Row:
    record = cast("Job", decode("job", data))
    return (record.name, record.code, str(record.rate), record.listed)


def _reference(kind: str, data: msgspec.Raw) -> Row:
    record = cast("MenuItem | Tender | TaxDefinition | HouseAccount", decode(kind, data))
    return (record.name, record.listed, json_text(whole_fields(kind, data)))


VIEW: Final = View("rosters", (employee, job, reference), project)
