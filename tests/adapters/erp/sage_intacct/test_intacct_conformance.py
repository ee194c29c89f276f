"""Sage Intacct passes the suites of systems and of targets, against the simulated gateway."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from adapters.conformance import SystemConformance, TargetConformance, TargetTrial, Trial
from adapters.erp.sage_intacct import SYSTEM
from adapters.erp.sage_intacct.simulator import SimulatedGateway, running
from domain.business_date import window
from domain.outward import EntryLine
from domain.ports.source import DayRequest, System
from tests.support.intacct import entry, filled_in, record, standing

ANNA = {
    "first_name": "Annazq",
    "last_name": "Canaryzq",
    "email": "annazq@example.com",
    "phone": "zq-555-0100",
}


class TestSageIntacct(SystemConformance, TargetConformance):
    """Sage Intacct."""

    def system(self) -> System:
        """Sage Intacct."""
        return SYSTEM

    @contextmanager
    def trial(self) -> Iterator[Trial]:
        """A company with two entities and a location in each."""
        with running(SimulatedGateway()) as served:
            day = DayRequest("main", "intacct", "pier", window(dt.date(2026, 11, 25), "UTC"), {"location": "L1"})
            yield Trial(filled_in(served.url), {"password": "wr0ng-pass", "sender_password": "wr0ng-sender"}, day)

    @contextmanager
    def target_trial(self) -> Iterator[TargetTrial]:
        """The same company."""
        with running(SimulatedGateway()) as served:
            gateway = served.gateway
            yield TargetTrial(
                values=filled_in(served.url),
                wrong={"password": "wr0ng-pass"},
                effects=(
                    entry("sales"),
                    entry("labor"),
                    entry("statistical"),
                    record("location", "L3", "Lighthouse"),
                    record("job", "J1", "Server"),
                    record("account", "4020", "Wine sales", account_type="incomestatement", normal_balance="credit"),
                    record("customer", "C1", "House account"),
                    record("item", "I1", "Chowder"),
                    record("employee", "S7", opened=ANNA, hire_date="2020-02-01"),
                ),
                refused=(
                    entry("sales", EntryLine("9999", "a", 5), EntryLine("1000", "b", -5), date="2026-11-24"),
                    record("employee", "a-number-that-is-far-too-long", opened=ANNA),
                    record("account", "4030", "Unknown"),
                ),
                standing=lambda effect: standing(gateway.books, effect),
                requests=lambda: len(gateway.requests),
                fault=gateway.armed,
                open_date="2026-12-01",
            )
