"""Faults of paging: pages that come twice, not at all, in disorder or without end."""

from dataclasses import replace

from adapters.pos.tray.simulator.faults.registry import page_fault
from adapters.pos.tray.simulator.kernel import Page, Visit, cursor, page_of, rows_of


@page_fault("duplicate_page", "A page after the first brings the rows of the page before it once more.")
def _duplicate_page(visit: Visit, page: Page) -> Page:
    if visit.offset == 0:
        return page
    before = page_of(replace(visit, offset=max(0, visit.offset - visit.limit)))
    return replace(page, rows=before.rows)


@page_fault("missing_page", "A page that has a next one is left out: the next one comes in its place.")
def _missing_page(visit: Visit, page: Page) -> Page:
    return page_of(replace(visit, offset=visit.offset + visit.limit)) if page.next_cursor else page


@page_fault("out_of_order", "The rows of a page come last first.")
def _out_of_order(visit: Visit, page: Page) -> Page:  # noqa: ARG001 - faults of a kind share one signature
    return replace(page, rows=list(reversed(page.rows))) if len(page.rows) > 1 else page


@page_fault("repeated_cursor", "A page after the first gives the cursor that it was asked with as the next one.")
def _repeated_cursor(visit: Visit, page: Page) -> Page:
    return replace(page, next_cursor=visit.query["cursor"]) if "cursor" in visit.query else page


@page_fault(
    "endless_cursors",
    "There is always a next page; after the last row the rows begin again (with times null: forever).",
)
def _endless_cursors(visit: Visit, page: Page) -> Page:
    if visit.packed:
        return page
    count = len(rows_of(visit))
    begun = page if visit.offset < count or not count else page_of(replace(visit, offset=visit.offset % count))
    return replace(begun, next_cursor=cursor(visit, visit.offset + visit.limit))


@page_fault("empty_page_with_next", "A page is empty but has a next one, which brings the rows.")
def _empty_page_with_next(visit: Visit, page: Page) -> Page:
    if visit.packed or not page.rows:
        return page
    return replace(page, rows=[], next_cursor=cursor(visit, visit.offset, nonce="later"))


@page_fault("duplicate_row", "The first row of a page stands at its end once more.")
def _duplicate_row(visit: Visit, page: Page) -> Page:  # noqa: ARG001
    return replace(page, rows=[*page.rows, page.rows[0]]) if page.rows else page
