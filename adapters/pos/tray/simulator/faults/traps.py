"""Traps: the data itself changes, as it does in a living POS, just before a page is taken."""

import datetime as dt

import msgspec

from adapters.pos.tray.simulator.desk import Desk
from adapters.pos.tray.simulator.edits import Edits, apply_edits, desk_for
from adapters.pos.tray.simulator.faults.registry import trap
from adapters.pos.tray.simulator.handing import hand_over
from adapters.pos.tray.simulator.kernel import Visit, rows_of
from adapters.pos.tray.simulator.rows import TimeEntry
from adapters.pos.tray.simulator.wall import MICRO, micros_of

_TICKETS = ("checks", "payments", "voids")
_SHIFT_SECONDS = 8 * 3_600


def _date(visit: Visit) -> dt.date:
    """Answer the business date that a visit is about; the one that its window begins in."""
    return visit.book.shop.wall.business_date(visit.window[0] // MICRO) if visit.window != (0, 0) else visit.date


def _desk(visit: Visit) -> Desk:
    return desk_for(visit.book, _date(visit), visit.pos.now())


def _edited(visit: Visit, edits: Edits) -> bool:
    return bool(apply_edits(visit.book, edits, visit.pos.now())["changes"])


def _edits(visit: Visit, kind: str, *, early: bool = False) -> Edits:
    """Answer one edit of a kind, in the words of `Edits`."""
    return msgspec.structs.replace(
        Edits(venue=visit.book.shop.venue.id, business_date=_date(visit), early=early), **{kind: 1}
    )


@trap(
    "void_after_close",
    "An item of the asked date is voided, with a time on the day after, before checks, payments or voids are answered.",
)
def _void_after_close(visit: Visit) -> bool:
    return visit.resource in _TICKETS and _edited(visit, _edits(visit, "voids"))


@trap("late_tip", "A card tip of the asked date is raised before checks or payments are answered.")
def _late_tip(visit: Visit) -> bool:
    return visit.resource in _TICKETS and _edited(visit, _edits(visit, "tips"))


@trap("split_check", "A check of the asked date is split in two before checks, payments or voids are answered.")
def _split_check(visit: Visit) -> bool:
    return visit.resource in _TICKETS and hand_over(_desk(visit), visit.book, _date(visit), split=True) is not None


@trap(
    "transferred_item",
    "An item of the asked date is transferred to another check before checks, payments or voids are answered.",
)
def _transferred_item(visit: Visit) -> bool:
    return visit.resource in _TICKETS and hand_over(_desk(visit), visit.book, _date(visit), split=False) is not None


@trap(
    "inactive_punch",
    "Somebody with a time entry in the asked window becomes inactive before time entries are answered.",
)
def _inactive_punch(visit: Visit) -> bool:
    if visit.resource != "time-entries":
        return False
    people = visit.book.people
    for row in rows_of(visit):
        entry = msgspec.json.decode(row.text, type=TimeEntry)
        if entry.staff_id in people and people[entry.staff_id].active:
            people[entry.staff_id].active = False
            return True
    return False


@trap(
    "auto_clock_out",
    "Before time entries are answered, the day's open one (else its last) is clocked out later, modifiedAt unchanged.",
)
def _auto_clock_out(visit: Visit) -> bool:
    if visit.resource != "time-entries":
        return False
    entries = visit.book.day(_date(visit)).entries()
    if not entries:
        return False
    entry = next((entry for entry in entries if entry.end is None), entries[-1])
    begin, end = micros_of(entry.start) or 0, micros_of(entry.end) if entry.end else None
    seconds = _SHIFT_SECONDS if end is None else (end - begin) // MICRO + 7_200
    _desk(visit).close_punch(entry.id, seconds)
    return True


@trap(
    "row_inserted_between_pages",
    "Before a page after the first, a row is inserted at the very top (checks, payments, time entries, staff).",
)
def _row_inserted(visit: Visit) -> bool:
    counts = {
        "checks": "tickets_added",
        "payments": "tickets_added",
        "time-entries": "punches_added",
        "staff": "staff_added",
    }
    name = counts.get(visit.resource)
    return visit.offset > 0 and name is not None and _edited(visit, _edits(visit, name, early=True))


@trap("sales_change_under_labor", "A check of the asked date is edited before its time entries are answered.")
def _sales_change(visit: Visit) -> bool:
    return visit.resource == "time-entries" and _edited(visit, _edits(visit, "tickets"))


@trap("row_deleted_between_pages", "Before a page after the first, the first row of all is deleted (not for jobs).")
def _row_deleted(visit: Visit) -> bool:
    rows = rows_of(visit)
    if visit.offset == 0 or not rows or visit.resource == "jobs":
        return False
    book, row_id = visit.book, rows[0].id
    if visit.resource == "staff":
        return book.people.pop(row_id, None) is not None
    if visit.resource in ("time-entries", "deposits"):
        # Windows cross days: the row may be on file under a neighbouring date.
        start = _date(visit)
        days = [book.day(start + dt.timedelta(days=days)) for days in range(-4, 4)]
        for day in days:
            day.drop(visit.resource, row_id)
        return True
    if visit.resource in ("checks", "payments"):
        day = book.day(visit.date)
        book.drop_ticket(
            day, next(key for key, ticket in day.tickets.items() if row_id in _ids(ticket.check.id, ticket.payments))
        )
        return True
    book.day(visit.date).drop(visit.resource, row_id)
    return True


def _ids(check_id: str, payments: tuple[tuple[object, ...], ...]) -> set[object]:
    return {check_id, *(row[1] for row in payments)}


@trap(
    "row_edited_between_pages",
    "Before a page after the first, a row of the day is edited (checks, payments, time entries, staff).",
)
def _row_edited(visit: Visit) -> bool:
    if visit.offset == 0:
        return False
    counts = {"checks": "tickets", "payments": "tickets", "time-entries": "punches", "staff": "staff_changed"}
    name = counts.get(visit.resource)
    return name is not None and _edited(visit, _edits(visit, name))
