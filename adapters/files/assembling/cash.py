"""Rows of Deposits, Paid In / Outs and Tills."""

import datetime as dt
from collections.abc import Iterable

from adapters.files.assembling.local_time import LocalTime
from adapters.files.assembling.rows import DepositRow, PaidInOutRow, TillRow
from adapters.files.assembling.words import TRUE, Names, named_by, of_day
from domain.money import cents
from domain.records import Deposit, PaidInOut, Till


def deposits_in(rows: list[DepositRow], clock: LocalTime) -> list[Deposit]:
    """Deposits, each for the business day of its date.

    They go by their numbers if every row has one of its own, else by time of closing or amount.
    """
    numbers = {row.number for row in rows}
    numbered = len(numbers) == len(rows) and "" not in numbers
    names = Names()
    deposits = []
    for row in rows:
        date = dt.date.fromisoformat(row.date[:10])
        name = row.number if numbered else named_by(row.number or "deposit", row.closed, row.amount)
        deposits.append(
            Deposit(
                names.give(of_day(name, date)),
                cents(row.amount),
                date,
                row.number,
                by=row.by,
                daypart=row.daypart,
                revenue_center=row.center,
                closed_at=clock.maybe(row.closed),
            )
        )
    return deposits


def paid_in_outs_in(rows: Iterable[PaidInOutRow], clock: LocalTime) -> list[PaidInOut]:
    """Paid ins (positive amounts) and paid outs (negative ones); they move cash unless a row says that they do not."""
    names = Names()
    paid = []
    for row in rows:
        amount = cents(row.amount)
        paid.append(
            PaidInOut(
                names.give(named_by(row.name, row.at, row.amount)),
                "out" if amount < 0 else "in",
                row.name,
                abs(amount),
                row.affects_cash in {"", TRUE},
                at=clock.maybe(row.at),
                by=row.by,
                notes=row.notes,
                daypart=row.daypart,
            )
        )
    return paid


def tills_in(rows: Iterable[TillRow], clock: LocalTime) -> list[Till]:
    """Tills by drawer.

    A drawer that several people were responsible for has several rows: they add up, and it is closed when all are. A
    row that stands there twice counts once.
    """
    drawers: dict[str, list[TillRow]] = {}
    for row in dict.fromkeys(rows):
        drawers.setdefault(row.drawer, []).append(row)
    return [_till(drawer, found, clock) for drawer, found in drawers.items()]


def _till(drawer: str, rows: list[TillRow], clock: LocalTime) -> Till:
    people = {row.by for row in rows}
    return Till(
        drawer,
        sum(cents(row.expected) for row in rows),
        all(row.closed == TRUE for row in rows),
        people.pop() if len(people) == 1 else "",
        clock.maybe(max(row.closed_at for row in rows)),
    )
