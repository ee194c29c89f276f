"""Every route and every command says what it takes: the application does not start without, and the docs tell it."""

from pathlib import Path

import pytest
import typer
from fastapi import APIRouter, FastAPI

from api.cli import app as command_line
from api.cli.permitting import COMMANDS, UndeclaredCommand, check_running, declare
from api.http import application, create_app
from api.http.door import is_public
from api.http.matrix import main, permission_matrix
from api.http.permitting import PUBLIC, UndeclaredRoute, declarations, takes
from domain.permissions import NotPermitted, Permission, rights_of
from tests.access.requests import operations
from tests.access.town import Town

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "PERMISSIONS.md"


def nothing() -> None:
    """What a route does here."""


@pytest.mark.parametrize("dependencies", [[], [PUBLIC, takes(Permission.READ)]])
def test_a_route_that_does_not_declare_once_stops_the_start(
    town: Town, monkeypatch: pytest.MonkeyPatch, dependencies: list[object]
) -> None:
    """Not at all, or twice: the error names the method and the address."""
    router = APIRouter(prefix="/v1")
    router.add_api_route("/secrets", nothing, methods=["DELETE"], dependencies=dependencies)  # type: ignore[arg-type]
    monkeypatch.setattr(application, "ROUTERS", (*application.ROUTERS, router))
    with pytest.raises(UndeclaredRoute, match="DELETE /v1/secrets"):
        create_app(town.opened)


def test_what_is_no_route_of_ours_stops_the_start() -> None:
    """Something mounted, or a socket, is asked for nothing by this mechanism: so there is none."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.mount("/elsewhere", FastAPI())
    with pytest.raises(UndeclaredRoute, match="/elsewhere"):
        declarations(app.routes)


def test_the_document_says_what_each_operation_takes(town: Town) -> None:
    """As `x-permission`, in the description, and by the answers that it can lead to."""
    for method, path, operation in operations(town):
        names = operation["x-permission"]
        assert names in (["public"], ["signed-in"]) or set(names) <= {one.value for one in Permission}
        statuses = set(operation["responses"])
        if names == ["public"]:
            assert (method, path) in WAYS_IN or not {"401", "403"} & statuses
            continue
        assert "401" in statuses
        if names != ["signed-in"]:
            assert "403" in statuses
            assert all(f"`{name}`" in operation["description"] for name in names)
        if "{location}" in path or "{connection}" in path:
            assert "404" in statuses


SERVICE = {"/healthz", "/readyz", "/problems", "/problems/{code}", "/openapi.json", "/docs", "/"}
WAYS_IN = {
    ("POST", "/v1/sessions"),
    ("POST", "/v1/passwords"),
    ("GET", "/v1/oidc/sign-in"),
    ("GET", "/v1/oidc/callback"),
}
"""Where somebody who is not recognized yet proves who they are."""


def test_only_the_service_itself_and_the_ways_in_are_public(town: Town) -> None:
    """Health, readiness, problems and the reference, and signing in: nothing of any client."""
    declared = declarations(town.app.routes)
    public = {(method, path) for (method, path), one in declared.items() if one.word == "public"}
    assert {path for method, path in public - WAYS_IN if method in {"GET", "HEAD"}} == SERVICE
    assert {one for one in public if one[1] not in SERVICE} == WAYS_IN
    assert all(method in {"GET", "HEAD"} for method, path in public if path in SERVICE)


FOR_EVERYBODY = {"set-password"}
"""What it takes is the one-time secret."""


def test_the_door_lets_in_unasked_exactly_what_is_declared_public(town: Town) -> None:
    """The door decides by the address, before there is a route; it and the declarations say the same of every route."""
    for (method, path), declared in declarations(town.app.routes).items():
        assert is_public(method, path) == (declared.word == "public"), (method, path)


def test_every_command_declares() -> None:
    """The table has every command, those in groups included, and no other."""
    found: list[str] = []

    def walk(group: object, within: str) -> None:
        for name, command in getattr(group, "commands", {}).items():
            if hasattr(command, "commands"):
                walk(command, f"{within}{name} ")
            else:
                found.append(f"{within}{name}")

    walk(typer.main.get_command(command_line), "")
    assert sorted(found) == sorted(COMMANDS)
    assert {name for name, permissions in COMMANDS.items() if not permissions} == FOR_EVERYBODY


def test_a_command_that_does_not_declare_stops_the_start() -> None:
    """The command line is not made with it."""
    app, group = typer.Typer(), typer.Typer()
    group.command("secretly")(nothing)
    app.add_typer(group, name="simulate")
    with pytest.raises(UndeclaredCommand, match="daybook simulate secretly"):
        declare(app)


@pytest.mark.parametrize(
    ("role", "permissions", "may"),
    [
        ("auditor", (Permission.READ,), True),
        ("auditor", (Permission.POLL,), False),
        ("auditor", (Permission.POLL, Permission.READ), True),
        ("auditor", (Permission.OPERATE,), True),
        ("auditor", (), True),
    ],
)
def test_a_command_is_begun_with_what_it_takes(role: str, permissions: tuple[Permission, ...], may: bool) -> None:
    """One of its permissions is enough; who looks after the installation has the files already."""
    app = typer.Typer()
    begun: list[bool] = []

    def command() -> None:
        try:
            check_running(rights_of(role))  # type: ignore[arg-type]
        except NotPermitted:
            begun.append(False)
        else:
            begun.append(True)

    if permissions:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("api.cli.permitting.COMMANDS", {"it": permissions})
            app.command("it")(command)
            declare(app)
        assert app.registered_commands[0].callback is not None
        app.registered_commands[0].callback()
    else:
        command()
    assert begun == [may]


def test_the_matrix_in_the_documentation_is_that_of_the_code(capsys: pytest.CaptureFixture[str]) -> None:
    """Write it again with `python -m api.http.matrix > docs/PERMISSIONS.md`."""
    assert DOCUMENT.read_text() == permission_matrix()
    written: list[str] = []
    main(written.append)
    assert written == [permission_matrix()]
