"""A capture of import files in our words: canonical rows of eighteen kinds become the records of a business day."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from adapters.files.assembling import rows
from adapters.files.assembling.by_check import sorted_rows
from adapters.files.assembling.cash import deposits_in, paid_in_outs_in, tills_in
from adapters.files.assembling.labor import Labor
from adapters.files.assembling.local_time import LocalTime
from adapters.files.assembling.reference import Reference
from adapters.files.assembling.tickets import TICKET_FILES, Tickets
from domain.business_date import Window
from domain.business_date import window as window_of
from domain.commands.import_files import EARLIER
from domain.polling.source_day import SourceDay
from domain.ports.captures import Capture, Page
from domain.records import Punch, Record

NONEXISTENT_TIME: Final = "nonexistent-time"
"""The note that a row has a local time which the clocks skipped; it was counted on from the hour before."""


def read_day(capture: Capture, window: Window) -> SourceDay:
    """What a capture of import files says about a day; tickets are put together one by one, when they are asked for.

    Only kinds of records whose files are in the capture are named; a file without rows was read and is empty. The notes
    are whole once the tickets were taken: what these refer to is told in them.

    Raises:
        ValueError: a row has a word that means nothing (from the tickets' iterator: when it is reached).
        msgspec.DecodeError: a page is not of the contract.
    """
    there = {page.resource for page in capture.pages}
    clock = LocalTime(window.zone)
    reference = Reference(capture)
    notes = list(reference.notes)
    records: dict[str, Iterable[Record]] = dict(reference.records)

    def pages(kind: str) -> list[bytes]:
        return [page.data for page in capture.of(kind)]

    if not there.isdisjoint(TICKET_FILES):
        tickets = Tickets(capture, window, reference, clock)
        records["ticket"] = iter(tickets)
        if tickets.convention != "contract":
            notes.append(f"convention:{tickets.convention}")
        if tickets.without_details:
            notes.append(f"ticket-without-details:{tickets.without_details}")
    if "deposits" in there:
        deposits = sorted_rows(rows.DepositRow, pages("deposits"))
        reference.refers_to("employee", {row.by for row in deposits})
        records["deposit"] = deposits_in(deposits, clock)
    if "paid-in-outs" in there:
        paid = sorted_rows(rows.PaidInOutRow, pages("paid-in-outs"))
        reference.refers_to("employee", {row.by for row in paid})
        records["paid-in-out"] = paid_in_outs_in(paid, clock)
    if "tills" in there:
        tills = sorted_rows(rows.TillRow, pages("tills"))
        reference.refers_to("employee", {row.by for row in tills})
        records["till"] = tills_in(tills, clock)
    punches, of_shifts = _punches(capture, window, reference, clock)
    if punches is not None:
        records["punch"] = punches
    notes += of_shifts
    dated = [page for page in capture.pages if page.resource in _DATED]
    if clock.skips_any(dated, window.starts_at):
        notes.append(NONEXISTENT_TIME)
    return SourceDay(records, _noted(notes, reference))


def _noted(notes: list[str], reference: Reference) -> Iterator[str]:
    """All notes, in order, as of when the first is asked for."""
    yield from sorted(notes + reference.unknown())


def _punches(
    capture: Capture, window: Window, reference: Reference, clock: LocalTime
) -> tuple[list[Punch] | None, list[str]]:
    """The punches of the day, where any were read, and what stood out."""
    found, notes = _reaching_into(capture, window, clock), list[str]()
    pages = [page.data for page in capture.of("labor-detail")]
    if pages:
        labor = Labor(sorted_rows(rows.LaborRow, pages), window, reference, clock)
        found, notes = [*found, *labor.punches], labor.notes
    return (found if found or pages else None), notes


def _reaching_into(capture: Capture, window: Window, clock: LocalTime) -> list[Punch]:
    """The shifts of earlier days that end inside this one or after it, each as it was read with its own day."""
    by_date: dict[str, list[Page]] = {}
    for page in capture.pages:
        if page.resource.startswith(EARLIER):
            date, _, resource = page.resource.removeprefix(EARLIER).partition(":")
            by_date.setdefault(date, []).append(msgspec.structs.replace(page, resource=resource))
    starts = clock.shown(window.starts_at).time()
    found = []
    for date, pages in sorted(by_date.items()):
        own = msgspec.structs.replace(capture, pages=tuple(pages))
        labor_rows = sorted_rows(rows.LaborRow, [page.data for page in own.of("labor-detail")])
        day = window_of(dt.date.fromisoformat(date), window.zone, starts)
        labor = Labor(labor_rows, day, Reference(own), clock)
        found += [punch for punch in labor.punches if punch.clock_out and punch.clock_out > window.starts_at]
    return found


_DATED: Final = frozenset({*TICKET_FILES, "deposits", "paid-in-outs", "tills", "labor-detail"})
"""Kinds of files with times in them."""
