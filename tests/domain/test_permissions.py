"""Who may do what, as long as the role alone says so."""

import datetime as dt
from dataclasses import replace

import pytest

from domain.commands.intent import Intent
from domain.permissions import ROLES, Asked, NotPermitted, Permission, by_role
from domain.ports.house import House
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.fakes import MemoryJournal
from tests.support.scripted import StoppedClock

ASKED = Asked("cli:anna", "manager", Permission.APPROVE, "C1", "pier")


@pytest.fixture
def house() -> House:
    """A house of fakes."""
    return House(
        MemoryJournal(), MemoryCaptures(), MemoryVault(), StoppedClock(dt.datetime(2026, 11, 2, tzinfo=dt.UTC)), {}
    )


def test_managers_do_everything_but_touch_what_is_old() -> None:
    """All permissions but one are a manager's; support has all, an auditor none."""
    refused = {permission for permission in Permission if not by_role(replace(ASKED, permission=permission))}
    assert refused == {Permission.POLL_OLD}
    assert ROLES["support"] == frozenset(Permission)
    assert not ROLES["auditor"]


def test_who_may_not_is_told_which_permission_it_takes(house: House) -> None:
    """The refusal names role and permission."""
    with pytest.raises(NotPermitted, match=r"'auditor'.*'days\.approve'"):
        house.permit(Intent("cli:anna", role="auditor").asks(Permission.APPROVE, "C1", "pier"))


def test_the_hook_of_access_control_is_asked_who_and_where(house: House) -> None:
    """What a house is given instead of the rule by role decides, and sees actor, role, permission, client and place."""
    asked: list[Asked] = []

    def nobody(question: Asked) -> bool:
        asked.append(question)
        return False

    with pytest.raises(NotPermitted):
        replace(house, access=nobody).permit(ASKED)
    assert asked == [ASKED]
