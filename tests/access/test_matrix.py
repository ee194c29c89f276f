"""The permission matrix: every operation × every role × own location, another location, another client."""

from typing import Any

import pytest

from api.http.permitting import Declaration, declarations
from domain.permissions import ROLES, Principal, Role
from tests.access.requests import operations, send, told
from tests.access.town import HERE, MARK, THERE, Town, principal

OWN = frozenset({"alpha"})
NOT_THEIRS = ("beta", "gamma", "omega", "tray-two", "-other", "of other", "Beta", "Gamma", "Omega")
"""What stands nowhere in an answer to somebody who has the location alpha of the client main alone."""

REFUSED = {f"/problems/{code}" for code in ("not-permitted", "no-such-location", "not-connected", "nothing-recorded")}

Cell = tuple[str, str, dict[str, Any], Declaration]


def cells(town: Town) -> list[Cell]:
    """Every operation with what it takes."""
    declared = declarations(town.app.routes)
    return [(method, path, operation, declared[method, path]) for method, path, operation in operations(town)]


@pytest.mark.parametrize("role", ROLES)
def test_at_the_own_location_the_role_decides(town: Town, role: Role) -> None:
    """With the permission a request comes through to the command behind it, without it none does; nothing leaks."""
    who = principal(role, at=OWN)
    for method, path, operation, declared in cells(town):
        answer = send(town, who, method, path, operation, location="alpha", connection="tray")
        if declared.allows(who):
            refused = answer.status_code >= 400 and answer.json()["type"] in REFUSED
            # A connection as a whole is more than one location.
            more = operation["operationId"] == "addLocations"
            assert not refused or more, (method, path, answer.text)
        else:
            assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-permitted"), (method, path)
        assert not [text for text in NOT_THEIRS if text in answer.text], (method, path, answer.text)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("client", "at"), [(HERE, OWN), (THERE, None), (HERE, frozenset[str]())])
def test_what_is_not_theirs_does_not_exist(town: Town, role: Role, client: str, at: frozenset[str] | None) -> None:
    """Another location, another client, no location at all: the answer is the one to what is nowhere, to the letter."""
    who = principal(role, at=at, client=client)
    head = town.opened.journal.head()
    for method, path, operation, declared in cells(town):
        if "{location}" not in path and "{connection}" not in path and operation["operationId"] != "importFiles":
            continue
        foreign = send(town, who, method, path, operation, location="gamma", connection="tray-two")
        absent = send(town, who, method, path, operation, location="xyzzy", connection="plugh")
        expected = 404 if declared.allows(who) else 403
        assert foreign.status_code == expected, (method, path, foreign.text)
        assert told(foreign, "gamma", "tray-two") == told(absent, "xyzzy", "plugh"), (method, path)
    assert town.opened.journal.head() == head


@pytest.mark.parametrize("role", ROLES)
def test_lists_of_another_client_are_its_own(town: Town, role: Role) -> None:
    """Whoever works with another client is shown nothing of this one, in no list and by no id."""
    who = principal(role, client=THERE)
    for method, path, operation, _ in cells(town):
        if method == "GET" and "{location}" not in path and "{connection}" not in path:
            answer = send(town, who, method, path, operation, location="", connection="")
            for text in (f"{MARK}-alpha-main", "beta", "gamma", "tray-two", "of main"):
                assert text not in answer.text, (path, answer.text)


def test_other_roles_come_together(town: Town) -> None:
    """Who has two roles may do what either gives, at the locations that they were given."""
    who: Principal = principal("auditor", "pos-sync", at=OWN)
    assert town.ask(who, "GET", "/v1/facts").status_code == 200
    assert town.ask(who, "POST", "/v1/days/alpha/2020-01-01/polls", json={"reason": "r"}).status_code == 403
    assert town.ask(who, "POST", "/v1/days/beta/2020-01-01/polls", json={"reason": "r"}).status_code == 404
