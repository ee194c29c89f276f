"""What the simulated days are like: reproducible, balanced, varied."""

import datetime as dt
import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import msgspec
import pytest

from adapters.pos.tray.simulator import TrayPos, TrayPosSettings
from tests.adapters.pos.tray.simulator.tray_reader import DAY, TICKETS, Tray, settings

_CENT = Decimal("0.01")
_DAYS = [dt.date(2026, 10, 31), dt.date(2026, 11, 1), dt.date(2026, 11, 6)]
_PROGRAM = """
import datetime as dt, hashlib
from adapters.pos.tray.simulator import TrayPos, TrayPosSettings
pos = TrayPos(TrayPosSettings(tickets=40))
digest = hashlib.sha256()
for venue in ("V100", "V101"):
    for name in ("checks", "payments", "voids", "time-entries", "deposits", "paid-in-out"):
        for row in pos.day(venue, dt.date(2026, 11, 1)).rows(name):
            digest.update(row.text)
    for row in pos.books[venue].staff(inactive=True) + pos.books[venue].jobs():
        digest.update(row.text)
print(digest.hexdigest())
"""


def rounded(amount: Decimal) -> Decimal:
    """Round half up to the cent."""
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)


def residual(check: Any) -> Decimal:
    """Answer what is left of the money identity on a check, and hold voided lines to have no taxes."""
    lines = inclusive = Decimal(0)
    for item in check["items"]:
        lines += rounded(Decimal(item["quantity"]) * Decimal(item["price"]))
        assert not (item["void"] and item["taxes"])
        inclusive += sum(Decimal(tax["amount"]) for tax in item["taxes"] if tax["inclusive"])
    paid = sum(Decimal(payment["amount"]) for payment in check["payments"])
    off = sum(Decimal(discount["amount"]) for discount in check["discounts"])
    # Tips stand on both sides.
    return lines + Decimal(check["taxTotal"]) - inclusive - paid - off


def test_processes_give_the_same_bytes() -> None:
    """The data do not depend on the process or on PYTHONHASHSEED."""

    def told(hash_seed: str) -> str:
        paths = os.pathsep.join(path for path in sys.path if path)
        env = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": paths}
        program = [sys.executable, "-c", _PROGRAM]
        return subprocess.run(program, env=env, capture_output=True, text=True, check=True).stdout

    (digest,) = {told(hash_seed) for hash_seed in ("0", "12", "4711")}
    assert len(digest.strip()) == 64


def test_the_order_of_asking_changes_nothing() -> None:
    """A day is the same whether it is drawn first or last."""

    def digest(dates: list[dt.date]) -> dict[dt.date, str]:
        pos = TrayPos(settings())
        names = ("deposits", "checks", "time-entries", "paid-in-out")
        return {
            date: hashlib.sha256(
                b"".join(row.text for name in names for row in pos.day("V101", date).rows(name))
            ).hexdigest()
            for date in dates
        }

    assert digest(_DAYS) == digest(_DAYS[::-1])


def test_another_seed_gives_another_day() -> None:
    """The seed matters."""
    rows = [TrayPos(settings(seed=seed)).day("V100", DAY).rows("checks")[0].text for seed in (1, 2)]
    assert rows[0] != rows[1]


@pytest.mark.parametrize("venue", ["V100", "V101", "V102"])
@pytest.mark.parametrize("date", _DAYS)
def test_the_money_identity_holds_on_every_check(tray: Tray, venue: str, date: dt.date) -> None:
    """Lines and tax are what payments, discounts and Void entries come to, check by check."""
    checks = tray.day("checks", date, venue)
    assert len(checks) == TICKETS
    assert [residual(check) for check in checks] == [Decimal("0.00")] * TICKETS


def test_voids_without_a_pair_break_the_identity_by_their_amount() -> None:
    """With unmatched voids switched on the truth's residual is what they come to."""
    pos = TrayPos(settings(tickets=400, unmatched_void_share=1.0))
    truth = pos.truth("V100", DAY)
    assert truth["residual"] == truth["voids"]["unpaired"] == truth["voids"]["amount"] != "0.00"


def test_the_share_of_tax_differences_is_kept() -> None:
    """As many checks as were asked for have a check tax that is not the sum of their item taxes."""

    def differing(share: float) -> int:
        pos = TrayPos(settings(tickets=1_000, tax_difference_share=share))
        checks = [msgspec.json.decode(row.text) for row in pos.day("V100", DAY).rows("checks")]
        sums = [sum(Decimal(tax["amount"]) for item in check["items"] for tax in item["taxes"]) for check in checks]
        return sum(1 for check, total in zip(checks, sums, strict=True) if Decimal(check["taxTotal"]) != total)

    assert differing(0.0) == 0
    assert 20 <= differing(0.03) <= 45


def test_exact_items_and_tickets() -> None:
    """Tickets and items per ticket can be fixed."""
    rows = TrayPos(settings(tickets=30, items=8)).day("V100", DAY).rows("checks")
    assert [len(msgspec.json.decode(row.text)["items"]) for row in rows] == [8] * 30


def test_a_day_has_what_days_have() -> None:
    """Every peculiarity that the contract knows occurs among enough tickets."""
    pos = TrayPos(settings(tickets=3_000))
    checks = [msgspec.json.decode(row.text) for row in pos.day("V101", DAY).rows("checks")]
    items = [item for check in checks for item in check["items"]]
    seen = Counter(
        {
            "transferred": sum(item["name"].startswith("Transferred - ") for item in items),
            "half": sum(item["quantity"] == "0.5" for item in items),
            "integer": sum(isinstance(item["quantity"], int) for item in items),
            "modifier": sum(item["parentId"] is not None for item in items),
            "void": sum(item["void"] is not None for item in items),
            "whole void": sum(all(item["void"] for item in check["items"]) for check in checks),
            "refund": sum(payment["amount"].startswith("-") for check in checks for payment in check["payments"]),
            "two spaces": sum(check["serviceType"] == "Dine  In" for check in checks),
            "split tender": sum(sum(not payment["void"] for payment in check["payments"]) > 1 for check in checks),
            "custom name": sum(bool(discount["customName"]) for check in checks for discount in check["discounts"]),
            "untyped": sum("type" not in discount for check in checks for discount in check["discounts"]),
            "marketplace": sum("mpfTax" in check for check in checks),
            "no server": sum(check["server"] is None for check in checks),
            "inclusive": sum(tax["inclusive"] for item in items for tax in item["taxes"]),
            "past midnight": sum(check["openedAtLocal"][:10] != check["closedAtLocal"][:10] for check in checks),
        }
    )
    assert [name for name, count in seen.items() if not count] == []
    tenders = {payment["tender"] for check in checks for payment in check["payments"]}
    assert tenders == {"Cash", "Visa", "Mastercard", "Amex", "Gift Card", "House Account", "DoorDash", "Void"}


def test_rows_come_in_the_contracts_order(tray: Tray) -> None:
    """Checks by opening, payments as their checks, time entries by in, staff by id."""
    checks, payments = tray.day("checks"), tray.day("payments")
    assert checks == sorted(checks, key=lambda row: (row["openedAt"], row["id"]))
    assert [(row["checkId"], row["id"]) for row in payments] == [
        (row["id"], paid["id"]) for row in checks for paid in row["payments"]
    ]
    entries = tray.rows("time-entries", **tray.window())
    assert entries == sorted(entries, key=lambda row: (row["in"], row["id"]))
    staff = tray.rows("staff", includeInactive="true")
    assert staff == sorted(staff, key=lambda row: row["id"])


def test_people_are_made_up(tray: Tray) -> None:
    """No particulars could be anybody's, and some of the people have left."""
    staff = tray.rows("staff", includeInactive="true")
    assert all(
        "900" <= row["ssn"][:3] <= "999" and row["email"].endswith("@example.com") and "555-01" in row["phone"]
        for row in staff
    )
    assert len({row["ssn"] for row in staff}) == len(staff)
    assert 0 < len(tray.rows("staff")) < len(staff)
    assert any(len(row["jobs"]) == 2 for row in staff)


def test_closings_stay_within_the_business_date(tray: Tray) -> None:
    """Every check is closed inside the window of its business date."""
    for venue in ("V100", "V101"):
        window = tray.window(dt.date(2026, 11, 1), venue)
        assert all(
            window["from"] <= row["closedAt"] < window["to"] for row in tray.day("checks", dt.date(2026, 11, 1), venue)
        )


@pytest.mark.parametrize(
    ("date", "now", "hours"),
    [
        (dt.date(2026, 10, 30), dt.datetime(2026, 12, 1, tzinfo=dt.UTC), 24),
        (dt.date(2026, 10, 31), dt.datetime(2026, 12, 1, tzinfo=dt.UTC), 25),
        (dt.date(2027, 3, 13), dt.datetime(2027, 4, 1, tzinfo=dt.UTC), 23),
    ],
)
def test_overnight_shifts_are_paid_by_elapsed_hours(date: dt.date, now: dt.datetime, hours: int) -> None:
    """A shift across the night on which the clocks change has an hour more, or less, than its wall-clock times say."""
    pos = TrayPos(settings(first=date, last=date, staff=60, now=lambda: now))
    overnight = 0
    for row in pos.day("V100", date).rows("time-entries"):
        entry = msgspec.json.decode(row.text)
        if entry["out"] is None or entry["inLocal"][:10] == entry["outLocal"][:10] or entry["inLocal"][11:13] < "21":
            continue
        overnight += 1
        wall = (
            dt.datetime.fromisoformat(entry["outLocal"]) - dt.datetime.fromisoformat(entry["inLocal"])
        ).total_seconds()
        elapsed = (dt.datetime.fromisoformat(entry["out"]) - dt.datetime.fromisoformat(entry["in"])).total_seconds()
        assert elapsed - wall == (hours - 24) * 3_600
        unpaid = sum(
            (dt.datetime.fromisoformat(rest["out"]) - dt.datetime.fromisoformat(rest["in"])).total_seconds()
            for rest in entry["breaks"]
            if not rest["paid"]
        )
        stated = rounded(Decimal(int(elapsed - unpaid)) / 3_600)
        assert entry["hours"] == str(stated)
        assert entry["pay"] == str(rounded(stated * Decimal(entry["actualRate"])))
    assert overnight > 0


def test_an_overnight_shift_comes_whole_on_both_days(tray: Tray) -> None:
    """A shift across the end of the day is in the windows of both."""
    following = DAY + dt.timedelta(days=1)
    first, second = (
        {row["id"]: row for row in tray.rows("time-entries", **tray.window(day))} for day in (DAY, following)
    )
    both = set(first) & set(second)
    assert both
    assert all(first[row_id] == second[row_id] for row_id in both)
    assert all(first[row_id]["businessDate"] == DAY.isoformat() for row_id in both)


def test_somebody_who_has_left_clocks_in_now_and_then() -> None:
    """Some punch belongs to a person who is inactive."""
    pos = TrayPos(settings())
    gone = {person.id for person in pos.books["V100"].people.values() if not person.active}
    pos.warm(["V100"])
    days = [pos.settings.first + dt.timedelta(days=index) for index in range(20)]
    punched = {
        msgspec.json.decode(row.text)["staffId"] for day in days for row in pos.day("V100", day).rows("time-entries")
    }
    assert gone & punched


def test_no_two_rows_of_a_resource_share_an_id() -> None:
    """Every row of a venue has an id of its own, double shifts and days of several seeds included."""
    for seed in range(1, 6):
        pos = TrayPos(TrayPosSettings(seed=seed, tickets=20, first=dt.date(2026, 11, 10), last=dt.date(2026, 11, 14)))
        entries = [
            json.loads(row.text)["id"]
            for venue in pos.settings.venues
            for day in range(10, 15)
            for row in pos.day(venue.id, dt.date(2026, 11, day)).rows("time-entries")
        ]
        assert len(entries) == len(set(entries)) > 0
