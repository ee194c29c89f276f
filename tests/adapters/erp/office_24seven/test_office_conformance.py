"""24SevenOffice passes the suites of systems and of targets, against its simulator."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Final

from adapters.conformance import SystemConformance, TargetConformance, TargetTrial, Trial
from adapters.conformance.targets import Fault
from adapters.erp.office_24seven import SYSTEM
from adapters.erp.office_24seven.naming import mark_of
from adapters.erp.office_24seven.simulator import Running, Vendor, running
from domain.business_date import business_date, window
from domain.outward import EntryLine
from domain.ports.source import DayRequest, System
from domain.ports.target import Effect
from tests.adapters.erp.office_24seven.stage import DATE, LINES, ORGANIZATION, posted, values

FAULTS: Final[dict[Fault, str]] = {
    "silent": "silence",
    "cut": "cut-answer",
    "gateway": "gateway-error",
    "too-many": "too-many",
}
WRONG: Final = {"client_secret": "wr0ng-secret"}


class TestOffice(SystemConformance, TargetConformance):
    """24SevenOffice."""

    def system(self) -> System:
        """24SevenOffice."""
        return SYSTEM

    @contextmanager
    def trial(self) -> Iterator[Trial]:
        """An application with one organization; nothing is read from it."""
        with running(Vendor()) as served:
            day = DayRequest("main", "books", "pier", window(business_date(DATE), "UTC"), {"organization": "12345"})
            yield Trial(values(served), WRONG, day)

    @contextmanager
    def target_trial(self) -> Iterator[TargetTrial]:
        """Books that take sales and labor entries."""
        with running(Vendor()) as served:
            books = served.vendor.books[ORGANIZATION]
            labor = (EntryLine("5000", "wages/Server", cents=9_000), EntryLine("2930", "accrued", cents=-9_000))
            unknown = posted((EntryLine("9999", "sales/Food", cents=-100), EntryLine("1900", "Cash", cents=100)))
            yield TargetTrial(
                values(served),
                WRONG,
                (posted(LINES), replace(posted(labor, "labor"), type="labor-entry")),
                (replace(unknown, reference=f"{unknown.reference}0"),),
                lambda effect: books.standing(mark_of(effect.reference)),
                lambda: len(served.vendor.requests),
                lambda fault: armed(served, fault),
                open_date="2026-11-30",
            )


def armed(served: Running, fault: Fault) -> AbstractContextManager[None]:
    """A fault of the next transaction; done is what it was to do."""

    @contextmanager
    def arming() -> Iterator[None]:
        before = len(served.vendor.requests)
        served.vendor.board.arm(FAULTS[fault])
        yield
        until = time.monotonic() + 5
        while len(served.vendor.requests) == before and time.monotonic() < until:
            time.sleep(0.001)
        served.vendor.board.clear()

    return arming()


def test_effects_have_their_types() -> None:
    """What the trial writes is what the system says that it takes, but for customers, who are tried by themselves."""
    effect: Effect = posted()
    assert {effect.type, "labor-entry", "customer"} == SYSTEM.takes
