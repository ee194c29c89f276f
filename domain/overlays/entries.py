"""Deposits, comments and tags that people enter, and taking back whatever was entered."""

import datetime as dt
import re
from typing import Final

import msgspec

from domain.business_day import BusinessDay
from domain.business_day.conflicts import source_deposits
from domain.business_day.overlays import raw_of
from domain.facts import ABSENT, Comment, ConflictResolved, OverlayEntered, OverlayWithdrawn, Tag
from domain.facts.catalogue import DayFact
from domain.overlays.guarding import NothingEntered, check_agreed, check_open, next_key
from domain.records import Deposit, canonical, decode
from domain.refusals import Conflict, Refusal
from domain.texts import has_control_characters

LONGEST_COMMENT: Final = 2_000
LONGEST_TAG: Final = 64
LONGEST_NUMBER: Final = 64
MOST_COMMENTS: Final = 200
MOST_TAGS: Final = 50
MOST_DEPOSITS: Final = 50
MOST_CENTS: Final = 10**9
"""A deposit of ten million and more is a slip of the pen."""

_TAG: Final = re.compile(r"\w(?:[\w .&+-]*[\w+])?")


class BadEntry(Refusal):
    """A deposit, comment or tag is not one that can be entered."""


class TooManyEntries(Conflict):
    """As many of the kind are on the day as can be."""


def decide_deposit(
    day: BusinessDay, date: dt.date, amount_cents: int | None, number: str | None, key: str = ""
) -> tuple[OverlayEntered, ...]:
    """The fact that money was taken to the bank for this day, or that such an entry was wrong.

    Args:
        day: as recorded.
        date: its date.
        amount_cents: what was deposited; None: stays as it is.
        number: the deposit's number; None: stays as it is.
        key: of the entry to change; empty for a new one.

    Raises:
        DayIsApproved, ConflictOpen: nothing of that kind is entered now.
        NothingEntered: there is no such entry to change.
        BadEntry, TooManyEntries: it cannot be entered.
    """
    check_open(day)
    check_agreed(day, "deposit")
    known = day.overlays.get(("deposit", key)) if key else None
    if key and known is None:
        raise NothingEntered(
            f"No deposit {key[:80]!r} was entered here: only those that were can be changed; the source's change there."
        )
    _check_deposit(amount_cents, number, new=known is None)
    before = None if known is None else known.ours
    made = Deposit(next_key(day), 0, date) if before is None else decode("deposit", before)
    given = {"amount_cents": amount_cents, "number": number}
    made = msgspec.structs.replace(made, **{name: value for name, value in given.items() if value is not None})
    after = canonical(made)[2]
    if after == before:
        return ()
    _check_room(day, "deposit", made.key, MOST_DEPOSITS)
    source = source_deposits(day) if before is None else ABSENT
    return (OverlayEntered("deposit", made.key, raw_of(before), raw_of(after), source, day.generation),)


def _check_deposit(amount_cents: int | None, number: str | None, *, new: bool) -> None:
    if amount_cents is None and (new or number is None):
        raise BadEntry("A deposit needs an amount.")
    if amount_cents is not None and not 0 < amount_cents < MOST_CENTS:
        raise BadEntry("A deposit is more than 0.00, and less than 10,000,000.00.")
    if number is not None and (len(number) > LONGEST_NUMBER or has_control_characters(number)):
        raise BadEntry(f"The number of a deposit is up to {LONGEST_NUMBER} characters on one line.")


def decide_comment(day: BusinessDay, text: str, by: str) -> tuple[OverlayEntered, ...]:
    """The fact that somebody commented on the day.

    Raises:
        DayIsApproved: nothing is entered on it.
        BadEntry, TooManyEntries: it cannot be entered.
    """
    check_open(day)
    text = text.strip()
    if not text or len(text) > LONGEST_COMMENT or has_control_characters(text):
        raise BadEntry(f"A comment is 1 to {LONGEST_COMMENT} characters on one line.")
    key = next_key(day)
    _check_room(day, "comment", key, MOST_COMMENTS)
    made = msgspec.Raw(msgspec.json.encode(Comment(text, by)))
    return (OverlayEntered("comment", key, ABSENT, made, ABSENT, day.generation),)


def decide_tag(day: BusinessDay, tag: str, by: str) -> tuple[OverlayEntered, ...]:
    """The fact that somebody put a tag on the day; none where it is there.

    Raises:
        DayIsApproved: nothing is entered on it.
        BadEntry, TooManyEntries: it cannot be entered.
    """
    check_open(day)
    tag = tag.strip()
    if len(tag) > LONGEST_TAG or not _TAG.fullmatch(tag):
        raise BadEntry(
            f"{tag[:LONGEST_TAG]!r} is no tag: a tag is plain words, 1 to {LONGEST_TAG} letters, digits, spaces and "
            "dashes, for example `street fair`."
        )
    if ("tag", tag) in day.overlays:
        return ()
    _check_room(day, "tag", tag, MOST_TAGS)
    made = msgspec.Raw(msgspec.json.encode(Tag(tag, by)))
    return (OverlayEntered("tag", tag, ABSENT, made, ABSENT, day.generation),)


def decide_withdraw(day: BusinessDay, kind: str, key: str) -> tuple[DayFact, ...]:
    """The facts that take back what was entered: the source's is shown again.

    An open conflict about it is resolved by that. With the last manual deposit nothing stands against those of the
    source any more.

    Raises:
        DayIsApproved: nothing changes on it.
        ConflictOpen: it is one of several manual deposits, and the source's are in conflict with them.
        NothingEntered: nothing of that name was entered.
    """
    check_open(day)
    known = day.overlays.get((kind, key))
    if known is None:
        raise NothingEntered(f"Nothing was entered as {kind[:40]}/{key[:80]} on this day.")
    if kind == "deposit" and sum(other == "deposit" for other, _ in day.overlays) > 1:
        check_agreed(day, "deposit")
    source = day.records.get("punch", {}).get(key) if kind == "punch" else None
    back = OverlayWithdrawn(kind, key, raw_of(known.ours), raw_of(source), day.generation)
    resolved = [
        ConflictResolved(of, other, "theirs", raw_of(conflict.ours), raw_of(conflict.theirs), "", day.generation)
        for (of, other), conflict in day.conflicts.items()
        if of == kind and (of == "deposit" or other == key)
    ]
    return (back, *resolved)


def _check_room(day: BusinessDay, kind: str, key: str, most: int) -> None:
    if (kind, key) not in day.overlays and sum(other == kind for other, _ in day.overlays) >= most:
        raise TooManyEntries(f"The day has {most} entries of the kind {kind!r}: withdraw one that is not needed.")
