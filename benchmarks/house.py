"""daybook over a store, as the product puts it together: opened, connected to the POS, polled, brought up to date."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import sqlalchemy as sa

from adapters.pos.tray import SYSTEM
from api import people
from api.composition import OpenHouse, init_store, open_house
from api.logs import configure_logs
from api.settings import Settings, load_settings
from benchmarks.measuring import Stopwatch, Taken
from benchmarks.pos import Pos
from benchmarks.store import Store
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.intent import Intent
from domain.commands.issue_key import IssueKey
from domain.commands.poll_day import PollDay, poll_day
from domain.commands.recording import Outcome
from domain.facts import LocationAdded
from domain.identifiers import ConnectionId, DayId, PeopleId
from domain.permissions import EVERYTHING
from projections.catching_up import catch_up
from projections.tables import day, ticket

CLIENT: Final = "bench"
LOCATION: Final = "L1"
CONNECTION: Final = ConnectionId(CLIENT, "tray")


def settings_for(store: Store) -> Settings:
    """The settings of a daybook on this store."""
    return load_settings(
        database_url=store.url,
        data_dir=store.folder,
        client=CLIENT,
        actor="bench",
        port=0,
        access="open",
        allow_loopback=True,
    )


def connect(store: Store, pos: Pos) -> None:
    """Make daybook's store and connect it to the POS."""
    init_store(settings_for(store))
    location = LocationAdded(LOCATION, "Bench", pos.zone, {"venue": pos.venue})
    with opened(store) as house:
        connect_system(
            ConnectSystem(CONNECTION, SYSTEM.key, "Bench", pos.url, pos.key, (location,), Intent("bench")), house.house
        )
        catch_up(house.engine, house.journal)


@contextmanager
def opened(store: Store, *, projecting: bool = False) -> Iterator[OpenHouse]:
    """daybook, open; with its projector where it is to serve."""
    if not projecting:
        configure_logs(settings_for(store), quiet=True)
    with open_house(settings_for(store), projecting=projecting, systems={SYSTEM.key: SYSTEM}) as house:
        yield house


def issue_key(store: Store) -> str:
    """An API key of the client, good for a day."""
    with opened(store) as house:
        command = IssueKey(PeopleId(CLIENT), "bench", ["auditor"], 1, Intent("bench", "measured", rights=EVERYTHING))
        return people.issue(house, command).secret


def poll(house: OpenHouse, date: dt.date) -> Outcome:
    """Poll one day and bring all views up to date, as the command line does."""
    outcome = poll_day(PollDay(day_id(date), CONNECTION, Intent("bench", "measured", rights=EVERYTHING)), house.house)
    catch_up(house.engine, house.journal)
    return outcome


def day_id(date: dt.date) -> DayId:
    """The day of the location that is measured."""
    return DayId(CLIENT, LOCATION, date)


def shown(house: OpenHouse) -> dict[str, Any]:
    """What the views show: the number of tickets, and the gross sales and discounts of all days in cents."""
    with house.engine.connect() as connection:
        tickets = connection.scalar(sa.select(sa.func.count()).select_from(ticket))
        gross, net = connection.execute(
            sa.select(sa.func.sum(day.c.gross_sales_cents), sa.func.sum(day.c.net_sales_cents))
        ).one()
    return {"tickets": int(tickets or 0), "gross_cents": int(gross or 0), "net_cents": int(net or 0)}


def poll_with_daybook(store: Store, pos: Pos) -> Taken:
    """Poll all days one after the other, with all views caught up after each."""
    watch = Stopwatch()
    outcomes, changed = set(), 0
    with opened(store) as house:
        with watch.running():
            for date in pos.dates:
                outcome = poll(house, date)
                outcomes.add(outcome.outcome)
                changed += outcome.changed
        found = {"outcomes": sorted(outcomes), "changed": changed, **shown(house)}
    return Taken(watch.seconds, found)
