"""The demonstration: a simulated Tray POS, a month of business days polled, edits made there and polled again."""

import contextlib
import datetime as dt
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Final

import msgspec

from adapters.pos.tray.simulator import Edits, Running, TrayPos, TrayPosSettings, running, some_venues
from adapters.pos.tray.simulator import Venue as SimulatedVenue
from api import days
from api.composition import OpenHouse
from domain.business_date import date_of
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.intent import Intent
from domain.commands.loading import load_connection
from domain.commands.recording import Outcome
from domain.connection import NotConnected
from domain.facts import LocationAdded
from domain.identifiers import ConnectionId, DayId
from domain.permissions import rights_of
from domain.refusals import Refusal
from projections.catching_up import catch_up

CONNECTION: Final = "tray"
_KEY: Final = "tray-key-one"
_EDITED_DAYS: Final = (1, 3)
"""Business days before today that somebody edits at the POS."""

_NOON: Final = dt.time(17, 0)
_MOST_PORTS: Final = 50


@dataclass(frozen=True, slots=True)
class Plan:
    """What the demonstration is made of.

    Attributes:
        days: business days of each location, up to yesterday.
        locations: how many.
        tickets: checks on each business day.
        seed: of the simulated data.
    """

    days: int = 30
    locations: int = 3
    tickets: int = 120
    seed: int = 1

    @property
    def client(self) -> str:
        """The client that it works for: other data is another client's, so that runs never mix."""
        return f"demo-{self.seed}-{self.locations}-{self.tickets}"


class Memory(msgspec.Struct, forbid_unknown_fields=True):
    """What the POS has to remember from run to run, since it draws its data afresh each time.

    Attributes:
        port: where it was served, which is what the connection says.
        edits: what was changed at it, in order.
    """

    port: int = 0
    edits: list[Edits] = []


@dataclass(slots=True)
class Stage:
    """A demonstration under way.

    Attributes:
        plan: what it is made of.
        opened: the running daybook, for the plan's client.
        pos: the running POS.
        memory: what it remembers.
        memory_file: where.
        venues: the POS's venues that are connected.
        dates: business dates to poll, by location.
    """

    plan: Plan
    opened: OpenHouse
    pos: Running
    memory: Memory
    memory_file: Path
    venues: tuple[SimulatedVenue, ...]
    dates: dict[str, list[dt.date]] = field(default_factory=dict)

    @property
    def client(self) -> str:
        """Whom the demonstration is for."""
        return self.opened.settings.client


class MemoryDamaged(Refusal):
    """The file in which the simulated POS remembers its edits cannot be read."""


Progress = Callable[[DayId, Outcome], None]


@contextlib.contextmanager
def staged(plan: Plan, opened: OpenHouse, folder: Path) -> Iterator[Stage]:
    """Bring up the POS with everything that was done at it in earlier runs, and connect it if it is not.

    The connection that exists is kept, so the POS comes up at the port that it says. The edits are written down before
    they are made, and made again in every run: wherever a run was killed, the next one meets the POS as it was left.

    Raises:
        OSError: the port that the POS had is taken.
        MemoryDamaged: its memory cannot be read.
    """
    memory_file = folder / f"pos-{opened.settings.client}.json"
    memory = recall(memory_file)
    venues = some_venues(plan.locations, api_key=_KEY)
    connected = tuple(venue for venue in venues if venue.api_key == _KEY)
    now = opened.house.clock.now()
    dates = {venue.id: polled_dates(venue, plan.days, now) for venue in connected}
    # The window of the POS's data never ends: what a date holds must not depend on the day on which the demo runs.
    settings = TrayPosSettings(
        seed=plan.seed,
        venues=venues,
        tickets=plan.tickets,
        first=dt.date(2020, 1, 1),
        last=dt.date(2100, 1, 1),
    )
    pos = TrayPos(settings)
    for edits in memory.edits:
        pos.edit(edits)
    with running(pos, memory.port) as served:
        if memory.port != served.port:
            memory.port = served.port
            remember(memory_file, memory)
        stage = Stage(
            plan, opened, served, memory, memory_file, connected, {location_of(v): dates[v.id] for v in connected}
        )
        connect(stage)
        yield stage


def free_client(plan: Plan, folder: Path) -> str:
    """The client for this run: the plan's, or a numbered one while the port of that one's POS is taken by others."""
    for number in range(1, _MOST_PORTS):
        client = plan.client if number == 1 else f"{plan.client}.{number}"
        if port_is_free(recall(folder / f"pos-{client}.json").port):
            return client
    return f"{plan.client}.{_MOST_PORTS}"


def port_is_free(port: int) -> bool:
    """Whether nobody listens on the port of this machine."""
    if port == 0:
        return True
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def recall(path: Path) -> Memory:
    """What the POS remembers, or nothing yet.

    Raises:
        MemoryDamaged: the file is not what daybook wrote.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Memory)
    except FileNotFoundError:
        return Memory()
    except msgspec.DecodeError as error:
        raise MemoryDamaged(
            f"{path} is not what the demo wrote ({error}): remove the folder and run it again."
        ) from None


def remember(path: Path, memory: Memory) -> None:
    """Write the memory whole or not at all."""
    fresh = path.with_suffix(".new")
    fresh.write_bytes(msgspec.json.encode(memory))
    fresh.replace(path)


def location_of(venue: SimulatedVenue) -> str:
    """Our id of a venue: its name in small letters."""
    return venue.name.lower().replace(" ", "-")


def polled_dates(venue: SimulatedVenue, count: int, now: dt.datetime) -> list[dt.date]:
    """The last business dates of a venue that are over, oldest first."""
    today = date_of(now, venue.zone, venue.day_start)
    return [today - dt.timedelta(days=back) for back in range(count, 0, -1)]


def connect(stage: Stage) -> bool:
    """Make the connection with its locations; whether it was not there yet."""
    connection = ConnectionId(stage.client, CONNECTION)
    try:
        load_connection(stage.opened.journal, connection)
    except NotConnected:
        locations = tuple(
            LocationAdded(
                location_of(venue),
                venue.name,
                venue.zone,
                {"venue": venue.id},
                day_starts=venue.day_start.strftime("%H:%M"),
            )
            for venue in stage.venues
        )
        command = ConnectSystem(
            connection, "tray", "Simulated Tray POS", stage.pos.url, _KEY, locations, _intent(stage, "demonstration")
        )
        connect_system(command, stage.opened.house)
        catch_up(stage.opened.engine, stage.opened.journal)
        return True
    catch_up(stage.opened.engine, stage.opened.journal)
    return False


def poll_all(stage: Stage, progress: Progress) -> None:
    """Poll every day of every location, oldest first."""
    for day in all_days(stage):
        progress(day, days.poll(stage.opened, day, _intent(stage, "daily poll")))


def all_days(stage: Stage) -> list[DayId]:
    """The days of the demonstration, by date."""
    found = [DayId(stage.client, location, date) for location, dates in stage.dates.items() for date in dates]
    return sorted(found, key=lambda day: (day.date, day.location))


def edit(stage: Stage) -> list[DayId]:
    """Edit and void some tickets and punches at the POS; answers the days that differ there now, by date.

    A void after the close counts on the business date of the void, so that the day after an edited one differs as well.
    """
    touched: set[DayId] = set()
    now = stage.opened.house.clock.now()
    made = len(stage.memory.edits)
    for venue in stage.venues:
        location = location_of(venue)
        dates = stage.dates[location]
        for back in _EDITED_DAYS:
            if back > len(dates):
                continue
            date = dates[-back]
            # Nothing at the POS is of the future, also where the day is young.
            at = min(dt.datetime.combine(date, _NOON, dt.UTC) + dt.timedelta(days=1), now - dt.timedelta(seconds=1))
            at = at.replace(microsecond=0)
            edits = Edits(
                venue=venue.id,
                business_date=date,
                seed=made,
                tickets=2,
                voids=1,
                tips=1,
                punches=2,
                staff_changed=1,
                modified_at=at,
                void_at=at,
            )
            made += 1
            stage.memory.edits.append(edits)
            remember(stage.memory_file, stage.memory)
            stage.pos.pos.edit(edits)
            touched |= {
                DayId(stage.client, location, near) for near in (date, date + dt.timedelta(days=1)) if near in dates
            }
    return sorted(touched, key=lambda day: (day.date, day.location))


def repoll(stage: Stage, edited: list[DayId], progress: Progress) -> None:
    """Poll the edited days again."""
    for day in edited:
        progress(day, days.poll(stage.opened, day, _intent(stage, "edited at the POS")))


def true_net_sales(stage: Stage, day: DayId) -> Decimal:
    """The net sales that the POS itself states, counted as daybook counts them.

    A void after the close belongs to the business date of the void: the POS takes it out of the day of the check, so
    that it is put back there, and taken out of the day on which it was posted.
    """
    venue = next(venue for venue in stage.venues if location_of(venue) == day.location)
    truth = stage.pos.pos.truth(venue.id, day.date)
    net = Decimal(truth["netSales"]) - Decimal(truth["lateVoids"]["amount"])
    later = day.date + dt.timedelta(days=1)
    today = date_of(stage.opened.house.clock.now(), venue.zone, venue.day_start)
    while later <= today:
        for row in stage.pos.pos.day(venue.id, later).rows("voids"):
            void = msgspec.json.decode(row.text)
            if void["checkBusinessDate"] == day.date.isoformat():
                net += Decimal(void["amount"])
        later += dt.timedelta(days=1)
    return net


def _intent(stage: Stage, reason: str) -> Intent:
    return Intent(stage.opened.settings.who, reason, rights=rights_of(stage.opened.settings.role))
