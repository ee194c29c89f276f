"""Revenue centers as locations of their own: which part of a venue's tickets a location keeps, and what remains."""

import datetime as dt
from collections.abc import Iterable

from domain.polling.configuration import Options
from domain.polling.frame import Frame
from domain.records import Remainder, Ticket


class Shares:
    """Gathers what a location leaves out of its venue's day."""

    def __init__(self, options: Options, frame: Frame) -> None:
        self._centers = frozenset(options.use_revenue_centers)
        self._frame = frame

    def kept(self, ticket: Ticket, date: dt.date) -> Ticket | None:  # noqa: ARG002 - comes with the next step
        """The location's part of a ticket of a business day, or None where it has none."""
        return ticket

    def remainders(self) -> Iterable[Remainder]:
        """What the other centers have of the frame's day."""
        return ()
