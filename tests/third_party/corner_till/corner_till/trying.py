"""The suites that daybook ships, against the played till: ``python -m pytest corner_till/trying.py``."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from adapters.conformance import SystemConformance, TargetConformance, TargetTrial, Trial
from corner_till import SYSTEM
from corner_till.playing import PERSONAL, TOKEN, Memory, playing
from domain.business_date import window
from domain.facts.objects import ObjectType
from domain.outward.documents import RecordDocument
from domain.ports.source import DayRequest, System
from domain.ports.target import Effect

_NAMES = {"first_name": "Wilhelmina", "last_name": "Thistlewood", "email": "mina@corner.example"}


class TestCornerTill(SystemConformance, TargetConformance):
    """Corner Till passes what every adapter passes, and what every system passes that is told of things."""

    def system(self) -> System:
        """Corner Till."""
        found: System = SYSTEM
        return found

    @contextmanager
    def trial(self) -> Iterator[Trial]:
        """A till that plays."""
        with playing() as url:
            day = window(dt.date(2026, 11, 20), "America/New_York")
            yield Trial(
                {"environment": url, "token": TOKEN},
                {"token": "ct-wr0ngone"},
                DayRequest("main", "till", "pier", day, {"store": "S1"}),
                PERSONAL,
            )

    @contextmanager
    def target_trial(self) -> Iterator[TargetTrial]:
        """A till that remembers what it is told: of a store, a job, and somebody whom it does not know yet."""
        memory = Memory()

        @contextmanager
        def fault(name: str) -> Iterator[None]:
            memory.fault = name
            yield
            memory.fault = ""

        with playing(memory=memory) as url:
            yield TargetTrial(
                {"environment": url, "token": TOKEN},
                {"token": "ct-wr0ngone"},
                (
                    _effect("job", RecordDocument("job", "Baker", "Baker")),
                    _effect("location", RecordDocument("location", "pier", "Pier 17", {"zone": "America/Chicago"})),
                    _effect("employee", _person("P7", {"jobs": "Cook", "payroll_id": "17", "rate/Cook": "16.50"})),
                ),
                (_effect("employee", _person("P8", {"jobs": "Juggler"})),),
                lambda effect: _standing(memory, effect),
                lambda: memory.requests,
                fault,
                "2026-11-30",
            )


def _person(id_: str, fields: dict[str, str]) -> RecordDocument:
    return RecordDocument("employee", id_, "", fields, {name: f"sealed:{name}" for name in _NAMES}, "hr::u-1")


def _effect(kind: ObjectType, document: RecordDocument) -> Effect:
    opened = _NAMES if kind == "employee" else {}
    key = f"{kind}:pier:{document.id}"
    return Effect(kind, key, "create", f"{key}:v1", document, place={"store": "S1"}, opened=opened)


def _standing(memory: Memory, effect: Effect) -> int:
    document = effect.document
    if not isinstance(document, RecordDocument):
        return 0
    what = {"employee": "people", "job": "jobs", "location": "settings"}[effect.type]
    found = memory.told.get(("S1", what, "" if effect.type == "location" else document.id))
    if found is None:
        return 0
    named = {"name": document.name} if document.name else dict(effect.opened)
    wanted = {**named, "active": document.active}
    return int(all(found.get(name) == value for name, value in wanted.items()))
