"""Captures in memory, for tests of everything that keeps and reads them."""

from domain.ports.captures import Capture, NoCapture


class MemoryCaptures:
    """Behaves as the port says, for as long as it lives."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Capture] = {}

    def keep(self, client: str, capture: Capture) -> str:
        """Keep a capture."""
        digest = capture.digest
        self._kept.setdefault((client, digest), capture)
        return digest

    def all(self) -> list[Capture]:
        """Everything that was kept."""
        return list(self._kept.values())

    def get(self, client: str, digest: str) -> Capture:
        """A capture that was kept."""
        if (client, digest) not in self._kept:
            raise NoCapture(f"There is no capture {digest[:12]!r} for this client.")
        return self._kept[client, digest]
