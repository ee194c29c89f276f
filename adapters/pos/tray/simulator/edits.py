"""Changes that somebody above store makes to a day that was over, so many of each kind, drawn from a seed."""

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

import msgspec

from adapters.pos.tray.simulator.desk import Change, Desk
from adapters.pos.tray.simulator.shelf import Book
from adapters.pos.tray.simulator.wall import MICRO, micro_text


class Edits(msgspec.Struct, rename="camel", frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much is to change on one venue-day. Where the day has fewer candidates than asked, fewer are changed.

    Attributes:
        venue: the venue.
        business_date: the business date.
        seed: of the draw; None counts the edits of the day, so that each differs.
        tickets: checks on which a price changes, with its taxes and a payment.
        voids: checks on which an item is voided after the close, with its modifiers.
        tips: card payments whose tip is raised afterwards.
        tickets_added: new checks.
        tickets_removed: checks that vanish without a trace.
        punches: time entries whose in or out moves; an open one is closed.
        punches_added: new time entries.
        punches_removed: time entries that vanish without a trace.
        staff_added: new people.
        staff_changed: people with another phone.
        staff_left: active people who become inactive.
        deposits_added: new deposits for the date.
        early: added rows come first in their day instead of anywhere.
        modified_at: when the rows count as modified; None for the POS's clock.
        void_at: when the voids are posted; None for noon of the next day, or the POS's clock if that is earlier.
    """

    venue: str
    business_date: dt.date
    seed: int | None = None
    tickets: int = 0
    voids: int = 0
    tips: int = 0
    tickets_added: int = 0
    tickets_removed: int = 0
    punches: int = 0
    punches_added: int = 0
    punches_removed: int = 0
    staff_added: int = 0
    staff_changed: int = 0
    staff_left: int = 0
    deposits_added: int = 0
    early: bool = False
    modified_at: dt.datetime | None = None
    void_at: dt.datetime | None = None


def desk_for(book: Book, date: dt.date, now: int, seed: int | None = None) -> Desk:
    """Answer a desk at which a venue-day is changed, as of ``now`` microseconds."""
    book.edits_made[date] = book.edits_made.get(date, 0) + 1
    turn = book.edits_made[date] if seed is None else f"seed {seed}"
    shop = book.shop
    rng = random.Random(f"{shop.settings.seed}:{shop.venue.id}:{date}:edit:{turn}")
    return Desk(rng, book, book.day(date), now)


def apply_edits(book: Book, edits: Edits, now: int) -> dict[str, Any]:
    """Change a venue-day.

    Returns:
        venue, businessDate, modifiedAt, and changes: of each its kind, the id of the row, and what was before and
            after.
    """
    at = now if edits.modified_at is None else int(edits.modified_at.timestamp()) * MICRO
    desk = desk_for(book, edits.business_date, at, edits.seed)
    void_at = desk.void_second(now) if edits.void_at is None else int(edits.void_at.timestamp())
    changes: list[Change] = []

    def each(count: int, ids: list[str], act: Callable[[str], Change | None]) -> None:
        """Try the ids in a drawn order until so many have been changed."""
        desk.rng.shuffle(ids)
        done = 0
        for row_id in ids:
            if done == count:
                return
            change = act(row_id)
            if change is not None:
                changes.append(change)
                done += 1

    if edits.tickets or edits.voids or edits.tips or edits.tickets_removed:
        each(edits.tickets_removed, desk.check_ids(), desk.remove_ticket)
        each(edits.tickets, desk.check_ids(), desk.change_price)
        each(edits.tips, desk.check_ids(), desk.raise_tip)
        each(edits.voids, desk.check_ids(), lambda check_id: desk.void_item(check_id, void_at))
    changes.extend(desk.add_ticket(early=edits.early) for _ in range(edits.tickets_added))
    if edits.punches or edits.punches_removed:
        each(edits.punches_removed, desk.entry_ids(), desk.remove_punch)
        each(edits.punches, desk.entry_ids(), desk.move_punch)
    changes.extend(desk.add_punch(early=edits.early) for _ in range(edits.punches_added))
    each(edits.staff_changed, desk.person_ids(), desk.change_phone)
    each(edits.staff_left, desk.person_ids(), desk.let_go)
    changes.extend(desk.add_person(early=edits.early) for _ in range(edits.staff_added))
    changes.extend(desk.add_deposit() for _ in range(edits.deposits_added))
    return {
        "venue": edits.venue,
        "businessDate": edits.business_date.isoformat(),
        "modifiedAt": micro_text(at),
        "changes": changes,
    }
