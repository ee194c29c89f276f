"""Rows of Voids: a void is a pair of a line and an entry that pays for it; Sales Detail may have the line or not."""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import combinations
from typing import Final, NamedTuple

import msgspec

from adapters.files.assembling.choices import Choice, Way
from adapters.files.assembling.draft import Draft, Voided
from adapters.files.assembling.lines import Instant
from adapters.files.assembling.reference import Reference
from adapters.files.assembling.rows import VoidRow
from adapters.files.assembling.words import Names, milli, named_by, price_of_one
from domain.money import cents
from domain.records import Item, VoidEntry, VoidMark

_MOST_APART: Final = 4
"""Voids of one check that are decided each for itself; of more than these all are in Sales Detail, or none."""


def voided_in(rows: Iterable[VoidRow], instant: Instant) -> list[Voided]:
    """The voids of a check's rows; sources write the amount with one sign or the other."""
    names = Names()
    return [
        Voided(
            names.give(named_by(row.number or row.name, row.at, row.amount)),
            row.number,
            abs(cents(row.amount)),
            abs(milli(row.quantity)),
            VoidMark(row.name, instant(row.at), row.by),
        )
        for row in rows
    ]


class _Target(NamedTuple):
    """What of Sales Detail a void may pay for.

    Attributes:
        lines: their ids.
        cents: their amounts together.
        part_milli: how many pieces of the only line, or None for the lines as they are.
        taxes: the check's taxes as well.
    """

    lines: tuple[str, ...]
    cents: int
    part_milli: int | None = None
    taxes: bool = False


def void_ways(draft: Draft, reference: Reference) -> Choice | None:
    """Where the voided lines of a check are; None where it has no voids.

    They are not in Sales Detail, and the pair of line and entry is added; or they are, and are marked, if the identity
    holds only then. Net sales are the same either way.
    """
    if not draft.voided:
        return None
    targets = _targets(draft)
    there = [number for number, target in enumerate(targets) if target is not None]
    sets: list[tuple[int, ...]] = [(), tuple(there)] if there else [()]
    if 1 < len(there) <= _MOST_APART:
        sets += [chosen for size in range(len(there) - 1, 0, -1) for chosen in combinations(there, size)]
    found = {number: target for number, target in enumerate(targets) if target is not None}
    return [
        Way(
            -sum(found[number].cents for number in chosen),
            partial(_apply, {number: found[number] for number in chosen}, reference),
        )
        for chosen in sets
    ]


def _targets(draft: Draft) -> list[_Target | None]:
    """For every void the lines that it may pay for, each line for one void."""
    free = {item.id: item for item in draft.items}
    targets = []
    for voided in draft.voided:
        target = next(_candidates(voided, free, draft), None)
        targets.append(target)
        if target is not None:
            for line in target.lines:
                item = free.pop(line)
                if target.part_milli is not None:
                    free[line], _ = _split(item, voided, target.part_milli)
    return targets


def _candidates(voided: Voided, free: dict[str, Item], draft: Draft) -> Iterator[_Target]:
    """Lines that fit a void, the best first: the whole check; one line; one with its modifiers; a part of one."""
    amount = voided.amount_cents
    items = [item for item in free.values() if voided.number in {"", item.number}]
    items.sort(key=lambda item: abs(item.quantity_milli) != voided.quantity_milli)
    if not voided.number and len(free) == len(draft.items):
        whole = sum(item.amount_cents for item in draft.items)
        tax = sum(tax.amount_cents for tax in draft.taxes if not tax.inclusive)
        for taxes, cents_ in ((False, whole), (True, whole + tax)):
            if draft.items and cents_ == amount:
                yield _Target(tuple(free), cents_, None, taxes)
    for item in items:
        if abs(item.amount_cents) == amount:
            yield _Target((item.id,), item.amount_cents)
    for item in items:
        family = [item, *(other for other in free.values() if other.parent == item.id)]
        together = sum(line.amount_cents for line in family)
        if abs(together) == amount:
            yield _Target(tuple(line.id for line in family), together)
    for item in items:
        if voided.number and _is_part(voided, item):
            yield _Target((item.id,), amount if item.amount_cents > 0 else -amount, voided.quantity_milli)


def _is_part(voided: Voided, item: Item) -> bool:
    """The void is of some of a line's pieces, at their price to the cent."""
    pieces = abs(item.quantity_milli)
    apart = voided.amount_cents * pieces - abs(item.amount_cents) * voided.quantity_milli
    return 0 < voided.quantity_milli < pieces and abs(apart) <= pieces


def _apply(targets: dict[int, _Target], reference: Reference, draft: Draft) -> None:
    for number, voided in enumerate(draft.voided):
        if number in targets:
            _mark(voided, targets[number], draft)
        else:
            _add_pair(voided, reference, draft)


def _mark(voided: Voided, target: _Target, draft: Draft) -> None:
    for place, item in reversed(list(enumerate(draft.items))):
        if item.id in target.lines:
            if target.part_milli is None:
                gone = item
                draft.items[place : place + 1] = [msgspec.structs.replace(item, void=voided.mark)]
            else:
                rest, gone = _split(item, voided, target.part_milli)
                draft.items[place : place + 1] = [rest, msgspec.structs.replace(gone, void=voided.mark)]
            draft.entries.append(VoidEntry(gone.id, gone.amount_cents))
    if target.taxes:
        draft.taxes.clear()  # the void takes them back: it is as much as the lines and the taxes together


def _split(item: Item, voided: Voided, pieces_milli: int) -> tuple[Item, Item]:
    """A line without some of its pieces, and these."""
    sign = -1 if item.amount_cents < 0 else 1
    pieces = pieces_milli if item.quantity_milli > 0 else -pieces_milli
    amount = sign * voided.amount_cents
    rest = msgspec.structs.replace(
        item, amount_cents=item.amount_cents - amount, quantity_milli=item.quantity_milli - pieces
    )
    gone = msgspec.structs.replace(item, id=f"{item.id}/{voided.id}", amount_cents=amount, quantity_milli=pieces)
    return rest, gone


def _add_pair(voided: Voided, reference: Reference, draft: Draft) -> None:
    name, category = reference.items[voided.number] if voided.number else (voided.mark.reason, "")
    line = f"void:{voided.id}"
    draft.items.append(
        Item(
            line,
            name,
            category,
            voided.amount_cents,
            price_of_one(voided.amount_cents, voided.quantity_milli),
            voided.quantity_milli,
            void=voided.mark,
            number=voided.number,
        )
    )
    draft.entries.append(VoidEntry(line, voided.amount_cents))
