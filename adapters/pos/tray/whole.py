"""A day, read whole: all pages of all resources, and the proof that nothing is missing and nothing moved meanwhile."""

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from typing import Final

from adapters.pos.tray.client import Caller, RawPage
from adapters.pos.tray.gathering import Gathering, changed, key_of, with_resource
from adapters.pos.tray.looking_back import LABOR, or_day_alone, own_labor
from adapters.pos.tray.questions import Question, Questions, instant_text
from adapters.pos.tray.wire import RAW_ROWS, ROW_DECODERS
from adapters.pos.tray.words import instant
from domain.ports.captures import Capture, Page
from domain.ports.source import DayRequest, SourceFailure
from domain.ports.vault import Vault

_SWEPT: Final = ("checks", "payments")
# Automatic clock-outs are dated back, past any filter on what changed; a day's entries are few enough to read again.
_READ_AGAIN: Final = (LABOR,)
# What came in one answer is of one moment. Of these, what came in several is read again; of checks only where one has
# no payment, for the others are proved by the list of payments.
_PAGED: Final = ("voids", "jobs", "deposits", "paid-in-out")
# Tray's answers and its rows need not go by the same clock; rows that come again unchanged do no harm.
_SWEEP_MARGIN: Final = dt.timedelta(minutes=15)


class WholeDay:
    """Reads one business day of one venue, resource by resource and page by page.

    Raises :class:`SourceFailure` from :meth:`capture` where the day cannot be proved whole and unchanged.
    """

    def __init__(self, caller: Caller, request: DayRequest, venue: str, vault: Vault) -> None:
        self._caller = caller
        self._window = request.window
        self._questions = Questions(request)
        self._day = Gathering(request, self._questions, venue, vault, caller.counters)
        self._began: dt.datetime | None = None

    def capture(self) -> Capture:
        """The day's answers, once they are proved to belong together."""
        resources = self._questions.resources
        for resource in resources:
            step = partial(with_resource, resource, self._read, resource)
            if resource == LABOR:
                or_day_alone(self._questions, self._day, [LABOR], step)
            else:
                step()
        with_resource("payments", self._day.compare_payments)
        paged = [name for name in _PAGED if name in resources and len(self._day.pages(name)) > 1]
        again = {*_READ_AGAIN, *paged}
        if self._day.unpaid:
            with_resource("checks", self._read_before_last, "checks")
        for resource in resources:
            if resource == LABOR and self._questions.looks_back:
                with_resource(resource, self._sweep_labor)
            elif resource in again or resource in _SWEPT:
                with_resource(resource, partial(self._sweep, whole=resource in again), resource)
        return self._day.capture()

    def _read(self, resource: str) -> None:
        """Read and keep all pages of a resource, for every date that it is asked for."""
        for question in self._questions.of(resource):
            try:
                self._day.take(resource, question, self._timed(resource, question))
            except SourceFailure as failure:
                # The first resource that is asked for a date finds out; the others are not asked for it then.
                not_closed = resource == "checks" and failure.failure == "day-not-closed"
                if not not_closed or not self._questions.pass_over(question):
                    raise

    def _timed(self, resource: str, question: Question) -> Iterator[RawPage]:
        """The pages of an answer, while noting when the first one of all was given."""
        for page in self._caller.pages(resource, question):
            answered_at = instant(page.server_time)
            self._began = min(self._began or answered_at, answered_at)
            yield page

    def _read_before_last(self, resource: str) -> None:
        """Read all pages but the last again: a row slips from one page to the one before only if these changed."""
        for question, kept in zip(self._questions.of(resource), self._day.answers(resource), strict=True):
            before = [page.data for page in kept[:-1]]
            if before:
                pages = (page.data for page in self._caller.pages(resource, question) if page.rows)
                after = list(islice(pages, len(before)))
                if after != before and rows_in(after) != rows_in(before):  # their order is nobody's promise
                    raise changed()

    def _sweep(self, resource: str, *, whole: bool) -> None:
        """Ask again, for everything or what changed since the first answer: what comes must be what was read."""
        since = (self._began or self._window.ends_at) - _SWEEP_MARGIN
        narrowed = {} if whole else {"modifiedSince": instant_text(since)}
        read: dict[object, bytes] | None = None
        came: set[object] = set()
        for question in self._questions.of(resource):
            for page in self._caller.pages(resource, {**narrowed, **question}):
                if page.rows and read is None:
                    read = dict(_bytes_by_key(resource, self._day.pages(resource)))
                for key, data in _keyed(resource, page):
                    came.add(key)
                    if read is None or read.get(key) != data:
                        raise changed()
        if whole and came != self._day.keys[resource]:
            raise changed()

    def _sweep_labor(self) -> None:
        """Ask for labor again; where only that of earlier days moved, these are left out, and the day's own stands."""
        (question,) = self._questions.of(LABOR)
        read = dict(_bytes_by_key(LABOR, self._day.pages(LABOR)))
        came = {key: data for page in self._caller.pages(LABOR, question) for key, data in _keyed(LABOR, page)}
        if came != read:
            self._day.put(LABOR, own_labor(read, came, self._window))
            self._questions.look_back_no_more()


def rows_in(pages: Iterable[bytes]) -> frozenset[bytes]:
    """The rows of pages, each in its bytes, in no order."""
    return frozenset([bytes(row) for page in pages for row in RAW_ROWS.decode(page)])


def _keyed(resource: str, page: RawPage) -> Iterator[tuple[object, bytes]]:
    raw = RAW_ROWS.decode(page.data)
    return ((key_of(resource, row), bytes(data)) for row, data in zip(page.rows, raw, strict=True))


def _bytes_by_key(resource: str, pages: Iterable[Page]) -> Iterator[tuple[object, bytes]]:
    for page in pages:
        yield from _keyed(resource, RawPage(page.data, ROW_DECODERS[resource].decode(page.data), ""))
