"""Employees and jobs of each location, with their personal fields sealed."""

from typing import Final, cast

import msgspec

from domain.facts import ABSENT
from domain.records import Employee, Job, decode
from projections.batches import Batch
from projections.tables import employee, job
from projections.views.view import View
from projections.words import json_text
from projections.writing import Row, Writer

_TABLES: Final = {"employee": employee, "job": job}


def project(batch: Batch, writer: Writer) -> None:
    """Bring both tables up to date: connection.roster-changed."""
    for touched in batch.connections:
        client, connection = touched.connection.client, touched.connection.connection
        for location, kinds in sorted(touched.net.items()):
            for kind, table in _TABLES.items():
                made = kinds.get(kind, {})
                kept: list[Row] = []
                gone: list[Row] = []
                for key, (_, after, _, position) in made.items():
                    place = (client, location, key)
                    if after == ABSENT:
                        gone.append(place)
                    else:
                        fields = _employee(after) if kind == "employee" else _job(after)
                        kept.append((*place, connection, *fields, position))
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


VIEW: Final = View("rosters", (employee, job), project)
