"""Import files as daybook's catalogue knows them: a system that brings its days to us."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, NoReturn, cast

import msgspec

from adapters.files.assembling import read_day
from domain.business_date import Window
from domain.forms import Filled
from domain.polling.configuration import FOR_ALL_POS, OF_LABOR_RULES
from domain.polling.source_day import SourceDay
from domain.ports.captures import Capture
from domain.ports.source import DEFAULT_LIMITS, BadEndpoint, Limits, SourceFailure
from domain.ports.systems import Profile
from domain.ports.vault import Vault
from domain.records import Ticket
from domain.refusals import Refusal

SYSTEM_KEY: Final = "files"
CONTRACT: Final = 1
"""The version of the canonical rows."""

NOT_OF_FILES: Final = frozenset({"use_consolidate_api", "number_of_lookback_days"})
"""Options of every point of sale that mean nothing here: there is no interface to fetch archives from, and a row of
Deposits does not say when it was entered, only which day it is for."""


PROFILE: Final = Profile(
    kind="files",
    summary="Business days of any point of sale, as CSV files or workbooks of 18 kinds that people bring.",
    capabilities=frozenset(
        {"pushes", "sales", "labor", "deposits", "paid-in-out", "tills", "employees", "jobs", "reference"}
    ),
)


class FilesSystem:
    """Import files in the catalogue of systems."""

    key: Final = SYSTEM_KEY
    title: Final = "Import files"
    location_ids: Final[tuple[str, ...]] = ()
    profile: Final = PROFILE

    @property
    def default_options(self) -> Mapping[str, Any]:
        """No option is on: files say for the check what its taxes are, and nothing has to be made up for."""
        return {}

    @property
    def options(self) -> frozenset[str]:
        """The polling options of every point of sale but :data:`NOT_OF_FILES`, and daybook's own but looking back."""
        return frozenset((*FOR_ALL_POS, "punch_conflicts", *OF_LABOR_RULES)) - NOT_OF_FILES

    @property
    def presets(self) -> Mapping[str, Mapping[str, Any]]:
        """There are no kinds of locations."""
        return {}

    @property
    def pushes(self) -> bool:
        """Days come as files; there is nothing to poll."""
        return True

    def connect(self, environment: str, secret: str, vault: Vault, limits: Limits = DEFAULT_LIMITS) -> NoReturn:  # noqa: ARG002 - the port's
        """Refuse: there is nothing to connect to.

        Raises:
            BadEndpoint: always.
        """
        raise BadEndpoint(
            "Import files have nothing to connect to, so there is nothing to poll: bring the day with `daybook import`."
        )

    def examine(self, filled: Filled, limits: Limits = DEFAULT_LIMITS) -> NoReturn:  # noqa: ARG002 - the port's
        """Refuse: there are no credentials.

        Raises:
            BadEndpoint: always.
        """
        raise BadEndpoint("Import files have nothing to connect to, so there are no credentials to test.")

    def read(self, capture: Capture, window: Window) -> SourceDay:
        """What a capture says, in our words; see the port."""
        try:
            day = read_day(capture, window)
        except _UNREADABLE:
            raise _unreadable() from None
        if "ticket" not in day.records:
            return day
        tickets = _readable(cast("Iterator[Ticket]", day.records["ticket"]))
        return replace(day, records={**day.records, "ticket": tickets})


SYSTEM: Final = FilesSystem()

_UNREADABLE: Final = (ValueError, ArithmeticError, Refusal, msgspec.DecodeError)


def _readable(tickets: Iterator[Ticket]) -> Iterator[Ticket]:
    try:
        yield from tickets
    except _UNREADABLE:
        raise _unreadable() from None


def _unreadable() -> SourceFailure:
    message = "A row of the capture has an amount, a time or a name that cannot be read."
    return SourceFailure("malformed", message)
