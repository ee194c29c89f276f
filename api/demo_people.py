"""Ready-made people for the demonstration, each with a key of its own."""

from dataclasses import dataclass, field
from typing import Final

from api import people
from api.composition import OpenHouse
from domain.commands.add_user import AddUser
from domain.commands.intent import Intent
from domain.commands.issue_key import IssueKey
from domain.commands.revoke_key import RevokeKey
from domain.identifiers import PeopleId
from domain.permissions import EVERYTHING, Role

_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Somebody:
    """One of the demonstration's people.

    Attributes:
        login: who.
        name: what people call them.
        role: what they may do.
        locations: the only locations at which; None for all.
        key: their API key, shown this once.
    """

    login: str
    name: str
    role: Role
    locations: tuple[str, ...] | None = None
    key: str = field(default="", repr=False)


def people_of(location: str) -> tuple[Somebody, ...]:
    """Who there is: one of them works at a single location."""
    return (
        Somebody("admin", "Ada Admin", "full-access"),
        Somebody("sync", "Sam Sync", "pos-sync", (location,)),
        Somebody("auditor", "Audrey Auditor", "auditor"),
        Somebody("support", "Sigrid Support", "support"),
        Somebody("payroll", "Paul Payroll", "payroll"),
    )


def make_people(opened: OpenHouse, location: str) -> list[Somebody]:
    """Add whoever is not there yet, and give everybody a fresh key in place of the one of an earlier run."""
    named = PeopleId(opened.settings.client)
    known = opened.reception.recognizer.people.newest(named.client)
    found = []
    for one in people_of(location):
        if one.login not in known.users:
            people.add(opened, AddUser(named, one.login, [one.role], _intent(opened), one.name, one.locations))
        title = f"demonstration: {one.login}"
        for key in known.keys.values():
            if key.name == title and not key.revoked:
                people.do(opened, RevokeKey(named, key.key, _intent(opened)))
        given = people.issue(opened, IssueKey(named, title, [one.role], _DAYS, _intent(opened), one.locations))
        found.append(Somebody(one.login, one.name, one.role, one.locations, given.secret))
    return found


def _intent(opened: OpenHouse) -> Intent:
    return Intent(opened.settings.who, "demonstration", rights=EVERYTHING)
