"""Small makers of records for the domain's tests: name what matters, the rest is ordinary."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from domain.business_date import MIDNIGHT, Window, window
from domain.facts import Attempt
from domain.money import cents
from domain.polling import Frame, Options, Translation, frame_of, translate
from domain.polling.source_day import SourceDay
from domain.records import (
    Break,
    Discount,
    Item,
    Payment,
    Punch,
    Record,
    Tax,
    Ticket,
    VoidEntry,
    VoidMark,
    canonical,
)

DATE = dt.date(2026, 10, 31)
ITEM_LEVEL = Options(use_item_level_taxes=True)
KINDS_OF_TRAY = ("ticket", "late-void", "punch", "deposit", "paid-in-out", "employee", "job")
CHECK_LEVEL = Options(use_item_level_taxes=False)


def day_window(date: dt.date = DATE) -> Window:
    """The window of an ordinary day in New York."""
    return window(date, "America/New_York")


def at(text: str, date: dt.date = DATE) -> dt.datetime:
    """A UTC instant on the day: ``"16:30"``."""
    return dt.datetime.combine(date, dt.time.fromisoformat(text), tzinfo=dt.UTC)


def item(price: str, tax: str = "0", *, name: str = "Burger", inclusive: bool = False, **fields: object) -> Item:
    """One line; its tax is named Sales Tax."""
    taxes = (Tax("Sales Tax", cents(tax), inclusive),) if cents(tax) else ()
    plain = {"id": name, "category": "Food", "amount_cents": cents(price), "price_cents": cents(price), "taxes": taxes}
    return Item(**{"name": name, **plain, **fields})  # type: ignore[arg-type]


def void(price: str, name: str = "Soup") -> tuple[Item, VoidEntry]:
    """A voided line and the entry that pairs it."""
    return item(price, name=name, void=VoidMark("Cold")), VoidEntry(name, cents(price))


def paid(amount: str, tip: str = "0", tender: str = "Cash", key: str = "p1") -> Payment:
    """One payment."""
    return Payment(key, tender, cents(amount), cents(tip))


def off(amount: str, name: str = "Staff", **fields: str) -> Discount:
    """One discount."""
    return Discount(name, name, cents(amount), **fields)  # type: ignore[arg-type]


def ticket(key: str = "t1", *, tax: str = "0", closed: str | None = "17:00", **fields: object) -> Ticket:
    """One ticket, opened at noon New York time and closed an hour later unless said otherwise."""
    plain: dict[str, object] = {
        "number": f"#{key}",
        "business_date": DATE,
        "opened_at": at("16:00"),
        "closed_at": None if closed is None else at(closed),
        "service_type": "Dine In",
        "revenue_center": "Dining",
        "guests": 2,
        "stated_tax_cents": cents(tax),
    }
    return Ticket(**{"id": key, **plain, **fields})  # type: ignore[arg-type]


def punch(key: str = "s1", *, clock_in: str = "14:00", clock_out: str | None = "22:00", **fields: object) -> Punch:
    """One punch of a server at 15.00."""
    plain: dict[str, object] = {
        "employee": "e1",
        "job": "j1",
        "job_name": "Server",
        "clock_in": at(clock_in),
        "clock_out": None if clock_out is None else at(clock_out),
        "business_date": DATE,
        "rate": Decimal("15.00"),
    }
    return Punch(**{"id": key, **plain, **fields})  # type: ignore[arg-type]


def translated(
    *records: object, options: Options = ITEM_LEVEL, notes: tuple[str, ...] = (), frame: Frame | None = None
) -> Translation:
    """The translation of a source day that has just these records."""
    named: dict[str, list[Record]] = {kind: [] for kind in KINDS_OF_TRAY}
    for record in records:
        named.setdefault(canonical(record)[0], []).append(record)  # type: ignore[arg-type]
    return translate(SourceDay(named, notes), options, frame or frame_for(options))


def frame_for(options: Options = ITEM_LEVEL, date: dt.date = DATE) -> Frame:
    """The frame of an ordinary day in New York."""
    return frame_of(date, "America/New_York", MIDNIGHT, options)


def attempt(kind: str = "poll", configuration: int = 1) -> Attempt:
    """An attempt that took a second."""
    return Attempt(kind, "c1", configuration, at("05:00"), at("05:01"))  # type: ignore[arg-type]


def breaks(*times: tuple[str, str]) -> tuple[Break, ...]:
    """Unpaid breaks."""
    return tuple(Break(at(start), at(end)) for start, end in times)


def one(records: Iterable[object]) -> object:
    """The only one."""
    (found,) = records
    return found
