"""The 18 kinds of import files."""

from types import MappingProxyType
from typing import Final

from adapters.files.kinds import checks, days, reference
from adapters.files.kinds.columns import Column, Kind
from domain.refusals import NotFound

KINDS: Final = MappingProxyType(
    {
        kind.key: kind
        for kind in (
            reference.TAX_DEFINITIONS,
            reference.TENDERS,
            reference.MENU_ITEMS,
            reference.JOBS,
            reference.EMPLOYEES,
            reference.HOUSE_ACCOUNTS,
            checks.SALES_DETAIL,
            checks.PAYMENTS,
            checks.DISCOUNTS,
            checks.VOIDS,
            checks.REFUNDS,
            checks.SURCHARGES,
            checks.NON_SALES_REVENUE,
            checks.TAX_DETAILS,
            days.DEPOSITS,
            days.PAID_IN_OUTS,
            days.TILLS,
            days.LABOR_DETAIL,
        )
    }
)
"""All kinds by key, in the order in which those of one session are imported: reference data, sales, what hangs on their
checks, cash, labor."""


class NoSuchKind(NotFound):
    """There is no such kind of import file."""


def kind_named(key: str) -> Kind:
    """The kind of a key or title, for example ``sales-detail``; only its letters matter, not their case.

    Raises:
        NoSuchKind: there is none.
    """
    kind = next((kind for kind in KINDS.values() if _letters(kind.key) == _letters(key)), None)
    if kind is None:
        raise NoSuchKind(f"There is no kind of import file called {key[:40]!r}: they are {', '.join(KINDS)}.")
    return kind


def _letters(text: str) -> str:
    return "".join(filter(str.isalpha, text)).lower()


__all__ = ["KINDS", "Column", "Kind", "NoSuchKind", "kind_named"]
