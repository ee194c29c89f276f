"""Runs the simulated gateway by itself: ``python -m adapters.erp.sage_intacct.simulator --port 8400``."""

import argparse
import contextlib
import datetime as dt
import sys
from collections.abc import Mapping
from typing import TypedDict

from adapters.erp.sage_intacct.simulator.books import Books, BooksSettings
from adapters.erp.sage_intacct.simulator.gateway import SimulatedGateway
from adapters.erp.sage_intacct.simulator.serving import PATH, serve
from domain.accounts.defaults import DEFAULT_ACCOUNTS


class _Chart(TypedDict):
    accounts: Mapping[str, str]
    statistical_accounts: Mapping[str, str]


def _chart() -> _Chart:
    """The accounts that daybook's books begin with, so that whoever tries it out need not enter them there first."""
    begun = BooksSettings()
    named = {number: f"Account {number}" for number in sorted(set(DEFAULT_ACCOUNTS.values()))}
    counted = {number: name for number, name in named.items() if number.startswith("9")}
    return {
        "accounts": {**{number: name for number, name in named.items() if number not in counted}, **begun.accounts},
        "statistical_accounts": {**counted, **begun.statistical_accounts},
    }


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="A simulated Sage Intacct on 127.0.0.1.")
    parser.add_argument("--port", type=int, default=8400)
    parser.add_argument("--closed-until", type=dt.date.fromisoformat, help="the last date that is closed, YYYY-MM-DD")
    parser.add_argument("--fault", action="append", default=[], help="a fault to arm, once for each time it is given")
    given = parser.parse_args()
    settings = BooksSettings(closed_until=given.closed_until, **_chart())
    gateway = SimulatedGateway(Books(settings))
    for name in given.fault:
        gateway.arm(name)
    [(user, password)] = settings.users.items()
    [(sender, sender_password)] = settings.senders.items()
    sys.stdout.write(
        f"http://127.0.0.1:{given.port}{PATH} company {settings.company}, user {user} / {password}, "
        f"sender {sender} / {sender_password}\n"
    )
    sys.stdout.flush()
    with contextlib.suppress(KeyboardInterrupt):
        serve(gateway, given.port)


if __name__ == "__main__":
    main()
