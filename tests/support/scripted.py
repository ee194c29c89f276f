"""A system whose days are what the test says, for tests of commands and of the ways in."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from domain.business_date import Window
from domain.forms import Filled
from domain.polling import Options
from domain.polling.source_day import SourceDay
from domain.ports.captures import Capture, Page
from domain.ports.source import DEFAULT_LIMITS, BadEndpoint, DayRequest, Fetched, Limits, SourceFailure
from domain.ports.systems import DRAFT, Company, Examination, Place, Profile
from domain.ports.vault import Vault
from domain.records import Record, canonical

ALL_OPTIONS: Final = frozenset(Options.__struct_fields__)

PROFILE: Final = Profile(
    kind="pos",
    summary="Days that a test says.",
    capabilities=frozenset({"polls", "sales", "labor", "deposits", "companies"}),
    form={
        "$schema": DRAFT,
        "type": "object",
        "properties": {
            "environment": {"type": "string", "title": "Address", "maxLength": 300},
            "key": {"type": "string", "writeOnly": True, "title": "Key", "maxLength": 100},
        },
        "required": ["environment", "key"],
        "additionalProperties": False,
    },
    hosts=("*",),
    identity="whatever the test says",
)
FILES_PROFILE: Final = Profile(kind="files", summary="Files that a test brings.", capabilities=frozenset({"pushes"}))


@dataclass
class StoppedClock:
    """A clock that stands still."""

    time: dt.datetime = dt.datetime(2026, 11, 2, tzinfo=dt.UTC)

    def now(self) -> dt.datetime:
        """The time at which it stands."""
        return self.time


COMPANIES: Final = (Company("ORG-1", "Pier Restaurants", (Place("V1", "Pier", "UTC", {"venue": "V1"}),)),)


class NotExamined:
    """What a source that a test plays has in the catalogue, where nobody tests its credentials."""

    @property
    def profile(self) -> Profile:
        """What it says of itself."""
        return PROFILE

    def examine(self, filled: Filled, limits: Limits = DEFAULT_LIMITS) -> Examination:
        """Nobody asks."""
        raise AssertionError((filled, limits))


@dataclass
class Scripted:
    """A system whose newest reading of a date is what the test said last; captures name the reading that they hold.

    Attributes:
        key: in the catalogue.
        pushes: it has no address and no key.
        location_ids: what it needs of each location.
        default_options: of a new connection.
        options: that it has.
        presets: by name.
        kinds: kinds of records that it names in every reading.
        profile: what it says of itself.
        companies: what credentials see that it examines.
        failure: why it does not accept them.
        requests: what was asked of it.
    """

    key: str = "scripted"
    title: str = "Scripted"
    pushes: bool = False
    location_ids: tuple[str, ...] = ("venue",)
    default_options: Mapping[str, Any] = field(default_factory=lambda: {"use_item_level_taxes": True})
    options: frozenset[str] = ALL_OPTIONS
    presets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    kinds: tuple[str, ...] = ("ticket", "punch", "deposit")
    profile: Profile = PROFILE
    companies: tuple[Company, ...] = COMPANIES
    failure: SourceFailure | None = None
    requests: list[DayRequest] = field(default_factory=list)
    _readings: list[tuple[Record, ...]] = field(default_factory=list)
    _days: dict[dt.date, int] = field(default_factory=dict)

    def says(self, date: dt.date, *records: Record) -> None:
        """From now on a reading of this date has just these records."""
        self._days[date] = len(self._readings)
        self._readings.append(records)

    def connect(self, environment: str, secret: str, vault: Vault, limits: Limits = DEFAULT_LIMITS) -> "Scripted":
        """Itself, where the address and the key can be used."""
        assert vault is not None
        assert limits is not None
        if self.pushes or not environment.startswith("http") or not secret:
            raise BadEndpoint("The address or the key cannot be used.")
        return self

    def examine(self, filled: Filled, limits: Limits = DEFAULT_LIMITS) -> Examination:
        """The companies, or the failure, whatever the credentials are."""
        assert limits is not None
        if not filled.environment.startswith("http"):
            raise BadEndpoint("The address cannot be used.")
        if self.failure is not None:
            raise self.failure
        return Examination(filled.environment.rstrip("/"), self.companies, 1)

    def holds(self, date: dt.date, source: Mapping[str, str]) -> Capture:
        """A capture of the newest reading of a date."""
        page = Page("day", 1, str(self._days[date]).encode())
        return Capture(self.key, 1, dict(source), (page,))

    def fetch(self, request: DayRequest) -> Fetched:
        """The newest reading of the day."""
        self.requests.append(request)
        return Fetched(self.holds(request.window.date, request.source), 1, 1, {"day": 1})

    def read(self, capture: Capture, window: Window) -> SourceDay:
        """What the reading has that a capture names."""
        named: dict[str, list[Record]] = {kind: [] for kind in self.kinds}
        for record in self._readings[int(capture.pages[0].data)]:
            named.setdefault(canonical(record)[0], []).append(record)
        around = frozenset(window.date + dt.timedelta(days=step) for step in (-1, 0, 1))
        return SourceDay(named, dates=around)

    def close(self) -> None:
        """Nothing to close."""


def import_files(**fields: Any) -> Scripted:
    """A system that brings its days itself, as import files do."""
    return Scripted(
        **{
            "key": "files",
            "title": "Import files",
            "pushes": True,
            "location_ids": (),
            "default_options": {},
            "profile": FILES_PROFILE,
            **fields,
        }
    )
