"""The lives of connections in the views: stages, companies, feeders, clients, and what is due meanwhile."""

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.pool import StaticPool

from domain.connection import fold
from domain.connection.companies import company_id
from domain.due import Due, Rules
from domain.facts import (
    AccessLost,
    AccessRegained,
    AdminChanged,
    ClientAdded,
    ClientRenamed,
    Company,
    ConfigurationChanged,
    ConnectionDisconnected,
    ConnectionDrafted,
    ConnectionEdited,
    ConnectionEstablished,
    ConnectionRenewed,
    ConnectionResumed,
    ConnectionSuspended,
    ConnectionTested,
    CredentialsRotated,
    CustomerRegistered,
    Fact,
    FilesRead,
    LocationAdded,
    LocationEdited,
    Provenance,
    RosterChanged,
    Venue,
    VisibilityChanged,
)
from domain.facts.catalogue import ConnectionFact
from domain.identifiers import ConnectionId, CustomerId
from domain.ports.journal import Recording
from projections import queries, standing
from projections.batches import Batch
from projections.catching_up import advance, catch_up
from projections.due import due, renewals
from projections.folds import Folds
from projections.rebuilding import rebuild
from projections.scratch import _memory
from projections.tables import metadata
from projections.views import connections, tenants, watch
from projections.writing import Writer
from tests.projections.stage import ZONE, Stage
from tests.support.facts import ATTEMPT, EXAMPLES
from tests.support.fakes import MemoryJournal

VIEWS = (connections.VIEW, tenants.VIEW, watch.VIEW)
ADDRESS = "https://books.example.com"
NOW = dt.datetime(2026, 11, 3, 17, tzinfo=dt.UTC)
NORTH, SOUTH = Company("o-1", "North Inc."), Company("o-2", "South LLC")
PIER = LocationAdded("pier", "Pier", ZONE, {"venue": "V1"}, "04:00")

_commands = itertools.count(1)


class Told:
    """A journal in memory, to which connections tell their facts."""

    def __init__(self) -> None:
        self.journal = MemoryJournal()
        self._versions: dict[str, int] = {}

    def tell(self, connection: str, *facts: Fact, client: str = "C1") -> None:
        """Facts of a connection, one commit."""
        self.record(ConnectionId(client, connection).stream, *facts)

    def record(self, stream: str, *facts: Fact) -> None:
        """Facts of a stream, one commit."""
        version = self._versions.get(stream, 0)
        self._versions[stream] = version + len(facts)
        by = Provenance("cli:anna", f"c-{next(_commands)}")
        self.journal.append([Recording(stream, version, facts)], by)

    @contextmanager
    def shown(self, *sizes: int) -> Iterator[Engine]:
        """The views of all that was told, read in batches of these sizes, and the rest at once."""
        engine = create_engine("sqlite://", creator=_memory, poolclass=StaticPool)
        entries = self.journal.log(after=0, limit=10_000)
        with engine.begin() as connection:
            metadata.create_all(connection)
            Writer(connection).begin_bookmarks(view.name for view in VIEWS)
            for size in (*sizes, len(entries)):
                lot, entries = entries[:size], entries[size:]
                if lot:
                    advance(connection, VIEWS, Batch(lot[0].position - 1, lot, Folds(self.journal)))
        yield engine
        engine.dispose()


def dump(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the tables of these views, without when and where in the log."""
    found = {}
    with engine.connect() as connection:
        for table in (table for view in VIEWS for table in view.tables):
            columns = [column for column in table.columns if not column.name.endswith(("_at", "position", "added"))]
            rows = connection.execute(select(*columns).order_by(*table.primary_key.columns))
            found[table.name] = [tuple(row) for row in rows]
    return found


def established(*companies: Company, system: str = "erp", environment: str = ADDRESS) -> ConnectionEstablished:
    """A connection that has chosen these."""
    return ConnectionEstablished(system, "Books", environment, "abc", companies=companies, maker="user:anna")


FIVE = [
    ("a", "user:anna", (NORTH,), ADDRESS),
    ("b", "user:bob", (NORTH, SOUTH), f"{ADDRESS}/"),
    ("c", "user:carl", (SOUTH,), "HTTPS://Books.example.com"),
    ("d", "user:anna", (SOUTH, NORTH), ADDRESS),
    ("e", "user:bob", (NORTH,), f"{ADDRESS}/"),
]


@settings(max_examples=30, deadline=None)
@given(order=st.permutations(FIVE), sizes=st.lists(st.integers(1, 4), max_size=6))
def test_five_connections_by_three_people_to_two_organizations_are_two_companies(
    order: Sequence[tuple[str, str, tuple[Company, ...], str]], sizes: list[int]
) -> None:
    """In every order, in whatever batches they are read, and after a rebuild."""
    told = Told()
    for name, maker, companies, environment in order:
        told.tell(
            name, ConnectionDrafted("erp", name, maker, environment), established(*companies, environment=environment)
        )
    with told.shown(*sizes) as engine, told.shown() as rebuilt:
        assert dump(engine) == dump(rebuilt)
        found = standing.companies(engine, "C1")
        assert {(row.company, row.organization, row.name, row.connections) for row in found} == {
            (company_id("erp", ADDRESS, "o-1"), "o-1", "North Inc.", 4),
            (company_id("erp", ADDRESS, "o-2"), "o-2", "South LLC", 3),
        }
        links = standing.company_links(engine, "C1", [row.company for row in found])
        assert len(links) == 7
        assert standing.companies(engine, "C2") == []


def test_companies_come_and_go_with_those_who_have_them() -> None:
    """One that nobody has chosen any more is none; one of a connection that is over stays; lost ones are marked."""
    told = Told()
    told.tell("a", established(NORTH, SOUTH))
    told.tell("b", established(NORTH))
    told.tell("a", ConnectionEdited("Books", ADDRESS, {}, (Company("o-1", "North Incorporated"),)))
    told.tell("b", AccessLost(("o-1",)))
    with told.shown() as engine:
        (company,) = standing.companies(engine, "C1")
        assert (company.name, company.connections) == ("North Inc.", 2)
        links = standing.company_links(engine, "C1", [company.company])
        assert [(link.connection, link.lost) for link in links] == [("a", False), ("b", True)]
    told.tell("b", AccessRegained(("o-1",)))
    told.tell("b", ConnectionDisconnected())
    with told.shown(2) as engine:
        (company,) = standing.companies(engine, "C1")
        assert (company.name, company.connections) == ("North Incorporated", 1)


LIFE: list[Fact] = [
    ConnectionDrafted("erp", "Books", "user:anna", ADDRESS, {"entity": "top"}, "abc", "s-1"),
    ConnectionTested("draft", True, 1, ADDRESS, "id", (NORTH, SOUTH), (Venue({"venue": "V1"}),)),
    established(NORTH, SOUTH),
    ConfigurationChanged(1, {"open_time": True}),
    PIER,
    VisibilityChanged("shared"),
    AdminChanged("user:bob"),
    CredentialsRotated("def", 2, "s-2"),
    ConnectionRenewed(NOW),
    AccessLost(("o-1",), ("pier",)),
    LocationEdited("pier", "Pier 17", "America/Chicago", "05:00", "0100"),
    LocationEdited("nowhere", "x", "UTC"),
    ConnectionEdited("Head office", f"{ADDRESS}/eu", {}, (SOUTH,)),
    ConnectionSuspended("the contract"),
    EXAMPLES["connection.roster-changed"],
    EXAMPLES["connection.files-read"],
    ConnectionResumed(),
    AccessRegained((), ("pier",)),
    ConnectionTested("edit", False, 2, failure="timeout", message="No answer."),
    ConnectionDisconnected(),
]


@pytest.mark.parametrize("length", range(1, len(LIFE) + 1))
def test_a_row_says_what_the_facts_fold_to(length: int) -> None:
    """After every fact of a life, in batches of any size, a connection's row is the fold of its facts."""
    told = Told()
    for fact in LIFE[:length]:
        told.tell("books", fact)
    known = fold(fact for fact in LIFE[:length] if isinstance(fact, ConnectionFact))
    with told.shown(1, 2, 3) as engine:
        row = queries.find_connection(engine, "C1", "books")
        assert row is not None
        life = known.life
        assert (row.system, row.name, row.environment) == (known.system, known.name, known.environment)
        assert (row.credential, row.credential_version) == (known.credential, life.credential_version)
        assert (row.stage, row.revision, row.maker, row.admin) == (life.stage, life.revision, life.maker, life.admin)
        assert (row.visibility, row.values, row.companies) == (life.visibility, life.values, life.companies)
        assert row.lost == {"companies": sorted(life.lost_companies), "locations": sorted(life.lost_locations)}
        assert (row.valid_until, row.reason) == (life.valid_until, life.reason)
        place = queries.find_location(engine, "C1", "pier")
        assert (place is None) == (not known.locations)
        if place:
            expected = known.at("pier")
            assert (place.name, place.zone, place.number) == (expected.name, expected.zone, expected.number)
            assert place.day_starts == f"{expected.day_starts:%H:%M}"


def test_both_databases_show_the_same_life(stage: Stage) -> None:
    """Caught up step by step or rebuilt at once, on either database."""
    stream = ConnectionId("C1", "books").stream
    for version, fact in enumerate(LIFE):
        stage.record(Recording(stream, version, (fact,)))
        if version % 5 == 0:
            catch_up(stage.engine, stage.journal)
    stage.record(
        Recording(CustomerId("harbor").stream, 0, (CustomerRegistered("Harbor Group"), ClientAdded("C1", "Main")))
    )
    catch_up(stage.engine, stage.journal)
    found = dump(stage.engine)
    (company,) = standing.companies(stage.engine, "C1")
    (link,) = standing.company_links(stage.engine, "C1", [company.company])
    assert (company.connections, link.connection, link.standing) == (0, "books", False)
    assert standing.feeds(stage.engine, "C1", ["books"]) == {"books": {"pier"}}
    assert standing.ending(stage.engine, "C1", NOW + dt.timedelta(days=1)) == []
    assert [row.client for row in standing.tenants(stage.engine, customer="harbor")] == ["C1"]
    rebuild(stage.engine, stage.journal)
    assert dump(stage.engine) == found
    assert {name: len(rows) for name, rows in found.items() if rows} == {
        "connection": 1,
        "location": 1,
        "feeder": 1,
        "company": 1,
        "company_connection": 1,
        "tenant": 1,
    }


def test_a_location_goes_to_who_feeds_it_next() -> None:
    """One whose connection is over is shown with files beside it, then with the next connection that polls it."""
    told = Told()
    told.tell("till", established(system="tray"), PIER)
    told.tell("files", established(system="files"), PIER)

    def shown() -> tuple[str, str]:
        with told.shown(1) as engine:
            place = queries.find_location(engine, "C1", "pier")
            assert place is not None
            return place.connection, place.system

    assert shown() == ("till", "tray")
    told.tell("till", ConnectionDisconnected())
    assert shown() == ("files", "files")
    told.tell("till-2", established(system="tray"), PIER)
    assert shown() == ("till-2", "tray")
    told.tell("till-2", ConnectionDisconnected())
    told.tell("files", ConnectionDisconnected())
    assert shown() == ("till-2", "tray")
    with told.shown() as engine:
        assert standing.feeds(engine, "C1", ["till", "files", "x"]) == {"till": {"pier"}, "files": {"pier"}}
        assert asked(engine) == []


def asked(engine: Engine) -> list[Due]:
    """What is due."""
    return list(due(engine, "C1", NOW, Rules(window_days=2), pushing={"files"}))


def test_what_is_due_as_a_connection_stands() -> None:
    """Suspended, or where a location is lost, days are listed with the reason and not due; drafts expect nothing."""
    told = Told()
    told.tell("till", established(system="tray"), PIER)
    with told.shown() as engine:
        assert {one.why for one in asked(engine)} == {"daily", "never-polled"}
    told.tell("till", AccessLost((), ("pier",)))
    with told.shown() as engine:
        assert {(one.why, one.is_due(NOW)) for one in asked(engine)} == {("access-lost", False)}
    told.tell("till", ConnectionSuspended("the contract"))
    with told.shown() as engine:
        assert {(one.why, one.to_do) for one in asked(engine)} == {("suspended", "resume the connection")}
        assert "suspended because 'the contract'" in asked(engine)[0].reason
    told.tell("till", ConnectionResumed(), AccessRegained((), ("pier",)), ConnectionSuspended())
    with told.shown() as engine:
        assert asked(engine)[0].reason.endswith("the connection is suspended")


def test_grants_that_end_are_told() -> None:
    """Those that end within so many days, or have ended, of connections that stand; what ends first in front."""
    told = Told()
    for name, days, facts in (
        ("a", 3, ()),
        ("b", -1, ()),
        ("c", 30, ()),
        ("d", 1, (ConnectionDisconnected(),)),
    ):
        told.tell(name, established(), ConnectionRenewed(NOW + dt.timedelta(days=days)), *facts)
    told.tell("e", established())
    with told.shown() as engine:
        found = renewals(engine, "C1", NOW, 7)
        assert [(one.connection, one.ended) for one in found] == [("b", True), ("a", False)]
        assert renewals(engine, "C2", NOW, 7) == []


def test_clients_belong_to_who_had_them_first() -> None:
    """A client is of one customer; a second one that claims it is passed over; names follow."""
    told = Told()
    harbor, pier = CustomerId("harbor").stream, CustomerId("pier").stream
    told.record(harbor, CustomerRegistered("Harbor Group"), ClientAdded("ny", "New York"))
    told.record(harbor, ClientAdded("la", "Los Angeles"))
    told.record(pier, CustomerRegistered("Pier Group"), ClientAdded("ny", "Stolen"))
    told.record(harbor, ClientRenamed("ny", "NYC"))
    told.tell("x", FilesRead("L1", ATTEMPT), RosterChanged("L1", ()))
    with told.shown(2, 1, 2) as engine, told.shown() as rebuilt:
        assert dump(engine) == dump(rebuilt)
        found = standing.tenants(engine)
        assert [(row.client, row.customer, row.customer_name, row.name) for row in found] == [
            ("la", "harbor", "Harbor Group", "Los Angeles"),
            ("ny", "harbor", "Harbor Group", "NYC"),
        ]
        assert [row.client for row in standing.tenants(engine, customer="harbor", after="la")] == ["ny"]
        assert standing.tenants(engine, customer="pier") == []
        assert standing.find_tenant(engine, "nobody") is None
