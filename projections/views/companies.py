"""Companies: each once, with the connections that have chosen it, however many and in whatever order."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from sqlalchemy import select

from domain.connection.companies import company_id, plain_address
from projections.tables import company as company_table
from projections.tables import company_connection
from projections.writing import Writer, as_row

Fields = dict[str, Any]

_STANDING = frozenset({"established", "suspended"})


def write_companies(fields: Mapping[str, Any], writer: Writer) -> None:
    """Bring the companies of one connection up to date, from its row."""
    links = _links(fields)
    columns = company_connection.c
    asked = select(company_connection).where(
        columns.client == fields["client"], columns.connection == fields["connection"]
    )
    before = {row["company"]: dict(row) for row in writer.execute(asked).mappings()}
    if not links and not before:
        return
    gone = sorted(before.keys() - links.keys())
    writer.remove(company_connection, [(fields["client"], company, fields["connection"]) for company in gone])
    writer.put(company_connection, [as_row(company_connection, link) for _, link in sorted(links.items())])
    _companies(fields, sorted({*before, *links}), writer)


def _links(fields: Mapping[str, Any]) -> dict[str, Fields]:
    """What a connection has chosen, by our ids."""
    lost = msgspec.json.decode(fields["lost_json"])["companies"]
    found = {}
    for organization, name in msgspec.json.decode(fields["companies_json"]).items():
        company = company_id(fields["system"], fields["environment"], organization)
        found[company] = {
            "client": fields["client"],
            "company": company,
            "connection": fields["connection"],
            "organization": organization,
            "name": name,
            "standing": fields["stage"] in _STANDING,
            "lost": organization in lost,
            "position": fields["position"],
        }
    return found


def _companies(fields: Mapping[str, Any], companies: Iterable[str], writer: Writer) -> None:
    """Bring the companies themselves up to date: one that nobody has chosen any more is none."""
    client, columns = fields["client"], company_connection.c
    rows, gone = [], []
    for company in companies:
        asked = select(company_connection).where(columns.client == client, columns.company == company)
        links = [dict(row) for row in writer.execute(asked).mappings()]
        if not links:
            gone.append((client, company))
            continue
        # Called as by the newest of those that stand.
        newest = max(links, key=lambda link: (link["standing"], link["position"]))
        row = {
            **newest,
            "system": fields["system"],
            "environment": plain_address(fields["environment"]),
            "connections": sum(link["standing"] for link in links),
            "position": max(link["position"] for link in links),
        }
        rows.append(as_row(company_table, row))
    writer.remove(company_table, gone)
    writer.put(company_table, rows)
