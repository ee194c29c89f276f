"""Labor: one row for each punch, with its hours and pay as we compute them beside what the source states."""

from typing import Final, cast

from domain.records import Punch, decode
from domain.records.punch import pay_cents, worked_seconds
from projections.batches import Batch, Net
from projections.tables import labor
from projections.views.view import View
from projections.words import instant_text
from projections.writing import Row, Writer


def project(batch: Batch, writer: Writer) -> None:
    """Bring the table up to date: business-day.records-changed."""
    gone: list[Row] = []
    rows: list[Row] = []
    for touched in batch.days:
        place = (touched.day.client, touched.day.location, touched.date)
        for key, net in touched.net.get("punch", {}).items():
            if net.existed:
                gone.append((*place, key))
            if not net.gone:
                rows.append((*place, key, *_fields(net)))
    writer.remove(labor, gone)
    writer.add(labor, rows)


def _fields(net: Net) -> Row:
    punch = cast("Punch", decode("punch", net.after))
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
        net.generation,
        net.position,
    )


VIEW: Final = View("labor", (labor,), project)
