"""A system of companies whose answers are what the test says, for tests of the life of connections."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from domain.commands.intent import Intent
from domain.facts import Company, Venue
from domain.forms import ENVIRONMENT, Filled
from domain.permissions import Role, rights_of
from domain.ports import systems
from domain.ports.house import House
from domain.ports.source import DEFAULT_LIMITS, Limits, SourceFailure
from domain.ports.systems import Examination, Kind, Place, Profile
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_people import FakePeople
from tests.support.fake_vault import MemoryVault
from tests.support.fakes import MemoryJournal
from tests.support.scripted import Scripted, StoppedClock, import_files

ADDRESS: Final = "https://books.example.com"
NORTH, SOUTH = Company("o-1", "North Inc."), Company("o-2", "South LLC")


def profile_of(kind: Kind, renewal_days: int | None = None) -> Profile:
    """What a system of a kind says of itself."""
    form = {
        "type": "object",
        "properties": {
            **{name: {"type": "string"} for name in ("environment", "entity", "other")},
            "e": {"type": "integer"},
            "books": {"type": "array", "items": {"type": "string"}, "title": "Books", "x-hint": "their numbers"},
            "password": {"type": "string", "writeOnly": True},
        },
    }
    return Profile(kind, "Books.", frozenset({"companies"}), form, ("*",), renewal_days=renewal_days)


@dataclass
class ScriptedErp(Scripted):
    """A system that can be asked who we are there.

    Attributes:
        profile: what it says of itself.
        shows: companies that each secret shows; a secret that is not here is refused.
        venues: that every secret shows.
        asked: what it was asked with: address, values and secret.
    """

    key: str = "erp"
    title: str = "Scripted ERP"
    location_ids: tuple[str, ...] = ()
    default_options: Mapping[str, Any] = field(default_factory=dict)
    profile: Profile = field(default_factory=lambda: profile_of("erp", 30))
    shows: dict[str, tuple[Company, ...]] = field(default_factory=dict)
    venues: tuple[Venue, ...] = ()
    asked: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)

    def examine(self, filled: Filled, limits: Limits = DEFAULT_LIMITS) -> Examination:
        """What the secret shows."""
        assert limits is not None
        values = {name: value for name, value in filled.plain.items() if name != ENVIRONMENT}
        self.asked.append((filled.environment, values, filled.secret))
        if filled.secret not in self.shows:
            raise SourceFailure("not-authorized", "The source does not know this key.")
        names = {company.organization: company.name for company in self.shows[filled.secret]}
        shown = {**names, **{venue.organization: names.get(venue.organization, "") for venue in self.venues}}
        companies = tuple(
            systems.Company(organization, name, tuple(self._places(organization)))
            for organization, name in shown.items()
        )
        return Examination(filled.environment, companies, 1)

    def _places(self, organization: str) -> Iterator[Place]:
        for venue in self.venues:
            if venue.organization == organization:
                yield Place(next(iter(venue.source.values())), venue.name, "", venue.source)


@dataclass
class Life:
    """A house of fakes: a system of companies, a point of sale that can be asked, one that cannot, and files."""

    erp: ScriptedErp = field(default_factory=lambda: ScriptedErp(shows={"s3cret": (NORTH, SOUTH)}))
    pos: ScriptedErp = field(
        default_factory=lambda: ScriptedErp(
            key="pos", profile=profile_of("pos"), location_ids=("venue",), shows={"s3cret": ()}
        )
    )
    people: FakePeople = field(default_factory=FakePeople)
    clock: StoppedClock = field(default_factory=lambda: StoppedClock(dt.datetime(2026, 11, 2, tzinfo=dt.UTC)))
    journal: MemoryJournal = field(default_factory=MemoryJournal)
    vault: MemoryVault = field(default_factory=MemoryVault)

    @property
    def house(self) -> House:
        """The ports."""
        systems = {
            "erp": self.erp,
            "pos": self.pos,
            "mute": Scripted(key="mute", companies=()),
            "files": import_files(),
        }
        return House(self.journal, MemoryCaptures(), self.vault, self.clock, systems, people=self.people)


def who(name: str, *roles: Role, reason: str = "a test", command: str = "", **rights: Any) -> Intent:
    """What somebody wants; without a role they are the operator."""
    given = rights_of(*(roles or ("operator",)), **rights)
    actor = f"user:{name}" if roles else f"cli:{name}"
    return Intent(actor, reason, rights=given, **({"command": command} if command else {}))
