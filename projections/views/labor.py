"""Labor: one row for each punch as it is shown, with our hours and pay beside what the source states.

What of it is overtime has a row of its own, because it changes where the punch does not.
"""

from operator import itemgetter
from typing import Final, cast

import msgspec

from domain.facts import ABSENT, Entry, OverlayFact
from domain.records import Overtime, Punch, decode
from domain.records.overtime import premium_cents
from domain.records.punch import pay_cents, worked_seconds
from projections.batches import Batch, DayBatch
from projections.folds import Folds
from projections.tables import labor, overtime
from projections.views.view import View
from projections.words import instant_text
from projections.writing import Row, Writer


def project(batch: Batch, writer: Writer) -> None:
    """Bring the table up to date: business-day.records-changed, and what was entered over punches."""
    gone: list[Row] = []
    rows: list[Row] = []
    for touched in batch.days:
        place = (touched.day.client, touched.day.location, touched.date)
        entered = [entry for entry in touched.entries if isinstance(entry.fact, OverlayFact)]
        if entered or (touched.entries[0].version > 1 and "punch" in touched.net):
            _merged(touched, place, entered, batch.folds, gone, rows)
            continue
        # Nothing was entered on a day that begins with this batch and of which it tells no entry.
        for key, (existed, after, generation, position) in touched.net.get("punch", {}).items():
            if existed:
                gone.append((*place, key))
            if after != ABSENT:
                rows.append((*place, key, *_fields(after), False, False, generation, position))
    writer.remove(labor, gone)
    writer.add(labor, rows)
    _project_overtime(batch, writer)


def _project_overtime(batch: Batch, writer: Writer) -> None:
    gone: list[Row] = []
    rows: list[Row] = []
    for touched in batch.days:
        place = (touched.day.client, touched.day.location, touched.date)
        for key, (existed, after, generation, position) in touched.net.get("overtime", {}).items():
            if existed:
                gone.append((*place, key))
            if after != ABSENT:
                rows.append((*place, key, *_overtime(after), generation, position))
    writer.remove(overtime, gone)
    writer.add(overtime, rows)


def _overtime(data: msgspec.Raw) -> Row:
    record = cast("Overtime", decode("overtime", data))
    premium = premium_cents(record)
    return (record.employee, record.seconds, str(record.rate), str(record.multiplier), record.rule, premium)


def _merged(
    touched: DayBatch, place: Row, entered: list[Entry], folds: Folds, gone: list[Row], rows: list[Row]
) -> None:
    """The rows of the punches that the batch touches, as they are shown after it."""
    newest = {key: made[2:] for key, made in touched.net.get("punch", {}).items()}
    for entry in entered:
        fact = entry.fact
        if isinstance(fact, OverlayFact) and fact.kind == "punch":
            newest[fact.key] = max(newest.get(fact.key, (0, 0)), (fact.generation, entry.position), key=itemgetter(1))
    if not newest:
        return
    day = touched.folded(folds)
    shown = day.merged.get("punch", {})
    gone += [(*place, key) for key in newest]
    for key, (generation, position) in newest.items():
        if key in shown:
            flags = (("punch", key) in day.overlays, ("punch", key) in day.conflicts)
            rows.append((*place, key, *_fields(shown[key]), *flags, generation, position))


def _fields(data: msgspec.Raw | bytes) -> Row:
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
