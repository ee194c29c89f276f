"""Small words that Tray's rows are made of: instants, quantities, dates."""

import datetime as dt
import functools
from decimal import Decimal

from adapters.pos.tray.wire import ItemVoid, MaybeText
from domain.business_date import FIRST_YEAR, LAST_YEAR, MIDNIGHT, STANDARD, Window, business_date, zone
from domain.money import NotAnAmount, cents, thousandths

_MOST_PIECES = 10**9


class NotReadable(ValueError):
    """A word of a row has no meaning; the message shows no value of the row."""


def instant(text: str) -> dt.datetime:
    """The instant of ``YYYY-MM-DDTHH:MM:SSZ``, a fraction of the second allowed; UTC.

    Raises:
        NotReadable: it is not written so, no such moment exists, or it lies in no year that business dates have.
    """
    if len(text) >= 20 and text[-1] == "Z" and text[4] == text[7] == "-" and text[10] == "T" and text[16] == ":":
        try:
            moment = dt.datetime.fromisoformat(text)
        except ValueError:
            moment = None
        if moment is not None and FIRST_YEAR <= moment.year <= LAST_YEAR:
            return moment
    raise NotReadable("An instant is not written YYYY-MM-DDTHH:MM:SSZ.")


def maybe_instant(text: str | None) -> dt.datetime | None:
    """The instant, or None where there is none."""
    return None if text is None else instant(text)


@functools.lru_cache(maxsize=256)
def date(text: str) -> dt.date:
    """The business date of ``YYYY-MM-DD``.

    Raises:
        NotABusinessDate: it is not one.
    """
    return business_date(text)


def milli(quantity: int | str) -> int:
    """Thousandths of a quantity.

    Raises:
        NotAnAmount: it is no plain decimal number, or larger than anybody orders.
    """
    if isinstance(quantity, str):
        return thousandths(quantity)
    if abs(quantity) > _MOST_PIECES:
        raise NotAnAmount("A quantity is larger than anything that daybook keeps.")
    return quantity * 1000


@functools.lru_cache(maxsize=1024)
def decimal(text: str) -> Decimal:
    """A rate or a number of hours, exactly as stated.

    Raises:
        NotAnAmount: not a plain decimal number.
    """
    cents(text)  # refuses exponents, NaN and everything else that Decimal would take
    return Decimal(text)


def text(value: MaybeText) -> str:
    """The text, empty where there is none."""
    return value if isinstance(value, str) else ""


def maybe_cents(amount: MaybeText) -> int:
    """Cents of an amount that need not be there.

    Raises:
        NotAnAmount: it is there and no amount.
    """
    return cents(amount) if isinstance(amount, str) else 0


def is_late(void: ItemVoid, window: Window) -> bool:
    """The void was posted after the check's business day: it counts on its own date, and the sale stands on its own."""
    return instant(void.at) >= window.ends_at


def listed_alone_from(date: dt.date, zone_name: str) -> dt.datetime:
    """The midnight after a date of the source: a void from then on is of that date only where the source lists it so.

    No business day of a source ends before, whenever ours begin; until then nothing can be of a later one.
    """
    place = zone(zone_name.removeprefix(STANDARD))
    return dt.datetime.combine(date + dt.timedelta(days=1), MIDNIGHT, place).astimezone(dt.UTC)
