"""A manager's desk: single changes to one venue-day that keep its money identity, each with its before and after."""

import datetime as dt
import random
from typing import Any

import msgspec

from adapters.pos.tray.simulator import money
from adapters.pos.tray.simulator.extras import with_extras
from adapters.pos.tray.simulator.labor import HEAD_OFFICE, pause, state
from adapters.pos.tray.simulator.menu import VOID_REASONS
from adapters.pos.tray.simulator.people import draw_person
from adapters.pos.tray.simulator.rows import Check, Deposit, Item, ItemVoid, PairedVoid, Payment, Row, TimeEntry, encode
from adapters.pos.tray.simulator.shelf import Book, Day, entry_row, line_cents
from adapters.pos.tray.simulator.ticket import Seat, Waiter
from adapters.pos.tray.simulator.wall import MICRO, micros_of, utc_text

Change = dict[str, Any]
_ADDED_FROM = 90_001  # numbers of tickets that were added later
_CARDS = frozenset({"Visa", "Mastercard", "Amex"})


class Desk:
    """Changes one venue-day; ``now`` (microseconds) becomes the modification time of what it touches."""

    def __init__(self, rng: random.Random, book: Book, day: Day, now: int) -> None:
        self.rng = rng
        self._book = book
        self._day = day
        self._now = now
        self._wall = book.shop.wall
        book.touched.add(day.date)

    def check_ids(self) -> list[str]:
        """Answer the ids of the day's checks in order."""
        return [row.id for row in self._day.rows("checks")]

    def entry_ids(self) -> list[str]:
        """Answer the ids of the day's time entries in order."""
        return [row.id for row in self._day.rows("time-entries")]

    def person_ids(self) -> list[str]:
        """Answer the ids of the active people."""
        return sorted(person.id for person in self._book.people.values() if person.active)

    def void_second(self, now: int) -> int:
        """Answer when a void after the close is posted: at noon of the next day, or now if that is earlier."""
        noon = self._wall.instant(self._day.date + dt.timedelta(days=1), 720)
        return min(noon, now // MICRO)

    def change_price(self, check_id: str) -> Change | None:
        """Raise the price of a line; its taxes, the check's tax and a payment follow. None without such a line."""
        check = self._day.check(check_id)
        item, payment = _plain_line(check), _money(check)
        if item is None or payment is None:
            return None
        before = _picture(check, item, payment)
        old = line_cents(item.quantity, item.price)
        item.price = money.text(money.cents(item.price) + self.rng.randint(25, 400))
        new = line_cents(item.quantity, item.price)
        due = new - old
        for tax in item.taxes:
            was = money.cents(tax.amount)
            tax.amount = money.text(money.share(was, new, old))
            more = money.cents(tax.amount) - was
            check.tax_total = money.text(money.cents(check.tax_total) + more)
            due += 0 if tax.inclusive else more
        payment.amount = money.text(money.cents(payment.amount) + due)
        self.keep(check)
        return {"kind": "ticket-changed", "id": check_id, "before": before, "after": _picture(check, item, payment)}

    def void_item(self, check_id: str, at: int) -> Change | None:
        """Void a line and its modifiers after the close; the money goes back. None where that cannot be."""
        check = self._day.check(check_id)
        item, payment = _plain_line(check), _money(check)
        if item is None or payment is None:
            return None
        lines = [line for line in check.items if item.id in (line.id, line.parent_id) and line.void is None]
        back = 0
        for line in lines:
            back += line_cents(line.quantity, line.price) + sum(
                money.cents(tax.amount) for tax in line.taxes if not tax.inclusive
            )
        if money.cents(payment.amount) < back:
            return None
        before = _picture(check, item, payment)
        reason, by = self.rng.choice(VOID_REASONS), self.rng.choice(self._book.shop.managers)
        for line in lines:
            taxes = sum(money.cents(tax.amount) for tax in line.taxes)
            check.tax_total = money.text(money.cents(check.tax_total) - taxes)
            line.taxes = []
            line.void = ItemVoid(reason=reason, at=utc_text(at), at_local=self._wall.local_text(at), by=by)
            amount = money.text(line_cents(line.quantity, line.price))
            pair = PairedVoid(item_id=line.id)
            check.payments.append(
                Payment(id=f"{check.id}-p{len(check.payments) + 1}", tender="Void", amount=amount, void=pair)
            )
        payment.amount = money.text(money.cents(payment.amount) - back)
        self.keep(check)
        voided = {"voidedItems": [line.id for line in lines], "voidBusinessDate": self._void_date(at)}
        return {
            "kind": "item-voided",
            "id": check_id,
            "before": before,
            "after": {**_picture(check, item, payment), **voided},
        }

    def _void_date(self, at: int) -> str:
        return max(self._day.name, self._wall.business_date(at).isoformat())

    def raise_tip(self, check_id: str) -> Change | None:
        """Raise the tip of a card payment. None for a check without one."""
        check = self._day.check(check_id)
        payment = next(
            (paid for paid in check.payments if paid.tender in _CARDS and not paid.amount.startswith("-")), None
        )
        if payment is None:
            return None
        before = {"paymentId": payment.id, "tip": payment.tip}
        payment.tip = money.text(money.cents(payment.tip) + self.rng.randint(100, 900))
        self.keep(check)
        return {
            "kind": "tip-raised",
            "id": check_id,
            "before": before,
            "after": {"paymentId": payment.id, "tip": payment.tip},
        }

    def add_ticket(self, *, early: bool = False) -> Change:
        """Add a check to the day, as its first one if early."""
        shop, day, rng = self._book.shop, self._day, self.rng
        number = _ADDED_FROM
        while f"{shop.venue.id}-{day.date:%y%m%d}-{number}" in day.tickets:
            number += 1
        opening = self._wall.opening(day.date)
        closed = opening + 60 if early else self._wall.instant(day.date, rng.randint(1020, 1300))
        opened = min(closed, *(row.at // MICRO for row in day.rows("checks")[:1])) - 7_200 if early else closed - 1_800
        seat = Seat(
            check_id=f"{shop.venue.id}-{day.date:%y%m%d}-{number}",
            number=str(number),
            opened=opened,
            closed=closed,
            business_date=day.name,
            daypart="dinner",
            service_type="Dine In",
            revenue_center="Dining",
            server=rng.choice(shop.servers),
            guests=2,
        )
        check = with_extras(shop, Waiter(rng, shop).check(seat))
        self.keep(check)
        return {"kind": "ticket-added", "id": check.id, "before": None, "after": _total(check)}

    def remove_ticket(self, check_id: str) -> Change:
        """Take a check away without a trace."""
        before = _total(self._day.check(check_id))
        self._book.drop_ticket(self._day, check_id)
        return {"kind": "ticket-removed", "id": check_id, "before": before, "after": None}

    def move_punch(self, entry_id: str) -> Change | None:
        """Move the in or the out of a time entry, or close an open one eight hours after its in.

        The in stays on the entry's business date, which is that of clocking in: without room before it, the out moves.
        """
        entry = self._entry(entry_id)
        begin = micros_of(entry.start)
        if begin is None:
            return None
        before = _clocked(entry)
        end = micros_of(entry.end) if entry.end else None
        if end is None:
            entry.end, entry.end_local = self._instant(begin // MICRO + 8 * 3_600)
        else:
            later = self.rng.random() < 0.5
            seconds = 60 * self.rng.randint(5, 120 if later else 45)
            if later or begin // MICRO - seconds < self._wall.opening(self._day.date):
                entry.end, entry.end_local = self._instant(end // MICRO + seconds)
            else:
                entry.start, entry.start_local = self._instant(begin // MICRO - seconds)
        self.keep_entry(entry)
        return {"kind": "punch-changed", "id": entry_id, "before": before, "after": _clocked(entry)}

    def close_punch(self, entry_id: str, seconds: int) -> Change:
        """Clock somebody out so many seconds after clocking in, while the row claims not to have been touched."""
        entry = self._entry(entry_id)
        before = _clocked(entry)
        begin = (micros_of(entry.start) or 0) // MICRO
        entry.end, entry.end_local = self._instant(begin + seconds)
        modified = next(row.modified for row in self._day.rows("time-entries") if row.id == entry_id)
        self._day.keep("time-entries", entry_row(state(entry), modified))
        return {"kind": "punch-closed", "id": entry_id, "before": before, "after": _clocked(entry)}

    def add_punch(self, *, early: bool = False) -> Change:
        """Add a time entry of somebody active, at the very start of the business day if early."""
        shop, day, rng = self._book.shop, self._day, self.rng
        known = set(self.entry_ids())
        number = next(
            index for index in range(901, 1_000_000) if f"{shop.venue.id}-{day.date:%y%m%d}-T{index}" not in known
        )
        people = sorted((person for person in shop.crew.people if person.active), key=lambda person: person.id)
        person = rng.choice(people)
        begin = self._wall.opening(day.date) if early else self._wall.instant(day.date, rng.randint(540, 1080))
        end = begin + 60 * rng.randint(120, 420)
        start, start_local = self._instant(begin)
        out, out_local = self._instant(end)
        entry = TimeEntry(
            id=f"{shop.venue.id}-{day.date:%y%m%d}-T{number}",
            staff_id=person.id,
            job_id=person.jobs[0].job_id,
            actual_rate=person.jobs[0].rate,
            start=start,
            start_local=start_local,
            end=out,
            end_local=out_local,
            zone=self._wall.zone,
            business_date=day.name,
            breaks=[pause(self._wall, begin + 3_600, 600, paid=True)],
        )
        self.keep_entry(entry)
        return {"kind": "punch-added", "id": entry.id, "before": None, "after": _clocked(entry)}

    def remove_punch(self, entry_id: str) -> Change:
        """Take a time entry away without a trace."""
        before = _clocked(self._entry(entry_id))
        self._day.drop("time-entries", entry_id)
        return {"kind": "punch-removed", "id": entry_id, "before": before, "after": None}

    def add_person(self, *, early: bool = False) -> Change:
        """Add somebody to the staff, at the top of the list if early."""
        book = self._book
        number = next(
            index
            for index in range(len(book.people) + 1, 100_000)
            if f"{book.shop.venue.id}-E{index:03d}" not in book.people
        )
        person = draw_person(self.rng, book.shop.venue.id, number, book.shop.crew.jobs, 1)
        if early:
            person.id = f"{book.shop.venue.id}-D{number:03d}"
        book.people[person.id] = person
        return {"kind": "person-added", "id": person.id, "before": None, "after": {"firstName": person.first_name}}

    def change_phone(self, person_id: str) -> Change:
        """Give somebody another phone."""
        person = self._book.people[person_id]
        before = person.phone
        while person.phone == before:
            person.phone = f"({self.rng.randint(201, 989)}) 555-01{self.rng.randint(0, 99):02d}"
        return {
            "kind": "person-changed",
            "id": person_id,
            "before": {"phone": before},
            "after": {"phone": person.phone},
        }

    def let_go(self, person_id: str) -> Change:
        """Make somebody inactive."""
        self._book.people[person_id].active = False
        return {"kind": "person-left", "id": person_id, "before": {"active": True}, "after": {"active": False}}

    def add_deposit(self) -> Change:
        """Add a deposit for the date, entered two mornings later, or now if that is earlier."""
        shop, day = self._book.shop, self._day
        row_id = f"{shop.venue.id}-{day.date:%y%m%d}-B{91 + len(day.rows('deposits'))}"
        second = min(self._wall.instant(day.date + dt.timedelta(days=2), 600), self._now // MICRO)
        created, created_local = self._instant(second)
        deposit = Deposit(
            id=row_id,
            number=row_id[-2:],
            amount=money.text(self.rng.randint(500, 20_000)),
            business_date=day.name,
            created_at=created,
            created_at_local=created_local,
            zone=self._wall.zone,
            by=shop.managers[0],
        )
        day.keep("deposits", Row(second * MICRO, row_id, self._now, encode(deposit)))
        return {
            "kind": "deposit-added",
            "id": row_id,
            "before": None,
            "after": {"amount": deposit.amount, "createdAt": created},
        }

    def keep_entry(self, entry: TimeEntry) -> None:
        """Put a time entry on file as changed from head office."""
        entry.terminal = HEAD_OFFICE
        entry.modified_at, entry.modified_at_local = self._instant(self._now // MICRO)
        self._day.keep("time-entries", entry_row(state(entry), self._now))

    def keep(self, check: Check) -> None:
        """Put a check on file as changed now."""
        self._book.keep_ticket(self._day, check, self._now)

    def _entry(self, entry_id: str) -> TimeEntry:
        text = next(row.text for row in self._day.rows("time-entries") if row.id == entry_id)
        return msgspec.json.decode(text, type=TimeEntry)

    def _instant(self, second: int) -> tuple[str, str]:
        return utc_text(second), self._wall.local_text(second)


def _plain_line(check: Check) -> Item | None:
    """Answer the first live, sold, priced line of a check without discounts, which would have to follow."""
    if check.discounts:
        return None
    lines = (item for item in check.items if item.void is None and item.parent_id is None)
    return next((item for item in lines if line_cents(item.quantity, item.price) > 0), None)


def _money(check: Check) -> Payment | None:
    """Answer the check's largest payment, if it is one that was received."""
    paid = [payment for payment in check.payments if payment.void is None and money.cents(payment.amount) > 0]
    return max(paid, key=lambda payment: (money.cents(payment.amount), payment.id), default=None)


def _picture(check: Check, item: Item, payment: Payment) -> Change:
    return {
        "itemId": item.id,
        "price": item.price,
        "line": money.text(line_cents(item.quantity, item.price)),
        "void": item.void is not None,
        "taxTotal": check.tax_total,
        "paymentId": payment.id,
        "payment": payment.amount,
    }


def _total(check: Check) -> Change:
    live = [line_cents(item.quantity, item.price) for item in check.items if item.void is None]
    return {"lines": money.text(sum(live)), "taxTotal": check.tax_total}


def _clocked(entry: TimeEntry) -> Change:
    return {
        "in": entry.start,
        "out": entry.end,
        "hours": entry.hours,
        "pay": entry.pay,
        "modifiedAt": entry.modified_at,
    }
