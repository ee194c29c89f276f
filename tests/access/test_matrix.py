"""The permission matrix: every operation × every role × own location, another location, another client."""

from typing import Any

import httpx
import pytest

from api.http.permitting import Declaration, declarations
from api.http.problems import all_kinds
from domain.permissions import ROLES, Principal, Role
from tests.access.requests import SAMPLES, STALE, Sample, operations, parts, problem_type, send, told
from tests.access.town import HERE, MARK, THERE, Town, principal

OWN = frozenset({"alpha"})
NOT_THEIRS = ("beta", "gamma", "omega", "tray-two", "-other", "of other", "Beta", "Gamma", "Omega")
"""What stands nowhere in an answer to somebody who has the location alpha of the client main alone."""

REFUSED = {
    f"/problems/{code}"
    for code in (
        "not-permitted",
        "no-such-location",
        "not-connected",
        "nothing-recorded",
        "no-such-employee",
        "no-such-user",
        "no-such-key",
        "no-such-client",
        "no-such-import-job",
        "no-such-run",
        "unknown-system",
    )
}
"""What somebody is told who may not, or for whom it is not there."""

CHANGES = {name for name, sample in SAMPLES.items() if sample.whole or name in {"forgetEmployee", "holdEmployee"}}
"""What is asked with a version that nothing has, too: that is no other answer about what is not theirs."""

Cell = tuple[str, str, dict[str, Any], Declaration]


def cells(town: Town) -> list[Cell]:
    """Every operation with what it takes."""
    declared = declarations(town.app.routes)
    return [(method, path, operation, declared[method, path]) for method, path, operation in operations(town)]


def is_refused(answer: httpx.Response) -> bool:
    """It came to nothing for want of rights, or because it is not theirs."""
    return answer.status_code >= 400 and problem_type(answer) in REFUSED


def test_what_is_called_refused_is_a_problem() -> None:
    """Each of them is a type that the application answers."""
    assert {kind.type for kind in all_kinds()} >= REFUSED


def test_everything_is_asked(town: Town) -> None:
    """Every operation of the document has a cell, and each part of its address a value."""
    asked = cells(town)
    assert len(asked) == len(operations(town)) >= 100
    for method, path, operation, _ in asked:
        sample = SAMPLES.get(operation["operationId"], Sample())
        assert path.format(**parts(town, sample)), (method, path)


@pytest.mark.parametrize("role", ROLES)
def test_at_the_own_location_the_role_decides(town: Town, role: Role) -> None:
    """With the permission a request comes through to the command behind it, without it none does; nothing leaks."""
    who = principal(role, at=OWN)
    for method, path, operation, declared in cells(town):
        sample = SAMPLES.get(operation["operationId"], Sample())
        answer = send(town, who, method, path, operation, location="alpha", connection="tray")
        may = sample.takes in who.rights.permissions if sample.takes else declared.allows(who)
        if may and not sample.whole:
            assert not is_refused(answer), (method, path, answer.text)
        else:
            assert (answer.status_code, problem_type(answer)) == (403, "/problems/not-permitted"), (
                method,
                path,
                answer.text,
            )
        if may and sample.whole:
            everywhere = send(town, principal(role), method, path, operation, location="alpha", connection="tray")
            assert not is_refused(everywhere), (method, path, everywhere.text)
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
        sample = SAMPLES.get(operation["operationId"], Sample())
        for headers in [{}, STALE] if operation["operationId"] in CHANGES else [sample.headers]:
            foreign, absent = (
                send(town, who, method, path, operation, location=location, connection=connection, headers=headers)
                for location, connection in (("gamma", "tray-two"), ("xyzzy", "plugh"))
            )
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


@pytest.mark.parametrize("role", ["operator", "full-access", "payroll", "auditor"])
@pytest.mark.parametrize("headers", [{}, STALE], ids=["any", "stale"])
def test_ids_of_another_client_do_not_exist(town: Town, role: Role, headers: dict[str, str]) -> None:
    """Users, keys, employees and clients of others: the answer is the one to ids that nothing has, to the letter.

    A version that nothing has may be looked at first; it then says the same of both.
    """
    who = principal(role, client=THERE)
    head = town.opened.journal.head()
    nowhere = {
        "login": "nobody",
        "key": "0" * 16,
        "employee": "nobody",
        "client_id": "nowhere",
        "user": "alpha:nobody",
        "job": "none",
    }
    for method, path, operation, declared in cells(town):
        named = [name for name in nowhere if f"{{{name}}}" in path]
        for name in named:
            theirs = {one: {name: ids[name]} for one, ids in (("foreign", town.ids), ("absent", nowhere))}
            foreign, absent = (
                send(town, who, method, path, operation, location="alpha", connection="", headers=headers, **values)
                for values in theirs.values()
            )
            expected = {404, 412} if headers else {404}
            assert foreign.status_code in (expected if declared.allows(who) else {403}), (method, path, foreign.text)
            assert told(foreign, town.ids[name]) == told(absent, nowhere[name]), (method, path)
    assert town.opened.journal.head() == head


def test_nobody_comes_in(town: Town) -> None:
    """Whom nobody recognizes is told so by everything but what is public, before anything else is said."""
    head = town.opened.journal.head()
    for method, path, operation, declared in cells(town):
        answer = send(town, None, method, path, operation, location="alpha", connection="tray")
        if declared.word == "public":
            assert not [text for text in (*NOT_THEIRS, "alpha", "tray-") if text in answer.text], (method, path)
        else:
            assert (answer.status_code, problem_type(answer)) == (401, "/problems/not-signed-in"), (method, path)
    assert town.opened.journal.head() == head


def test_other_roles_come_together(town: Town) -> None:
    """Who has two roles may do what either gives, at the locations that they were given."""
    who: Principal = principal("auditor", "pos-sync", at=OWN)
    assert town.ask(who, "GET", "/v1/facts").status_code == 200
    assert town.ask(who, "POST", "/v1/days/alpha/2020-01-01/polls", json={"reason": "r"}).status_code == 403
    assert town.ask(who, "POST", "/v1/days/beta/2020-01-01/polls", json={"reason": "r"}).status_code == 404
