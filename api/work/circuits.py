"""How it stands with what goes out over each connection, and which systems take what."""

from collections.abc import Iterator, Mapping

from api.composition import OpenHouse
from domain.connection.companies import company_id
from domain.facts.objects import ObjectType
from domain.ports.target import WritableSystem
from projections import objects, queries
from projections.object_rows import CircuitRow
from projections.rows import ConnectionRow


def writers(opened: OpenHouse) -> Mapping[str, frozenset[ObjectType]]:
    """The types of objects that each system takes, by its key; of systems that take any."""
    found = {key: system.takes for key, system in opened.house.systems.items() if isinstance(system, WritableSystem)}
    return {key: takes for key, takes in found.items() if takes}


def points_of_sale(opened: OpenHouse) -> frozenset[str]:
    """The keys of the systems that are points of sale."""
    return frozenset(key for key, system in opened.house.systems.items() if system.profile.kind == "pos")


def circuits(opened: OpenHouse, client: str) -> list[CircuitRow]:
    """How it stands with each connection that objects go out over, by id."""
    takes, told = writers(opened), set(objects.writing(opened.engine, client))
    found = [row for row in _connections(opened, client) if row.system in takes or row.connection in told]
    return [circuit_of(opened, row, found) for row in found]


def _connections(opened: OpenHouse, client: str) -> Iterator[ConnectionRow]:
    after = ""
    while page := queries.connections(opened.engine, client, after=after):
        yield from (row for row in page if row.stage == "established")
        after = page[-1].connection


def circuit_of(opened: OpenHouse, row: ConnectionRow, others: list[ConnectionRow]) -> CircuitRow:
    """How it stands with one connection, which may share its company's budget with others."""
    now, rules = opened.house.clock.now(), opened.house.outward
    company = _company(row)
    alike = [other.connection for other in others if company and _company(other) == company] or [row.connection]
    system = opened.house.systems.get(row.system)
    per_minute = system.profile.budget.per_minute if system else 0
    at_once = min(rules.at_once, system.profile.budget.at_once) if system else 0
    return CircuitRow(
        client=row.client,
        connection=row.connection,
        name=row.name,
        system=row.system,
        company=company,
        circuit=objects.circuit_of(opened.engine, row.client, row.connection, now, rules),
        at_once=at_once,
        per_minute=per_minute,
        last_minute=objects.last_minute(opened.engine, row.client, alike, now),
        running=objects.running(opened.engine, row.client, row.connection, now),
    )


def _company(row: ConnectionRow) -> str:
    """Our id of the first company that a connection has chosen; empty where there is none."""
    return company_id(row.system, row.environment, min(row.companies)) if row.companies else ""
