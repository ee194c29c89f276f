"""What was translated ahead of time: translating is pure, so whoever did it before has done it for all."""

from typing import Protocol

from domain.polling import Options, Translation
from domain.polling.frame import Frame
from domain.ports.captures import Capture


class Ahead(Protocol):
    """Translations that were made before they were asked for; one that is not there costs nothing but time."""

    def take(self, capture: Capture, frame: Frame, options: Options) -> Translation | None:
        """The translation of just this capture in this frame under these options; None where nobody has it."""
        ...
