"""A system of companies whose answers are what the test says, for tests of the life of connections."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from domain.commands.intent import Intent
from domain.facts import Company, Venue
from domain.permissions import Role, rights_of
from domain.ports.examining import Examination
from domain.ports.house import House
from domain.ports.source import SourceFailure
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_people import FakePeople
from tests.support.fake_vault import MemoryVault
from tests.support.fakes import MemoryJournal
from tests.support.scripted import Scripted, StoppedClock, import_files

ADDRESS: Final = "https://books.example.com"
NORTH, SOUTH = Company("o-1", "North Inc."), Company("o-2", "South LLC")


@dataclass
class ScriptedErp(Scripted):
    """A system that can be asked who we are there.

    Attributes:
        kind: what it is to a restaurant.
        renewal_days: how long a grant is good; None: it does not end.
        form: what has to be filled in.
        companies: that each secret shows; a secret that is not here is refused.
        venues: that every secret shows.
        asked: what it was asked with: address, values and secret.
    """

    key: str = "erp"
    title: str = "Scripted ERP"
    location_ids: tuple[str, ...] = ()
    default_options: Mapping[str, Any] = field(default_factory=dict)
    kind: str = "erp"
    renewal_days: int | None = 30
    form: Mapping[str, Any] = field(
        default_factory=lambda: {"properties": {"entity": {}, "password": {"writeOnly": True}}}
    )
    companies: dict[str, tuple[Company, ...]] = field(default_factory=dict)
    venues: tuple[Venue, ...] = ()
    asked: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)

    def examine(self, environment: str, values: Mapping[str, Any], secret: str) -> Examination:
        """What the secret shows."""
        self.asked.append((environment, dict(values), secret))
        if secret not in self.companies:
            raise SourceFailure("not-authorized", "The source does not know this key.")
        return Examination(f"login-{secret}", self.companies[secret], self.venues)


@dataclass
class Life:
    """A house of fakes: a system of companies, a point of sale that can be asked, one that cannot, and files."""

    erp: ScriptedErp = field(default_factory=lambda: ScriptedErp(companies={"s3cret": (NORTH, SOUTH)}))
    pos: ScriptedErp = field(
        default_factory=lambda: ScriptedErp(
            key="pos", kind="pos", renewal_days=None, location_ids=("venue",), companies={"s3cret": ()}
        )
    )
    people: FakePeople = field(default_factory=FakePeople)
    clock: StoppedClock = field(default_factory=lambda: StoppedClock(dt.datetime(2026, 11, 2, tzinfo=dt.UTC)))
    journal: MemoryJournal = field(default_factory=MemoryJournal)
    vault: MemoryVault = field(default_factory=MemoryVault)

    @property
    def house(self) -> House:
        """The ports."""
        systems = {"erp": self.erp, "pos": self.pos, "mute": Scripted(key="mute"), "files": import_files()}
        return House(self.journal, MemoryCaptures(), self.vault, self.clock, systems, people=self.people)


def who(name: str, *roles: Role, reason: str = "a test", command: str = "", **rights: Any) -> Intent:
    """What somebody wants; without a role they are the operator."""
    given = rights_of(*(roles or ("operator",)), **rights)
    actor = f"user:{name}" if roles else f"cli:{name}"
    return Intent(actor, reason, rights=given, **({"command": command} if command else {}))
