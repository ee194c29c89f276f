"""Faults: what can go wrong with a request, armed by name."""

import threading
from dataclasses import dataclass
from typing import Final

CATALOGUE: Final[dict[str, str]] = {
    "silence": "It is done, and no answer comes.",
    "cut-answer": "It is done, and half of the answer comes before the connection ends.",
    "gateway-error": "It is done, and a gateway on the way answers 502.",
    "gateway-timeout": "It is done, and a gateway on the way answers 504.",
    "unreadable": "It is done, and the answer is not JSON.",
    "unavailable": "Nothing is done, and the answer is 503.",
    "hang-up": "Nothing is done, and the connection ends without an answer.",
    "too-many": "Nothing is done, and the answer is 429 with Retry-After.",
    "expired-token": "Nothing is done, the token is not accepted any more, and the answer is 401.",
    "redirect": "Nothing is done, and the answer points elsewhere.",
}
"""Every fault, in a sentence."""

AFTER: Final = frozenset({"silence", "cut-answer", "gateway-error", "gateway-timeout", "unreadable"})
"""Faults that come after the effect."""


@dataclass(slots=True)
class _Armed:
    name: str
    times: int | None
    after: int
    path: str
    method: str


class Board:
    """The armed faults. May be used by several threads at once."""

    def __init__(self) -> None:
        self._armed: list[_Armed] = []
        self._lock = threading.Lock()

    def arm(
        self, name: str, *, times: int | None = 1, after: int = 0, path: str = "/transactions", method: str = "POST"
    ) -> None:
        """Arm a fault: it acts ``times`` times (None: always) once ``after`` matching requests have passed.

        Raises:
            ValueError: there is no fault of this name.
        """
        if name not in CATALOGUE:
            message = f"There is no fault named {name}."
            raise ValueError(message)
        with self._lock:
            self._armed.append(_Armed(name, times, after, path, method))

    def clear(self) -> None:
        """Disarm everything."""
        with self._lock:
            self._armed.clear()

    def due(self, method: str, path: str) -> str:
        """The fault whose turn it is at this request; empty for none."""
        with self._lock:
            for armed in self._armed:
                if armed.times == 0 or armed.method != method or not path.endswith(armed.path):
                    continue
                if armed.after > 0:
                    armed.after -= 1
                    continue
                if armed.times is not None:
                    armed.times -= 1
                return armed.name
        return ""
