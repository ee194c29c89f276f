"""Schedules at Tray: written whole, shift by shift results, nobody else's touched, safe to write again."""

import datetime as dt
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

import httpx
import msgspec
import pytest

from adapters.conformance import TargetConformance, TargetTrial, limits_for_trials
from adapters.conformance.targets import Fault, soon
from adapters.forms import fill
from adapters.pos.tray import SYSTEM
from adapters.pos.tray.schedules import TrayTarget
from adapters.pos.tray.simulator import Running, TrayPos, TrayPosSettings, running, some_venues
from adapters.pos.tray.simulator.scheduling import SCHEDULE_WRITES, Rota
from domain.outward import RecordDocument, ScheduleDocument, Shift, reference
from domain.ports.source import BadEndpoint, System
from domain.ports.target import Done, Effect, OutcomeUncertain, PartDone, TargetFailure

SETTINGS: Final = TrayPosSettings(venues=some_venues(2), tickets=1, staff=6)
WEEK: Final = dt.date(2026, 11, 23)
WRONG: Final = {"api_key": "wr0ng-key"}
FAULTS: Final[dict[Fault, tuple[str, dict[str, Any]]]] = {
    "silent": ("silence", {"seconds": 2}),
    "cut": ("short_body", {}),
    "gateway": ("status_502", {}),
    "too-many": ("status_429_seconds", {"seconds": 7}),
}


def staff_of(served: Running, venue: str = "V100") -> list[str]:
    """Who works at a venue."""
    return [row.id for row in served.pos.book(venue).staff(inactive=False)]


def shifts_of(served: Running, count: int = 3, *, hour: int = 15) -> tuple[Shift, ...]:
    """So many shifts, one of each person, on the first days of the week."""
    job = served.pos.book("V100").jobs()[0].id
    return tuple(
        Shift(f"20261123-{n:04d}", who, job, f"2026-11-2{4 + n}T{hour}:00:00Z", f"2026-11-2{4 + n}T22:00:00Z")
        for n, who in enumerate(staff_of(served)[:count])
    )


def schedule(shifts: tuple[Shift, ...], version: int = 1, venue: str = "V100", location: str = "pier") -> Effect:
    """A schedule that is to be written."""
    key = f"schedule:{location}:{WEEK}"
    document = ScheduleDocument(location, WEEK.isoformat(), shifts)
    name = reference(key, version, "create" if version == 1 else "update")
    step = "create" if version == 1 else "update"
    return Effect("schedule", key, step, name, document, place={"venue": venue})  # type: ignore[arg-type]


def values(served: Running) -> dict[str, Any]:
    """The form, filled in."""
    return {"environment": served.url, "api_key": "tray-key-one"}


@contextmanager
def armed(served: Running, fault: Fault) -> Iterator[None]:
    """A fault of the next schedule that is written."""
    name, parameters = FAULTS[fault]
    served.pos.arm(name, resource=SCHEDULE_WRITES, parameters=parameters)
    yield
    served.pos.disarm()


class TestTray(TargetConformance):
    """Tray, as what schedules are written to."""

    def system(self) -> System:
        """Tray."""
        return SYSTEM

    @contextmanager
    def target_trial(self) -> Iterator[TargetTrial]:
        """A POS of two venues; at one of them scheduling is not enabled."""
        with running(TrayPos(SETTINGS)) as served:
            served.pos.rota("V101").enabled = False
            rota = served.pos.rota("V100")

            def standing(effect: Effect) -> int:
                return sum(written == effect.reference for _, written in rota.written.values())

            def arming(fault: Fault) -> AbstractContextManager[None]:
                return armed(served, fault)

            yield TargetTrial(
                values(served),
                WRONG,
                (schedule(shifts_of(served)),),
                (schedule(shifts_of(served), venue="V101", location="bay"),),
                standing,
                lambda: len(served.pos.requests),
                arming,
                open_date=WEEK.isoformat(),
            )


@dataclass
class Stage:
    """A POS and a target at it."""

    served: Running
    target: TrayTarget

    @property
    def rota(self) -> Rota:
        """What is scheduled at the venue."""
        return self.served.pos.rota("V100")

    def ours(self, owner: str = "daybook:pier") -> list[str]:
        """The ids of an owner's shifts."""
        return sorted(row["externalId"] for row in self.rota.standing(WEEK, owner))

    def write(self, effect: Effect) -> Done:
        """Write."""
        return self.target.write(effect, soon())


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    """A POS."""
    with running(TrayPos(SETTINGS)) as found:
        yield found


@pytest.fixture
def stage(served: Running) -> Iterator[Stage]:
    """The POS without schedules, and a target at it."""
    served.pos.rotas.clear()
    served.pos.disarm()
    served.pos.requests.clear()
    with closing(SYSTEM.target(fill(SYSTEM.profile.form, values(served)), limits_for_trials())) as target:
        yield Stage(served, target)


def test_a_schedule_replaces_ours_and_nobody_elses(stage: Stage) -> None:
    """Shifts that were entered at the POS and those of another location at the venue stay as they are."""
    shifts = shifts_of(stage.served)
    by_hand = stage.rota.enter(WEEK, shifts[0].employee, shifts[0].job, "2026-11-26T01:00:00Z", "2026-11-26T02:00:00Z")
    stage.write(schedule(shifts[:1], location="bar"))
    stage.write(schedule(shifts))
    done = stage.write(schedule((shifts[0], msgspec.structs.replace(shifts[1], ends_at="2026-11-25T21:00:00Z")), 2))
    assert done.parts == (PartDone("20261123-0000", done=True), PartDone("20261123-0001", done=True))
    assert stage.ours() == ["20261123-0000", "20261123-0001"]
    assert stage.ours("daybook:bar") == ["20261123-0000"]
    assert [row["id"] for row in stage.rota.standing(WEEK, None)] == [by_hand]
    assert stage.write(schedule((), 3)).parts == ()
    assert (stage.ours(), stage.ours("daybook:bar")) == ([], ["20261123-0000"])


def test_each_shift_has_its_result(stage: Stage) -> None:
    """What Tray does not take is told shift by shift, when it is written and whenever it is looked up."""
    good, *others = shifts_of(stage.served)
    nobody = msgspec.structs.replace(others[0], employee="nobody")
    late = msgspec.structs.replace(others[1], starts_at="2026-12-24T15:00:00Z", ends_at="2026-12-24T16:00:00Z")
    effect = schedule((good, nobody, late, msgspec.structs.replace(good, id="odd", job="none")))
    done = stage.write(effect)
    assert [(part.done, part.message) for part in done.parts] == [
        (True, ""),
        (False, "Tray has nobody of this id at the venue."),
        (False, "Tray says that it does not begin in this week."),
        (False, "Tray has no job of this id at the venue."),
    ]
    assert done.message == "3 of 4 shifts do not stand at Tray."
    found = stage.target.look_up(effect, soon())
    assert found is not None
    assert [part.done for part in found.parts] == [True, False, False, False]


@pytest.mark.parametrize("fault", ["cut", "gateway"])
def test_written_again_after_a_lost_answer_it_is_found(stage: Stage, fault: Fault) -> None:
    """The shifts stand once, and the second writing sends nothing that changes anything."""
    effect = schedule(shifts_of(stage.served))
    with armed(stage.served, fault), pytest.raises(OutcomeUncertain):
        stage.write(effect)
    assert stage.write(effect).found
    assert [one["method"] for one in stage.served.pos.requests].count("PUT") == 1
    assert len(stage.ours()) == 3


def test_an_older_version_never_comes_after_a_newer_one(stage: Stage) -> None:
    """A writing that was overtaken is refused by Tray: what is newer stays."""
    shifts = shifts_of(stage.served)
    stage.write(schedule(shifts, 3))
    with pytest.raises(TargetFailure, match="newer version") as caught:
        stage.write(schedule(shifts[:1], 2))
    assert caught.value.failure == "rejected"
    assert len(stage.ours()) == 3


def test_what_cannot_be_read_back_is_told_as_it_was_answered(stage: Stage) -> None:
    """Where reading back fails the answer counts; where reading first fails nothing is written."""
    effect = schedule(shifts_of(stage.served))
    stage.served.pos.arm("status_503", resource="schedules", after=1)
    assert all(part.done for part in stage.write(effect).parts)
    stage.served.pos.arm("status_503", resource="schedules")
    with pytest.raises(TargetFailure) as caught:
        stage.write(schedule((), 2))
    assert (caught.value.failure, len(stage.ours())) == ("unavailable", 3)


def test_many_shifts_are_read_page_by_page(stage: Stage) -> None:
    """A week of more shifts than a page is read whole."""
    good = shifts_of(stage.served)[0]
    many = tuple(msgspec.structs.replace(good, id=f"s-{number:04d}") for number in range(700))
    done = stage.write(schedule(many))
    assert all(part.done for part in done.parts)
    with pytest.raises(TargetFailure) as caught:
        stage.write(schedule(tuple(msgspec.structs.replace(good, id=f"s-{n}") for n in range(1_001)), 2))
    assert caught.value.failure == "too-large"


def test_what_is_not_taken(stage: Stage) -> None:
    """Other types, locations without a venue, venues that are unknown or of another company."""
    effect = schedule(shifts_of(stage.served))
    rows = [
        (replace(effect, type="job", document=RecordDocument("job", "1")), "not-taken"),
        (replace(effect, place={}), "unmapped"),
        (replace(effect, place={"venue": "V999"}), "unmapped"),
        (replace(effect, place={"venue": "V900"}), "not-authorized"),
    ]
    for one, failure in rows:
        with pytest.raises(TargetFailure) as caught:
            stage.write(one)
        assert caught.value.failure == failure
    with pytest.raises(BadEndpoint, match="DAYBOOK_SUPPLIED_FILE"):
        SYSTEM.target(fill(SYSTEM.profile.form, {"ihop": True, "venues": ["V100"]}))


def test_the_simulated_pos_is_strict(stage: Stage) -> None:
    """Bodies and parameters that the contract does not know are refused."""
    url = f"{stage.served.url}/kernel/v1/venues/V100/schedules"
    with httpx.Client(headers={"X-Api-Key": "tray-key-one"}, trust_env=False) as http:
        assert http.put(url, content=b"{}").status_code == 400
        assert http.get(url, params={"week": "soon"}).status_code == 400
        assert http.get(url, params={"week": "2026-11-23", "limit": "0"}).status_code == 400
        assert http.get(url, params={"week": "2026-11-23", "x": "1"}).status_code == 400
        assert http.get(url, params={"week": "2026-11-23"}, headers={"X-Api-Key": "no"}).status_code == 401
