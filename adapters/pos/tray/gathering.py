"""Gathering: the rows of a day as they come in, each held against what was asked and against the others."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from msgspec import UNSET

from adapters.pos.tray.client import Counters, RawPage
from adapters.pos.tray.conventions import balances
from adapters.pos.tray.questions import BY_DATE, Question, Questions
from adapters.pos.tray.staff import sealed_page
from adapters.pos.tray.wire import (
    RAW_ROWS,
    ROW_DECODERS,
    ROWS,
    SERVER_LIST_LIMIT,
    Check,
    Payment,
    PaymentRow,
    TimeEntry,
)
from adapters.pos.tray.words import instant, maybe_cents, maybe_instant
from domain.money import cents
from domain.ports.captures import Capture, Page
from domain.ports.source import DayRequest, SourceFailure
from domain.ports.vault import Vault

SYSTEM_KEY: Final = "tray"
CONTRACT: Final = 1
_STAFF: Final = "staff"

Paid = dict[tuple[str, str], tuple[int, int, int]]
"""Amount, tip and gratuity, in cents, by check and payment."""


class Gathering:
    """What has been read of one business day of one venue, however it travelled.

    Attributes:
        keys: of the rows of each resource that was read.
        unpaid: a check has no payment, so that no list of payments tells of it.
    """

    def __init__(self, request: DayRequest, questions: Questions, venue: str, vault: Vault, counters: Counters) -> None:
        self._request = request
        self._questions = questions
        self._venue = venue
        self._vault = vault
        self._counters = counters
        self._answers: dict[str, list[list[Page]]] = {}
        self._digests: dict[str, dict[object, bytes]] = {}
        self._on_checks: Paid = {}
        self._listed: Paid = {}
        self._cut: set[str] = set()
        self.keys: dict[str, set[object]] = {}
        self.unpaid = False

    def take(self, resource: str, question: Question, pages: Iterable[RawPage]) -> None:
        """Check and keep the pages that answer one question; each row must belong to the day and come once.

        Raises:
            SourceFailure: a row does not belong, or came before.
        """
        kept: list[Page] = []
        keys = self.keys.setdefault(resource, set())
        for page in pages:
            self._check_rows(resource, question, page.rows)
            for row in page.rows:
                key = key_of(resource, row)
                if key in keys:
                    raise SourceFailure("duplicate-rows", "Tray listed a row twice: pages moved while they were read.")
                keys.add(key)
            self._counters.rows[resource] = len(keys)
            data = page.data
            if resource == _STAFF:  # what is kept of people is sealed, and nothing in clear stays
                self._digests.setdefault(resource, {}).update(keyed(resource, page))
                data = sealed_page(page.rows, self._request, self._vault)
            if page.rows:  # a page without rows says nothing
                kept.append(Page(resource, len(page.rows), data))
        self._answers.setdefault(resource, []).append(kept)

    def forget(self, *resources: str) -> None:
        """Drop what was taken of resources that are asked for anew."""
        for resource in resources:
            for known in (self.keys, self._answers, self._digests, self._counters.rows):
                known.pop(resource, None)

    def put(self, resource: str, rows: Mapping[object, bytes]) -> None:
        """Keep just these of the rows that were taken of a resource, by their keys."""
        data = b"[" + b",".join(rows.values()) + b"]"
        self.keys[resource] = set(rows)
        self._counters.rows[resource] = len(rows)
        self._answers[resource] = [[Page(resource, len(rows), data)] if rows else []]

    def answers(self, resource: str) -> list[list[Page]]:
        """The pages with rows that were kept of a resource, by question in the order of asking."""
        return self._answers[resource]

    def pages(self, resource: str) -> list[Page]:
        """The same in one list."""
        return [page for kept in self._answers[resource] for page in kept]

    def by_key(self, resource: str) -> dict[object, bytes]:
        """The rows that were taken of a resource by their keys, as :func:`keyed` has them."""
        if resource == _STAFF:
            return self._digests.get(resource, {})
        return dict(row for page in self.pages(resource) for row in keyed(resource, _as_read(page)))

    def compare_payments(self) -> None:
        """The payments on the checks are those that the venue lists: no check slipped between two answers.

        Raises:
            SourceFailure: they are not.
        """
        if self._on_checks == self._listed:
            return
        differing = {check for (check, _), _ in self._on_checks.items() ^ self._listed.items()}
        if differing <= self._cut:
            raise SourceFailure("nested-list-cut", f"Tray cut the payments of a check at {SERVER_LIST_LIMIT} entries.")
        raise SourceFailure(
            "changed-while-reading",
            "Tray's list of payments does not fit its checks: the day changed while it was read.",
        )

    def capture(self) -> Capture:
        """Everything that was taken; a resource that was read and has no rows has one page that says so."""
        pages: list[Page] = []
        for resource in ROWS:
            if resource in self._answers:
                pages += self.pages(resource) or [Page(resource, 0, b"[]")]
        return Capture(SYSTEM_KEY, CONTRACT, self._questions.capture_parameters(self._venue), tuple(pages))

    def _check_rows(self, resource: str, question: Question, rows: list[Any]) -> None:
        """Every row is of this venue, and of what was asked for."""
        if any(row.venue_id is not UNSET and row.venue_id != self._venue for row in rows):
            raise SourceFailure("wrong-venue", "Tray listed a row of another venue.")
        if resource == "time-entries":
            _check_overlap(rows, question)
        elif resource == "deposits":
            _check_created(rows, question)
        elif resource in BY_DATE:
            _check_date(rows, question["businessDate"])
        if resource == "checks":
            self._note_checks(rows)
        elif resource == "payments":
            self._note_payments(rows)

    def _note_checks(self, checks: Iterable[Check]) -> None:
        for check in checks:
            self.unpaid = self.unpaid or not check.payments
            for payment in check.payments:
                self._on_checks[check.id, payment.id] = _paid(payment)
            if _may_be_cut(check):
                self._cut.add(check.id)
                if not balances(check, self._request.window):
                    raise SourceFailure(
                        "nested-list-cut",
                        f"A check lists exactly {SERVER_LIST_LIMIT} entries and does not add up: Tray cut the list.",
                    )

    def _note_payments(self, payments: Iterable[PaymentRow]) -> None:
        for payment in payments:
            self._listed[payment.check_id, payment.id] = _paid(payment)


def with_resource(resource: str, step: Callable[..., None], *arguments: Any) -> None:
    """Take a step; its failure says at which resource."""
    try:
        step(*arguments)
    except SourceFailure as failure:
        failure.resource = failure.resource or resource
        raise
    except ValueError:
        # An amount, an instant or a date that means nothing; which one stays out of the message, as any value does.
        message = "A row has an amount or a time that cannot be read."
        raise SourceFailure("malformed", message, resource=resource) from None


def key_of(resource: str, row: Any) -> object:
    """What a row is known by; a payment only within its check."""
    return (row.check_id, row.id) if resource == "payments" else row.id


def keyed(resource: str, page: RawPage) -> Iterator[tuple[object, bytes]]:
    """The rows of a page by their keys: the bytes of each; of people, whom nobody keeps in clear, a digest of these."""
    for row, raw in zip(page.rows, RAW_ROWS.decode(page.data), strict=True):
        yield key_of(resource, row), hashlib.sha256(raw).digest() if resource == _STAFF else bytes(raw)


def _as_read(page: Page) -> RawPage:
    return RawPage(page.data, ROW_DECODERS[page.resource].decode(page.data), "")


def changed() -> SourceFailure:
    """What came again is not what was read."""
    return SourceFailure("changed-while-reading", "The day changed at Tray while it was read.")


def _paid(payment: Payment | PaymentRow) -> tuple[int, int, int]:
    return cents(payment.amount), cents(payment.tip), maybe_cents(payment.gratuity)


def _may_be_cut(check: Check) -> bool:
    lists = (check.items, check.discounts, check.payments, check.surcharges or (), check.non_sales or ())
    if any(len(entries) == SERVER_LIST_LIMIT for entries in lists):
        return True
    return any(len(item.taxes) == SERVER_LIST_LIMIT for item in check.items)


def _check_date(rows: Iterable[Any], date: str) -> None:
    if any(row.business_date != date for row in rows):
        raise SourceFailure("out-of-window", f"Tray listed rows of another business date than {date}.")


def _check_overlap(rows: Iterable[Any], asked: Mapping[str, str]) -> None:
    begin, end = instant(asked["from"]), instant(asked["to"])
    if not all(overlaps(row, begin, end) for row in rows):
        raise SourceFailure("out-of-window", "Tray listed time entries outside the hours that were asked for.")


def overlaps(row: TimeEntry, begin: dt.datetime, end: dt.datetime) -> bool:
    """A time entry lies, in part at least, between two instants; an open one goes on."""
    clock_in, clock_out = instant(row.start), maybe_instant(row.end)
    over = clock_out is not None and clock_out <= begin and clock_in < begin
    return clock_in < end and not over


def _check_created(rows: Iterable[Any], asked: Mapping[str, str]) -> None:
    created_from, created_to = instant(asked["createdFrom"]), instant(asked["createdTo"])
    if any(not created_from <= instant(row.created_at) < created_to for row in rows):
        raise SourceFailure("out-of-window", "Tray listed deposits that were created outside the days asked for.")
