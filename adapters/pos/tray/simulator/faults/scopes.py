"""Faults of scope: rows of other days, other venues and other times than were asked for."""

import datetime as dt
from dataclasses import replace

import msgspec

from adapters.pos.tray.simulator.faults.registry import page_fault
from adapters.pos.tray.simulator.kernel import PARAMETERS, WINDOWS, Page, Visit, cursor, page_of, rows_of
from adapters.pos.tray.simulator.rows import Row
from adapters.pos.tray.simulator.wall import DAY_SECONDS, MICRO, micro_text, micros_of, utc_text

_DAY = DAY_SECONDS * MICRO


def _shifted(visit: Visit, days: int) -> Visit:
    """Answer the same question about another day."""
    if visit.resource in WINDOWS:
        start, end = visit.window
        return replace(visit, window=(start + days * _DAY, end + days * _DAY))
    return replace(visit, date=visit.date + dt.timedelta(days=days))


@page_fault(
    "date_filter_ignored",
    "The rows of the day before and of the day after come as well (with times null: on all pages).",
)
def _date_filter_ignored(visit: Visit, page: Page) -> Page:
    rows = _three_days(visit)
    end = visit.offset + visit.limit
    following = cursor(visit, end) if end < len(rows) else None
    return replace(page, rows=[row.text for row in rows[visit.offset : end]], next_cursor=following) if rows else page


def _three_days(visit: Visit) -> list[Row]:
    if visit.resource in WINDOWS:
        start, end = visit.window
        return rows_of(replace(visit, window=(start - _DAY, end + _DAY)))
    if "businessDate" in PARAMETERS[visit.resource]:
        return [row for days in (-1, 0, 1) for row in rows_of(_shifted(visit, days))]
    return []


@page_fault("rows_outside_window", "One row of the day before stands at the end of the page.")
def _rows_outside_window(visit: Visit, page: Page) -> Page:
    if visit.resource in ("staff", "jobs"):
        return page
    rows = rows_of(_shifted(visit, -1))
    if visit.resource in WINDOWS:
        rows = [row for row in rows if max(row.at, row.until) < visit.window[0]]
    return replace(page, rows=[*page.rows, rows[0].text]) if rows else page


@page_fault("wrong_venue_rows", "The page is that of another venue of the same company.")
def _wrong_venue_rows(visit: Visit, page: Page) -> Page:
    own = visit.book.shop.venue
    others = [venue.id for venue in visit.pos.settings.venues if venue.api_key == own.api_key and venue.id != own.id]
    if not others:
        return page
    other = page_of(replace(visit, book=visit.pos.books[others[0]]))
    # The cursor stays the asked venue's, so that the reader can go on with it.
    return replace(other, next_cursor=page.next_cursor)


@page_fault("clock_skew", "serverTime is parameters.seconds (600) ahead, behind where negative.")
def _clock_skew(visit: Visit, page: Page) -> Page:
    server = (micros_of(page.server_time) or 0) + int(visit.parameters.get("seconds", 600)) * MICRO
    return replace(page, server_time=micro_text(server))


@page_fault("future_punch", "The first time entry of a page begins and ends parameters.days (400) days later.")
def _future_punch(visit: Visit, page: Page) -> Page:
    if visit.resource != "time-entries" or not page.rows:
        return page
    row = msgspec.json.decode(page.rows[0])
    later = int(visit.parameters.get("days", 400)) * DAY_SECONDS
    for name in ("in", "out"):
        micros = micros_of(row[name] or "")
        if micros is not None:
            second = micros // MICRO + later
            row[name], row[f"{name}Local"] = utc_text(second), visit.book.shop.wall.local_text(second)
    return replace(page, rows=[msgspec.json.encode(row), *page.rows[1:]])
