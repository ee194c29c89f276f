"""What a venue has on file: per business date every resource's rows, drawn when first asked for and encoded once."""

import copy
import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

import msgspec

from adapters.pos.tray.simulator import money
from adapters.pos.tray.simulator.cashbox import LATEST_DEPOSIT_DAYS, cash_of, draw_deposits, draw_paid_in_out
from adapters.pos.tray.simulator.labor import draw_time_entries
from adapters.pos.tray.simulator.menu import draw_menu
from adapters.pos.tray.simulator.people import draw_crew
from adapters.pos.tray.simulator.rows import Check, PaymentRow, Row, TimeEntry, VoidRow, encode
from adapters.pos.tray.simulator.settings import TrayPosSettings, Venue
from adapters.pos.tray.simulator.ticket import Shop
from adapters.pos.tray.simulator.trading import draw_checks
from adapters.pos.tray.simulator.wall import DAY_SECONDS, MICRO, Wall, micros_of

_OPEN_ENTRY_SECONDS = DAY_SECONDS  # a punch without an end is listed in windows of the 24 hours after it
_LONGEST_SHIFT_DAYS = 2
_checks = msgspec.json.Decoder(Check)
_entries = msgspec.json.Decoder(TimeEntry)


def open_shop(settings: TrayPosSettings, venue: Venue) -> Shop:
    """Draw what stays the same at a venue from day to day."""
    crew = draw_crew(settings.seed, venue.id, settings.staff)
    return Shop(
        settings=settings,
        venue=venue,
        wall=Wall(venue.zone, venue.day_start),
        menu=draw_menu(settings.seed, venue.id),
        crew=crew,
        servers=crew.holding("SRV", "BAR") or crew.holding("MGR"),
        managers=crew.holding("MGR"),
    )


class Ticket(NamedTuple):
    """A check with the rows that follow from it elsewhere; each void goes with the business date it is posted on."""

    check: Row
    payments: tuple[Row, ...]
    voids: tuple[tuple[str, Row], ...]


def bind(wall: Wall, check: Check, modified: int, text: bytes | None = None) -> Ticket:
    """Encode a check and derive its payments and voids."""
    opened = micros_of(check.opened_at) or 0
    payments = tuple(
        Row(
            opened,
            payment.id,
            modified,
            encode(
                PaymentRow(
                    id=payment.id,
                    check_id=check.id,
                    business_date=check.business_date,
                    at=check.closed_at,
                    at_local=check.closed_at_local,
                    zone=check.zone,
                    tender=payment.tender,
                    amount=payment.amount,
                    tip=payment.tip,
                    void=payment.void,
                    gratuity=payment.gratuity,
                )
            ),
        )
        for payment in check.payments
    )
    return Ticket(
        Row(opened, check.id, modified, text or encode(check)), payments, tuple(_voids(wall, check, modified))
    )


def _voids(wall: Wall, check: Check, modified: int) -> Iterator[tuple[str, Row]]:
    for item in check.items:
        void = item.void
        if void is None:
            continue
        at = micros_of(void.at) or 0
        date = max(check.business_date, wall.business_date(at // MICRO).isoformat())
        row = VoidRow(
            id=f"{item.id}-v",
            check_id=check.id,
            check_business_date=check.business_date,
            item_id=item.id,
            amount=money.text(line_cents(item.quantity, item.price)),
            reason=void.reason,
            at=void.at,
            at_local=void.at_local,
            by=void.by,
            business_date=date,
            zone=check.zone,
        )
        yield date, Row(at, row.id, modified, encode(row))


def line_cents(quantity: int | str, price: str) -> int:
    """Answer the cents of a line: quantity × price, half up."""
    return money.cents(str(Decimal(quantity) * Decimal(price)))


def entry_row(entry: TimeEntry, modified: int, text: bytes | None = None) -> Row:
    """Encode a time entry."""
    begin = micros_of(entry.start) or 0
    end = (micros_of(entry.end) if entry.end else None) or begin + _OPEN_ENTRY_SECONDS * MICRO
    return Row(begin, entry.id, modified, text or encode(entry), end)


class Day:
    """The file of one venue and business date."""

    def __init__(self, shop: Shop, date: dt.date, late: dict[str, dict[str, list[Row]]]) -> None:
        self.shop = shop
        self.date = date
        self.name = date.isoformat()
        self._late = late
        self._tickets: dict[str, Ticket] | None = None
        self._rows: dict[
            str, list[Row]
        ] = {}  # every resource that does not follow from the tickets, and what was set verbatim
        self._flat: dict[str, list[Row]] = {}  # what follows from the tickets, in order
        self._edited = False

    @property
    def exists(self) -> bool:
        """Whether the venue traded on that date."""
        return self.shop.settings.has(self.date)

    @property
    def tickets(self) -> dict[str, Ticket]:
        """The tickets by id, drawn now if they were not yet."""
        if self._tickets is None:
            closing = self.shop.wall.closing(self.date) * MICRO
            drawn = draw_checks(self.shop, self.date) if self.exists else iter(())
            self._tickets = {check.id: bind(self.shop.wall, check, closing) for check in drawn}
        return self._tickets

    def rows(self, resource: str) -> list[Row]:
        """Answer the rows of a resource in the order in which they are served."""
        if resource in self._rows:
            return self._rows[resource]
        if resource in ("checks", "payments", "voids"):
            return self._from_tickets(resource)
        self._rows[resource] = self._draw(resource) if self.exists else []
        return self._rows[resource]

    def _from_tickets(self, resource: str) -> list[Row]:
        if resource not in self._flat:
            tickets = sorted(self.tickets.values(), key=lambda ticket: ticket.check[:2])
            self._flat["checks"] = [ticket.check for ticket in tickets]
            self._flat["payments"] = [row for ticket in tickets for row in ticket.payments]
            late = self._late.get(self.name, {})
            own = [row for ticket in tickets for date, row in ticket.voids if date == self.name]
            self._flat["voids"] = sorted(own + [row for rows in late.values() for row in rows])
        return self._flat[resource]

    def _draw(self, resource: str) -> list[Row]:
        closing = self.shop.wall.closing(self.date) * MICRO
        if resource == "time-entries":
            return sorted(
                entry_row(entry, micros_of(entry.modified_at) or 0) for entry in draw_time_entries(self.shop, self.date)
            )
        paid = draw_paid_in_out(self.shop, self.date)
        if resource == "paid-in-out":
            return sorted(Row(micros_of(row.at) or 0, row.id, closing, encode(row)) for row in paid)
        # What was brought to the bank is what lay in the drawers on the day, whatever is edited afterwards.
        drawn = (_checks.decode(row.text) for row in self.rows("checks"))
        cash = cash_of(draw_checks(self.shop, self.date) if self._edited else drawn)
        moved = sum(money.cents(row.amount) * (1 if row.type == "in" else -1) for row in paid if row.affects_cash)
        deposits = draw_deposits(self.shop, self.date, cash + moved)
        return sorted(Row(micros_of(row.created_at) or 0, row.id, closing, encode(row)) for row in deposits)

    def forget_flat(self) -> None:
        """Drop the rows that were derived from the tickets, after these or the late voids have changed."""
        self._flat.clear()
        self._edited = True

    def set_tickets(self, tickets: Iterable[Ticket]) -> None:
        """Put these in the place of all tickets of the day."""
        self._tickets = {ticket.check.id: ticket for ticket in tickets}
        self.forget_flat()

    def redraw_tickets(self) -> None:
        """Go back to the tickets as drawn."""
        self._tickets = None
        self.forget_flat()
        self._edited = False

    def redraw(self, resource: str) -> None:
        """Go back to the rows as drawn, or as they follow from the tickets."""
        self._rows.pop(resource, None)

    def set_rows(self, resource: str, rows: list[Row]) -> None:
        """Put these in the place of all rows of a resource, in the order given."""
        self._rows[resource] = rows

    def keep(self, resource: str, row: Row) -> None:
        """Add a row, or put it in the place of the one with its id."""
        self._rows[resource] = sorted([*(kept for kept in self.rows(resource) if kept.id != row.id), row])

    def drop(self, resource: str, row_id: str) -> None:
        """Take a row away, without a trace."""
        self._rows[resource] = [row for row in self.rows(resource) if row.id != row_id]

    def check(self, check_id: str) -> Check:
        """Answer a check to be changed."""
        return _checks.decode(self.tickets[check_id].check.text)

    def entries(self) -> list[TimeEntry]:
        """Answer the time entries of the day to be changed."""
        return [_entries.decode(row.text) for row in self.rows("time-entries")]


class Book:
    """Everything that one venue has on file."""

    def __init__(self, settings: TrayPosSettings, venue: Venue) -> None:
        self.shop = open_shop(settings, venue)
        self.touched: set[dt.date] = set()
        self.edits_made: dict[dt.date, int] = {}
        # Copies: a change to somebody must not change days that are drawn later from the crew as it was.
        self.people = {person.id: copy.copy(person) for person in self.shop.crew.people}
        self._days: dict[dt.date, Day] = {}
        self._late: dict[str, dict[str, list[Row]]] = {}  # by the business date of the void, then by check
        self._fixed: dict[str, list[Row]] = {}

    def day(self, date: dt.date) -> Day:
        """Answer the file of a business date."""
        if date not in self._days:
            self._days[date] = Day(self.shop, date, self._late)
        return self._days[date]

    def forget(self, date: dt.date) -> None:
        """Undo every change to a business date."""
        day = self._days.pop(date, None)
        self.touched.discard(date)
        if day is not None:
            self._post_late(
                date.isoformat(),
                {check_id: () for rows in self._late.values() for check_id in rows if check_id in day.tickets},
            )

    def restore(self, date: dt.date, resource: str) -> None:
        """Undo every change to one resource of a date; payments and voids go back to following from the checks."""
        day = self.day(date)
        if resource == "checks":
            self._post_late(day.name, dict.fromkeys(day.tickets, ()))
            day.redraw_tickets()
        else:
            day.redraw(resource)

    def keep_ticket(self, day: Day, check: Check, modified: int) -> None:
        """Add a ticket, or put it in the place of the one with its id, and post its late voids on their dates."""
        self.set_tickets(day, {**day.tickets, check.id: bind(self.shop.wall, check, modified)}.values())

    def drop_ticket(self, day: Day, check_id: str) -> None:
        """Take a ticket away, without a trace."""
        self._post_late(day.name, {check_id: ()})
        self.set_tickets(day, [ticket for ticket in day.tickets.values() if ticket.check.id != check_id])

    def set_tickets(self, day: Day, tickets: Iterable[Ticket]) -> None:
        """Put these in the place of all tickets of a day, and post their late voids on their dates."""
        kept = list(tickets)
        self._post_late(day.name, {ticket.check.id: ticket.voids for ticket in kept})
        day.set_tickets(kept)
        self.touched.add(day.date)

    def _post_late(self, own: str, voids: dict[str, tuple[tuple[str, Row], ...]]) -> None:
        for rows in self._late.values():
            for check_id in [check_id for check_id in rows if check_id in voids]:
                del rows[check_id]
        for check_id, dated in voids.items():
            for date, row in dated:
                if date != own:
                    self._late.setdefault(date, {}).setdefault(check_id, []).append(row)
        for day in self._days.values():
            day.forget_flat()

    def set_fixed(self, resource: str, rows: list[Row] | None) -> None:
        """Put these in the place of the venue's staff or jobs; None goes back to its own."""
        if rows is None:
            self._fixed.pop(resource, None)
        else:
            self._fixed[resource] = rows

    def staff(self, *, inactive: bool) -> list[Row]:
        """Answer the people of the venue by id, with those who have left if wanted."""
        if "staff" in self._fixed:
            active = [row for row in self._fixed["staff"] if msgspec.json.decode(row.text).get("active") is not False]
            return self._fixed["staff"] if inactive else active
        people = sorted(self.people.values(), key=lambda person: person.id)
        return [Row(0, person.id, 0, encode(person)) for person in people if person.active or inactive]

    def jobs(self) -> list[Row]:
        """Answer the jobs of the venue by id."""
        return self._fixed.get("jobs") or [Row(0, job.id, 0, encode(job)) for job in self.shop.crew.jobs]

    def overlapping(self, start: int, end: int, now: int) -> list[Row]:
        """Answer the time entries that overlap a window of microseconds and had begun by now."""
        days = self._days_between(start, end, _LONGEST_SHIFT_DAYS)
        rows = (row for day in days for row in day.rows("time-entries"))
        return sorted(row for row in rows if row.at < end and (row.until > start or row.at >= start) and row.at <= now)

    def created(self, start: int, end: int, now: int) -> list[Row]:
        """Answer the deposits created within a window of microseconds and by now."""
        days = self._days_between(start, end, LATEST_DEPOSIT_DAYS)
        return sorted(row for day in days for row in day.rows("deposits") if start <= row.at < end and row.at <= now)

    def _days_between(self, start: int, end: int, earlier: int) -> list[Day]:
        settings, wall = self.shop.settings, self.shop.wall
        first = max(settings.first, wall.business_date(start // MICRO) - dt.timedelta(days=earlier))
        last = min(settings.last, wall.business_date(end // MICRO))
        span = range(max(0, (last - first).days + 1))
        return [self.day(date) for date in sorted({first + dt.timedelta(days=index) for index in span} | self.touched)]
