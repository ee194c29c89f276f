"""A day, read from the consolidated API: two parts in sealed archives, and the proof that they belong together."""

from collections.abc import Iterable
from functools import partial

from adapters.pos.tray.archive import Archive
from adapters.pos.tray.client import Caller
from adapters.pos.tray.gathering import Gathering, changed, with_resource
from adapters.pos.tray.looking_back import or_day_alone
from adapters.pos.tray.questions import PARTS, Part, Question, Questions
from adapters.pos.tray.sealed import ArchiveKey, bound_to, mark_of
from adapters.pos.tray.wire import RAW_ROWS
from domain.ports.captures import Capture
from domain.ports.source import DayRequest, SourceFailure
from domain.ports.vault import Vault


class ConsolidatedDay:
    """Reads one business day of one venue from archives, into the capture that the split endpoints make.

    An archive is of one moment. Sales are read, then labor, then sales again: where the sales of both readings are the
    same, everything is as it was at the moment of the labor archive.

    Raises :class:`SourceFailure` from :meth:`capture` where that cannot be proved.
    """

    def __init__(self, caller: Caller, request: DayRequest, venue: str, vault: Vault, key: ArchiveKey) -> None:
        self._caller = caller
        self._venue = venue
        self._key = key
        self._questions = Questions(request)
        self._day = Gathering(request, self._questions, venue, vault, caller.counters)
        self._marks: set[bytes] = set()
        self._read_before: list[dict[str, bytes]] = []

    def capture(self) -> Capture:
        """The day's rows, once they are proved to belong together."""
        for question in self._questions.sales():
            with_resource("consolidated/sales", self._read_sales, question)
        with_resource("payments", self._day.compare_payments)
        or_day_alone(self._questions, self._day, PARTS["labor"], self._read_labor)
        for number, question in enumerate(self._questions.sales()):
            with_resource("consolidated/sales", self._read_again, number, question)
        return self._day.capture()

    def _read_labor(self) -> None:
        """The labor archive holds all hours that are asked for, as they were at one moment."""
        with_resource("consolidated/labor", self._read, "labor", self._questions.labor())

    def _read_sales(self, question: Question) -> None:
        try:
            self._read("sales", question)
        except SourceFailure as failure:
            if failure.failure != "day-not-closed" or not self._questions.pass_over(question):
                raise

    def _read(self, part: Part, question: Question) -> None:
        """Read and keep everything that an archive holds."""
        archive = self._archive(part, question)
        for resource in archive.resources:
            pages = archive.pages(resource, self._caller.answer_bytes)
            with_resource(resource, partial(self._day.take, resource, question, pages))
        self._read_before.append(archive.digests)

    def _read_again(self, number: int, question: Question) -> None:
        """Read a sales archive once more: its rows must be those that were read."""
        archive = self._archive("sales", question)
        before = self._read_before[number]
        for resource in archive.resources:
            if archive.digests[resource] != before[resource]:
                pages = [page.data for page in archive.pages(resource, self._caller.answer_bytes)]
                read = [page.data for page in self._day.answers(resource)[number]]
                # Neither their order nor fields that we do not know are anything that happened on the day.
                if rows_in(pages) != rows_in(read):
                    raise changed()

    def _archive(self, part: Part, question: Question) -> Archive:
        sealed = self._caller.archive(part, question)
        data = self._key.open(sealed, bound_to(self._venue, part, question))
        mark = mark_of(sealed)
        if mark in self._marks:
            # Then a second reading would prove nothing.
            raise SourceFailure(
                "unexpected-answer",
                "Tray's archive came before: something on the way gives answers that it kept.",
            )
        self._marks.add(mark)
        archive = Archive(data, self._venue, part, question, self._caller.left_bytes)
        self._caller.counters.read_bytes += archive.size
        return archive


def rows_in(pages: Iterable[bytes]) -> frozenset[bytes]:
    """The rows of pages, each in its bytes, in no order."""
    return frozenset([bytes(row) for page in pages for row in RAW_ROWS.decode(page)])
