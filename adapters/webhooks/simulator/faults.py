"""Faults: what can go wrong with a message, armed by name."""

import threading
from dataclasses import dataclass
from typing import Final

CATALOGUE: Final[dict[str, str]] = {
    "silence": "It is taken, and no answer comes.",
    "cut-answer": "It is taken, and half of the answer comes before the connection ends.",
    "gateway-error": "It is taken, and a gateway on the way answers 502.",
    "gateway-timeout": "It is taken, and a gateway on the way answers 504.",
    "answered-twice": "It is taken, and the answer comes two times.",
    "large-answer": "It is taken, and the answer does not end.",
    "down": "It is not taken, and the answer is 500.",
    "unavailable": "It is not taken, and the answer is 503 with Retry-After.",
    "too-many": "It is not taken, and the answer is 429 with Retry-After.",
    "refuse": "It is not taken, and the answer is 400.",
    "forget-secret": "It is not taken, and the answer is 401.",
    "gone": "It is not taken, and the answer is 410.",
    "redirect": "It is not taken, and the answer points elsewhere.",
    "hang-up": "It is not taken, and the connection ends without an answer.",
}
"""Every fault, in a sentence."""

AFTER: Final = frozenset(
    {"silence", "cut-answer", "gateway-error", "gateway-timeout", "answered-twice", "large-answer"}
)
"""Faults that come after it was taken."""


@dataclass(slots=True)
class _Armed:
    name: str
    times: int | None
    after: int


class Board:
    """The armed faults. May be used by several threads at once."""

    def __init__(self) -> None:
        self._armed: list[_Armed] = []
        self._lock = threading.Lock()

    def arm(self, name: str, *, times: int | None = 1, after: int = 0) -> None:
        """Arm a fault: it acts ``times`` times (None: always) once ``after`` messages have passed.

        Raises:
            ValueError: there is no fault of this name.
        """
        if name not in CATALOGUE:
            message = f"There is no fault named {name}."
            raise ValueError(message)
        with self._lock:
            self._armed.append(_Armed(name, times, after))

    def clear(self) -> None:
        """Disarm everything."""
        with self._lock:
            self._armed.clear()

    def due(self) -> str:
        """The fault whose turn it is at this message; empty for none."""
        with self._lock:
            for armed in self._armed:
                if armed.times == 0:
                    continue
                if armed.after > 0:
                    armed.after -= 1
                    continue
                if armed.times is not None:
                    armed.times -= 1
                return armed.name
        return ""
