"""A day, read whole: all pages of all resources, and the proof that nothing is missing and nothing moved meanwhile."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Any, Final

from msgspec import UNSET

from adapters.pos.tray.client import Caller, RawPage
from adapters.pos.tray.conventions import balances
from adapters.pos.tray.staff import sealed_page
from adapters.pos.tray.wire import RAW_ROWS, ROW_DECODERS, ROWS, SERVER_LIST_LIMIT, Check, PaymentRow
from adapters.pos.tray.words import instant, maybe_instant
from domain.money import cents
from domain.ports.captures import Capture, Page
from domain.ports.source import DayRequest, SourceFailure
from domain.ports.vault import Vault

SYSTEM_KEY: Final = "tray"
CONTRACT: Final = 1

_SWEPT: Final = ("checks", "payments")
# Automatic clock-outs are dated back, past any filter on what changed; a day's entries are few enough to read again.
_READ_AGAIN: Final = ("time-entries",)
# What came in one answer is of one moment. Of these, what came in several is read again; of checks only where one has
# no payment, for the others are proved by the list of payments.
_PAGED: Final = ("voids", "jobs", "deposits", "paid-in-out")
# Tray's answers and its rows need not go by the same clock; rows that come again unchanged do no harm.
_SWEEP_MARGIN: Final = dt.timedelta(minutes=15)
_BY_DATE: Final = frozenset({"checks", "payments", "voids", "paid-in-out"})

Paid = dict[tuple[str, str], tuple[int, int]]
"""Amount and tip, in cents, by check and payment."""


class WholeDay:
    """Reads one business day of one venue.

    Raises :class:`SourceFailure` from :meth:`capture` where the day cannot be proved whole and unchanged.
    """

    def __init__(self, caller: Caller, request: DayRequest, venue: str, vault: Vault) -> None:
        self._caller = caller
        self._request = request
        self._venue = venue
        self._vault = vault
        self._parameters = _parameters(request)
        self._pages: dict[str, list[Page]] = {}
        self._keys: dict[str, set[object]] = {}
        self._on_checks: Paid = {}
        self._listed: Paid = {}
        self._cut: set[str] = set()
        self._unpaid = False
        self._began: dt.datetime | None = None

    def capture(self) -> Capture:
        """The day's answers, once they are proved to belong together."""
        for resource in ROWS:
            with_resource(resource, self._read, resource)
        with_resource("payments", self._compare_payments)
        again = {*_READ_AGAIN, *[resource for resource in _PAGED if len(self._pages[resource]) > 1]}
        if self._unpaid:
            with_resource("checks", self._read_before_last, "checks")
        for resource in ROWS:
            if resource in again or resource in _SWEPT:
                with_resource(resource, partial(self._sweep, whole=resource in again), resource)
        request = self._request
        parameters = {
            "venue": self._venue,
            "connection": request.connection,
            "location": request.location,
            "businessDate": request.window.date.isoformat(),
            "includeInactive": self._parameters["staff"]["includeInactive"],
            **self._parameters["time-entries"],
            **self._parameters["deposits"],
        }
        pages = tuple([page for kept in self._pages.values() for page in kept])
        return Capture(SYSTEM_KEY, CONTRACT, parameters, pages)

    def _read(self, resource: str) -> None:
        """Read and keep all pages of a resource; each row must belong to the day and come once."""
        kept: list[Page] = []
        keys = self._keys[resource] = set()
        for page in self._caller.pages(resource, self._parameters[resource]):
            answered_at = instant(page.server_time)
            self._began = min(self._began or answered_at, answered_at)
            self._check_rows(resource, page.rows)
            for row in page.rows:
                key = _key(resource, row)
                if key in keys:
                    raise SourceFailure("duplicate-rows", "Tray listed a row twice: pages moved while they were read.")
                keys.add(key)
            self._caller.counters.rows[resource] = len(keys)
            data = page.data
            if resource == "staff":
                data = sealed_page(page.rows, self._request, self._vault)
            if page.rows or not kept:
                kept.append(Page(resource, len(page.rows), data))
        if len(kept) > 1 and not kept[0].rows:
            del kept[0]  # an empty page that leads on says nothing
        self._pages[resource] = kept

    def _check_rows(self, resource: str, rows: list[Any]) -> None:
        """Every row is of this venue, and of what was asked for."""
        if any(row.venue_id is not UNSET and row.venue_id != self._venue for row in rows):
            raise SourceFailure("wrong-venue", "Tray listed a row of another venue.")
        date = self._request.window.date.isoformat()
        if resource in _BY_DATE and any(row.business_date != date for row in rows):
            raise SourceFailure("out-of-window", f"Tray listed rows of another business date than {date}.")
        if resource == "time-entries":
            _check_overlap(rows, self._request)
        elif resource == "deposits":
            _check_created(rows, self._parameters[resource])
        elif resource == "checks":
            self._note_checks(rows)
        elif resource == "payments":
            self._note_payments(rows)

    def _note_checks(self, checks: Iterable[Check]) -> None:
        for check in checks:
            self._unpaid = self._unpaid or not check.payments
            for payment in check.payments:
                self._on_checks[check.id, payment.id] = (cents(payment.amount), cents(payment.tip))
            if _may_be_cut(check):
                self._cut.add(check.id)
                if not balances(check, self._request.window):
                    raise SourceFailure(
                        "nested-list-cut",
                        f"A check lists exactly {SERVER_LIST_LIMIT} entries and does not add up: Tray cut the list.",
                    )

    def _note_payments(self, payments: Iterable[PaymentRow]) -> None:
        for payment in payments:
            self._listed[payment.check_id, payment.id] = (cents(payment.amount), cents(payment.tip))

    def _compare_payments(self) -> None:
        """The payments on the checks are those that the venue lists: no check slipped between two pages."""
        if self._on_checks == self._listed:
            return
        differing = {check for (check, _), _ in self._on_checks.items() ^ self._listed.items()}
        if differing <= self._cut:
            raise SourceFailure("nested-list-cut", f"Tray cut the payments of a check at {SERVER_LIST_LIMIT} entries.")
        raise SourceFailure(
            "changed-while-reading",
            "Tray's list of payments does not fit its checks: the day changed while it was read.",
        )

    def _read_before_last(self, resource: str) -> None:
        """Read all pages but the last again: a row slips from one page to the one before only if these changed."""
        before = [page.data for page in self._pages[resource][:-1]]
        if before:
            pages = (page.data for page in self._caller.pages(resource, self._parameters[resource]) if page.rows)
            after = list(islice(pages, len(before)))
            if after != before and _rows(after) != _rows(before):  # their order is nobody's promise
                raise _changed()

    def _sweep(self, resource: str, *, whole: bool) -> None:
        """Ask again, for everything or what changed since the first answer: what comes must be what was read."""
        since = (self._began or self._request.window.ends_at) - _SWEEP_MARGIN
        parameters = (
            self._parameters[resource] if whole else {"modifiedSince": _text(since), **self._parameters[resource]}
        )
        read: dict[object, bytes] | None = None
        came: set[object] = set()
        for page in self._caller.pages(resource, parameters):
            if page.rows and read is None:
                read = dict(_bytes_by_key(resource, self._pages[resource]))
            for key, data in _keyed(resource, page):
                came.add(key)
                if read is None or read.get(key) != data:
                    raise _changed()
        if whole and came != self._keys[resource]:
            raise _changed()


def with_resource(resource: str, step: Callable[..., None], *arguments: str) -> None:
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


def _parameters(request: DayRequest) -> Mapping[str, dict[str, str]]:
    """What each resource is asked for."""
    window = request.window
    day = {"businessDate": window.date.isoformat()}
    until = window.ends_at + dt.timedelta(days=request.deposit_days)
    asked: dict[str, dict[str, str]] = {
        "staff": {"includeInactive": "true" if request.include_inactive else "false"},
        "time-entries": {"from": _text(window.starts_at), "to": _text(window.ends_at)},
        "deposits": {"createdFrom": _text(window.starts_at), "createdTo": _text(until)},
    }
    return {resource: asked.get(resource, day if resource in _BY_DATE else {}) for resource in ROWS}


def _text(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S}Z"


def _key(resource: str, row: Any) -> object:
    """What a row is known by; a payment only within its check."""
    return (row.check_id, row.id) if resource == "payments" else row.id


def _changed() -> SourceFailure:
    return SourceFailure("changed-while-reading", "The day changed at Tray while it was read.")


def _rows(pages: Iterable[bytes]) -> frozenset[bytes]:
    return frozenset([bytes(row) for page in pages for row in RAW_ROWS.decode(page)])


def _keyed(resource: str, page: RawPage) -> Iterator[tuple[object, bytes]]:
    raw = RAW_ROWS.decode(page.data)
    return ((_key(resource, row), bytes(data)) for row, data in zip(page.rows, raw, strict=True))


def _bytes_by_key(resource: str, pages: Iterable[Page]) -> Iterator[tuple[object, bytes]]:
    for page in pages:
        yield from _keyed(resource, RawPage(page.data, ROW_DECODERS[resource].decode(page.data), ""))


def _may_be_cut(check: Check) -> bool:
    lists = (check.items, check.discounts, check.payments)
    if any(len(entries) == SERVER_LIST_LIMIT for entries in lists):
        return True
    return any(len(item.taxes) == SERVER_LIST_LIMIT for item in check.items)


def _check_overlap(rows: Iterable[Any], request: DayRequest) -> None:
    starts_at, ends_at = request.window.starts_at, request.window.ends_at
    for row in rows:
        clock_in, clock_out = instant(row.start), maybe_instant(row.end)
        over = clock_out is not None and clock_out <= starts_at and clock_in < starts_at
        if clock_in >= ends_at or over:
            raise SourceFailure("out-of-window", "Tray listed time entries outside the hours that were asked for.")


def _check_created(rows: Iterable[Any], asked: Mapping[str, str]) -> None:
    created_from, created_to = instant(asked["createdFrom"]), instant(asked["createdTo"])
    if any(not created_from <= instant(row.created_at) < created_to for row in rows):
        raise SourceFailure("out-of-window", "Tray listed deposits that were created outside the days asked for.")
