"""Which faults are armed, for which requests, and how often still."""

import email.utils
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from adapters.pos.tray.simulator.faults.registry import CATALOGUE, Fault
from adapters.pos.tray.simulator.kernel import CONSOLIDATED, Refused, Visit

_LONGEST_WAIT_SECONDS = 60


@dataclass(slots=True)
class Armed:
    """One armed fault.

    Attributes:
        name: of the fault.
        times: how often it still acts; None for always.
        after: matching requests to let pass first.
        resource: only requests for it; None for all.
        venue: only requests to it; None for all.
        parameters: what the fault's sentence names.
        fired: how often it has acted.
    """

    name: str
    times: int | None = 1
    after: int = 0
    resource: str | None = None
    venue: str | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    fired: int = 0

    @property
    def fault(self) -> Fault:
        """The fault itself."""
        return CATALOGUE[self.name]

    def matches(self, visit: Visit) -> bool:
        """Say whether the request is one of those meant; inside an archive, whether the resource packed is."""
        of_rows = self.fault.trap is not None or self.fault.page is not None
        if of_rows if visit.resource in CONSOLIDATED else visit.packed and not of_rows:
            return False
        return self.resource in (None, visit.resource) and self.venue in (None, visit.book.shop.venue.id)

    def spend(self) -> None:
        """Count that it has acted."""
        self.fired += 1
        if self.times is not None:
            self.times -= 1


@dataclass(slots=True)
class _Throttle:
    """A wait that one key was told to keep."""

    until: float
    seconds: float
    style: str


class Board:
    """The armed faults, in the order of their arming, and the waits in force."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self.armed: list[Armed] = []
        self._seconds = seconds
        self._throttles: dict[str, _Throttle] = {}

    def arm(self, armed: Armed) -> None:
        """Arm a fault.

        Raises:
            Refused: 400 for a name that is not in the catalogue.
        """
        if armed.name not in CATALOGUE:
            raise Refused(400, "unknown_fault", f"There is no fault named {armed.name}.")
        self.armed.append(armed)

    def clear(self) -> None:
        """Disarm everything, and forgive every wait."""
        self.armed.clear()
        self._throttles.clear()

    def due(self, visit: Visit) -> list[Armed]:
        """Answer the faults whose turn it is at this request; those with requests to let pass count it."""
        due = []
        for armed in self.armed:
            if not armed.matches(visit) or armed.times == 0:
                continue
            if armed.after > 0:
                armed.after -= 1
                continue
            due.append(armed)
        return due

    def throttle(self, visit: Visit, seconds: float, style: str) -> None:
        """Tell a key to wait, from now on.

        Raises:
            Refused: 429, always.
        """
        self._throttles[visit.key] = _Throttle(self._seconds() + seconds, seconds, style)
        raise self._too_many(self._throttles[visit.key])

    def keep_waiting(self, visit: Visit) -> None:
        """Refuse a key that asks before its wait is over, and double the wait.

        Raises:
            Refused: 429 where it is too early.
        """
        throttle = self._throttles.get(visit.key)
        if throttle is None:
            return
        if self._seconds() >= throttle.until:
            del self._throttles[visit.key]
            return
        throttle.seconds = min(2 * throttle.seconds, _LONGEST_WAIT_SECONDS)
        throttle.until = self._seconds() + throttle.seconds
        raise self._too_many(throttle)

    def _too_many(self, throttle: _Throttle) -> Refused:
        headers = {}
        # Rounded up, for a reader who keeps to the header must never be too early.
        whole = -int(-throttle.seconds // 1)
        if throttle.style == "seconds":
            headers["retry-after"] = str(whole)
        elif throttle.style == "date":
            until = -int(-(self._seconds() + throttle.seconds) // 1)
            headers["retry-after"] = email.utils.formatdate(until, usegmt=True)
        return Refused(429, "too_many_requests", "Too many requests; wait before asking again.", headers)

    def listing(self) -> dict[str, Any]:
        """Answer the catalogue, and what is armed."""
        return {
            "catalogue": {name: CATALOGUE[name].sentence for name in sorted(CATALOGUE)},
            "armed": [asdict(armed) for armed in self.armed],
        }
