"""Running: a flow with one point broken, gone on with as somebody would who remembers nothing, and looked at."""

import datetime as dt
import gc
import random
import shutil
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from api.composition import OpenHouse, init_store, open_house
from api.logs import configure_logs
from api.settings import Settings, load_settings
from domain.ports.source import System
from projections.catching_up import catch_up
from projections.integrity import claimed_twice
from projections.rebuilding import rebuild
from projections.tables import metadata
from tests.sweep.points import MODES, Killed, Mode, Points, hooked

MOST_ROUNDS: Final = 60
"""Rounds after which a flow should have come to its end."""

MOST_TOLD: Final = 20


@dataclass
class Clock:
    """The machine's clock, put forward."""

    ahead: dt.timedelta = dt.timedelta()

    def now(self) -> dt.datetime:
        """The time."""
        return dt.datetime.now(dt.UTC) + self.ahead


@dataclass(frozen=True)
class Step:
    """A part of a flow.

    Attributes:
        do: does what there is to do, once; called again until it answers that nothing is left.
        counted: its statements and requests are points; else nothing breaks in it.
    """

    do: Callable[["Trial"], bool]
    counted: bool = True


class Flow(ABC):
    """A flow that is swept. One and the same for all of its trials; what a trial changes is made anew by ``begin``."""

    name: str
    systems: dict[str, System]

    @abstractmethod
    def prepare(self, opened: OpenHouse) -> None:
        """What is recorded before any trial, once."""

    @abstractmethod
    def begin(self, trial: "Trial") -> None:
        """The other side as it is before a trial, and what is not worth a point."""

    @property
    @abstractmethod
    def steps(self) -> Sequence[Step]:
        """What is done, in order."""

    @abstractmethod
    def violations(self, trial: "Trial") -> Iterator[str]:
        """What must not be so at the end, and is."""


@dataclass
class Trial:
    """A flow under way.

    Attributes:
        flow: which.
        points: that it passes.
        house: opens its store.
        clock: of the house.
        opened: the running daybook.
        noted: what the steps remember, as a person does who waits for an answer.
    """

    flow: Flow
    points: Points
    house: Callable[[], Any]
    clock: Clock = field(default_factory=Clock)
    noted: dict[str, Any] = field(default_factory=dict)
    _closing: ExitStack = field(default_factory=ExitStack)
    opened: OpenHouse = field(init=False)

    def open(self) -> None:
        """Open the store, as a process does that begins."""
        with self.points.paused():
            self.points.dead = False
            self._closing = ExitStack()
            whole = self._closing.enter_context(self.house())
            self.opened = replace(whole, house=replace(whole.house, clock=self.clock))

    def close(self) -> None:
        """Close it."""
        self.points.dead = False
        with self.points.paused():
            self._closing.close()
            self.points.cut()

    def run(self) -> Iterator[str]:
        """Do all steps, whatever breaks; answers what must not be so."""
        self.open()
        try:
            with self.points.paused():
                self.flow.begin(self)
            for number, step in enumerate(self.flow.steps, 1):
                if not self._done(step):
                    yield f"step {number} did not come to its end"
                    return
            with self.points.paused():
                yield from self.flow.violations(self)
                yield from sound(self.opened)
        finally:
            self.close()

    def _done(self, step: Step) -> bool:
        for _ in range(MOST_ROUNDS):
            if self._did(step):
                return True
            if self.points.dead:
                gc.collect()  # nothing of the process is left, not even a traceback that holds a cursor and its lock
                self.points.cut()
                self.close()
                self.open()
            self.clock.ahead += dt.timedelta(minutes=1)
        return False

    def _did(self, step: Step) -> bool:
        try:
            with self.points.counted() if step.counted else self.points.paused():
                return step.do(self)
        except Killed:
            return False
        except Exception as error:
            if not self.points.where:
                raise
            self.noted["error"] = repr(error)[:300]
            return False


def sound(opened: OpenHouse) -> Iterator[str]:
    """What is wrong with the journal and the views."""
    catch_up(opened.engine, opened.journal)
    yield from opened.journal.verify().faults
    yield from (alert.sentence for alert in claimed_twice(opened.engine))
    before = dump(opened)
    rebuild(opened.engine, opened.journal)
    after = dump(opened)
    yield from (f"the view {name} is not what the journal says" for name in before if before[name] != after[name])


def dump(opened: OpenHouse) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every view."""
    with opened.engine.connect() as connection:
        found = {}
        for table in metadata.sorted_tables:
            keys = ", ".join(f'"{column.name}"' for column in table.primary_key.columns)
            named = f'"{table.schema}"."{table.name}"'
            rows = connection.exec_driver_sql(f"SELECT * FROM {named} ORDER BY {keys}")  # noqa: S608 - names of ours
            found[table.name] = [tuple(row) for row in rows]
        return found


@dataclass
class Stores:
    """Where the stores of trials come from: copies of one that was prepared.

    Attributes:
        folder: for everything.
        server: a PostgreSQL server, or None for SQLite.
        template: the name of a migrated database there; empty: none is at hand.
    """

    folder: Path
    server: Any = None
    template: str = ""
    _prepared: str = ""

    def prepare(self, flow: Flow) -> None:
        """Make the store that others are copied from."""
        self._prepared = self.server.create(template=self.template or None) if self.server else ""
        settings = self._settings("prepared", self._prepared)
        configure_logs(settings)
        init_store(settings)
        with open_house(settings, systems=flow.systems) as opened:
            flow.prepare(opened)
            catch_up(opened.engine, opened.journal)

    def house(self, flow: Flow, number: int) -> tuple[Callable[[], Any], Callable[[], None]]:
        """What opens a copy, and what does away with it."""
        name, database = f"trial-{number}", ""
        shutil.copytree(self.folder / "prepared", self.folder / name)
        if self.server:
            database = self.server.create(template=self._prepared)
        settings = self._settings(name, database)

        def away() -> None:
            shutil.rmtree(self.folder / name)
            if database:
                self.server.drop(database)

        return lambda: open_house(settings, systems=flow.systems), away

    def _settings(self, name: str, database: str) -> Settings:
        url = self.server.url(database) if database else ""
        return load_settings(
            data_dir=self.folder / name,
            database_url=url,
            log_level="error",
            access="open",
            allow_loopback=True,
            retention_years=0,
            store_ssn="vault",
        )


@dataclass
class Swept:
    """What came of a sweep.

    Attributes:
        flow: its name.
        points: how many there are.
        kinds: by what they are.
        trials: points that were broken.
        told: violations.
        seconds: that it took.
    """

    flow: str
    points: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    trials: int = 0
    told: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "flow": self.flow,
            "points": self.points,
            "kinds": self.kinds,
            "trials": self.trials,
            "violations": len(self.told),
            "seconds": round(self.seconds, 1),
            "told": self.told[:MOST_TOLD],
        }


def sweep(flow: Flow, stores: Stores, *, sample: int = 0, seed: int = 0, only: tuple[int, Mode] | None = None) -> Swept:
    """Break every point of a flow in every way.

    Args:
        flow: which.
        stores: where it is run.
        sample: break only so many, chosen by the seed; 0: all.
        seed: of the sample.
        only: break this point alone, in this way.
    """
    began, swept = time.perf_counter(), Swept(flow.name)
    stores.prepare(flow)
    clean = _trial(flow, stores, 0, Points())
    swept.points, swept.kinds = clean[0].passed, clean[0].kinds
    swept.told += [f"nothing broken: {one}" for one in clean[1]]
    chosen: list[tuple[int, Mode]] = [(at, mode) for at in range(1, swept.points + 1) for mode in MODES]
    if only is not None:
        chosen = [only]
    elif sample:
        chosen = random.Random(f"{seed} {flow.name}").sample(chosen, min(sample, len(chosen)))
    for number, (at, mode) in enumerate(chosen, 1):
        points, found = _trial(flow, stores, number, Points(at, mode))
        swept.trials += bool(points.where)
        swept.told += [f"{points.where}: {one}" for one in found]
    swept.seconds = time.perf_counter() - began
    return swept


def _trial(flow: Flow, stores: Stores, number: int, points: Points) -> tuple[Points, list[str]]:
    house, away = stores.house(flow, number)
    try:
        with hooked(points):
            trial = Trial(flow, points, house)
            try:
                found = list(trial.run())
            except Exception as error:  # noqa: BLE001 - whatever it is, it is told of this point
                found = [f"it ended with {error!r:.300}"]
            if found and "error" in trial.noted:
                found[0] += f" (last error: {trial.noted['error']})"
        return points, found
    finally:
        away()


@contextmanager
def a_flow(make: Callable[[ExitStack], Flow]) -> Iterator[Flow]:
    """A flow with the peers that it needs, which go away with it."""
    with ExitStack() as closing:
        yield make(closing)
