"""Commands about people: permitted, recorded once, decided again on a lost race."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from domain.commands.add_user import AddUser, add_user
from domain.commands.change_user import ChangeUser, change_user
from domain.commands.changing import CommandReused
from domain.commands.changing_people import PeopleChanged, change, id_of, load_people
from domain.commands.disable_user import DisableUser, EnableUser, disable_user, enable_user
from domain.commands.intent import Intent
from domain.commands.invite_user import InviteUser, invite_user
from domain.commands.issue_key import IssueKey, issue_key
from domain.commands.link_identity import LinkIdentity, link_identity
from domain.commands.recording import NotTheVersion
from domain.commands.revoke_key import RevokeKey, revoke_key
from domain.commands.set_password import SetPassword, set_password
from domain.facts import KeyIssued, UserAdded, UserInvited, fact_name
from domain.identifiers import PeopleId
from domain.permissions import EVERYTHING, NotPermitted, rights_of
from domain.ports.house import House
from domain.ports.journal import Recording, StreamMoved
from tests.support.facts import by
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.fakes import MemoryJournal
from tests.support.scripted import StoppedClock

NOW = dt.datetime(2026, 11, 2, tzinfo=dt.UTC)
ACME = PeopleId("acme")


@pytest.fixture
def house() -> House:
    """A house of fakes."""
    return House(MemoryJournal(), MemoryCaptures(), MemoryVault(), StoppedClock(NOW), {})


def asked(command: str = "", role: Any = "operator") -> Intent:
    """What somebody wants, by a role."""
    named = {"command": command} if command else {}
    return Intent("cli:anna", "needed", rights=rights_of(role), **named)


def told(changed: PeopleChanged) -> list[str]:
    """The names of the facts that came of it."""
    return [fact_name(fact) for fact in changed.facts]


def test_a_user_from_the_first_day_to_the_last(house: House) -> None:
    """Added, invited again, with a password, linked, changed, disabled with their key, enabled: each is recorded."""
    added = add_user(AddUser(ACME, "Berta", ["manager"], asked("c1")), house)
    assert told(added) == ["people.user-added", "people.user-invited"]
    invitation = id_of(asked("c1"), ACME, "invitation")
    assert added.people.users["berta"].invitation is not None
    assert added.people.users["berta"].invitation.id == invitation
    again = invite_user(InviteUser(ACME, "berta", asked("c2")), house)
    standing = again.people.users["berta"].invitation
    assert standing is not None
    assert standing.id != invitation
    berta = Intent("user:berta", "sign-in")
    assert told(set_password(SetPassword(ACME, "berta", "p1", berta, standing.id), house)) == ["people.password-set"]
    own = Intent("user:berta", "a new one")
    assert set_password(SetPassword(ACME, "berta", "p2", own), house).people.users["berta"].password == "p2"
    linked = link_identity(LinkIdentity(ACME, "berta", "https://id.example", "s", asked()), house)
    assert linked.people.linked == {("https://id.example", "s"): "berta"}
    back = link_identity(LinkIdentity(ACME, "berta", "https://id.example", "s", asked(), back=True), house)
    assert back.people.linked == {}
    version = back.people.users["berta"].version
    changed = change_user(ChangeUser(ACME, "berta", asked(), roles=["auditor"], expected_version=version), house)
    assert changed.people.users["berta"].roles == ("auditor",)
    mine = replace(asked(), actor="user:berta")
    key = issue_key(IssueKey(ACME, "mine", ["auditor"], 5, mine), house)
    (issued,) = key.facts
    assert isinstance(issued, KeyIssued)
    assert (issued.issued_by, issued.expires_at) == ("user:berta", NOW + dt.timedelta(days=5))
    gone = disable_user(DisableUser(ACME, "berta", asked(), with_keys=True), house)
    assert told(gone) == ["people.user-disabled", "people.key-revoked"]
    assert told(revoke_key(RevokeKey(ACME, issued.key, asked()), house)) == []
    assert told(enable_user(EnableUser(ACME, "berta", asked()), house)) == ["people.user-enabled"]
    assert load_people(house.journal, ACME).version == gone.people.version + 1


COMMANDS: dict[str, Callable[[Intent, House], PeopleChanged]] = {
    "add-user": lambda intent, house: add_user(AddUser(ACME, "carl", ["auditor"], intent), house),
    "change-user": lambda intent, house: change_user(ChangeUser(ACME, "berta", intent, name="B"), house),
    "disable-user": lambda intent, house: disable_user(DisableUser(ACME, "berta", intent), house),
    "enable-user": lambda intent, house: enable_user(EnableUser(ACME, "berta", intent), house),
    "invite-user": lambda intent, house: invite_user(InviteUser(ACME, "berta", intent), house),
    "link-identity": lambda intent, house: link_identity(LinkIdentity(ACME, "berta", "i", "s", intent), house),
    "issue-key": lambda intent, house: issue_key(IssueKey(ACME, "k", ["auditor"], 5, intent), house),
    "revoke-key": lambda intent, house: revoke_key(RevokeKey(ACME, "k", intent), house),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_only_who_manages_people_may(house: House, name: str) -> None:
    """Managers, auditors and all others without people.manage are refused, and nothing is recorded."""
    for role in ("manager", "pos-admin", "auditor", "support", "payroll"):
        with pytest.raises(NotPermitted, match=r"people\.manage"):
            COMMANDS[name](asked(role=role), house)
    assert house.journal.head() == 0


def test_once_for_each_command(house: House) -> None:
    """The same command again answers what was recorded, also later; its id for another one is refused."""
    first = issue_key(IssueKey(ACME, "k", ["auditor"], 5, asked("c1")), house)
    later = replace(house, clock=StoppedClock(NOW + dt.timedelta(hours=9)))
    again = issue_key(IssueKey(ACME, "k", ["auditor"], 5, asked("c1")), later)
    assert (again.again, again.facts, again.receipt) == (True, first.facts, first.receipt)
    others = (
        IssueKey(ACME, "other", ["auditor"], 5, asked("c1")),
        IssueKey(ACME, "k", ["auditor"], 6, asked("c1")),
        IssueKey(ACME, "k", ["auditor"], 5, replace(asked("c1"), reason="other")),
        IssueKey(ACME, "k", ["auditor"], 5, replace(asked("c1"), actor="cli:carl")),
        IssueKey(ACME, "k", ["auditor"], 500, asked("c1")),
    )
    for other in others:
        with pytest.raises(CommandReused):
            issue_key(other, house)
    with pytest.raises(CommandReused):
        add_user(AddUser(ACME, "carl", ["auditor"], asked("c1")), house)


def test_the_owner_is_the_first_and_only_once(house: House) -> None:
    """The first user is added where there is none; where there is one, nothing happens."""
    first = AddUser(ACME, "owner", ["full-access"], asked(), first=True)
    assert told(add_user(first, house)) == ["people.user-added", "people.user-invited"]
    assert add_user(replace(first, intent=asked()), house).receipt is None


def test_an_old_version_is_refused(house: House) -> None:
    """Who saw another version is told the one there is."""
    add_user(AddUser(ACME, "berta", ["manager"], asked()), house)
    with pytest.raises(NotTheVersion, match="at version 2, not 1"):
        disable_user(DisableUser(ACME, "berta", asked(), expected_version=1), house)


class Crowded(MemoryJournal):
    """A journal in which somebody else always comes first, so many times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.left = times

    def append(self, recordings: Any, provenance: Any) -> Any:
        """Somebody else adds a user first."""
        if self.left and provenance.command.startswith("c"):
            self.left -= 1
            version = recordings[0].expected_version
            other = Recording(ACME.stream, version, (UserInvited(f"u{version}", "i", NOW),))
            super().append([other], by())
        return super().append(recordings, provenance)


def test_a_lost_race_is_decided_again(house: House) -> None:
    """On the fresh state, and given up after twenty times."""
    crowded = replace(house, journal=Crowded(3))
    added = add_user(AddUser(ACME, "carl", ["auditor"], asked("c1")), crowded)
    assert added.people.version == 5
    with pytest.raises(StreamMoved):
        add_user(AddUser(ACME, "dora", ["auditor"], asked("c2")), replace(house, journal=Crowded(99)))


def test_two_clients_have_people_of_their_own(house: House) -> None:
    """The same login in two clients are two accounts."""
    for client in ("acme", "other"):
        add_user(AddUser(PeopleId(client), "berta", ["manager"], asked()), house)
    assert id_of(asked("c"), ACME, "key") != id_of(asked("c"), PeopleId("other"), "key")
    assert load_people(house.journal, ACME).version == 2
    changed = change(ACME, Intent("x", rights=EVERYTHING), house, lambda _: (UserAdded("x", "X", ()),))
    assert changed.people.version == 3
