"""A day, read whole: all pages of all resources, and the proof that nothing is missing and nothing moved meanwhile."""

import datetime as dt
from collections.abc import Iterator
from functools import partial
from typing import Final

from adapters.pos.tray.client import Caller, RawPage
from adapters.pos.tray.gathering import Gathering, changed, keyed, with_resource
from adapters.pos.tray.looking_back import LABOR, or_day_alone, own_labor
from adapters.pos.tray.questions import Question, Questions, instant_text
from adapters.pos.tray.words import instant
from domain.ports.captures import Capture
from domain.ports.source import DayRequest, SourceFailure
from domain.ports.vault import Vault

_CHECKS: Final = "checks"
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
        for resource in resources:
            if resource == LABOR and self._questions.looks_back:
                with_resource(resource, self._sweep_labor)
            else:
                with_resource(resource, self._sweep, resource)
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

    def _sweep(self, resource: str) -> None:
        """Ask again, once everything was read: what comes must be what was read, and all of it must come.

        So everything that is kept was there at the moment between the two readings, however often the source changed.
        Checks are large, and their payments prove them: of these only what changed since is asked for, unless one has
        no payment, for then no list tells of it.
        """
        narrowed = self._since() if resource == _CHECKS and not self._day.unpaid else {}
        read: dict[object, bytes] | None = None
        came: set[object] = set()
        for question in self._questions.of(resource):
            for page in self._caller.pages(resource, {**narrowed, **question}):
                if page.rows and read is None:
                    read = self._day.by_key(resource)
                for key, data in keyed(resource, page):
                    came.add(key)
                    if read is None or read.get(key) != data:
                        raise changed()
        if not narrowed and came != self._day.keys[resource]:
            raise changed()

    def _since(self) -> Question:
        since = (self._began or self._window.ends_at) - _SWEEP_MARGIN
        return {"modifiedSince": instant_text(since)}

    def _sweep_labor(self) -> None:
        """Ask for labor again; where only that of earlier days moved, these are left out, and the day's own stands."""
        (question,) = self._questions.of(LABOR)
        read = self._day.by_key(LABOR)
        came = {key: data for page in self._caller.pages(LABOR, question) for key, data in keyed(LABOR, page)}
        if came != read:
            self._day.put(LABOR, own_labor(read, came, self._window))
            self._questions.look_back_no_more()
