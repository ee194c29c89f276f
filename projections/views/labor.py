"""Labor: one row for each punch, with its hours and pay as we compute them beside what the source states.

What of it is overtime has a row of its own, because it changes where the punch does not.
"""

from typing import Final, cast

import msgspec

from domain.facts import ABSENT
from domain.records import Overtime, Punch, decode
from domain.records.overtime import premium_cents
from domain.records.punch import pay_cents, worked_seconds
from projections.batches import Batch
from projections.tables import labor, overtime
from projections.views.view import View
from projections.words import instant_text
from projections.writing import Row, Writer


def project(batch: Batch, writer: Writer) -> None:
    """Bring the table up to date: business-day.records-changed."""
    for kind, table, fields in (("punch", labor, _fields), ("overtime", overtime, _overtime)):
        gone: list[Row] = []
        rows: list[Row] = []
        for touched in batch.days:
            place = (touched.day.client, touched.day.location, touched.date)
            for key, (existed, after, generation, position) in touched.net.get(kind, {}).items():
                if existed:
                    gone.append((*place, key))
                if after != ABSENT:
                    rows.append((*place, key, *fields(after), generation, position))
        writer.remove(table, gone)
        writer.add(table, rows)


def _overtime(data: msgspec.Raw) -> Row:
    record = cast("Overtime", decode("overtime", data))
    premium = premium_cents(record)
    return (record.employee, record.seconds, str(record.rate), str(record.multiplier), record.rule, premium)


def _fields(data: msgspec.Raw) -> Row:
    punch = cast("Punch", decode("punch", data))
    return (
        punch.employee,
        punch.job,
        punch.job_name,
        instant_text(punch.clock_in),
        instant_text(punch.clock_out),
        str(punch.rate),
        worked_seconds(punch),
        pay_cents(punch),
        None if punch.stated_hours is None else str(punch.stated_hours),
        punch.stated_pay_cents,
        punch.declared_tips_cents,
        punch.charge_tips_cents,
        punch.terminal,
        punch.excluded,
        punch.unknown_employee,
    )


VIEW: Final = View("labor", (labor, overtime), project)
