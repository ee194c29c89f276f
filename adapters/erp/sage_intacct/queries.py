"""Queries: rows of an object, page by page, each row once."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from adapters.erp.sage_intacct.envelope import Tree, function
from adapters.erp.sage_intacct.gateway import Gateway, failure_of
from adapters.erp.sage_intacct.verdicts import verdict_of
from domain.ports.target import TargetFailure

PAGE_ROWS: Final = 1_000
MOST_ROWS: Final = 5_000

Row = Mapping[str, str]


def query(name: str, object_: str, fields: Sequence[str], where: Mapping[str, str], offset: int = 0) -> str:
    """The function that asks for rows.

    Args:
        name: control id of the function; a query is never refused for it.
        object_: of Sage Intacct.
        fields: to answer.
        where: fields that have to be equal to something.
        offset: rows that are passed over.
    """
    equal: list[Tree] = [("equalto", [("field", field), ("value", value)]) for field, value in where.items()]
    condition: list[Tree] = [("filter", equal if len(equal) == 1 else [("and", equal)])] if equal else []
    return function(
        name,
        (
            "query",
            [
                ("object", object_),
                ("select", [("field", field) for field in fields]),
                *condition,
                ("options", [("showprivate", "true")]),
                ("pagesize", str(PAGE_ROWS)),
                ("offset", str(offset)),
            ],
        ),
    )


def rows_of(
    gateway: Gateway,
    object_: str,
    fields: Sequence[str],
    where: Mapping[str, str],
    until: dt.datetime,
    *,
    entity: str = "",
) -> list[Row]:
    """All rows of an object that fit.

    Raises:
        TargetFailure: they cannot be read; more than 5,000 are too many.
    """
    found: list[Row] = []
    totals: set[int] = set()
    while True:
        [result] = gateway.ask([query("query", object_, fields, where, len(found))], until, entity=entity)
        if result.status != "success":
            raise failure_of(verdict_of(result.troubles))
        found.extend(result.rows)
        totals.add(result.total)
        if len(found) > MOST_ROWS or result.total > MOST_ROWS:
            raise TargetFailure("too-large", f"Sage Intacct has more than {MOST_ROWS:,} rows of {object_}.")
        if not result.remaining or not result.rows:
            break
    keys = [row.get("RECORDNO", "") for row in found]
    # Pages are counted: of a row that goes away between two of them, another is passed over.
    if totals != {len(found)} or len(set(keys)) != len(keys):
        raise TargetFailure("unexpected-answer", f"The rows of {object_} changed while they were read.")
    return found
