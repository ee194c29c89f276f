"""Business days: where they stand, their summary, tickets, labor and history."""

import datetime as dt
import functools
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request
from sqlalchemy import Engine
from starlette.responses import Response

from api import days
from api.http.answering import LAST_POSITION, IfNoneMatch, Read, Reading, answer, linked, unchanged, versioned
from api.http.cursors import read_cursor, write_cursor
from api.http.documents import documented
from api.http.history_models import History
from api.http.models import Day, Labor, Tickets
from api.http.moments import reached, shown_day
from api.http.parameters import PAGE_ROWS, AsOf, Cursor, DatePath, Limit, LocationPath, LocationQuery
from api.http.permitting import takes
from api.http.summary_models import DayList, DaySummary
from api.plain import plain_step
from api.refusals import EndsBeforeItBegins
from api.rows import plain_mark, plain_row
from domain.business_date import business_date
from domain.commands.loading import NothingRecorded
from domain.identifiers import DayId, plain, record_name
from domain.money import shown
from domain.permissions import Permission
from domain.records import ROSTER_KINDS
from domain.records.punch import hours
from domain.summary import plain_summary, summary_bytes
from projections import queries
from projections.asking import MOST_ROWS
from projections.fields import LONGEST_PATH
from projections.history import history
from projections.rows import DayRow, LaborRow
from projections.scratch import days_as_of
from projections.timetravel import day_as_of

router = APIRouter(prefix="/v1", tags=["days"])

_READ = (400, 404, 422, 503)
_FRESH = ["Daybook-Position", "ETag"]


@router.get(
    "/days/{location}/{date}",
    operation_id="getDay",
    dependencies=[takes(Permission.READ)],
    summary="Where a business day stands",
    response_model=Day,
    responses=documented({200: "The day.", 304: "The reader has it."}, *_READ, headers=_FRESH),
)
def get_day(
    location: LocationPath, date: DatePath, read: Read, as_of: AsOf = None, if_none_match: IfNoneMatch = None
) -> Response:
    """State, generation, versions and main figures.

    A day on which every attempt failed is `missing`, and so is one that somebody deleted: `deletion` says who, when and
    why, until it is read again. `closed` says who confirmed that the place was closed. As of a moment: what was
    answered then, to the byte.
    """
    with shown_day(read, days.day_id(read.client, location, date), as_of) as shown:
        row = shown.row
        marks = queries.marks(shown.engine, row)
    content = {**plain_row(row), **{name: None if mark is None else plain_mark(mark) for name, mark in marks.items()}}
    return unchanged(if_none_match, row.version, read.position) or answer(
        content, position=read.position, headers=versioned(row.version)
    )


@router.get(
    "/days/{location}/{date}/dss",
    operation_id="getSummary",
    dependencies=[takes(Permission.READ)],
    summary="The Daily Sales Summary of a day",
    response_model=DaySummary,
    responses=documented({200: "The summary.", 304: "The reader has it."}, *_READ, headers=_FRESH),
)
def get_summary(
    location: LocationPath, date: DatePath, read: Read, as_of: AsOf = None, if_none_match: IfNoneMatch = None
) -> Response:
    """As recorded now, or as it was known at a moment: the same rule, applied to the facts until then."""
    day = days.day_id(read.client, location, date)
    if as_of is not None:
        return _summary_as_of(read, day, as_of, if_none_match)
    row = _row(read, day)
    if row.deleted:
        days.refuse_deleted(read.opened, day)
    if not row.generation:
        raise NothingRecorded(
            f"The business day {day.date} of {day.location} was tried {row.attempts} times and never read whole: "
            "it has no summary yet."
        )
    known = unchanged(if_none_match, row.version, read.position)
    return known or _summary(day, row.version, None, summary_json(row.document), read.position)


def _summary_as_of(read: Reading, day: DayId, as_of: str, if_none_match: str | None) -> Response:
    read.begin()
    position = days.moment(read.opened.journal, as_of)
    known = day_as_of(read.opened.journal, day, position)
    if not known.day.generation:
        raise NothingRecorded(
            f"As of position {position} nothing was known of the business day {day.date} of {day.location}: "
            "its first generation came later, or never."
        )
    if known.day.deleted:
        days.refuse_deleted(read.opened, day, until=position)
    version = known.day.version
    same = unchanged(if_none_match, version, read.position)
    return same or _summary(day, version, position, summary_json(summary_bytes(known.summary)), read.position)


@functools.lru_cache(maxsize=256)
def summary_json(document: bytes) -> msgspec.Raw:
    """A summary as JSON with decimal strings; equal summaries are written once, since most reads are of few days."""
    return msgspec.Raw(msgspec.json.encode(plain_summary(document)))


def _summary(day: DayId, version: int, as_of: int | None, summary: msgspec.Raw, position: int) -> Response:
    content = {
        "location": day.location,
        "date": day.date,
        "version": version,
        "as_of": as_of,
        "summary": summary,
    }
    return answer(content, position=position, headers=versioned(version))


@router.get(
    "/days/{location}/{date}/tickets",
    operation_id="listTickets",
    dependencies=[takes(Permission.READ)],
    summary="The tickets of a day",
    response_model=Tickets,
    responses=documented({200: "A page of tickets."}, *_READ, headers=["Daybook-Position", "Link"]),
)
def get_tickets(
    request: Request,
    location: LocationPath,
    date: DatePath,
    read: Read,
    as_of: AsOf = None,
    cursor: Cursor = None,
    limit: Limit = PAGE_ROWS,
) -> Response:
    """The tickets by id, each with its sums; all pages as of one moment are of that moment."""
    day = days.day_id(read.client, location, date)
    with shown_day(read, day, as_of) as shown:
        question = (day.stream, "tickets", shown.moment)
        after = read_cursor(question, cursor, 1)[0] if cursor is not None else ""
        found = queries.tickets(shown.engine, day.client, day.location, day.date, after=after, limit=limit)
    following = write_cursor(question, [found[-1].ticket]) if len(found) == limit else None
    headers = {} if following is None else linked(request, cursor=following)
    data = [plain_row(row, without=frozenset({"location", "business_date"})) for row in found]
    return answer({"data": data, "next": following}, position=read.position, headers=headers)


@router.get(
    "/days/{location}/{date}/labor",
    operation_id="getLabor",
    dependencies=[takes(Permission.READ)],
    summary="The labor of a day",
    response_model=Labor,
    responses=documented({200: "The punches and their sums.", 304: "The reader has it."}, *_READ, headers=_FRESH),
)
def get_labor(
    location: LocationPath, date: DatePath, read: Read, as_of: AsOf = None, if_none_match: IfNoneMatch = None
) -> Response:
    """Every punch with our hours and pay beside those that the source states."""
    day = days.day_id(read.client, location, date)
    with shown_day(read, day, as_of) as seen:
        row = seen.row
        known = unchanged(if_none_match, row.version, read.position)
        if known:
            return known
        punches = _punches(seen.engine, day)
    content = {
        "location": day.location,
        "date": day.date,
        "punches": len(punches),
        "hours": str(hours(sum(punch.worked_seconds for punch in punches))),
        "pay": shown(sum(punch.pay_cents for punch in punches)),
        "overtime_hours": str(hours(sum(punch.overtime_seconds for punch in punches))),
        "premium": shown(sum(punch.premium_cents for punch in punches)),
        "data": [plain_row(punch, without=frozenset({"location", "business_date"})) for punch in punches],
    }
    return answer(content, position=read.position, headers=versioned(row.version))


def _punches(engine: Engine, day: DayId) -> list[LaborRow]:
    """All punches of a day: a restaurant has dozens, and the source's limits bound them."""
    found: list[LaborRow] = []
    while True:
        after = found[-1].punch if found else ""
        page = queries.labor(engine, day.client, day.location, day.date, after=after)
        found += page
        if len(page) < MOST_ROWS:
            return found


RecordName = Annotated[
    str | None, Query(max_length=250, description="One record, `KIND/KEY`, for example `ticket/chk-17`.")
]
FieldPath = Annotated[
    str | None,
    Query(
        max_length=LONGEST_PATH,
        description="One field of the record, for example `payments.0.amount`: only what changed it.",
    ),
]
AfterPosition = Annotated[int, Query(ge=0, le=LAST_POSITION, description="The `next` of the page before.")]


@router.get(
    "/days/{location}/{date}/history",
    operation_id="getHistory",
    dependencies=[takes(Permission.READ_HISTORY)],
    summary="The history of a day, or of one record on it",
    response_model=History,
    responses=documented({200: "A page of the history.", 304: "The reader has it."}, *_READ, headers=[*_FRESH, "Link"]),
)
def get_history(
    request: Request,
    location: LocationPath,
    date: DatePath,
    read: Read,
    record: RecordName = None,
    field: FieldPath = None,
    as_of: AsOf = None,
    after: AfterPosition = 0,
    limit: Limit = PAGE_ROWS,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Who did what, when and why, oldest first, and which answer of which source says so.

    Of a record with every field before and after; of one field only the facts in which it changed. Employees and jobs
    outlast a day: their history is the connection's, whatever the date, and carries no ETag.
    """
    day = days.day_id(read.client, location, date)
    kind = record_name(record)[0] if record is not None else ""
    row = _row(read, day)
    until = None if as_of is None else days.moment(read.opened.journal, as_of)
    version = str(row.version) if until is None else f"as-of-{until}"
    on_day = kind not in ROSTER_KINDS
    known = unchanged(if_none_match, version, read.position) if on_day else None
    if known:
        return known
    found = history(
        read.opened.journal,
        read.opened.engine,
        day.client,
        day.location,
        day.date,
        record,
        field=field,
        after=after,
        until=until,
        limit=limit,
    )
    following = found[-1].position if len(found) == limit else None
    if on_day and until is None:
        # The journal may be ahead of the view that the ETag is of: what is newer belongs to the next version.
        found = [step for step in found if step.version <= row.version]
    content = {
        "location": day.location,
        "date": day.date,
        "record": record,
        "field": field,
        "data": [plain_step(step) for step in found],
        "next": following,
    }
    headers = versioned(version) if on_day else {}
    if following is not None:
        headers |= linked(request, after=following)
    return answer(content, position=read.position, headers=headers)


@router.get(
    "/dss",
    operation_id="listSummaries",
    dependencies=[takes(Permission.READ)],
    summary="The main figures of many days",
    response_model=DayList,
    responses=documented({200: "A page of days."}, 400, 422, 503, headers=["Daybook-Position", "Link"]),
)
def list_summaries(
    request: Request,
    read: Read,
    location: LocationQuery = None,
    start: Annotated[str | None, Query(alias="from", max_length=40, description="First business date.")] = None,
    end: Annotated[str | None, Query(alias="to", max_length=40, description="Last business date.")] = None,
    as_of: AsOf = None,
    cursor: Cursor = None,
    limit: Limit = PAGE_ROWS,
) -> Response:
    """Days by date and location, of all locations or of one; as of a moment those that were known then."""
    where = None if location is None else plain(location, "location")
    first = None if start is None else business_date(start)
    last = None if end is None else business_date(end)
    if first is not None and last is not None and last < first:
        raise EndsBeforeItBegins(f"The range {first} to {last} ends before it begins: give the earlier date first.")
    position = None if as_of is None else reached(read, as_of)
    moment = "" if position is None else str(position)
    question = (read.client, "dss", where or "", str(first or ""), str(last or ""), moment)
    after: tuple[dt.date, str] | None = None
    if cursor is not None:
        date, place = read_cursor(question, cursor, 2)
        after = (business_date(date), place)
    asked: dict[str, Any] = {
        "location": where,
        "start": first,
        "end": last,
        "after": after,
        "limit": limit,
        "among": read.among,
    }
    if position is None:
        read.begin()
        found = queries.days(read.opened.engine, read.client, **asked)
    else:
        found = days_as_of(read.opened.engine, read.opened.journal, read.client, position, **asked)
    following = None
    if len(found) == limit:
        following = write_cursor(question, [found[-1].business_date.isoformat(), found[-1].location])
    headers = {} if following is None else linked(request, cursor=following)
    return answer(
        {"data": [_figures(row) for row in found], "next": following}, position=read.position, headers=headers
    )


_FIGURES = (
    "location",
    "date",
    "state",
    "generation",
    "version",
    "net_sales",
    "gross_sales",
    "tickets",
    "guests",
    "issue_count",
)


def _figures(row: DayRow) -> dict[str, Any]:
    plain_day = plain_row(row)
    return {**{name: plain_day[name] for name in _FIGURES}, "deleted": row.deleted}


def _row(read: Reading, day: DayId) -> DayRow:
    """The day as the views have it, once they are as new as the reader wants.

    Raises:
        NothingRecorded: there is nothing of it.
        ProjectionBehind: the views are not that far.
    """
    read.begin()
    row = queries.day(read.opened.engine, day.client, day.location, day.date)
    if row is None:
        raise NothingRecorded(
            f"Nothing is recorded of the business day {day.date} of {day.location}: it was never polled."
        )
    return row
