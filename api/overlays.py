"""What every way in does with overlays: read what people typed, enter it, and show it again."""

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

import msgspec

from api import days
from api.composition import OpenHouse
from api.plain import masked, plain_change
from api.rows import plain_row
from domain.commands.add_punch import AddPunch, add_punch
from domain.commands.changing_day import DayChanged
from domain.commands.edit_punch import EditPunch, edit_punch
from domain.commands.enter_comment import EnterComment, enter_comment
from domain.commands.enter_deposit import EnterDeposit, enter_deposit
from domain.commands.enter_tag import EnterTag, enter_tag
from domain.commands.intent import Intent
from domain.commands.resolve_conflict import ResolveConflict, resolve_conflict
from domain.commands.strike_punch import StrikePunch, strike_punch
from domain.commands.withdraw_entry import WithdrawEntry, withdraw_entry
from domain.differences import compare
from domain.facts import OverlayFact
from domain.identifiers import DayId
from domain.money import NotAnAmount, cents, scaled
from domain.overlays import BadEntry, BadPunch, PunchFields, Side
from domain.records import Break, plain_fields, whole_fields
from projections.rows import ConflictRow, OverlayRow

_RATE: Final = re.compile(r"\d{1,6}(\.\d{1,6})?")
_BREAK: Final = re.compile(r"(?P<starts>[^/]+)/(?P<ends>[^/]+?)(?P<paid>/paid)?")


def edit(
    opened: OpenHouse, day: DayId, punch: str, fields: PunchFields, intent: Intent, expected: int | None = None
) -> DayChanged:
    """Edit a punch; see ``edit_punch`` for what it refuses.

    Raises:
        NoSuchLocation: no connection feeds the location; likewise of the others here.
    """
    connection = days.feeding(opened.engine, day)
    command = EditPunch(
        day=day, connection=connection, intent=intent, expected_version=expected, punch=punch, fields=fields
    )
    return edit_punch(command, opened.house)


def add(
    opened: OpenHouse, day: DayId, employee: str, fields: PunchFields, intent: Intent, expected: int | None = None
) -> DayChanged:
    """Add a punch; see ``add_punch``."""
    connection = days.feeding(opened.engine, day)
    command = AddPunch(
        day=day, connection=connection, intent=intent, expected_version=expected, employee=employee, fields=fields
    )
    return add_punch(command, opened.house)


def strike(opened: OpenHouse, day: DayId, punch: str, intent: Intent, expected: int | None = None) -> DayChanged:
    """Strike a punch out; see ``strike_punch``."""
    days.feeding(opened.engine, day)
    return strike_punch(StrikePunch(day=day, intent=intent, expected_version=expected, punch=punch), opened.house)


def deposit(
    opened: OpenHouse,
    day: DayId,
    amount: str | None,
    number: str | None,
    intent: Intent,
    expected: int | None = None,
    *,
    change: str = "",
) -> DayChanged:
    """Enter a deposit, or change the entry ``change``; see ``enter_deposit``."""
    command = EnterDeposit(
        day=day,
        connection=days.feeding(opened.engine, day),
        intent=intent,
        expected_version=expected,
        amount_cents=None if amount is None else whole_cents(amount),
        number=number,
        deposit=change,
    )
    return enter_deposit(command, opened.house)


def comment(opened: OpenHouse, day: DayId, text: str, intent: Intent, expected: int | None = None) -> DayChanged:
    """Comment on a day; see ``enter_comment``."""
    days.feeding(opened.engine, day)
    return enter_comment(EnterComment(day=day, intent=intent, expected_version=expected, text=text), opened.house)


def tag(opened: OpenHouse, day: DayId, name: str, intent: Intent, expected: int | None = None) -> DayChanged:
    """Tag a day; see ``enter_tag``."""
    days.feeding(opened.engine, day)
    return enter_tag(EnterTag(day=day, intent=intent, expected_version=expected, tag=name), opened.house)


def withdraw(
    opened: OpenHouse, day: DayId, kind: str, key: str, intent: Intent, expected: int | None = None
) -> DayChanged:
    """Withdraw what was entered; see ``withdraw_entry``."""
    days.feeding(opened.engine, day)
    command = WithdrawEntry(day=day, intent=intent, expected_version=expected, kind=kind, key=key)
    return withdraw_entry(command, opened.house)


def resolve(
    opened: OpenHouse, day: DayId, kind: str, key: str, side: Side, intent: Intent, expected: int | None = None
) -> DayChanged:
    """Say which side of a conflict stands; see ``resolve_conflict``."""
    days.feeding(opened.engine, day)
    command = ResolveConflict(day=day, intent=intent, expected_version=expected, kind=kind, key=key, side=side)
    return resolve_conflict(command, opened.house)


def punch_fields(
    *,
    clock_in: str | None = None,
    clock_out: str | None = None,
    breaks: Sequence[Break] | None = None,
    job: str | None = None,
    rate: str | None = None,
    declared_tips: str | None = None,
) -> PunchFields:
    """What somebody typed of a punch; what is None stays as it is.

    Raises:
        BadPunch: a time, the rate or an amount cannot be read.
    """
    if rate is not None and not _RATE.fullmatch(rate):
        raise BadPunch(f"{rate[:40]!r} is no rate: write pay per hour like 15.50.")
    try:
        tips = None if declared_tips is None else whole_cents(declared_tips)
    except BadEntry as refusal:
        raise BadPunch(str(refusal)) from None
    return PunchFields(
        None if clock_in is None else instant(clock_in),
        None if clock_out is None else instant(clock_out),
        None if breaks is None else tuple(breaks),
        job,
        None if rate is None else Decimal(rate),
        tips,
    )


def break_of(text: str) -> Break:
    """A break as it is typed on a command line: ``START/END``, or ``START/END/paid``.

    Raises:
        BadPunch: it is not.
    """
    found = _BREAK.fullmatch(text)
    if not found:
        raise BadPunch(f"{text[:80]!r} is no break: write START/END, or START/END/paid, each time with its offset.")
    return Break(instant(found["starts"]), instant(found["ends"]), bool(found["paid"]))


def instant(text: str) -> dt.datetime:
    """The instant of a text, UTC.

    Raises:
        BadPunch: it is none, or has no offset.
    """
    try:
        found = dt.datetime.fromisoformat(text) if len(text) >= 16 and text[10] in "Tt " else None
        if found is not None and found.tzinfo is not None:
            return found.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        pass
    raise BadPunch(
        f"{text[:40]!r} is no time with its offset: write it like 2026-11-21T17:10:00-05:00 or 2026-11-21T22:10:00Z."
    )


def whole_cents(text: str) -> int:
    """The cents of an amount.

    Raises:
        BadEntry: it is no amount of whole cents.
    """
    try:
        found = cents(text)
        if found * 100 == scaled(text, 10_000):
            return found
    except NotAnAmount:
        pass
    raise BadEntry(f"{text[:40]!r} is no amount of whole cents: write it like 240.00.")


def plain_changed(day: DayId, changed: DayChanged) -> dict[str, Any]:
    """What came of an entry, as HTTP and the command line answer it."""
    receipt = changed.receipt
    first = next((fact for fact in changed.facts if isinstance(fact, OverlayFact)), None)
    return {
        "location": day.location,
        "date": day.date.isoformat(),
        "record": None if first is None else f"{first.kind}/{first.key}",
        "state": changed.after.state,
        "version": changed.after.version,
        "changed": receipt is not None,
        "conflicts": len(changed.after.conflicts),
        "position": None if receipt is None else receipt.position,
        "recorded_at": None if receipt is None else receipt.recorded_at.isoformat().replace("+00:00", "Z"),
    }


def plain_overlay(row: OverlayRow) -> dict[str, Any]:
    """Something that was entered: what is shown beside what the source said."""
    record = {"record": f"{row.kind}/{row.key}", "ours": _plain(row.ours), "source": _plain(row.source)}
    return {**plain_row(row, without=frozenset({"ours", "source"})), **record}


def plain_conflict(row: ConflictRow) -> dict[str, Any]:
    """A conflict: both sides, and of a punch the fields in which they differ."""
    whole = [whole_fields(row.kind, msgspec.json.encode(side)) for side in (row.ours, row.theirs)]
    fields = compare(*whole) if row.kind == "punch" and None not in whole else ()
    sides = {
        "record": f"{row.kind}/{row.key}",
        "ours": _plain(row.ours),
        "theirs": _plain(row.theirs),
        "fields": [plain_change(field) for field in fields],
    }
    return {**plain_row(row, without=frozenset({"ours", "theirs"})), **sides}


def _plain(record: dict[str, Any] | None) -> dict[str, Any] | None:
    plain: dict[str, Any] | None = masked(plain_fields(msgspec.json.encode(record)))
    return plain
