"""Readings of a business day for tests, made of records as they stand: past every source and option."""

import datetime as dt

from domain.polling import Translation
from domain.records import Deposit, Punch, Record, Ticket, canonical
from tests.domain.build import DATE

KINDS = frozenset({"ticket", "punch", "deposit"})


def reading(
    *records: Record, elsewhere: dict[dt.date, tuple[Record, ...]] | None = None, also: str = ""
) -> Translation:
    """A reading of the day with these records, and with others that are of other days."""

    def by_kind(given: tuple[Record, ...]) -> dict[str, dict[str, bytes]]:
        named: dict[str, dict[str, bytes]] = {}
        for record in given:
            kind, key, data = canonical(record)
            named.setdefault(kind, {})[key] = data
        return named

    others = elsewhere or {}
    everything = [*records, *[record for given in others.values() for record in given]]
    seen = {
        kind: frozenset(
            [record.id for record in everything if isinstance(record, shape)] + [name for name in also.split() if name]
        )
        for kind, shape in (("ticket", Ticket), ("punch", Punch), ("deposit", Deposit))
    }
    return Translation(
        {**{kind: {} for kind in KINDS}, **by_kind(records)},
        {},
        elsewhere={date: by_kind(given) for date, given in others.items()},
        seen=seen,
        dates=frozenset({DATE}),
    )
