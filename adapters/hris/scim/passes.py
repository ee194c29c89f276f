"""Reading a list that others change meanwhile, so that nobody who is there the whole time is lost.

A page by index skips somebody when somebody before them is deleted, and whoever is moved from behind the page to before
it. So a list of several pages is read twice, or as often as it takes until two passes, one after the other, saw the
same ids, each as many as the service counted on all of its pages. That is proof: whoever both passes saw was there from
the one to the other, at the end of the first pass too, when the service counted just as many; so there was nobody else.
(An id that was deleted does not come back.) A list of one page is one answer, and needs no second look.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from adapters.hris.scim.asking import Caller, NotUnderstood
from adapters.hris.scim.wire import MOST_ROWS, Listing, Object, read_listing
from domain.ports.source import SourceFailure

MOST_PASSES: Final = 8
"""Passes over a list that goes on changing."""

_STALE_CURSOR: Final = frozenset({"invalidcursor", "expiredcursor"})


@dataclass(frozen=True, slots=True)
class Pass:
    """One reading of all pages.

    Attributes:
        rows: who was seen, by id.
        sound: nobody came twice, and the service counted just as many, the same on every page.
        pages: how many.
    """

    rows: Mapping[str, Object]
    sound: bool
    pages: int


@dataclass(frozen=True, slots=True)
class Seen:
    """Everybody on a list.

    Attributes:
        rows: by id.
        passes: that it took.
    """

    rows: Mapping[str, Object]
    passes: int


class Users:
    """The users of a service, or those that a filter leaves.

    Args:
        caller: asks.
        page_rows: on a page.
        by_cursor: the service says that pages go by cursor.
        chosen: the filter; empty: everybody.
    """

    def __init__(self, caller: Caller, page_rows: int, *, by_cursor: bool = False, chosen: str = "") -> None:
        self._caller = caller
        self._rows = page_rows
        self._by_cursor = by_cursor
        self._chosen = chosen

    def everybody(self, one: Callable[[str], Object | None]) -> Seen:
        """All of them, nobody lost.

        Args:
            one: a user by id, or None where there is none any more.

        Raises:
            SourceFailure: ``changed-while-reading`` where the list never stood still, or what else went wrong.
            NotUnderstood: the service does not take the filter.
        """
        known: dict[str, Object] = {}
        before: frozenset[str] | None = None
        for number in range(1, MOST_PASSES + 1):
            # What was read is read again only as ids: a second look costs little.
            found = self._pass("" if number == 1 else "id")
            known |= found.rows if number == 1 else {}
            ids = frozenset(found.rows)
            if found.sound and (found.pages == 1 or ids == before) and _complete(known, ids, one):
                return Seen({key: known[key] for key in sorted(ids)}, number)
            before = ids if found.sound else None
        raise SourceFailure(
            "changed-while-reading",
            f"The list of users changed during each of {MOST_PASSES} passes over it, or its totalResults and its pages "
            "do not agree: nothing of it counts.",
            resource="Users",
        )

    def _pass(self, attributes: str) -> Pass:
        asked = {
            "count": str(self._rows),
            **({"filter": self._chosen} if self._chosen else {}),
            **({"attributes": attributes} if attributes else {}),
        }
        return self._cursors(asked) if self._by_cursor else self._indexes(asked)

    def _indexes(self, asked: Mapping[str, str]) -> Pass:
        rows: dict[str, Object] = {}
        totals: set[int | None] = set()
        start, twice = 1, False
        for pages in range(1, self._caller.most_pages + 1):
            page = self._page({**asked, "startIndex": str(start)})
            totals.add(page.total)
            twice = twice or page.twice or not rows.keys().isdisjoint(page.rows)
            rows |= page.rows
            start += len(page.rows)
            if page.total is None:
                raise SourceFailure("malformed", "The service does not say how many users there are.", resource="Users")
            if not page.rows or start > page.total:
                return Pass(rows, not twice and totals == {len(rows)}, pages)
        raise self._too_many()

    def _cursors(self, asked: Mapping[str, str]) -> Pass:
        rows: dict[str, Object] = {}
        totals: set[int | None] = set()
        cursor, twice, led = "", False, {""}
        for pages in range(1, self._caller.most_pages + 1):
            try:
                page = self._page({**asked, "cursor": cursor})
            except NotUnderstood as refusal:
                if refusal.kind in _STALE_CURSOR and pages > 1:
                    return Pass(rows, sound=False, pages=pages)
                raise
            totals.add(page.total)
            twice = twice or page.twice or not rows.keys().isdisjoint(page.rows)
            rows |= page.rows
            if page.cursor is None:
                # A service that pages by cursor need not count.
                return Pass(rows, not twice and totals in ({len(rows)}, {None}), pages)
            if page.cursor in led:
                raise SourceFailure("repeated-cursor", "The service's cursors lead in circles.", resource="Users")
            cursor = page.cursor
            led.add(cursor)
        raise self._too_many()

    def _page(self, asked: Mapping[str, str]) -> Listing:
        answer = self._caller.ask("Users", asked)
        if answer is None:
            raise SourceFailure("bad-endpoint", "The service has no Users: check the SCIM base URL.")
        return read_listing(answer)

    def _too_many(self) -> SourceFailure:
        most = min(self._caller.most_pages * self._rows, MOST_ROWS)
        return SourceFailure("too-large", f"The service has more than the {most:,} users that are read.")


def _complete(known: dict[str, Object], ids: Iterable[str], one: Callable[[str], Object | None]) -> bool:
    """Read whoever came after the first pass; whether everybody is there still."""
    for key in sorted(set(ids) - known.keys()):
        row = one(key)
        if row is None:
            return False
        known[key] = row
    return True
