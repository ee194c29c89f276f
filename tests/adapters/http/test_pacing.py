"""A system's budget is kept on our side: so many requests in any minute, and no wait without an end."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import httpcore
import pytest

from adapters.http import Paces, answer_of, gate, open_client
from adapters.http.pacing import MINUTE, MOST_PACES, Pace
from adapters.pos.tray.patience import Timing
from adapters.pos.tray.profile import PROFILE
from adapters.pos.tray.system import client
from domain.ports.reach import Reach
from domain.ports.source import Limits, SourceFailure
from domain.ports.systems import Budget

NOON = dt.datetime(2026, 11, 2, 12, 0, tzinfo=dt.UTC)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]"


@dataclass
class Clock:
    """Time that passes where somebody sleeps."""

    seconds: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        """Seconds."""
        return self.seconds

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.seconds += seconds

    def now(self) -> dt.datetime:
        """The time."""
        return NOON + dt.timedelta(seconds=self.seconds - 1000)

    @property
    def paces(self) -> Paces:
        """Paces by this clock."""
        return Paces(self.monotonic, self.sleep, self.now)

    def pace(self, per_minute: int) -> Pace:
        """A pace by this clock."""
        return Pace(per_minute, self.monotonic, self.sleep, self.now)


@pytest.fixture
def clock() -> Clock:
    """A clock."""
    return Clock()


def test_no_minute_has_more(clock: Clock) -> None:
    """In any sixty seconds there are at most as many as the budget says, however they come."""
    pace = clock.pace(5)
    passed = []
    for number in range(40):
        clock.seconds += (0, 0.5, 7, 0)[number % 4]
        pace.wait(MINUTE)
        passed.append(clock.seconds)
    assert all(later - earlier >= MINUTE for earlier, later in zip(passed, passed[5:], strict=False))
    assert passed == sorted(passed)


def test_within_the_budget_nobody_waits(clock: Clock) -> None:
    """Requests that are few enough go at once."""
    pace = clock.pace(5)
    for _ in range(20):
        assert pace.wait(0) == 0
        clock.seconds += MINUTE / 5
    assert clock.slept == []


def test_nobody_waits_without_an_end(clock: Clock) -> None:
    """Past what is waited at most it is a failure that says when to ask again; it takes no turn from who waits."""
    pace = clock.pace(2)
    pace.wait(30)
    clock.seconds += 20
    pace.wait(30)
    with pytest.raises(SourceFailure, match="at most 2 times a minute") as refused:
        pace.wait(30)
    assert (refused.value.failure, refused.value.retryable) == ("rate-limited", True)
    assert refused.value.retry_at == clock.now() + dt.timedelta(seconds=40)
    assert clock.slept == []
    clock.seconds += 15
    assert pace.wait(30) == 25


def test_who_comes_with_the_same_secret_is_one(clock: Clock) -> None:
    """However many clients are opened; another secret, or another system, has a budget of its own."""
    paces = clock.paces
    key = {"X-Api-Key": "one"}
    assert paces.of("tray", key, 10) is paces.of("tray", dict(key), 10)
    assert paces.of("tray", key, 10) is not paces.of("tray", {"X-Api-Key": "two"}, 10)
    assert paces.of("tray", key, 10) is not paces.of("till", key, 10)
    first = paces.of("tray", key, 10)
    for number in range(MOST_PACES):
        paces.of("tray", {"X-Api-Key": f"other {number}"}, 10)
    assert paces.of("tray", key, 10) is not first
    assert len(paces._known) == MOST_PACES


class Answering(httpcore.MockBackend):
    """A network on which everybody answers an empty list, and hangs up."""

    def __init__(self) -> None:
        super().__init__([ANSWER])
        self.asked = 0

    def connect_tcp(self, *to: Any, **given: Any) -> httpcore.NetworkStream:
        """A line to somebody."""
        self.asked += 1
        return super().connect_tcp(*to, **given)


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Answering:
    """A network where every name is a public address."""
    monkeypatch.setattr("adapters.http.guard.resolve", lambda *_: ["8.8.8.8"])
    return Answering()


LIMITS = Limits(longest_pause=45.0, request_timeout=5.0, reach=Reach(hosts=("any=pos.example.com",)))


def test_the_way_out_keeps_it(clock: Clock, network: Answering) -> None:
    """Of whoever opens clients for the same secret; waiting for a turn takes nothing off a request's own time."""
    paces = clock.paces

    def ask() -> bytes:
        allowed, secrets = gate("any", (), LIMITS.reach), {"X-Api-Key": "k"}
        with open_client(allowed, LIMITS, secrets=secrets, network=network, budget=Budget(1, 2), paces=paces) as opened:
            return answer_of(opened, "https://pos.example.com/jobs", LIMITS)

    for _ in range(3):
        assert ask() == b"[]"
        clock.seconds += 10
    assert clock.slept == [40.0]
    assert ask() == b"[]"
    with pytest.raises(SourceFailure, match="2 times a minute"):
        ask()
    assert network.asked == 4


def test_tray_is_asked_as_often_as_it_says(clock: Clock, network: Answering) -> None:
    """The budget of its profile is what its client keeps."""
    timing = Timing(clock.sleep, clock.monotonic, clock.now)
    limits = Limits()
    with client(gate("tray", PROFILE.hosts, limits.reach), limits, "key", network, timing) as http:
        for _ in range(PROFILE.budget.per_minute):
            http.get("https://kernel.tray.com/kernel/v1/venues")
        clock.seconds += 45
        http.get("https://kernel.tray.com/kernel/v1/venues")
    assert clock.slept == [15.0]
