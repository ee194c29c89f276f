"""Who may do what and where, by the roles that they were given."""

import datetime as dt
from dataclasses import replace

import pytest

from domain.commands.intent import Intent
from domain.permissions import EVERYTHING, ROLES, Asked, NotPermitted, Permission, by_rights, rights_of
from domain.ports.house import House
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.fakes import MemoryJournal
from tests.support.scripted import StoppedClock

ASKED = Asked("cli:anna", rights_of("manager"), Permission.APPROVE, "C1", "pier")


@pytest.fixture
def house() -> House:
    """A house of fakes."""
    return House(
        MemoryJournal(), MemoryCaptures(), MemoryVault(), StoppedClock(dt.datetime(2026, 11, 2, tzinfo=dt.UTC)), {}
    )


def test_managers_do_the_daily_work_at_every_location_and_nothing_to_connections_or_what_is_old() -> None:
    """What a restaurant needs every day; connections, accounts, people and old days are for others."""
    granted = {permission for permission in Permission if by_rights(replace(ASKED, permission=permission))}
    assert granted == ROLES["manager"]
    assert not granted & {Permission.POLL_OLD, Permission.CONNECT_POS, Permission.MAP_ACCOUNTS, Permission.REVEAL}


def test_only_support_touches_old_days_and_only_payroll_opens_personal_data() -> None:
    """Full access does neither (only the operator could), but may have somebody's data destroyed without seeing it."""
    assert [role for role, granted in ROLES.items() if Permission.POLL_OLD in granted] == ["support", "operator"]
    assert [role for role, granted in ROLES.items() if Permission.REVEAL in granted] == ["payroll", "operator"]
    assert [role for role, granted in ROLES.items() if Permission.ERASE in granted] == [
        "full-access",
        "payroll",
        "operator",
    ]


def test_auditors_read_and_change_nothing() -> None:
    """All of an auditor's permissions are to read."""
    assert {permission.value.partition(".")[2] for permission in ROLES["auditor"]} == {"read"}


def test_roles_add_up_and_locations_bound_them() -> None:
    """Two roles give what either gives; at other locations than one's own there is nothing, for any role."""
    rights = rights_of("pos-sync", "payroll", locations=frozenset({"pier"}))
    assert rights.permissions == ROLES["pos-sync"] | ROLES["payroll"]
    assert rights.cover(Permission.POLL, "pier")
    assert rights.cover(Permission.REVEAL)
    assert not rights.cover(Permission.POLL, "harbor")
    assert not rights.cover(Permission.DELETE, "pier")
    assert EVERYTHING.cover(Permission.POLL_OLD, "harbor")


def test_who_may_not_there_is_told_where(house: House) -> None:
    """Somebody who has the permission elsewhere reads which location it is about."""
    rights = rights_of("pos-sync", locations=frozenset({"pier"}))
    with pytest.raises(NotPermitted, match=r"'days\.poll' at the location 'harbor'.*'pos-sync'"):
        house.permit(Intent("cli:anna", rights=rights).asks(Permission.POLL, "C1", "harbor"))


def test_who_may_not_is_told_which_permission_it_takes(house: House) -> None:
    """The refusal names role and permission."""
    with pytest.raises(NotPermitted, match=r"'days\.approve'.*'auditor'"):
        house.permit(Intent("cli:anna", rights=rights_of("auditor")).asks(Permission.APPROVE, "C1", "pier"))


def test_the_hook_of_access_control_is_asked_who_and_where(house: House) -> None:
    """What a house is given instead of the rule by role decides, and sees actor, role, permission, client and place."""
    asked: list[Asked] = []

    def nobody(question: Asked) -> bool:
        asked.append(question)
        return False

    with pytest.raises(NotPermitted):
        replace(house, access=nobody).permit(ASKED)
    assert asked == [ASKED]
