"""A file of Sales Detail, as a busy restaurant would export it: many business days in one, always the same."""

import datetime as dt
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from adapters.files import KINDS, Kind

SALES: Final[Kind] = KINDS["sales-detail"]
FIRST: Final = dt.date(2025, 3, 17)
"""The first business day; no clock is put forward or back in the hundred days after it."""

_ITEMS: Final = 160
_MOST_LINES: Final = 14
_CENTERS: Final = ("Dining Room", "Bar", "Patio", "Drive Thru")
_MODES: Final = ("Dine In", "Take Out", "Delivery")


def write_sales(path: Path, days: int, rows: int) -> int:
    """Write a file of so many business days with so many rows each; answers the cents of its items and modifiers."""
    cents = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(SALES.headers) + "\n")
        for day in range(days):
            lines, sold = _day(FIRST + dt.timedelta(days=day), rows, random.Random(day))
            file.writelines(lines)
            cents += sold
    return cents


def write_faulty(path: Path, rows: int) -> int:
    """Write one day in which some rows have a wrong cell, each in another way in turn; answers the number of errors."""
    write_sales(path, 1, rows)
    head, *lines = path.read_text().splitlines()
    errors = 0
    for turn, at in enumerate(range(0, rows, 7)):
        column, text, count = _FAULTS[turn % len(_FAULTS)]
        cells = lines[at].split(",")
        cells[SALES.positions[column]] = text
        lines[at] = ",".join(cells)
        errors += count
    path.write_text("\n".join([head, *lines]) + "\n")
    return errors


_FAULTS: Final = (
    ("CheckNumber", "", 1),
    ("OpenTime", "03/17/25 18:05:00", 1),
    ("CloseTime", "02/30/2025 19:10:00", 1),
    ("CloseTime", "", 1),
    ("GuestCount", "two", 1),
    ("ItemSale_TicketItemNumber", "-1", 1),
    ("ItemSale_ItemNumber", " ", 1),
    ("ItemSale_Quantity", "1.5", 1),
    ("ItemSale_GrossAmount", "$12.50", 1),
    ("ItemSale_GrossAmount", "", 1),
    ("ItemSale_RevenueCenterName", "x" * 201, 1),
    ("ItemSale_Comp_EmployeeNumber", "101", 2),
)
"""A column, what stands in it and the errors that this is; the last says that there is a comp, and nothing more."""


def _day(date: dt.date, rows: int, dice: random.Random) -> tuple[list[str], int]:
    """The rows of a day, check by check, and the cents of their items and modifiers."""
    lines: list[str] = []
    cents = 0
    check = 0
    while len(lines) < rows:
        check += 1
        opened = dt.datetime.combine(date, dt.time(10)) + dt.timedelta(seconds=dice.randrange(12 * 3600))
        for line, sold in islice(_check(f"{date:%j}{check:05d}", opened, dice), rows - len(lines)):
            lines.append(line)
            cents += sold
    return lines, cents


def _check(number: str, opened: dt.datetime, dice: random.Random) -> Iterator[tuple[str, int]]:
    """The rows of one check, each with the cents that it adds."""
    closed = opened + dt.timedelta(seconds=dice.randrange(600, 5_400))
    server, center = dice.randrange(101, 140), dice.choice(_CENTERS)
    head = (
        f"{number},{opened:%m/%d/%Y %H:%M:%S},{closed:%m/%d/%Y %H:%M:%S},{center},{dice.choice(_MODES)},"
        f"{server},{dice.randrange(1, 9)},{dice.randrange(1, 60)},{server}"
    )
    for ordinal in range(1, dice.randint(1, _MOST_LINES) + 1):
        item = dice.randrange(_ITEMS)
        quantity = 1 if dice.random() < 0.9 else 2
        gross = quantity * (295 + item * 17)
        sold_at = opened + dt.timedelta(seconds=dice.randrange(500))
        extra = 50 + item % 40 * 5 if dice.random() < 0.15 else 0
        modifier = f"{2500 + item % 40},1,{_decimal(extra)}" if extra else ",,"
        reduced = f"{server},{center},{sold_at:%m/%d/%Y %H:%M:%S},{_decimal(gross // 2)},1"
        chance = dice.random()
        comp = f"Manager Comp,{reduced}" if chance < 0.02 else ",,,,,"
        promo = f"Happy Hour,{reduced}" if 0.02 <= chance < 0.05 else ",,,,,"
        line = (
            f"{head},{ordinal},{2000 + item},{center},{sold_at:%m/%d/%Y %H:%M:%S},{quantity},{_decimal(gross)},"
            f"{modifier},{comp},{promo}\n"
        )
        yield line, gross + extra
        if extra and dice.random() < 0.3:  # each modifier repeats the row of its item
            yield line.replace(f",{modifier},", ",2499,1,0.75,"), 75


def _decimal(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
