"""Rows of Sales Detail become lines: parents once, their modifiers under them, comps and promos given on them."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable

import msgspec

from adapters.files.assembling.draft import Draft
from adapters.files.assembling.reference import Reference
from adapters.files.assembling.rows import SaleRow
from adapters.files.assembling.words import Names, milli, price_of_one, shortened
from domain.money import cents
from domain.records import Discount, Item

Instant = Callable[[str], dt.datetime | None]
"""The instant of a local time, None of an empty cell."""


class Lines:
    """Reads the lines of checks.

    A row is an item with one of its modifiers, so an item stands on each modifier's row again: rows with the same
    ticket item number, item number, quantity and amount are one item. Where quantity or amount differ they are several,
    except that an amount of zero beside another only repeats the item of that. A modifier is a line for every row that
    has one. Comps and promos repeat with their item: those that are alike in every column are one.
    """

    def __init__(self, reference: Reference) -> None:
        self._items = reference.items
        self._refers_to = reference.refers_to

    def add(self, draft: Draft, rows: list[SaleRow], server: str, center: str, instant: Instant) -> None:
        """Add the lines of one check.

        Args:
            draft: takes them.
            rows: of the check, sorted.
            server: who served the check; a line says who added it where that was another.
            center: of the check, likewise.
            instant: reads the times of comps and promos.
        """
        for row in rows:
            if row.by != server or row.comp_by or row.promo_by:
                self._refers_to("employee", (row.by, row.comp_by, row.promo_by))
        if len({row.ordinal for row in rows}) == len(rows):  # each row is an item of its own, as mostly
            for row in _in_order(rows) if len(rows) > 1 else rows:
                self._alone(draft, row.ordinal, row, server, center, instant)
            return
        families: dict[tuple[str, str], list[SaleRow]] = {}
        for row in rows:
            families.setdefault((row.ordinal, row.number), []).append(row)
        numbered = sorted(families.items(), key=_place)
        shared: set[str] = set()
        if len({ordinal for ordinal, _ in families}) < len(families):
            counts = Counter(ordinal for ordinal, _ in families)
            shared = {ordinal for ordinal, count in counts.items() if count > 1}
        for (ordinal, number), family in numbered:
            name = f"{ordinal}-{number}" if ordinal in shared else ordinal
            if len(family) == 1:
                self._alone(draft, name, family[0], server, center, instant)
            else:
                self._family(draft, name, family, server, center, instant)

    def _alone(self, draft: Draft, name: str, row: SaleRow, server: str, center: str, instant: Instant) -> None:
        """Add an item that has one row."""
        draft.items.append(self._parent(name, row, server, center))
        if row.modifier:
            draft.items.append(self._modifier(f"{name}.{row.modifier}", name, row, server, center))
        if row.comp_amount or row.promo_amount:
            draft.given += _given_on(name, (row,), instant)

    def _family(
        self, draft: Draft, name: str, family: list[SaleRow], server: str, center: str, instant: Instant
    ) -> None:
        names = Names()
        for alike in _items_among(family):
            parent = self._parent(names.give(name), alike[0], server, center)
            draft.items.append(parent)
            bare = reduced = 0
            for row in alike:
                if row.modifier:
                    modifier = names.give(f"{parent.id}.{row.modifier}")
                    draft.items.append(self._modifier(modifier, parent.id, row, server, center))
                else:
                    bare += 1
                if row.comp_amount or row.promo_amount:
                    reduced += 1
            if bare > 1:
                draft.repeats += [msgspec.structs.replace(parent, id=names.give(name)) for _ in range(bare - 1)]
            if reduced:
                draft.given += _given_on(parent.id, alike, instant)

    def _parent(self, name: str, row: SaleRow, server: str, center: str) -> Item:
        # Every cell of a row is looked up once, and the fields go by their places: this runs for every line of a day.
        number, by, sold_in, pieces = row.number, row.by, row.item_center, row.quantity
        title, category = self._items[number]
        amount = cents(row.gross)
        quantity = 1000 if pieces == "1" else milli(pieces)
        price = amount if quantity == 1000 else price_of_one(amount, quantity)
        sold_elsewhere = "" if sold_in == center else sold_in
        other = "" if by == server else by
        return Item(name, title, category, amount, price, quantity, "", (), None, number, sold_elsewhere, other)

    def _modifier(self, name: str, parent: str, row: SaleRow, server: str, center: str) -> Item:
        title, category = self._items[row.modifier]
        amount = cents(row.modifier_gross or "0")
        quantity = milli(row.modifier_quantity)
        return Item(
            name,
            title,
            category,
            amount,
            price_of_one(amount, quantity),
            quantity,
            parent,
            number=row.modifier,
            revenue_center="" if row.item_center == center else row.item_center,
            by="" if row.by == server else row.by,
        )


def _place(numbered: tuple[tuple[str, str], list[SaleRow]]) -> tuple[int, str]:
    (ordinal, number), _ = numbered
    return int(ordinal), number


def _in_order(rows: list[SaleRow]) -> list[SaleRow]:
    """Rows of different ticket item numbers, in the order of these; sorted by their bytes most are in it already."""
    places = [int(row.ordinal) for row in rows]
    return rows if places == sorted(places) else sorted(rows, key=lambda row: (int(row.ordinal), row.number))


def _items_among(family: list[SaleRow]) -> Iterable[list[SaleRow]]:
    """Rows of one ticket item number and item number, by the item that they are of."""
    alike: dict[tuple[int, int], list[SaleRow]] = {}
    for row in family:
        alike.setdefault((milli(row.quantity), cents(row.gross)), []).append(row)
    nothing = [key for key in alike if not key[1]]
    if 0 < len(nothing) < len(alike):
        main = next(rows for (_, amount), rows in alike.items() if amount)
        for key in nothing:
            main += alike.pop(key)
    return alike.values()


def _given_on(item: str, rows: Iterable[SaleRow], instant: Instant) -> list[Discount]:
    """The comps and promos of one item, each once."""
    comps = [
        ("comp", row.comp or "Comp", row.comp_amount, row.comp_at, row.comp_by, row.comp_drawer)
        for row in rows
        if row.comp_amount
    ]
    promos = [
        ("promo", row.promo or "Promo", row.promo_amount, row.promo_at, row.promo_by, row.promo_drawer)
        for row in rows
        if row.promo_amount
    ]
    names = Names()
    return [
        Discount(
            names.give(f"{item}:{kind}:{shortened(name)}"),
            name,
            cents(amount),
            kind,
            item=item,
            at=instant(at),
            by=by,
            drawer=drawer,
        )
        for kind, name, amount, at, by, drawer in dict.fromkeys((*comps, *promos))
    ]
