"""What stands in for business days at systems that have none, such as those of accounting and of personnel."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Final

from domain.business_date import Window
from domain.polling.source_day import SourceDay
from domain.ports.captures import Capture
from domain.ports.source import DayRequest, Fetched, SourceFailure


class WithoutDays(ABC):
    """What a system is that is asked, and has no business days: nothing of it is polled, captured or optional."""

    default_options: Final[Mapping[str, Any]] = {}
    options: Final[frozenset[str]] = frozenset()
    presets: Final[Mapping[str, Mapping[str, Any]]] = {}
    pushes: Final = False

    @property
    @abstractmethod
    def title(self) -> str:
        """What people call the system."""

    def read(self, capture: Capture, window: Window) -> SourceDay:  # noqa: ARG002 - the port's
        """There are no captures of it.

        Raises:
            SourceFailure: always.
        """
        raise SourceFailure("malformed", f"{self.title} has no business days: a capture says nothing of {window.date}.")


class NothingToPoll:
    """What stands where a source would.

    Args:
        title: what people call the system.
    """

    def __init__(self, title: str) -> None:
        self._title = title

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._title})"

    def fetch(self, request: DayRequest) -> Fetched:
        """There is nothing to fetch.

        Raises:
            SourceFailure: always.
        """
        raise SourceFailure("bad-request", f"{self._title} has no business days: {request.location} is not polled.")

    def close(self) -> None:
        """There is nothing to give back."""
